// Signer: the seam behind which a key lives.
//
// The default is a SecretKey in memory; a host can put an enclave or a remote signer there. Only
// KeyHolder calls it: exclusive votes want a Permit, which only a Voter makes, and for attestations there is
// one function each, whose digests differ by their tags from everything exclusive.
#pragma once

#include "chain/digests.hpp"
#include "consensus/voter.hpp"
#include "signature/secret_key.hpp"

namespace mote::client
{
struct Signer
{
    void* context = nullptr;
    /// Signs 32 bytes with the suite of sdk/signature; false if it cannot.
    bool (*sign)(void* context, const chain::Digest& digest, chain::Signature& out) = nullptr;
};

/// Gives the signer of a key in memory.
///
/// Memory  keeps a pointer to `key`.
[[nodiscard]] Signer software_signer(const signature::SecretKey& key) noexcept;

class KeyHolder
{
  public:
    KeyHolder() noexcept = default;
    KeyHolder(const Signer& signer, const chain::Digest& chain_id) noexcept
        : signer_(signer), chain_id_(chain_id)
    {
    }

    /// Signs what the record covers.
    [[nodiscard]] bool sign(const consensus::Permit& permit, chain::Signature& out) const noexcept;

    [[nodiscard]] bool sign_avail(std::uint64_t epoch, std::uint32_t zone, std::uint64_t height,
                                  const chain::Digest& header,
                                  chain::Signature& out) const noexcept;
    [[nodiscard]] bool sign_valid(std::uint64_t epoch, const chain::Digest& statement,
                                  chain::Signature& out) const noexcept;
    [[nodiscard]] bool sign_ckpt(std::uint64_t period, std::uint64_t height,
                                 const chain::Digest& block, chain::Signature& out) const noexcept;

  private:
    [[nodiscard]] bool call(const chain::Digest& digest, chain::Signature& out) const noexcept;

    Signer signer_;
    chain::Digest chain_id_{};
};
}  // namespace mote::client
