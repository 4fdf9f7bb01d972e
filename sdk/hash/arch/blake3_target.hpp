// What BLAKE3 asks of the target: how many inputs a vector holds, and how vectors rotate best.
#pragma once

#include <cstddef>

namespace mote::hash::arch
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
inline constexpr std::size_t blake3_lane_count = 1;  // the lanes load words as they lie in memory
#elif defined(__AVX512F__) && defined(__AVX512VL__)
inline constexpr std::size_t blake3_lane_count = 16;
#elif defined(__AVX2__)
inline constexpr std::size_t blake3_lane_count = 8;
#elif defined(__SSE2__) || defined(__ARM_NEON) || defined(__wasm_simd128__)
inline constexpr std::size_t blake3_lane_count = 4;
#else
inline constexpr std::size_t blake3_lane_count = 1;
#endif

// Whether a single block is compressed with the four rows of its state in vectors. On Zen 3 that
// takes 13 % less time than the scalar form with clang 19, 19 % or more with gcc 12. NEON was not
// measured and keeps the scalar form.
#if defined(__SSE2__) || defined(__wasm_simd128__)
inline constexpr bool blake3_compresses_rows = blake3_lane_count > 1;
#else
inline constexpr bool blake3_compresses_rows = false;
#endif

// How a vector of words rotates: in one instruction by any number of bits; or by 8 bits in one that
// permutes bytes; or by shifts, except that by 16 bits half words change places.
enum class Blake3Rotation
{
    native,
    bytes,
    shifts
};
#if defined(__AVX512VL__)
inline constexpr Blake3Rotation blake3_rotation = Blake3Rotation::native;
#elif defined(__SSSE3__) || defined(__ARM_NEON) || defined(__wasm_simd128__)
inline constexpr Blake3Rotation blake3_rotation = Blake3Rotation::bytes;
#else
inline constexpr Blake3Rotation blake3_rotation = Blake3Rotation::shifts;
#endif

// How many columns of the state go through a round step by step together. Measured with 8 lanes on
// Zen 3: with clang 19 four together are 6 % faster than one; with gcc 12, which then moves twice
// as much between registers and memory, they take half as long again.
#if defined(__clang__)
inline constexpr std::size_t blake3_columns_together = 4;
#else
inline constexpr std::size_t blake3_columns_together = 1;
#endif

// clang: for an unnamed x86-64 processor two permutations of half words stand in for one of bytes.
// With the one, 8 lanes are 5 % faster on Zen 3.
#if defined(__clang__) && defined(__AVX2__)
#define MOTE_BLAKE3_TUNED [[gnu::target("tune=haswell")]]
#else
#define MOTE_BLAKE3_TUNED
#endif
}  // namespace mote::hash::arch
