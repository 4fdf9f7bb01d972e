// Eight elements of GF(2^8) in a 64-bit word: what every processor has.
//
// The interface of all files named plane_*.hpp: a Vector of `bytes` elements, XOR, and products by
// a constant in two steps. A Split is a vector prepared for products; it is linear, so the Split of
// a sum is the sum of Splits. butterfly.hpp is written against this.
#pragma once

#include "base/bytes.hpp"
#include "field/gf256.hpp"

namespace mote::coding::arch
{
struct PlaneWords
{
    static constexpr const char* name = "words";
    static constexpr std::size_t bytes = 8;
    using Vector = std::uint64_t;

    struct Split
    {
        std::uint64_t low, high;  // nibbles
    };
    using Factor = const field::NibbleTable*;

    [[nodiscard]] static Vector load(const std::uint8_t* p) noexcept { return load_le64(p); }
    static void store(std::uint8_t* p, Vector v) noexcept { store_le(p, v); }
    static void stream(std::uint8_t* p, Vector v) noexcept { store(p, v); }
    [[nodiscard]] static Vector add(Vector a, Vector b) noexcept { return a ^ b; }

    [[nodiscard]] static Factor factor(std::uint8_t c) noexcept { return &field::gf256_nibbles[c]; }
    [[nodiscard]] static Split split(Vector v) noexcept
    {
        constexpr std::uint64_t nibbles = 0x0f0f0f0f0f0f0f0f;
        return {v & nibbles, (v >> 4) & nibbles};
    }
    [[nodiscard]] static Split add(Split a, Split b) noexcept
    {
        return {a.low ^ b.low, a.high ^ b.high};
    }
    [[nodiscard]] static Vector multiply(Split s, Factor factor) noexcept
    {
        std::uint64_t product = 0;
        for (unsigned shift = 0; shift < 64; shift += 8)
        {
            const unsigned byte =
                (*factor)[(s.low >> shift) & 15] ^ (*factor)[16 + ((s.high >> shift) & 15)];
            product |= static_cast<std::uint64_t>(byte) << shift;
        }
        return product;
    }
};
}  // namespace mote::coding::arch
