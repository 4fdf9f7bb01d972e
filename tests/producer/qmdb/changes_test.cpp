// Runs of changes: what one says brings a shard from one moment to the next, whatever happened between,
// and bytes that are not a run do nothing bad.
#include "qmdb/changes.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "producer/qmdb/qmdb_support.hpp"
#include "qmdb/varint.hpp"

using namespace qmdb_test;
using mote::qmdb::encode_run;
using mote::qmdb::Index;
using mote::qmdb::IndexChange;
using mote::qmdb::no_position;
using mote::qmdb::Prefix;
using mote::qmdb::RunReader;
using mote::qmdb::Shard;
using mote::qmdb::ShardChanges;
using mote::qmdb::ShardRun;

namespace
{
using Pairs = std::set<std::pair<Prefix, std::uint64_t>>;

Pairs pairs_of(const Index& index)
{
    Pairs out;
    index.for_each([&](Prefix prefix, std::uint64_t position) { out.emplace(prefix, position); });
    return out;
}

// Changes an index as a shard does, and keeps what it did.
struct Recorder
{
    Index& index;
    std::vector<IndexChange> changes{};

    void insert(Prefix prefix, std::uint64_t to)
    {
        index.insert(prefix, to);
        changes.emplace_back(prefix, false, no_position, to);
    }
    void erase(Prefix prefix, std::uint64_t from)
    {
        bool alone = false;
        REQUIRE(index.erase(prefix, from, &alone));
        changes.emplace_back(prefix, alone, from, no_position);
    }
    void replace(Prefix prefix, std::uint64_t from, std::uint64_t to)
    {
        bool alone = false;
        REQUIRE(index.replace(prefix, from, to, &alone));
        changes.emplace_back(prefix, alone, from, to);
    }
};

bool apply_run(Shard& shard, std::span<const std::uint8_t> run, const mote::qmdb::ShardNumbers& to)
{
    const Shard::NextRun next = {run, to};
    return shard.apply_runs(std::span(&next, 1));
}

void apply_to(Index& index, RunReader& reader)
{
    std::array<RunReader::Net, 3> some;
    // By stretches, as a shard does, and to the end.
    for (const Prefix end : {Prefix{1} << 34, Prefix{1} << 35, Prefix{1} << 36})
        while (const std::size_t count = reader.index_changes(some, end))
            for (std::size_t i = 0; i < count; ++i)
            {
                const auto& [kind, prefix, position] = some[i];
                switch (kind)
                {
                    case RunReader::Kind::replaces_only:
                        REQUIRE(index.replace_only(prefix, position));
                        break;
                    case RunReader::Kind::erases_only:
                        REQUIRE(index.erase_only(prefix));
                        break;
                    case RunReader::Kind::inserts:
                        index.insert(prefix, position);
                        break;
                    case RunReader::Kind::erases:
                        REQUIRE(index.erase(prefix, position));
                        break;
                }
            }
}
}  // namespace

TEST_CASE("varints of every length, followed by anything or by nothing")
{
    SplitMix random(1);
    for (unsigned bits = 0; bits <= 63; ++bits)
        for (const std::uint64_t value :
             {bits == 0 ? 0 : std::uint64_t{1} << (bits - 1), (std::uint64_t{1} << bits) - 1})
            for (std::size_t more = 0; more < 10; ++more)
            {
                std::array<std::uint8_t, mote::qmdb::varint_bytes_max + 10> bytes;
                const auto rest = random.bytes(bytes.size());
                std::copy(rest.begin(), rest.end(), bytes.begin());
                const auto size = static_cast<std::size_t>(
                    mote::qmdb::put_varint(bytes.data(), value) - bytes.data());
                REQUIRE(size == std::max<std::size_t>((bits + 6) / 7, 1));
                std::span<const std::uint8_t> view = std::span(bytes).first(size + more);
                std::uint64_t out = 0;
                REQUIRE(mote::qmdb::take_varint(view, out));
                REQUIRE(out == value);
                REQUIRE(view.size() == more);
                view = std::span(bytes).first(size - 1);
                REQUIRE_FALSE(mote::qmdb::take_varint(view, out));
            }
    const std::array<std::uint8_t, 12> endless = {255, 255, 255, 255, 255, 255,
                                                  255, 255, 255, 255, 255, 1};
    std::span<const std::uint8_t> view = endless;
    std::uint64_t out = 0;
    CHECK_FALSE(mote::qmdb::take_varint(view, out));
}

TEST_CASE("a run's index changes lead from one index to the next")
{
    SplitMix random(3);
    // Few prefixes, so that many elements share one; and many, so that partitions split.
    for (const std::uint64_t prefixes : {3U, 40U, 5000U})
    {
        const auto prefix_of_number = [&](std::uint64_t n)
        { return (n * ((Prefix{1} << 36) / prefixes)) | (n & 1); };
        Index live, copy;
        std::uint64_t tail = 1;
        for (int round = 0; round < 40; ++round)
        {
            Recorder recorder{live};
            for (std::uint64_t i = random.below(prefixes / 2 + 20); i > 0; --i)
            {
                const Prefix prefix = prefix_of_number(random.below(prefixes));
                std::vector<std::uint64_t> there;
                live.find(prefix, there);
                const std::uint64_t kind = random.below(8);
                tail += 4;
                if (there.empty() || kind == 0)
                    recorder.insert(prefix, tail - 4);
                else if (kind == 1)
                    recorder.erase(prefix, there[random.below(there.size())]);
                else
                    recorder.replace(prefix, there[random.below(there.size())], tail - 4);
            }
            ShardRun run;
            run.tail = tail;
            run.changes.add(std::move(recorder.changes), {});
            const auto bytes = encode_run(run);
            RunReader reader(bytes, 0, 0, tail);
            REQUIRE(reader.good());
            apply_to(copy, reader);
            REQUIRE(reader.good());
            REQUIRE(reader.at_end());
            REQUIRE(pairs_of(copy) == pairs_of(live));
            REQUIRE(copy.size() == live.size());
        }
    }
}

TEST_CASE("an update of a key takes few bytes of a run, and twice none more")
{
    Index index;
    const std::uint64_t keys = 100'000, tail = 1 << 20;
    const auto prefix_of_key = [](std::uint64_t n) { return n * 0x9e3779b97f4a7c15 >> 28; };
    for (std::uint64_t n = 0; n < keys; ++n)
        index.insert(prefix_of_key(n), n);
    Recorder recorder{index};
    for (std::uint64_t n = 0; n < 20'000; ++n)
        recorder.replace(prefix_of_key(n), n, tail / 2 + 8 * n);
    ShardRun run;
    run.tail = tail;
    run.changes.add(std::vector(recorder.changes), {});
    const std::size_t once = encode_run(run).size();
    CHECK(once < 20'000 * 8);
    for (std::uint64_t n = 0; n < 20'000; ++n)
        recorder.replace(prefix_of_key(n), tail / 2 + 8 * n, tail / 2 + 8 * n + 4);
    run.changes = {};
    run.changes.add(std::move(recorder.changes), {});
    CHECK(encode_run(run).size() <= once + 100);
}

TEST_CASE("cleared serial numbers come back in order")
{
    ShardRun run;
    run.next_sn = 256 * 9;
    run.changes.first_sn = run.next_sn;
    run.changes.add({}, {1000, 0, 7});
    run.changes.add({}, {2303, 8});
    const auto bytes = encode_run(run);
    RunReader reader(bytes, run.next_sn, run.next_sn, 0);
    std::array<std::uint64_t, 2> some;
    std::vector<std::uint64_t> all;
    while (const std::size_t count = reader.cleared(some))
        all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
    CHECK(all == std::vector<std::uint64_t>{0, 7, 8, 1000, 2303});
    CHECK(reader.good());
    CHECK(reader.at_end());
    // One serial number more than there are.
    RunReader less(bytes, run.next_sn, run.next_sn, 0);
    CHECK(less.good());
    CHECK_FALSE(RunReader(bytes, run.next_sn - 1, run.next_sn, 0).good());
    CHECK_FALSE(RunReader(bytes, run.next_sn, run.next_sn + 1, 0).good());
    for (std::size_t size = 0; size < bytes.size(); ++size)
    {
        const std::span<const std::uint8_t> beginning(bytes.data(), size);
        RunReader cut(beginning, run.next_sn, run.next_sn, 0);
        while (cut.cleared(some) != 0)
        {
        }
        REQUIRE_FALSE((cut.good() && cut.at_end()));
    }
}

namespace
{
// A shard's moments, and the runs between them as a store would write them.
struct Moments
{
    MemoryDisk disk;
    std::vector<mote::qmdb::ShardNumbers> numbers;
    std::vector<mote::state::Digest> roots;
    std::vector<Pairs> indices;
    std::vector<std::vector<std::uint8_t>> runs;  // runs[i] leads to moment i
    std::vector<std::uint8_t> first;              // saved

    explicit Moments(unsigned number)
    {
        create(disk, 1 << 16);
        OpenOptions options;
        options.checkpoint_on_close = false;
        options.checkpoint_bytes = ~std::uint64_t{0};
        Store store(disk, options);
        RandomBlocks random{SplitMix(number), 400, 300, 25, 30, static_cast<int>(number)};
        Shard& shard = store.shard(number);
        shard.save(first);
        add(shard);
        runs.emplace_back();
        for (std::uint64_t height = 1; height <= 60; ++height)
        {
            std::vector<Op> ops = random.next();
            // Everything goes: copies of an entry that names too many.
            if (height % 20 == 0)
                for (const Octets& key : random.all)
                    ops.push_back({key, std::nullopt});
            apply(store, height, ops);
            // A block that is pending on what is cut, and goes.
            store.finalize(1);
            if (height % 3 != 0)
                continue;
            const auto at = shard.numbers();
            add(shard);
            apply(store, height + 1, random.next());
            runs.push_back(encode_run(shard.cut(at)));
            store.undo();
        }
    }
    void add(const Shard& shard)
    {
        numbers.push_back(shard.numbers());
        roots.push_back(shard.root());
        indices.push_back(pairs_of(shard.index()));
    }
    std::unique_ptr<Shard> open(unsigned number)
    {
        auto shard = std::make_unique<Shard>(disk, number, 1 << 16, 0);
        REQUIRE(shard->load(first, numbers[0]));
        return shard;
    }
};
}  // namespace

TEST_CASE("a shard that runs were applied to is the shard that was")
{
    Moments moments(6);
    REQUIRE(moments.numbers.back().floor > 0);
    const auto check = [&](Shard& shard, std::size_t i)
    {
        INFO("moment " << i);
        shard.finish_load();
        REQUIRE(shard.root() == moments.roots[i]);
        REQUIRE(pairs_of(shard.index()) == moments.indices[i]);
        REQUIRE(shard.numbers() == moments.numbers[i]);
    };
    const auto all = moments.open(6);
    for (std::size_t i = 1; i < moments.runs.size(); ++i)
    {
        REQUIRE(apply_run(*all, moments.runs[i], moments.numbers[i]));
        check(*all, i);
    }
    // All together.
    {
        const auto shard = moments.open(6);
        std::vector<Shard::NextRun> runs;
        for (std::size_t i = 1; i < moments.runs.size(); ++i)
            runs.push_back({moments.runs[i], moments.numbers[i]});
        REQUIRE(shard->apply_runs(runs));
        check(*shard, moments.runs.size() - 1);
    }
    // From some runs and the log after them, too, and what a replay found goes into the next run.
    for (const std::size_t to : {1U, 4U, 9U})
    {
        const auto some = moments.open(6);
        for (std::size_t i = 1; i <= to; ++i)
            REQUIRE(apply_run(*some, moments.runs[i], moments.numbers[i]));
        some->finish_load();
        some->log().extend(moments.numbers.back().tail);
        some->replay(moments.numbers[to + 3]);
        REQUIRE(pairs_of(some->index()) == moments.indices[to + 3]);
        REQUIRE(some->root() == moments.roots[to + 3]);
        const auto replayed = encode_run(some->cut(moments.numbers[to + 3]));
        const auto again = moments.open(6);
        for (std::size_t i = 1; i <= to; ++i)
            REQUIRE(apply_run(*again, moments.runs[i], moments.numbers[i]));
        REQUIRE(apply_run(*again, replayed, moments.numbers[to + 3]));
        check(*again, to + 3);
        REQUIRE(apply_run(*again, moments.runs[to + 4], moments.numbers[to + 4]));
        check(*again, to + 4);
    }
}

TEST_CASE("a run out of its place, cut short or changed is refused or leads elsewhere, and no more")
{
    Moments moments(6);
    {
        const auto shard = moments.open(6);
        CHECK_FALSE(apply_run(*shard, moments.runs[2], moments.numbers[2]));
    }
    SplitMix random(9);
    const std::vector<std::uint8_t>& run = moments.runs[1];
    const int tries = mote::test::sanitized ? 100 : 1500;
    std::size_t refused = 0;
    for (int i = 0; i < tries; ++i)
    {
        auto changed = run;
        if (i % 3 == 0)
            changed.resize(random.below(run.size()));
        else
            changed[random.below(random.below(2) == 0 ? 64 : run.size())] ^=
                static_cast<std::uint8_t>(1U << random.below(8));
        const auto shard = moments.open(6);
        if (!apply_run(*shard, changed, moments.numbers[1]))
        {
            ++refused;
            continue;
        }
        shard->finish_load();
        REQUIRE(changed.size() == run.size());
    }
    CHECK(refused > static_cast<std::size_t>(tries) / 3);
}
