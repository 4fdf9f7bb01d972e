// BLAKE3: one shot, rows of chunks, parents. Names are module::operation/key=value.
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "hash/blake3.hpp"

namespace
{
using namespace mote::hash;

std::vector<std::uint8_t> message(std::size_t bytes)
{
    std::vector<std::uint8_t> out(bytes);
    for (std::size_t i = 0; i < bytes; ++i)
        out[i] = static_cast<std::uint8_t>(i % 251);
    return out;
}

void count_bytes(benchmark::State& state, std::size_t bytes)
{
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void one_shot(benchmark::State& state, std::size_t bytes)
{
    const auto input = message(bytes);
    for (auto _ : state)
        benchmark::DoNotOptimize(blake3(input));
    count_bytes(state, bytes);
}
BENCHMARK_CAPTURE(one_shot, , 64)->Name("hash::blake3/bytes=64");
BENCHMARK_CAPTURE(one_shot, , 1024)->Name("hash::blake3/bytes=1024");
BENCHMARK_CAPTURE(one_shot, , 32768)->Name("hash::blake3/bytes=32768");
BENCHMARK_CAPTURE(one_shot, , 1 << 20)->Name("hash::blake3/bytes=1048576");

void subtree(benchmark::State& state, std::size_t bytes)
{
    const auto input = message(bytes);
    for (auto _ : state)
        benchmark::DoNotOptimize(blake3_subtree(input, 32));
    count_bytes(state, bytes);
}
BENCHMARK_CAPTURE(subtree, , 32768)->Name("hash::blake3_subtree/bytes=32768");

// One MiB as rows of 32 chunks, one call for each row.
void chunks(benchmark::State& state)
{
    constexpr std::size_t row_chunks = 32;
    const auto input = message(std::size_t{1} << 20);
    std::array<const std::uint8_t*, row_chunks> pointers;
    std::array<std::uint64_t, row_chunks> counters;
    std::array<ChainingValue, row_chunks> out;
    for (auto _ : state)
        for (std::size_t at = 0; at < input.size(); at += row_chunks * Blake3::chunk_bytes)
        {
            for (std::size_t i = 0; i < row_chunks; ++i)
            {
                pointers[i] = input.data() + at + i * Blake3::chunk_bytes;
                counters[i] = at / Blake3::chunk_bytes + i;
            }
            blake3_chunks(pointers.data(), counters.data(), row_chunks, out.data());
            benchmark::DoNotOptimize(out);
        }
    count_bytes(state, input.size());
}
BENCHMARK(chunks)->Name("hash::blake3_chunks/bytes=32768/rows=32");

void parents(benchmark::State& state)
{
    std::vector<ChainingValue> in(1024);
    std::vector<ChainingValue> out(512);
    for (auto _ : state)
    {
        blake3_parents(in.data(), out.size(), out.data());
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    count_bytes(state, in.size() * sizeof in[0]);
}
BENCHMARK(parents)->Name("hash::blake3_parents/count=512");
}  // namespace

BENCHMARK_MAIN();
