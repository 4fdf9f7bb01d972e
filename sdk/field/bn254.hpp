// The BN254 fields as the rest of the core names them, with the backend this build was made for.
#pragma once

#include "field/bn254_params.hpp"
#include "field/prime_field.hpp"

namespace mote::field
{
// The backend is named directly: an alias template would be a different template argument.
#ifdef MOTE_FIELD_SATURATED
/// Base field of BN254, coordinates of curve points.
using Fq = PrimeField<Bn254Fq, Saturated>;
/// Scalar field of BN254, where the polynomials of a Jolt proof live.
using Fr = PrimeField<Bn254Fr, Saturated>;
#else
using Fq = PrimeField<Bn254Fq, Unsaturated>;
using Fr = PrimeField<Bn254Fr, Unsaturated>;
#endif

// A build for size compiles most code small, but not the arithmetic: the linker would take any one of
// the copies of its functions for all callers, so the small ones are not made. bn254.cpp has the fast.
#ifdef __OPTIMIZE_SIZE__
#define MOTE_FIELD_EXTERN extern
#include "field/bn254_instances.inc"
#undef MOTE_FIELD_EXTERN
#endif
}  // namespace mote::field
