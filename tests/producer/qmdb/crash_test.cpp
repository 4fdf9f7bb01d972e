// The power goes off during each write, sync, truncation and change of a name, and the disk keeps an
// arbitrary part of what was not synced. The store opens again with a whole block: the last one that
// was finalized, or a later one that was asked for; and it goes on from there to the right roots.
//
// A case is a seed. MOTE_CRASH_CASES=100000 runs that many instead of a few thousand.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "producer/qmdb/qmdb_support.hpp"

using namespace qmdb_test;
using mote::qmdb::PowerOff;

namespace
{
constexpr std::size_t block_count = 40;

// Blocks of one history and the roots after them, from the model.
struct History
{
    std::vector<std::vector<Op>> blocks;
    std::vector<mote::state::Digest> roots;  // by ordinal
    std::vector<Octets> keys;
    model::State last;

    History(std::uint64_t seed, int shard, std::uint64_t key_count, std::uint64_t ops_max,
            std::uint64_t value_max)
    {
        RandomBlocks random{SplitMix(seed), key_count, ops_max, 30, value_max, shard};
        roots.push_back(last.root());
        for (std::size_t i = 0; i < block_count; ++i)
        {
            blocks.push_back(random.next());
            roots.push_back(last.apply(i + 1, blocks.back()));
        }
        keys = random.all;
    }
};

const std::vector<History>& histories()
{
    static const std::vector<History> all = {
        {1, -1, 25, 10, 300}, {2, 7, 25, 10, 300}, {3, -1, 25, 10, 3000}, {4, 3, 300, 1200, 9}};
    return all;
}

// The last history is long enough to be compacted and pruned, and takes its time.
const History& history_of(std::uint64_t seed)
{
    return histories()[seed % 64 == 63 ? 3 : seed % 3];
}

std::size_t case_count()
{
    if (const char* const text = std::getenv("MOTE_CRASH_CASES"))
        return std::strtoull(text, nullptr, 10);
    return mote::test::sanitized ? 100 : 1000;
}

// One case: works until the power goes off, several times.
class Case
{
  public:
    explicit Case(std::uint64_t seed) : random_(seed), history_(history_of(seed))
    {
        options_.checkpoint_bytes = 1 + random_.below(30000);
        options_.checkpoint_on_close = random_.below(2) == 0;
        options_.memory_bytes = random_.below(3) * 1'000'000;
        options_.workers = 1 + static_cast<unsigned>(random_.below(2));
    }

    void run()
    {
        const int crashes = 1 + static_cast<int>(random_.below(3));
        for (int i = 0; i < crashes; ++i)
        {
            // Early calls matter as much as late ones.
            disk_.plan(MemoryDisk::Fault::crash, random_.below(random_.below(2) == 0 ? 40 : 400));
            try
            {
                work();
            }
            catch (const PowerOff&)
            {
            }
            disk_.crash(random_.draw());
        }
        disk_.plan(MemoryDisk::Fault::none, 0);
        try
        {
            work();
        }
        catch (const std::exception& error)
        {
            FAIL("the store does not work: " << error.what());
        }
        Store store(disk_, options_);
        REQUIRE(store.head().ordinal == block_count);
        check_equal(store, history_.last);
        check_values(store, history_.last, history_.keys);
    }

  private:
    void work()
    {
        if (acknowledged_ == 0 && asked_ == 0)
        {
            // Creation may be cut off, too; then it is done again.
            try
            {
                create(disk_);
            }
            catch (const mote::qmdb::NotHere&)
            {
            }
        }
        Store store(disk_, options_);
        const std::uint64_t at = store.head().ordinal;
        REQUIRE(at >= acknowledged_);
        REQUIRE(at <= asked_);
        REQUIRE(store.head().root == history_.roots[at]);
        acknowledged_ = asked_ = at;  // what is there was found safe
        while (store.head().ordinal < block_count)
        {
            const std::uint64_t next = store.head().ordinal;
            // Reads may find the power off that a finalization beside them met.
            const auto root = apply(store, next + 1, history_.blocks[next]);
            REQUIRE(root == history_.roots[next + 1]);
            switch (random_.below(8))
            {
                case 0:
                    store.undo();
                    break;
                case 1:
                case 2:
                case 3:
                    finalize(store, ~std::size_t{0});
                    break;
                case 4:
                    finalize(store, random_.below(store.pending() + 1));
                    break;
                case 5:
                    store.checkpoint();
                    break;
                case 6:
                    if (store.pending() == 0 && store.head().ordinal > 5)
                        store.prune(store.head().ordinal - random_.below(5));
                    break;
                default:
                    break;
            }
        }
        finalize(store, ~std::size_t{0});
        store.wait_final();
    }

    void finalize(Store& store, std::size_t count)
    {
        // Of a block that is being made safe nothing is known until that has ended.
        store.wait_final();
        acknowledged_ = store.final_block().ordinal;
        asked_ = std::max(asked_, acknowledged_ + std::min(count, store.pending()));
        if (random_.below(2) == 0)
            store.start_finalize(count);
        else
            store.finalize(count);
        acknowledged_ = store.final_block().ordinal;
    }

    SplitMix random_;
    const History& history_;
    MemoryDisk disk_;
    OpenOptions options_;
    std::uint64_t acknowledged_ = 0;  // finalize returned
    std::uint64_t asked_ = 0;         // finalize was called
};
}  // namespace

TEST_CASE("no crash makes a wrong root or loses a finalized block")
{
    const std::size_t count = case_count();
    for (std::size_t seed = 0; seed < count; ++seed)
    {
        INFO("case " << seed);
        Case(seed).run();
    }
}

TEST_CASE("a crash at each call of one run, in order")
{
    const History& history = histories()[0];
    const std::size_t step = mote::test::sanitized ? 23 : 1;
    for (std::uint64_t call = 0;; call += step)
    {
        INFO("call " << call);
        MemoryDisk disk;
        create(disk);
        disk.plan(MemoryDisk::Fault::crash, call);
        std::uint64_t acknowledged = 0;
        bool off = false;
        OpenOptions options;
        options.checkpoint_bytes = 3000;
        try
        {
            Store store(disk, options);
            for (std::size_t i = 0; i < 12; ++i)
            {
                apply(store, i + 1, history.blocks[i]);
                store.finalize();
                acknowledged = i + 1;
                if (i == 8)
                    store.prune(6);
            }
        }
        catch (const PowerOff&)
        {
            off = true;
        }
        disk.crash(call);
        Store store(disk, options);
        const std::uint64_t at = store.head().ordinal;
        REQUIRE(at >= acknowledged);
        REQUIRE(at <= acknowledged + 1);
        REQUIRE(store.head().root == history.roots[at]);
        if (!off)
            break;
    }
}
