#include "poly/multilinear.hpp"

#include <algorithm>

#include "poly/eq.hpp"
#include "poly_support.hpp"

using namespace mote::poly;
using namespace poly_test;

namespace
{
// Elements of the low table of an evaluator.
std::size_t table_size(std::size_t n, std::uint32_t bits)
{
    return std::size_t{1} << std::min<std::size_t>(n, bits);
}
}  // namespace

TEST_CASE("multilinear helpers take the values of the written examples")
{
    const Elements r = smalls({2, 3, 5});
    CHECK(identity(r) == small(19));
    for (std::uint32_t bits = 0; bits <= 4; ++bits)
    {
        Elements table(table_size(3, bits));
        SparseEvaluator evaluator(r, table.data(), bits);
        const std::uint64_t words[] = {10, 20, 30};
        evaluator.add_words(2, words, 3);
        CHECK(evaluator.value() == small(300));
    }
}

TEST_CASE("identity is the extension of the index")
{
    Random random(1);
    for (std::size_t n = 0; n <= 6; ++n)
    {
        const Elements r = mixed_point(random, n);
        CHECK(identity(r) == extend(r, [](std::uint64_t j) { return Fr::from_u64(j); }));
    }
}

TEST_CASE("product, fold and powers follow their definitions")
{
    Random random(2);
    CHECK(product({}) == Fr::one());
    CHECK(product_of_complements({}) == Fr::one());
    CHECK(fold(random.element(), {}) == Fr::zero());
    for (std::size_t count = 1; count <= 6; ++count)
    {
        const Elements values = random.elements(count);
        const Fr gamma = random.element();
        Fr all = Fr::one(), none = Fr::one(), sum, power = Fr::one();
        Elements expected_powers;
        for (const Fr& x : values)
        {
            all = all * x;
            none = none * (Fr::one() - x);
            sum = sum + power * x;
            expected_powers.push_back(power);
            power = power * gamma;
        }
        CHECK(product(values) == all);
        CHECK(product_of_complements(values) == none);
        CHECK(fold(gamma, values) == sum);
        Elements out(count);
        powers(gamma, out);
        CHECK(out == expected_powers);
    }
    powers(random.element(), {});
}

TEST_CASE("sparse evaluation sums words times eq over segments, however the table is cut")
{
    Random random(3);
    for (std::size_t n = 0; n <= 7; ++n)
        for (std::uint32_t bits = 0; bits <= 8; ++bits)
        {
            const Elements r = mixed_point(random, n);
            Elements table(table_size(n, bits));
            SparseEvaluator evaluator(r, table.data(), bits);
            CHECK(evaluator.value() == Fr::zero());
            Fr expected;
            for (int segment = 0; segment < 3; ++segment)
            {
                const std::uint64_t size = std::uint64_t{1} << n;
                const std::uint64_t start = random.below(size + 1);
                const std::uint64_t count = random.below(size - start + 1);
                std::vector<std::uint64_t> words;
                for (std::uint64_t i = 0; i < count; ++i)
                {
                    const std::uint64_t kind = random.below(4);
                    words.push_back(kind == 0 ? 0 : kind == 1 ? ~std::uint64_t{0} : random.word());
                    expected += Fr::from_u64(words.back()) * chi(r, start + i);
                }
                evaluator.add_words(start, words.data(), words.size());
            }
            CHECK(evaluator.value() == expected);
        }
}

TEST_CASE("sparse evaluation reads bytes as little-endian words padded with zeros")
{
    Random random(4);
    const std::size_t n = 5;
    const Elements r = random.elements(n);
    for (std::size_t size = 0; size <= 8 * 20; ++size)
    {
        std::vector<std::uint8_t> bytes;  // exactly sized, so that a sanitizer sees any overrun
        for (std::size_t i = 0; i < size; ++i)
            bytes.push_back(static_cast<std::uint8_t>(random.word()));
        const std::uint64_t start = random.below(32 - (size + 7) / 8 + 1);
        Fr expected;
        for (std::size_t i = 0; i < size; ++i)
            expected +=
                Fr::from_u64(std::uint64_t{bytes[i]} << (8 * (i % 8))) * chi(r, start + i / 8);
        Elements table(4);
        SparseEvaluator evaluator(r, table.data(), 2);
        evaluator.add_bytes(start, bytes);
        CHECK(evaluator.value() == expected);
    }
}

TEST_CASE("sparse evaluation reaches the last positions of a 64-bit domain")
{
    Random random(5);
    const Elements r = random.elements(64);
    Elements table(8);
    SparseEvaluator evaluator(r, table.data(), 3);
    const std::uint64_t start = ~std::uint64_t{0} - 9;  // ten words up to 2^64 - 1
    std::uint64_t words[10];
    Fr expected;
    for (std::uint64_t i = 0; i < 10; ++i)
    {
        words[i] = random.word();
        expected += Fr::from_u64(words[i]) * eq_index(r, start + i);
    }
    evaluator.add_words(start, words, 10);
    CHECK(evaluator.value() == expected);
    evaluator.add_word(7, 3);
    CHECK(evaluator.value() == expected + eq_index(r, 7) + eq_index(r, 7).twice());
}
