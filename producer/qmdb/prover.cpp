#include "qmdb/prover.hpp"

#include <cstring>

#include "qmdb/kernels.hpp"

namespace mote::qmdb
{
namespace
{
using Bytes = std::vector<std::uint8_t>;

template <typename Int>
void put(Bytes& out, Int value)
{
    out.resize(out.size() + sizeof value);
    store_le(out.data() + out.size() - sizeof value, value);
}

void put(Bytes& out, const Digest& digest) { out.insert(out.end(), digest.begin(), digest.end()); }

// One shard's section; keeps the leaves of the chunks it read.
class SectionBuilder
{
  public:
    SectionBuilder(const Shard& shard, Bytes& out) : shard_(shard), out_(out) {}

    void build(const std::set<std::uint64_t>& sns, const std::set<std::uint64_t>& chunks,
               bool witness)
    {
        const ShardNumbers& numbers = shard_.numbers();
        put(out_, numbers.next_sn);
        put(out_, numbers.floor);
        put(out_, numbers.active_count);
        put(out_, static_cast<std::uint32_t>(sns.size()));
        put(out_, static_cast<std::uint32_t>(chunks.size()));
        for (const std::uint64_t sn : sns)
            put_entry(sn);
        for (const std::uint64_t chunk : chunks)
            put(out_, chunk);
        std::set<std::uint64_t> row = sns;
        if (witness)
            row.insert(numbers.next_sn);
        fold(row, 0, state::chunk_shift);
        for (const std::uint64_t chunk : chunks)
        {
            put(out_, shard_.twigs().chunk_s(chunk));
            row.insert(chunk);
        }
        for (const std::uint64_t chunk : row)
            if (chunk << state::chunk_shift < numbers.next_sn)
                put(out_, shard_.twigs().chunk_bits(chunk));
        fold(row, state::chunk_shift, state::tree_height(numbers.next_sn));
    }

  private:
    // All nodes below S of a chunk, level by level: 256, 128, .. 2.
    struct Chunk
    {
        std::vector<Digest> nodes;
        Bytes entries;                     // padded to 8, side by side
        std::vector<std::size_t> offsets;  // one more than entries
    };

    void put_entry(std::uint64_t sn)
    {
        const Chunk& c = chunk(sn >> state::chunk_shift);
        const std::size_t i = sn & (state::chunk_entries - 1);
        out_.insert(out_.end(), c.entries.begin() + static_cast<std::ptrdiff_t>(c.offsets[i]),
                    c.entries.begin() + static_cast<std::ptrdiff_t>(c.offsets[i + 1]));
    }

    void fold(std::set<std::uint64_t>& row, std::uint32_t from, std::uint32_t to)
    {
        for (std::uint32_t level = from; level < to; ++level)
        {
            std::set<std::uint64_t> parents;
            for (const std::uint64_t index : row)
            {
                const std::uint64_t sibling = index ^ 1;
                if (!row.contains(sibling) && sibling << level < shard_.numbers().next_sn)
                    put(out_, node(level, sibling));
                parents.insert(index >> 1);
            }
            row = std::move(parents);
        }
    }

    Digest node(std::uint32_t level, std::uint64_t index)
    {
        if (level >= state::chunk_shift)
            return shard_.twigs().node(level, index);
        const std::uint32_t in_chunk = state::chunk_shift - level;
        const Chunk& c = chunk(index >> in_chunk);
        // Level l begins after 256 + 128 + .. nodes of the levels below.
        const std::size_t begin =
            2 * std::size_t{state::chunk_entries} - (std::size_t{2} << in_chunk);
        return c.nodes[begin + (index & ((std::uint64_t{1} << in_chunk) - 1))];
    }

    const Chunk& chunk(std::uint64_t number)
    {
        const auto found = chunks_.find(number);
        if (found != chunks_.end())
            return found->second;
        const std::uint64_t first = number << state::chunk_shift;
        if (first < shard_.twigs().first_sn())
            throw NotHere("entry " + std::to_string(first) + " is pruned");
        Chunk& c = chunks_[number];
        c.nodes.resize(2 * std::size_t{state::chunk_entries} - 2);
        Log::Cursor cursor;
        cursor.position = shard_.twigs().chunk_position(number);
        const std::uint64_t start = cursor.position;
        c.offsets.push_back(0);
        for (std::uint64_t i = 0; i < state::chunk_entries && first + i < shard_.numbers().next_sn;
             ++i)
        {
            const state::Entry entry = shard_.log().next(cursor);
            c.nodes[i] = state::chain(state::Domain::leaf, entry.bytes);
            c.entries.insert(c.entries.end(), entry.bytes.begin(), entry.bytes.end());
            c.entries.resize(state::round_up(c.entries.size(), 8));
            c.offsets.push_back(c.entries.size());
        }
        std::size_t below = 0, at = state::chunk_entries;
        for (std::size_t n = state::chunk_entries / 2; n >= 2; n /= 2)
        {
            std::vector<const std::uint8_t*> inputs(n);
            for (std::size_t i = 0; i < n; ++i)
                inputs[i] = c.nodes[below + 2 * i].data();
            kernels().nodes(inputs.data(), n, c.nodes[at].data());
            below = at;
            at += n;
        }
        // The log may have rotted since; then no proof is better than one that nobody accepts.
        if (state::kh(state::Domain::node, c.nodes[below], c.nodes[below + 1]) !=
            shard_.twigs().chunk_s(number))
        {
            const auto [file, offset] = shard_.log().place(start);
            throw Damage(file, offset, "a chunk of entries does not lead to its hash");
        }
        return c;
    }

    const Shard& shard_;
    Bytes& out_;
    std::map<std::uint64_t, Chunk> chunks_;
};

void select(const Shard::Found& found, unsigned shard, Selection& selection)
{
    selection.sns[shard].insert(found.entry.sn);
}

// Which positions compaction would examine, and the active ones among them.
void select_compaction(const Shard& shard, std::set<std::uint64_t>& sns,
                       std::set<std::uint64_t>& chunks)
{
    const ShardPlan& plan = shard.planned();
    const ShardNumbers& numbers = shard.numbers();
    if (plan.appends.empty())
        return;
    std::uint64_t next_sn = numbers.next_sn, active = numbers.active_count, floor = numbers.floor;
    std::set<std::uint64_t> cleared;
    for (const state::Append& append : plan.appends)
    {
        next_sn = state::emit_append(
            append, plan.held, plan.deleted, next_sn,
            [&](std::uint64_t, const std::uint64_t* names, std::size_t count, bool)
            { cleared.insert(names, names + count); });
        active += append.held == state::no_index ? 1 : 0;
    }
    active -= plan.deleted.size();
    const std::uint64_t appended = next_sn - numbers.next_sn;
    for (std::uint64_t examined = 0;
         state::compaction_goes_on(examined, appended, floor, numbers.next_sn, next_sn, active);
         ++examined, ++floor)
    {
        chunks.insert(floor >> state::chunk_shift);
        if (shard.twigs().active(floor) && !cleared.contains(floor))
        {
            sns.insert(floor);
            ++next_sn;
        }
    }
}
}  // namespace

std::vector<std::uint8_t> build_proof(Store& store, const Selection& selection, bool witness)
{
    Bytes out = {'m', 'q', witness ? std::uint8_t{'w'} : std::uint8_t{'p'}, '1'};
    std::uint16_t mask = 0;
    for (const auto& [s, sns] : selection.sns)
        mask = static_cast<std::uint16_t>(mask | 1U << s);
    put(out, mask);
    put(out, std::uint16_t{0});
    for (const auto& [s, sns] : selection.sns)
    {
        const auto chunks = selection.chunks.find(s);
        SectionBuilder(store.shard(s), out)
            .build(sns,
                   chunks == selection.chunks.end() ? std::set<std::uint64_t>{} : chunks->second,
                   witness);
    }
    std::vector<Digest> row;
    row.reserve(state::shard_count);
    for (unsigned s = 0; s < state::shard_count; ++s)
        row.push_back(store.shard(s).root());
    for (std::uint32_t touched = mask; row.size() > 1;)
    {
        std::uint32_t parents = 0;
        std::vector<Digest> above;
        for (unsigned i = 0; i < row.size(); ++i)
        {
            if ((touched >> i & 1) != 0)
            {
                if ((touched >> (i ^ 1) & 1) == 0)
                    put(out, row[i ^ 1]);
                parents |= 1U << (i / 2);
            }
            if (i % 2 != 0)
                above.push_back(state::kh(state::Domain::state, row[i - 1], row[i]));
        }
        row = std::move(above);
        touched = parents;
    }
    return out;
}

void select_key(Store& store, ByteView key, Selection& selection)
{
    const Digest hash = state::key_hash(key);
    const unsigned s = state::shard_of(hash);
    BlockMemory memory;
    select(store.shard(s).find(hash, key, memory), s, selection);
}

void select_past(Store& store, ByteView key, std::uint64_t height, Selection& selection)
{
    if (height >= store.head().height || store.head().height == no_height)
    {
        select_key(store, key, selection);
        return;
    }
    static_cast<void>(store.block_at(height));  // throws if that is pruned
    const Digest hash = state::key_hash(key);
    const unsigned s = state::shard_of(hash);
    const Shard& shard = store.shard(s);
    BlockMemory memory;
    const Shard::Found now = shard.find(hash, key, memory);
    if (now.entry.version <= height)
    {
        select(now, s, selection);
        return;
    }

    // Of the entries that speak about the key, the last one whose content is old enough stood then;
    // the entry that names it ended that.
    Log::Cursor cursor;
    std::uint64_t sn = shard.twigs().first_sn();
    cursor.position = shard.twigs().chunk_position(sn >> state::chunk_shift);
    std::optional<std::uint64_t> then, ended_by;
    for (; sn < shard.numbers().next_sn; ++sn)
    {
        const state::Entry entry = shard.log().next(cursor);
        const bool speaks =
            entry.version <= height && (equal_vartime(entry.key, key) ||
                                        (std::memcmp(hash.data(), entry.next.data(), 32) < 0 &&
                                         state::hash_of(entry, s) < hash));
        if (speaks)
        {
            then = sn;
            ended_by.reset();
        }
        else if (then && !ended_by && entry.names(*then))
            ended_by = sn;
    }
    if (!then || !ended_by)
        throw NotHere("what stood at height " + std::to_string(height) + " is pruned");
    selection.sns[s].insert(*then);
    selection.sns[s].insert(*ended_by);
}

std::vector<std::uint8_t> build_witness(Store& store, std::span<const state::Operation> operations,
                                        std::span<const ByteView> reads)
{
    Selection selection;
    for (const ByteView key : reads)
        select_key(store, key, selection);
    store.plan(operations);
    for (unsigned s = 0; s < state::shard_count; ++s)
    {
        const Shard& shard = store.shard(s);
        const ShardPlan& plan = shard.planned();
        if (plan.changes.empty())
            continue;
        std::set<std::uint64_t>& sns = selection.sns[s];
        for (const state::Held& held : plan.held)
            sns.insert(held.sn);
        std::set<std::uint64_t>& chunks = selection.chunks[s];
        select_compaction(shard, sns, chunks);
        chunks.erase(shard.numbers().next_sn >> state::chunk_shift);
        for (const std::uint64_t sn : sns)
            chunks.erase(sn >> state::chunk_shift);
    }
    if (selection.sns.empty())
        selection.sns[0].insert(0);
    return build_proof(store, selection, true);
}
}  // namespace mote::qmdb
