// What the store proves, sdk/state verifies: every key now and at every height, witnesses of every
// block, after undo, reopening and pruning.
#include "qmdb/prover.hpp"

#include <catch2/catch.hpp>

#include "producer/qmdb/qmdb_support.hpp"

using namespace qmdb_test;
using mote::qmdb::NotHere;
using mote::qmdb::Selection;
using state_test::answer_text;
using state_test::Holder;
using state_test::Json;

namespace
{
void check_answer(Store& store, const Octets& key, const Json& height, const model::State& truth)
{
    Selection selection;
    if (height.is_null())
        select_key(store, key, selection);
    else
        select_past(store, key, height, selection);
    const Holder proof(build_proof(store, selection), store.head().root);
    REQUIRE(proof.status == mote::Status::ok);
    Octets value;
    const std::string said = answer_text(proof.opened, key, height, value);
    const auto expected = truth.get(key);
    REQUIRE(said == (expected ? "present" : "absent"));
    REQUIRE(value == expected.value_or(Octets{}));
}
}  // namespace

TEST_CASE("every key is proven, now and at every height")
{
    for (const int shard : {-1, 5})
    {
        MemoryDisk disk;
        create(disk);
        Store store(disk);
        RandomBlocks blocks{SplitMix(31), 30, 20, 35, 10, shard};
        std::vector<model::State> states(1);
        for (std::uint64_t height = 1; height <= 15; ++height)
        {
            const auto ops = blocks.next();
            states.push_back(states.back());
            states.back().apply(height, ops);
            apply(store, height, ops);
            if (height % 4 == 0)
                store.finalize();
            for (const Octets& key : blocks.all)
                check_answer(store, key, nullptr, states.back());
        }
        mote::test::Thinned thinned;
        for (const Octets& key : blocks.all)
            for (std::uint64_t height = 0; height <= 15; ++height)
                if (thinned.next())
                    check_answer(store, key, height, states[height]);
    }
}

TEST_CASE("the witness of every block leads from root to root")
{
    MemoryDisk disk;
    create(disk);
    Store store(disk);
    model::State state;
    RandomBlocks blocks{SplitMix(32), 150, 700, 3, 20, 6};
    for (std::uint64_t height = 1; height <= 45; ++height)
    {
        const auto ops = blocks.next();
        const bool looked_at = !mote::test::sanitized || height % 9 == 0;
        const auto old_root = store.head().root;
        Octets witness;
        if (looked_at)
        {
            witness = build_witness(store, operations(ops), {});
            if (!ops.empty())
                REQUIRE(witness == state.witness(height, ops, {}));
        }
        state.apply(height, ops);
        const auto root = apply(store, height, ops);
        REQUIRE(root == state.root());
        if (!looked_at)
            continue;
        const state_test::Replay replay(witness, old_root, height, ops);
        REQUIRE(replay.status == mote::Status::ok);
        REQUIRE(replay.root == root);
    }
    REQUIRE(state.shards[6].floor > 0);
}

TEST_CASE("after pruning the kept past is proven, and the rest is refused")
{
    MemoryDisk disk;
    create(disk);
    Store store(disk);
    RandomBlocks blocks{SplitMix(33), 300, 1200, 2, 20, 3};
    std::vector<model::State> states(1);
    for (std::uint64_t height = 1; height <= 60; ++height)
    {
        const auto ops = blocks.next();
        states.push_back(states.back());
        states.back().apply(height, ops);
        apply(store, height, ops);
        store.finalize();
    }
    store.prune(50);
    REQUIRE(store.shard(3).twigs().first_sn() > 0);
    mote::test::Thinned thinned;
    for (const Octets& key : blocks.all)
    {
        check_answer(store, key, nullptr, states.back());
        for (std::uint64_t height = 50; height <= 60; ++height)
            if (thinned.next())
                check_answer(store, key, height, states[height]);
        Selection selection;
        CHECK_THROWS_AS(select_past(store, key, 49, selection), NotHere);
    }
    CHECK_THROWS_AS(build_proof(store, {{{3, {0}}}, {}}), NotHere);
}

TEST_CASE("a rotten chunk gives no proof")
{
    MemoryDisk disk;
    create(disk);
    OpenOptions options;
    options.memory_bytes = 0;
    Store store(disk, options);
    std::vector<Op> ops;
    for (std::uint8_t i = 0; i < 200; ++i)
        ops.push_back({{i, 1}, Octets{i}});
    apply(store, 1, ops);
    store.finalize();
    const Octets key = {5, 1};
    const unsigned s = model::State::shard_of(key);
    Selection selection;
    select_key(store, key, selection);
    char name[32];
    std::snprintf(name, sizeof name, "log-%02u-00000000", s);
    disk.flip(name, 70, 3);
    CHECK_THROWS_AS(build_proof(store, selection), mote::qmdb::Damage);
}
