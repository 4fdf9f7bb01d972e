#include "sim/network.hpp"

namespace mote::sim
{
bool Network::is_cut(std::uint32_t from, std::uint32_t to, Time now) const noexcept
{
    return std::any_of(partitions_.begin(), partitions_.end(),
                       [&](const Partition& partition)
                       {
                           const bool a = partition.second_side[from];
                           const bool b = partition.second_side[to];
                           return now >= partition.begins && now < partition.ends && a != b &&
                                  (!partition.one_way || b);
                       });
}

Network::Arrivals Network::send(std::uint32_t from, std::uint32_t to, std::size_t bytes, Time now)
{
    const LinkModel& link = now < calm_from_ ? storm_ : calm_;
    ++sent_;
    bytes_ += bytes;
    Arrivals arrivals;
    // Drawn in any case: whether a message is cut off does not change the fate of the next one.
    const bool lost = random_.chance(link.lost_per_million);
    const unsigned copies = random_.chance(link.doubled_per_million) ? 2 : 1;
    Time leaves = now;
    if (link.bytes_per_second != 0)
    {
        Time& busy = busy_until_[std::uint64_t{from} << 32 | to];
        busy = std::max(busy, now) + bytes * 1000000 / link.bytes_per_second;
        leaves = busy;
    }
    for (unsigned i = 0; i < copies; ++i)
    {
        Time delay = link.delay_us_min + random_.below(link.delay_us_spread + 1);
        if (random_.chance(link.late_per_million))
            delay += link.late_us;
        arrivals.at[i] = leaves + delay;
    }
    arrivals.count = lost || is_cut(from, to, now) ? 0 : copies;
    lost_ += arrivals.count == 0 ? 1 : 0;
    return arrivals;
}
}  // namespace mote::sim
