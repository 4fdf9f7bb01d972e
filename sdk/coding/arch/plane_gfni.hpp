// 64 elements of GF(2^8) in an AVX-512 register: vgf2p8mulb multiplies in exactly our field.
//
// The polynomial of the instruction is x^8 + x^4 + x^3 + x + 1, so no table and no matrix is needed:
// the constant is broadcast.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mote::coding::arch
{
struct PlaneGfni
{
    static constexpr const char* name = "gfni";
    static constexpr std::size_t bytes = 64;
    using Vector = __m512i;
    using Split = __m512i;
    using Factor = __m512i;

    [[nodiscard]] static Vector load(const std::uint8_t* p) noexcept
    {
        return _mm512_loadu_si512(p);
    }
    static void store(std::uint8_t* p, Vector v) noexcept { _mm512_storeu_si512(p, v); }
    /// Past the caches, if `p` is aligned.
    static void stream(std::uint8_t* p, Vector v) noexcept
    {
        if (reinterpret_cast<std::uintptr_t>(p) % bytes == 0)
            _mm512_stream_si512(reinterpret_cast<__m512i*>(p), v);
        else
            store(p, v);
    }
    [[nodiscard]] static Vector add(Vector a, Vector b) noexcept { return _mm512_xor_si512(a, b); }
    [[nodiscard]] static Factor factor(std::uint8_t c) noexcept
    {
        return _mm512_set1_epi8(static_cast<char>(c));
    }
    /// Four times the constant: a 32-bit broadcast is a load and no more.
    static constexpr std::size_t factor_bytes = 4;
    static void store_factor(std::uint8_t* p, std::uint8_t c) noexcept
    {
        std::memset(p, c, factor_bytes);
    }
    [[nodiscard]] static Factor load_factor(const std::uint8_t* p) noexcept
    {
        std::uint32_t four;
        std::memcpy(&four, p, sizeof four);
        return _mm512_set1_epi32(static_cast<int>(four));
    }
    [[nodiscard]] static Split split(Vector v) noexcept { return v; }
    [[nodiscard]] static Vector multiply(Split s, Factor factor) noexcept
    {
        return _mm512_gf2p8mul_epi8(s, factor);
    }
};
}  // namespace mote::coding::arch
