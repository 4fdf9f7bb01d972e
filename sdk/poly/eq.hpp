// The equality polynomial and its relatives: "is this index that index", extended to field elements.
//
// Nearly every claim of a proof is an inner product of a table with an eq table, so these few
// functions carry most relations. All are multilinear in every coordinate. Worked case: over the
// point (2, 3) the table is (1-2)(1-3), (1-2)*3, 2*(1-3), 2*3 = 2, -3, -4, 6.
#pragma once

#include <cstdint>

#include "poly/point.hpp"

namespace mote::poly
{
/// Evaluates prod_i (a_i b_i + (1 - a_i)(1 - b_i)).
///
/// Shape   a, b: n coordinates each; 1 for n = 0. Unequal lengths are the caller's bug.
/// Cost    2n multiplications.
/// Source  [JOLT] crates/jolt-poly/src/eq.rs.
[[nodiscard]] Fr eq(Point a, Point b) noexcept;

/// Evaluates eq(bits of index, r): entry `index` of eq_table(r).
///
/// Shape   index: below 2^n for n coordinates of r.
/// Cost    n multiplications.
[[nodiscard]] Fr eq_index(Point r, std::uint64_t index) noexcept;

/// Writes eq(bits of j, r) for all j < 2^n.
///
/// Memory  out: 2^n elements; must not overlap r.
/// Cost    2^n - 1 multiplications.
void eq_table(Point r, Fr* out) noexcept;

/// Evaluates the extension of "y = x + 1". The largest x has no successor: no wrap-around.
///
/// Shape   x, y: n coordinates each; 0 for n = 0.
/// Cost    4n multiplications: one pass from the low end that carries "all x so far 1 and all y 0"
///         and "successor so far".
/// Source  [JOLT] crates/jolt-poly/src/eq_plus_one.rs (there quadratic in n).
[[nodiscard]] Fr eq_plus_one(Point x, Point y) noexcept;

/// Evaluates the extension in y of j -> eq_index(a, (shift + j) mod 2^n).
///
/// This is how a table that starts at word `shift` of a larger one is compared with it.
///
/// Shape   a: n coordinates; y: m <= n coordinates. Bits of shift from 2^n up are ignored.
/// Cost    5n multiplications.
/// Source  [JOLT] crates/jolt-claims/src/protocols/jolt/geometry/claim_reductions/program_image.rs.
[[nodiscard]] Fr shifted_eq(Point a, std::uint64_t shift, Point y) noexcept;
}  // namespace mote::poly
