// The published profile: the commitment of the original QMDB, bit for bit, for differential tests.
//
// SHA-256, nodes of 65 bytes (level of the children, left, right), one root for each of 16 shards.
// A twig has 2,048 leaves on its left side and their active bits, 8 pages of 32 bytes, on its right.
// Networks of Mote do not use it. What differs from `v1`, besides the hash: operations of a block
// take effect one after the other, and no root binds the next serial number.
//
// Source  [QMDB-FORMAT] section 9.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/status.hpp"
#include "state/fault.hpp"
#include "state/hashing.hpp"

namespace mote::state::published
{
inline constexpr std::uint32_t twig_shift = 11;
inline constexpr std::uint32_t twig_entries = 1 << twig_shift;
inline constexpr std::uint32_t twig_level = 12;   ///< of a twig's root
inline constexpr std::size_t active_bytes = 256;  ///< active bits of a twig
inline constexpr std::size_t fixed_bytes = 53;    ///< of an entry, besides key, value and names
inline constexpr std::uint64_t sentries_per_shard = 4096;

/// Hashes a node from its children, which are of level `level`.
[[nodiscard]] Digest node(std::uint8_t level, const Digest& left, const Digest& right) noexcept;

/// An entry; deactivated serial numbers as 8 bytes each.
struct Entry
{
    Bytes key, value;
    Digest next{};
    std::int64_t version = 0;
    std::uint64_t sn = 0;
    Bytes deactivated;
};

/// Hashes an entry's unpadded bytes.
///
/// Shape   key: at most 255 bytes, value below 2^24, at most 255 names (asserted).
[[nodiscard]] Digest leaf_hash(const Entry& entry) noexcept;

/// Writes an entry; returns its bytes without padding: fixed_bytes + key + value + deactivated.
std::size_t encode_entry(const Entry& entry, std::uint8_t* out) noexcept;

/// Gives the leaf hash of a position without entry.
[[nodiscard]] Digest null_leaf() noexcept;

/// Gives the root of a subtree of the left side without entries, levels 0 .. 11.
[[nodiscard]] Digest null_left(std::uint8_t level) noexcept;

/// Gives the null node of a level from 12 (a twig without entries) on, to 63.
///
/// Cost    a few hundred compressions: for tests, not for paths.
[[nodiscard]] Digest null_twig(std::uint8_t level) noexcept;

/// Gives the root of the right side: the bits of a twig.
///
/// Shape   bits: active_bytes.
[[nodiscard]] Digest bits_root(const std::uint8_t* bits) noexcept;

/// Joins both sides of a twig.
[[nodiscard]] Digest twig_root(const Digest& left_root, const Digest& right_root) noexcept;

/// Gives the level of the root over twigs 0 .. youngest.
[[nodiscard]] std::uint8_t root_level(std::uint64_t youngest_twig) noexcept;

/// Verifies the proof that an entry is active.
///
/// Shape   proof: serial number, leaf hash, 11 left siblings, own page of bits, 3 right siblings,
///         U upper siblings, root: 8 + 32 (17 + U) bytes, U at least 1.
/// Errors  malformed (truncated): another size. rejected (root): another leaf, an inactive entry, or
///         a path that does not lead to `shard_root`.
/// Cost    16 + U hashes of 65 bytes.
Status verify(Bytes proof, const Digest& leaf, const Digest& shard_root, Fault& fault) noexcept;
}  // namespace mote::state::published
