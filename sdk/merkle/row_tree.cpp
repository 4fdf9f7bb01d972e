#include "merkle/row_tree.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace mote::merkle
{
namespace
{
/// The largest power of two below n; n >= 2.
std::uint32_t split(std::uint32_t n) noexcept
{
    return static_cast<std::uint32_t>(next_power_of_two(n) / 2);
}

class Climb
{
  public:
    Climb(const RowRange& range, const ChainingValue* values, Bytes path) noexcept
        : range_(range), values_(values), path_(path)
    {
    }

    /// node(s, e); false when the path ends early.
    // NOLINTNEXTLINE(misc-no-recursion): as deep as the tree.
    bool node(std::uint32_t s, std::uint32_t e, ChainingValue& out) noexcept
    {
        if (e <= range_.first || s >= range_.first + range_.count)
            return next(out);
        if (e - s == 1)
        {
            out = values_[s - range_.first];
            return true;
        }
        ChainingValue left, right;
        const std::uint32_t middle = s + split(e - s);
        if (!node(s, middle, left) || !node(middle, e, right))
            return false;
        out = s == 0 && e == range_.rows ? hash::blake3_root_parent(left, right)
                                         : hash::blake3_parent(left, right);
        return true;
    }

    [[nodiscard]] bool used_up() const noexcept { return path_.empty(); }

  private:
    bool next(ChainingValue& out) noexcept
    {
        if (path_.size() < out.size())
            return false;
        std::memcpy(out.data(), path_.data(), out.size());
        path_ = path_.subspan(out.size());
        return true;
    }

    const RowRange range_;
    const ChainingValue* values_;
    Bytes path_;
};

/// Nodes of the level above one of `n` nodes.
std::uint32_t above(std::uint32_t n) noexcept { return n / 2 + n % 2; }
}  // namespace

bool root_of_range(const RowRange& range, const ChainingValue* values, Bytes path,
                   ChainingValue& root) noexcept
{
    MOTE_ASSERT(range.count >= 1 && range.first < range.rows &&
                range.count <= range.rows - range.first);
    Climb climb(range, values, path);
    return climb.node(0, range.rows, root) && climb.used_up();
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
    collect(0, rows_, first, first + count, out, used);
    return used;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the tree.
void RowTree::collect(std::uint32_t s, std::uint32_t e, std::uint32_t first, std::uint32_t end,
                      ChainingValue* out, std::size_t& used) const noexcept
{
    if (e <= first || s >= end)
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
        out[used++] = level[index];
        return;
    }
    if (e - s == 1)
        return;
    const std::uint32_t middle = s + split(e - s);
    collect(s, middle, first, end, out, used);
    collect(middle, e, first, end, out, used);
}
}  // namespace mote::merkle
