#include "merkle/row_tree.hpp"

#include "base/assert.hpp"

namespace mote::merkle
{
namespace
{
/// Nodes of the level above one of `n` nodes.
std::uint32_t above(std::uint32_t n) noexcept { return n / 2 + n % 2; }
}  // namespace

bool root_of_range(const RowRange& range, const ChainingValue* values, Bytes path,
                   ChainingValue& root) noexcept
{
    MOTE_ASSERT(range.count >= 1 && range.first < range.leaves &&
                range.count <= range.leaves - range.first);
    const auto leaf = [&](std::uint32_t s, std::uint32_t e, ChainingValue& out) noexcept
    {
        if (e - s == 1)
            out = values[s - range.first];
        return e - s == 1;
    };
    return Climb(range, path, leaf).root(root);
}

std::size_t RowTree::node_count(std::uint32_t rows) noexcept
{
    std::size_t count = rows;
    for (std::uint32_t n = rows; n > 2; count += n)
        n = above(n);
    return count;
}

RowTree::RowTree(std::uint32_t rows, ChainingValue* nodes) noexcept : rows_(rows), nodes_(nodes)
{
    ChainingValue* level = nodes;
    std::uint32_t n = rows;
    while (n > 2)
    {
        ChainingValue* const up = level + n;
        hash::blake3_parents(level, n / 2, up);
        if (n % 2 != 0)
            up[n / 2] = level[n - 1];
        level = up;
        n = above(n);
    }
    root_ = n == 2 ? hash::blake3_root_parent(level[0], level[1]) : level[0];
}

std::size_t RowTree::path(std::uint32_t first, std::uint32_t count,
                          ChainingValue* out) const noexcept
{
    MOTE_ASSERT(count >= 1 && first < rows_ && count <= rows_ - first);
    std::size_t used = 0;
    walk_path({rows_, first, count}, 0, rows_,
              [&](std::uint32_t s, std::uint32_t e) noexcept { out[used++] = node(s, e); });
    return used;
}

const ChainingValue& RowTree::node(std::uint32_t s, std::uint32_t e) const noexcept
{
    // The node (s, e) is number s / 2^j of level j, where 2^j >= e - s.
    const ChainingValue* level = nodes_;
    std::uint32_t n = rows_;
    std::uint32_t index = s;
    for (std::uint32_t size = 1; size < e - s; size *= 2)
    {
        level += n;
        n = above(n);
        index /= 2;
    }
    return level[index];
}
}  // namespace mote::merkle
