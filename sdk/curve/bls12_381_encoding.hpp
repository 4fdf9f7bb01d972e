// Canonical encodings of the points of BLS12-381, the compressed form that ZCash introduced.
//
//   G1   48 bytes: x big-endian        G2   96 bytes: x.c1, x.c0 big-endian
//
//   flags  the top three bits of the first byte: 0x80 compressed (always set here), 0x40 infinity (then
//          everything else is 0), 0x20 y is the larger of {y, -y}. On Fq2 "larger" compares c1 first.
//
// Each element has exactly one encoding that decodes. Worked case: infinity of G1 is c0 00 .. 00.
//
// Source  [BLS-SIG] appendix C; the serialisation of Ethereum's keys and signatures.
#pragma once

#include "base/bytes.hpp"
#include "base/status.hpp"
#include "curve/bls12_381.hpp"

namespace mote::curve::bls12_381
{
inline constexpr std::size_t g1_bytes = 48;
inline constexpr std::size_t g2_bytes = 96;

/// Decodes an element of G1, subgroup test included. `out` is untouched unless it is one.
///
/// Errors  the reason, or Reason::none: illegal_point_flags, infinity_with_coordinate,
///         field_not_canonical, not_on_curve, not_in_subgroup.
/// Cost    one square root (about 480 multiplications) and the test (about 1,700).
[[nodiscard]] Reason decode_g1(std::span<const std::uint8_t, g1_bytes> bytes, G1& out) noexcept;

/// Decodes an element of G2, the same in every other respect.
///
/// Cost    two exponentiations in Fq and the test.
[[nodiscard]] Reason decode_g2(std::span<const std::uint8_t, g2_bytes> bytes, G2& out) noexcept;

/// Decodes points of the curves, without the subgroup test (see in_subgroup).
[[nodiscard]] Reason decode_g1_on_curve(std::span<const std::uint8_t, g1_bytes> bytes,
                                        G1& out) noexcept;
[[nodiscard]] Reason decode_g2_on_curve(std::span<const std::uint8_t, g2_bytes> bytes,
                                        G2& out) noexcept;

void encode(const G1& p, std::span<std::uint8_t, g1_bytes> out) noexcept;
void encode(const G2& p, std::span<std::uint8_t, g2_bytes> out) noexcept;
}  // namespace mote::curve::bls12_381
