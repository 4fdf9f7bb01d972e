// GF(2^8) = GF(2)[x] / (x^8 + x^4 + x^3 + x + 1): the ground field of the erasure code.
//
// Whole rows are multiplied by constants, so the unit here is not the product of two elements but
// "everything times c": a byte is split into two nibbles and each nibble looks its product up in a
// table of 16. That is one byte shuffle on most processors (coding/arch) and two loads on the rest.
//
// Worked case: gf256_multiply(0x53, 0xca) == 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mote::field
{
/// x^8 + x^4 + x^3 + x + 1 without its leading term.
/// Source  [SVID] section 3; the polynomial of AES.
inline constexpr std::uint8_t gf256_reduction = 0x1b;

/// Multiplies bit by bit. For tables and tests; rows take the nibble tables.
[[nodiscard]] constexpr std::uint8_t gf256_multiply(std::uint8_t a, std::uint8_t b) noexcept
{
    unsigned product = 0;
    unsigned shifted = a;
    for (unsigned bit = 0; bit < 8; ++bit)
    {
        if (((b >> bit) & 1U) != 0)
            product ^= shifted;
        shifted = (shifted << 1) ^ ((shifted & 0x80U) != 0 ? 0x100U | gf256_reduction : 0U);
    }
    return static_cast<std::uint8_t>(product);
}

/// The products of one constant: entry x is c * x, entry 16 + x is c * 16x, for x in 0..15.
using NibbleTable = std::array<std::uint8_t, 32>;

[[nodiscard]] constexpr std::array<NibbleTable, 256> make_gf256_nibbles() noexcept
{
    std::array<NibbleTable, 256> tables{};
    for (unsigned c = 0; c < 256; ++c)
        for (unsigned x = 0; x < 16; ++x)
        {
            const auto constant = static_cast<std::uint8_t>(c);
            tables[c][x] = gf256_multiply(constant, static_cast<std::uint8_t>(x));
            tables[c][16 + x] = gf256_multiply(constant, static_cast<std::uint8_t>(16 * x));
        }
    return tables;
}

/// gf256_nibbles[c] multiplies by c; 8 KiB, constant.
alignas(32) extern const std::array<NibbleTable, 256> gf256_nibbles;

/// Multiplies by 0x20, five doublings at once: the five top bits come back as c * 0x1b.
[[nodiscard]] constexpr std::uint8_t gf256_times_32(std::uint8_t x) noexcept
{
    // 0x1b = 1 + x + x^3 + x^4; the bits that leave a second time are at most three.
    const unsigned out = x >> 3;
    const unsigned back = out ^ (out << 1) ^ (out << 3) ^ (out << 4);
    const unsigned again = back >> 8;
    return static_cast<std::uint8_t>((static_cast<unsigned>(x) << 5) ^ back ^ again ^ (again << 1) ^
                                     (again << 3) ^ (again << 4));
}

/// Multiplies eight elements, one a byte, by x.
[[nodiscard]] constexpr std::uint64_t gf256_double_lanes(std::uint64_t lanes) noexcept
{
    constexpr std::uint64_t top = 0x8080808080808080;
    return ((lanes & ~top) << 1) ^ (((lanes & top) >> 7) * gf256_reduction);
}
}  // namespace mote::field
