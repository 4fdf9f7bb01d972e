// exercise: loads accounts into a store and updates them block by block, to look at and to measure.
//
// Accounts are 20-byte keys with values of 14 bytes; account n is the same in every run, so that a
// proof can be asked for.
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "commands.hpp"
#include "output.hpp"
#include "qmdb/posix_disk.hpp"
#include "qmdb/store.hpp"

namespace mote::state_tool
{
namespace
{
constexpr std::size_t key_bytes = 20, value_bytes = 14;

std::uint64_t mix(std::uint64_t n)
{
    n += 0x9e3779b97f4a7c15;
    n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
    n = (n ^ n >> 27) * 0x94d049bb133111eb;
    return n ^ n >> 31;
}

// Keys and values of one block, side by side.
class Block
{
  public:
    void clear() { bytes_.clear(); }
    void put(std::uint64_t account, std::uint64_t balance)
    {
        const std::size_t at = bytes_.size();
        bytes_.resize(at + key_bytes + value_bytes);
        store_le(bytes_.data() + at, account);
        // As [QMDB-FORMAT] section 8 has accounts: nonce of 4 bytes, balance of 8, no code.
        std::uint8_t* const value = bytes_.data() + at + key_bytes;
        value[0] = 4;
        value[1] = 8;
        store_be(value + 2, static_cast<std::uint32_t>(0x01000000 | balance % 65536));
        store_be(value + 6, balance | std::uint64_t{1} << 63);
    }
    [[nodiscard]] std::vector<state::Operation> operations() const
    {
        std::vector<state::Operation> out;
        for (std::size_t at = 0; at < bytes_.size(); at += key_bytes + value_bytes)
            out.push_back({Bytes(bytes_).subspan(at, key_bytes),
                           Bytes(bytes_).subspan(at + key_bytes, value_bytes), false});
        return out;
    }

  private:
    std::vector<std::uint8_t> bytes_;
};

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Timing
{
    std::uint64_t operations = 0;
    double apply = 0, all = 0, slowest_root = 0;
};

void report(const Common& common, const char* what, const Timing& timing, qmdb::Store& store)
{
    const qmdb::StoreStats stats = store.stats();
    const double per_second = static_cast<double>(timing.operations) / timing.all;
    const double keys = static_cast<double>(stats.keys);
    if (common.json)
        print_json({{"phase", what},
                    {"operations", timing.operations},
                    {"seconds", timing.all},
                    {"operations_per_second", per_second},
                    {"root_known_ms_max", timing.slowest_root * 1e3},
                    {"index_bytes_per_key", static_cast<double>(stats.index_bytes) / keys},
                    {"twig_bytes_per_key", static_cast<double>(stats.twig_bytes) / keys},
                    {"log_bytes_appended", stats.appended_bytes},
                    {"height", store.head().height},
                    {"root", to_hex(store.head().root)}});
    else
        std::printf("%s: %" PRIu64
                    " in %.1f s, %.0f a second; the root of a block at most %.1f ms after it came\n"
                    "  %" PRIu64
                    " keys, memory a key: index %.2f, twigs %.2f bytes\n"
                    "  block %" PRIu64 ", root %s\n",
                    what, timing.operations, timing.all, per_second, timing.slowest_root * 1e3,
                    stats.keys, static_cast<double>(stats.index_bytes) / keys,
                    static_cast<double>(stats.twig_bytes) / keys, store.head().height,
                    to_hex(store.head().root).c_str());
    std::fflush(stdout);
}

void run_block(qmdb::Store& store, const Block& block, Timing& timing, bool die)
{
    const auto operations = block.operations();
    const auto start = Clock::now();
    store.apply(store.head().height == qmdb::no_height ? 1 : store.head().height + 1, operations);
    const double root_known = seconds_since(start);
    if (die)
        std::raise(SIGKILL);
    // It becomes safe while the next block is applied.
    store.start_finalize();
    timing.apply += root_known;
    timing.all += seconds_since(start);
    timing.slowest_root = std::max(timing.slowest_root, root_known);
    timing.operations += operations.size();
}

// The last block, too, has to be safe before the clock stops.
void wait(qmdb::Store& store, Timing& timing)
{
    const auto start = Clock::now();
    store.wait_final();
    timing.all += seconds_since(start);
}
}  // namespace

int exercise(const Common& common, const Exercise& exercise)
{
    qmdb::PosixOptions posix;
    posix.direct = exercise.direct;
    qmdb::PosixDisk disk(common.store, false, posix);
    qmdb::OpenOptions options;
    options.workers = common.workers;
    options.events = log_to(common.log);
    options.memory_bytes = exercise.memory_mebibytes << 20;
    qmdb::Store store(disk, options);
    Block block;

    const std::uint64_t have = store.stats().keys;
    if (have < exercise.accounts)
    {
        Timing timing;
        Progress progress("loading accounts");
        constexpr std::uint64_t load_block = 100'000;
        for (std::uint64_t n = have; n < exercise.accounts;)
        {
            block.clear();
            for (std::uint64_t i = 0; i < load_block && n < exercise.accounts; ++i, ++n)
                block.put(n, mix(n));
            run_block(store, block, timing, false);
            progress.show(n, exercise.accounts);
        }
        wait(store, timing);
        progress.show(exercise.accounts, exercise.accounts);
        report(common, "accounts loaded", timing, store);
    }
    if (exercise.updates != 0)
    {
        Timing timing;
        Progress progress("updating accounts");
        std::uint64_t seed = store.head().height << 32;
        std::uint64_t number = 0;
        for (std::uint64_t n = 0; n < exercise.updates;)
        {
            block.clear();
            for (std::uint64_t i = 0; i < exercise.block_ops && n < exercise.updates; ++i, ++n)
            {
                const std::uint64_t random = mix(seed++);
                block.put(random % exercise.accounts, mix(random));
            }
            run_block(store, block, timing, ++number == exercise.kill_in_block);
            progress.show(n, exercise.updates);
        }
        wait(store, timing);
        report(common, "updates", timing, store);
    }
    return 0;
}
}  // namespace mote::state_tool
