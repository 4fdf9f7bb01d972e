#include "client/freshness.hpp"

namespace mote::client
{
bool agree(const chain::Checkpoint& checkpoint, std::span<const Opinion> opinions,
           std::uint32_t sources) noexcept
{
    if (sources < 1 || sources > sources_max)
        return false;
    std::uint32_t for_it = 0, against = 0;  // bit i: source i
    for (const Opinion& opinion : opinions)
        if (opinion.source < sources)
            (opinion.checkpoint == checkpoint ? for_it : against) |= std::uint32_t{1}
                                                                     << opinion.source;
    std::uint32_t count = 0;
    for (std::uint32_t rest = for_it & ~against; rest != 0; rest &= rest - 1)
        ++count;
    return count >= chain::quorum(sources);
}
}  // namespace mote::client
