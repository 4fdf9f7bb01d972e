#include "field/prime_field.hpp"
#include "field_support.hpp"

using namespace field_test;

namespace
{
template <class F>
void check_bytes()
{
    using M = Model<typename F::Params>;
    const auto store = [](const Integer& x, std::uint8_t(&le)[32])
    {
        for (std::size_t i = 0; i < 32; ++i)
            le[i] = static_cast<std::uint8_t>(x[i / 8] >> (8 * (i % 8)));
    };
    std::uint8_t bytes[32], again[32];
    for (const Integer& x : edges<typename F::Params>(M::p))
    {
        store(x, bytes);
        F f;
        REQUIRE(F::from_bytes_le(bytes, f));
        CHECK(f.to_integer() == x);
        f.to_bytes_le(again);
        CHECK(std::equal(bytes, bytes + 32, again));
        f.to_bytes_be(again);
        CHECK(std::equal(bytes, bytes + 32, std::reverse_iterator(again + 32)));
    }
    const std::uint64_t ones = ~std::uint64_t{0};
    Integer high = M::p;
    high[3] += 1;
    high[0] = 0;
    for (const Integer& x : {M::p, M::plus(M::p, Integer{1}), M::plus(M::p, M::p), high,
                             Integer{ones, ones, ones, ones}, Integer{0, 0, 0, ones}})
    {
        store(x, bytes);
        F f = F::from_u64(77);
        CHECK_FALSE(F::from_bytes_le(bytes, f));
        CHECK(f == F::from_u64(77));
    }
}

template <class F>
void check_arithmetic(std::uint64_t seed)
{
    using M = Model<typename F::Params>;
    Random random(seed);
    CHECK(F::zero().inverse().is_zero());
    CHECK(F::one().to_integer() == Integer{1});
    CHECK(F::from_u64(~std::uint64_t{0}).to_integer() == Integer{~std::uint64_t{0}});
    CHECK(F::from_u128(5, ~std::uint64_t{0}).to_integer() == Integer{5, ~std::uint64_t{0}});
    std::vector<F> values;
    for (const Integer& x : edges<typename F::Params>(M::p))
        values.push_back(F::from_integer(x));
    for (int i = 0; i < 10; ++i)
        values.push_back(random.element<F>());
    const Integer two_256 = M::power_of_two(256);
    for (const F& x : values)
    {
        const Integer e = random.integer();
        CHECK(x.pow(e) == power_plain(x, e));
        CHECK(x.pow(Integer{}) == F::one());
        CHECK(x.pow(Integer{1}) == x);
        CHECK(x.pow(M::p) == x);
        CHECK(x * x.inverse() == (x.is_zero() ? F::zero() : F::one()));
        CHECK(x.half() + x.half() == x);
        CHECK(F::from_montgomery_256(x.to_integer()) * F::from_integer(two_256) == x);
    }
    // With a zero first, last, twice in a row, and nothing but zeros.
    for (const unsigned zeros : {0U, 1U, 32U, 33U, 12U, 63U})
    {
        F some[6], scratch[6], before[6];
        for (std::size_t i = 0; i < 6; ++i)
            some[i] = before[i] = ((zeros >> i) & 1) != 0 ? F::zero() : random.element<F>();
        batch_invert(some, scratch, 6);
        for (std::size_t i = 0; i < 6; ++i)
            CHECK(some[i] == before[i].inverse());
        batch_invert(some, scratch, 0);
    }
}
}  // namespace

TEST_CASE("Fields read canonical bytes and nothing else")
{
    check_bytes<Fq>();
    check_bytes<Fr>();
}

TEST_CASE("Fields: powers, inverses, halves, Montgomery input, batches")
{
    check_arithmetic<Fq>(81);
    check_arithmetic<Fr>(82);
}

TEST_CASE("Fq: square roots")
{
    Random random(83);
    for (int i = 0; i < 30; ++i)
    {
        const Fq x = i == 0 ? Fq::zero() : random.element<Fq>(), xx = x.square();
        Fq root;
        REQUIRE(xx.sqrt(root));
        CHECK((root == x || root == -x));
        root = Fq::from_u64(5);
        if (!x.is_zero())  // -1 is not a square
        {
            CHECK_FALSE((-xx).sqrt(root));
            CHECK(root == Fq::from_u64(5));
        }
    }
}
