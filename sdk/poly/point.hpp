// Point: where a multilinear polynomial is evaluated, and the one convention everything here shares.
//
// The first coordinate belongs to the most significant bit of the table index. Worked case: over two
// variables the point (1, 0) is table entry 2. Sumchecks that bind the low variable first hand out
// their challenges in the opposite order; who calls this module has reversed them already.
#pragma once

#include <span>

#include "field/bn254.hpp"

namespace mote::poly
{
using field::Fr;

/// Coordinates of an evaluation point, most significant index bit first.
using Point = std::span<const Fr>;
}  // namespace mote::poly
