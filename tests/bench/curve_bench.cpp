// Field and curve operations, one at a time. Names are module::operation/key=value.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <vector>

#include "curve/encoding.hpp"
#include "curve/msm.hpp"
#include "curve/pairing.hpp"

namespace
{
using namespace mote::curve;

Fr scalar(std::uint64_t seed)
{
    return Fr::from_u64(seed * 0x9e3779b97f4a7c15 + 1).pow(mote::field::Limbs<1>{0xffff1});
}

struct Values
{
    std::vector<G1> g1;
    std::vector<G2> g2;
    std::vector<Gt> gt;
    std::vector<const Gt*> gt_pointers;
    std::vector<Fr> scalars;
    std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(std::size_t{8} << 20);

    Values()
    {
        const Gt e = pairing(g1_generator, g2_generator);
        for (std::uint64_t i = 0; i < 128; ++i)
        {
            scalars.push_back(scalar(i));
            const auto k = scalars.back().to_integer();
            g1.push_back(multiply_vartime(g1_generator, k).to_affine());
            g2.push_back(multiply_vartime(g2_generator, k).to_affine());
            gt.push_back(power(e, scalars.back()));
        }
        for (const Gt& x : gt)
            gt_pointers.push_back(&x);
    }
    mote::Arena arena() { return {memory.data(), memory.size()}; }
};

Values& values()
{
    static Values v;
    return v;
}

void fq_multiply_latency(benchmark::State& state)
{
    Fq x = values().g1[1].x;
    const Fq y = values().g1[2].y;
    for (auto _ : state)
        benchmark::DoNotOptimize(x = x * y);
}
BENCHMARK(fq_multiply_latency)->Name("field::fq_multiply/measure=latency");

void fq_multiply_throughput(benchmark::State& state)
{
    Fq x[8];
    for (std::size_t i = 0; i < 8; ++i)
        x[i] = values().g1[i].x;
    const Fq y = values().g1[9].y;
    for (auto _ : state)
        for (Fq& v : x)
            benchmark::DoNotOptimize(v = v * y);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 8);
}
BENCHMARK(fq_multiply_throughput)->Name("field::fq_multiply/measure=throughput/count=8");

void fq12_multiply(benchmark::State& state)
{
    Fq12 x = values().gt[1].value;
    for (auto _ : state)
        benchmark::DoNotOptimize(x = x * values().gt[2].value);
}
BENCHMARK(fq12_multiply)->Name("field::fq12_multiply");

void g1_multiply(benchmark::State& state)
{
    auto arena = values().arena();
    G1Jacobian out;
    for (auto _ : state)
        benchmark::DoNotOptimize(multiply(&values().g1[3], &values().scalars[4], 1, arena, out));
}
BENCHMARK(g1_multiply)->Name("curve::g1_multiply")->Unit(benchmark::kMicrosecond);

void g2_multiply(benchmark::State& state)
{
    auto arena = values().arena();
    G2Jacobian out;
    for (auto _ : state)
        benchmark::DoNotOptimize(multiply(&values().g2[3], &values().scalars[4], 1, arena, out));
}
BENCHMARK(g2_multiply)->Name("curve::g2_multiply")->Unit(benchmark::kMicrosecond);

void g2_in_subgroup(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(in_subgroup(values().g2[5]));
}
BENCHMARK(g2_in_subgroup)->Name("curve::g2_in_subgroup")->Unit(benchmark::kMicrosecond);

void one_pairing(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(pairing(values().g1[6], values().g2[7]));
}
BENCHMARK(one_pairing)->Name("curve::pairing")->Unit(benchmark::kMicrosecond);

void gt_power(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(power(values().gt[8], values().scalars[9]));
}
BENCHMARK(gt_power)->Name("curve::gt_power")->Unit(benchmark::kMicrosecond);

void gt_multi_power(benchmark::State& state)
{
    const auto count = static_cast<std::size_t>(state.range(0));
    auto arena = values().arena();
    Gt out;
    for (auto _ : state)
        benchmark::DoNotOptimize(
            multi_power(values().gt_pointers.data(), values().scalars.data(), count, arena, out));
}
BENCHMARK(gt_multi_power)
    ->Name("curve::gt_multi_power/count")
    ->Arg(108)
    ->Unit(benchmark::kMicrosecond);

void gt_member(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(in_gt(values().gt[10].value));
}
BENCHMARK(gt_member)->Name("curve::in_gt")->Unit(benchmark::kMicrosecond);

void gt_members(benchmark::State& state)
{
    const auto count = static_cast<std::size_t>(state.range(0));
    auto arena = values().arena();
    const std::uint8_t seed[32] = {1};
    std::size_t bad = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(check_members(values().gt.data(), count, seed, arena, bad));
}
BENCHMARK(gt_members)->Name("curve::check_members/count")->Arg(85)->Unit(benchmark::kMicrosecond);
}  // namespace

BENCHMARK_MAIN();
