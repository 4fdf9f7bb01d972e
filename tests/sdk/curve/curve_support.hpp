// What the tests of curves share: hex, repeatable random elements, memory for an arena.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "curve/encoding.hpp"
#include "curve/gt.hpp"
#include "curve/msm.hpp"
#include "curve/pairing.hpp"
#include "curve/torus.hpp"

namespace curve_test
{
using mote::curve::Fq;
using mote::curve::Fq12;
using mote::curve::Fq2;
using mote::curve::Fr;
using mote::curve::G1;
using mote::curve::G1Jacobian;
using mote::curve::G2;
using mote::curve::G2Jacobian;
using mote::curve::Gt;
using mote::field::Fq6;
using mote::field::Limbs;
using ByteVector = std::vector<std::uint8_t>;

inline nlohmann::json read_json(const std::string& name)
{
    std::ifstream file(std::string(MOTE_TEST_VECTORS) + "/bn254/" + name, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot read " + name);
    return nlohmann::json::parse(file);
}

/// Bytes of hex digits, with or without 0x; an odd number of digits has a zero in front.
inline ByteVector from_hex(std::string text)
{
    if (text.rfind("0x", 0) == 0)
        text.erase(0, 2);
    if (text.size() % 2 != 0)
        text.insert(text.begin(), '0');
    ByteVector bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return bytes;
}

template <class ByteRange>
std::string to_hex(const ByteRange& bytes)
{
    std::string text;
    for (const std::uint8_t byte : bytes)
    {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

/// 32 big-endian bytes as an integer.
inline Limbs<4> integer_be(const std::uint8_t* p)
{
    Limbs<4> x{};
    for (std::size_t i = 0; i < 4; ++i)
        x[3 - i] = mote::load_be<std::uint64_t>(p + 8 * i);
    return x;
}

/// An element of hex digits; throws if not below the modulus.
template <class F>
F element(const std::string& hex)
{
    ByteVector bytes = from_hex(hex);
    if (bytes.size() > 32)
        throw std::runtime_error("too long: " + hex);
    bytes.insert(bytes.begin(), 32 - bytes.size(), 0);
    const Limbs<4> x = integer_be(bytes.data());
    if (!mote::field::less(x, F::modulus))
        throw std::runtime_error("not reduced: " + hex);
    return F::from_integer(x);
}

/// Any 256-bit integer modulo r, by halves, so not resting on any reduction of the backend.
inline Fr reduce_r(const Limbs<4>& x)
{
    const Fr two_64 = Fr::from_u128(0, 1);
    return Fr::from_u128(x[2], x[3]) * two_64 * two_64 + Fr::from_u128(x[0], x[1]);
}

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
    template <class F>
    F prime()
    {
        const F two_64 = F::from_u128(0, 1);
        return F::from_u128((*this)(), (*this)()) * two_64 * two_64 +
               F::from_u128((*this)(), (*this)());
    }
    Fr fr() { return prime<Fr>(); }
    Fq fq() { return prime<Fq>(); }
    Fq2 fq2()
    {
        const Fq c0 = fq(), c1 = fq();
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
    G1 g1() { return multiply_vartime(mote::curve::g1_generator, fr().to_integer()).to_affine(); }
    G2 g2() { return multiply_vartime(mote::curve::g2_generator, fr().to_integer()).to_affine(); }
    /// A point of the twist, almost never in the subgroup.
    G2 twist()
    {
        while (true)
        {
            const Fq2 x = fq2();
            Fq2 y;
            if ((x.square() * x + mote::curve::g2_b).sqrt(y))
                return G2::from(x, ((*this)() & 1) != 0 ? y : -y);
        }
    }
    /// Of the cyclotomic subgroup, almost never of order r: x^((p^6 - 1) (p^2 + 1)).
    Fq12 cyclotomic()
    {
        const Fq12 x = fq12();
        const Fq12 y = x.conjugate() * x.inverse();
        return y.frobenius<2>() * y;
    }

  private:
    std::uint64_t state_;
};

/// Aligned memory of `bytes` bytes, and some behind it that must stay as it is.
class Memory
{
  public:
    explicit Memory(std::size_t bytes) : words_(bytes / sizeof(Word) + 5), bytes_(bytes)
    {
        std::memset(words_.data(), 0xa5, sizeof(Word) * words_.size());
    }
    mote::Arena arena() { return {words_.data(), bytes_}; }
    bool guard_intact() const
    {
        const auto* const p = reinterpret_cast<const std::uint8_t*>(words_.data());
        return std::all_of(p + bytes_, p + sizeof(Word) * words_.size(),
                           [](std::uint8_t b) { return b == 0xa5; });
    }

  private:
    struct alignas(16) Word
    {
        std::uint8_t bytes[16];
    };
    std::vector<Word> words_;
    std::size_t bytes_;
};

/// x^e by square and multiply in Fq12, right for every element.
template <std::size_t N>
Fq12 power_plain(const Fq12& x, const Limbs<N>& e)
{
    Fq12 result = Fq12::one();
    for (std::size_t i = mote::field::bit_length(e); i-- > 0;)
    {
        result = result * result;
        if (mote::field::bit(e, i))
            result = result * x;
    }
    return result;
}

inline const Gt& gt_generator()
{
    static const Gt e = mote::curve::pairing(mote::curve::g1_generator, mote::curve::g2_generator);
    return e;
}
}  // namespace curve_test
