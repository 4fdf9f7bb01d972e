#include "curve/decompose.hpp"
#include "curve_support.hpp"

using namespace curve_test;
using namespace mote::curve;

namespace
{
Fr value(const Part& part)
{
    const Fr magnitude = Fr::from_u128(part.lo, part.hi);
    return part.negative ? -magnitude : magnitude;
}

void check(const Fr& e)
{
    INFO(to_hex(
        [&]
        {
            ByteVector bytes(32);
            e.to_bytes_be(bytes.data());
            return bytes;
        }()));
    const Fr p = reduce_r(Fq::modulus), lambda = Fr::from_integer(glv_lambda);
    Part four[4], two[2];
    decompose_4(e.to_integer(), four);
    decompose_2(e.to_integer(), two);
    CHECK(value(four[0]) + p * (value(four[1]) + p * (value(four[2]) + p * value(four[3]))) == e);
    CHECK(value(two[0]) + lambda * value(two[1]) == e);
    for (const Part& part : four)
        CHECK(part.hi >> (part_bits_4 - 64) == 0);
    for (const Part& part : two)
        CHECK(part.hi >> (part_bits_2 - 64) == 0);
}
}  // namespace

TEST_CASE("Decomposition: eigenvalues")
{
    const Fr u = Fr::from_u64(mote::field::bn254_u), p = reduce_r(Fq::modulus);
    CHECK(p == Fr::from_u64(6) * u * u);
    const Fr lambda = Fr::from_integer(glv_lambda);
    CHECK(lambda * lambda + lambda + Fr::one() == Fr::zero());
    CHECK(glv_beta * glv_beta + glv_beta + Fq::one() == Fq::zero());
    Part parts[4];
    decompose_4(Fr::zero().to_integer(), parts);
    for (const Part& part : parts)
        CHECK((part.lo == 0 && part.hi == 0));
}

TEST_CASE("Decomposition: exact and short for edge scalars")
{
    const Fr p = reduce_r(Fq::modulus), lambda = Fr::from_integer(glv_lambda);
    const Fr u = Fr::from_u64(mote::field::bn254_u);
    std::vector<Fr> seeds = {Fr::zero(),
                             Fr::one().half(),
                             lambda,
                             p,
                             p * p,
                             p * p * p,
                             u,
                             u * u,
                             u * u * u,
                             lambda.half(),
                             p.half(),
                             p.inverse(),
                             u.inverse(),
                             Fr::from_u64(3).inverse(),
                             Fr::from_u64(4).inverse(),
                             lambda + p,
                             (lambda + p).half()};
    Fr power = Fr::one();
    for (int k = 0; k < 254; ++k)
    {
        seeds.push_back(power);
        power = power.twice();
    }
    for (const Fr& seed : seeds)
        for (const Fr& e : {seed, -seed})
        {
            check(e);
            check(e + Fr::one());
            check(e - Fr::one());
        }
}

TEST_CASE("Decomposition: exact and short around the middle of the cells of the lattice")
{
    // Halves of small combinations of the lattice's entries, where rounding decides; and random.
    Random random(111);
    const Fr p = reduce_r(Fq::modulus);
    for (int i = 0; i < 2000; ++i)
    {
        check(random.fr());
        Fr e;
        for (int k = 0; k < 4; ++k)
        {
            const Fr part = Fr::from_u64(mote::field::bn254_u) * Fr::from_u64(random() % 5) +
                            Fr::from_u64(random() % 3);
            e = e * p + (random() % 2 == 0 ? part : -part).half();
        }
        check(e);
    }
}
