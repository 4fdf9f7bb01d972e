// Row trees: BLAKE3's own tree, cut at rows instead of chunks.
//
// A tree over m > 1 rows splits at the largest power of two below m; an inner node is the BLAKE3
// parent of its halves and the top one carries the root flag. Over rows of 2^j chunks this is the
// tree inside the plain hash of their bytes, so the root of a block's rows is the hash of the block.
// With one row the root is the hash of that row, and nothing has to be proven.
//
// Worked case: m = 3, the row 1 claimed. The path is cv(0), cv(2):
//
//          root
//         /    \             node(0,3) = parent(node(0,2), cv(2))
//      (0,2)    2            node(0,2) = parent(cv(0), cv(1))
//      /   \ .
//     0     1
#pragma once

#include "merkle/climb.hpp"

namespace mote::merkle
{
/// Rows as the leaves of a tree.
using RowRange = LeafRange;

/// Most values a path of a range can have: two for each level.
inline constexpr std::size_t path_values_max = std::size_t{2} * 20;

/// Computes the root that `values` and `path` lead to, and whether the path is used up exactly.
///
/// Shape   values: the chaining value of each row of the range; for a tree of one row its hash.
///         path: values of 32 bytes, in the order node(0, rows) asks for them.
/// Errors  false if the path is too short, too long or no multiple of 32; root is undefined then.
/// Cost    one compression for each inner node that is not on the path; recursion of 17 levels.
/// Source  [SVID] section 5.
[[nodiscard]] bool root_of_range(const RowRange& range, const ChainingValue* values, Bytes path,
                                 ChainingValue& root) noexcept;

/// All nodes of a tree, for those who hold every row: gives the root and paths.
///
/// Level 0 holds the rows' values; a level pairs the one below, and an odd last node moves up as it
/// is, which is the split at the largest power of two.
class RowTree
{
  public:
    /// Nodes that `rows` rows need memory for.
    [[nodiscard]] static std::size_t node_count(std::uint32_t rows) noexcept;

    /// Builds the tree in `nodes`, which holds the rows' values at its start.
    ///
    /// Shape   node_count(rows) values; rows >= 1. With one row the value must be its hash.
    /// Memory  `nodes` stays the caller's and must outlive the tree.
    RowTree(std::uint32_t rows, ChainingValue* nodes) noexcept;

    [[nodiscard]] const ChainingValue& root() const noexcept { return root_; }

    /// A node below the root that covers the rows [s, e), as the recursion cuts them.
    [[nodiscard]] const ChainingValue& node(std::uint32_t s, std::uint32_t e) const noexcept;

    /// Appends the path of a range to `out`; returns the number of values.
    ///
    /// Shape   out: room for path_values_max values.
    std::size_t path(std::uint32_t first, std::uint32_t count, ChainingValue* out) const noexcept;

  private:
    std::uint32_t rows_;
    ChainingValue* nodes_;
    ChainingValue root_;
};
}  // namespace mote::merkle
