#include "blst/blst_backend.hpp"

#include <algorithm>

namespace mote::blst
{
const blst_p1_affine* Check::point_of(const chain::PublicKey& key)
{
    if (const auto found = known_.find(key); found != known_.end())
    {
        recent_.splice(recent_.begin(), recent_, found->second);
        return &found->second->second;
    }
    blst_p1_affine point;
    if (blst_p1_uncompress(&point, key.data()) != BLST_SUCCESS || blst_p1_affine_is_inf(&point) ||
        !blst_p1_affine_in_g1(&point))
        return nullptr;
    recent_.emplace_front(key, point);
    known_.emplace(key, recent_.begin());
    if (recent_.size() > keys_max_)
    {
        known_.erase(recent_.back().first);
        recent_.pop_back();
    }
    return &recent_.front().second;
}

bool Check::verify(Bytes message, const chain::Signature& bytes, const chain::SignerKeys& keys)
{
    blst_p2_affine signature;
    if (blst_p2_uncompress(&signature, bytes.data()) != BLST_SUCCESS ||
        !blst_p2_affine_in_g2(&signature))
        return false;
    blst_p1 sum = {};  // infinity
    bool good = true;
    const auto add = [&](const chain::PublicKey& key, std::uint32_t seats)
    {
        const blst_p1_affine* const point = good ? point_of(key) : nullptr;
        if (point == nullptr)
        {
            good = false;
            return;
        }
        if (seats == 1)
        {
            blst_p1_add_or_double_affine(&sum, &sum, point);
            return;
        }
        blst_p1 many;
        blst_p1_from_affine(&many, point);
        const byte scalar[2] = {static_cast<byte>(seats), static_cast<byte>(seats >> 8)};
        blst_p1_mult(&many, &many, scalar, 16);
        blst_p1_add_or_double(&sum, &sum, &many);
    };
    keys.for_each(add);
    if (good && !keys.from.empty())
    {
        // What was added up are those who are absent.
        chain::PublicKey all{};
        if (keys.from.size() != all.size())
            return false;
        std::copy(keys.from.begin(), keys.from.end(), all.begin());
        blst_p1_cneg(&sum, true);
        add(all, 1);
    }
    if (!good || blst_p1_is_inf(&sum))
        return false;
    blst_p1_affine key;
    blst_p1_to_affine(&key, &sum);
    return blst_core_verify_pk_in_g1(&key, &signature, true, message.data(), message.size(),
                                     signature::message_tag.data(), signature::message_tag.size(),
                                     nullptr, 0) == BLST_SUCCESS;
}

chain::SignatureCheck Check::seam() noexcept
{
    return {this, [](void* context, const chain::Digest& digest, const chain::Signature& signature,
                     const chain::SignerKeys& keys)
            { return static_cast<Check*>(context)->verify(digest, signature, keys); }};
}
}  // namespace mote::blst
