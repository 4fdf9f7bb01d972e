#include "poly/eq.hpp"

#include "poly_support.hpp"

using namespace mote::poly;
using namespace poly_test;

TEST_CASE("eq family takes the values of the written examples")
{
    const Elements a = smalls({2, 3, 5}), b = smalls({7, 11, 13});
    CHECK(eq(a, b) == small(119780));
    CHECK(eq_plus_one(a, b) == small(-41320));
    CHECK(shifted_eq(smalls({2, 3, 5, 7}), 5, smalls({11, 13})) == small(-1488));

    Elements table(4);
    eq_table(smalls({2, 3}), table.data());
    CHECK(table == smalls({2, -3, -4, 6}));
}

TEST_CASE("eq is the extension of equality")
{
    Random random(1);
    for (std::size_t n = 0; n <= 4; ++n)
        for (int repeat = 0; repeat < 8; ++repeat)
        {
            const Elements a = mixed_point(random, n), b = mixed_point(random, n);
            CHECK(eq(a, b) == extend2(a, b, [](auto x, auto y) { return x == y; }));
        }
}

TEST_CASE("eq_index and eq_table are products over the bits of the index")
{
    Random random(2);
    for (std::size_t n = 0; n <= 7; ++n)
    {
        const Elements r = mixed_point(random, n);
        Elements table(std::size_t{1} << n);
        eq_table(r, table.data());
        for (std::uint64_t j = 0; j < table.size(); ++j)
        {
            CHECK(table[j] == chi(r, j));
            CHECK(eq_index(r, j) == chi(r, j));
        }
    }
}

TEST_CASE("eq_index uses all 64 bits of an index and only those")
{
    Random random(3);
    const Elements r = random.elements(64);
    const std::uint64_t index = 0x8000000000000001;
    Fr expected = r[0] * r[63];
    for (std::size_t i = 1; i < 63; ++i)
        expected *= Fr::one() - r[i];
    CHECK(eq_index(r, index) == expected);

    Elements longer = random.elements(2);
    longer.insert(longer.end(), r.begin(), r.end());
    CHECK(eq_index(longer, index) == (Fr::one() - longer[0]) * (Fr::one() - longer[1]) * expected);
}

TEST_CASE("eq_plus_one is the extension of successor without wrap-around")
{
    Random random(4);
    CHECK(eq_plus_one({}, {}) == Fr::zero());
    for (std::size_t n = 1; n <= 4; ++n)
        for (int repeat = 0; repeat < 8; ++repeat)
        {
            const Elements x = mixed_point(random, n), y = mixed_point(random, n);
            CHECK(eq_plus_one(x, y) == extend2(x, y, [](auto a, auto b) { return b == a + 1; }));
        }
}

TEST_CASE("eq_plus_one agrees with the sum over the position of the absorbed carry")
{
    Random random(5);
    const std::size_t n = 20;
    const Elements x = random.elements(n), y = random.elements(n);
    Fr sum;
    for (std::size_t k = 0; k < n; ++k)
    {
        Fr term = Fr::one();
        for (std::size_t i = 0; i < n; ++i)
        {
            const Fr &a = x[n - 1 - i], &b = y[n - 1 - i];
            term *= i < k    ? a * (Fr::one() - b)
                    : i == k ? (Fr::one() - a) * b
                             : a * b + (Fr::one() - a) * (Fr::one() - b);
        }
        sum += term;
    }
    CHECK(eq_plus_one(x, y) == sum);
}

TEST_CASE("shifted_eq is the extension of a shifted eq table")
{
    Random random(6);
    for (std::size_t n = 0; n <= 4; ++n)
        for (std::size_t m = 0; m <= n; ++m)
            for (std::uint64_t shift = 0; shift < std::uint64_t{1} << n; ++shift)
            {
                const Elements a = mixed_point(random, n), y = mixed_point(random, m);
                const std::uint64_t mask = (std::uint64_t{1} << n) - 1;
                const Fr expected =
                    extend(y, [&](std::uint64_t j) { return chi(a, (shift + j) & mask); });
                CHECK(shifted_eq(a, shift, y) == expected);
                // Bits of the shift beyond the domain do not matter.
                CHECK(shifted_eq(a, shift + (mask + 1) * 5, y) == expected);
            }
}

TEST_CASE("shifted_eq at the bits of an index is eq_index")
{
    Random random(7);
    const Elements a = random.elements(40);
    for (int repeat = 0; repeat < 20; ++repeat)
    {
        const std::uint64_t shift = random.word() >> 25, j = random.below(std::uint64_t{1} << 11);
        Elements y;
        for (std::size_t i = 0; i < 11; ++i)
            y.push_back(Fr::from_u64((j >> (10 - i)) & 1));
        const std::uint64_t mask = (std::uint64_t{1} << 40) - 1;
        CHECK(shifted_eq(a, shift, y) == eq_index(a, (shift + j) & mask));
    }
}
