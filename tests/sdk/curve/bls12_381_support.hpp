// What the tests of BLS12-381 share: hex, vectors, repeatable random elements.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "curve/bls12_381_encoding.hpp"
#include "curve/bls12_381_hash_to_curve.hpp"
#include "curve/bls12_381_multiply.hpp"
#include "curve/bls12_381_pairing.hpp"

namespace bls_test
{
using namespace mote::curve::bls12_381;
using mote::Bytes;
using mote::Reason;
using mote::curve::multiply_vartime;
using mote::field::Limbs;
using nlohmann::json;
using ByteVector = std::vector<std::uint8_t>;

inline std::string read_file(const std::string& name)
{
    std::ifstream file(std::string(MOTE_TEST_VECTORS) + "/bls/" + name, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot read " + name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline json read_json(const std::string& name) { return json::parse(read_file(name)); }

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

inline Bytes bytes_of(const std::string& s)
{
    return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}

/// Big-endian bytes as an integer of N limbs.
template <std::size_t N>
Limbs<N> integer_be(ByteVector bytes)
{
    if (bytes.size() > 8 * N)
        throw std::runtime_error("too long");
    bytes.insert(bytes.begin(), 8 * N - bytes.size(), 0);
    Limbs<N> x{};
    for (std::size_t i = 0; i < N; ++i)
        x[N - 1 - i] = mote::load_be<std::uint64_t>(bytes.data() + 8 * i);
    return x;
}

/// An element of hex digits; throws if not below the modulus.
inline Fq element(const std::string& hex)
{
    const Limbs<6> x = integer_be<6>(from_hex(hex));
    if (!mote::field::less(x, Fq::modulus))
        throw std::runtime_error("not reduced: " + hex);
    return Fq::from_integer(x);
}
inline void parse(const std::string& text, Fq& out) { out = element(text); }
inline void parse(const std::string& text, Fq2& out)
{
    const std::size_t comma = text.find(',');
    REQUIRE(comma != std::string::npos);
    out = {element(text.substr(0, comma)), element(text.substr(comma + 1))};
}
inline void parse(const json& value, Fq2& out)
{
    if (value.is_object())
        out = {element(value.at("c0")), element(value.at("c1"))};
    else
        parse(value.get<std::string>(), out);
}
inline void parse(const json& value, Fq& out) { parse(value.get<std::string>(), out); }

template <class F>
mote::curve::Affine<F> parse_point(const json& p)
{
    F x, y;
    parse(p.at("x"), x);
    parse(p.at("y"), y);
    return mote::curve::Affine<F>::from(x, y);
}

inline std::array<std::uint8_t, g1_bytes> encoded(const G1& p)
{
    std::array<std::uint8_t, g1_bytes> out;
    out.fill(0xee);
    encode(p, out);
    return out;
}
inline std::array<std::uint8_t, g2_bytes> encoded(const G2& p)
{
    std::array<std::uint8_t, g2_bytes> out;
    out.fill(0xee);
    encode(p, out);
    return out;
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
    Fq fq()
    {
        const Fq two_128 = Fq::from_integer({0, 0, 1});
        Fq x;
        for (int i = 0; i < 3; ++i)
            x = x * two_128 + Fq::from_u128((*this)(), (*this)());
        return x;
    }
    Fq2 fq2()
    {
        const Fq c0 = fq();
        return {c0, fq()};
    }
    /// Below r.
    Limbs<4> scalar()
    {
        const Fr two_128 = Fr::from_integer({0, 0, 1});
        Fr x;
        for (int i = 0; i < 2; ++i)
            x = x * two_128 + Fr::from_u128((*this)(), (*this)());
        return x.to_integer();
    }
    G1 g1() { return multiply_vartime(g1_generator, scalar()).to_affine(); }
    G2 g2() { return multiply_vartime(g2_generator, scalar()).to_affine(); }
    /// On the curve, with overwhelming probability not in the group.
    G1 g1_on_curve()
    {
        while (true)
        {
            const Fq x = fq();
            Fq y;
            if ((x.square() * x + g1_b).sqrt(y))
                return G1::from(x, y);
        }
    }
    G2 g2_on_curve()
    {
        while (true)
        {
            const Fq2 x = fq2();
            Fq2 y;
            if ((x.square() * x + g2_b).sqrt(y))
                return G2::from(x, y);
        }
    }

  private:
    std::uint64_t state_;
};
}  // namespace bls_test
