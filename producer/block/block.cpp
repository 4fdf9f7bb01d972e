#include "block/block.hpp"

#include <algorithm>
#include <bit>

#include "base/assert.hpp"
#include "block/key_order.hpp"

namespace mote::block
{
namespace
{
constexpr std::array<std::uint8_t, 4> magic = {'m', 't', 'b', '1'};
constexpr std::size_t head_bytes = 160;
constexpr evm::Fork oldest_fork = evm::Fork::cancun;
constexpr std::uint32_t mode_count = 4;

/// Takes from the front; after the first failure everything fails.
class Cursor
{
  public:
    explicit Cursor(Bytes bytes) : rest_(bytes) {}

    [[nodiscard]] bool take(std::size_t count, Bytes& out)
    {
        if (count > rest_.size())
            return false;
        out = rest_.first(count);
        rest_ = rest_.subspan(count);
        return true;
    }
    [[nodiscard]] bool u32(std::uint32_t& out)
    {
        Bytes bytes;
        if (!take(4, bytes))
            return false;
        out = load_le32(bytes.data());
        return true;
    }
    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }

  private:
    Bytes rest_;
};

[[nodiscard]] BlockError decode_head(Bytes head, Header& out, std::uint32_t& count)
{
    const std::uint8_t* const p = head.data();
    if (!std::equal(magic.begin(), magic.end(), p))
        return BlockError::magic;
    if (p[4] < static_cast<std::uint8_t>(oldest_fork) ||
        p[4] > static_cast<std::uint8_t>(evm::newest_fork))
        return BlockError::fork_unsupported;
    if (p[5] != 0 || p[6] != 0 || p[7] != 0)
        return BlockError::padding;
    out.fork = static_cast<evm::Fork>(p[4]);
    out.number = load_le64(p + 8);
    out.timestamp = load_le64(p + 16);
    out.gas_limit = load_le64(p + 24);
    out.chain_id = load_le64(p + 32);
    for (std::size_t i = 0; i < 4; ++i)
        out.base_fee.limb[i] = load_le64(p + 40 + 8 * i);
    std::copy_n(p + 72, 32, out.prev_randao.begin());
    std::copy_n(p + 104, 32, out.parent.begin());
    std::copy_n(p + 136, 20, out.coinbase.bytes.begin());
    count = load_le32(p + 156);
    return count > transactions_max ? BlockError::transactions_too_many : BlockError::none;
}

[[nodiscard]] BlockError decode_transactions(Cursor& cursor, std::uint32_t count,
                                             std::vector<Bytes>& out)
{
    Bytes lengths;
    if (!cursor.take(std::size_t{4} * count, lengths))
        return BlockError::truncated;
    out.resize(count);
    for (std::uint32_t i = 0; i < count; ++i)
    {
        const std::uint32_t length = load_le32(lengths.data() + std::size_t{4} * i);
        if (length > transaction_bytes_max)
            return BlockError::transaction_too_long;
        if (!cursor.take(length, out[i]))
            return BlockError::truncated;
    }
    return BlockError::none;
}

[[nodiscard]] BlockError decode_keys(Cursor& cursor, std::vector<fafo::StateKey>& out)
{
    std::uint32_t count = 0;
    constexpr std::size_t shortest = 21;
    if (!cursor.u32(count) || count > cursor.remaining() / shortest)
        return BlockError::truncated;
    out.resize(count);
    for (std::uint32_t i = 0; i < count; ++i)
    {
        Bytes kind, address, slot;
        if (!cursor.take(1, kind) || !cursor.take(20, address))
            return BlockError::truncated;
        if (kind[0] > static_cast<std::uint8_t>(KeyKind::balance))
            return BlockError::key_kind_unknown;
        if (kind[0] == static_cast<std::uint8_t>(KeyKind::slot) && !cursor.take(32, slot))
            return BlockError::truncated;
        auto* const to = reinterpret_cast<std::uint8_t*>(out[i].words.data());
        std::copy(address.begin(), address.end(), to);
        std::copy(slot.begin(), slot.end(), to + key_slot_offset);
        to[key_kind_offset] = kind[0];
        if (i != 0 && !block::is_before(out[i - 1], out[i]))
            return BlockError::keys_unordered;
    }
    return BlockError::none;
}

[[nodiscard]] BlockError decode_accesses(Cursor& cursor, std::uint32_t transactions,
                                         AccessLists& out)
{
    std::vector<bool> used(out.keys.size());
    out.first.reserve(transactions + std::size_t{1});
    for (std::uint32_t i = 0; i < transactions; ++i)
    {
        std::uint32_t count = 0;
        Bytes entries;
        if (!cursor.u32(count) || !cursor.take(std::size_t{4} * count, entries))
            return BlockError::truncated;
        for (std::uint32_t k = 0; k < count; ++k)
        {
            const std::uint32_t entry = load_le32(entries.data() + std::size_t{4} * k);
            const std::uint32_t key = entry / mode_count;
            if (key >= out.keys.size())
                return BlockError::key_missing;
            if (k != 0 && key <= out.entries.back().key)
                return BlockError::accesses_unordered;
            used[key] = true;
            out.entries.push_back({key, static_cast<fafo::Mode>(entry % mode_count)});
        }
        out.first.push_back(static_cast<std::uint32_t>(out.entries.size()));
    }
    return std::find(used.begin(), used.end(), false) == used.end() ? BlockError::none
                                                                    : BlockError::key_unused;
}

class Writer
{
  public:
    void bytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
    template <class Int>
    void integer(Int value)
    {
        std::array<std::uint8_t, sizeof(Int)> bytes;
        store_le(bytes.data(), value);
        this->bytes(bytes);
    }
    [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(out_); }

  private:
    std::vector<std::uint8_t> out_;
};

struct ErrorText
{
    const char* name;
    const char* text;
};
constexpr std::array error_texts = {
#define MOTE_BLOCK_ERROR(name, text) ErrorText{#name, text},
#include "block/block_error_table.inc"
#undef MOTE_BLOCK_ERROR
};
}  // namespace

const char* name_of(BlockError error) noexcept
{
    return error_texts[static_cast<std::size_t>(error)].name;
}
const char* text_of(BlockError error) noexcept
{
    return error_texts[static_cast<std::size_t>(error)].text;
}

evm::BlockContext context_of(const Header& header) noexcept
{
    evm::BlockContext out;
    out.number = header.number;
    out.timestamp = header.timestamp;
    out.gas_limit = header.gas_limit;
    out.coinbase = header.coinbase;
    out.prev_randao = evm::to_word(header.prev_randao);
    out.base_fee = header.base_fee;
    out.chain_id = header.chain_id;
    return out;
}

AccessLists make_access_lists(std::span<const std::vector<fafo::PredictedAccess>> accesses,
                              std::uint64_t seed)
{
    AccessLists out;
    std::size_t total = 0;
    for (const auto& list : accesses)
        total += list.size();
    out.entries.reserve(total);
    out.first.reserve(accesses.size() + 1);
    // Numbers keys as they appear; a place of the table holds 1 + the number.
    std::vector<fafo::StateKey> keys;
    std::vector<std::uint32_t> table(std::bit_ceil(2 * total + 1));
    for (const auto& list : accesses)
    {
        for (const fafo::PredictedAccess& access : list)
        {
            std::size_t at = fafo::hash_of(access.key, seed) & (table.size() - 1);
            while (table[at] != 0 && !is_same(keys[table[at] - 1], access.key))
                at = (at + 1) & (table.size() - 1);
            if (table[at] == 0)
            {
                keys.push_back(access.key);
                table[at] = static_cast<std::uint32_t>(keys.size());
            }
            out.entries.push_back({table[at] - 1, access.mode});
        }
        out.first.push_back(static_cast<std::uint32_t>(out.entries.size()));
    }
    std::vector<OrderedKey<std::uint32_t>> order(keys.size());
    for (std::uint32_t i = 0; i < keys.size(); ++i)
        order[i] = ordered(keys[i], i);
    sort_keys(order, [&](std::uint32_t number) -> const fafo::StateKey& { return keys[number]; });
    out.keys.resize(keys.size());
    std::vector<std::uint32_t>& place = table;  // of the key with a number
    for (std::uint32_t i = 0; i < order.size(); ++i)
    {
        out.keys[i] = keys[order[i].payload];
        place[order[i].payload] = i;
    }
    for (AccessEntry& entry : out.entries)
        entry.key = place[entry.key];
    for (std::size_t i = 0; i < accesses.size(); ++i)
        std::sort(out.entries.begin() + out.first[i], out.entries.begin() + out.first[i + 1],
                  [](const AccessEntry& a, const AccessEntry& b) { return a.key < b.key; });
    return out;
}

BlockError decode(Bytes bytes, Block& out)
{
    out = {};
    if (bytes.size() > block_bytes_max)
        return BlockError::too_long;
    Cursor cursor(bytes);
    Bytes head;
    std::uint32_t count = 0;
    if (!cursor.take(head_bytes, head))
        return BlockError::truncated;
    if (const BlockError error = decode_head(head, out.header, count); error != BlockError::none)
        return error;
    if (const BlockError error = decode_transactions(cursor, count, out.transactions);
        error != BlockError::none)
        return error;
    if (const BlockError error = decode_keys(cursor, out.access.keys); error != BlockError::none)
        return error;
    if (const BlockError error = decode_accesses(cursor, count, out.access);
        error != BlockError::none)
        return error;
    return cursor.remaining() == 0 ? BlockError::none : BlockError::trailing_bytes;
}

std::vector<std::uint8_t> encode(const Block& block)
{
    const Header& header = block.header;
    MOTE_ASSERT(block.access.first.size() == block.transactions.size() + 1);
    Writer out;
    out.bytes(magic);
    out.integer(static_cast<std::uint32_t>(header.fork));
    out.integer(header.number);
    out.integer(header.timestamp);
    out.integer(header.gas_limit);
    out.integer(header.chain_id);
    for (const std::uint64_t limb : header.base_fee.limb)
        out.integer(limb);
    out.bytes(header.prev_randao);
    out.bytes(header.parent);
    out.bytes(header.coinbase.bytes);
    out.integer(static_cast<std::uint32_t>(block.transactions.size()));
    for (const Bytes transaction : block.transactions)
    {
        MOTE_ASSERT(transaction.size() <= transaction_bytes_max);
        out.integer(static_cast<std::uint32_t>(transaction.size()));
    }
    for (const Bytes transaction : block.transactions)
        out.bytes(transaction);
    out.integer(static_cast<std::uint32_t>(block.access.keys.size()));
    for (const fafo::StateKey& key : block.access.keys)
    {
        const Bytes bytes(bytes_of(key), sizeof key.words);
        out.bytes(bytes.subspan(key_kind_offset, 1));
        out.bytes(bytes.first(key_slot_offset));
        if (kind_of(key) == KeyKind::slot)
            out.bytes(bytes.subspan(key_slot_offset, 32));
    }
    for (std::size_t i = 0; i < block.transactions.size(); ++i)
    {
        const std::span<const AccessEntry> entries = block.access.of(i);
        out.integer(static_cast<std::uint32_t>(entries.size()));
        for (const AccessEntry& entry : entries)
            out.integer(entry.key * mode_count + static_cast<std::uint32_t>(entry.mode));
    }
    return out.take();
}
}  // namespace mote::block
