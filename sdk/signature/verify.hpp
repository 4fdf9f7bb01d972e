// Verification: one signature, one signature of many, and sums of keys and signatures.
//
// The answer to a well-formed question is yes or no. Keys and signatures were decoded, so they are in
// their groups; a key at infinity, or no key at all, never verifies. Nothing here is secret.
//
// Worked case: verify(key.public_key(), m, key.sign(m)) is true.
#pragma once

#include "base/arena.hpp"
#include "signature/keys.hpp"

namespace mote::signature
{
/// Whether `signature` is that of `message` under `key`.
///
/// Cost    one hash to G2, two Miller loops that share their squarings, one final exponentiation.
/// Source  [BLS-SIG] section 2.7, CoreVerify.
[[nodiscard]] bool verify(const PublicKey& key, Bytes message, const Signature& signature,
                          Bytes tag = message_tag) noexcept;

/// Whether `proof` shows that somebody holds the secret of `key`.
///
/// Source  [BLS-SIG] section 3.3.3, PopVerify.
[[nodiscard]] bool verify_possession(const PublicKey& key, const Signature& proof) noexcept;

/// Whether `signature` is the sum of the signatures of one message under all `keys`.
///
/// Each key must have shown its proof of possession. For many keys sum_keys() and verify() are faster.
///
/// Cost    an addition for each key, and a verify().
/// Source  [BLS-SIG] section 3.3.4, FastAggregateVerify. No keys: false.
[[nodiscard]] bool fast_aggregate_verify(std::span<const PublicKey> keys, Bytes message,
                                         const Signature& signature) noexcept;

/// Whether `signature` is the sum of the signatures of messages[i] under keys[i].
///
/// Shape   as many messages as keys; otherwise, and for none, false.
/// Cost    a hash and a Miller loop for each.
/// Source  [BLS-SIG] section 2.9, CoreAggregateVerify.
[[nodiscard]] bool aggregate_verify(std::span<const PublicKey> keys,
                                    std::span<const Bytes> messages, const Signature& signature,
                                    Bytes tag = message_tag) noexcept;

/// out = the sum of signatures.
///
/// Errors  invalid_argument if there are none.
/// Source  [BLS-SIG] section 2.8, Aggregate.
[[nodiscard]] Status aggregate(std::span<const Signature> signatures, Signature& out) noexcept;

/// out = sum_i weights[i] * keys[i]: the key of a certificate, a member's weight being its seats, 0 for
/// one that did not sign.
///
/// Shape   weights: one for each key, or empty for all ones; otherwise invalid_argument.
/// Errors  memory_too_small if the arena has less than sum_keys_scratch_bytes().
/// Cost    about 6 multiplications in Fq for each key; see curve/bls12_381_multiply.hpp.
[[nodiscard]] Status sum_keys(std::span<const PublicKey> keys,
                              std::span<const std::uint16_t> weights, Arena& arena,
                              PublicKey& out) noexcept;
[[nodiscard]] std::size_t sum_keys_scratch_bytes() noexcept;

/// a - b: the key of those present, from the key of all and the sum of those absent.
[[nodiscard]] PublicKey difference(const PublicKey& a, const PublicKey& b) noexcept;
}  // namespace mote::signature
