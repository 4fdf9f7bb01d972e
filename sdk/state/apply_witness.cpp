#include "state/apply_witness.hpp"

#include <algorithm>
#include <cstring>

namespace mote::state
{
namespace
{
bool by_hash(const Held& a, const Held& b) noexcept
{
    return std::memcmp(a.hash.data(), b.hash.data(), a.hash.size()) < 0;
}

Digest to_digest(Bytes bytes) noexcept
{
    Digest out;
    std::memcpy(out.data(), bytes.data(), out.size());
    return out;
}

// One shard while a block is applied to it.
class ShardUpdate
{
  public:
    ShardUpdate(const Section& section, std::uint64_t height, OpenedChunk* chunks) noexcept
        : section_(section),
          height_(height),
          chunks_(chunks),
          chunk_count_(section.chunks.size()),
          first_(section.next_sn),
          active_(section.active_count),
          floor_(section.floor),
          frontier_(*section.frontier)
    {
        for (std::size_t i = 0; i < chunk_count_; ++i)
            chunks_[i] = section.chunks[i];
    }

    Status append_changes(std::span<const Held> held, std::span<const Change> changes,
                          const Plan& plan) noexcept
    {
        for (const Append& append : plan.appends)
        {
            const bool is_new = append.held == no_index;
            const Held* const before = is_new ? nullptr : &held[append.held];
            EntryFields fields;
            fields.key = is_new ? changes[append.change].key : before->key;
            fields.value = append.change == no_index ? before->value : changes[append.change].value;
            fields.next = append.next;
            fields.version = height_;
            bool good = true;
            emit_append(append, held, plan.deleted, next_sn(),
                        [&](std::uint64_t sn, const std::uint64_t* names, std::size_t count,
                            bool last) noexcept
                        {
                            fields.sn = sn;
                            good = good && push(fields, names, count);
                            good = good && (last || clear(sn));
                        });
            if (!good)
                return Status::rejected;
            if (is_new)
                ++active_;
        }
        active_ -= plan.deleted.size();
        return Status::ok;
    }

    Status compact(std::uint64_t appended) noexcept
    {
        for (std::uint64_t examined = 0;
             compaction_goes_on(examined, appended, floor_, first_, next_sn(), active_);
             ++examined, ++floor_)
        {
            const OpenedChunk* const chunk = find(floor_ >> chunk_shift);
            if (chunk == nullptr)
                return Status::rejected;
            if (!test_bit(chunk->bits, floor_))
                continue;
            const OpenedEntry* const old = section_.entry(floor_);
            if (old == nullptr)
                return Status::rejected;
            const EntryFields copy = {old->entry.key, old->entry.value, to_digest(old->entry.next),
                                      old->entry.version, next_sn()};
            if (!push(copy, &floor_, 1))
                return Status::rejected;
        }
        return Status::ok;
    }

    // Folds what the chunks are now.
    //
    // The siblings are those of the fold before: a new chunk stands right of the append point's, so
    // nothing that was an item is new, and what was null is null or in the row.
    Digest root(Node* row) noexcept
    {
        if ((next_sn() & (chunk_entries - 1)) != 0)
            chunks_[chunk_count_ - 1].s = frontier_.open_chunk();
        for (std::size_t i = 0; i < chunk_count_; ++i)
            row[i] = {chunks_[i].number, kh(Domain::bits, chunks_[i].bits, chunks_[i].s)};
        std::size_t count = chunk_count_;
        Items items(section_.upper_items);
        const bool enough = fold_row({Domain::node, next_sn(), nullptr}, row, count, chunk_shift,
                                     tree_height(next_sn()), items);
        MOTE_ASSERT(enough && count == 1 && items.taken_bytes() == section_.upper_items.size());
        static_cast<void>(enough);
        return shard_root(row[0].hash, next_sn(), floor_, active_);
    }

    [[nodiscard]] std::uint64_t next_sn() const noexcept { return frontier_.sn; }
    [[nodiscard]] std::size_t chunk_count() const noexcept { return chunk_count_; }

  private:
    OpenedChunk* find(std::uint64_t number) noexcept
    {
        OpenedChunk* const end = chunks_ + chunk_count_;
        OpenedChunk* const at =
            std::lower_bound(chunks_, end, number, [](const OpenedChunk& chunk, std::uint64_t n)
                             { return chunk.number < n; });
        return at != end && at->number == number ? at : nullptr;
    }

    bool clear(std::uint64_t sn) noexcept
    {
        OpenedChunk* const chunk = find(sn >> chunk_shift);
        if (chunk == nullptr || !test_bit(chunk->bits, sn))
            return false;
        clear_bit(chunk->bits, sn);
        return true;
    }

    bool push(const EntryFields& fields, const std::uint64_t* names, std::size_t count) noexcept
    {
        if (fields.sn + 1 >= sn_end)
            return false;
        // A copy's own predecessor is not active any more.
        for (std::size_t i = 0; i < count; ++i)
            if (names[i] < first_ && !clear(names[i]))
                return false;
        const std::uint64_t number = fields.sn >> chunk_shift;
        if (chunks_[chunk_count_ - 1].number != number)
            chunks_[chunk_count_++] = {number, {}, {}};
        OpenedChunk& chunk = chunks_[chunk_count_ - 1];
        set_bit(chunk.bits, fields.sn);
        frontier_.append(leaf_hash(fields, names, count), chunk.s);
        return true;
    }

    const Section& section_;
    std::uint64_t height_;
    OpenedChunk* chunks_;
    std::size_t chunk_count_;
    std::uint64_t first_, active_, floor_;
    Frontier frontier_;
};

// Chunks that a shard has room for after `changes` operations.
std::size_t new_chunks_max(std::size_t changes) noexcept
{
    return static_cast<std::size_t>(5 * appends_max(changes) / chunk_entries + 2);
}

// The active entries of a section, by hash.
Status collect_held(const Section& section, Arena& arena, std::span<Held>& held) noexcept
{
    Held* const out = arena.take<Held>(section.entries.size());
    if (out == nullptr)
        return Status::memory_too_small;
    std::size_t count = 0;
    for (const OpenedEntry& opened : section.entries)
    {
        const Entry& entry = opened.entry;
        if (opened.active)
            out[count++] = {hash_of(entry, section.shard),
                            to_digest(entry.next),
                            entry.key,
                            entry.value,
                            entry.version,
                            entry.sn};
    }
    held = {out, count};
    std::sort(held.begin(), held.end(), by_hash);
    return Status::ok;
}

Status update_shard(const Section& section, std::uint64_t height, std::span<const Change> changes,
                    Arena& arena, Digest& root, Defect& defect) noexcept
{
    const std::size_t mark = arena.used();
    std::span<Held> held;
    MOTE_TRY(collect_held(section, arena, held));
    Append* const appends = arena.take<Append>(2 * changes.size());
    std::uint32_t* const deleted = arena.take<std::uint32_t>(changes.size());
    const std::size_t chunks_max = section.chunks.size() + new_chunks_max(changes.size());
    OpenedChunk* const chunks = arena.take<OpenedChunk>(chunks_max);
    Node* const row = arena.take<Node>(chunks_max);
    if (appends == nullptr || deleted == nullptr || chunks == nullptr || row == nullptr)
        return Status::memory_too_small;

    Plan plan;
    MOTE_TRY(plan_block(held, changes, {appends, 2 * changes.size()}, {deleted, changes.size()},
                        plan, defect.fault));
    if (plan.appends.empty())
        root = section.root;
    else
    {
        defect.fault = section.next_sn + 5 * appends_max(changes.size()) >= sn_end ? Fault::sn_space
                                                                                   : Fault::missing;
        ShardUpdate update(section, height, chunks);
        MOTE_TRY(update.append_changes(held, changes, plan));
        MOTE_TRY(update.compact(update.next_sn() - section.next_sn));
        MOTE_ASSERT(update.chunk_count() <= chunks_max);
        root = update.root(row);
        defect.fault = Fault::none;
    }
    arena.release_to(mark);
    return Status::ok;
}
}  // namespace

std::size_t apply_memory_bytes(std::size_t witness_bytes, std::size_t operation_count) noexcept
{
    const std::size_t rows = witness_bytes / entry_head_bytes + shard_count;
    return operation_count * (sizeof(Change) + 2 * sizeof(Append) + sizeof(std::uint32_t)) +
           rows * (sizeof(Held) + sizeof(OpenedChunk) + sizeof(Node)) +
           new_chunks_max(operation_count) * (sizeof(OpenedChunk) + sizeof(Node)) +
           16 * Arena::alignment;
}

Status apply_witness(const Opened& opened, std::uint64_t height,
                     std::span<const Operation> operations, Arena& arena, Digest& new_root,
                     Defect& defect) noexcept
{
    MOTE_ASSERT(opened.kind == Kind::witness && operations.size() < no_index);
    defect = {};
    if (opened.kind != Kind::witness || opened.section_count == 0)
        return Status::invalid_argument;
    Change* const all = arena.take<Change>(operations.size());
    if (all == nullptr)
        return Status::memory_too_small;
    for (std::size_t i = 0; i < operations.size(); ++i)
    {
        defect.offset = i;
        MOTE_TRY(
            prepare_change(operations[i], static_cast<std::uint32_t>(i), all[i], defect.fault));
    }
    defect.offset = 0;
    std::size_t count = 0;
    MOTE_TRY(settle_changes({all, operations.size()}, count, defect.fault));

    // Hashes carry their shard, so the changes of a shard lie side by side.
    Digest roots[shard_count];
    std::size_t c = 0;
    for (std::uint32_t i = 0; i < opened.section_count; ++i)
    {
        const Section& section = opened.section[i];
        const std::size_t begin = c;
        if (c < count && shard_of(all[c].hash) < section.shard)
            break;
        while (c < count && shard_of(all[c].hash) == section.shard)
            ++c;
        MOTE_TRY(update_shard(section, height, {all + begin, c - begin}, arena, roots[i], defect));
    }
    if (c != count)
    {
        defect.fault = Fault::missing;
        return Status::rejected;
    }
    const bool enough = fold_state(opened, roots, opened.state_items, new_root);
    MOTE_ASSERT(enough);
    return enough ? Status::ok : Status::invalid_argument;
}
}  // namespace mote::state
