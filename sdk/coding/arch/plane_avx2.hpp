// 32 elements of GF(2^8) in an AVX2 register: nibbles are looked up with vpshufb.
#pragma once

#include <immintrin.h>

#include <cstring>

#include "field/gf256.hpp"

namespace mote::coding::arch
{
struct PlaneAvx2
{
    static constexpr const char* name = "avx2";
    static constexpr std::size_t bytes = 32;
    using Vector = __m256i;

    struct Split
    {
        __m256i low, high;
    };
    struct Factor
    {
        __m256i low, high;
    };

    [[nodiscard]] static Vector load(const std::uint8_t* p) noexcept
    {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    }
    static void store(std::uint8_t* p, Vector v) noexcept
    {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
    }
    /// Past the caches, if `p` is aligned.
    static void stream(std::uint8_t* p, Vector v) noexcept
    {
        if (reinterpret_cast<std::uintptr_t>(p) % bytes == 0)
            _mm256_stream_si256(reinterpret_cast<__m256i*>(p), v);
        else
            store(p, v);
    }
    [[nodiscard]] static Vector add(Vector a, Vector b) noexcept { return _mm256_xor_si256(a, b); }

    [[nodiscard]] static Factor factor(std::uint8_t c) noexcept
    {
        const auto* const table = reinterpret_cast<const __m128i*>(field::gf256_nibbles[c].data());
        return {_mm256_broadcastsi128_si256(_mm_load_si128(table)),
                _mm256_broadcastsi128_si256(_mm_load_si128(table + 1))};
    }
    /// A factor as a table keeps it.
    static constexpr std::size_t factor_bytes = 32;
    static void store_factor(std::uint8_t* p, std::uint8_t c) noexcept
    {
        std::memcpy(p, field::gf256_nibbles[c].data(), factor_bytes);
    }
    [[nodiscard]] static Factor load_factor(const std::uint8_t* p) noexcept
    {
        const auto* const table = reinterpret_cast<const __m128i*>(p);
        return {_mm256_broadcastsi128_si256(_mm_loadu_si128(table)),
                _mm256_broadcastsi128_si256(_mm_loadu_si128(table + 1))};
    }
    [[nodiscard]] static Split split(Vector v) noexcept
    {
        const __m256i nibbles = _mm256_set1_epi8(15);
        return {_mm256_and_si256(v, nibbles), _mm256_and_si256(_mm256_srli_epi64(v, 4), nibbles)};
    }
    [[nodiscard]] static Split add(Split a, Split b) noexcept
    {
        return {add(a.low, b.low), add(a.high, b.high)};
    }
    [[nodiscard]] static Vector multiply(Split s, Factor factor) noexcept
    {
        return add(_mm256_shuffle_epi8(factor.low, s.low),
                   _mm256_shuffle_epi8(factor.high, s.high));
    }
};
}  // namespace mote::coding::arch
