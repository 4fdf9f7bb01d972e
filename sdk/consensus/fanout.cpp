#include "consensus/fanout.hpp"

#include "chain/layout.hpp"

namespace mote::consensus
{
chain::Digest fanout_rank(const chain::Digest& seed, std::uint32_t member,
                          const NodeKey& relay) noexcept
{
    std::array<std::uint8_t, 68> message;
    chain::internal::WriteFields write{message.data()};
    write(seed, member, relay);
    return hash::blake3_derive_key("mote fanout v1", message);
}

std::size_t choose_relays(const chain::Digest& seed, std::uint32_t member,
                          std::span<const NodeKey> relays, std::span<std::uint32_t> out) noexcept
{
    // The next one is the lowest above the last one; places break ties, so that all are different.
    chain::Digest last{};
    std::size_t chosen = 0;
    for (; chosen < out.size() && chosen < relays.size(); ++chosen)
    {
        chain::Digest best{};
        std::size_t at = relays.size();
        for (std::size_t i = 0; i < relays.size(); ++i)
        {
            const chain::Digest rank = fanout_rank(seed, member, relays[i]);
            const bool is_after =
                chosen == 0 || last < rank || (last == rank && out[chosen - 1] < i);
            if (is_after && (at == relays.size() || rank < best))
            {
                best = rank;
                at = i;
            }
        }
        out[chosen] = static_cast<std::uint32_t>(at);
        last = best;
    }
    return chosen;
}
}  // namespace mote::consensus
