#include "fafo/prices.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace mote::fafo
{
namespace
{
// Four factors of at most 2^40 and 2^64 fit.
__extension__ using Wide = unsigned __int128;
constexpr unsigned step = 8;  // a block moves a multiplier by at most 1/8

template <class Item>
bool by_key(const Item& a, const Item& b)
{
    return bytes_less(a.key, b.key);
}
}  // namespace

Prices::Prices(std::uint64_t budget) : budget_(budget) { MOTE_ASSERT(budget >= 4); }

Multiplier Prices::of(const StateKey& key) const
{
    const auto at =
        std::lower_bound(entries_.begin(), entries_.end(), Entry{key, 0}, by_key<Entry>);
    return at != entries_.end() && at->key == key ? at->multiplier : multiplier_one;
}

Multiplier Prices::of(std::span<const StateKey> written) const
{
    Multiplier sum = multiplier_one;
    for (const StateKey& key : written)
        sum = std::min(multiplier_max, sum + of(key) - multiplier_one);
    return sum;
}

Multiplier Prices::next(Multiplier multiplier, std::uint64_t used) const
{
    used = std::min(used, budget_);
    if (used == target())
        return multiplier;
    if (used > target())
    {
        const Wide more = Wide{multiplier} * (used - target()) / (Wide{budget_ - target()} * step);
        return std::min(multiplier_max,
                        multiplier + std::max<Multiplier>(1, static_cast<Multiplier>(more)));
    }
    const Wide less = Wide{multiplier} * (target() - used) / (Wide{target()} * step);
    return std::max(multiplier_one,
                    multiplier - std::max<Multiplier>(1, static_cast<Multiplier>(less)));
}

void Prices::end_block(std::vector<SerialGas> used)
{
    std::sort(used.begin(), used.end(), by_key<SerialGas>);
    std::vector<Entry> entries;
    auto old = entries_.cbegin();
    const auto move_to = [&](const StateKey& key, Multiplier multiplier)
    {
        if (multiplier > multiplier_one)
            entries.push_back({key, multiplier});
    };
    for (auto at = used.cbegin(); at != used.cend();)
    {
        const StateKey& key = at->key;
        std::uint64_t gas = 0;
        for (; at != used.cend() && at->key == key; ++at)
            gas += std::min(at->gas, budget_ - gas);  // more than the budget changes nothing
        for (; old != entries_.cend() && bytes_less(old->key, key); ++old)
            move_to(old->key, next(old->multiplier, 0));
        const bool known = old != entries_.cend() && old->key == key;
        move_to(key, next(known ? old->multiplier : multiplier_one, gas));
        old += known ? 1 : 0;
    }
    for (; old != entries_.cend(); ++old)
        move_to(old->key, next(old->multiplier, 0));
    if (entries.size() > keys_max)
    {
        std::nth_element(entries.begin(), entries.begin() + keys_max, entries.end(),
                         [](const Entry& a, const Entry& b)
                         {
                             return a.multiplier != b.multiplier ? a.multiplier > b.multiplier
                                                                 : bytes_less(a.key, b.key);
                         });
        entries.resize(keys_max);
        std::sort(entries.begin(), entries.end(), by_key<Entry>);
    }
    entries_ = std::move(entries);
}

std::uint64_t price_of(std::uint64_t base_fee, Multiplier multiplier) noexcept
{
    const Wide price = (Wide{base_fee} * multiplier + (multiplier_one - 1)) / multiplier_one;
    return static_cast<std::uint64_t>(std::min<Wide>(price, ~std::uint64_t{0}));
}

Charge charge(std::uint64_t base_fee, Multiplier multiplier, std::uint64_t fee_max,
              std::uint64_t tip_max) noexcept
{
    MOTE_ASSERT(fee_max >= base_fee);
    const std::uint64_t floor = price_of(base_fee, multiplier);
    if (floor > fee_max)
        return {false, fee_max, 0};
    const std::uint64_t tip = std::min(tip_max, fee_max - floor);
    return {true, floor + tip, tip};
}
}  // namespace mote::fafo
