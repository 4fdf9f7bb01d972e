// Replaying the log into a shard: leaves, bits, and the index without reading what entries name.
//
// An entry F with key hash h and next key hash x names the entries that it puts out of action. Which
// elements of the index those are follows from the rules of a block (state/block_rules.hpp):
//
//   - Those of deleted keys lie between h and x. After the block x is next to h, so every key that was
//     strictly between them was deleted in this block, and F names it: no other entry has that gap.
//     Entries of one block come by ascending hash, so no gap is looked at after a later entry's
//     insert. A compaction's copy deletes nothing, and its gap is empty.
//   - The other one, if any, is the entry that F's own key had.
//
// Elements have 36 bits of a hash. Those with a prefix strictly between the prefixes of h and x are
// certainly between h and x: named, all of them. If F names as many, there is no other. If F names one
// more, that one has the prefix of h (F's own key, or the first of the deleted) and the first serial
// number that F names, or the prefix of x (the last of the deleted) and the last serial number. Its
// position is within the chunk of its serial number, and the twigs know where chunks begin. The true
// element is among those that fit; so if only one fits, it is the one. In a log of millions of
// entries this decides all but a few in a hundred thousand. For the others, and for entries with so
// many names that a copy of them may follow, the log is read as an update reads it.
#include <algorithm>
#include <array>
#include <cstring>

#include "qmdb/kernels.hpp"
#include "qmdb/shard.hpp"

namespace mote::qmdb
{
struct Shard::Replay
{
    struct Entry
    {
        Prefix prefix, next;
        std::uint64_t position;
        std::uint32_t first_name, name_count;
    };
    Log::Cursor cursor;
    bool read_all = false;
    std::vector<Entry> entries;  // of a batch
    std::vector<std::uint64_t> names;
    // What one entry names, as far as the index says it.
    std::vector<std::pair<Prefix, std::uint64_t>> named;
    BlockMemory memory;
    // For a run of changes, if one is to come.
    std::vector<IndexChange> changes;
    std::vector<std::uint64_t> cleared;
};

namespace
{
constexpr std::size_t batch_entries = 4096;
constexpr std::size_t at_once = 64;  // keys are hashed together
}  // namespace

void Shard::replay(const ShardNumbers& to, bool read_all)
{
    Replay replay;
    replay.read_all = read_all;
    replay.cursor.position = numbers_.tail;
    while (numbers_.next_sn < to.next_sn)
    {
        replay_batch(replay, to);
        replay_index(replay);
        numbers_.tail = replay.cursor.position;
        if (has_changes_ && changes_.count + replay.changes.size() + replay.cleared.size() >
                                ShardChanges::count_max)
        {
            forget_changes();
            replay.changes = {};
            replay.cleared = {};
        }
    }
    if (replay.cursor.position != to.tail)
    {
        const auto [file, offset] = log_.place(replay.cursor.position);
        throw Damage(file, offset, "the log ends elsewhere");
    }
    if (has_changes_)
        changes_.add(std::move(replay.changes), std::move(replay.cleared));
    numbers_ = to;
    floor_cursor_.window.clear();
    rehash();
}

// Reads and hashes some entries, and appends their leaves.
void Shard::replay_batch(Replay& replay, const ShardNumbers& to)
{
    replay.entries.clear();
    replay.names.clear();
    const std::uint64_t first = numbers_.next_sn;
    std::array<const std::uint8_t*, at_once> keys;
    std::array<std::uint8_t, at_once> lengths;
    std::array<Digest, at_once> hashes;
    std::size_t count = 0;
    const auto hash_keys = [&]
    {
        kernels().keys(keys.data(), lengths.data(), count, hashes[0].data());
        Replay::Entry* const of = replay.entries.data() + (replay.entries.size() - count);
        for (std::size_t i = 0; i < count; ++i)
            of[i].prefix =
                prefix_of(lengths[i] != 0 ? hashes[i] : state::lower_bound_of_shard(number_));
        count = 0;
    };
    for (std::size_t i = 0; i < batch_entries && first + i < to.next_sn; ++i)
    {
        const std::uint64_t position = replay.cursor.position;
        const auto damage = [&](const char* what)
        {
            const auto [file, offset] = log_.place(position);
            return Damage(file, offset, what);
        };
        const state::Entry entry = log_.next(replay.cursor);
        if (entry.sn != first + i || replay.cursor.position > to.tail)
            throw damage("another serial number than expected");
        // Staged entries live until the next multiple of at_once is staged, as long as their keys do.
        std::uint8_t* const staged = stage(entry.bytes.size());
        std::memcpy(staged, entry.bytes.data(), entry.bytes.size());
        positions_.push_back(position);
        keys[count] = entry.sentry() ? staged : staged + (entry.key.data() - entry.bytes.data());
        lengths[count] = static_cast<std::uint8_t>(entry.key.size());
        ++count;
        Digest next;
        std::memcpy(next.data(), entry.next.data(), next.size());
        replay.entries.push_back({0, prefix_of(next), position,
                                  static_cast<std::uint32_t>(replay.names.size()),
                                  static_cast<std::uint32_t>(entry.deactivated_count())});
        for (std::size_t n = 0; n < entry.deactivated_count(); ++n)
        {
            replay.names.push_back(entry.deactivated_sn(n));
            if (replay.names.back() >= entry.sn || replay.names.back() < twigs_.first_sn())
                throw damage("an entry names one that it cannot name");
        }
        if (count == at_once)
            hash_keys();
    }
    hash_keys();
    append_leaves(first);
    twigs_.hash_open_chunks();
}

// Brings the index and the bits to where the entries lead, one after the other as they were made.
void Shard::replay_index(Replay& replay)
{
    constexpr std::size_t ahead = 8;
    const std::vector<Replay::Entry>& entries = replay.entries;
    for (std::size_t i = 0; i < entries.size(); ++i)
    {
        if (i + 2 * ahead < entries.size())
            index_.prefetch(entries[i + 2 * ahead].prefix);
        if (i + ahead < entries.size())
        {
            const Replay::Entry& later = entries[i + ahead];
            index_.prefetch_elements(later.prefix);
            for (std::uint32_t n = 0; n < later.name_count; ++n)
            {
                twigs_.prefetch(replay.names[later.first_name + n]);
                twigs_.prefetch_extent(replay.names[later.first_name + n]);
            }
        }
        const Replay::Entry& entry = entries[i];
        const std::uint64_t* const names = replay.names.data() + entry.first_name;
        for (std::uint32_t n = 0; n < entry.name_count; ++n)
            twigs_.clear(names[n]);
        if (has_changes_)
            replay.cleared.insert(replay.cleared.end(), names, names + entry.name_count);
        replay.named.clear();
        if (entry.name_count != 0 && (replay.read_all || !find_named(replay, i)))
        {
            replay.named.clear();
            replay.memory.clear();
            for (std::uint32_t n = 0; n < entry.name_count; ++n)
                erase_named(replay, names[n], entry.prefix);
        }
        // Nearly always a key's old place becomes its new one.
        if (replay.named.size() == 1 && replay.named[0].first == entry.prefix)
        {
            change_index(replay, entry.prefix, replay.named[0].second, entry.position);
            continue;
        }
        for (const auto& [prefix, position] : replay.named)
            change_index(replay, prefix, position, no_position);
        change_index(replay, entry.prefix, no_position, entry.position);
    }
}

// Finds the elements of what an entry names, as the head of this file explains; false if it takes
// reading to tell.
bool Shard::find_named(Replay& replay, std::size_t number) const
{
    const Replay::Entry& entry = replay.entries[number];
    const std::uint32_t count = entry.name_count;
    if (count == state::deactivated_max)
        return false;
    const std::uint64_t* const names = replay.names.data() + entry.first_name;
    const auto [first_from, first_to] = twigs_.chunk_extent(names[0], replay.cursor.position);
    const auto [last_from, last_to] = twigs_.chunk_extent(names[count - 1], replay.cursor.position);
    std::uint32_t between = 0, fit = 0;
    index_.scan(entry.prefix, entry.next,
                [&](Prefix prefix, std::uint64_t position)
                {
                    const bool strictly = prefix != entry.prefix && prefix != entry.next;
                    const bool fits =
                        !strictly &&
                        (prefix == entry.prefix ? position >= first_from && position < first_to
                                                : position >= last_from && position < last_to);
                    between += strictly ? 1 : 0;
                    fit += fits ? 1 : 0;
                    if (strictly || fits)
                        replay.named.emplace_back(prefix, position);
                    return between <= count && fit <= 1;
                });
    return fit <= 1 && between + fit == count;
}

void Shard::erase_named(Replay& replay, std::uint64_t sn, Prefix prefix_of_namer)
{
    // Nearly always it is the entry's own key, under the same prefix.
    std::vector<std::uint64_t> positions;
    index_.find(prefix_of_namer, positions);
    for (const std::uint64_t position : positions)
        if (log_.read(position, replay.memory).sn == sn)
        {
            change_index(replay, prefix_of_namer, position, no_position);
            return;
        }
    const std::uint64_t position = position_of(sn);
    const state::Entry gone = log_.read(position, replay.memory);
    change_index(replay, prefix_of(state::hash_of(gone, number_)), position, no_position);
}

void Shard::change_index(Replay& replay, Prefix prefix, std::uint64_t from, std::uint64_t to)
{
    bool good = true, alone = false;
    if (from == no_position)
        index_.insert(prefix, to);
    else if (to == no_position)
        good = index_.erase(prefix, from, &alone);
    else
        good = index_.replace(prefix, from, to, &alone);
    if (!good)
    {
        const auto [file, offset] = log_.place(from);
        throw Damage(file, offset, "an entry that another one names is not in the index");
    }
    if (has_changes_)
        replay.changes.emplace_back(prefix, alone, from, to);
}
}  // namespace mote::qmdb
