// Verification of many signatures at once: one final exponentiation for all of them.
//
// Each signature is multiplied by a random factor that its maker could not know, so that errors cannot
// cancel: a batch with a wrong signature passes with probability 2^-64. The answer is about all; who is
// to blame is for the caller to find, by halves.
//
// Worked case:
//
//   Batch batch;
//   for (each certificate) status = batch.add(key, digest, signature, random_factor);
//   good = batch.finish();
//
// Source  [BGR98], the small exponents test, in a group of prime order.
#pragma once

#include "curve/bls12_381_pairing.hpp"
#include "signature/keys.hpp"

namespace mote::signature
{
/// Collects signatures and answers once.
///
/// Memory  about 3 KiB, however many signatures.
class Batch
{
  public:
    /// Adds the claim that `signature` is that of `message` under `key`.
    ///
    /// Shape   factor: 64 bits of fresh entropy, unknown to whoever made the signature; not 0.
    /// Errors  invalid_argument if the factor is 0; nothing is added then.
    /// Cost    one hash to G2, a Miller loop, multiplications by 64 bits in G1 and G2.
    [[nodiscard]] Status add(const PublicKey& key, Bytes message, const Signature& signature,
                             std::uint64_t factor, Bytes tag = message_tag) noexcept;

    /// Whether everything added is true; yes if nothing was. Afterwards the batch is empty.
    [[nodiscard]] bool finish() noexcept;

  private:
    void run() noexcept;

    curve::bls12_381::PairingTerm terms_[curve::bls12_381::pairing_terms_max];
    std::size_t count_ = 0;
    curve::bls12_381::MillerValue product_;
    curve::bls12_381::G2Jacobian sum_;
    bool key_at_infinity_ = false;
};

/// Collects signatures of one message: one hash and two Miller loops, however many there are.
///
/// The factors make the sum say yes only if every signature is good, and each of them was tested to be
/// in the group when it was decoded. Testing their combination alone would not do: the group's cofactor
/// has the factor 13, and an error of that order gets past a random factor once in thirteen times.
///
/// Memory  two points.
class SameMessageBatch
{
  public:
    /// Adds the claim that `signature` is the one under `key`.
    ///
    /// Shape   factor: as for Batch::add.
    /// Errors  invalid_argument if the factor is 0; nothing is added then.
    /// Cost    multiplications by 64 bits in G1 and G2.
    [[nodiscard]] Status add(const PublicKey& key, const Signature& signature,
                             std::uint64_t factor) noexcept;

    /// Whether everything added is true of `message`; no if nothing was. Afterwards the batch is empty.
    [[nodiscard]] bool finish(Bytes message, Bytes tag = message_tag) noexcept;

  private:
    curve::bls12_381::G1Jacobian key_;
    curve::bls12_381::G2Jacobian sum_;
    bool key_at_infinity_ = false;
    bool empty_ = true;
};
}  // namespace mote::signature
