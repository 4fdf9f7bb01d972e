// A replayed shard has the index that the store had, whether named entries are found in the index or
// read from the log.
#include <catch2/catch.hpp>

#include "producer/qmdb/qmdb_support.hpp"

using namespace qmdb_test;
using mote::qmdb::Prefix;
using mote::qmdb::Shard;

namespace
{
constexpr unsigned shard_number = 5;
constexpr std::uint64_t segment_bytes = 1 << 16;

// Numbers of 8-byte keys of shard 5: those of a pair share the 36 bits of their hashes that the index
// keeps. Found by hashing the numbers below 2^25.
constexpr std::uint64_t pairs[][2] = {
    {9463733, 16768648},  {5941850, 14974317},  {28864880, 32805918}, {13013193, 26950509},
    {7247974, 26308188},  {15211607, 28021658}, {13536181, 17939710}, {6134494, 27218698},
    {17655742, 32572701}, {23175635, 26878287}, {28372689, 31847159}, {17287117, 18574797},
    {3652220, 30960549},  {19978177, 22252592}, {17168923, 28375333}, {15073517, 20284270},
};

std::vector<Octets> keys_of_test(std::size_t plain)
{
    std::vector<Octets> keys;
    for (const auto& pair : pairs)
        for (const std::uint64_t number : pair)
            keys.push_back(mote::test::key_of_number(number, 8));
    for (std::uint64_t n = 0; plain > 0; ++n)
        if (const Octets key = mote::test::key_of_number(n, 12);
            model::State::shard_of(key) == shard_number)
        {
            keys.push_back(key);
            --plain;
        }
    return keys;
}

using Elements = std::vector<std::pair<Prefix, std::uint64_t>>;

Elements elements_of(const Shard& shard)
{
    Elements out;
    shard.index().for_each([&](Prefix prefix, std::uint64_t position)
                           { out.emplace_back(prefix, position); });
    return out;
}

struct Moment
{
    mote::qmdb::ShardNumbers numbers;
    mote::state::Digest root;
    Elements index;
};

// A store's history in one shard, and where the shard was after each block.
struct History
{
    MemoryDisk disk;
    std::vector<Moment> moments;

    History(std::uint64_t seed, std::size_t plain_keys, std::size_t blocks, std::uint64_t ops_max)
    {
        create(disk, segment_bytes);
        OpenOptions options;
        options.checkpoint_on_close = false;
        Store store(disk, options);
        RandomBlocks random{SplitMix(seed)};
        random.all = keys_of_test(plain_keys);
        random.keys = random.all.size();
        random.ops_max = ops_max;
        random.delete_percent = 40;
        for (std::size_t i = 0; i < blocks; ++i)
        {
            std::vector<Op> ops = random.next();
            // Now and then everything goes, so that one entry names more than it has room for.
            if (i % 16 == 15)
                for (const Octets& key : random.all)
                    ops.push_back({key, std::nullopt});
            // Both keys of a pair in one block, one of them deleted.
            const auto& pair = pairs[random.random.below(std::size(pairs))];
            ops.push_back({mote::test::key_of_number(pair[0], 8), Octets{1}});
            ops.push_back({mote::test::key_of_number(pair[1], 8), std::nullopt});
            apply(store, i + 1, ops);
            store.finalize();
            const Shard& shard = store.shard(shard_number);
            moments.push_back({shard.numbers(), shard.root(), elements_of(shard)});
        }
    }

    // Replays the first moments of each `step`, all of them in one shard.
    void check(std::size_t step, bool read_all)
    {
        Shard shard(disk, shard_number, segment_bytes, 0);
        shard.log().extend(moments.back().numbers.tail);
        for (std::size_t i = step - 1; i < moments.size(); i += step)
        {
            INFO("step " << step << ", block " << i + 1 << (read_all ? ", reading" : ""));
            shard.replay(moments[i].numbers, read_all);
            REQUIRE(shard.root() == moments[i].root);
            REQUIRE(elements_of(shard) == moments[i].index);
        }
    }
};
}  // namespace

TEST_CASE("a replayed index is the index that was, with and without reading what entries name")
{
    const std::size_t blocks = mote::test::sanitized ? 32 : 96;
    for (const std::size_t plain : {10U, 150U, 700U})
    {
        History history(plain, plain, blocks, 2 * plain);
        const bool compacted = history.moments.back().numbers.floor > 0;
        if (plain == 700)
            CHECK(compacted);
        for (const bool read_all : {false, true})
            for (const std::size_t step : {1U, 5U, 32U})
                history.check(step, read_all);
    }
}

TEST_CASE("a replay asks the disk for no more than the log that it replays")
{
    // Keys that are updated at random over a log with many chunks: the index decides nearly all.
    MemoryDisk disk;
    create(disk, segment_bytes);
    mote::qmdb::BlockRecord last;
    {
        OpenOptions options;
        options.checkpoint_on_close = false;
        Store store(disk, options);
        RandomBlocks random{SplitMix(5), 6000, 400, 3, 20, shard_number};
        for (std::uint64_t height = 1; height <= 80; ++height)
        {
            apply(store, height, random.next());
            store.finalize();
        }
        last = store.head();
    }
    std::array<std::uint64_t, 2> reads = {};
    for (const bool read_all : {false, true})
    {
        Shard shard(disk, shard_number, segment_bytes, 0);
        shard.log().extend(last.shards[shard_number].tail);
        const std::uint64_t before = disk.reads();
        shard.replay(last.shards[shard_number], read_all);
        reads[read_all ? 1 : 0] = disk.reads() - before;
    }
    const std::uint64_t entries = last.shards[shard_number].next_sn;
    REQUIRE(entries > 10'000);
    CHECK(reads[0] < reads[1] / 4);
    CHECK(reads[1] > entries / 4);
}
