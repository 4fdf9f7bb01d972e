// Trees: the one Merkle tree of the chain, and proofs of several leaves at once.
//
//   leaf = DK("mote merkle leaf v1", data)      node = DK("mote merkle node v1", left || right)
//   root = DK("mote merkle root v1", u32 n || top)
//
// n leaves split at the largest power of two below n, so a node without a partner moves up unchanged.
// The root names n: a proof for another number of leaves does not fit. Without leaves the top is zero.
//
// Worked case: the root of no leaves is 73ac5d08 73584852 a72774e9 ....
//
// Source  [CONSENSUS] section 2.
#pragma once

#include <span>

#include "chain/layout.hpp"

namespace mote::chain
{
[[nodiscard]] Digest leaf_hash(Bytes data) noexcept;
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right) noexcept;
[[nodiscard]] Digest root_hash(std::uint32_t leaves, const Digest& top) noexcept;
[[nodiscard]] Digest empty_tree_root() noexcept;

template <Layout T>
[[nodiscard]] Digest leaf_hash_of(const T& value) noexcept
{
    return leaf_hash(encode(value));
}

/// Builds a root from leaves that come one after the other.
///
/// Memory  a stack of 32 digests.
/// Cost    two hashes a leaf.
class TreeBuilder
{
  public:
    /// Appends a leaf by its hash.
    ///
    /// Shape   fewer than 2^32 leaves (asserted).
    void add(const Digest& leaf) noexcept;
    [[nodiscard]] std::uint32_t leaves() const noexcept { return leaves_; }
    /// Gives the root so far. More leaves may follow.
    [[nodiscard]] Digest root() const noexcept;

  private:
    // Bit i of leaves_ says whether stack_[i], the top of 2^i leaves, has a value.
    std::array<Digest, 32> stack_{};
    std::uint32_t leaves_ = 0;
};

/// Gives the root over values of one layout.
template <Layout T>
[[nodiscard]] Digest root_of(std::span<const T> values) noexcept
{
    TreeBuilder tree;
    for (const T& value : values)
        tree.add(leaf_hash_of(value));
    return tree.root();
}

namespace internal
{
/// Leaves below a node's middle, for n >= 2: the largest power of two below n.
[[nodiscard]] constexpr std::uint32_t left_leaves(std::uint32_t n) noexcept
{
    return static_cast<std::uint32_t>(next_power_of_two(n) / 2);
}

template <class LeafAt>
class Multiproof
{
  public:
    Multiproof(std::span<const std::uint32_t> indices, Bytes path, LeafAt& leaf_at) noexcept
        : indices_(indices), path_(path), leaf_at_(leaf_at)
    {
    }

    /// The node over leaves [start, end), of which known leaves are [first, last) of the indices.
    // NOLINTNEXTLINE(misc-no-recursion): as deep as the tree, 32 levels at most.
    bool node(std::uint32_t start, std::uint32_t end, std::size_t first, std::size_t last,
              Digest& out) noexcept
    {
        if (first == last)
            return next(out);
        if (end - start == 1)
        {
            out = leaf_at_(first);
            return true;
        }
        const std::uint32_t middle = start + left_leaves(end - start);
        std::size_t split = first;
        while (split < last && indices_[split] < middle)
            ++split;
        Digest left, right;
        if (!node(start, middle, first, split, left) || !node(middle, end, split, last, right))
            return false;
        out = node_hash(left, right);
        return true;
    }

    [[nodiscard]] bool consumed() const noexcept { return path_.empty(); }

  private:
    bool next(Digest& out) noexcept
    {
        if (path_.size() < out.size())
            return false;
        std::memcpy(out.data(), path_.data(), out.size());
        path_ = path_.subspan(out.size());
        return true;
    }

    std::span<const std::uint32_t> indices_;
    Bytes path_;
    LeafAt& leaf_at_;
};
}  // namespace internal

/// Whether the leaves `indices` of a tree of `leaves` have the hashes leaf_at(0), leaf_at(1), ....
///
/// Shape   indices: any numbers; false unless they ascend and are below `leaves`. path: 32 bytes for
///         each value, consumed exactly. No indices: an empty path is all that is asked for.
/// Cost    indices times levels hashes at most; leaf_at is called once for each index.
/// Source  [CONSENSUS] section 2, multiproof.
template <class LeafAt>
[[nodiscard]] bool multiproof_holds(const Digest& root, std::uint32_t leaves,
                                    std::span<const std::uint32_t> indices, LeafAt leaf_at,
                                    Bytes path) noexcept
{
    for (std::size_t i = 0; i < indices.size(); ++i)
        if (indices[i] >= leaves || (i != 0 && indices[i] <= indices[i - 1]))
            return false;
    if (indices.empty())
        return path.empty();
    internal::Multiproof<LeafAt> proof(indices, path, leaf_at);
    Digest top;
    return proof.node(0, leaves, 0, indices.size(), top) && proof.consumed() &&
           root_hash(leaves, top) == root;
}
}  // namespace mote::chain
