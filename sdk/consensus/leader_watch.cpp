#include "consensus/leader_watch.hpp"

namespace mote::consensus
{
bool LeaderWatch::watches(std::uint64_t view) const noexcept
{
    return view != 0 && leaders_ != 0 && leaders_ <= leaders_max;
}

void LeaderWatch::begin(std::uint32_t leaders, std::uint64_t view) noexcept
{
    leaders_ = leaders;
    final_ = 0;
    for (std::uint64_t& last : heard_)
        last = view == 0 ? 0 : view - 1;
}

void LeaderWatch::heard(std::uint64_t view) noexcept
{
    if (!watches(view))
        return;
    std::uint64_t& last = heard_[static_cast<std::size_t>((view - 1) % leaders_)];
    last = view > last ? view : last;
}

void LeaderWatch::finalized(std::uint64_t view) noexcept { final_ = view > final_ ? view : final_; }

bool LeaderWatch::silent(std::uint64_t view, std::uint64_t after) const noexcept
{
    if (!watches(view) || after == 0)
        return false;
    const std::uint64_t last = heard_[static_cast<std::size_t>((view - 1) % leaders_)];
    // A turn since it was heard: the one before this.
    const bool had_a_turn = view > leaders_ && view - leaders_ > last;
    return had_a_turn && view - last > after && final_ > last;
}
}  // namespace mote::consensus
