// GF(2^16) = GF(2^8)[u] / (u^2 + u + 0x20): the symbols of the erasure code, and its points.
//
// An element a + b u is the integer a + 256 b. The code evaluates polynomials at omega(i): i written
// in the Cantor basis v0, v1, ... where v0 = 1 and v(j+1)^2 + v(j+1) = v(j). In this basis the
// polynomials that vanish on {omega(0), ..., omega(2^j - 1)} have coefficients 0 and 1 only, which
// is what makes the additive Fourier transform cheap; and omega(0..255) are the elements of GF(2^8),
// so most twiddles are single bytes.
//
// Worked case: gf65536_multiply(0x1234, 0xabcd) == 0x8ee3; omega(3) == 0x0001 ^ 0x00bc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "field/gf256.hpp"

namespace mote::field
{
using Gf65536 = std::uint16_t;

/// u^2 = u + this.
/// Source  [SVID] section 3.
inline constexpr std::uint8_t gf65536_constant = 0x20;

/// The three bytes that multiply by a + b u: with x = x0 + x1 u,
///   low  = a x0 + (0x20 b) x1
///   high = (a + b) (x0 + x1) + a x0                          three products instead of four
struct ByteFactors
{
    std::uint8_t a, sum, scaled;
};

[[nodiscard]] constexpr ByteFactors byte_factors(Gf65536 t) noexcept
{
    const auto a = static_cast<std::uint8_t>(t & 0xff);
    const auto b = static_cast<std::uint8_t>(t >> 8);
    return {a, static_cast<std::uint8_t>(a ^ b), gf256_times_32(b)};
}

[[nodiscard]] constexpr Gf65536 gf65536_multiply(Gf65536 s, Gf65536 t) noexcept
{
    const ByteFactors factors = byte_factors(t);
    const auto x0 = static_cast<std::uint8_t>(s & 0xff);
    const auto x1 = static_cast<std::uint8_t>(s >> 8);
    const std::uint8_t ax0 = gf256_multiply(factors.a, x0);
    const unsigned low = ax0 ^ gf256_multiply(factors.scaled, x1);
    const unsigned high = gf256_multiply(factors.sum, static_cast<std::uint8_t>(x0 ^ x1)) ^ ax0;
    return static_cast<Gf65536>(low | (high << 8));
}

/// The inverse; 0 for 0. Variable time: points and rows are public.
[[nodiscard]] constexpr Gf65536 gf65536_invert_vartime(Gf65536 x) noexcept
{
    // x^(2^16 - 2): fifteen squarings, each followed by a product except the first.
    Gf65536 power = x, product = 1;
    for (unsigned i = 1; i < 16; ++i)
    {
        power = gf65536_multiply(power, power);
        product = gf65536_multiply(product, power);
    }
    return product;
}

/// v0..v15.
/// Source  [SVID] section 3; recomputed from the recurrence by tests/sdk/field/gf65536_test.cpp.
inline constexpr std::array<Gf65536, 16> cantor_basis = {
    0x0001, 0x00bc, 0x005c, 0x000c, 0x00ae, 0x005a, 0x000e, 0x0084,
    0x01f6, 0xbc5c, 0x5c18, 0x0c7e, 0xae46, 0x5a68, 0x0e02, 0x8456};

/// The evaluation point number `i`: XOR of the basis elements at the set bits of i.
[[nodiscard]] constexpr Gf65536 omega(std::uint32_t i) noexcept
{
    Gf65536 point = 0;
    for (std::size_t j = 0; j < cantor_basis.size(); ++j)
        if (((i >> j) & 1U) != 0)
            point = static_cast<Gf65536>(point ^ cantor_basis[j]);
    return point;
}

/// The first point numbers, omega(0..255), lie in GF(2^8).
inline constexpr std::uint32_t omega_bytes = 256;
}  // namespace mote::field
