#include "chain/tree.hpp"

namespace mote::chain
{
Digest leaf_hash(Bytes data) noexcept
{
    return hash::blake3_derive_key("mote merkle leaf v1", data);
}

Digest node_hash(const Digest& left, const Digest& right) noexcept
{
    std::array<std::uint8_t, 64> message;
    std::memcpy(message.data(), left.data(), left.size());
    std::memcpy(message.data() + 32, right.data(), right.size());
    return hash::blake3_derive_key("mote merkle node v1", message);
}

Digest root_hash(std::uint32_t leaves, const Digest& top) noexcept
{
    std::array<std::uint8_t, 36> message;
    store_le(message.data(), leaves);
    std::memcpy(message.data() + 4, top.data(), top.size());
    return hash::blake3_derive_key("mote merkle root v1", message);
}

Digest empty_tree_root() noexcept { return root_hash(0, Digest{}); }

void TreeBuilder::add(const Digest& leaf) noexcept
{
    MOTE_ASSERT(leaves_ != UINT32_MAX);
    Digest node = leaf;
    std::size_t level = 0;
    for (; (leaves_ >> level & 1) != 0; ++level)
        node = node_hash(stack_[level], node);
    stack_[level] = node;
    ++leaves_;
}

Digest TreeBuilder::root() const noexcept
{
    Digest top{};
    bool any = false;
    for (std::size_t level = 0; level < stack_.size(); ++level)
        if ((leaves_ >> level & 1) != 0)
        {
            top = any ? node_hash(stack_[level], top) : stack_[level];
            any = true;
        }
    return root_hash(leaves_, top);
}
}  // namespace mote::chain
