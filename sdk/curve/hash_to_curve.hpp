// Hash to curve: points of G1 and G2 whose discrete logarithms nobody knows.
//
// Generators made this way from a fixed string have nothing up their sleeve. The suites are
//
//   BN254G1_XMD:SHA-256_SVDW_RO_   hash_to_g1      BN254G1_XMD:SHA-256_SVDW_NU_   encode_to_g1
//   BN254G2_XMD:SHA-256_SVDW_RO_   hash_to_g2      BN254G2_XMD:SHA-256_SVDW_NU_   encode_to_g2
//
// built as [RFC9380] prescribes, which has no suite for BN254 itself: expand_message_xmd with SHA-256,
// 48 bytes for each field coordinate, the Shallue-van de Woestijne map with Z = 1 on both curves.
// G1 needs no clearing of a cofactor; on the twist see clear_cofactor(). "hash" adds two mapped
// points and behaves like a random oracle; "encode" maps one and hits about 9/16 of the points.
//
// Worked case: hash_to_g1("", "QUUX-V01-CS02-with-BN254G1_XMD:SHA-256_SVDW_RO_") has
// x = 0x0a976ab906170db1f9638d376514dbf8c42aef256a54bbd48521f20749e59e86.
//
// A domain separation tag (dst) must not be empty: two uses of one hash need two tags. Messages and
// tags are public; nothing here runs in constant time.
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "curve/bn254.hpp"

namespace mote::curve
{
/// Hashes a message to a point of G1, indifferentiable from a random oracle.
///
/// Shape   message: any length; dst: at least one byte (asserted), above 255 bytes its hash is used.
/// Cost    two maps of up to three square roots each.
/// Source  [RFC9380] section 3, hash_to_curve.
[[nodiscard]] G1 hash_to_g1(Bytes message, Bytes dst) noexcept;

/// Hashes a message to a point of G2; the same in every other respect.
[[nodiscard]] G2 hash_to_g2(Bytes message, Bytes dst) noexcept;

/// Maps a message to a point of G1 by half the work of hash_to_g1(); not uniformly.
///
/// Source  [RFC9380] section 3, encode_to_curve.
[[nodiscard]] G1 encode_to_g1(Bytes message, Bytes dst) noexcept;

/// The same in G2.
[[nodiscard]] G2 encode_to_g2(Bytes message, Bytes dst) noexcept;

/// Expands a message to out.size() bytes that look uniform.
///
/// Shape   out: at most expand_bytes_max (asserted); dst as above.
/// Source  [RFC9380] section 5.3.1 with SHA-256, section 5.3.3 for long tags.
void expand_message_xmd(Bytes message, Bytes dst, MutableBytes out) noexcept;
inline constexpr std::size_t expand_bytes_max = std::size_t{255} * 32;

/// Hashes a message to field elements, at most two.
///
/// Source  [RFC9380] section 5.2 with L = 48: ceil((254 + 128) / 8).
void hash_to_field(Bytes message, Bytes dst, std::span<Fq> out) noexcept;
void hash_to_field(Bytes message, Bytes dst, std::span<Fq2> out) noexcept;

/// Maps a field element to the curve of G1. Never infinity.
///
/// Source  [RFC9380] section 6.6.1 with Z = 1.
[[nodiscard]] G1 map_to_curve(const Fq& u) noexcept;
/// Maps a field element to the twist, in general outside G2.
[[nodiscard]] G2 map_to_curve(const Fq2& u) noexcept;

/// Sends a point of the twist into G2, as [u] Q + psi([3u] Q) + psi^2([u] Q) + psi^3(Q).
///
/// This is multiplication by the cofactor times a constant that is prime to r.
///
/// Cost    one multiplication by the 63-bit u.
/// Source  [FKR11] section 6.1.
[[nodiscard]] G2Jacobian clear_cofactor(const G2& q) noexcept;
}  // namespace mote::curve
