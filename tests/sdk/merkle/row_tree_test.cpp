#include "merkle/row_tree.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "tools/effort.hpp"

using namespace mote::merkle;
using mote::Bytes;
using ByteVector = std::vector<std::uint8_t>;
using Values = std::vector<ChainingValue>;

namespace
{
Values random_values(std::size_t count, std::mt19937& random)
{
    Values out(count);
    for (ChainingValue& value : out)
        for (std::uint8_t& b : value)
            b = static_cast<std::uint8_t>(random());
    return out;
}

/// node(s, e) of [SVID] section 5 with every row known.
ChainingValue node(const Values& values, std::size_t s, std::size_t e)
{
    if (e - s == 1)
        return values[s];
    std::size_t q = 1;
    while (2 * q < e - s)
        q *= 2;
    const ChainingValue left = node(values, s, s + q), right = node(values, s + q, e);
    return s == 0 && e == values.size() ? mote::hash::blake3_root_parent(left, right)
                                        : mote::hash::blake3_parent(left, right);
}

/// The path of a range as the recursion asks for it.
void expected_path(const Values& values, std::size_t s, std::size_t e, std::size_t first,
                   std::size_t end, Values& out)
{
    if (e <= first || s >= end)
    {
        out.push_back(node(values, s, e));
        return;
    }
    if (e - s == 1)
        return;
    std::size_t q = 1;
    while (2 * q < e - s)
        q *= 2;
    expected_path(values, s, s + q, first, end, out);
    expected_path(values, s + q, e, first, end, out);
}

struct Tree
{
    explicit Tree(const Values& values) : nodes(RowTree::node_count(rows_of(values)))
    {
        std::copy(values.begin(), values.end(), nodes.begin());
        tree = std::make_unique<RowTree>(rows_of(values), nodes.data());
    }
    [[nodiscard]] Values path(std::uint32_t first, std::uint32_t count) const
    {
        Values out(path_values_max);
        out.resize(tree->path(first, count, out.data()));
        return out;
    }
    static std::uint32_t rows_of(const Values& values)
    {
        return static_cast<std::uint32_t>(values.size());
    }

    Values nodes;
    std::unique_ptr<RowTree> tree;
};

ByteVector bytes_of(const Values& path)
{
    ByteVector out;
    for (const ChainingValue& value : path)
        out.insert(out.end(), value.begin(), value.end());
    return out;
}

/// Whether the rows [first, first + count) with this path lead to the root.
bool leads_to(const ChainingValue& root, const Values& values, std::uint32_t first,
              std::uint32_t count, Bytes path)
{
    ChainingValue computed{};
    return root_of_range({Tree::rows_of(values), first, count}, values.data() + first, path,
                         computed) &&
           computed == root;
}
}  // namespace

TEST_CASE("roots are those of the recursion, for one to 40 rows and for large trees")
{
    std::mt19937 random(1);
    std::vector<std::size_t> shapes = {4096, 8192, 8904, 13000};
    for (std::size_t rows = 1; rows <= 40; ++rows)
        shapes.push_back(rows);
    for (const std::size_t rows : shapes)
    {
        if (mote::test::emulated && rows > 5000)
            continue;
        const Values values = random_values(rows, random);
        REQUIRE(Tree(values).tree->root() == node(values, 0, rows));
    }
}

TEST_CASE("as many nodes as the levels have")
{
    for (std::uint32_t rows = 1; rows <= 3000; ++rows)
    {
        std::size_t count = rows;
        for (std::size_t level = rows; level > 2; count += level)
            level = (level + 1) / 2;
        REQUIRE(RowTree::node_count(rows) == count);
        REQUIRE(count < 2 * std::size_t{rows} + 17);
    }
    // Nothing behind them is written.
    std::mt19937 random(2);
    for (std::uint32_t rows = 1; rows <= 70; ++rows)
    {
        Values nodes = random_values(RowTree::node_count(rows) + 1, random);
        const Values before = nodes;
        const RowTree tree(rows, nodes.data());
        REQUIRE(nodes.back() == before.back());
        REQUIRE(std::equal(before.begin(), before.begin() + rows, nodes.begin()));
    }
}

TEST_CASE("every range of every tree of up to 20 rows has its path, and only that path is accepted")
{
    std::mt19937 random(3);
    mote::test::Thinned thinned;
    for (std::uint32_t rows = 1; rows <= 20; ++rows)
    {
        const Values values = random_values(rows, random);
        const Tree tree(values);
        const ChainingValue root = tree.tree->root();
        for (std::uint32_t first = 0; first < rows; ++first)
            for (std::uint32_t count = 1; first + count <= rows; ++count)
            {
                const Values path = tree.path(first, count);
                Values expected;
                expected_path(values, 0, rows, first, first + count, expected);
                REQUIRE(path == expected);
                const auto accepts = [&](const Values& with)
                { return leads_to(root, values, first, count, bytes_of(with)); };
                REQUIRE(accepts(path));
                if (!thinned.next())
                    continue;
                for (std::size_t i = 0; i < path.size(); ++i)
                {
                    Values bad = path;
                    bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
                    REQUIRE_FALSE(accepts(bad));
                    bad = path;
                    bad.insert(bad.begin() + static_cast<std::ptrdiff_t>(i), path[i]);
                    REQUIRE_FALSE(accepts(bad));
                    for (std::size_t j = 0; j < i; ++j)
                    {
                        bad = path;
                        std::swap(bad[i], bad[j]);
                        REQUIRE_FALSE(accepts(bad));
                    }
                    bad = path;
                    bad[i][random() % 32] ^= static_cast<std::uint8_t>(1U << random() % 8);
                    REQUIRE_FALSE(accepts(bad));
                }
                Values longer = path;
                longer.push_back(ChainingValue{});
                REQUIRE_FALSE(accepts(longer));
                longer.back() = root;
                REQUIRE_FALSE(accepts(longer));
                if (!path.empty())
                    REQUIRE_FALSE(accepts({}));
                // No multiple of 32.
                ByteVector bytes = bytes_of(path);
                for (unsigned more = 1; more < 32; ++more)
                {
                    bytes.push_back(0);
                    REQUIRE_FALSE(leads_to(root, values, first, count, bytes));
                }
                bytes = bytes_of(path);
                if (!bytes.empty())
                {
                    bytes.pop_back();
                    REQUIRE_FALSE(leads_to(root, values, first, count, bytes));
                }
                // Any of the rows another one.
                for (std::uint32_t i = 0; i < count; ++i)
                {
                    Values wrong = values;
                    wrong[first + i][random() % 32] ^= 4;
                    REQUIRE_FALSE(leads_to(root, wrong, first, count, bytes_of(path)));
                }
            }
    }
}

TEST_CASE("a path of one range does not fit another one, nor a tree of another size")
{
    std::mt19937 random(4);
    for (const std::uint32_t rows : {2U, 5U, 8U, 13U})
    {
        const Values values = random_values(rows, random);
        const Tree tree(values);
        const ByteVector path = bytes_of(tree.path(rows / 2, 1));
        for (std::uint32_t first = 0; first < rows; ++first)
            for (std::uint32_t count = 1; first + count <= rows; ++count)
                REQUIRE(leads_to(tree.tree->root(), values, first, count, path) ==
                        (first == rows / 2 && count == 1));
        for (std::uint32_t other = rows / 2 + 1; other < 3 * rows; ++other)
        {
            ChainingValue computed{};
            const bool found =
                root_of_range({other, rows / 2, 1}, values.data() + rows / 2, path, computed) &&
                computed == tree.tree->root();
            // The size of a tree is not in its root: what has the same shape above the row passes,
            // so the number of rows must come from the header.
            if (other == rows)
                REQUIRE(found);
            else if (mote::next_power_of_two(other) != mote::next_power_of_two(rows))
                REQUIRE_FALSE(found);
        }
    }
}

TEST_CASE("ranges of large trees have short paths")
{
    std::mt19937 random(5);
    for (const std::uint32_t rows : {4096U, 8904U, 13000U, 57344U})
    {
        if ((mote::test::emulated || mote::test::sanitized) && rows > 9000)
            continue;
        const Values values = random_values(rows, random);
        const Tree tree(values);
        for (unsigned trial = 0; trial < 100; ++trial)
        {
            const auto first = static_cast<std::uint32_t>(random() % rows);
            const auto count = static_cast<std::uint32_t>(
                1 + random() % std::min<std::size_t>(trial % 2 == 0 ? 20 : rows, rows - first));
            const Values path = tree.path(first, count);
            REQUIRE(path.size() <= 2 * mote::ceil_log2(rows));
            REQUIRE(leads_to(tree.tree->root(), values, first, count, bytes_of(path)));
        }
        REQUIRE(leads_to(tree.tree->root(), values, 0, rows, {}));
    }
}

TEST_CASE("one row is its own root and needs no path")
{
    const Values values = {ChainingValue{1, 2, 3}};
    CHECK(Tree(values).tree->root() == values[0]);
    CHECK(Tree(values).path(0, 1).empty());
    CHECK(leads_to(values[0], values, 0, 1, {}));
    CHECK_FALSE(leads_to(values[0], values, 0, 1, ByteVector(32)));
}

TEST_CASE("the root over rows of a message is its plain hash")
{
    std::mt19937 random(6);
    for (const std::size_t row_bytes : {1024U, 2048U, 8192U})
        for (const std::size_t bytes :
             {row_bytes + 1, 2 * row_bytes, 3 * row_bytes - 1, 5 * row_bytes + 17,
              7 * row_bytes + row_bytes / 2, 13 * row_bytes + 1024})
        {
            ByteVector message(bytes);
            for (std::uint8_t& b : message)
                b = static_cast<std::uint8_t>(random());
            Values values;
            for (std::size_t at = 0; at < bytes; at += row_bytes)
                values.push_back(mote::hash::blake3_subtree(
                    Bytes(message).subspan(at, std::min(row_bytes, bytes - at)), at / 1024));
            REQUIRE(Tree(values).tree->root() == mote::hash::blake3(message));
        }
}
