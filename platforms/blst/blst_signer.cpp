#include "base/secret.hpp"
#include "blst/blst_backend.hpp"

namespace mote::blst
{
Status Signer::load(std::span<const std::uint8_t, signature::secret_key_bytes> bytes) noexcept
{
    clear();
    blst_scalar_from_bendian(&key_, bytes.data());
    has_key_ = blst_sk_check(&key_);
    if (has_key_)
        return Status::ok;
    clear();
    return Status::invalid_argument;
}

void Signer::clear() noexcept
{
    wipe(key_);
    has_key_ = false;
}

chain::PublicKey Signer::public_key() const noexcept
{
    chain::PublicKey out{};
    if (!has_key_)
        return out;
    blst_p1 point;
    blst_sk_to_pk_in_g1(&point, &key_);
    blst_p1_compress(out.data(), &point);
    return out;
}

bool Signer::sign(Bytes message, chain::Signature& out) const noexcept
{
    if (!has_key_)
        return false;
    blst_p2 point;
    blst_hash_to_g2(&point, message.data(), message.size(), signature::message_tag.data(),
                    signature::message_tag.size(), nullptr, 0);
    blst_sign_pk_in_g1(&point, &point, &key_);
    blst_p2_compress(out.data(), &point);
    return true;
}

client::Signer Signer::seam() noexcept
{
    return {this, [](void* context, const chain::Digest& digest, chain::Signature& out)
            { return static_cast<const Signer*>(context)->sign(digest, out); }};
}
}  // namespace mote::blst
