#include "qmdb/format.hpp"

#include <algorithm>
#include <cstring>

#include "hash/blake3.hpp"
#include "qmdb/crc32c.hpp"

namespace mote::qmdb
{
namespace
{
constexpr std::uint32_t version = 3;
constexpr std::size_t shard_bytes = 40;
constexpr std::size_t shards_at = 88;
constexpr std::size_t superblock_block_at = 64;
constexpr std::size_t digest_at = superblock_bytes - 32;
static_assert(shards_at + state::shard_count * shard_bytes <= block_record_bytes);
}  // namespace

std::uint64_t log_bytes(const BlockRecord& record)
{
    std::uint64_t units = 0;
    for (const ShardNumbers& shard : record.shards)
        units += shard.tail;
    return units * record_unit;
}

void encode(const BlockRecord& record, std::span<std::uint8_t, block_record_bytes> out)
{
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    std::uint8_t* const p = out.data();
    std::copy_n("mqbk", 4, p);
    store_le(p + 8, record.ordinal);
    store_le(p + 16, record.height);
    std::memcpy(p + 24, record.parent_root.data(), 32);
    std::memcpy(p + 56, record.root.data(), 32);
    for (std::size_t s = 0; s < state::shard_count; ++s)
    {
        std::uint8_t* const q = p + shards_at + s * shard_bytes;
        store_le(q, record.shards[s].next_sn);
        store_le(q + 8, record.shards[s].floor);
        store_le(q + 16, record.shards[s].active_count);
        store_le(q + 24, record.shards[s].tail);
        store_le(q + 32, record.shards[s].floor_position);
    }
    store_le(p + 4, crc32c(out.subspan(8)));
}

std::optional<BlockRecord> decode_block(ByteView bytes)
{
    if (bytes.size() < block_record_bytes || std::memcmp(bytes.data(), "mqbk", 4) != 0 ||
        load_le32(bytes.data() + 4) != crc32c(bytes.first(block_record_bytes).subspan(8)))
        return std::nullopt;
    const std::uint8_t* const p = bytes.data();
    BlockRecord record;
    record.ordinal = load_le64(p + 8);
    record.height = load_le64(p + 16);
    std::memcpy(record.parent_root.data(), p + 24, 32);
    std::memcpy(record.root.data(), p + 56, 32);
    for (std::size_t s = 0; s < state::shard_count; ++s)
    {
        const std::uint8_t* const q = p + shards_at + s * shard_bytes;
        record.shards[s] = {load_le64(q), load_le64(q + 8), load_le64(q + 16), load_le64(q + 24),
                            load_le64(q + 32)};
    }
    return record;
}

void encode(const Superblock& superblock, std::span<std::uint8_t, superblock_bytes> out)
{
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    std::uint8_t* const p = out.data();
    std::copy_n("mqsb", 4, p);
    store_le(p + 4, version);
    store_le(p + 8, superblock.generation);
    std::memcpy(p + 16, superblock.id.data(), 16);
    store_le(p + 32, superblock.segment_bytes);
    store_le(p + 40, superblock.kept_ordinal);
    encode(superblock.block, std::span<std::uint8_t, block_record_bytes>(p + superblock_block_at,
                                                                         block_record_bytes));
    const auto digest = hash::blake3(out.first(digest_at));
    std::memcpy(p + digest_at, digest.data(), digest.size());
}

std::optional<Superblock> decode_superblock(ByteView bytes)
{
    if (bytes.size() < superblock_bytes || std::memcmp(bytes.data(), "mqsb", 4) != 0)
        return std::nullopt;
    const std::uint8_t* const p = bytes.data();
    const auto digest = hash::blake3(bytes.first(digest_at));
    if (std::memcmp(p + digest_at, digest.data(), digest.size()) != 0)
        return std::nullopt;
    if (load_le32(p + 4) != version)
        throw Damage("superblock", 4,
                     "version " + std::to_string(load_le32(p + 4)) + ", this program knows " +
                         std::to_string(version));
    const auto block = decode_block(bytes.subspan(superblock_block_at));
    if (!block)
        return std::nullopt;
    Superblock out;
    out.generation = load_le64(p + 8);
    std::memcpy(out.id.data(), p + 16, 16);
    out.segment_bytes = load_le64(p + 32);
    out.kept_ordinal = load_le64(p + 40);
    out.block = *block;
    if (out.segment_bytes == 0 || out.segment_bytes % record_unit != 0)
        return std::nullopt;
    return out;
}
}  // namespace mote::qmdb
