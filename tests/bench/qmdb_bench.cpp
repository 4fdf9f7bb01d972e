// The state store: loading, updates in blocks that are final one by one, proofs.
//
//   bench_qmdb [--json FILE] [--keys N]... [--workers N] [--updates N] [--folder DIR]
//              [--memory MiB]
//
// Keys are 20 bytes, values 14, blocks 10,000 updates of random keys. A block becomes safe while the
// next one is applied; the time ends when the last one is. The page cache is warm, and --memory MiB
// (1024) of the log stay in memory. tests/bench/peers/qmdb runs the same.
#include <algorithm>
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
    const char* json = nullptr;
};

struct Result
{
    std::uint64_t keys;
    unsigned workers;
    double load_per_second, updates_per_second, root_ms_median, root_ms_max, index_bytes,
        twig_bytes, bytes_per_update, open_seconds, verify_us;
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
    Workload workload(keys);
    {
        qmdb::Store store(disk, options);
        auto start = Clock::now();
        while (workload.more_to_load())
            run_block(store, workload.load(100'000));
        store.wait_final();
        result.load_per_second = static_cast<double>(keys) / seconds_since(start);

        std::vector<double> roots;
        const std::uint64_t before = store.stats().appended_bytes;
        start = Clock::now();
        for (std::uint64_t n = 0; n < settings.updates; n += Workload::block_updates)
            roots.push_back(1e3 * run_block(store, workload.updates()));
        store.wait_final();
        result.updates_per_second = static_cast<double>(settings.updates) / seconds_since(start);
        std::sort(roots.begin(), roots.end());
        result.root_ms_median = roots[roots.size() / 2];
        result.root_ms_max = roots.back();
        const qmdb::StoreStats stats = store.stats();
        result.bytes_per_update = static_cast<double>(stats.appended_bytes - before) /
                                  static_cast<double>(settings.updates);
        result.index_bytes = static_cast<double>(stats.index_bytes) / static_cast<double>(keys);
        result.twig_bytes = static_cast<double>(stats.twig_bytes) / static_cast<double>(keys);
        const auto key = workload.key(7);
        result.verify_us = verify_microseconds(store, key);
    }
    const auto start = Clock::now();
    const qmdb::Store again(disk, options);
    result.open_seconds = seconds_since(start);
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
                "of log; opened in %.2f s; proof verified in %.2f us\n",
                static_cast<unsigned long long>(r.keys), r.workers, r.load_per_second,
                r.updates_per_second, r.root_ms_median, r.root_ms_max, r.index_bytes, r.twig_bytes,
                r.bytes_per_update, r.open_seconds, r.verify_us);
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
