// Locator: what each row has to be multiplied with when some are missing.
//
// Let D be the smallest power of two of points that covers the code, and E the missing ones among
// them. With the polynomial  l(x) = product of (x - e), e in E,  the product f l has a degree below
// |D| as long as |D| - |E| >= K, and is known everywhere: zero on E, f l elsewhere. At a missing
// point its derivative is f l', so f comes back with a division.
//
// The values of l and l' are sums of logarithms over E: a convolution over XOR, since the points are
// a linear image of their numbers, and so a Walsh-Hadamard transform.
//
// Source  [LCH] section IV; [SVID] section 11.
#pragma once

#include "base/arena.hpp"
#include "base/bytes.hpp"
#include "field/gf65536.hpp"

namespace mote::coding
{
/// Points of the smallest domain that covers K + p points.
[[nodiscard]] std::uint32_t domain_points(std::uint32_t code_rows,
                                          std::uint32_t parity_rows) noexcept;

/// Fills `factors`: l(omega(i)) where `missing[i]` is 0, and 1 / l'(omega(i)) where it is not.
///
/// Shape   missing, factors: 2^log_points entries.
/// Errors  false if `arena` has less than 256 KiB + 8 bytes a point.
/// Cost    three Walsh-Hadamard transforms and a table of logarithms.
[[nodiscard]] bool locate(const std::uint8_t* missing, unsigned log_points, field::Gf65536* factors,
                          Arena& arena) noexcept;
}  // namespace mote::coding
