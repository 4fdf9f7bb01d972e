#include "state/tree.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace mote::state
{
bool Items::next(Digest& out) noexcept
{
    if (bytes_.size() - at_ < out.size())
        return false;
    std::memcpy(out.data(), bytes_.data() + at_, out.size());
    at_ += out.size();
    return true;
}

bool Frontier::append(Digest leaf, Digest& s) noexcept
{
    const std::uint64_t at = sn++;
    std::uint32_t level = 0;
    for (; level < chunk_shift && (at >> level & 1) != 0; ++level)
        leaf = kh(Domain::node, left[level], leaf);
    if (level == chunk_shift)
    {
        s = leaf;
        return true;
    }
    left[level] = leaf;
    return false;
}

Digest Frontier::open_chunk() const noexcept
{
    Digest node = null_node(0);
    for (std::uint32_t level = 0; level < chunk_shift; ++level)
        node = (sn >> level & 1) != 0 ? kh(Domain::node, left[level], node)
                                      : kh(Domain::node, node, null_node(level));
    return node;
}

bool fold_row(const Fold& how, Node* row, std::size_t& count, std::uint32_t from, std::uint32_t to,
              Items& items) noexcept
{
    MOTE_ASSERT(count >= 1);
    for (std::uint32_t level = from; level < to; ++level)
    {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < count; ++i)
        {
            const Node node = row[i];
            const std::uint64_t sibling = node.index ^ 1;
            Digest other;
            if (i + 1 < count && row[i + 1].index == sibling)
                other = row[++i].hash;
            else if ((sibling << level) >= how.next_sn)
                other = null_node(level);
            else if (!items.next(other))
                return false;
            const bool left = (node.index & 1) == 0;
            const Digest& l = left ? node.hash : other;
            const Digest& r = left ? other : node.hash;
            if (how.frontier != nullptr && (how.frontier->sn >> level | 1) == (node.index | 1))
                how.frontier->left[level] = l;
            row[kept++] = {node.index >> 1, kh(how.domain, l, r)};
        }
        count = kept;
    }
    return true;
}
}  // namespace mote::state
