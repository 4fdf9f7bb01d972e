// Checkpoints and the runs of changes between them: a store that is opened from whatever is left of them is
// the store that was never closed.
#include <catch2/catch.hpp>
#include <map>

#include "producer/qmdb/qmdb_support.hpp"
#include "qmdb/fsck.hpp"

using namespace qmdb_test;
using mote::qmdb::changes_name;
using mote::qmdb::checkpoint_name;
using mote::qmdb::CheckpointHead;
using mote::qmdb::Prefix;
using mote::qmdb::read_run_heads;

namespace
{
constexpr std::uint64_t never = ~std::uint64_t{0};

std::vector<std::vector<Op>> blocks_of_test(std::size_t count, std::uint64_t keys)
{
    RandomBlocks random{SplitMix(count), keys, keys / 3, 20, 30};
    std::vector<std::vector<Op>> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(random.next());
    return out;
}

OpenOptions options_of_test(std::uint64_t checkpoint_bytes, unsigned workers = 1)
{
    OpenOptions options;
    options.workers = workers;
    options.checkpoint_bytes = checkpoint_bytes;
    options.checkpoint_on_close = false;
    return options;
}

void apply_all(Store& store, const std::vector<std::vector<Op>>& blocks)
{
    while (store.head().ordinal < blocks.size())
    {
        apply(store, store.head().ordinal + 1, blocks[store.head().ordinal]);
        store.finalize();
    }
}

// A store that never writes a checkpoint and is never closed.
struct Truth
{
    std::vector<std::vector<Op>> blocks;
    MemoryDisk disk;
    std::unique_ptr<Store> store;

    explicit Truth(std::vector<std::vector<Op>> all, std::uint64_t segment_bytes = 1 << 16)
        : blocks(std::move(all))
    {
        create(disk, segment_bytes);
        store = std::make_unique<Store>(disk, options_of_test(never));
        apply_all(*store, blocks);
    }

    void check(Store& other) const
    {
        REQUIRE(other.head() == store->head());
        for (unsigned s = 0; s < 16; ++s)
        {
            std::vector<std::pair<Prefix, std::uint64_t>> mine, theirs;
            store->shard(s).index().for_each([&](Prefix prefix, std::uint64_t position)
                                             { mine.emplace_back(prefix, position); });
            other.shard(s).index().for_each([&](Prefix prefix, std::uint64_t position)
                                            { theirs.emplace_back(prefix, position); });
            REQUIRE(mine == theirs);
            const auto& twigs = store->shard(s).twigs();
            REQUIRE(twigs.open_leaves() == other.shard(s).twigs().open_leaves());
            for (std::uint64_t sn = 0; sn < twigs.next_sn(); ++sn)
                REQUIRE(twigs.active(sn) == other.shard(s).twigs().active(sn));
            for (std::uint64_t sn = 0; sn < twigs.next_sn(); sn += 256)
                REQUIRE(twigs.chunk_position(sn >> 8) ==
                        other.shard(s).twigs().chunk_position(sn >> 8));
        }
    }
};

std::map<std::string, std::vector<std::uint8_t>> chain_files(MemoryDisk& disk)
{
    std::map<std::string, std::vector<std::uint8_t>> out;
    for (const std::string& name : disk.names())
        if (name.starts_with("log-") || name == "blocks")
            out[name] = disk.content(name);
    return out;
}

mote::qmdb::StoreId id_of_test()
{
    mote::qmdb::StoreId id;
    id.fill(7);
    return id;
}
}  // namespace

TEST_CASE("a store opened from checkpoints and runs is the one that was never closed")
{
    const auto all = blocks_of_test(mote::test::sanitized ? 40 : 120, 400);
    for (const unsigned workers : {1U, 2U, 8U})
    {
        const std::vector<std::vector<Op>> some(all.begin(), all.begin() + 30);
        Truth truth(some);
        MemoryDisk disk;
        create(disk, 1 << 16);
        std::uint64_t runs = 0, checkpoints = 0;
        // It is closed as by a crash, again and again.
        for (std::size_t to = 3; to <= all.size(); to += 7)
        {
            const std::vector<std::vector<Op>> blocks(
                all.begin(), all.begin() + static_cast<std::ptrdiff_t>(to));
            Store store(disk, options_of_test(5000, workers));
            apply_all(store, blocks);
            runs += store.stats().runs + store.stats().applied_runs;
            checkpoints += store.stats().checkpoints;
        }
        CHECK(runs > 20);
        CHECK(checkpoints > 0);
        Store store(disk, options_of_test(5000, workers));
        CHECK(store.stats().replayed_entries < 1000);
        truth.blocks = {all.begin(),
                        all.begin() + static_cast<std::ptrdiff_t>(store.head().ordinal)};
        apply_all(*truth.store, truth.blocks);
        truth.check(store);
        // And further blocks have the same bytes.
        apply_all(store, all);
        apply_all(*truth.store, all);
        truth.check(store);
        REQUIRE(chain_files(disk) == chain_files(truth.disk));
    }
}

TEST_CASE("without checkpoints none are written, and nothing is kept for them")
{
    Truth truth(blocks_of_test(20, 300));
    for (unsigned slot = 0; slot < 2; ++slot)
    {
        CHECK_FALSE(truth.disk.exists(checkpoint_name(slot)));
        CHECK_FALSE(truth.disk.exists(changes_name(slot)));
    }
    truth.store.reset();
    truth.store = std::make_unique<Store>(truth.disk, options_of_test(never));
    CHECK(truth.store->stats().replayed_entries > 500);
    // A checkpoint that is asked for is written nevertheless.
    REQUIRE(truth.store->checkpoint());
    Truth other(truth.blocks);
    truth.store.reset();
    truth.store = std::make_unique<Store>(truth.disk, options_of_test(never));
    CHECK(truth.store->stats().replayed_entries == 0);
    other.check(*truth.store);
}

namespace
{
// A store whose newest checkpoint has runs behind it, and before it a run that leads to it.
struct Chain
{
    Truth truth{blocks_of_test(60, 300)};

    void make(MemoryDisk& disk) const
    {
        create(disk, 1 << 16);
        for (const std::size_t checkpoint_at : {20U, 40U, 60U})
        {
            Store store(disk, options_of_test(4000));
            apply_all(store, {truth.blocks.begin(),
                              truth.blocks.begin() + static_cast<std::ptrdiff_t>(checkpoint_at)});
            if (checkpoint_at != 60)
                REQUIRE(store.checkpoint());
        }
    }
};

std::vector<CheckpointHead> runs_of(MemoryDisk& disk, unsigned slot)
{
    return read_run_heads(disk, slot, id_of_test());
}

// The slot of the newer checkpoint.
unsigned newest_slot(MemoryDisk& disk)
{
    const auto first = mote::qmdb::read_checkpoint_head(disk, 0, id_of_test());
    const auto second = mote::qmdb::read_checkpoint_head(disk, 1, id_of_test());
    REQUIRE((first && second));
    return first->block.ordinal > second->block.ordinal ? 0 : 1;
}
}  // namespace

TEST_CASE("a checkpoint that rotted is passed by the runs before it and behind it")
{
    const Chain chain;
    MemoryDisk disk;
    chain.make(disk);
    const unsigned newest = newest_slot(disk);
    std::uint64_t whole_runs = 0, replayed = 0;
    {
        Store store(disk, options_of_test(never));
        whole_runs = store.stats().applied_runs;
        replayed = store.stats().replayed_entries;
        CHECK(whole_runs > 2);
        chain.truth.check(store);
    }
    disk.flip(checkpoint_name(newest), disk.content(checkpoint_name(newest)).size() / 2, 3);
    {
        Store store(disk, options_of_test(never));
        CHECK(store.stats().applied_runs > whole_runs);
        CHECK(store.stats().replayed_entries == replayed);
        chain.truth.check(store);
    }
    // Neither checkpoint: the log.
    disk.flip(checkpoint_name(newest ^ 1), 100, 3);
    Store store(disk, options_of_test(never));
    CHECK(store.stats().applied_runs == 0);
    CHECK(store.stats().replayed_entries > replayed);
    chain.truth.check(store);
}

TEST_CASE("a run that rots, is torn or lost ends the chain before it, and the log has the rest")
{
    const Chain chain;
    for (std::size_t bad = 0; bad < 4; ++bad)
        for (const bool torn : {false, true})
        {
            INFO("run " << bad << (torn ? ", torn" : ", rotten"));
            MemoryDisk disk;
            chain.make(disk);
            const unsigned slot = newest_slot(disk);
            const std::string name = changes_name(slot);
            const auto runs = runs_of(disk, slot);
            REQUIRE(runs.size() > 4);
            // The first ones, and the last two.
            const std::size_t number = bad < 2 ? bad : runs.size() - bad + 1;
            const CheckpointHead& run = runs[number];
            if (torn)
                disk.open(name, false)->truncate(run.end - 1);
            else
                disk.flip(name, (run.offset + run.end) / 2, 1);
            const auto report = mote::qmdb::fsck(disk, false);
            REQUIRE(report.opens);
            REQUIRE_FALSE(report.findings.empty());
            REQUIRE(report.findings[0].file == name);
            REQUIRE(report.findings[0].offset == run.offset);
            {
                Store store(disk, options_of_test(never));
                REQUIRE(store.stats().applied_runs == number);
                REQUIRE(store.stats().replayed_entries > 0);
                chain.truth.check(store);
            }
            // What is of no use is gone, and further runs follow what is left.
            REQUIRE(disk.content(name).size() == run.offset);
            REQUIRE(mote::qmdb::fsck(disk, false).findings.empty());
            OpenOptions closing = options_of_test(4000);
            closing.checkpoint_on_close = true;
            std::make_unique<Store>(disk, closing).reset();
            Store store(disk, options_of_test(never));
            REQUIRE(store.stats().applied_runs == number + 1);
            REQUIRE(store.stats().replayed_entries == 0);
            chain.truth.check(store);
        }
    // Every byte of the file is under a digest.
    SplitMix random(4);
    for (int i = 0; i < (mote::test::sanitized ? 5 : 40); ++i)
    {
        MemoryDisk disk;
        chain.make(disk);
        const std::string name = changes_name(newest_slot(disk));
        const std::uint64_t byte = random.below(disk.content(name).size());
        disk.flip(name, byte, static_cast<unsigned>(random.below(8)));
        INFO("byte " << byte);
        const auto report = mote::qmdb::fsck(disk, false);
        REQUIRE(report.opens);
        REQUIRE(report.root == chain.truth.store->head().root);
        REQUIRE_FALSE(report.findings.empty());
        REQUIRE(report.findings[0].offset <= byte);
    }
}

TEST_CASE("a run of another history, or out of order, is not applied")
{
    const Chain chain;
    MemoryDisk disk;
    chain.make(disk);
    const unsigned slot = newest_slot(disk);
    const auto runs = runs_of(disk, slot);
    REQUIRE(runs.size() > 2);
    const std::string name = changes_name(slot);
    // Two runs change places. Both begin at blocks that are there: they are found all the same.
    auto bytes = disk.content(name);
    const auto at = [&](std::uint64_t offset)
    { return bytes.begin() + static_cast<std::ptrdiff_t>(offset); };
    std::rotate(at(runs[0].offset), at(runs[1].offset), at(runs[1].end));
    disk.open(name, false)->write(0, bytes);
    {
        OpenOptions options = options_of_test(never);
        options.write = false;
        Store store(disk, options);
        CHECK(store.stats().applied_runs == runs.size());
        chain.truth.check(store);
    }
    // The first run alone is gone: those behind it begin nowhere.
    bytes.erase(at(runs[1].end - runs[1].offset), at(runs[1].end));
    disk.open(name, false)->truncate(0);
    disk.open(name, false)->write(0, bytes);
    Store store(disk, options_of_test(never));
    CHECK(store.stats().applied_runs == 0);
    chain.truth.check(store);
}
