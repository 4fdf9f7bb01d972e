// Comparisons as multilinear polynomials: the order of two indices, and of an index and a constant.
//
// They say "written before this cycle" and "inside this range of memory". Worked case: over one
// variable less_than((x), (r)) = (1 - x) r, which is 1 for x = 0, r = 1 and 0 at the other corners.
#pragma once

#include <cstdint>

#include "poly/point.hpp"

namespace mote::poly
{
/// Evaluates the extension of "x < r".
///
/// Shape   x, r: n coordinates each; 0 for n = 0.
/// Cost    2n multiplications.
/// Source  [JOLT] crates/jolt-poly/src/lt.rs.
[[nodiscard]] Fr less_than(Point x, Point r) noexcept;

/// Evaluates the extension in r of "index < bound".
///
/// Shape   r: n coordinates, n <= 64; any bound (1 when bound >= 2^n).
/// Cost    n multiplications.
[[nodiscard]] Fr less_than_constant(std::uint64_t bound, Point r) noexcept;
}  // namespace mote::poly
