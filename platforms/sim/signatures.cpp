#include "sim/signatures.hpp"

#include "base/assert.hpp"
#include "sim/random.hpp"

namespace mote::sim
{
namespace
{
// Bytes 0..7 name what it is, the numbers follow.
constexpr std::array<std::uint8_t, 8> key_mark = {0x80, 's', 'i', 'm', 'k', 'e', 'y', 0};
constexpr std::array<std::uint8_t, 8> signature_mark = {0x80, 's', 'i', 'm', 's', 'i', 'g', 0};
constexpr std::size_t words = (sizeof(Signature) - signature_mark.size()) / 8;

PublicKey key_of(std::uint64_t number)
{
    PublicKey key{};
    std::copy(key_mark.begin(), key_mark.end(), key.begin());
    store_le(key.data() + 8, number);
    return key;
}

/// h_i(d): another odd number for each word.
std::uint64_t factor(const Digest& digest, std::size_t i)
{
    const std::uint64_t a = load_le<std::uint64_t>(digest.data());
    const std::uint64_t b = load_le<std::uint64_t>(digest.data() + 8);
    return mix(a ^ mix(b + i)) | 1;
}

class Simulated final : public SignatureScheme
{
  public:
    Simulated(std::uint64_t seed, std::uint32_t keys)
    {
        Random random = Random::stream(seed, 0x6b657973);
        for (std::uint32_t i = 0; i < keys; ++i)
            keys_.push_back(key_of(random.next() | 1));
    }

    [[nodiscard]] std::string_view name() const noexcept override { return "simulated"; }
    [[nodiscard]] const PublicKey& public_key(std::uint32_t index) const override
    {
        return keys_.at(index);
    }
    [[nodiscard]] Signature sign(std::uint32_t index, const Digest& digest) const override
    {
        return signature_of(load_le<std::uint64_t>(keys_.at(index).data() + 8), digest);
    }
    [[nodiscard]] Signature sum(std::span<const Weighted> signatures) const override
    {
        Signature out{};
        std::copy(signature_mark.begin(), signature_mark.end(), out.begin());
        for (const Weighted& one : signatures)
            for (std::size_t i = 1; i <= words; ++i)
            {
                const std::uint64_t word = load_le<std::uint64_t>(one.signature->data() + 8 * i);
                store_le(out.data() + 8 * i,
                         load_le<std::uint64_t>(out.data() + 8 * i) + one.weight * word);
            }
        return out;
    }
    [[nodiscard]] PublicKey sum_of(Bytes members) const override
    {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < members.size() / chain::member_bytes; ++i)
        {
            const chain::Member member = chain::member_at(members, i);
            sum += member.seats * load_le<std::uint64_t>(member.public_key.data() + 8);
        }
        return key_of(sum);
    }
    [[nodiscard]] bool verify(const Digest& digest, const Signature& signature,
                              const chain::SignerKeys& keys) const override
    {
        std::uint64_t sum = 0;
        const bool subtract = !keys.from.empty();
        if (subtract)
            sum = load_le<std::uint64_t>(keys.from.data() + 8);
        keys.for_each(
            [&](const PublicKey& key, std::uint32_t seats)
            {
                const std::uint64_t share = seats * load_le<std::uint64_t>(key.data() + 8);
                sum += subtract ? ~share + 1 : share;
            });
        return signature == signature_of(sum, digest);
    }

  private:
    static Signature signature_of(std::uint64_t key, const Digest& digest)
    {
        Signature out{};
        std::copy(signature_mark.begin(), signature_mark.end(), out.begin());
        for (std::size_t i = 0; i < words; ++i)
            store_le(out.data() + 8 * (i + 1), key * factor(digest, i));
        return out;
    }

    std::vector<PublicKey> keys_;
};
}  // namespace

bool SignatureScheme::verify_one(const Digest& digest, const Signature& signature,
                                 const PublicKey& key) const
{
    const chain::LayoutOf<chain::Member> member =
        chain::encode(chain::Member{.public_key = key, .seats = 1});
    const std::array<std::uint8_t, 1> bit = {1};
    return verify(digest, signature, {{}, member, bit});
}

chain::SignatureCheck SignatureScheme::check() const noexcept
{
    return {const_cast<SignatureScheme*>(this),
            [](void* self, const Digest& digest, const Signature& signature,
               const chain::SignerKeys& keys)
            { return static_cast<const SignatureScheme*>(self)->verify(digest, signature, keys); }};
}

std::unique_ptr<SignatureScheme> simulated_signatures(std::uint64_t seed, std::uint32_t keys)
{
    return std::make_unique<Simulated>(seed, keys);
}
}  // namespace mote::sim
