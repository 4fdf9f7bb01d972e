// Hash to G2 of BLS12-381: the suites
//
//   BLS12381G2_XMD:SHA-256_SSWU_RO_   hash_to_g2      BLS12381G2_XMD:SHA-256_SSWU_NU_   encode_to_g2
//
// of [RFC9380]: expand_message_xmd (curve/hash_to_curve.hpp), the simplified SWU map onto a curve that is
// 3-isogenous to the twist, the isogeny, and clear_cofactor().
//
// Worked case: hash_to_g2("", "QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_") has
// x.c0 = 0x0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a.
//
// Messages and tags are public; nothing here runs in constant time.
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "curve/bls12_381.hpp"

namespace mote::curve::bls12_381
{
/// Hashes a message to a point of G2, indifferentiable from a random oracle.
///
/// Shape   message: any length; dst: at least one byte (asserted), above 255 bytes its hash is used.
/// Cost    six exponentiations in Fq and two multiplications by the 64-bit |x|.
/// Source  [RFC9380] section 3, hash_to_curve.
[[nodiscard]] G2 hash_to_g2(Bytes message, Bytes dst) noexcept;

/// Maps a message to a point of G2 by half the map's work; not uniformly.
///
/// Source  [RFC9380] section 3, encode_to_curve.
[[nodiscard]] G2 encode_to_g2(Bytes message, Bytes dst) noexcept;

/// Hashes a message to field elements, at most two.
///
/// Source  [RFC9380] section 5.2 with L = 64: ceil((381 + 128) / 8).
void hash_to_field(Bytes message, Bytes dst, std::span<Fq2> out) noexcept;

/// Maps one or two field elements to the twist, in general outside G2, and adds the results.
///
/// Shape   u: one or two elements (asserted).
/// Source  [RFC9380] section 6.6.3 with Z = -(2 + i); appendix E.3 for the isogeny.
[[nodiscard]] G2Jacobian map_to_curve(std::span<const Fq2> u) noexcept;
}  // namespace mote::curve::bls12_381
