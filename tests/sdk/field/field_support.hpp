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

/// Arithmetic modulo an odd prime, twice of which fits its limbs, by additions and comparisons alone.
template <class Params>
struct Model
{
    static constexpr std::size_t n = Params::limbs;
    using Integer = mote::field::Limbs<n>;
    static constexpr Integer p = Params::modulus;

    static bool below(const Integer& a, const Integer& b)
    {
        for (std::size_t i = n; i-- > 0;)
            if (a[i] != b[i])
                return a[i] < b[i];
        return false;
    }
    /// a + b of integers, without wrapping.
    static Integer plus(const Integer& a, const Integer& b)
    {
        Integer s{};
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < n; ++i)
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
        for (std::size_t i = 0; i < n; ++i)
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
        for (std::size_t i = 64 * n; i-- > 0;)
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
    /// Two bits below its limbs.
    template <std::size_t N = 4>
    mote::field::Limbs<N> integer()
    {
        mote::field::Limbs<N> x{};
        for (std::uint64_t& limb : x)
            limb = (*this)();
        x[N - 1] >>= 2;
        return x;
    }
    template <class F>
    F element()
    {
        return F::from_integer(Model<typename F::Params>::reduce(integer<F::Params::limbs>()));
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
std::vector<typename Model<Params>::Integer> edges(const typename Model<Params>::Integer& bound)
{
    using M = Model<Params>;
    using Value = typename M::Integer;
    constexpr std::size_t n = Params::limbs;
    const Value one{1}, p = Params::modulus;
    Value half = M::minus(p, one);
    for (std::size_t i = 0; i < n; ++i)
        half[i] = (half[i] >> 1) | (i + 1 < n ? half[i + 1] << 63 : 0);
    std::vector<Value> all = {Value{},
                              one,
                              Value{2},
                              Value{3},
                              half,
                              M::plus(half, one),
                              M::minus(p, Value{2}),
                              M::minus(p, one),
                              p,
                              M::plus(p, one),
                              M::minus(M::plus(p, p), one),
                              M::minus(bound, one)};
    for (const std::size_t radix : std::initializer_list<std::size_t>{256, 261, 384, 392})
        all.push_back(M::power_of_two(radix));
    for (std::size_t words = 1; words < n; ++words)
    {
        Value x{};
        for (std::size_t i = 0; i < words; ++i)
            x[i] = ~std::uint64_t{0};
        all.push_back(x);
    }
    Value top{};
    top[n - 1] = p[n - 1];
    all.push_back(top);
    all.push_back(M::minus(top, one));
    for (const std::size_t k : std::initializer_list<std::size_t>{
             28,  29,  30,  56,  58,  63,  64,  65,  116, 127, 128, 192, 231, 232, 233,
             252, 253, 254, 255, 256, 279, 280, 281, 320, 336, 363, 364, 365, 380})
    {
        if (k >= 64 * n)
            continue;
        Value x{};
        x[k / 64] = std::uint64_t{1} << (k % 64);
        all.push_back(x);
        all.push_back(M::minus(x, one));
        if (M::below(x, bound))
            all.push_back(M::minus(bound, x));
    }
    std::vector<Value> result;
    for (const Value& x : all)
        if (M::below(x, bound))
            result.push_back(x);
    return result;
}

/// p times numerator / denominator, rounded down; it fits the limbs of p.
template <class Params>
typename Model<Params>::Integer multiple_of_p(unsigned numerator, unsigned denominator)
{
    constexpr std::size_t n = Params::limbs;
    std::uint32_t words[2 * n + 1] = {};
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 2 * n + 1; ++i)
    {
        const std::uint64_t word =
            i < 2 * n ? (Params::modulus[i / 2] >> (32 * (i % 2))) & 0xffffffff : 0;
        carry += word * numerator;
        words[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    std::uint64_t rest = 0;
    for (std::size_t i = 2 * n + 1; i-- > 0;)
    {
        rest = (rest << 32) | words[i];
        words[i] = static_cast<std::uint32_t>(rest / denominator);
        rest %= denominator;
    }
    REQUIRE(words[2 * n] == 0);
    typename Model<Params>::Integer z{};
    for (std::size_t i = 0; i < n; ++i)
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
template <class X, std::size_t N>
X power_plain(const X& x, const mote::field::Limbs<N>& e)
{
    X result = X::one();
    for (std::size_t i = 64 * N; i-- > 0;)
    {
        result = result * result;
        if (((e[i / 64] >> (i % 64)) & 1) != 0)
            result = result * x;
    }
    return result;
}
}  // namespace field_test
