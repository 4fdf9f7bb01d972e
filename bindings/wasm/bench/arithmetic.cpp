// The operations of tests/bench/curve_bench.cpp, as exports of a WebAssembly module that
// tests/bench/peers/peers.mjs times beside other libraries. Each does its operation `times` times.
#include <cstdint>

#include "curve/bn254.hpp"
#include "curve/pairing.hpp"

namespace
{
using namespace mote::curve;

Fr scalar() { return Fr::from_u64(0x9e3779b97f4a7c15).pow(mote::field::Limbs<1>{0xffff1}); }

std::uint32_t low_word(const Fq& x) { return static_cast<std::uint32_t>(x.to_integer()[0]); }
}  // namespace

#define EXPORT(name) extern "C" __attribute__((export_name(#name))) std::uint32_t name

EXPORT(fq_multiply)(std::uint32_t times)
{
    Fq x = g1_generator.x + Fq::from_u64(0x123456789), y = g1_generator.y;
    y = (y + y).square().square().square().square().square().square().square();
    while (times-- > 0)
        x = x * y;
    return low_word(x);
}

EXPORT(g1_multiply)(std::uint32_t times)
{
    const auto k = scalar().to_integer();
    G1 p = g1_generator;
    while (times-- > 0)
        p = multiply_vartime(p, k).to_affine();
    return low_word(p.x);
}

EXPORT(g2_multiply)(std::uint32_t times)
{
    const auto k = scalar().to_integer();
    G2 q = g2_generator;
    while (times-- > 0)
        q = multiply_vartime(q, k).to_affine();
    return low_word(q.x.c0);
}

EXPORT(pairing)(std::uint32_t times)
{
    std::uint32_t sum = 0;
    while (times-- > 0)
        sum ^= low_word(mote::curve::pairing(g1_generator, g2_generator).value.c0.c0.c0);
    return sum;
}

EXPORT(gt_power)(std::uint32_t times)
{
    const Fr k = scalar();
    Gt e = mote::curve::pairing(g1_generator, g2_generator);
    while (times-- > 0)
        e = power(e, k);
    return low_word(e.value.c0.c0.c0);
}
