// The store's own files besides the logs: what is in a block record and in a superblock.
//
// docs/formats/qmdb.md has both byte by byte.
#pragma once

#include <array>
#include <optional>

#include "qmdb/shard.hpp"

namespace mote::qmdb
{
inline constexpr std::size_t block_record_bytes = 768;
inline constexpr std::size_t superblock_bytes = 4096;
inline constexpr std::uint64_t no_height = ~std::uint64_t{0};

using StoreId = std::array<std::uint8_t, 16>;

/// Where the store is after a block. Record 0 is the creation.
struct BlockRecord
{
    std::uint64_t ordinal = 0;
    std::uint64_t height = no_height;
    Digest parent_root{};
    Digest root{};
    std::array<ShardNumbers, state::shard_count> shards;

    bool operator==(const BlockRecord&) const = default;
};

/// Bytes of the logs up to a block.
[[nodiscard]] std::uint64_t log_bytes(const BlockRecord& record);

/// Which block is the last one that is safe.
struct Superblock
{
    std::uint64_t generation = 0;
    StoreId id{};
    std::uint64_t segment_bytes = 0;
    std::uint64_t kept_ordinal = 0;  ///< what is older may be pruned
    BlockRecord block;
};

void encode(const BlockRecord& record, std::span<std::uint8_t, block_record_bytes> out);
[[nodiscard]] std::optional<BlockRecord> decode_block(ByteView bytes);

void encode(const Superblock& superblock, std::span<std::uint8_t, superblock_bytes> out);
[[nodiscard]] std::optional<Superblock> decode_superblock(ByteView bytes);
}  // namespace mote::qmdb
