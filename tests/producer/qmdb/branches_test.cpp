#include "qmdb/branches.hpp"

#include <catch2/catch.hpp>

#include "producer/qmdb/qmdb_support.hpp"

using namespace qmdb_test;
using mote::qmdb::Branches;
using mote::qmdb::NotHere;

TEST_CASE("a random tree of blocks has the model's root in every one of them")
{
    for (const std::uint64_t seed : {1U, 2U, 3U})
    {
        MemoryDisk disk;
        create(disk);
        Store store(disk);
        Branches branches(store);
        RandomBlocks blocks{SplitMix(seed), 40, 12, 35, 20, seed == 3 ? 6 : -1};
        SplitMix random(100 + seed);
        std::map<Branches::Id, model::State> states{{branches.base(), model::State()}};
        std::map<Branches::Id, std::uint64_t> heights{{branches.base(), 0}};
        const int steps = mote::test::sanitized ? 60 : 300;
        for (int i = 0; i < steps; ++i)
        {
            auto at = states.begin();
            std::advance(at, static_cast<std::ptrdiff_t>(random.below(states.size())));
            const Branches::Id id = at->first;
            switch (random.below(8))
            {
                case 0:
                    branches.finalize(id);
                    REQUIRE(branches.base() == id);
                    for (auto other = states.begin(); other != states.end();)
                        other = branches.contains(other->first) ? std::next(other)
                                                                : states.erase(other);
                    REQUIRE(states.size() == branches.size() + 1);
                    break;
                case 1:
                    branches.select(id);
                    check_equal(store, at->second);
                    check_values(store, at->second, blocks.all);
                    break;
                default:
                {
                    const auto ops = blocks.next();
                    const std::uint64_t height = heights[id] + 1 + random.below(3);
                    const Branches::Id added = branches.apply(id, height, operations(ops));
                    model::State state = at->second;
                    const auto root = state.apply(height, ops);
                    REQUIRE(hex(branches.block(added).root) == hex(root));
                    states.emplace(added, std::move(state));
                    heights[added] = height;
                }
            }
        }
        // What is final is what is opened.
        const model::State final_state = states.at(branches.base());
        const auto root = branches.block(branches.base()).root;
        REQUIRE(root == final_state.root());
        REQUIRE(store.final_block().root == root);
    }
}

TEST_CASE("finalizing a block forgets its siblings and keeps its children")
{
    MemoryDisk disk;
    create(disk);
    {
        Store store(disk);
        Branches branches(store);
        const Octets one = {1}, two = {2};
        const auto a = branches.apply(branches.base(), 1, operations({{one, one}}));
        const auto b = branches.apply(branches.base(), 1, operations({{one, two}}));
        const auto a2 = branches.apply(a, 2, operations({{two, two}}));
        const auto b2 = branches.apply(b, 2, operations({{two, one}}));
        CHECK(branches.block(a).root != branches.block(b).root);
        branches.finalize(a);
        CHECK(branches.contains(a2));
        CHECK_FALSE(branches.contains(b));
        CHECK_FALSE(branches.contains(b2));
        CHECK_THROWS_AS(branches.apply(b2, 3, {}), NotHere);
        CHECK_THROWS_AS(branches.select(b), NotHere);
        branches.select(a2);
        CHECK(store.get(two) == two);
        CHECK_THROWS_AS(branches.apply(a2, 3, operations({{{}, one}})), mote::qmdb::BatchError);
        branches.select(a2);
        CHECK_THROWS_AS(Branches(store), NotHere);
    }
    Store store(disk);
    CHECK(store.get(Octets{1}) == Octets{1});
    CHECK_FALSE(store.get(Octets{2}));  // a2 was not final
}
