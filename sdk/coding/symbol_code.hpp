// The code on short columns: eight symbols a row, as the fingerprints have them.
//
// A validator needs the code's values at a few neighbouring points only. From the coefficients a
// transform that computes nothing but what leads to these points costs about K products, whatever
// the number of parity rows.
//
// Eight neighbouring elements of GF(2^128) lie in memory as a group of a row does: the low words of
// all eight, then their high words. So from the fourth level on neighbours share a twiddle, and the
// kernels of rows do the work.
//
// Worked case: K = 1 has one coefficient, which is the value at every point.
#pragma once

#include "field/gf2_128.hpp"

namespace mote::coding
{
/// Bytes that `count` elements take: whole groups.
[[nodiscard]] constexpr std::size_t symbols_bytes(std::uint32_t count) noexcept
{
    return (std::size_t{count} + 7) / 8 * 128;
}

/// Where the low word of element n begins; its high word is 64 bytes further.
[[nodiscard]] constexpr std::size_t symbol_at(std::size_t n) noexcept
{
    return n / 8 * 128 + n % 8 * 8;
}

[[nodiscard]] inline field::Gf2_128 load_symbols(const std::uint8_t* symbols,
                                                 std::size_t n) noexcept
{
    const std::uint8_t* const p = symbols + symbol_at(n);
    return {load_le64(p), load_le64(p + 64)};
}

inline void store_symbols(std::uint8_t* symbols, std::size_t n, field::Gf2_128 x) noexcept
{
    std::uint8_t* const p = symbols + symbol_at(n);
    store_le(p, x.low);
    store_le(p + 64, x.high);
}

/// Values at the points 0 .. count - 1 -> coefficients, in place.
///
/// Shape   symbols: symbols_bytes(count); count: a power of two, at most 8192.
/// Cost    count * log2(count) / 2 products of eight symbols.
/// Source  [SVID] section "Code".
void interpolate(std::uint8_t* symbols, std::uint32_t count) noexcept;

/// Bytes of memory that evaluate needs for a code of `count` rows.
[[nodiscard]] constexpr std::size_t evaluate_scratch(std::uint32_t count) noexcept
{
    return symbols_bytes(count / 2);
}

/// Values at the points [first, first + points).
///
/// Shape   coefficients: `count` of them, unchanged; scratch: evaluate_scratch(count); out: `points`.
/// Cost    about `count` products for each started half coset of points.
void evaluate(const std::uint8_t* coefficients, std::uint32_t count, std::uint32_t first,
              std::uint32_t points, std::uint8_t* scratch, field::Gf2_128* out) noexcept;
}  // namespace mote::coding
