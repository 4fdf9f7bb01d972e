// Multi-limb integers against arithmetic on 32-bit halves, at every carry and borrow.
#include "field/limbs.hpp"

#include <catch2/catch.hpp>

#include "field_support.hpp"

using namespace field_test;
using mote::field::Limbs;

namespace
{
constexpr std::uint64_t all_ones = ~std::uint64_t{0};

std::vector<std::uint64_t> words()
{
    std::vector<std::uint64_t> all = {0,
                                      1,
                                      2,
                                      3,
                                      all_ones,
                                      all_ones - 1,
                                      0xffffffff,
                                      0xfffffffe,
                                      std::uint64_t{1} << 32,
                                      (std::uint64_t{1} << 32) + 1,
                                      std::uint64_t{1} << 63,
                                      (std::uint64_t{1} << 63) - 1,
                                      0xffffffff00000000,
                                      0x00000001ffffffff,
                                      0xaaaaaaaa55555555};
    Random random(41);
    for (int i = 0; i < 8; ++i)
        all.push_back(random());
    return all;
}

/// The sum of up to four words and one product, in base 2^16 where nothing can overflow.
struct Digits
{
    std::uint64_t d[9] = {};

    void add(std::uint64_t x, std::size_t at = 0)
    {
        for (std::size_t i = 0; i < 4; ++i)
            d[at + i] += (x >> (16 * i)) & 0xffff;
    }
    void add_product(std::uint64_t a, std::uint64_t b)
    {
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 4; ++j)
                d[i + j] += ((a >> (16 * i)) & 0xffff) * ((b >> (16 * j)) & 0xffff);
    }
    /// The words at 0 and 1; REQUIREs that there is no more.
    std::pair<std::uint64_t, std::uint64_t> words()
    {
        for (std::size_t i = 0; i < 8; ++i)
        {
            d[i + 1] += d[i] >> 16;
            d[i] &= 0xffff;
        }
        REQUIRE(d[8] == 0);
        const auto word = [&](std::size_t at)
        { return d[at] | d[at + 1] << 16 | d[at + 2] << 32 | d[at + 3] << 48; };
        return {word(0), word(4)};
    }
};
}  // namespace

TEST_CASE("Limbs: one word at a time, with every carry")
{
    for (const std::uint64_t a : words())
        for (const std::uint64_t b : words())
        {
            const mote::field::Product product = mote::field::mul_wide(a, b);
            Digits p;
            p.add_product(a, b);
            REQUIRE(std::pair(product.lo, product.hi) == p.words());
            for (std::uint64_t carry_in = 0; carry_in < 2; ++carry_in)
            {
                std::uint64_t carry = carry_in;
                const std::uint64_t sum = mote::field::add_carry(a, b, carry);
                Digits s;
                s.add(a);
                s.add(b);
                s.add(carry_in);
                REQUIRE(std::pair(sum, carry) == s.words());
                // difference + b + borrow in = a + 2^64 borrow out
                std::uint64_t borrow = carry_in;
                const std::uint64_t difference = mote::field::sub_borrow(a, b, borrow);
                REQUIRE(borrow <= 1);
                Digits back, expected;
                back.add(difference);
                back.add(b);
                back.add(carry_in);
                expected.add(a);
                expected.add(borrow, 4);
                REQUIRE(back.words() == expected.words());
            }
            for (const std::uint64_t c : words())
                for (const std::uint64_t carry_in :
                     {std::uint64_t{0}, std::uint64_t{1}, c, all_ones})
                {
                    std::uint64_t carry = carry_in;
                    const std::uint64_t low = mote::field::mul_add(c, a, b, carry);
                    Digits s;
                    s.add_product(a, b);
                    s.add(c);
                    s.add(carry_in);
                    REQUIRE(std::pair(low, carry) == s.words());
                }
        }
}

TEST_CASE("Limbs: whole integers, with carries that run through")
{
    const std::uint64_t corner[] = {0, 1, all_ones};
    std::vector<Limbs<3>> all;
    for (const std::uint64_t x : corner)
        for (const std::uint64_t y : corner)
            for (const std::uint64_t z : corner)
                all.push_back({x, y, z});
    for (const Limbs<3>& a : all)
    {
        REQUIRE(mote::field::is_zero(a) == (a[0] == 0 && a[1] == 0 && a[2] == 0));
        std::size_t length = 0;
        for (std::size_t i = 0; i < 192; ++i)
        {
            REQUIRE(mote::field::bit(a, i) == (((a[i / 64] >> (i % 64)) & 1) != 0));
            length = mote::field::bit(a, i) ? i + 1 : length;
        }
        REQUIRE_FALSE(mote::field::bit(a, 192));
        REQUIRE(mote::field::bit_length(a) == length);
        for (const Limbs<3>& b : all)
        {
            const bool less = a[2] != b[2] ? a[2] < b[2] : a[1] != b[1] ? a[1] < b[1] : a[0] < b[0];
            REQUIRE(mote::field::less(a, b) == less);
            Limbs<3> difference = a;
            REQUIRE(mote::field::sub_from(difference, b) == (less ? 1 : 0));
            Limbs<3> sum = difference;
            // a - b wrapped exactly when the sum with b wraps back.
            REQUIRE(mote::field::add_to(sum, b) == (less ? 1 : 0));
            REQUIRE(sum == a);
            for (std::size_t i = 0; i < 3; ++i)
            {
                bool borrow = false;
                for (std::size_t j = 0; j < i; ++j)
                    borrow = a[j] != b[j] ? a[j] < b[j] : borrow;
                REQUIRE(difference[i] == a[i] - b[i] - (borrow ? 1 : 0));
            }
        }
    }
}

TEST_CASE("Limbs: negated inverses and powers of two")
{
    for (std::uint64_t x : words())
    {
        x |= 1;
        REQUIRE(x * mote::field::negated_inverse(x) == all_ones);
    }
    using M = Model<mote::field::Bn254Fr>;
    for (const std::size_t k : {0U, 1U, 253U, 254U, 255U, 256U, 261U, 512U, 522U})
        REQUIRE(mote::field::power_of_two_mod<4>(k, M::p) == M::power_of_two(k));
    // A modulus without a spare bit: doubling carries out of the limb.
    const Limbs<1> large{all_ones - 58};  // 2^64 - 59
    REQUIRE(mote::field::power_of_two_mod<1>(63, large) == Limbs<1>{std::uint64_t{1} << 63});
    REQUIRE(mote::field::power_of_two_mod<1>(64, large) == Limbs<1>{59});
    REQUIRE(mote::field::power_of_two_mod<1>(128, large) == Limbs<1>{59 * 59});
}
