#include "client/signer.hpp"

namespace mote::client
{
Signer software_signer(const signature::SecretKey& key) noexcept
{
    // The pointer is only read through; a context has no const of its own.
    return {const_cast<signature::SecretKey*>(&key),
            [](void* context, const chain::Digest& digest, chain::Signature& out)
            {
                const auto& secret = *static_cast<const signature::SecretKey*>(context);
                if (secret.empty())
                    return false;
                signature::encode(secret.sign(digest), out);
                return true;
            }};
}

bool KeyHolder::call(const chain::Digest& digest, chain::Signature& out) const noexcept
{
    return signer_.sign != nullptr && signer_.sign(signer_.context, digest, out);
}

bool KeyHolder::sign(const consensus::Permit& permit, chain::Signature& out) const noexcept
{
    const consensus::Vote& vote = permit.vote();
    return call(chain::root_vote_digest(chain_id_, vote.epoch, vote.view, vote.kind, vote.block),
                out);
}

bool KeyHolder::sign_avail(std::uint64_t epoch, std::uint32_t zone, std::uint64_t height,
                           const chain::Digest& header, chain::Signature& out) const noexcept
{
    return call(chain::avail_digest(chain_id_, epoch, zone, height, header), out);
}

bool KeyHolder::sign_valid(std::uint64_t epoch, const chain::Digest& statement,
                           chain::Signature& out) const noexcept
{
    return call(chain::valid_digest(chain_id_, epoch, statement), out);
}

bool KeyHolder::sign_ckpt(std::uint64_t period, std::uint64_t height, const chain::Digest& block,
                          chain::Signature& out) const noexcept
{
    return call(chain::ckpt_digest(chain_id_, period, height, block), out);
}
}  // namespace mote::client
