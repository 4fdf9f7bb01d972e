#include "poly/word_dot.hpp"

#include "poly_support.hpp"

using namespace mote::poly;
using namespace poly_test;

namespace
{
constexpr std::uint64_t edges[] = {
    0, 1, 2, 0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001, 0xffffffffffffffff};
}  // namespace

TEST_CASE("word_dot sums factors times 128-bit integers for any number of terms")
{
    Random random(1);
    for (int terms = 0; terms <= 13; ++terms)
    {
        WordDot dot;
        Fr expected;
        for (int i = 0; i < terms; ++i)
        {
            const Fr factor = random.element();
            const std::uint64_t lo = random.below(3) == 0 ? 0 : random.word();
            const std::uint64_t hi = random.below(3) == 0 ? 0 : random.word();
            dot.add(factor, lo, hi);
            expected += factor * Fr::from_u128(lo, hi);
        }
        CHECK(dot.value() == expected);
        CHECK(dot.value() == expected);
        CHECK(WordDot::descale(dot.scaled()) == expected);
        dot.add(Fr::one(), 5);
        CHECK(dot.value() == expected + Fr::from_u64(5));
    }
}

TEST_CASE("word_dot reads two's complement, the extremes included")
{
    Random random(2);
    const Fr two_to_128 = Fr::from_u128(0, std::uint64_t{1} << 63).twice();
    for (const std::uint64_t lo : edges)
        for (const std::uint64_t hi : edges)
        {
            const Fr factor = random.element();
            WordDot dot;
            dot.add_signed(factor, lo, hi);
            Fr integer = Fr::from_u128(lo, hi);
            if ((hi >> 63) != 0)
                integer -= two_to_128;
            CHECK(dot.value() == factor * integer);
        }
    WordDot minus_one;
    minus_one.add_signed(Fr::one(), ~std::uint64_t{0}, ~std::uint64_t{0});
    CHECK(minus_one.value() == -Fr::one());
}
