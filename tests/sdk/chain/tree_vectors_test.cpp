// Roots and multiproofs of tests/vectors/consensus/layouts.json, and a slow model of both.
#include <catch2/catch.hpp>

#include "chain_support.hpp"

using namespace chain_test;

namespace
{
ByteVector leaf_data(const Json& tree, std::size_t i)
{
    // i in decimal.
    REQUIRE(text(tree["leaf_rule"]) == "XOF(\"public leaf i\", 5 + i mod 40)");
    return xof("public leaf " + std::to_string(i), 5 + i % 40);
}

/// The definition, written down as it is.
Digest slow_top(const std::vector<Digest>& leaves)
{
    if (leaves.size() == 1)
        return leaves[0];
    std::size_t middle = 1;
    while (2 * middle < leaves.size())
        middle *= 2;
    return node_hash(
        slow_top({leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(middle)}),
        slow_top({leaves.begin() + static_cast<std::ptrdiff_t>(middle), leaves.end()}));
}

/// The values a proof of `indices` consists of, from all leaves.
void slow_path(const std::vector<Digest>& leaves, std::size_t start,
               const std::vector<std::uint32_t>& indices, ByteVector& path)
{
    bool any = false;
    for (const std::uint32_t i : indices)
        any = any || (i >= start && i < start + leaves.size());
    if (!any)
    {
        const Digest top = slow_top(leaves);
        path.insert(path.end(), top.begin(), top.end());
        return;
    }
    if (leaves.size() == 1)
        return;
    std::size_t middle = 1;
    while (2 * middle < leaves.size())
        middle *= 2;
    const auto split = leaves.begin() + static_cast<std::ptrdiff_t>(middle);
    slow_path({leaves.begin(), split}, start, indices, path);
    slow_path({split, leaves.end()}, start + middle, indices, path);
}

std::vector<Digest> random_leaves(std::size_t count, std::mt19937_64& random)
{
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i)
        leaves.push_back(random_array<32>(random));
    return leaves;
}
}  // namespace

TEST_CASE("trees and multiproofs are the vectors'")
{
    const Json vectors = read("layouts.json")["trees"];
    std::size_t proofs = 0;
    for (const Json& tree : vectors)
    {
        const std::size_t count = integer(tree["count"]);
        CAPTURE(count);
        TreeBuilder builder;
        std::vector<Digest> leaves;
        for (std::size_t i = 0; i < count; ++i)
        {
            leaves.push_back(leaf_hash(leaf_data(tree, i)));
            builder.add(leaves.back());
        }
        CHECK(to_hex(builder.root()) == text(tree["root"]));
        for (const Json& proof : tree["multiproofs"])
        {
            ++proofs;
            const auto indices = proof["indices"].get<std::vector<std::uint32_t>>();
            ByteVector path;
            for (const Json& value : proof["path"])
            {
                const ByteVector bytes = from_hex(value);
                path.insert(path.end(), bytes.begin(), bytes.end());
            }
            const auto n = static_cast<std::uint32_t>(count);
            const auto holds = [&](std::uint32_t of, const std::vector<std::uint32_t>& at, Bytes p)
            {
                return multiproof_holds(
                    builder.root(), of, at, [&](std::size_t i) { return leaves[indices[i]]; }, p);
            };
            CHECK(holds(n, indices, path));
            // One value more, one less, a changed one, another number of leaves.
            ByteVector longer = path;
            longer.resize(longer.size() + 32);
            CHECK_FALSE(holds(n, indices, longer));
            if (!path.empty())
                CHECK_FALSE(holds(n, indices, Bytes(path).first(path.size() - 32)));
            for (std::size_t i = 0; i < path.size(); i += 32)
            {
                ByteVector changed = path;
                changed[i] ^= 1;
                CHECK_FALSE(holds(n, indices, changed));
            }
            if (indices.empty())
                continue;
            CHECK_FALSE(holds(n + 1, indices, path));
            CHECK_FALSE(holds(indices.back(), indices, path));
            std::vector<std::uint32_t> doubled = indices;
            doubled.push_back(indices.back());
            CHECK_FALSE(holds(n, doubled, path));
        }
    }
    CHECK(vectors.size() == 12);
    CHECK(proofs > 20);
}

TEST_CASE("roots and proofs agree with the definition for every small tree")
{
    std::mt19937_64 random(1);
    for (std::uint32_t count = 1; count <= 9; ++count)
    {
        const std::vector<Digest> leaves = random_leaves(count, random);
        TreeBuilder builder;
        for (const Digest& leaf : leaves)
            builder.add(leaf);
        const Digest root = builder.root();
        CHECK(root == root_hash(count, slow_top(leaves)));
        for (std::uint32_t set = 1; set < 1U << count; ++set)
        {
            std::vector<std::uint32_t> indices;
            for (std::uint32_t i = 0; i < count; ++i)
                if ((set >> i & 1) != 0)
                    indices.push_back(i);
            ByteVector path;
            slow_path(leaves, 0, indices, path);
            std::uint32_t wrong = UINT32_MAX;
            const auto leaf_at = [&](std::size_t i)
            {
                Digest leaf = leaves[indices[i]];
                leaf[7] ^= i == wrong ? 1 : 0;
                return leaf;
            };
            CHECK(multiproof_holds(root, count, indices, leaf_at, path));
            for (wrong = 0; wrong < indices.size(); ++wrong)
                CHECK_FALSE(multiproof_holds(root, count, indices, leaf_at, path));
        }
    }
}

TEST_CASE("a tree of thousands of leaves is the definition's")
{
    std::mt19937_64 random(2);
    const std::vector<Digest> leaves = random_leaves(2051, random);
    TreeBuilder builder;
    for (const Digest& leaf : leaves)
        builder.add(leaf);
    CHECK(builder.root() == root_hash(2051, slow_top(leaves)));
}

TEST_CASE("a proof of the highest leaf of the largest tree ends")
{
    const std::vector<std::uint32_t> indices = {UINT32_MAX - 1};
    const ByteVector path(32 * 32);
    const auto leaf_at = [](std::size_t) { return Digest{}; };
    // Where the bits of 2^32 - 2 lead there are 31 left neighbours; a path of any length is refused.
    for (std::size_t values = 0; values <= 32; ++values)
        CHECK_FALSE(multiproof_holds(Digest{}, UINT32_MAX, indices, leaf_at,
                                     Bytes(path).first(32 * values)));
}
