// GF(2^128) as three quadratic steps over GF(2^16): the fingerprints of rows.
//
// Eight coordinates in GF(2^16), t = t0 + 2 t1 + 4 t2 belonging to x1^t0 x2^t1 x3^t2, with
//   x1^2 = x1 + d,   x2^2 = x2 + d x1,   x3^2 = x3 + d x1 x2,   d = 0x2000.
// Multiplying by a GF(2^16) scalar multiplies each coordinate, so fingerprints commute with the
// erasure code. The low bytes of the coordinates are one 64-bit word, the high bytes another; all
// steps below work on eight bytes at once.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "field/gf65536.hpp"

namespace mote::field
{
struct Gf2_128
{
    std::uint64_t low = 0;   ///< byte t is the low byte of coordinate t
    std::uint64_t high = 0;  ///< byte t is its high byte

    static constexpr std::size_t bytes = 16;

    /// Every 16-byte string is an element.
    /// Source  [SVID] section 2: low bytes first.
    [[nodiscard]] static constexpr Gf2_128 load(const std::uint8_t* p) noexcept
    {
        return {load_le64(p), load_le64(p + 8)};
    }
    constexpr void store(std::uint8_t* p) const noexcept
    {
        store_le(p, low);
        store_le(p + 8, high);
    }

    friend constexpr Gf2_128 operator^(Gf2_128 a, Gf2_128 b) noexcept
    {
        return {a.low ^ b.low, a.high ^ b.high};
    }
    friend constexpr bool operator==(const Gf2_128&, const Gf2_128&) noexcept = default;

    [[nodiscard]] constexpr Gf65536 coordinate(unsigned t) const noexcept
    {
        return static_cast<Gf65536>(((low >> (8 * t)) & 0xff) | (((high >> (8 * t)) & 0xff) << 8));
    }
};

/// Multiplies every coordinate by 2, an element of GF(2^8).
[[nodiscard]] constexpr Gf2_128 times_2(Gf2_128 a) noexcept
{
    return {gf256_double_lanes(a.low), gf256_double_lanes(a.high)};
}

[[nodiscard]] constexpr Gf2_128 times_32(Gf2_128 a) noexcept
{
    return times_2(times_2(times_2(times_2(times_2(a)))));
}

/// Multiplies every coordinate by u: (a + b u) u = 0x20 b + (a + b) u.
[[nodiscard]] constexpr Gf2_128 times_u(Gf2_128 a) noexcept
{
    return {times_32({a.high, 0}).low, a.low ^ a.high};
}

/// Multiplies by x1, x2 or x3 (step 0, 1, 2).
///
/// Source  [SVID] section 3: (a0 + a1 x) x = d' a1 + (a0 + a1) x with d' = d times the variables
///         below x.
// NOLINTNEXTLINE(misc-no-recursion): `step` falls.
[[nodiscard]] constexpr Gf2_128 times_x(Gf2_128 a, unsigned step) noexcept
{
    constexpr std::uint64_t lower_halves[3] = {0x00ff00ff00ff00ff, 0x0000ffff0000ffff,
                                               0x00000000ffffffff};
    const std::uint64_t lower = lower_halves[step];
    const unsigned shift = 8U << step;
    const Gf2_128 upper = {(a.low >> shift) & lower, (a.high >> shift) & lower};
    Gf2_128 wrapped = times_32(times_u(upper));
    for (unsigned below = 0; below < step; ++below)
        wrapped = times_x(wrapped, below);
    const Gf2_128 sum = {(a.low & lower) ^ upper.low, (a.high & lower) ^ upper.high};
    return {(wrapped.low & lower) | (sum.low << shift),
            (wrapped.high & lower) | (sum.high << shift)};
}

/// Multiplies by the basis element of coordinate t.
[[nodiscard]] constexpr Gf2_128 times_basis(Gf2_128 a, unsigned t) noexcept
{
    for (unsigned step = 0; step < 3; ++step)
        if (((t >> step) & 1U) != 0)
            a = times_x(a, step);
    return a;
}

/// Cost  128 steps on two words, about 1 us. Where one factor stays, svid/fingerprint.hpp has tables.
[[nodiscard]] constexpr Gf2_128 operator*(Gf2_128 a, Gf2_128 b) noexcept
{
    Gf2_128 product;
    for (unsigned t = 0; t < 8; ++t)
    {
        Gf2_128 power = times_basis(b, t);
        Gf2_128 power_u = times_u(power);
        const unsigned scalar = a.coordinate(t);
        for (unsigned bit = 0; bit < 8; ++bit)
        {
            if (((scalar >> bit) & 1U) != 0)
                product = product ^ power;
            if (((scalar >> (8 + bit)) & 1U) != 0)
                product = product ^ power_u;
            power = times_2(power);
            power_u = times_2(power_u);
        }
    }
    return product;
}
}  // namespace mote::field
