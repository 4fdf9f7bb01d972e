// Multi-limb integers: the few exact operations that fields, scalars and recodings share.
//
// Little-endian arrays of 64-bit limbs, everything constexpr so that constants are derived at compile
// time from the modulus alone. Works without a 128-bit type: wide products go through mul_wide.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "field/backend.hpp"

namespace mote::field
{
template <std::size_t N>
using Limbs = std::array<std::uint64_t, N>;

struct Product
{
    std::uint64_t lo, hi;
};

#ifdef MOTE_FIELD_INT128
__extension__ using WideWord = unsigned __int128;  // not ISO C++; every 64-bit compiler has it
#endif

/// Full 64 x 64 -> 128 product.
[[nodiscard]] constexpr Product mul_wide(std::uint64_t a, std::uint64_t b) noexcept
{
#ifdef MOTE_FIELD_INT128
    const auto p = static_cast<WideWord>(a) * b;
    return {static_cast<std::uint64_t>(p), static_cast<std::uint64_t>(p >> 64)};
#else
    const std::uint64_t a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
    const std::uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
    const std::uint64_t mid = (p00 >> 32) + (p01 & 0xffffffff) + (p10 & 0xffffffff);
    return {(mid << 32) | (p00 & 0xffffffff), p11 + (p01 >> 32) + (p10 >> 32) + (mid >> 32)};
#endif
}

/// a + b + carry; `carry` (0 or 1) is replaced by the carry out.
[[nodiscard]] constexpr std::uint64_t add_carry(std::uint64_t a, std::uint64_t b,
                                                std::uint64_t& carry) noexcept
{
#ifdef MOTE_FIELD_INT128
    const auto s = static_cast<WideWord>(a) + b + carry;
    carry = static_cast<std::uint64_t>(s >> 64);
    return static_cast<std::uint64_t>(s);
#else
    const std::uint64_t s = a + b;
    const std::uint64_t t = s + carry;
    carry = static_cast<std::uint64_t>(s < a) + static_cast<std::uint64_t>(t < s);
    return t;
#endif
}

/// a - b - borrow; `borrow` (0 or 1) is replaced by the borrow out.
[[nodiscard]] constexpr std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b,
                                                 std::uint64_t& borrow) noexcept
{
#ifdef MOTE_FIELD_INT128
    const auto d = static_cast<WideWord>(a) - b - borrow;
    borrow = static_cast<std::uint64_t>(d >> 64) & 1;
    return static_cast<std::uint64_t>(d);
#else
    const std::uint64_t d = a - b;
    const std::uint64_t e = d - borrow;
    borrow = static_cast<std::uint64_t>(a < b) + static_cast<std::uint64_t>(d < borrow);
    return e;
#endif
}

/// a + b * c + carry; `carry` is replaced by the upper limb. Never overflows 128 bits.
[[nodiscard]] constexpr std::uint64_t mul_add(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                              std::uint64_t& carry) noexcept
{
#ifdef MOTE_FIELD_INT128
    const auto p = static_cast<WideWord>(b) * c + a + carry;
    carry = static_cast<std::uint64_t>(p >> 64);
    return static_cast<std::uint64_t>(p);
#else
    Product p = mul_wide(b, c);
    std::uint64_t k = 0;
    p.lo = add_carry(p.lo, a, k);
    p.hi += k;
    k = 0;
    p.lo = add_carry(p.lo, carry, k);
    carry = p.hi + k;
    return p.lo;
#endif
}

template <std::size_t N>
[[nodiscard]] constexpr bool less(const Limbs<N>& a, const Limbs<N>& b) noexcept
{
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < N; ++i)
        static_cast<void>(sub_borrow(a[i], b[i], borrow));
    return borrow != 0;
}

/// a <- a + b mod 2^(64 N); returns the carry.
template <std::size_t N>
constexpr std::uint64_t add_to(Limbs<N>& a, const Limbs<N>& b) noexcept
{
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < N; ++i)
        a[i] = add_carry(a[i], b[i], carry);
    return carry;
}

/// a <- a - b mod 2^(64 N); returns the borrow.
template <std::size_t N>
constexpr std::uint64_t sub_from(Limbs<N>& a, const Limbs<N>& b) noexcept
{
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < N; ++i)
        a[i] = sub_borrow(a[i], b[i], borrow);
    return borrow;
}

template <std::size_t N>
[[nodiscard]] constexpr bool is_zero(const Limbs<N>& a) noexcept
{
    std::uint64_t any = 0;
    for (const std::uint64_t limb : a)
        any |= limb;
    return any == 0;
}

template <std::size_t N>
[[nodiscard]] constexpr bool bit(const Limbs<N>& a, std::size_t i) noexcept
{
    return i < 64 * N && ((a[i / 64] >> (i % 64)) & 1) != 0;
}

template <std::size_t N>
[[nodiscard]] constexpr std::size_t bit_length(const Limbs<N>& a) noexcept
{
    for (std::size_t i = 64 * N; i-- > 0;)
        if (bit(a, i))
            return i + 1;
    return 0;
}

/// -modulus^-1 mod 2^64 by Newton iteration; `modulus` odd.
[[nodiscard]] constexpr std::uint64_t negated_inverse(std::uint64_t modulus) noexcept
{
    std::uint64_t x = 1;
    for (int i = 0; i < 6; ++i)
        x *= 2 - modulus * x;
    return ~x + 1;
}

/// 2^k mod modulus, k >= 0, by doubling.
template <std::size_t N>
[[nodiscard]] constexpr Limbs<N> power_of_two_mod(std::size_t k, const Limbs<N>& modulus) noexcept
{
    Limbs<N> x{1};
    for (std::size_t i = 0; i < k; ++i)
    {
        const Limbs<N> y = x;
        const std::uint64_t carry = add_to(x, y);
        if (carry != 0 || !less(x, modulus))
            sub_from(x, modulus);
    }
    return x;
}
}  // namespace mote::field
