// Sorting many state keys: by what decides nearly always, held beside the key, so that keys are not looked at.
//
// Worked case: of two slots of one token the first eight bytes of the address are equal, and the first bits of the
// slot decide. That the addresses are wholly equal is checked once for each run of equal prefixes.
#pragma once

#include <algorithm>
#include <vector>

#include "block/state_keys.hpp"

namespace mote::block
{
template <class Payload>
struct OrderedKey
{
    std::uint64_t address = 0;  ///< its first bytes
    std::uint64_t rest = 0;     ///< kind, and the first 62 bits of the slot
    Payload payload{};
};

template <class Payload>
[[nodiscard]] OrderedKey<Payload> ordered(const fafo::StateKey& key, Payload payload)
{
    const std::uint64_t slot = load_be<std::uint64_t>(bytes_of(key) + key_slot_offset);
    return {prefix_of(key), static_cast<std::uint64_t>(kind_of(key)) << 62 | slot >> 2, payload};
}

/// Sorts by address, kind, slot.
///
/// Shape   key_of(payload): the key that the entry was made from.
/// Cost    as std::sort, of 24 bytes each; where different addresses begin alike, once more.
template <class Payload, class KeyOf>
void sort_keys(std::vector<OrderedKey<Payload>>& keys, const KeyOf& key_of)
{
    using Item = OrderedKey<Payload>;
    std::sort(keys.begin(), keys.end(), [](const Item& a, const Item& b)
              { return a.address != b.address ? a.address < b.address : a.rest < b.rest; });
    const auto wholly = [&](const Item& a, const Item& b)
    { return block::is_before(key_of(a.payload), key_of(b.payload)); };
    for (auto run = keys.begin(); run != keys.end();)
    {
        const evm::Address address = address_of(key_of(run->payload));
        bool is_one_address = true, is_clear = true;
        auto end = run + 1;
        for (; end != keys.end() && end->address == run->address; ++end)
        {
            is_one_address = is_one_address && address_of(key_of(end->payload)) == address;
            is_clear = is_clear && end->rest != (end - 1)->rest;
        }
        if (!is_one_address)
            std::sort(run, end, wholly);
        else if (!is_clear)
            for (auto group = run; group != end;)
            {
                auto next = group + 1;
                while (next != end && next->rest == group->rest)
                    ++next;
                std::sort(group, next, wholly);
                group = next;
            }
        run = end;
    }
}
}  // namespace mote::block
