// Chunk ranges: bytes of a block, proven against the plain BLAKE3 hash of all of it.
//
// The leaves are BLAKE3's own chunks of 1,024 bytes, so a reader who knows the hash of a block checks
// a transaction without the rest. What is claimed is hashed in whole subtrees where it lies.
//
// Worked case: chunk 1 of a block of 3 chunks. The path is cv(0), cv(2).
#pragma once

#include "merkle/climb.hpp"

namespace mote::merkle
{
inline constexpr std::size_t chunk_bytes = hash::Blake3::chunk_bytes;

/// Most values a path of chunks can have: two for each level of 2^20 chunks.
inline constexpr std::size_t chunk_path_values_max = std::size_t{2} * 20;

/// Whether [offset, offset + length) are whole chunks of a block, of which the last may be short.
///
/// Source  [SVID] section 16, GetChunks.
[[nodiscard]] bool are_chunks(std::uint64_t block_bytes, std::uint64_t offset,
                              std::uint64_t length) noexcept;

/// The chunks that bytes lie in.
///
/// Shape   are_chunks (asserted); block_bytes at most 2^30.
[[nodiscard]] LeafRange chunks_of(std::uint64_t block_bytes, std::uint64_t offset,
                                  std::uint64_t length) noexcept;

/// Computes the hash of the block that `data` at `offset` and `path` lead to, and whether the path is
/// used up exactly.
///
/// Shape   as chunks_of, for data.size() bytes.
/// Errors  false if the path is too short, too long or no multiple of 32; root is undefined then.
/// Cost    the hash of `data`, and one compression for each value of the path.
[[nodiscard]] bool root_of_chunks(std::uint64_t block_bytes, std::uint64_t offset, Bytes data,
                                  Bytes path, ChainingValue& root) noexcept;

/// Writes the path of a range of chunks; returns the number of values.
///
/// Shape   out: room for chunk_path_values_max values. Otherwise as chunks_of.
/// Cost    the hash of the rest of the block. Whoever keeps its row tree asks that for the nodes
///         above rows: walk_path() visits them.
std::size_t chunk_path(Bytes block, std::uint64_t offset, std::uint64_t length,
                       ChainingValue* out) noexcept;

/// The value of the chunks [s, e) of a block, as a node below its root.
///
/// Shape   a node of the recursion.
[[nodiscard]] ChainingValue chunk_node(Bytes block, std::uint32_t s, std::uint32_t e) noexcept;
}  // namespace mote::merkle
