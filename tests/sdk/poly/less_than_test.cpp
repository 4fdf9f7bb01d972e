#include "poly/less_than.hpp"

#include "poly_support.hpp"

using namespace mote::poly;
using namespace poly_test;

TEST_CASE("comparisons take the values of the written examples")
{
    CHECK(less_than(smalls({2, 3, 5}), smalls({7, 11, 13})) == small(-55567));
    CHECK(less_than_constant(5, smalls({2, 3, 5})) == small(15));
}

TEST_CASE("less_than is the extension of x < r")
{
    Random random(1);
    for (std::size_t n = 0; n <= 4; ++n)
        for (int repeat = 0; repeat < 8; ++repeat)
        {
            const Elements x = mixed_point(random, n), r = mixed_point(random, n);
            CHECK(less_than(x, r) == extend2(x, r, [](auto a, auto b) { return a < b; }));
        }
}

TEST_CASE("less_than_constant is the extension of index < bound for every bound")
{
    Random random(2);
    for (std::size_t n = 0; n <= 5; ++n)
        for (std::uint64_t bound = 0; bound <= (std::uint64_t{1} << n) + 3; ++bound)
        {
            const Elements r = mixed_point(random, n);
            CHECK(less_than_constant(bound, r) ==
                  extend(r, [&](std::uint64_t j) { return Fr::from_u64(j < bound); }));
        }
}

TEST_CASE("less_than_constant handles bounds of the whole 64-bit range")
{
    Random random(3);
    const Elements r = random.elements(64);
    CHECK(less_than_constant(0, r) == Fr::zero());
    Fr last = Fr::one();  // only the index of all ones is not below 2^64 - 1
    for (const Fr& x : r)
        last *= x;
    CHECK(less_than_constant(~std::uint64_t{0}, r) == Fr::one() - last);
    CHECK(less_than_constant(std::uint64_t{1} << 63, r) == Fr::one() - r[0]);

    const Elements shorter = random.elements(40);
    CHECK(less_than_constant(std::uint64_t{1} << 40, shorter) == Fr::one());
    CHECK(less_than_constant(~std::uint64_t{0}, shorter) == Fr::one());
    CHECK(less_than_constant(std::uint64_t{1} << 39, shorter) == Fr::one() - shorter[0]);
}
