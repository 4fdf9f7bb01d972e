#include "qmdb/index.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "tools/effort.hpp"
#include "tools/state_history.hpp"

using mote::qmdb::Index;
using mote::qmdb::Prefix;

namespace
{
// The same as a set of pairs.
struct Pair
{
    Index index;
    std::set<std::pair<Prefix, std::uint64_t>> truth;

    void insert(Prefix prefix, std::uint64_t position)
    {
        index.insert(prefix, position);
        truth.emplace(prefix, position);
    }
    void check(Prefix prefix) const
    {
        std::vector<std::uint64_t> found, expected;
        index.find(prefix, found);
        const auto begin = truth.lower_bound({prefix, 0});
        for (auto at = begin; at != truth.end() && at->first == prefix; ++at)
            expected.push_back(at->second);
        REQUIRE(found == expected);
        Prefix before = 0;
        found.clear();
        const bool any = index.find_before(prefix, before, found);
        REQUIRE(any == (begin != truth.begin()));
        if (!any)
            return;
        REQUIRE(before == std::prev(begin)->first);
        expected.clear();
        for (auto at = truth.lower_bound({before, 0}); at != begin; ++at)
            expected.push_back(at->second);
        REQUIRE(found == expected);
    }
    void check_all() const
    {
        REQUIRE(index.size() == truth.size());
        auto at = truth.begin();
        index.for_each(
            [&](Prefix prefix, std::uint64_t position)
            {
                REQUIRE(at != truth.end());
                REQUIRE(*at++ == std::pair(prefix, position));
            });
        REQUIRE(at == truth.end());
    }
};

constexpr Prefix prefix_end = Prefix{1} << 36;
}  // namespace

TEST_CASE("a prefix is the 36 bits after the shard's four")
{
    mote::state::Digest hash = {};
    hash[0] = 0xf1;
    hash[1] = 0x23;
    hash[2] = 0x45;
    hash[3] = 0x67;
    hash[4] = 0x89;
    hash[5] = 0xff;
    CHECK(mote::qmdb::prefix_of(hash) == 0x123456789);
}

TEST_CASE("random changes, with shared prefixes, agree with a set")
{
    mote::test::SplitMix random(1);
    for (const std::uint64_t spread : {prefix_end, std::uint64_t{1} << 10, std::uint64_t{3}})
    {
        Pair pair;
        const int rounds = mote::test::sanitized ? 3000 : 30000;
        for (int i = 0; i < rounds; ++i)
        {
            const Prefix prefix = random.below(spread);
            if (random.below(3) != 0 || pair.truth.empty())
                pair.insert(prefix, random.below(std::uint64_t{1} << 40));
            else
            {
                auto at = pair.truth.lower_bound({prefix, 0});
                if (at == pair.truth.end())
                    at = pair.truth.begin();
                const auto [p, from] = *at;
                pair.truth.erase(at);
                if (random.below(2) == 0)
                    REQUIRE(pair.index.erase(p, from));
                else
                {
                    const std::uint64_t to = random.below(std::uint64_t{1} << 40);
                    if (pair.truth.emplace(p, to).second)
                        REQUIRE(pair.index.replace(p, from, to));
                    else
                        REQUIRE(pair.index.erase(p, from));
                }
                REQUIRE_FALSE(pair.index.erase(p, from + (std::uint64_t{1} << 39)));
            }
            if (i % 50 == 0)
            {
                pair.check(prefix);
                pair.check(random.below(prefix_end));
                pair.check(0);
            }
        }
        pair.check_all();
    }
}

TEST_CASE("partitions follow the number of keys up and down; memory stays within ten bytes a key")
{
    mote::test::SplitMix random(2);
    Pair pair;
    const std::size_t count = mote::test::sanitized ? 500000 : 2000000;
    for (std::size_t i = 0; i < count; ++i)
    {
        const Prefix prefix = random.below(prefix_end);
        pair.index.insert(prefix, i);
        if (i % 200 == 0)
            pair.truth.emplace(prefix, i);
    }
    REQUIRE(pair.index.size() == count);
    CHECK(static_cast<double>(pair.index.memory_bytes()) / static_cast<double>(count) < 10);
    for (const auto& [prefix, position] : pair.truth)
    {
        std::vector<std::uint64_t> found;
        pair.index.find(prefix, found);
        REQUIRE(std::find(found.begin(), found.end(), position) != found.end());
    }
    std::vector<std::pair<Prefix, std::uint64_t>> all;
    pair.index.for_each([&](Prefix p, std::uint64_t at) { all.emplace_back(p, at); });
    REQUIRE(all.size() == count);
    for (const auto& [p, at] : all)
        if (pair.truth.count({p, at}) == 0)
            REQUIRE(pair.index.erase(p, at));
    pair.check_all();
    CHECK(pair.index.memory_bytes() < 3 << 20);
}

TEST_CASE("keys ground into one partition become a tree, and an array again")
{
    Pair pair;
    mote::test::SplitMix random(3);
    for (std::uint64_t i = 0; i < 20000; ++i)
        pair.insert(random.below(Prefix{1} << 20), i);
    pair.check_all();
    for (int i = 0; i < 300; ++i)
        pair.check(random.below(Prefix{1} << 20));
    while (pair.truth.size() > 10)
    {
        const auto [prefix, position] = *pair.truth.begin();
        REQUIRE(pair.index.erase(prefix, position));
        pair.truth.erase(pair.truth.begin());
    }
    pair.check_all();
    Index moved = std::move(pair.index);
    CHECK(moved.size() == 10);
}

TEST_CASE("what is filled in order equals what was inserted")
{
    Pair pair;
    mote::test::SplitMix random(4);
    for (std::uint64_t i = 0; i < 5000; ++i)
        pair.insert(random.below(prefix_end), i);
    SECTION("and keys were ground into one partition")
    {
        for (std::uint64_t i = 0; i < 1500; ++i)
            pair.insert(prefix_end / 3 + i % 700, 5000 + i);
    }
    std::vector<std::pair<Prefix, std::uint64_t>> elements;
    pair.index.for_each([&](Prefix p, std::uint64_t at) { elements.emplace_back(p, at); });
    SECTION("and the order is lost")
    {
        for (std::size_t i = elements.size() - 1; i > 0; --i)
            std::swap(elements[i], elements[random.below(i + 1)]);
    }
    Index filled;
    filled.insert(1, 1);  // is forgotten
    std::size_t i = 0;
    filled.fill(elements.size(), [&] { return elements[i++]; });
    CHECK(i == elements.size());
    CHECK(filled.size() == pair.index.size());
    pair.index = std::move(filled);
    pair.check_all();
    for (int n = 0; n < 300; ++n)
        pair.check(random.below(prefix_end));
    const auto [prefix, position] = elements.front();
    CHECK(pair.index.erase(prefix, position));
    CHECK_FALSE(pair.index.erase(prefix, position));
}
