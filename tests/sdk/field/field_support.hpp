// What the tests of fields share: repeatable random integers, interesting integers, and a model of
// arithmetic modulo a prime that is too slow to be wrong.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "field/bn254_tower.hpp"

namespace field_test
{
using mote::field::Fq;
using mote::field::Fq12;
using mote::field::Fq2;
using mote::field::Fq6;
using mote::field::Fr;
using Integer = mote::field::Limbs<4>;

/// Arithmetic modulo an odd prime below 2^255 by additions and comparisons alone.
template <class Params>
struct Model
{
    static constexpr Integer p = Params::modulus;

    static bool below(const Integer& a, const Integer& b)
    {
        for (std::size_t i = 4; i-- > 0;)
            if (a[i] != b[i])
                return a[i] < b[i];
        return false;
    }
    /// a + b of integers, without wrapping.
    static Integer plus(const Integer& a, const Integer& b)
    {
        Integer s{};
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < 4; ++i)
        {
            s[i] = a[i] + b[i];
            const std::uint64_t first = s[i] < a[i] ? 1 : 0;
            s[i] += carry;
            carry = first + (s[i] < carry ? 1 : 0);
        }
        REQUIRE(carry == 0);
        return s;
    }
    /// a - b of integers, b <= a.
    static Integer minus(const Integer& a, const Integer& b)
    {
        REQUIRE_FALSE(below(a, b));
        Integer d{};
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < 4; ++i)
        {
            d[i] = a[i] - b[i] - borrow;
            borrow = a[i] < b[i] || (a[i] == b[i] && borrow != 0) ? 1 : 0;
        }
        return d;
    }
    static Integer reduce(Integer a)
    {
        while (!below(a, p))
            a = minus(a, p);
        return a;
    }
    static Integer add(const Integer& a, const Integer& b) { return reduce(plus(a, b)); }
    static Integer sub(const Integer& a, const Integer& b) { return reduce(minus(plus(a, p), b)); }
    static Integer mul(const Integer& a, const Integer& b)
    {
        Integer z{};
        for (std::size_t i = 256; i-- > 0;)
        {
            z = add(z, z);
            if (((b[i / 64] >> (i % 64)) & 1) != 0)
                z = add(z, a);
        }
        return z;
    }
    static Integer power_of_two(std::size_t k)
    {
        Integer z{1};
        for (std::size_t i = 0; i < k; ++i)
            z = add(z, z);
        return z;
    }
};

// SplitMix64.
class Random
{
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t operator()()
    {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    Integer integer()
    {
        Integer x{};
        for (std::uint64_t& limb : x)
            limb = (*this)();
        x[3] >>= 2;
        return x;
    }
    template <class F>
    F element()
    {
        return F::from_integer(Model<typename F::Params>::reduce(integer()));
    }
    Fq2 fq2()
    {
        const Fq c0 = element<Fq>(), c1 = element<Fq>();
        return {c0, c1};
    }
    Fq6 fq6()
    {
        const Fq2 c0 = fq2(), c1 = fq2(), c2 = fq2();
        return {c0, c1, c2};
    }
    Fq12 fq12()
    {
        const Fq6 c0 = fq6(), c1 = fq6();
        return {c0, c1};
    }

  private:
    std::uint64_t state_;
};

/// Integers below `bound` where carries, borrows and reductions change their minds.
template <class Params>
std::vector<Integer> edges(const Integer& bound)
{
    using M = Model<Params>;
    const Integer one{1}, p = Params::modulus;
    Integer half = M::minus(p, one);
    for (std::size_t i = 0; i < 4; ++i)
        half[i] = (half[i] >> 1) | (i < 3 ? half[i + 1] << 63 : 0);
    std::vector<Integer> all = {Integer{},
                                one,
                                Integer{2},
                                Integer{3},
                                half,
                                M::plus(half, one),
                                M::minus(p, Integer{2}),
                                M::minus(p, one),
                                p,
                                M::plus(p, one),
                                M::minus(M::plus(p, p), one),
                                M::minus(bound, one)};
    all.push_back(M::power_of_two(256));
    all.push_back(M::power_of_two(261));
    for (std::size_t words = 1; words <= 3; ++words)
    {
        Integer x{};
        for (std::size_t i = 0; i < words; ++i)
            x[i] = ~std::uint64_t{0};
        all.push_back(x);
    }
    all.push_back({~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}, p[3] - 1});
    all.push_back({0, 0, 0, p[3]});
    for (const std::size_t k : std::initializer_list<std::size_t>{
             28, 29, 30, 58, 63, 64, 65, 116, 127, 128, 192, 231, 232, 233, 253})
    {
        Integer x{};
        x[k / 64] = std::uint64_t{1} << (k % 64);
        all.push_back(x);
        all.push_back(M::minus(x, one));
        all.push_back(M::minus(bound, x));
    }
    std::vector<Integer> result;
    for (const Integer& x : all)
        if (M::below(x, bound))
            result.push_back(x);
    return result;
}

/// p times numerator / denominator, rounded down; below 2^256.
template <class Params>
Integer multiple_of_p(unsigned numerator, unsigned denominator)
{
    std::uint32_t words[9] = {};
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 9; ++i)
    {
        const std::uint64_t word =
            i < 8 ? (Params::modulus[i / 2] >> (32 * (i % 2))) & 0xffffffff : 0;
        carry += word * numerator;
        words[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    std::uint64_t rest = 0;
    for (std::size_t i = 9; i-- > 0;)
    {
        rest = (rest << 32) | words[i];
        words[i] = static_cast<std::uint32_t>(rest / denominator);
        rest %= denominator;
    }
    REQUIRE(words[8] == 0);
    Integer z{};
    for (std::size_t i = 0; i < 4; ++i)
        z[i] = words[2 * i] | (std::uint64_t{words[2 * i + 1]} << 32);
    return z;
}

template <class F>
F from_decimal(const std::string& text)
{
    F x;
    for (const char digit : text)
        x = x * F::from_u64(10) + F::from_u64(static_cast<std::uint64_t>(digit - '0'));
    return x;
}

/// x^e by square and multiply, for anything that multiplies.
template <class X>
X power_plain(const X& x, const Integer& e)
{
    X result = X::one();
    for (std::size_t i = 256; i-- > 0;)
    {
        result = result * result;
        if (((e[i / 64] >> (i % 64)) & 1) != 0)
            result = result * x;
    }
    return result;
}
}  // namespace field_test
