// Signatures of a run: real ones, or simulated ones that cost nothing.
//
// Both stand behind chain::SignatureCheck, the seam through which the core asks. Simulated signatures are
// linear like BLS, so sums, certificates and follower forms work alike,
//
//   key x        signature of digest d: x * h(d) modulo 2^64, eleven different h        sums add up
//
// but whoever sees a key can forge: that is why a run says which kind it used. Actors of the simulator
// sign with their own keys only.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "chain/certificate.hpp"

namespace mote::sim
{
using chain::Digest;
using chain::PublicKey;
using chain::Signature;

/// A signature and how often it counts.
struct Weighted
{
    const Signature* signature = nullptr;
    std::uint32_t weight = 1;
};

/// Keys 0, 1, ..., made from the run's seed, and what can be done with them.
class SignatureScheme
{
  public:
    virtual ~SignatureScheme() = default;
    SignatureScheme() = default;
    SignatureScheme(const SignatureScheme&) = delete;
    SignatureScheme& operator=(const SignatureScheme&) = delete;

    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    /// The public key of key `index`, below the number that the scheme was made for.
    [[nodiscard]] virtual const PublicKey& public_key(std::uint32_t index) const = 0;
    [[nodiscard]] virtual Signature sign(std::uint32_t index, const Digest& digest) const = 0;
    /// The weighted sum; the signatures are well-formed.
    [[nodiscard]] virtual Signature sum(std::span<const Weighted> signatures) const = 0;
    /// sum of seats * key over a list of members.
    [[nodiscard]] virtual PublicKey sum_of(Bytes members) const = 0;
    [[nodiscard]] virtual bool verify(const Digest& digest, const Signature& signature,
                                      const chain::SignerKeys& keys) const = 0;

    /// Whether one key signed.
    [[nodiscard]] bool verify_one(const Digest& digest, const Signature& signature,
                                  const PublicKey& key) const;
    /// The core's seam. The scheme must outlive it.
    [[nodiscard]] chain::SignatureCheck check() const noexcept;
};

/// Makes `keys` keys.
[[nodiscard]] std::unique_ptr<SignatureScheme> simulated_signatures(std::uint64_t seed,
                                                                    std::uint32_t keys);
[[nodiscard]] std::unique_ptr<SignatureScheme> real_signatures(std::uint64_t seed,
                                                               std::uint32_t keys);
}  // namespace mote::sim
