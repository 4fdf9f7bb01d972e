#include "chain/headers.hpp"

namespace mote::chain
{
Digest hash_of(const ZoneHeader& header) noexcept
{
    return hash::blake3_derive_key("mote zone header v1", encode(header));
}

Digest hash_of(const RootHeader& header) noexcept
{
    return hash::blake3_derive_key("mote root header v1", encode(header));
}

Digest next_randao(const Digest& parent_randao, const Signature& reveal) noexcept
{
    std::array<std::uint8_t, 128> message;
    std::memcpy(message.data(), parent_randao.data(), parent_randao.size());
    std::memcpy(message.data() + 32, reveal.data(), reveal.size());
    return hash::blake3_derive_key("mote randao v1", message);
}
}  // namespace mote::chain
