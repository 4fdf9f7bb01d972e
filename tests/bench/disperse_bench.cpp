// The producer's side of SVID at 128 MiB: code alone, the whole pipeline, rebuilding.
//
//   bench_disperse [--json FILE] [--mebibytes N] [--repetitions N]
//
// Throughput counts bytes of the block, not of parity. Best and median of the repetitions.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "disperse/dispatch.hpp"
#include "disperse/dispersal.hpp"
#include "disperse/rebuild.hpp"

namespace
{
using namespace mote;

struct Result
{
    std::string name, shape, what;
    double best, median;
};

struct Settings
{
    std::size_t bytes = std::size_t{128} << 20;
    unsigned repetitions = 5;
    const char* json = nullptr;
};

std::vector<Result> results;

void time(const Settings& settings, const std::string& name, const std::string& shape,
          const std::string& what, const std::function<void()>& work)
{
    std::vector<double> seconds;
    work();
    for (unsigned i = 0; i < settings.repetitions; ++i)
    {
        const auto start = std::chrono::steady_clock::now();
        work();
        seconds.push_back(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::sort(seconds.begin(), seconds.end());
    const auto bytes = static_cast<double>(settings.bytes);
    results.push_back({name, shape, what, bytes / seconds[0], bytes / seconds[seconds.size() / 2]});
    std::printf("%-34s %-12s %-8s %6.2f GB/s best, %6.2f median\n", name.c_str(), shape.c_str(),
                what.c_str(), results.back().best / 1e9, results.back().median / 1e9);
    std::fflush(stdout);
}

/// The code alone: no hashes, no fingerprints, one thread.
void code_alone(const Settings& settings, const mote_disperse_kernels& kernels,
                const disperse::Buffer& block, disperse::Buffer& parity, std::uint32_t parity_rows)
{
    svid::Params params;
    if (svid::derive(settings.bytes, params) != Status::ok)
        std::abort();
    mote_disperse_job job{};
    job.block = block.data();
    job.block_bytes = settings.bytes;
    job.row_log2 = params.row_log2;
    job.data_rows = params.data_rows;
    job.code_rows = params.code_rows;
    job.parity_rows = parity_rows;
    job.parity = parity.data();
    const disperse::Buffer memory(kernels.encode_memory(&job));
    time(settings, std::string("mote code (") + kernels.name + ")",
         std::to_string(params.data_rows) + "+" + std::to_string(parity_rows), "encode",
         [&]
         {
             for (std::uint32_t tile = 0; tile < params.row_bytes() / 1024; ++tile)
                 kernels.encode_tile(&job, tile, memory.data(), memory.size());
         });
}

bool write_json(const char* path)
{
    std::FILE* const file = std::fopen(path, "w");
    if (file == nullptr)
        return false;
    std::fputs("[", file);
    for (std::size_t i = 0; i < results.size(); ++i)
        std::fprintf(file,
                     "%s\n {\"name\": \"%s\", \"shape\": \"%s\", \"what\": \"%s\", "
                     "\"bytes_per_second_best\": %.0f, \"bytes_per_second_median\": %.0f}",
                     i == 0 ? "" : ",", results[i].name.c_str(), results[i].shape.c_str(),
                     results[i].what.c_str(), results[i].best, results[i].median);
    std::fputs("\n]\n", file);
    return std::fclose(file) == 0;
}
}  // namespace

int main(int argc, char** argv)
{
    Settings settings;
    for (int i = 1; i + 1 < argc; i += 2)
    {
        if (std::strcmp(argv[i], "--json") == 0)
            settings.json = argv[i + 1];
        else if (std::strcmp(argv[i], "--mebibytes") == 0)
            settings.bytes = std::strtoull(argv[i + 1], nullptr, 10) << 20;
        else if (std::strcmp(argv[i], "--repetitions") == 0)
            settings.repetitions = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 10));
    }
    disperse::Buffer block(settings.bytes);
    std::mt19937_64 random(1);
    for (std::size_t i = 0; i + 8 <= settings.bytes; i += 8)
        store_le(block.data() + i, static_cast<std::uint64_t>(random()));

    const std::vector<std::uint64_t> stakes(1000, 1);
    svid::Params params;
    if (svid::derive(settings.bytes, stakes, params) != Status::ok)
        return 1;
    const std::string shape =
        std::to_string(params.data_rows) + "+" + std::to_string(params.parity_rows());
    {
        disperse::Buffer parity(std::size_t{params.rows} << params.row_log2);
        code_alone(settings, disperse::kernels(), block, parity, params.parity_rows());
        code_alone(settings, disperse::kernels(), block, parity, params.code_rows);
#if defined(MOTE_HAVE_PORTABLE)
        Settings once = settings;
        once.repetitions = 1;
        code_alone(once, *mote_disperse_portable(), block, parity, params.parity_rows());
#endif
    }
    const unsigned threads[] = {1, 2};
    for (const unsigned count : threads)
        time(settings, "mote pipeline, threads=" + std::to_string(count), shape, "encode+commit",
             [&] { const disperse::Dispersal d(block.bytes(), {}, stakes, {count, {}}); });

    const disperse::Dispersal dispersal(block.bytes(), {}, stakes, {0, {}});
    std::vector<std::uint32_t> order(params.rows);
    for (std::uint32_t r = 0; r < params.rows; ++r)
        order[r] = r;
    // Others run on one core: what more of ours do is no "decode" to be compared with theirs.
    const auto rebuild = [&](const std::string& name, const std::vector<std::uint32_t>& numbers,
                             const std::string& of, unsigned count)
    {
        std::vector<std::span<const std::uint8_t>> rows(params.rows);
        for (const std::uint32_t r : numbers)
            rows[r] = dispersal.row(r);
        time(settings, name, of, count == 1 ? "decode" : "decode, threads",
             [&]
             {
                 disperse::Buffer out;
                 if (disperse::rebuild(dispersal.header(), params, rows, {count, {}}, out) !=
                     disperse::RebuildResult::rebuilt)
                     std::abort();
             });
    };
    // Half of the rows that are used are parity.
    std::shuffle(order.begin(), order.begin() + params.data_rows, random);
    std::shuffle(order.begin() + params.data_rows, order.end(), random);
    const std::uint32_t half = params.data_rows / 2;
    std::vector<std::uint32_t> used(order.begin(), order.begin() + half);
    used.insert(used.end(), order.begin() + params.data_rows,
                order.begin() + params.data_rows + (params.data_rows - half));
    rebuild("mote rebuild, hash included", used, shape, 1);
    rebuild("mote rebuild, threads=2", used, shape, 2);
    if (settings.json != nullptr && !write_json(settings.json))
    {
        std::perror(settings.json);
        return 1;
    }
    return 0;
}
