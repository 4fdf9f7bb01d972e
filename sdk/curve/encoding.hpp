// Canonical encodings of group elements, the "compressed" form of arkworks.
//
//   G1   32 bytes: x little-endian; the top two bits of the last byte are flags
//   G2   64 bytes: x.c0, x.c1 little-endian; flags in the last byte
//   GT  384 bytes: twelve Fq little-endian, c0.c0.c0, c0.c0.c1, c0.c1.c0, ... c1.c2.c1
//
//   flags  0x80 y is the larger of {y, -y}, 0x40 infinity (then x must be 0), 0xc0 illegal.
//          On Fq2 "larger" compares c1 first.
//
// Each element has exactly one encoding that decodes. Worked case: the generator of G1 is
// 01 00 .. 00 (its y = 2 is the smaller root).
//
// Source  ark-serialize as used by [JOLT] and [DORY]; docs/formats/jolt-bundle.md.
#pragma once

#include "base/bytes.hpp"
#include "base/status.hpp"
#include "curve/bn254.hpp"

namespace mote::curve
{
inline constexpr std::size_t g1_bytes = 32;
inline constexpr std::size_t g2_bytes = 64;
inline constexpr std::size_t gt_bytes = 384;

/// Decodes a point of G1. On the curve is in the group: the order is prime.
///
/// Errors  the reason, or Reason::none: field_not_canonical, illegal_point_flags,
///         infinity_with_coordinate, not_on_curve.
/// Cost    one square root (about 310 multiplications).
[[nodiscard]] Reason decode_g1(const std::uint8_t* p, G1& out) noexcept;

/// Decodes a point of the twist, without the subgroup test (see in_subgroup).
[[nodiscard]] Reason decode_g2_on_curve(const std::uint8_t* p, G2& out) noexcept;

/// Decodes twelve canonical coordinates, without any group test (see gt.hpp).
[[nodiscard]] Reason decode_fq12(const std::uint8_t* p, Fq12& out) noexcept;

void encode(const G1& p, std::uint8_t* out) noexcept;
void encode(const G2& p, std::uint8_t* out) noexcept;
void encode(const Fq12& x, std::uint8_t* out) noexcept;
}  // namespace mote::curve
