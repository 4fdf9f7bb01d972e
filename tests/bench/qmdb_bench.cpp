// The state store: loading, updates in blocks that are final one by one, proofs.
//
//   bench_qmdb [--json FILE] [--keys N]... [--workers N] [--updates N] [--folder DIR]
//              [--memory MiB] [--cold yes]
//
// Keys are 20 bytes, values 14, blocks 10,000 updates of random keys. A block becomes safe while the
// next one is applied; the time ends when the last one is. The page cache is warm, and --memory MiB
// (1024) of the log stay in memory. tests/bench/peers/qmdb runs the same.
//
// Checkpoints come now and then: what they add to an update is seen over many --updates. The store is left
// without a last run, as a crash would, and opened; closed and opened again; then its
// past is pruned, and memory is counted. With --cold it is opened once more with nothing in memory, reads past the page
// cache, and the reads of --updates are counted: `./dev bench qmdb --peers` has fio do the same.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/state_workload.hpp"
#include "qmdb/posix_disk.hpp"
#include "qmdb/prover.hpp"
#include "state/answer.hpp"

namespace
{
using namespace mote;
using bench::Workload;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Settings
{
    std::vector<std::uint64_t> keys;
    std::uint64_t updates = 1'000'000;
    std::vector<unsigned> workers;
    std::string folder = "build/bench-state";
    std::uint64_t memory_bytes = std::uint64_t{1} << 30;
    bool cold = false;
    const char* json = nullptr;
};

struct Result
{
    std::uint64_t keys;
    unsigned workers;
    double load_per_second, updates_per_second, root_ms_median, root_ms_max, index_bytes,
        twig_bytes, bytes_per_update, checkpoint_bytes_per_update, crash_open_seconds, open_seconds,
        verify_us;
    std::uint64_t replayed, applied_runs;
    double cold_reads_per_second, cold_updates_per_second;  // 0: not measured
};

// Counts the reads that go to the logs together.
class CountingDisk : public qmdb::Disk
{
  public:
    explicit CountingDisk(qmdb::Disk& disk) : disk_(disk) {}
    std::unique_ptr<qmdb::File> open(const std::string& name, bool create) override
    {
        return disk_.open(name, create);
    }
    bool exists(const std::string& name) override { return disk_.exists(name); }
    void remove(const std::string& name) override { disk_.remove(name); }
    void sync_names() override { disk_.sync_names(); }
    std::vector<std::string> names() override { return disk_.names(); }
    std::shared_ptr<void> lock() override { return disk_.lock(); }
    void read_many(std::span<qmdb::ReadRequest> requests) override
    {
        reads += requests.size();
        disk_.read_many(requests);
    }

    std::atomic<std::uint64_t> reads = 0;

  private:
    qmdb::Disk& disk_;
};

double run_block(qmdb::Store& store, const Workload::Block& block)
{
    const auto start = Clock::now();
    std::vector<state::Operation> operations;
    for (std::size_t i = 0; i < block.count(); ++i)
        operations.push_back({block.key(i), block.value(i), false});
    store.apply(store.head().ordinal + 1, operations);
    const double root_known = seconds_since(start);
    // Becomes safe while the next block is applied.
    store.start_finalize();
    return root_known;
}

// Time of one verification of a proof of presence.
double verify_microseconds(qmdb::Store& store, Bytes key)
{
    qmdb::Selection selection;
    select_key(store, key, selection);
    const auto proof = build_proof(store, selection);
    std::vector<std::max_align_t> memory(
        state::open_memory_bytes(proof.size()) / sizeof(std::max_align_t) + 1);
    constexpr int rounds = 2000;
    double best = 1e9;
    for (int repetition = 0; repetition < 5; ++repetition)
    {
        const auto start = Clock::now();
        for (int i = 0; i < rounds; ++i)
        {
            Arena arena(memory.data(), memory.size() * sizeof(std::max_align_t));
            state::Opened opened;
            state::Defect defect;
            Bytes value;
            if (state::open_proof(proof, store.head().root, arena, opened, defect) != Status::ok ||
                state::answer(opened, key, value) != state::Answer::present)
                std::abort();
        }
        best = std::min(best, seconds_since(start) / rounds * 1e6);
    }
    return best;
}

void run_cold(const Settings& settings, Workload& workload, qmdb::OpenOptions options,
              Result& result)
{
    qmdb::PosixOptions posix;
    posix.direct = true;
    qmdb::PosixDisk disk(settings.folder, false, posix);
    CountingDisk counting(disk);
    options.memory_bytes = 0;
    qmdb::Store store(counting, options);
    const auto start = Clock::now();
    for (std::uint64_t n = 0; n < settings.updates; n += Workload::block_updates)
        run_block(store, workload.updates());
    store.wait_final();
    const double seconds = seconds_since(start);
    result.cold_reads_per_second = static_cast<double>(counting.reads) / seconds;
    result.cold_updates_per_second = static_cast<double>(settings.updates) / seconds;
}

Result run(const Settings& settings, std::uint64_t keys, unsigned workers)
{
    std::filesystem::remove_all(settings.folder);
    qmdb::PosixDisk disk(settings.folder, true);
    qmdb::Store::create(disk);
    Result result = {};
    result.keys = keys;
    result.workers = workers;
    qmdb::OpenOptions options;
    options.workers = workers;
    options.memory_bytes = settings.memory_bytes;
    options.checkpoint_on_close = false;
    Workload workload(keys);
    {
        qmdb::Store store(disk, options);
        auto start = Clock::now();
        while (workload.more_to_load())
            run_block(store, workload.load(100'000));
        store.wait_final();
        result.load_per_second = static_cast<double>(keys) / seconds_since(start);

        std::vector<double> roots;
        const qmdb::StoreStats before = store.stats();
        start = Clock::now();
        for (std::uint64_t n = 0; n < settings.updates; n += Workload::block_updates)
            roots.push_back(1e3 * run_block(store, workload.updates()));
        store.wait_final();
        result.updates_per_second = static_cast<double>(settings.updates) / seconds_since(start);
        std::sort(roots.begin(), roots.end());
        result.root_ms_median = roots[roots.size() / 2];
        result.root_ms_max = roots.back();
        const qmdb::StoreStats after = store.stats();
        const auto per_update = [&](std::uint64_t bytes)
        { return static_cast<double>(bytes) / static_cast<double>(settings.updates); };
        result.bytes_per_update = per_update(after.appended_bytes - before.appended_bytes);
        result.checkpoint_bytes_per_update =
            per_update(after.checkpoint_bytes - before.checkpoint_bytes);
        const auto key = workload.key(7);
        result.verify_us = verify_microseconds(store, key);
    }
    options.checkpoint_on_close = true;
    {
        const auto start = Clock::now();
        const qmdb::Store store(disk, options);
        result.crash_open_seconds = seconds_since(start);
        result.replayed = store.stats().replayed_entries;
        result.applied_runs = store.stats().applied_runs;
    }
    {
        const auto start = Clock::now();
        qmdb::Store store(disk, options);
        result.open_seconds = seconds_since(start);
        store.prune(store.head().height);
        const qmdb::StoreStats stats = store.stats();
        result.index_bytes = static_cast<double>(stats.index_bytes) / static_cast<double>(keys);
        result.twig_bytes = static_cast<double>(stats.twig_bytes) / static_cast<double>(keys);
    }
    if (settings.cold)
        run_cold(settings, workload, options, result);
    return result;
}
}  // namespace

int main(int argc, char** argv)
{
    Settings settings;
    for (int i = 1; i + 1 < argc; i += 2)
    {
        const std::string name = argv[i];
        if (name == "--json")
            settings.json = argv[i + 1];
        else if (name == "--keys")
            settings.keys.push_back(std::strtoull(argv[i + 1], nullptr, 10));
        else if (name == "--memory")
            settings.memory_bytes = std::strtoull(argv[i + 1], nullptr, 10) << 20;
        else if (name == "--cold")
            settings.cold = std::strcmp(argv[i + 1], "yes") == 0;
        else if (name == "--updates")
            settings.updates = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--workers")
            settings.workers.push_back(
                static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 10)));
        else if (name == "--folder")
            settings.folder = argv[i + 1];
        else
        {
            std::fprintf(stderr, "bench_qmdb: what is %s?\n", argv[i]);
            return 2;
        }
    }
    if (settings.keys.empty())
        settings.keys = {1'000'000, 4'000'000};
    if (settings.workers.empty())
        settings.workers = {1, 2};
    std::vector<Result> results;
    for (const std::uint64_t keys : settings.keys)
        for (const unsigned workers : settings.workers)
        {
            const Result r = run(settings, keys, workers);
            std::printf(
                "%9llu keys, %u workers: %8.0f loaded/s, %8.0f updates/s; root of 10,000 "
                "after %.1f ms (median; %.1f at most)\n"
                "    a key: index %.2f, twigs %.2f bytes of memory; an update: %.0f bytes "
                "of log, %.1f of checkpoints and runs; proof verified in %.2f us\n"
                "    opened after a crash in %.2f s (%llu runs applied, %llu entries replayed), "
                "after closing in %.2f s\n",
                static_cast<unsigned long long>(r.keys), r.workers, r.load_per_second,
                r.updates_per_second, r.root_ms_median, r.root_ms_max, r.index_bytes, r.twig_bytes,
                r.bytes_per_update, r.checkpoint_bytes_per_update, r.verify_us,
                r.crash_open_seconds, static_cast<unsigned long long>(r.applied_runs),
                static_cast<unsigned long long>(r.replayed), r.open_seconds);
            if (settings.cold)
                std::printf("    cold, past the page cache: %.0f reads/s, %.0f updates/s\n",
                            r.cold_reads_per_second, r.cold_updates_per_second);
            std::fflush(stdout);
            results.push_back(r);
        }
    std::filesystem::remove_all(settings.folder);
    if (settings.json == nullptr)
        return 0;
    std::FILE* const file = std::fopen(settings.json, "w");
    if (file == nullptr)
    {
        std::perror(settings.json);
        return 1;
    }
    std::fprintf(file, "[");
    for (std::size_t i = 0; i < results.size(); ++i)
        std::fprintf(file,
                     "%s\n {\"name\": \"mote\", \"keys\": %llu, \"workers\": %u, "
                     "\"loaded_per_second\": %.0f, \"updates_per_second\": %.0f, "
                     "\"root_ms_max\": %.2f, \"open_seconds\": %.3f, \"verify_us\": %.3f}",
                     i == 0 ? "" : ",", static_cast<unsigned long long>(results[i].keys),
                     results[i].workers, results[i].load_per_second, results[i].updates_per_second,
                     results[i].root_ms_max, results[i].open_seconds, results[i].verify_us);
    std::fprintf(file, "\n]\n");
    return std::fclose(file) == 0 ? 0 : 1;
}
