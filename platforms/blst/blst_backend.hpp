// Signatures by blst instead of sdk/signature, behind the two seams that a validator has for them.
//
//   blst::Signer signer;                     // client::Setup::signer
//   if (signer.load(secret) == Status::ok) setup.signer = signer.seam();
//   blst::Check check(4096);                 // client::Setup::signatures
//   setup.signatures = check.seam();
//
// Why: a host may want a second implementation, or the one that it has audited. The answers are the same,
// which tests/platforms/blst shows; keys and signatures keep their encodings.
#pragma once

#include <blst.h>

#include <list>
#include <map>

#include "chain/certificate.hpp"
#include "client/signer.hpp"

namespace mote::blst
{
/// A secret key. Overwritten at its end.
class Signer
{
  public:
    Signer() noexcept = default;
    ~Signer() noexcept { clear(); }
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;

    /// Takes a key as 32 big-endian bytes.
    ///
    /// Errors  invalid_argument unless 0 < k < r; there is no key then.
    [[nodiscard]] Status load(
        std::span<const std::uint8_t, signature::secret_key_bytes> bytes) noexcept;
    void clear() noexcept;

    /// The public key; zeros if there is none.
    [[nodiscard]] chain::PublicKey public_key() const noexcept;
    /// Signs a message as SecretKey::sign does; false if there is no key.
    [[nodiscard]] bool sign(Bytes message, chain::Signature& out) const noexcept;

    /// What a client takes.
    ///
    /// Memory  points to this object.
    [[nodiscard]] client::Signer seam() noexcept;

  private:
    blst_scalar key_{};
    bool has_key_ = false;
};

/// Verifies sums. Remembers keys that it decoded, because decoding one costs more than adding a hundred.
class Check
{
  public:
    /// Shape   keys_max: how many keys are remembered, 1 at least; the one not used for longest goes.
    explicit Check(std::size_t keys_max) noexcept : keys_max_(keys_max) {}
    Check(const Check&) = delete;
    Check& operator=(const Check&) = delete;

    /// Whether `signature` over `digest` verifies under the sum of the keys, as chain::SignatureCheck
    /// says; a key that is none makes it no.
    ///
    /// Cost    an addition for each key that is remembered, a decoding for each other, and a pairing.
    [[nodiscard]] bool verify(Bytes message, const chain::Signature& signature,
                              const chain::SignerKeys& keys);

    /// What a client takes.
    ///
    /// Memory  points to this object.
    [[nodiscard]] chain::SignatureCheck seam() noexcept;

  private:
    using Entry = std::pair<chain::PublicKey, blst_p1_affine>;
    /// The point of a key, or null if it is none.
    [[nodiscard]] const blst_p1_affine* point_of(const chain::PublicKey& key);

    std::size_t keys_max_;
    std::list<Entry> recent_;  // the one used last first
    std::map<chain::PublicKey, std::list<Entry>::iterator> known_;
};
}  // namespace mote::blst
