// Images of shards and the runs of changes between them: a store that is opened from whatever is left of them
// is the store that was never closed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "producer/qmdb/qmdb_support.hpp"
#include "qmdb/fsck.hpp"

using namespace qmdb_test;
using mote::qmdb::changes_name;
using mote::qmdb::changes_numbers;
using mote::qmdb::Prefix;
using mote::qmdb::read_run_heads;
using mote::qmdb::RunHead;

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

// A store that never writes a run and is never closed.
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

TEST_CASE("a store opened from images and runs is the one that was never closed")
{
    const auto all = blocks_of_test(mote::test::sanitized ? 40 : 120, 400);
    for (const unsigned workers : {1U, 2U, 8U})
    {
        const std::vector<std::vector<Op>> some(all.begin(), all.begin() + 30);
        Truth truth(some);
        MemoryDisk disk;
        create(disk, 1 << 16);
        std::uint64_t runs = 0, images = 0;
        // It is closed as by a crash, again and again.
        for (std::size_t to = 3; to <= all.size(); to += 7)
        {
            const std::vector<std::vector<Op>> blocks(
                all.begin(), all.begin() + static_cast<std::ptrdiff_t>(to));
            Store store(disk, options_of_test(5000, workers));
            apply_all(store, blocks);
            runs += store.stats().runs + store.stats().applied_runs;
            images += store.stats().images;
            // Two images of each shard, and what led from one turn to the next.
            CHECK(changes_numbers(disk).size() < 40);
        }
        CHECK(runs > 20);
        CHECK(images > 32);
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

TEST_CASE("without runs none are written, and nothing is kept for them")
{
    Truth truth(blocks_of_test(20, 300));
    CHECK(changes_numbers(truth.disk).empty());
    truth.store.reset();
    truth.store = std::make_unique<Store>(truth.disk, options_of_test(never));
    CHECK(truth.store->stats().replayed_entries > 500);
    // Images that are asked for are written nevertheless.
    REQUIRE(truth.store->checkpoint());
    Truth other(truth.blocks);
    truth.store.reset();
    truth.store = std::make_unique<Store>(truth.disk, options_of_test(never));
    CHECK(truth.store->stats().replayed_entries == 0);
    other.check(*truth.store);
}

namespace
{
// A store with images of all shards at two blocks, and images by turns and runs behind them.
struct Chain
{
    // Enough keys that an image is not due with each run.
    static std::vector<std::vector<Op>> blocks()
    {
        auto out = blocks_of_test(70, 3000);
        for (unsigned i = 0; i < 4000; ++i)
            out[0].push_back(
                {{9, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}, Octets{1}});
        return out;
    }
    Truth truth{blocks()};

    void make(MemoryDisk& disk) const
    {
        create(disk, 1 << 16);
        for (const std::size_t to : {20U, 40U, 70U})
        {
            Store store(disk, options_of_test(4000));
            apply_all(store, {truth.blocks.begin(),
                              truth.blocks.begin() + static_cast<std::ptrdiff_t>(to)});
            if (to != 70)
                REQUIRE(store.checkpoint());
        }
    }
};

std::vector<RunHead> all_runs(MemoryDisk& disk)
{
    std::vector<RunHead> out;
    for (const std::uint64_t number : changes_numbers(disk))
        for (const RunHead& run : read_run_heads(disk, number, id_of_test()))
            out.push_back(run);
    return out;
}

std::unique_ptr<MemoryDisk> copy_of(MemoryDisk& disk)
{
    auto out = std::make_unique<MemoryDisk>();
    for (const std::string& name : disk.names())
        out->open(name, true)->write(0, disk.content(name));
    return out;
}

void rot(MemoryDisk& disk, const RunHead& run, const RunHead::Part& part)
{
    disk.flip(changes_name(run.file), part.offset + part.bytes / 2, 3);
}

struct Opened
{
    std::uint64_t applied, replayed;
};

Opened open_and_check(MemoryDisk& disk, const Truth& truth, bool write = true)
{
    OpenOptions options = options_of_test(never);
    options.write = write;
    Store store(disk, options);
    truth.check(store);
    return {store.stats().applied_runs, store.stats().replayed_entries};
}
}  // namespace

TEST_CASE("shards take turns, and their images are of the runs they stand in")
{
    const Chain chain;
    MemoryDisk disk;
    chain.make(disk);
    std::array<std::vector<std::uint64_t>, 16> imaged;
    for (const RunHead& run : all_runs(disk))
    {
        std::size_t images = 0;
        for (unsigned s = 0; s < 16; ++s)
            if (run.images[s].bytes != 0)
            {
                imaged[s].push_back(run.block.ordinal);
                ++images;
            }
        CHECK((images <= 2 || images == 16));
    }
    for (const auto& blocks : imaged)
    {
        CHECK(blocks.size() >= 2);
        CHECK(std::is_sorted(blocks.begin(), blocks.end()));
        // The newest is not older than where the last turn began.
        CHECK(blocks.back() >= 40);
    }
}

TEST_CASE("an image that rotted is passed by the one before and the runs behind it")
{
    const Chain chain;
    MemoryDisk disk;
    chain.make(disk);
    const Opened whole = open_and_check(disk, chain.truth);
    CHECK(whole.applied > 2);
    const auto runs = all_runs(disk);
    for (unsigned s = 0; s < 16; ++s)
    {
        const auto copied = copy_of(disk);
        MemoryDisk& copy = *copied;
        for (auto run = runs.rbegin(); run != runs.rend(); ++run)
            if (run->images[s].bytes != 0)
            {
                rot(copy, *run, run->images[s]);
                INFO("shard " << s);
                const auto report = mote::qmdb::fsck(copy, false);
                REQUIRE(report.opens);
                REQUIRE(report.findings.size() == 1);
                REQUIRE(report.findings[0].file == changes_name(run->file));
                REQUIRE(report.findings[0].offset == run->images[s].offset);
                const Opened opened = open_and_check(copy, chain.truth);
                REQUIRE(opened.applied > 2);
                REQUIRE(opened.replayed == whole.replayed);
                REQUIRE(mote::qmdb::fsck(copy, true).opens);
                REQUIRE(mote::qmdb::fsck(copy, false).findings.empty());
                break;
            }
    }
    // No image of a shard: its log, from the beginning.
    for (const RunHead& run : runs)
        if (run.images[5].bytes != 0)
            rot(disk, run, run.images[5]);
    CHECK(open_and_check(disk, chain.truth).replayed > whole.replayed);
    // None of any.
    for (const RunHead& run : runs)
        for (unsigned s = 0; s < 16; ++s)
            if (run.images[s].bytes != 0 && s != 5)
                rot(disk, run, run.images[s]);
    const Opened opened = open_and_check(disk, chain.truth);
    CHECK(opened.applied == 0);
    CHECK(opened.replayed > whole.replayed);
}

TEST_CASE("a shard's changes that rot end its way, and the log has the rest")
{
    const Chain chain;
    MemoryDisk disk;
    chain.make(disk);
    const Opened whole = open_and_check(disk, chain.truth);
    const auto runs = all_runs(disk);
    SplitMix random(7);
    for (int i = 0; i < (mote::test::sanitized ? 4 : 30); ++i)
    {
        const RunHead& run = runs[random.below(runs.size())];
        const auto s = static_cast<unsigned>(random.below(16));
        if (!run.has_changes())
            continue;
        const auto copied = copy_of(disk);
        MemoryDisk& copy = *copied;
        rot(copy, run, run.changes[s]);
        INFO("block " << run.block.ordinal << ", shard " << s);
        const bool needed = std::none_of(
            runs.begin(), runs.end(), [&](const RunHead& later)
            { return later.block.ordinal >= run.block.ordinal && later.images[s].bytes != 0; });
        const auto report = mote::qmdb::fsck(copy, false);
        REQUIRE(report.opens);
        REQUIRE(report.findings.size() == 1);
        REQUIRE(report.findings[0].offset == run.changes[s].offset);
        const Opened opened = open_and_check(copy, chain.truth);
        REQUIRE((opened.replayed > whole.replayed) == needed);
        // It goes on: with images of all shards, if there is no run to go on from.
        {
            OpenOptions closing = options_of_test(4000);
            closing.checkpoint_on_close = true;
            const Store store(copy, closing);
        }
        REQUIRE(open_and_check(copy, chain.truth).replayed == 0);
        REQUIRE(mote::qmdb::fsck(copy, true).opens);
        REQUIRE(mote::qmdb::fsck(copy, false).findings.empty());
        REQUIRE(open_and_check(copy, chain.truth).replayed == 0);
    }
}

TEST_CASE("a run that is torn or lost ends all ways, and later images do not need it")
{
    const Chain chain;
    MemoryDisk disk;
    chain.make(disk);
    const Opened whole = open_and_check(disk, chain.truth);
    const auto runs = all_runs(disk);
    REQUIRE(runs.size() > 10);
    for (std::size_t i = 0; i < runs.size(); ++i)
    {
        const RunHead& run = runs[i];
        const std::string name = changes_name(run.file);
        const auto copied = copy_of(disk);
        MemoryDisk& copy = *copied;
        copy.open(name, false)->truncate(run.end - 1);
        INFO("block " << run.block.ordinal << " in " << name);
        const auto report = mote::qmdb::fsck(copy, false);
        REQUIRE(report.opens);
        REQUIRE(report.findings.size() == 1);
        REQUIRE(report.findings[0].file == name);
        REQUIRE(report.findings[0].offset == run.offset);
        const Opened opened = open_and_check(copy, chain.truth);
        REQUIRE(opened.replayed >= whole.replayed);
        // What is of no use is gone.
        REQUIRE(mote::qmdb::fsck(copy, false).findings.empty());
        OpenOptions closing = options_of_test(4000);
        closing.checkpoint_on_close = true;
        std::make_unique<Store>(copy, closing).reset();
        REQUIRE(open_and_check(copy, chain.truth).replayed == 0);
        // The last one was being written: the others lead on, and no shard wants an image for it.
        if (i + 1 == runs.size())
            REQUIRE(all_runs(copy).back().images[0].bytes *
                        all_runs(copy).back().images[15].bytes ==
                    0);
        copy.remove(name);
        static_cast<void>(open_and_check(copy, chain.truth));
    }
}

TEST_CASE("every byte of a file of runs is under a digest")
{
    const Chain chain;
    MemoryDisk made;
    chain.make(made);
    SplitMix random(4);
    const auto numbers = changes_numbers(made);
    for (int i = 0; i < (mote::test::sanitized ? 5 : 60); ++i)
    {
        const auto copied = copy_of(made);
        MemoryDisk& disk = *copied;
        const std::string name = changes_name(numbers[random.below(numbers.size())]);
        const std::uint64_t byte = random.below(disk.content(name).size());
        disk.flip(name, byte, static_cast<unsigned>(random.below(8)));
        INFO(name << " byte " << byte);
        const auto report = mote::qmdb::fsck(disk, false);
        REQUIRE(report.opens);
        REQUIRE(report.root == chain.truth.store->head().root);
        REQUIRE(report.findings.size() == 1);
        REQUIRE(report.findings[0].file == name);
        REQUIRE(report.findings[0].offset <= byte);
        static_cast<void>(open_and_check(disk, chain.truth));
    }
}

TEST_CASE("a store that is closed after every block does not have more and more runs")
{
    MemoryDisk disk;
    create(disk, 1 << 16);
    std::vector<Op> many;
    for (unsigned i = 0; i < 8000; ++i)
        many.push_back(
            {{static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}, Octets{1}});
    OpenOptions options = options_of_test(never);
    options.checkpoint_on_close = true;
    std::size_t most = 0;
    // The log for an image is that of some two hundred blocks of one update.
    for (std::uint64_t height = 1; height <= (mote::test::sanitized ? 270U : 560U); ++height)
    {
        {
            Store store(disk, options);
            REQUIRE(store.stats().replayed_entries == 0);
            apply(store, height,
                  height == 1
                      ? many
                      : std::vector<Op>{{{7, 7}, Octets{static_cast<std::uint8_t>(height)}}});
            store.finalize();
        }
        if (height % 50 == 0)
            most = std::max(most, all_runs(disk).size());
    }
    CHECK(most > 200);
    CHECK(most < 600);
    Store store(disk, options);
    CHECK(store.stats().applied_runs < 300);
}

TEST_CASE("runs are found out of order, and those behind a gap lead nowhere")
{
    const Chain chain;
    MemoryDisk disk;
    chain.make(disk);
    const Opened whole = open_and_check(disk, chain.truth);
    const auto numbers = changes_numbers(disk);
    bool swapped = false;
    for (const std::uint64_t number : numbers)
    {
        const auto runs = read_run_heads(disk, number, id_of_test());
        if (runs.size() < 2)
            continue;
        swapped = true;
        const std::string name = changes_name(number);
        auto bytes = disk.content(name);
        const auto at = [&](std::uint64_t offset)
        { return bytes.begin() + static_cast<std::ptrdiff_t>(offset); };
        std::rotate(at(runs[0].offset), at(runs[1].offset), at(runs[1].end));
        disk.open(name, false)->write(0, bytes);
    }
    REQUIRE(swapped);
    const Opened opened = open_and_check(disk, chain.truth, false);
    CHECK(opened.applied == whole.applied);
    CHECK(opened.replayed == whole.replayed);
    // Of another store: refused by its identity. Of no block of this one: by the list of blocks.
    MemoryDisk other;
    create(other, 1 << 16, 8);
    {
        Store store(other, options_of_test(never));
        apply_all(store, chain.truth.blocks);
        REQUIRE(store.checkpoint());
    }
    for (const std::uint64_t number : changes_numbers(other))
    {
        const auto bytes = other.content(changes_name(number));
        const std::uint64_t behind = numbers.back() + 1 + number;
        disk.open(changes_name(behind), true)->write(0, bytes);
    }
    CHECK(open_and_check(disk, chain.truth).replayed == whole.replayed);
    CHECK(changes_numbers(disk) == numbers);
}
