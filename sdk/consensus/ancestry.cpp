#include "consensus/ancestry.hpp"

namespace mote::consensus
{
void NullifiedViews::clear() noexcept { *this = NullifiedViews(); }

void NullifiedViews::add(std::uint64_t view) noexcept
{
    if (view > newest_)
    {
        // The places of the views that leave the window are those of the ones that enter it.
        const std::uint64_t entering = view - newest_;
        if (entering >= window)
            bits_ = {};
        else
            for (std::uint64_t v = newest_ + 1; v <= view; ++v)
                bits_[v % window / 64] &= ~(std::uint64_t{1} << v % 64);
        newest_ = view;
    }
    else if (newest_ - view >= window)
        return;
    bits_[view % window / 64] |= std::uint64_t{1} << view % 64;
}

bool NullifiedViews::contains(std::uint64_t view) const noexcept
{
    return view <= newest_ && newest_ - view < window &&
           (bits_[view % window / 64] >> view % 64 & 1) != 0;
}

std::uint64_t NullifiedViews::first_gap(std::uint64_t after, std::uint64_t before) const noexcept
{
    for (std::uint64_t v = after + 1; v < before; ++v)
        if (!contains(v))
            return v;
    return before;
}

std::uint32_t NullifiedViews::run_below(std::uint64_t view) const noexcept
{
    std::uint32_t run = 0;
    while (run + std::uint64_t{1} < view && contains(view - 1 - run))
        ++run;
    return run;
}

namespace
{
PlaceFault check_reproposal(const Place& place, const chain::Calendar& calendar) noexcept
{
    const bool last = calendar.ends_epoch(place.height);
    const bool certified = place.has_certificate && place.certificate_block == place.block &&
                           place.certificate_view >= place.header_view &&
                           place.certificate_view < place.view;
    return last && certified ? PlaceFault::none : PlaceFault::reproposal;
}

PlaceFault check_parent(const Place& place, const StartBlock& start,
                        const chain::Calendar& calendar) noexcept
{
    if (place.parent_height == UINT64_MAX || place.height != place.parent_height + 1)
        return PlaceFault::height;
    if (place.parent_view == 0)
        return !place.has_certificate && place.parent == start.hash &&
                       place.parent_height == start.height
                   ? PlaceFault::none
                   : PlaceFault::parent;
    if (!place.has_certificate || place.certificate_view != place.parent_view ||
        place.certificate_block != place.parent || place.parent_view >= place.view)
        return PlaceFault::parent;
    // A child of the last block is of the next epoch by its height; its parent there is the start.
    return calendar.ends_epoch(place.parent_height) ? PlaceFault::beyond_epoch : PlaceFault::none;
}
}  // namespace

PlaceFault check_place(const Place& place, const StartBlock& start, const NullifiedViews& nullified,
                       const chain::Calendar& calendar, std::uint64_t& gap) noexcept
{
    gap = 0;
    if (place.height == 0 || calendar.epoch(place.height) != place.epoch)
        return PlaceFault::epoch;
    if (place.view == 0 || place.header_view == 0 || place.header_view > place.view)
        return PlaceFault::view;
    const bool again = place.header_view != place.view;
    const PlaceFault fault =
        again ? check_reproposal(place, calendar) : check_parent(place, start, calendar);
    if (fault != PlaceFault::none)
        return fault;
    const std::uint64_t after = again ? place.certificate_view : place.parent_view;
    const std::uint64_t missing = nullified.first_gap(after, place.view);
    if (missing == place.view)
        return PlaceFault::none;
    gap = missing;
    return PlaceFault::not_nullified;
}
}  // namespace mote::consensus
