// 16 elements of GF(2^8) in a WebAssembly vector: nibbles are looked up with i8x16.swizzle.
#pragma once

#include <wasm_simd128.h>

#include <cstring>

#include "field/gf256.hpp"

namespace mote::coding::arch
{
struct PlaneWasmSimd
{
    static constexpr const char* name = "wasm_simd";
    static constexpr std::size_t bytes = 16;
    using Vector = v128_t;

    struct Split
    {
        v128_t low, high;
    };
    struct Factor
    {
        v128_t low, high;
    };

    [[nodiscard]] static Vector load(const std::uint8_t* p) noexcept { return wasm_v128_load(p); }
    static void store(std::uint8_t* p, Vector v) noexcept { wasm_v128_store(p, v); }
    static void stream(std::uint8_t* p, Vector v) noexcept { store(p, v); }
    [[nodiscard]] static Vector add(Vector a, Vector b) noexcept { return wasm_v128_xor(a, b); }

    [[nodiscard]] static Factor factor(std::uint8_t c) noexcept
    {
        const std::uint8_t* const table = field::gf256_nibbles[c].data();
        return {wasm_v128_load(table), wasm_v128_load(table + 16)};
    }
    static constexpr std::size_t factor_bytes = 32;
    static void store_factor(std::uint8_t* p, std::uint8_t c) noexcept
    {
        std::memcpy(p, field::gf256_nibbles[c].data(), factor_bytes);
    }
    [[nodiscard]] static Factor load_factor(const std::uint8_t* p) noexcept
    {
        return {wasm_v128_load(p), wasm_v128_load(p + 16)};
    }
    [[nodiscard]] static Split split(Vector v) noexcept
    {
        return {wasm_v128_and(v, wasm_i8x16_splat(15)), wasm_u8x16_shr(v, 4)};
    }
    [[nodiscard]] static Split add(Split a, Split b) noexcept
    {
        return {add(a.low, b.low), add(a.high, b.high)};
    }
    [[nodiscard]] static Vector multiply(Split s, Factor factor) noexcept
    {
        return add(wasm_i8x16_swizzle(factor.low, s.low), wasm_i8x16_swizzle(factor.high, s.high));
    }
};
}  // namespace mote::coding::arch
