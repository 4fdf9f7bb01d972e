// The log tree of a shard, as far as a proof shows it: rows of nodes that are folded level by level.
//
// A row holds the known nodes of one level in ascending order. The sibling of a node is its
// neighbour in the row; or null, if its subtree begins at or after next SN; or else the next item of
// the proof. A verifier never chooses a level: the height follows from next SN, and the position of
// an entry is in the entry.
//
//   level 0     leaf hashes
//   1 .. 7      KH(node, left || right)
//   8           KH(bits, active bits || S), S = KH(node, ..) of the chunk's two level-7 nodes
//   9 ..        KH(node, left || right), up to 8 + bit length of (next SN >> 8)
//
// Source  [QMDB-FORMAT] sections 1 and 4.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "state/hashing.hpp"

namespace mote::state
{
inline constexpr std::uint32_t chunk_shift = 8;
inline constexpr std::uint32_t chunk_entries = 1 << chunk_shift;

/// The active bits of a chunk: SN n is bit n & 7 of byte (n >> 3) & 31.
using ChunkBits = Digest;

[[nodiscard]] constexpr bool test_bit(const ChunkBits& bits, std::uint64_t sn) noexcept
{
    return (bits[(sn >> 3) & 31] >> (sn & 7) & 1) != 0;
}
constexpr void set_bit(ChunkBits& bits, std::uint64_t sn) noexcept
{
    bits[(sn >> 3) & 31] |= static_cast<std::uint8_t>(1 << (sn & 7));
}
constexpr void clear_bit(ChunkBits& bits, std::uint64_t sn) noexcept
{
    bits[(sn >> 3) & 31] &= static_cast<std::uint8_t>(~(1 << (sn & 7)));
}

/// Gives the level of a log tree's root: there is always a free leaf at position next SN.
[[nodiscard]] constexpr std::uint32_t tree_height(std::uint64_t next_sn) noexcept
{
    std::uint32_t height = chunk_shift;
    for (std::uint64_t rest = next_sn >> chunk_shift; rest != 0; rest >>= 1)
        ++height;
    return height;
}

struct Node
{
    std::uint64_t index;
    Digest hash;
};

/// Items of a proof, 32 bytes each, taken in order.
class Items
{
  public:
    explicit Items(Bytes bytes) noexcept : bytes_(bytes) {}
    [[nodiscard]] bool next(Digest& out) noexcept;
    [[nodiscard]] std::size_t taken_bytes() const noexcept { return at_; }

  private:
    Bytes bytes_;
    std::size_t at_ = 0;
};

/// The left siblings on the way from a position to its chunk's S: what is needed to append there.
struct Frontier
{
    std::uint64_t sn = 0;
    Digest left[chunk_shift];  ///< left[d] has a value where bit d of sn is set

    /// Appends a leaf. Returns true, and the finished chunk's S, if it was a chunk's last.
    bool append(Digest leaf, Digest& s) noexcept;

    /// Gives S of the open chunk, with null leaves from sn on.
    [[nodiscard]] Digest open_chunk() const noexcept;
};

/// What is folded and how.
struct Fold
{
    Domain domain = Domain::node;
    std::uint64_t next_sn = 0;     ///< ~0: no subtree is null
    Frontier* frontier = nullptr;  ///< levels 0 to 7: receives the left siblings of its sn
};

/// Folds a row from one level to another, in place.
///
/// Shape   row: `count` nodes, ascending, at least one.
/// Errors  false if items are missing.
/// Cost    one compression for each node of the rows above the first.
[[nodiscard]] bool fold_row(const Fold& how, Node* row, std::size_t& count, std::uint32_t from,
                            std::uint32_t to, Items& items) noexcept;
}  // namespace mote::state
