// The recursion that proofs of ranges follow, over leaves 0 .. m - 1 of a left-balanced tree.
//
//   node(s, e):  outside the range -> next value of the path
//                known             -> computed by whoever has the content
//                else              -> parent(node(s, q), node(q, e)),  q = s + split(e - s)
//
// Whoever checks climbs it; whoever proves walks it and writes down what lies outside. Both must
// meet the same nodes in the same order, so both are here.
// Source  [SVID] section 5.
#pragma once

#include <cstring>

#include "base/bytes.hpp"
#include "hash/blake3.hpp"

namespace mote::merkle
{
using hash::ChainingValue;

/// Leaves [first, first + count) of a tree over `leaves` of them; count >= 1.
struct LeafRange
{
    std::uint32_t leaves, first, count;

    [[nodiscard]] bool outside(std::uint32_t s, std::uint32_t e) const noexcept
    {
        return e <= first || s >= first + count;
    }
};

/// The largest power of two below n; n >= 2.
[[nodiscard]] inline std::uint32_t split(std::uint32_t n) noexcept
{
    return static_cast<std::uint32_t>(next_power_of_two(n) / 2);
}

/// Recomputes the root. `known(s, e, out)` gives a node inside the range, or false for "go down"; it
/// must give every leaf.
template <typename Known>
class Climb
{
  public:
    Climb(const LeafRange& range, Bytes path, const Known& known) noexcept
        : range_(range), path_(path), known_(known)
    {
    }

    /// False if the path is too short or too long.
    [[nodiscard]] bool root(ChainingValue& out) noexcept
    {
        return node(0, range_.leaves, out) && path_.empty();
    }

  private:
    // NOLINTNEXTLINE(misc-no-recursion): as deep as the tree.
    bool node(std::uint32_t s, std::uint32_t e, ChainingValue& out) noexcept
    {
        if (range_.outside(s, e))
            return next(out);
        if (known_(s, e, out))
            return true;
        ChainingValue left, right;
        const std::uint32_t middle = s + split(e - s);
        if (!node(s, middle, left) || !node(middle, e, right))
            return false;
        out = s == 0 && e == range_.leaves ? hash::blake3_root_parent(left, right)
                                           : hash::blake3_parent(left, right);
        return true;
    }

    bool next(ChainingValue& out) noexcept
    {
        if (path_.size() < out.size())
            return false;
        std::memcpy(out.data(), path_.data(), out.size());
        path_ = path_.subspan(out.size());
        return true;
    }

    const LeafRange range_;
    Bytes path_;
    const Known& known_;
};

/// Calls visit(s, e) for each node that the path of a range holds, in the order of the path.
template <typename Visit>
// NOLINTNEXTLINE(misc-no-recursion): as deep as the tree.
void walk_path(const LeafRange& range, std::uint32_t s, std::uint32_t e,
               const Visit& visit) noexcept
{
    if (range.outside(s, e))
        return visit(s, e);
    if (e - s == 1)
        return;
    const std::uint32_t middle = s + split(e - s);
    walk_path(range, s, middle, visit);
    walk_path(range, middle, e, visit);
}
}  // namespace mote::merkle
