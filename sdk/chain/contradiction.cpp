#include "chain/contradiction.hpp"

namespace mote::chain
{
namespace
{
[[nodiscard]] bool differ(const Digest& a, const Digest& b) noexcept
{
    return !is_zero(a) && !is_zero(b) && a != b;
}

Contradiction of_one_epoch(const RootHeader& low, const RootHeader& high) noexcept
{
    if (low.view >= high.view)
        return Contradiction::order;
    if (low.flags != high.flags || low.root_committee != high.root_committee ||
        low.ckpt_committee != high.ckpt_committee || low.zones_root != high.zones_root ||
        low.params_root != high.params_root || low.epoch_randao != high.epoch_randao)
        return Contradiction::epoch;
    if (!is_zero(low.next_set) &&
        (low.next_set != high.next_set || low.next_root_committee != high.next_root_committee ||
         low.next_ckpt_committee != high.next_ckpt_committee))
        return Contradiction::next;
    return Contradiction::none;
}
}  // namespace

Contradiction contradiction(const RootHeader& a, const RootHeader& b,
                            const Calendar& calendar) noexcept
{
    if (b.height < a.height)
        return contradiction(b, a, calendar);
    if (a.height == b.height)
        return hash_of(a) == hash_of(b) ? Contradiction::none : Contradiction::height;
    if (b.height - a.height == 1 && b.parent != hash_of(a))
        return Contradiction::parent;
    if (b.time_ms <= a.time_ms || b.epoch < a.epoch)
        return Contradiction::order;
    // Genesis is of epoch 0 and has the fields of its headers.
    if (a.epoch == b.epoch)
        return of_one_epoch(a, b);
    if (b.epoch - a.epoch == 1 && !is_zero(a.next_set) &&
        (differ(a.next_root_committee, b.root_committee) ||
         (!is_zero(a.next_ckpt_committee) && a.next_ckpt_committee != b.ckpt_committee)))
        return Contradiction::adoption;
    if (calendar.period(a.epoch) == calendar.period(b.epoch) &&
        differ(a.ckpt_committee, b.ckpt_committee))
        return Contradiction::checkpoint;
    return Contradiction::none;
}
}  // namespace mote::chain
