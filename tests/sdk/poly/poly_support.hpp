// What tests about polynomials share: repeatable random elements, and the definition of "multilinear
// extension" that needs no cleverness.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include "field/bn254.hpp"

namespace Catch
{
template <>
struct StringMaker<mote::field::Fr>
{
    static std::string convert(const mote::field::Fr& x)
    {
        std::uint8_t bytes[32];
        x.to_bytes_be(bytes);
        std::string text;
        for (const std::uint8_t byte : bytes)
        {
            text += "0123456789abcdef"[byte >> 4];
            text += "0123456789abcdef"[byte & 15];
        }
        return text;
    }
};
}  // namespace Catch

namespace poly_test
{
using mote::field::Fr;
using Elements = std::vector<Fr>;

// SplitMix64.
class Random
{
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t word()
    {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t bound) { return word() % bound; }
    Fr element()
    {
        const Fr two_to_128 = Fr::from_u128(0, std::uint64_t{1} << 63).twice();
        const std::uint64_t a = word(), b = word(), c = word(), d = word();
        return Fr::from_u128(a, b) + two_to_128 * Fr::from_u128(c, d);
    }
    Elements elements(std::size_t count)
    {
        Elements out;
        while (out.size() < count)
            out.push_back(element());
        return out;
    }

  private:
    std::uint64_t state_;
};

// A small integer as a field element; negative means p - |x|.
inline Fr small(std::int64_t x)
{
    return x < 0 ? -Fr::from_u64(static_cast<std::uint64_t>(-x))
                 : Fr::from_u64(static_cast<std::uint64_t>(x));
}

inline Elements smalls(std::initializer_list<std::int64_t> values)
{
    Elements out;
    for (const std::int64_t x : values)
        out.push_back(small(x));
    return out;
}

// The element whose canonical big-endian hexadecimal digits are `text` (64 of them).
inline Fr from_hex(const std::string& text)
{
    std::uint8_t bytes[32];
    for (std::size_t i = 0; i < 32; ++i)
        bytes[31 - i] = static_cast<std::uint8_t>(std::stoul(text.substr(2 * i, 2), nullptr, 16));
    Fr x;
    if (!Fr::from_bytes_le(bytes, x))
        throw std::invalid_argument("not canonical: " + text);
    return x;
}

// prod over coordinates of r_i or 1 - r_i, by the bits of index, first coordinate = highest bit.
inline Fr chi(const Elements& r, std::uint64_t index)
{
    Fr result = Fr::one();
    for (std::size_t i = 0; i < r.size(); ++i)
        result = result * ((index >> (r.size() - 1 - i)) % 2 != 0 ? r[i] : Fr::one() - r[i]);
    return result;
}

// The multilinear extension of f over {0,1}^n at r.
inline Fr extend(const Elements& r, const std::function<Fr(std::uint64_t)>& f)
{
    Fr sum;
    for (std::uint64_t index = 0; index < std::uint64_t{1} << r.size(); ++index)
        sum += f(index) * chi(r, index);
    return sum;
}

// The same for a predicate or function of two indices.
inline Fr extend2(const Elements& a, const Elements& b,
                  const std::function<bool(std::uint64_t, std::uint64_t)>& f)
{
    Fr sum;
    for (std::uint64_t x = 0; x < std::uint64_t{1} << a.size(); ++x)
        for (std::uint64_t y = 0; y < std::uint64_t{1} << b.size(); ++y)
            if (f(x, y))
                sum += chi(a, x) * chi(b, y);
    return sum;
}

// A random point that also visits the corners 0, 1 and the value 2.
inline Elements mixed_point(Random& random, std::size_t n)
{
    Elements out;
    while (out.size() < n)
    {
        const std::uint64_t choice = random.below(8);
        out.push_back(choice < 3 ? Fr::from_u64(choice) : random.element());
    }
    return out;
}
}  // namespace poly_test
