#include "base/assert.hpp"
#include "base/secret.hpp"
#include "hash/hmac_sha256.hpp"
#include "signature/secret_key.hpp"

namespace mote::signature
{
namespace
{
using curve::bls12_381::Fr;
using hash::HmacSha256;
using hash::Sha256;

constexpr std::size_t digest_bytes = Sha256::digest_bytes;
using Digest = std::uint8_t[digest_bytes];

/// HKDF's first step: a key from `secret` and one byte more, if there is one.
void extract(Bytes salt, Bytes secret, Bytes more, Digest& out) noexcept
{
    HmacSha256 mac(salt);
    mac.update(secret);
    mac.update(more);
    mac.finish(out);
    wipe(mac);
}

/// HKDF's second step, one block at a time: T(i) = HMAC(key, T(i-1) || info || i).
class Expansion
{
  public:
    explicit Expansion(const Digest& key) noexcept
    {
        for (std::size_t i = 0; i < digest_bytes; ++i)
            key_[i] = key[i];
    }
    ~Expansion() noexcept
    {
        wipe(key_);
        wipe(block_);
    }
    Expansion(const Expansion&) = delete;
    Expansion& operator=(const Expansion&) = delete;

    /// Shape   at most 255 calls, all with the same `info`.
    const Digest& next(Bytes info) noexcept
    {
        HmacSha256 mac{Bytes{key_}};
        if (count_ != 0)
            mac.update(block_);
        ++count_;
        mac.update(info);
        mac.update({&count_, 1});
        mac.finish(block_);
        wipe(mac);
        return block_;
    }

  private:
    Digest key_;
    Digest block_{};
    std::uint8_t count_ = 0;
};

/// 48 big-endian bytes modulo r.
field::Limbs<4> reduce(const std::uint8_t (&bytes)[48]) noexcept
{
    constexpr Fr two_128 = Fr::from_integer({0, 0, 1});
    Fr x;
    for (std::size_t i = 0; i < sizeof bytes; i += 16)
        x = x * two_128 +
            Fr::from_u128(load_be<std::uint64_t>(bytes + i + 8), load_be<std::uint64_t>(bytes + i));
    const field::Limbs<4> out = x.to_integer();
    wipe(x);
    return out;
}

/// Source  [EIP2333] hkdf_mod_r.
void hkdf_mod_r(Bytes secret, field::Limbs<4>& out) noexcept
{
    constexpr std::uint8_t label[] = {'B', 'L', 'S', '-', 'S', 'I', 'G', '-', 'K', 'E',
                                      'Y', 'G', 'E', 'N', '-', 'S', 'A', 'L', 'T', '-'};
    constexpr std::uint8_t zero[1] = {0}, length[2] = {0, 48};
    Digest salt;
    Sha256 first;
    first.update(Bytes{label});
    first.finish(salt);
    while (true)
    {
        Digest key;
        extract(salt, secret, zero, key);
        Expansion blocks(key);
        std::uint8_t okm[48];
        const Digest& block = blocks.next(length);
        for (std::size_t i = 0; i < digest_bytes; ++i)
            okm[i] = block[i];
        static_cast<void>(blocks.next(length));
        for (std::size_t i = digest_bytes; i < sizeof okm; ++i)
            okm[i] = block[i - digest_bytes];
        out = reduce(okm);
        wipe(okm);
        wipe(key);
        // Zero has probability 2^-255 and is no key.
        const bool good = !field::is_zero(out);
        MOTE_DECLASSIFY(good);
        if (good)
            return;
        Sha256 again;
        again.update(Bytes{salt});
        again.finish(salt);
    }
}

/// Appends the hashes of the 255 chunks of one Lamport key.
///
/// Source  [EIP2333] IKM_to_lamport_SK and parent_SK_to_lamport_PK.
void lamport_half(Bytes salt, Bytes secret, Sha256& out) noexcept
{
    Digest key;
    extract(salt, secret, {}, key);
    Expansion chunks(key);
    for (int i = 0; i < 255; ++i)
    {
        Digest hashed;
        Sha256 h;
        h.update(Bytes{chunks.next({})});
        h.finish(hashed);
        wipe(h);
        out.update(hashed);
        wipe(hashed);
    }
    wipe(key);
}
}  // namespace

Status SecretKey::derive_master(Bytes seed) noexcept
{
    clear();
    if (seed.size() < 32)
        return Status::invalid_argument;
    hkdf_mod_r(seed, value_);
    return Status::ok;
}

void SecretKey::derive_child(const SecretKey& parent, std::uint32_t index) noexcept
{
    MOTE_ASSERT(this != &parent && !parent.empty());
    std::uint8_t salt[4], secret[secret_key_bytes];
    store_be(salt, index);
    parent.store(secret);
    Sha256 all;
    lamport_half(salt, secret, all);
    for (std::uint8_t& byte : secret)
        byte = static_cast<std::uint8_t>(~byte);
    lamport_half(salt, secret, all);
    Digest compressed;
    all.finish(compressed);
    hkdf_mod_r(compressed, value_);
    wipe(compressed);
    wipe(secret);
    wipe(all);
}
}  // namespace mote::signature
