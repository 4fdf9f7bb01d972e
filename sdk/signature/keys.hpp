// BLS signatures on BLS12-381: what a public key and a signature are, and how they arrive.
//
// Public keys are points of G1 (48 bytes), signatures points of G2 (96 bytes), the ciphersuite is
//
//   BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_
//
// so keys, keystores and remote signers of Ethereum fit. Sums of keys are safe only if every one of them
// came with a proof of possession (verify_possession); otherwise one who picks a key last can cancel
// the others.
//
// Worked case: a key is decoded once (decode_public_key), its proof checked once, and then it is a
// PublicKey for ever; a signature is decoded and verified.
//
// Source  [BLS-SIG] section 4.2.3.
#pragma once

#include <array>

#include "curve/bls12_381_encoding.hpp"

namespace mote::signature
{
/// A point of G1. One that was decoded is in the group and not infinity.
using PublicKey = curve::bls12_381::G1;
/// A point of G2. One that was decoded is in the group; infinity decodes and never verifies.
using Signature = curve::bls12_381::G2;

inline constexpr std::size_t public_key_bytes = curve::bls12_381::g1_bytes;
inline constexpr std::size_t signature_bytes = curve::bls12_381::g2_bytes;
inline constexpr std::size_t secret_key_bytes = 32;

namespace detail
{
// A plain array: gcc puts constants of a class with a constructor among the writable data.
template <std::size_t N>
[[nodiscard]] constexpr std::array<std::uint8_t, N - 1> tag_of(const char (&text)[N]) noexcept
{
    std::array<std::uint8_t, N - 1> bytes{};
    for (std::size_t i = 0; i + 1 < N; ++i)
        bytes[i] = static_cast<std::uint8_t>(text[i]);
    return bytes;
}
inline constexpr auto message_tag_bytes = tag_of("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_");
inline constexpr auto possession_tag_bytes = tag_of("BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_");
}  // namespace detail

/// The domain separation tags: of signed messages, and of proofs of possession.
inline constexpr Bytes message_tag{detail::message_tag_bytes};
inline constexpr Bytes possession_tag{detail::possession_tag_bytes};

/// Decodes a public key and tests it, subgroup included. `out` is untouched unless it is one.
///
/// Errors  the reason, or Reason::none: those of decode_g1, and point_at_infinity.
/// Source  [BLS-SIG] section 2.5, KeyValidate.
[[nodiscard]] Reason decode_public_key(std::span<const std::uint8_t, public_key_bytes> bytes,
                                       PublicKey& out) noexcept;

/// Decodes a signature and tests it, subgroup included.
///
/// Errors  the reason, or Reason::none: those of decode_g2.
[[nodiscard]] Reason decode_signature(std::span<const std::uint8_t, signature_bytes> bytes,
                                      Signature& out) noexcept;

using curve::bls12_381::encode;
}  // namespace mote::signature
