// Signature claims: all signatures of one proposal, answered by one multi-pairing.
//
// A claim is "this key signed this digest". In a batch each claim has a random factor of 64 bits, drawn from
// entropy that no sender of a proposal knows, and finish() answers for all. Which claim was wrong is asked
// for only if the batch fails; then the same checks run again one by one. So a proposal that is good costs
// one final exponentiation, and one that is bad costs its leader, who signed it, the view.
//
// Source  [CONSENSUS] section 6.1, rule 4; [BGR98].
#pragma once

#include "chain/certificate.hpp"
#include "consensus/epoch_data.hpp"
#include "signature/batch.hpp"

namespace mote::consensus
{
class SignatureClaims
{
  public:
    enum class Mode : std::uint8_t
    {
        batch,
        one_by_one,
    };

    /// Shape   entropy: 32 bytes that are used for nothing else. instead: if it can verify, it answers
    ///         for every claim, and no pairing is computed. For simulations, which have to say so.
    SignatureClaims(const Digest& entropy, Mode mode,
                    const chain::SignatureCheck& instead = {}) noexcept
        : entropy_(entropy), mode_(mode), instead_(instead)
    {
    }

    /// Adds a claim. False if it is known to be wrong: a signature or key that is none, or, one by one,
    /// one that does not verify.
    [[nodiscard]] bool add(const signature::PublicKey& key, const Digest& digest,
                           const chain::Signature& signature) noexcept;
    [[nodiscard]] bool add(const chain::PublicKey& key, const Digest& digest,
                           const chain::Signature& signature) noexcept;

    /// Adds the claim of a certificate that check_members accepts.
    [[nodiscard]] bool add(const chain::Certificate& certificate, const KnownCommittee& committee,
                           const Digest& chain_id) noexcept;

    /// Whether every claim holds.
    [[nodiscard]] bool finish() noexcept;

  private:
    Digest entropy_;
    Mode mode_;
    chain::SignatureCheck instead_;
    std::uint64_t claims_ = 0;
    bool good_ = true;
    signature::Batch batch_;
};

/// Remembers certificates that were verified, by hash.
struct KnownCertificates
{
    void* context = nullptr;
    bool (*contains)(void* context, const Digest& certificate_hash) = nullptr;
};

/// Gives the sum of the keys of those who signed a certificate that check_members accepts.
///
/// Cost    an addition for each member that is absent, and the decoding of its key if keys are not kept.
[[nodiscard]] bool signer_key(const chain::Certificate& certificate,
                              const KnownCommittee& committee, signature::PublicKey& out) noexcept;

/// Checks a certificate in member form; its signature becomes a claim, unless it is known.
[[nodiscard]] chain::CertificateFault check_certificate(const chain::Certificate& certificate,
                                                        const KnownCommittee& committee,
                                                        const Digest& chain_id,
                                                        const KnownCertificates& known,
                                                        SignatureClaims& claims) noexcept;
}  // namespace mote::consensus
