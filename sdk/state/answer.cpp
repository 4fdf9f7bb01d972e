#include "state/answer.hpp"

#include <algorithm>
#include <cstring>

namespace mote::state
{
namespace
{
bool less(const Digest& a, const Digest& b) noexcept
{
    return std::memcmp(a.data(), b.data(), a.size()) < 0;
}

bool covers(const Entry& entry, std::uint32_t shard, const Digest& hash) noexcept
{
    return std::memcmp(hash.data(), entry.next.data(), hash.size()) < 0 &&
           less(hash_of(entry, shard), hash);
}

// Whether an opened entry of the section names `entry` in a block after `height`.
bool ends_after(const Section& section, const Entry& entry, std::uint64_t height) noexcept
{
    return std::any_of(section.entries.begin(), section.entries.end(), [&](const OpenedEntry& other)
                       { return other.entry.version > height && other.entry.names(entry.sn); });
}

// Of the entries that speak about the key, only the last one that `counts` can stand: whatever came
// after an earlier one of them ended it, and before that time. So one of them is asked whether it
// `stands`, and a proof full of old versions costs one pass.
template <class Counts, class Stands>
Answer find(const Opened& opened, Bytes key, Bytes& value, const Counts& counts,
            const Stands& stands) noexcept
{
    value = {};
    if (key.empty() || key.size() > key_bytes_max)
        return Answer::unproven;
    const Digest hash = key_hash(key);
    const Section* const section = opened.of_shard(shard_of(hash));
    if (section == nullptr)
        return Answer::unproven;
    const auto last = [&](const auto& speaks) -> const Entry*
    {
        for (std::size_t i = section->entries.size(); i-- > 0;)
        {
            const OpenedEntry& opened_entry = section->entries[i];
            if (counts(opened_entry) && speaks(opened_entry.entry))
                return stands(*section, opened_entry) ? &opened_entry.entry : nullptr;
        }
        return nullptr;
    };
    if (const Entry* const entry = last([&](const Entry& e) { return equal_vartime(e.key, key); }))
    {
        value = entry->value;
        return Answer::present;
    }
    if (last([&](const Entry& e) { return covers(e, section->shard, hash); }) != nullptr)
        return Answer::absent;
    return Answer::unproven;
}
}  // namespace

Answer answer(const Opened& opened, Bytes key, Bytes& value) noexcept
{
    return find(
        opened, key, value, [](const OpenedEntry& entry) { return entry.active; },
        [](const Section&, const OpenedEntry&) { return true; });
}

Answer answer_after(const Opened& opened, Bytes key, std::uint64_t height, Bytes& value) noexcept
{
    return find(
        opened, key, value,
        [height](const OpenedEntry& entry) { return entry.entry.version <= height; },
        [height](const Section& section, const OpenedEntry& entry)
        { return entry.active || ends_after(section, entry.entry, height); });
}
}  // namespace mote::state
