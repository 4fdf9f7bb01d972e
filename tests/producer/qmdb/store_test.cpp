#include "qmdb/store.hpp"

#include <catch2/catch.hpp>

#include "producer/qmdb/qmdb_support.hpp"

using namespace qmdb_test;
using mote::qmdb::BatchError;
using mote::qmdb::NotHere;
using mote::state::Fault;

namespace
{
// Blocks, the model's states after them, and a store that goes back and forth between them.
struct Both
{
    MemoryDisk disk;
    OpenOptions options;
    std::unique_ptr<Store> store;
    std::vector<model::State> states{model::State()};  // by ordinal
    std::vector<std::vector<Op>> blocks;

    Both()
    {
        create(disk);
        open();
    }
    void open() { store = std::make_unique<Store>(disk, options); }
    void reopen()
    {
        store.reset();
        // Entries are read from memory, and from files.
        options.memory_bytes = options.memory_bytes == 0 ? 256 << 20 : 0;
        open();
        states.resize(store->head().ordinal + 1);
        check_equal(*store, states.back());
    }
    void apply(const std::vector<Op>& ops)
    {
        const std::uint64_t height = 10 * states.size();
        states.push_back(states.back());
        const auto root = states.back().apply(height, ops);
        REQUIRE(hex(qmdb_test::apply(*store, height, ops)) == hex(root));
    }
    void undo()
    {
        store->undo();
        states.pop_back();
        check_equal(*store, states.back());
    }
};

void random_walk(RandomBlocks blocks, unsigned workers, std::uint64_t seed, int steps)
{
    SplitMix random(seed);
    Both both;
    both.options.workers = workers;
    both.options.checkpoint_bytes = 20000;
    both.options.checkpoint_on_close = seed % 2 == 0;
    for (int i = 0; i < steps; ++i)
    {
        switch (random.below(12))
        {
            case 0:
                both.reopen();
                break;
            case 1:
            case 2:
                if (both.store->pending() != 0)
                    both.undo();
                break;
            case 3:
                both.store->finalize(random.below(4));
                break;
            case 4:
                both.store->finalize();
                break;
            case 5:
                both.store->checkpoint();
                break;
            default:
                both.apply(blocks.next());
                check_equal(*both.store, both.states.back());
        }
    }
    check_values(*both.store, both.states.back(), blocks.all);
    both.store->finalize();
    both.reopen();
    check_values(*both.store, both.states.back(), blocks.all);
}
}  // namespace

TEST_CASE("random blocks, undone, finalized, reopened, equal the model")
{
    const int steps = mote::test::sanitized ? 80 : 400;
    random_walk({SplitMix(1)}, 1, 1, steps);
    random_walk({SplitMix(2)}, 2, 2, steps);
    random_walk({SplitMix(3), 15, 6, 60, 5, 4}, 1, 3, steps);
    random_walk({SplitMix(4), 400, 300, 20, 100, 9}, 3, 4, steps / 8);
    random_walk({SplitMix(5), 5, 4, 50, 70000 % 65536, 2}, 1, 5, steps / 4);
}

TEST_CASE("compaction, with undo across it")
{
    // A short list that is written over and over: the floor moves from 4,096 entries on.
    RandomBlocks blocks{SplitMix(6), 150, 700, 2, 10, 7};
    Both both;
    for (int i = 0; i < 60; ++i)
    {
        const auto ops = blocks.next();
        both.apply(ops);
        if (i % 3 == 0)
        {
            both.undo();
            both.apply(ops);
        }
        if (i % 5 == 0)
            both.store->finalize();
        check_equal(*both.store, both.states.back());
    }
    CHECK(both.states.back().shards[7].floor > 1000);
    both.store->finalize();
    both.reopen();
    check_values(*both.store, both.states.back(), blocks.all);
}

TEST_CASE("a void batch changes nothing")
{
    Both both;
    both.apply({{{1}, Octets{1}}, {{2}, Octets{2}}});
    const Octets good = {3};
    const auto fault_of = [&](const Op& bad)
    {
        try
        {
            qmdb_test::apply(*both.store, 1000, {{good, good}, bad});
        }
        catch (const BatchError& error)
        {
            CHECK(error.operation == 1);
            return error.fault;
        }
        return Fault::none;
    };
    CHECK(fault_of({{}, good}) == Fault::batch_key);
    CHECK(fault_of({Octets(256), good}) == Fault::batch_key);
    CHECK(fault_of({good, Octets(65536)}) == Fault::batch_value);
    check_equal(*both.store, both.states.back());
    both.apply({{good, good}});
}

TEST_CASE("heights grow, with gaps; the first may be 0; the greatest is no height")
{
    MemoryDisk disk;
    create(disk);
    Store store(disk);
    qmdb_test::apply(store, 0, {{{1}, Octets{1}}});
    CHECK_THROWS_AS(qmdb_test::apply(store, 0, {}), NotHere);
    qmdb_test::apply(store, 7, {});
    CHECK_THROWS_AS(qmdb_test::apply(store, 6, {}), NotHere);
    CHECK_THROWS_AS(qmdb_test::apply(store, mote::qmdb::no_height, {}), NotHere);
    CHECK(store.block_at(0).height == 0);
    CHECK(store.block_at(6).height == 0);
    CHECK(store.block_at(7).height == 7);
    CHECK(store.block_at(100).height == 7);
    store.undo();
    qmdb_test::apply(store, 5, {});
    CHECK(store.block_at(100).height == 5);
    store.finalize();
    CHECK_THROWS_AS(store.undo(), NotHere);
}

TEST_CASE("a block without changes leaves the root and takes no bytes of the log")
{
    Both both;
    both.apply({{{1}, Octets{1}}});
    both.store->finalize();
    const auto before = both.store->stats();
    both.apply({});
    both.apply({{{1}, Octets{1}}, {{9}, std::nullopt}});
    both.store->finalize();
    CHECK(both.store->stats().appended_bytes == before.appended_bytes);
    CHECK(both.states[1].root() == both.states[3].root());
    both.reopen();
    CHECK(both.store->head().ordinal == 3);
}

TEST_CASE("largest keys and values; many operations on one key")
{
    Both both;
    SplitMix random(8);
    const Octets key = random.bytes(255);
    both.apply({{key, random.bytes(65535)}, {{1}, random.bytes(65535)}});
    both.apply({{key, random.bytes(65534)}});
    both.store->finalize();
    both.reopen();
    CHECK(both.store->get(key) == both.states.back().get(key));
    CHECK_FALSE(both.store->get(Octets(256)));
    CHECK_FALSE(both.store->get({}));
    std::vector<Op> ops;
    for (int i = 0; i < (mote::test::sanitized ? 20000 : 1000000); ++i)
        ops.push_back({{7, 7}, i % 5 == 4 ? std::nullopt : std::optional<Octets>({1, 2, 3})});
    ops.push_back({{7, 7}, Octets{4}});
    both.apply(ops);
    CHECK(both.store->get(Octets{7, 7}) == Octets{4});
}

TEST_CASE("a checkpoint shortens opening to the tail")
{
    Both both;
    both.options.checkpoint_on_close = false;
    both.reopen();
    RandomBlocks blocks{SplitMix(9)};
    for (int i = 0; i < 20; ++i)
        both.apply(blocks.next());
    both.store->finalize();
    both.reopen();
    std::uint64_t entries = 0;
    for (unsigned s = 0; s < 16; ++s)
        entries += both.states.back().shards[s].next_sn();
    // Closing it the first time left a checkpoint of the creation.
    CHECK(both.store->stats().replayed_entries == entries - 16);
    REQUIRE(both.store->checkpoint());
    both.apply({{{1}, Octets{1}}});
    CHECK_FALSE(both.store->checkpoint());  // something is pending
    both.store->finalize();
    both.reopen();
    CHECK(both.store->stats().replayed_entries == 2);
    check_values(*both.store, both.states.back(), blocks.all);
}

TEST_CASE("pruning drops segments, keeps the root, and what is asked of the past it kept")
{
    RandomBlocks blocks{SplitMix(10), 300, 1200, 2, 20, 3};
    Both both;
    for (int i = 0; i < 60; ++i)
    {
        both.apply(blocks.next());
        both.store->finalize();
        if (i % 20 == 19 && i > 20)
        {
            const std::uint64_t before = both.store->stats().log_bytes;
            both.store->prune(both.store->head().height - 50);
            CHECK(both.store->stats().log_bytes < before);
            check_equal(*both.store, both.states.back());
            if (i % 40 == 39)
                both.reopen();
        }
    }
    CHECK(both.store->shard(3).twigs().first_sn() > 0);
    CHECK_FALSE(both.disk.exists("log-03-00000000"));
    check_values(*both.store, both.states.back(), blocks.all);
    CHECK_THROWS_AS(both.store->block_at(10), NotHere);
    CHECK(both.store->block_at(both.store->head().height - 50).ordinal > 50);
    both.reopen();
    both.apply(blocks.next());
}

TEST_CASE("there is one store in a place, and one process in a store")
{
    MemoryDisk disk;
    CHECK_THROWS_AS(Store(disk), NotHere);
    create(disk);
    CHECK_THROWS_AS(create(disk), NotHere);
    Store store(disk);
    CHECK_THROWS_AS(Store(disk), mote::qmdb::IoError);
}

TEST_CASE("workers throw what a shard throws, and go on afterwards")
{
    mote::qmdb::Workers workers(5);
    std::array<int, 16> seen = {};
    CHECK_THROWS_AS(workers.for_each_shard(
                        [&](unsigned s)
                        {
                            ++seen[s];
                            if (s == 7)
                                throw std::runtime_error("seven");
                        }),
                    std::runtime_error);
    workers.for_each_shard([&](unsigned s) { ++seen[s]; });
    for (unsigned s = 0; s < 16; ++s)
        CHECK(seen[s] == (s == 12 ? 1 : 2));  // the worker of 7 did not come to 12
}
