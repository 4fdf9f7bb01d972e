// Multiples of points of BLS12-381: of the generator and of points in G2 by secret scalars, and sums of
// many public points.
#pragma once

#include "base/arena.hpp"
#include "base/status.hpp"
#include "curve/bls12_381.hpp"

namespace mote::curve::bls12_381
{
/// [scalar] of the generator of G1.
///
/// Shape   scalar: below 2^256.
/// Cost    256 doublings, 64 additions; about 3,000 multiplications.
/// Timing  independent of the scalar.
[[nodiscard]] G1 multiply_generator_secret(const field::Limbs<4>& scalar) noexcept;

/// [scalar] q, for q in G2 and not infinity.
///
/// Shape   scalar: below r.
/// Cost    64 doublings, 71 additions in Fq2, most of them in affine and Jacobian coordinates.
/// Timing  independent of the scalar; q is public.
/// Source  [GLS]: psi is multiplication by x, so the digits of the scalar to the base |x| go with q,
///         -psi(q), psi^2(q), -psi^3(q). [FHLS]: the first digit with signs and no zeros, the others with its
///         signs, so that one table of 8 sums serves.
[[nodiscard]] G2 multiply_secret(const G2& q, const field::Limbs<4>& scalar) noexcept;

/// Scratch bytes that sum() takes, however many points there are.
[[nodiscard]] std::size_t sum_scratch_bytes() noexcept;

/// out = sum_i weights[i] * points[i], for points of the curve; any may be infinity or repeated.
///
/// Shape   weights: as many as points; nullptr stands for all ones.
/// Errors  memory_too_small if the arena has less than the scratch bytes.
/// Memory  given back before returning.
/// Cost    about 6 multiplications for each point with weight 1, and an inversion for 256 of them; the
///         binary digits of larger weights cost the same again each.
/// Timing  variable; everything is public.
[[nodiscard]] Status sum(const G1* points, const std::uint16_t* weights, std::size_t count,
                         Arena& arena, G1& out) noexcept;
}  // namespace mote::curve::bls12_381
