// 16 elements of GF(2^8) in a NEON register: nibbles are looked up with tbl.
#pragma once

#include <arm_neon.h>

#include <cstring>

#include "field/gf256.hpp"

namespace mote::coding::arch
{
struct PlaneNeon
{
    static constexpr const char* name = "neon";
    static constexpr std::size_t bytes = 16;
    using Vector = uint8x16_t;

    struct Split
    {
        uint8x16_t low, high;
    };
    struct Factor
    {
        uint8x16_t low, high;
    };

    [[nodiscard]] static Vector load(const std::uint8_t* p) noexcept { return vld1q_u8(p); }
    static void store(std::uint8_t* p, Vector v) noexcept { vst1q_u8(p, v); }
    static void stream(std::uint8_t* p, Vector v) noexcept { store(p, v); }
    [[nodiscard]] static Vector add(Vector a, Vector b) noexcept { return veorq_u8(a, b); }

    [[nodiscard]] static Factor factor(std::uint8_t c) noexcept
    {
        const std::uint8_t* const table = field::gf256_nibbles[c].data();
        return {vld1q_u8(table), vld1q_u8(table + 16)};
    }
    static constexpr std::size_t factor_bytes = 32;
    static void store_factor(std::uint8_t* p, std::uint8_t c) noexcept
    {
        std::memcpy(p, field::gf256_nibbles[c].data(), factor_bytes);
    }
    [[nodiscard]] static Factor load_factor(const std::uint8_t* p) noexcept
    {
        return {vld1q_u8(p), vld1q_u8(p + 16)};
    }
    [[nodiscard]] static Split split(Vector v) noexcept
    {
        return {vandq_u8(v, vdupq_n_u8(15)), vshrq_n_u8(v, 4)};
    }
    [[nodiscard]] static Split add(Split a, Split b) noexcept
    {
        return {add(a.low, b.low), add(a.high, b.high)};
    }
    [[nodiscard]] static Vector multiply(Split s, Factor factor) noexcept
    {
        return add(vqtbl1q_u8(factor.low, s.low), vqtbl1q_u8(factor.high, s.high));
    }
};
}  // namespace mote::coding::arch
