// The BLS12-381 fields, with the backend this build was made for. In a namespace of their own, where
// they are called what everybody calls them.
#pragma once

#include "field/bls12_381_params.hpp"
#include "field/prime_field.hpp"

namespace mote::field::bls12_381
{
#ifdef MOTE_FIELD_SATURATED
/// Base field, coordinates of curve points.
using Fq = PrimeField<Bls12_381Fq, Saturated>;
/// Scalar field, where secret keys live.
using Fr = PrimeField<Bls12_381Fr, Saturated>;
#else
using Fq = PrimeField<Bls12_381Fq, Unsaturated>;
using Fr = PrimeField<Bls12_381Fr, Unsaturated>;
#endif
}  // namespace mote::field::bls12_381

// As in bn254.hpp: a build for size calls the fast copy in bls12_381.cpp.
#ifdef __OPTIMIZE_SIZE__
namespace mote::field
{
#define MOTE_FIELD_EXTERN extern
#include "field/bls12_381_instances.inc"
#undef MOTE_FIELD_EXTERN
}  // namespace mote::field
#endif
