// Word: the 256-bit integer the EVM computes with, as four 64-bit limbs, least significant first.
//
// All arithmetic is modulo 2^256; division by zero gives zero, as the machine defines it. Everything is
// public data, so functions branch on values.
//
// Worked case: Word{0} - Word{1} has four limbs of ones; signed, it is -1.
//
// Source  [YP] appendix H.2; division after [KNUTH2] section 4.3.1, algorithm D, with the reciprocals
//         of [MG11].
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "field/limbs.hpp"

namespace mote::evm
{
struct Word
{
    std::array<std::uint64_t, 4> limb{};

    constexpr Word() noexcept = default;
    constexpr Word(std::uint64_t low) noexcept
        : limb{low, 0, 0, 0} {}  // NOLINT(google-explicit-constructor)
    constexpr Word(std::uint64_t l3, std::uint64_t l2, std::uint64_t l1, std::uint64_t l0) noexcept
        : limb{l0, l1, l2, l3}
    {
    }

    [[nodiscard]] constexpr bool is_zero() const noexcept
    {
        return (limb[0] | limb[1] | limb[2] | limb[3]) == 0;
    }
    [[nodiscard]] constexpr bool fits_u64() const noexcept
    {
        return (limb[1] | limb[2] | limb[3]) == 0;
    }
    /// The value, or 2^64 - 1 if it is larger.
    [[nodiscard]] constexpr std::uint64_t saturated() const noexcept
    {
        return fits_u64() ? limb[0] : ~std::uint64_t{0};
    }
    [[nodiscard]] constexpr bool is_negative() const noexcept { return (limb[3] >> 63) != 0; }
    [[nodiscard]] constexpr unsigned bit_length() const noexcept
    {
        for (unsigned i = 4; i-- > 0;)
            if (limb[i] != 0)
                return 64 * i + static_cast<unsigned>(std::bit_width(limb[i]));
        return 0;
    }

    [[nodiscard]] friend constexpr bool operator==(const Word& a, const Word& b) noexcept
    {
        return ((a.limb[0] ^ b.limb[0]) | (a.limb[1] ^ b.limb[1]) | (a.limb[2] ^ b.limb[2]) |
                (a.limb[3] ^ b.limb[3])) == 0;
    }
    [[nodiscard]] friend constexpr bool operator<(const Word& a, const Word& b) noexcept
    {
        return field::less(a.limb, b.limb);
    }
    [[nodiscard]] friend constexpr bool operator>(const Word& a, const Word& b) noexcept
    {
        return b < a;
    }
    [[nodiscard]] friend constexpr bool operator<=(const Word& a, const Word& b) noexcept
    {
        return !(b < a);
    }
    [[nodiscard]] friend constexpr bool operator>=(const Word& a, const Word& b) noexcept
    {
        return !(a < b);
    }

    [[nodiscard]] friend constexpr Word operator+(const Word& a, const Word& b) noexcept
    {
        Word r;
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < 4; ++i)
            r.limb[i] = field::add_carry(a.limb[i], b.limb[i], carry);
        return r;
    }
    [[nodiscard]] friend constexpr Word operator-(const Word& a, const Word& b) noexcept
    {
        Word r;
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < 4; ++i)
            r.limb[i] = field::sub_borrow(a.limb[i], b.limb[i], borrow);
        return r;
    }
    [[nodiscard]] friend constexpr Word operator-(const Word& a) noexcept { return Word{} - a; }
    [[nodiscard]] friend constexpr Word operator~(const Word& a) noexcept
    {
        return {~a.limb[3], ~a.limb[2], ~a.limb[1], ~a.limb[0]};
    }
    [[nodiscard]] friend constexpr Word operator&(const Word& a, const Word& b) noexcept
    {
        return {a.limb[3] & b.limb[3], a.limb[2] & b.limb[2], a.limb[1] & b.limb[1],
                a.limb[0] & b.limb[0]};
    }
    [[nodiscard]] friend constexpr Word operator|(const Word& a, const Word& b) noexcept
    {
        return {a.limb[3] | b.limb[3], a.limb[2] | b.limb[2], a.limb[1] | b.limb[1],
                a.limb[0] | b.limb[0]};
    }
    [[nodiscard]] friend constexpr Word operator^(const Word& a, const Word& b) noexcept
    {
        return {a.limb[3] ^ b.limb[3], a.limb[2] ^ b.limb[2], a.limb[1] ^ b.limb[1],
                a.limb[0] ^ b.limb[0]};
    }
    /// Cost    ten 64-bit products.
    [[nodiscard]] friend constexpr Word operator*(const Word& a, const Word& b) noexcept
    {
        Word r;
        for (std::size_t i = 0; i < 3; ++i)
        {
            std::uint64_t carry = 0;
            for (std::size_t j = 0; i + j < 3; ++j)
                r.limb[i + j] = field::mul_add(r.limb[i + j], a.limb[i], b.limb[j], carry);
            r.limb[3] += a.limb[i] * b.limb[3 - i] + carry;
        }
        r.limb[3] += a.limb[3] * b.limb[0];
        return r;
    }
    [[nodiscard]] friend constexpr Word operator<<(const Word& a, unsigned n) noexcept
    {
        if (n >= 256)
            return {};
        Word r;
        const unsigned limbs = n / 64, bits = n % 64;
        for (unsigned i = 3; i + 1 > limbs; --i)
        {
            r.limb[i] = a.limb[i - limbs] << bits;
            if (bits != 0 && i > limbs)
                r.limb[i] |= a.limb[i - limbs - 1] >> (64 - bits);
            if (i == 0)
                break;
        }
        return r;
    }
    [[nodiscard]] friend constexpr Word operator>>(const Word& a, unsigned n) noexcept
    {
        if (n >= 256)
            return {};
        Word r;
        const unsigned limbs = n / 64, bits = n % 64;
        for (unsigned i = 0; i + limbs < 4; ++i)
        {
            r.limb[i] = a.limb[i + limbs] >> bits;
            if (bits != 0 && i + limbs + 1 < 4)
                r.limb[i] |= a.limb[i + limbs + 1] << (64 - bits);
        }
        return r;
    }
    constexpr Word& operator+=(const Word& b) noexcept { return *this = *this + b; }
    constexpr Word& operator-=(const Word& b) noexcept { return *this = *this - b; }
};
static_assert(sizeof(Word) == 32);

struct Quotient
{
    Word quotient, remainder;
};

/// a / b and a mod b, both zero for b = 0.
///
/// Cost    one reciprocal and, for n limbs of b, up to 5 - n steps of n products.
[[nodiscard]] Quotient divide(const Word& a, const Word& b) noexcept;

/// The same for two's complement integers, rounded towards zero; the remainder has the sign of a.
[[nodiscard]] Quotient divide_signed(const Word& a, const Word& b) noexcept;

/// (a + b) mod m, without losing the carry; zero for m = 0.
[[nodiscard]] Word add_mod(const Word& a, const Word& b, const Word& m) noexcept;

/// (a * b) mod m of the full product; zero for m = 0.
[[nodiscard]] Word multiply_mod(const Word& a, const Word& b, const Word& m) noexcept;

/// base^exponent mod 2^256.
///
/// Cost    a squaring for each bit of the exponent, a product for each that is set.
[[nodiscard]] Word power(const Word& base, const Word& exponent) noexcept;

/// a + b; `carry` says whether it reached 2^256.
[[nodiscard]] constexpr Word add_overflow(const Word& a, const Word& b, bool& carry) noexcept
{
    const Word r = a + b;
    carry = r < a;
    return r;
}

/// a * b; `overflow` says whether it reached 2^256.
[[nodiscard]] Word multiply_overflow(const Word& a, const Word& b, bool& overflow) noexcept;

[[nodiscard]] constexpr bool less_signed(const Word& a, const Word& b) noexcept
{
    return a.is_negative() != b.is_negative() ? a.is_negative() : a < b;
}

/// a shifted right with its sign bit coming in.
[[nodiscard]] constexpr Word shift_right_signed(const Word& a, unsigned n) noexcept
{
    if (!a.is_negative())
        return a >> n;
    return n >= 256 ? ~Word{} : ~(~a >> n);
}

/// Repeats the sign bit of byte `index`, counted from the least significant, in all bytes above it.
[[nodiscard]] constexpr Word sign_extend(const Word& index, const Word& a) noexcept
{
    if (!index.fits_u64() || index.limb[0] >= 31)
        return a;
    const auto shift = static_cast<unsigned>(248 - 8 * index.limb[0]);
    return shift_right_signed(a << shift, shift);
}

/// Reads 32 big-endian bytes.
[[nodiscard]] inline Word load_word(const std::uint8_t* p) noexcept
{
    return {load_be<std::uint64_t>(p), load_be<std::uint64_t>(p + 8),
            load_be<std::uint64_t>(p + 16), load_be<std::uint64_t>(p + 24)};
}

/// Writes 32 big-endian bytes.
inline void store_word(std::uint8_t* p, const Word& a) noexcept
{
    for (std::size_t i = 0; i < 4; ++i)
        store_be(p + 8 * i, a.limb[3 - i]);
}

/// Reads at most 32 big-endian bytes.
[[nodiscard]] inline Word word_from(Bytes bytes) noexcept
{
    Word r;
    for (std::size_t i = 0; i < bytes.size(); ++i)
    {
        const std::size_t place = bytes.size() - 1 - i;
        r.limb[place / 8] |= std::uint64_t{bytes[i]} << (8 * (place % 8));
    }
    return r;
}
}  // namespace mote::evm
