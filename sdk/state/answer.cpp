#include "state/answer.hpp"

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
    for (const OpenedEntry& other : section.entries)
        if (other.entry.version > height && other.entry.names(entry.sn))
            return true;
    return false;
}

// Calls `stands` for entries that speak about the key; the first that stands answers.
template <class Stands>
Answer find(const Opened& opened, Bytes key, Bytes& value, const Stands& stands) noexcept
{
    value = {};
    if (key.empty() || key.size() > key_bytes_max)
        return Answer::unproven;
    const Digest hash = key_hash(key);
    const Section* const section = opened.of_shard(shard_of(hash));
    if (section == nullptr)
        return Answer::unproven;
    for (const OpenedEntry& entry : section->entries)
        if (equal_vartime(entry.entry.key, key) && stands(*section, entry))
        {
            value = entry.entry.value;
            return Answer::present;
        }
    for (const OpenedEntry& entry : section->entries)
        if (stands(*section, entry) && covers(entry.entry, section->shard, hash))
            return Answer::absent;
    return Answer::unproven;
}
}  // namespace

Answer answer(const Opened& opened, Bytes key, Bytes& value) noexcept
{
    return find(opened, key, value,
                [](const Section&, const OpenedEntry& entry) { return entry.active; });
}

Answer answer_after(const Opened& opened, Bytes key, std::uint64_t height, Bytes& value) noexcept
{
    return find(opened, key, value,
                [height](const Section& section, const OpenedEntry& entry)
                {
                    return entry.entry.version <= height &&
                           (entry.active || ends_after(section, entry.entry, height));
                });
}
}  // namespace mote::state
