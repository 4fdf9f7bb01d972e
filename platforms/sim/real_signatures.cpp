// BLS signatures for runs small enough to pay for them.
#include <algorithm>
#include <map>
#include <stdexcept>

#include "chain/committee.hpp"
#include "signature/secret_key.hpp"
#include "signature/verify.hpp"
#include "sim/random.hpp"
#include "sim/signatures.hpp"

namespace mote::sim
{
namespace
{
class Real final : public SignatureScheme
{
  public:
    Real(std::uint64_t seed, std::uint32_t keys)
        : secrets_(keys), scratch_(signature::sum_keys_scratch_bytes())
    {
        Random random = Random::stream(seed, 0x626c736b);
        for (signature::SecretKey& secret : secrets_)
        {
            std::array<std::uint8_t, 32> entropy;
            for (std::size_t i = 0; i < entropy.size(); i += 8)
                store_le(entropy.data() + i, random.next());
            if (secret.derive_master(entropy) != Status::ok)
                throw std::logic_error("no key from 32 bytes");
            PublicKey key;
            const signature::PublicKey point = secret.public_key();
            signature::encode(point, key);
            keys_.push_back(key);
            points_.emplace(key, point);
        }
    }

    [[nodiscard]] std::string_view name() const noexcept override { return "real (BLS12-381)"; }
    [[nodiscard]] const PublicKey& public_key(std::uint32_t index) const override
    {
        return keys_.at(index);
    }
    [[nodiscard]] Signature sign(std::uint32_t index, const Digest& digest) const override
    {
        Signature out;
        signature::encode(secrets_.at(index).sign(digest), out);
        return out;
    }
    [[nodiscard]] Signature sum(std::span<const Weighted> signatures) const override
    {
        std::vector<signature::Signature> points;
        for (const Weighted& one : signatures)
        {
            signature::Signature point;
            if (signature::decode_signature(*one.signature, point) == Reason::none)
                points.insert(points.end(), one.weight, point);
        }
        signature::Signature total;
        Signature out{};
        if (signature::aggregate(points, total) == Status::ok)
            signature::encode(total, out);
        return out;
    }
    [[nodiscard]] PublicKey sum_of(Bytes members) const override
    {
        PublicKey out;
        signature::encode(sum_members(members), out);
        return out;
    }
    [[nodiscard]] bool verify(const Digest& digest, const Signature& signature,
                              const chain::SignerKeys& keys) const override
    {
        signature::Signature point;
        if (signature::decode_signature(signature, point) != Reason::none)
            return false;
        std::vector<signature::PublicKey> list;
        std::vector<std::uint16_t> weights;
        bool decoded = true;
        keys.for_each(
            [&](const PublicKey& key, std::uint32_t seats)
            {
                list.push_back(point_of(key, decoded));
                weights.push_back(static_cast<std::uint16_t>(seats));
            });
        if (!decoded)
            return false;
        signature::PublicKey key = sum_weighted(list, weights);
        if (!keys.from.empty())
        {
            PublicKey from;
            std::copy(keys.from.begin(), keys.from.end(), from.begin());
            key = signature::difference(point_of(from, decoded), key);
        }
        return decoded && signature::verify(key, digest, point);
    }

  private:
    /// Decodes a key once: the subgroup check costs more than the sum.
    const signature::PublicKey& point_of(const PublicKey& key, bool& decoded) const
    {
        const auto [at, fresh] = points_.try_emplace(key);
        if (fresh && signature::decode_public_key(key, at->second) != Reason::none)
        {
            points_.erase(at);
            decoded = false;
            return points_.begin()->second;
        }
        return at->second;
    }
    signature::PublicKey sum_weighted(std::span<const signature::PublicKey> keys,
                                      std::span<const std::uint16_t> weights) const
    {
        signature::PublicKey out;
        Arena arena(scratch_.data(), scratch_.size());
        if (keys.empty() || signature::sum_keys(keys, weights, arena, out) != Status::ok)
            return signature::PublicKey();
        return out;
    }
    signature::PublicKey sum_members(Bytes members) const
    {
        std::vector<signature::PublicKey> list;
        std::vector<std::uint16_t> weights;
        bool decoded = true;
        for (std::size_t i = 0; i < members.size() / chain::member_bytes; ++i)
        {
            const chain::Member member = chain::member_at(members, i);
            list.push_back(point_of(member.public_key, decoded));
            weights.push_back(member.seats);
        }
        return sum_weighted(list, weights);
    }

    std::vector<signature::SecretKey> secrets_;
    std::vector<PublicKey> keys_;
    mutable std::map<PublicKey, signature::PublicKey> points_;
    mutable std::vector<std::uint8_t> scratch_;
};
}  // namespace

std::unique_ptr<SignatureScheme> real_signatures(std::uint64_t seed, std::uint32_t keys)
{
    return std::make_unique<Real>(seed, keys);
}
}  // namespace mote::sim
