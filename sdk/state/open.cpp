#include "state/open.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace mote::state
{
namespace
{
constexpr std::size_t head_bytes = 8;
constexpr std::size_t section_head_bytes = 32;
constexpr std::size_t item_bytes = 32;

// Bytes with a position; every failure names the byte where the item begins.
struct Cursor
{
    Bytes bytes;
    std::size_t at;
    Defect* defect;

    Status fail(Fault fault, std::size_t where) const noexcept
    {
        *defect = {fault, where};
        return Status::malformed;
    }
    Status take(std::size_t count, Bytes& out) noexcept
    {
        if (count > bytes.size() - at)
            return fail(Fault::truncated, at);
        out = bytes.subspan(at, count);
        at += count;
        return Status::ok;
    }
    [[nodiscard]] Bytes rest() const noexcept { return bytes.subspan(at); }
};

struct Counts
{
    std::uint32_t entries, chunks;
};

Status read_section_head(Cursor& in, Kind kind, Section& section, Counts& counts) noexcept
{
    const std::size_t start = in.at;
    Bytes head;
    MOTE_TRY(in.take(section_head_bytes, head));
    section.next_sn = load_le64(head.data());
    section.floor = load_le64(head.data() + 8);
    section.active_count = load_le64(head.data() + 16);
    counts = {load_le32(head.data() + 24), load_le32(head.data() + 28)};
    if (section.next_sn == 0 || section.next_sn >= sn_end)
        return in.fail(Fault::next_sn, start);
    if (counts.entries == 0)
        return in.fail(Fault::entry_count, start + 24);
    if (kind == Kind::proof && counts.chunks != 0)
        return in.fail(Fault::chunk_count, start + 28);
    // Nothing is reserved for more than the bytes that are there could hold.
    if (counts.entries > (in.bytes.size() - in.at) / entry_head_bytes)
        return in.fail(Fault::truncated, start + 24);
    if (counts.chunks > (in.bytes.size() - in.at) / (8 + item_bytes))
        return in.fail(Fault::truncated, start + 28);
    return Status::ok;
}

Status read_entries(Cursor& in, const Section& section, std::span<OpenedEntry> entries) noexcept
{
    for (std::size_t i = 0; i < entries.size(); ++i)
    {
        const std::size_t start = in.at;
        Entry& entry = entries[i].entry;
        entries[i].active = false;
        Fault fault;
        if (decode_entry(in.rest(), entry, fault) != Status::ok)
            return in.fail(fault, start);
        if (entry.sn >= section.next_sn || (i != 0 && entry.sn <= entries[i - 1].entry.sn))
            return in.fail(Fault::entry_order, start + 16);
        in.at += entry.bytes.size();
        Bytes padding;
        MOTE_TRY(in.take(round_up(entry.bytes.size(), 8) - entry.bytes.size(), padding));
        for (const std::uint8_t byte : padding)
            if (byte != 0)
                return in.fail(Fault::entry_padding, start + entry.bytes.size());
    }
    return Status::ok;
}

// Checks the numbers of the extra chunks, which are not in a row yet.
Status read_chunk_numbers(Cursor& in, const Section& section, std::uint32_t count,
                          Bytes& numbers) noexcept
{
    const std::size_t start = in.at;
    MOTE_TRY(in.take(8 * std::size_t{count}, numbers));
    std::size_t e = 0;
    for (std::uint32_t i = 0; i < count; ++i)
    {
        const std::uint64_t number = load_le64(numbers.data() + 8 * i);
        const bool ascending = i == 0 || number > load_le64(numbers.data() + 8 * (i - 1));
        // The append point's chunk is in every witness; a later one begins after next SN.
        if (!ascending || number >= section.next_sn >> chunk_shift)
            return in.fail(Fault::chunk_order, start + 8 * i);
        while (e < section.entries.size() && section.entries[e].entry.sn >> chunk_shift < number)
            ++e;
        if (e < section.entries.size() && section.entries[e].entry.sn >> chunk_shift == number)
            return in.fail(Fault::chunk_order, start + 8 * i);
    }
    return Status::ok;
}

// Steps 2 and 3: the chunks of the row and the extra ones, in order, with their S and bits.
Status read_chunks(Cursor& in, Section& section, const Node* row, std::size_t row_count,
                   Bytes numbers, OpenedChunk* chunks) noexcept
{
    const std::size_t extra = numbers.size() / 8;
    Items items(in.rest());
    std::size_t r = 0, e = 0;
    for (std::size_t i = 0; i < row_count + extra; ++i)
    {
        const bool from_row =
            e == extra || (r < row_count && row[r].index < load_le64(numbers.data() + 8 * e));
        if (from_row)
            chunks[i] = {row[r].index, row[r].hash, {}}, ++r;
        else
        {
            chunks[i].number = load_le64(numbers.data() + 8 * e++);
            if (!items.next(chunks[i].s))
                return in.fail(Fault::truncated, in.at + items.taken_bytes());
        }
    }
    section.chunks = {chunks, row_count + extra};
    for (OpenedChunk& chunk : section.chunks)
    {
        chunk.bits = {};
        if (chunk.number << chunk_shift >= section.next_sn)
            continue;
        if (!items.next(chunk.bits))
            return in.fail(Fault::truncated, in.at + items.taken_bytes());
    }
    in.at += items.taken_bytes();
    return Status::ok;
}

Status open_section(Cursor& in, Kind kind, Arena& arena, Section& section) noexcept
{
    Counts counts;
    MOTE_TRY(read_section_head(in, kind, section, counts));
    OpenedEntry* const entries = arena.take<OpenedEntry>(counts.entries);
    if (entries == nullptr)
        return Status::memory_too_small;
    for (std::size_t i = 0; i < counts.entries; ++i)
        entries[i] = {};
    section.entries = {entries, counts.entries};
    MOTE_TRY(read_entries(in, section, section.entries));
    Bytes numbers;
    MOTE_TRY(read_chunk_numbers(in, section, counts.chunks, numbers));

    const bool appends = kind == Kind::witness;
    const std::size_t rows_max = std::size_t{counts.entries} + (appends ? 1 : 0) + counts.chunks;
    OpenedChunk* const chunks = arena.take<OpenedChunk>(rows_max);
    section.frontier = nullptr;
    if (appends)
    {
        section.frontier = arena.take<Frontier>(1);
        if (section.frontier == nullptr)
            return Status::memory_too_small;
        *section.frontier = {};
        section.frontier->sn = section.next_sn;
    }
    const std::size_t mark = arena.used();
    Node* const row = arena.take<Node>(rows_max);
    if (chunks == nullptr || row == nullptr)
        return Status::memory_too_small;

    std::size_t count = 0;
    for (const OpenedEntry& opened : section.entries)
        row[count++] = {opened.entry.sn, chain(Domain::leaf, opened.entry.bytes)};
    if (appends)
        row[count++] = {section.next_sn, null_node(0)};
    const Fold fold = {Domain::node, section.next_sn, section.frontier};
    Items leaf_items(in.rest());
    if (!fold_row(fold, row, count, 0, chunk_shift, leaf_items))
        return in.fail(Fault::truncated, in.at + leaf_items.taken_bytes());
    in.at += leaf_items.taken_bytes();
    MOTE_TRY(read_chunks(in, section, row, count, numbers, chunks));

    count = section.chunks.size();
    for (std::size_t i = 0; i < count; ++i)
        row[i] = {chunks[i].number, kh(Domain::bits, chunks[i].bits, chunks[i].s)};
    Items upper_items(in.rest());
    const std::uint32_t height = tree_height(section.next_sn);
    if (!fold_row({Domain::node, section.next_sn, nullptr}, row, count, chunk_shift, height,
                  upper_items))
        return in.fail(Fault::truncated, in.at + upper_items.taken_bytes());
    MOTE_ASSERT(count == 1 && row[0].index == 0);
    section.upper_items = in.rest().first(upper_items.taken_bytes());
    in.at += upper_items.taken_bytes();
    section.root = shard_root(row[0].hash, section.next_sn, section.floor, section.active_count);
    arena.release_to(mark);

    for (OpenedEntry& opened : section.entries)
        opened.active =
            test_bit(section.chunk(opened.entry.sn >> chunk_shift)->bits, opened.entry.sn);
    return Status::ok;
}

// Nothing of what did not turn out to be under the root can be asked.
Status open(Bytes bytes, Kind kind, const Digest& root, Arena& arena, Opened& opened,
            Defect& defect) noexcept
{
    Digest found;
    Status status = internal::open_any(bytes, kind, arena, opened, found, defect);
    if (status == Status::ok && found != root)
    {
        defect = {Fault::root, 0};
        status = Status::rejected;
    }
    if (status != Status::ok)
        opened = {};
    return status;
}
}  // namespace

const OpenedChunk* Section::chunk(std::uint64_t number) const noexcept
{
    std::size_t low = 0, high = chunks.size();
    while (low < high)
    {
        const std::size_t middle = (low + high) / 2;
        if (chunks[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < chunks.size() && chunks[low].number == number ? &chunks[low] : nullptr;
}

OpenedChunk* Section::chunk(std::uint64_t number) noexcept
{
    return const_cast<OpenedChunk*>(static_cast<const Section*>(this)->chunk(number));
}

const OpenedEntry* Section::entry(std::uint64_t sn) const noexcept
{
    std::size_t low = 0, high = entries.size();
    while (low < high)
    {
        const std::size_t middle = (low + high) / 2;
        if (entries[middle].entry.sn < sn)
            low = middle + 1;
        else
            high = middle;
    }
    return low < entries.size() && entries[low].entry.sn == sn ? &entries[low] : nullptr;
}

const Section* Opened::of_shard(std::uint32_t shard) const noexcept
{
    for (std::uint32_t i = 0; i < section_count; ++i)
        if (section[i].shard == shard)
            return &section[i];
    return nullptr;
}

std::size_t open_memory_bytes(std::size_t proof_bytes) noexcept
{
    // A row's node is an entry of 56 bytes or more, an extra chunk of 72, or a witness's append
    // point; each take may lose what alignment asks for.
    const std::size_t rows = proof_bytes / entry_head_bytes + shard_count;
    return rows * (sizeof(OpenedEntry) + sizeof(OpenedChunk) + sizeof(Node)) +
           shard_count * (sizeof(Frontier) + 4 * Arena::alignment);
}

Status open_proof(Bytes bytes, const Digest& root, Arena& arena, Opened& opened,
                  Defect& defect) noexcept
{
    return open(bytes, Kind::proof, root, arena, opened, defect);
}

Status open_witness(Bytes bytes, const Digest& root, Arena& arena, Opened& opened,
                    Defect& defect) noexcept
{
    return open(bytes, Kind::witness, root, arena, opened, defect);
}

namespace internal
{
Status open_any(Bytes bytes, Kind kind, Arena& arena, Opened& opened, Digest& root,
                Defect& defect) noexcept
{
    opened = {};
    opened.kind = kind;
    defect = {};
    Cursor in = {bytes, 0, &defect};
    Bytes head;
    MOTE_TRY(in.take(head_bytes, head));
    if (std::memcmp(head.data(), kind == Kind::proof ? "mqp1" : "mqw1", 4) != 0)
        return in.fail(Fault::magic, 0);
    const std::uint16_t mask = load_le16(head.data() + 4);
    if (mask == 0 || load_le16(head.data() + 6) != 0)
        return in.fail(Fault::shard_mask, 4);
    Digest roots[shard_count];
    std::uint32_t count = 0;
    for (std::uint32_t shard = 0; shard < shard_count; ++shard)
    {
        if ((mask >> shard & 1) == 0)
            continue;
        opened.section[count].shard = shard;
        MOTE_TRY(open_section(in, kind, arena, opened.section[count]));
        roots[count] = opened.section[count].root;
        ++count;
    }
    opened.state_items = in.rest();
    opened.section_count = count;

    Node row[shard_count];
    std::size_t nodes = count;
    for (std::size_t i = 0; i < nodes; ++i)
        row[i] = {opened.section[i].shard, roots[i]};
    Items items(opened.state_items);
    if (!fold_row({Domain::state, ~std::uint64_t{0}, nullptr}, row, nodes, 0, 4, items))
        return in.fail(Fault::truncated, in.at + items.taken_bytes());
    if (items.taken_bytes() != opened.state_items.size())
        return in.fail(Fault::trailing, in.at + items.taken_bytes());
    root = row[0].hash;
    return Status::ok;
}
}  // namespace internal

bool fold_state(const Opened& opened, const Digest* shard_roots, Bytes items, Digest& root) noexcept
{
    Node row[shard_count];
    std::size_t count = opened.section_count;
    for (std::size_t i = 0; i < count; ++i)
        row[i] = {opened.section[i].shard, shard_roots[i]};
    Items from(items);
    if (count == 0 ||
        !fold_row({Domain::state, ~std::uint64_t{0}, nullptr}, row, count, 0, 4, from))
        return false;
    root = row[0].hash;
    return from.taken_bytes() == items.size();
}
}  // namespace mote::state
