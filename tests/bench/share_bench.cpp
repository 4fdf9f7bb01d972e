// What a validator does with a share, and its parts. Names are module::operation/key=value.
#include <benchmark/benchmark.h>

#include <vector>

#include "coding/encode.hpp"
#include "coding/symbol_code.hpp"
#include "svid/share.hpp"

namespace
{
using namespace mote;

struct alignas(16) Word
{
    std::uint8_t bytes[16];
};

// Row bytes need not be the code's for a timing: every check runs to the end whatever it finds.
struct Share
{
    svid::Header header;
    svid::HeaderBytes bytes{};
    svid::Params params;
    std::vector<std::uint8_t> z, rows, path;
    std::vector<std::uint32_t> requested;
    std::vector<Word> memory = std::vector<Word>(std::size_t{1} << 16);

    Share()
    {
        const std::vector<std::uint64_t> stakes(1000, 1);
        if (svid::derive(std::uint64_t{128} << 20, stakes, params) != Status::ok)
            std::abort();
        z.resize(params.z_bytes(), 0x5a);
        header.z_digest = hash::blake3(z);
        for (std::uint32_t r = 7001; r < 7014; ++r)
            requested.push_back(r);
        rows.resize(13 * params.row_bytes());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i] = static_cast<std::uint8_t>(i * 7 + (i >> 9));
        // As long a path as this range needs: the climb ends only when it is used up.
        const std::vector<hash::ChainingValue> values(13);
        hash::ChainingValue root;
        while (!merkle::root_of_range({params.parity_rows(), 7001 - params.data_rows, 13},
                                      values.data(), path, root))
            path.resize(path.size() + root.size());
    }
};

void share_check(benchmark::State& state)
{
    Share s;
    for (auto _ : state)
    {
        Arena arena(s.memory.data(), s.memory.size() * sizeof(Word));
        svid::ShareCheck check;
        if (check.open(s.header, s.params, s.bytes, s.requested, arena) != Status::ok)
            std::abort();
        benchmark::DoNotOptimize(check.append_z(s.z));
        benchmark::DoNotOptimize(check.begin_rows({7001, 13, s.rows.size(), {}, s.path}));
        benchmark::DoNotOptimize(check.append_rows(s.rows));
        state.counters["memory"] = static_cast<double>(arena.used() + sizeof check);
    }
}
BENCHMARK(share_check)
    ->Name("svid::share_check/block=128MiB/n=1000")
    ->Unit(benchmark::kMicrosecond);

void row_hash(benchmark::State& state)
{
    Share s;
    for (auto _ : state)
        benchmark::DoNotOptimize(
            hash::blake3_subtree(Bytes(s.rows).first(s.params.row_bytes()), 0));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(s.params.row_bytes()));
}
BENCHMARK(row_hash)->Name("svid::row_value/bytes=32768");

void row_fingerprint(benchmark::State& state)
{
    Share s;
    const svid::Challenge rho({0x123456789abcdef, 0xfedcba987654321});
    for (auto _ : state)
        benchmark::DoNotOptimize(svid::fingerprint(rho, Bytes(s.rows).first(s.params.row_bytes()),
                                                   s.params.row_bytes()));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(s.params.row_bytes()));
}
BENCHMARK(row_fingerprint)->Name("svid::fingerprint/bytes=32768");

void interpolate(benchmark::State& state)
{
    std::vector<std::uint8_t> z(coding::symbols_bytes(4096), 0x5a);
    for (auto _ : state)
    {
        coding::interpolate(z.data(), 4096);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(interpolate)->Name("coding::interpolate/symbols=8x4096")->Unit(benchmark::kMicrosecond);

void evaluate(benchmark::State& state)
{
    const std::vector<std::uint8_t> z(coding::symbols_bytes(4096), 0x5a);
    std::vector<std::uint8_t> scratch(coding::evaluate_scratch(4096));
    std::vector<field::Gf2_128> out(13);
    for (auto _ : state)
    {
        coding::evaluate(z.data(), 4096, 7001, 13, scratch.data(), out.data());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(evaluate)->Name("coding::evaluate/points=13")->Unit(benchmark::kMicrosecond);
}  // namespace

BENCHMARK_MAIN();
