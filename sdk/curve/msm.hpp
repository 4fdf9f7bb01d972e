// Multi-scalar multiplication sum_i e_i P_i in G1 and G2.
//
// Scalars are decomposed by the curve's endomorphisms, recoded to width-w non-adjacent form and
// processed together (Straus): one run of doublings of 128 or 65 steps for all points. Every special
// case is handled, since an adversary chooses the points.
#pragma once

#include "base/arena.hpp"
#include "base/status.hpp"
#include "curve/bn254.hpp"

namespace mote::curve
{
/// Scratch bytes that multiply() takes for `count` points.
[[nodiscard]] std::size_t g1_msm_scratch_bytes(std::size_t count) noexcept;
[[nodiscard]] std::size_t g2_msm_scratch_bytes(std::size_t count) noexcept;

/// out = sum_i scalars[i] * points[i].
///
/// Errors  memory_too_small if the arena has less than the scratch bytes.
/// Memory  given back before returning.
/// Timing  variable; scalars are public.
[[nodiscard]] Status multiply(const G1* points, const Fr* scalars, std::size_t count, Arena& arena,
                              G1Jacobian& out) noexcept;
/// The same in G2; the points must be in the subgroup.
[[nodiscard]] Status multiply(const G2* points, const Fr* scalars, std::size_t count, Arena& arena,
                              G2Jacobian& out) noexcept;
}  // namespace mote::curve
