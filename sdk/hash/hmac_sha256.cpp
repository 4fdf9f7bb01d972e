#include "hash/hmac_sha256.hpp"

#include "base/assert.hpp"
#include "base/secret.hpp"

namespace mote::hash
{
HmacSha256::HmacSha256(Bytes key) noexcept
{
    MOTE_ASSERT(key.size() <= Sha256::block_bytes);
    std::uint8_t pad[Sha256::block_bytes];
    for (std::size_t i = 0; i < sizeof pad; ++i)
        pad[i] = static_cast<std::uint8_t>((i < key.size() ? key[i] : 0) ^ 0x36);
    inner_.update(Bytes{pad});
    for (std::uint8_t& byte : pad)
        byte ^= 0x36 ^ 0x5c;
    outer_.update(Bytes{pad});
    wipe(pad);
}

void HmacSha256::finish(std::span<std::uint8_t, Sha256::digest_bytes> code) noexcept
{
    inner_.finish(code);
    outer_.update(code);
    outer_.finish(code);
}
}  // namespace mote::hash
