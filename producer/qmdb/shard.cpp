#include "qmdb/shard.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <ranges>
#include <utility>

#include "base/assert.hpp"
#include "qmdb/kernels.hpp"

namespace mote::qmdb
{
namespace
{
const char* text_of(state::Fault fault)
{
    switch (fault)
    {
        case state::Fault::batch_key:
            return "a key is empty, longer than 255 bytes, or hashes to a bound";
        case state::Fault::batch_value:
            return "a value is longer than 65535 bytes";
        case state::Fault::batch_collision:
            return "two keys have one hash";
        case state::Fault::sn_space:
            return "no serial numbers are left";
        default:
            return "the batch is void";
    }
}

Digest to_digest(ByteView bytes)
{
    Digest out;
    std::memcpy(out.data(), bytes.data(), out.size());
    return out;
}
}  // namespace

BatchError::BatchError(state::Fault why, std::uint64_t at)
    : std::runtime_error(text_of(why)), fault(why), operation(at)
{
}

Shard::Shard(Disk& disk, unsigned number, std::uint64_t segment_bytes, std::uint64_t memory_bytes)
    : number_(number), log_(disk, number, segment_bytes, memory_bytes)
{
}

void Shard::create()
{
    state::EntryFields sentry;
    sentry.next = state::upper_bound_of_shard(number_);
    write(sentry, nullptr, 0);
    index_.insert(prefix_of(state::lower_bound_of_shard(number_)), 0);
    numbers_.active_count = 1;
    hash_records(0);
    memory_.clear();
}

Shard::Found Shard::find(const Digest& hash, ByteView key, BlockMemory& memory) const
{
    candidates_.clear();
    index_.find(prefix_of(hash), candidates_);
    return find_among(candidates_, hash, key, memory);
}

Shard::Found Shard::find_among(std::span<const std::uint64_t> candidates, const Digest& hash,
                               ByteView key, BlockMemory& memory) const
{
    bool covered = false;
    Found best = {};
    for (const std::uint64_t position : candidates)
    {
        const state::Entry entry = log_.read(position, memory);
        if (!twigs_.active(entry.sn))
            continue;
        if (!entry.sentry() && equal_vartime(entry.key, key))
            return {entry, hash, position, true};
        const Digest other = state::hash_of(entry, number_);
        if (other == hash)
            return {entry, hash, position, true};  // a collision: plan_block says so
        if (other < hash && (!covered || best.hash < other))
        {
            best = {entry, other, position, false};
            covered = true;
        }
    }
    return covered ? best : find_before(hash, {}, memory);
}

Shard::Found Shard::find_before(const Digest& hash, ByteView key, BlockMemory& memory) const
{
    // Below the prefix, and with a key: among its own prefix, too.
    std::vector<std::uint64_t>& positions = candidates_;
    positions.clear();
    bool covered = false;
    Found best = {};
    const auto look = [&]
    {
        for (const std::uint64_t position : positions)
        {
            const state::Entry entry = log_.read(position, memory);
            if (!twigs_.active(entry.sn))
                continue;
            const Digest other = state::hash_of(entry, number_);
            if (other < hash && (!covered || best.hash < other))
            {
                best = {entry, other, position, false};
                covered = true;
            }
        }
        positions.clear();
    };
    Prefix prefix = prefix_of(hash);
    if (!key.empty())
    {
        index_.find(prefix, positions);
        look();
    }
    while (!covered)
    {
        if (!index_.find_before(prefix, prefix, positions))
            throw Damage("index", 0, "no entry covers a key hash");
        look();
    }
    return best;
}

void Shard::hold(const Found& found)
{
    const state::Entry& entry = found.entry;
    plan_.held.push_back(
        {found.hash, to_digest(entry.next), entry.key, entry.value, entry.version, entry.sn});
    plan_.positions.push_back(found.position);
}

void Shard::look_up(const state::Change& change, std::span<const std::uint64_t> candidates)
{
    const Found found = find_among(candidates, change.hash, change.key, memory_);
    hold(found);
    if (found.own && change.erase)
        hold(find_before(change.hash, change.key, memory_));
}

// Asks the index for every change, in one go: its misses overlap.
void Shard::gather(std::span<const state::Change> changes)
{
    constexpr std::size_t ahead = 8;
    gathered_.clear();
    first_of_.clear();
    for (std::size_t i = 0; i < changes.size(); ++i)
    {
        if (i + 2 * ahead < changes.size())
            index_.prefetch(prefix_of(changes[i + 2 * ahead].hash));
        if (i + ahead < changes.size())
            index_.prefetch_elements(prefix_of(changes[i + ahead].hash));
        first_of_.push_back(static_cast<std::uint32_t>(gathered_.size()));
        const Prefix prefix = prefix_of(changes[i].hash);
        index_.find(prefix, gathered_);
        // A new key: its predecessor will be asked for.
        if (Prefix before = 0; gathered_.size() == first_of_.back())
            static_cast<void>(index_.find_before(prefix, before, gathered_));
    }
    first_of_.push_back(static_cast<std::uint32_t>(gathered_.size()));
    log_.fetch(gathered_, memory_);
}

void Shard::prefetch_entry(std::size_t change) const
{
    for (std::uint32_t i = first_of_[change]; i < first_of_[change + 1]; ++i)
        if (log_.in_memory(gathered_[i]))
            log_.prefetch(gathered_[i]);
}

void Shard::prefetch_bit(std::size_t change) const
{
    for (std::uint32_t i = first_of_[change]; i < first_of_[change + 1]; ++i)
        if (log_.in_memory(gathered_[i]))
            twigs_.prefetch(log_.sn_in_memory(gathered_[i]));
}

void Shard::plan(std::span<const state::Change> changes)
{
    // An entry's memory is asked for first, then the bit that its serial number leads to.
    constexpr std::size_t ahead = 8;
    // What was fetched lives in memory_, and a read of it that failed must not be found again.
    const auto forget = [this](void*) { log_.forget_fetched(); };
    const std::unique_ptr<void, decltype(forget)> forget_in_any_case(this, forget);
    memory_.clear();
    plan_.held.clear();
    plan_.positions.clear();
    plan_.appends.clear();
    plan_.deleted.clear();
    plan_.changes = changes;
    if (changes.empty())
        return;
    gather(changes);
    for (std::size_t i = 0; i < std::min(2 * ahead, changes.size()); ++i)
        prefetch_entry(i);
    for (std::size_t i = 0; i < changes.size(); ++i)
    {
        if (i + 2 * ahead < changes.size())
            prefetch_entry(i + 2 * ahead);
        if (i + ahead < changes.size())
            prefetch_bit(i + ahead);
        look_up(changes[i],
                std::span(gathered_).subspan(first_of_[i], first_of_[i + 1] - first_of_[i]));
    }
    plan_sorted();

    plan_.appends.resize(2 * changes.size());
    plan_.deleted.resize(changes.size());
    state::Plan plan;
    state::Fault fault;
    const Status status =
        state::plan_block(plan_.held, changes, plan_.appends, plan_.deleted, plan, fault);
    if (status == Status::malformed)
        throw BatchError(fault, changes.front().order);
    if (status != Status::ok)
        throw Damage("index", 0, "the list of keys has a gap");
    if (numbers_.next_sn + 5 * state::appends_max(changes.size()) >= state::sn_end)
        throw BatchError(state::Fault::sn_space, 0);
    plan_.appends.resize(plan.appends.size());
    plan_.deleted.resize(plan.deleted.size());
}

// Puts the held entries in order, each once. Changes are in order, and mostly that is all there is to
// it; covers and predecessors come out of order, and several times.
void Shard::plan_sorted()
{
    bool sorted = true;
    for (std::size_t i = 1; i < plan_.held.size() && sorted; ++i)
        sorted = plan_.held[i - 1].hash < plan_.held[i].hash;
    if (sorted)
        return;
    std::vector<std::uint32_t> order(plan_.held.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b)
              { return plan_.held[a].hash < plan_.held[b].hash; });
    std::vector<state::Held> held;
    std::vector<std::uint64_t> positions;
    held.reserve(order.size());
    positions.reserve(order.size());
    for (const std::uint32_t i : order)
        if (held.empty() || held.back().sn != plan_.held[i].sn)
        {
            held.push_back(plan_.held[i]);
            positions.push_back(plan_.positions[i]);
        }
    plan_.held = std::move(held);
    plan_.positions = std::move(positions);
}

std::uint64_t Shard::write(const state::EntryFields& fields, const std::uint64_t* names,
                           std::size_t count)
{
    const std::size_t bytes =
        state::entry_head_bytes + 8 * count + fields.key.size() + fields.value.size();
    std::uint8_t* const entry = stage(bytes);
    state::encode_entry(fields, names, count, entry);
    positions_.push_back(log_.append({entry, bytes}));
    return positions_.back();
}

// Gives room for an entry that is to become a leaf, with zeros up to a whole block behind it. As many
// as are hashed at once, and no more: so they stay in the first cache.
std::uint8_t* Shard::stage(std::size_t bytes)
{
    constexpr std::size_t at_once = 64;
    if (staged_.size() == at_once)
        hash_staged();
    const std::size_t padded = state::round_up(bytes, 64);
    std::uint8_t* const entry = staged_memory_.take(padded);
    std::memset(entry + bytes, 0, padded - bytes);
    staged_.push_back(entry);
    staged_blocks_.push_back(static_cast<std::uint32_t>(padded / 64));
    return entry;
}

void Shard::hash_staged()
{
    if (staged_.empty())
        return;
    const std::size_t at = leaves_.size();
    leaves_.resize(at + staged_.size());
    kernels().leaves(staged_.data(), staged_blocks_.data(), staged_.size(), leaves_[at].data());
    staged_.clear();
    staged_blocks_.clear();
    staged_memory_.clear();
}

void Shard::change_index(const IndexChange& change, Undo& undo)
{
    bool good = true, alone = false;
    if (change.from == no_position)
        index_.insert(change.prefix(), change.to);
    else if (change.to == no_position)
        good = index_.erase(change.prefix(), change.from, &alone);
    else
        good = index_.replace(change.prefix(), change.from, change.to, &alone);
    if (!good)
        throw Damage("index", 0, "an entry that was read is not in the index");
    undo.index.push_back(change);
    undo.index.back().set_alone(alone);
}

Prefix Shard::prefix_of_append(const state::Append& append) const
{
    return prefix_of(append.held == state::no_index ? plan_.changes[append.change].hash
                                                    : plan_.held[append.held].hash);
}

// What the batch and the old entries say was in a cache when the block was planned; since then all other
// shards were.
void Shard::prefetch_content(const state::Append& append) const
{
    if (append.held != state::no_index)
    {
        __builtin_prefetch(plan_.held[append.held].key.data());
        twigs_.prefetch(plan_.held[append.held].sn);
    }
    else
        __builtin_prefetch(plan_.changes[append.change].key.data());
    const ByteView value = append.change != state::no_index ? plan_.changes[append.change].value
                                                            : plan_.held[append.held].value;
    __builtin_prefetch(value.data());
}

void Shard::append_changes(std::uint64_t height, Undo& undo)
{
    constexpr std::size_t ahead = 8;
    for (std::size_t a = 0; a < plan_.appends.size(); ++a)
    {
        if (a + 2 * ahead < plan_.appends.size())
            index_.prefetch(prefix_of_append(plan_.appends[a + 2 * ahead]));
        if (a + ahead < plan_.appends.size())
        {
            index_.prefetch_elements(prefix_of_append(plan_.appends[a + ahead]));
            prefetch_content(plan_.appends[a + ahead]);
        }
        const state::Append& append = plan_.appends[a];
        const bool is_new = append.held == state::no_index;
        state::EntryFields fields;
        const Prefix prefix = prefix_of_append(append);
        if (is_new)
            fields.key = plan_.changes[append.change].key;
        else
        {
            fields.key = plan_.held[append.held].key;
            fields.value = plan_.held[append.held].value;
        }
        if (append.change != state::no_index)
            fields.value = plan_.changes[append.change].value;
        fields.next = append.next;
        fields.version = height;
        const std::uint64_t first = numbers_.next_sn;
        std::uint64_t position = 0;
        numbers_.next_sn = state::emit_append(
            append, plan_.held, plan_.deleted, first,
            [&](std::uint64_t sn, const std::uint64_t* names, std::size_t count, bool last)
            {
                fields.sn = sn;
                position = write(fields, names, count);
                for (std::size_t i = 0; i < count; ++i)
                    if (names[i] < undo.numbers.next_sn)
                    {
                        twigs_.clear(names[i]);
                        undo.cleared.push_back(names[i]);
                    }
                if (!last)
                    not_last_.push_back(sn);
            });
        change_index({prefix, false, is_new ? no_position : plan_.positions[append.held], position},
                     undo);
        numbers_.active_count += is_new ? 1 : 0;
    }
    for (const std::uint32_t index : plan_.deleted)
        change_index(
            {prefix_of(plan_.held[index].hash), false, plan_.positions[index], no_position}, undo);
    numbers_.active_count -= plan_.deleted.size();
}

// Finds what is appended again: the active entries at the floor.
void Shard::gather_floor(std::uint64_t first)
{
    const std::uint64_t appended = numbers_.next_sn - first;
    std::uint64_t next_sn = numbers_.next_sn;
    floor_cursor_.position = numbers_.floor_position;
    floor_.clear();
    for (std::uint64_t examined = 0; state::compaction_goes_on(
             examined, appended, numbers_.floor, first, next_sn, numbers_.active_count);
         ++examined, ++numbers_.floor)
    {
        if (!twigs_.active(numbers_.floor))
        {
            log_.skip(floor_cursor_);
            continue;
        }
        const std::uint64_t from = floor_cursor_.position;
        const bool stays = log_.in_memory(from);
        state::Entry old = log_.next(floor_cursor_);
        if (old.sn != numbers_.floor)
        {
            const auto [file, offset] = log_.place(from);
            throw Damage(file, offset, "another serial number than expected");
        }
        if (!stays)
        {
            std::uint8_t* const copy = memory_.take(old.bytes.size());
            std::memcpy(copy, old.bytes.data(), old.bytes.size());
            state::Fault fault;
            static_cast<void>(state::decode_entry({copy, old.bytes.size()}, old, fault));
        }
        floor_.push_back({old, from});
        ++next_sn;
    }
    numbers_.floor_position = floor_cursor_.position;
}

void Shard::compact(std::uint64_t first, Undo& undo)
{
    gather_floor(first);
    constexpr std::size_t at_once = 64;
    std::array<const std::uint8_t*, at_once> keys;
    std::array<std::uint8_t, at_once> lengths;
    std::array<Digest, at_once> hashes;
    for (std::size_t begin = 0; begin < floor_.size(); begin += at_once)
    {
        const std::size_t count = std::min(at_once, floor_.size() - begin);
        for (std::size_t i = 0; i < count; ++i)
        {
            const ByteView key = floor_[begin + i].entry.key;
            keys[i] = key.data();
            lengths[i] = static_cast<std::uint8_t>(key.size());
        }
        kernels().keys(keys.data(), lengths.data(), count, hashes[0].data());
        for (std::size_t i = 0; i < count; ++i)
        {
            if (floor_[begin + i].entry.sentry())
                hashes[i] = state::lower_bound_of_shard(number_);
            index_.prefetch(prefix_of(hashes[i]));
        }
        for (std::size_t i = 0; i < count; ++i)
            index_.prefetch_elements(prefix_of(hashes[i]));
        for (std::size_t i = 0; i < count; ++i)
        {
            const auto& [old, from] = floor_[begin + i];
            const state::EntryFields copy = {old.key, old.value, to_digest(old.next), old.version,
                                             numbers_.next_sn};
            const std::uint64_t to = write(copy, &old.sn, 1);
            ++numbers_.next_sn;
            twigs_.clear(old.sn);
            undo.cleared.push_back(old.sn);
            change_index({prefix_of(hashes[i]), false, from, to}, undo);
        }
    }
}

void Shard::append_leaves(std::uint64_t first)
{
    hash_staged();
    for (std::size_t i = 0; i < leaves_.size(); ++i)
        twigs_.append(leaves_[i], positions_[i]);
    for (const std::uint64_t sn : not_last_)
        twigs_.clear(sn);
    numbers_.next_sn = first + leaves_.size();
    numbers_.tail = log_.tail();
    leaves_.clear();
    positions_.clear();
    not_last_.clear();
}

void Shard::hash_records(std::uint64_t first)
{
    append_leaves(first);
    rehash();
}

void Shard::rehash()
{
    root_ =
        state::shard_root(twigs_.update(), numbers_.next_sn, numbers_.floor, numbers_.active_count);
}

bool Shard::apply(std::uint64_t height)
{
    Undo& undo = undo_.emplace_back();
    if (plan_.appends.empty())
        return false;
    undo.changed = true;
    undo.numbers = numbers_;
    undo.root = root_;
    undo.open_leaves = twigs_.open_leaves();
    const std::uint64_t first = numbers_.next_sn;
    append_changes(height, undo);
    compact(first, undo);
    undo.copies = not_last_;
    hash_records(first);
    return true;
}

void Shard::undo()
{
    Undo& undo = undo_.back();
    if (undo.changed)
    {
        for (const IndexChange& change : std::views::reverse(undo.index))
        {
            if (change.from == no_position)
                index_.erase(change.prefix(), change.to);
            else if (change.to == no_position)
                index_.insert(change.prefix(), change.from);
            else
                index_.replace(change.prefix(), change.to, change.from);
        }
        twigs_.take_back(undo.numbers.next_sn, std::move(undo.open_leaves));
        for (const std::uint64_t sn : undo.cleared)
            twigs_.set(sn);
        numbers_ = undo.numbers;
        log_.take_back(numbers_.tail);
        floor_cursor_.window.clear();
        rehash();
        MOTE_ASSERT(root_ == undo.root);
    }
    undo_.pop_back();
}

void Shard::keep()
{
    Undo& undo = undo_.front();
    if (undo.changed && has_changes_)
    {
        undo.cleared.insert(undo.cleared.end(), undo.copies.begin(), undo.copies.end());
        changes_.add(std::move(undo.index), std::move(undo.cleared));
        if (changes_.count > ShardChanges::count_max)
            forget_changes();
    }
    undo_.pop_front();
}

std::uint64_t Shard::position_of(std::uint64_t sn) const
{
    Log::Cursor cursor;
    cursor.position = twigs_.chunk_position(sn >> state::chunk_shift);
    for (std::uint64_t at = sn & ~std::uint64_t{state::chunk_entries - 1}; at < sn; ++at)
        log_.skip(cursor);
    return cursor.position;
}

state::Entry Shard::entry(std::uint64_t sn, BlockMemory& memory) const
{
    const std::uint64_t position = position_of(sn);
    const state::Entry entry = log_.read(position, memory);
    if (entry.sn != sn)
    {
        const auto [file, offset] = log_.place(position);
        throw Damage(file, offset, "another serial number than expected");
    }
    return entry;
}

void Shard::log_drop_before()
{
    log_.drop_before(twigs_.next_sn() == twigs_.first_sn()
                         ? numbers_.tail
                         : twigs_.chunk_position(twigs_.first_sn() >> state::chunk_shift));
}
}  // namespace mote::qmdb
