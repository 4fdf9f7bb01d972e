// Unsaturated backend: limbs of 29 or 28 bits in 32-bit words, Montgomery form with R = 2^(29 n).
//
// The choice for WebAssembly, armv7 and Cortex-M, where a 32 x 32 -> 64 product is cheap and a carry
// is not. BN254 takes n = 9, R = 2^261: columns of products stay below 2^64 without carrying, and
// values are kept below 2p, so multiplication needs no final subtraction (R > 4p). Canonical form is
// made only when a value leaves the field.
//
// Bounds  limbs of a value are < 2^29; a dot of Count products puts at most (Count + 1) * n terms
//         below 2^58 into a column: 63 * 2^58 < 2^64 for n = 9, Count = 6. BLS12-381's 381 bits take
//         n = 14 with limbs of 29 or 28 bits alike; with 28, 98 * 2^56 < 2^64 for Count = 6.
#pragma once

#include <type_traits>

#include "base/assert.hpp"
#include "field/limbs.hpp"

#if defined(__wasm__)
#define MOTE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define MOTE_UNROLL
#endif

// emscripten's clang copies these into every formula: a tenth of the whole module.
#if defined(__wasm__)
#define MOTE_OUTLINE [[gnu::noinline]]
#else
#define MOTE_OUTLINE
#endif

namespace mote::field
{
template <class Params>
struct Unsaturated
{
    static constexpr std::size_t limb_bits = Params::bits <= 256 ? 29 : 28;
    static constexpr std::size_t n = (Params::bits + 4 + limb_bits - 1) / limb_bits;
    static constexpr std::size_t n64 = Params::limbs;
    static constexpr std::size_t radix_bits = limb_bits * n;
    static constexpr std::uint32_t mask = (std::uint32_t{1} << limb_bits) - 1;
    using Repr = std::array<std::uint32_t, n>;

    [[nodiscard]] static constexpr Repr spread(const Limbs<n64>& x) noexcept
    {
        Repr z{};
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::size_t position = i * limb_bits, word = position / 64, shift = position % 64;
            std::uint64_t v = word < n64 ? x[word] >> shift : 0;
            if (shift + limb_bits > 64 && word + 1 < n64)
                v |= x[word + 1] << (64 - shift);
            z[i] = static_cast<std::uint32_t>(v) & mask;
        }
        return z;
    }

    [[nodiscard]] static constexpr Limbs<n64> gather(const Repr& x) noexcept
    {
        Limbs<n64> z{};
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::size_t position = i * limb_bits, word = position / 64, shift = position % 64;
            if (word < n64)
                z[word] |= static_cast<std::uint64_t>(x[i]) << shift;
            if (shift + limb_bits > 64 && word + 1 < n64)
                z[word + 1] |= static_cast<std::uint64_t>(x[i]) >> (64 - shift);
        }
        return z;
    }

    static constexpr Repr p = spread(Params::modulus);
    static constexpr Repr two_p = []
    {
        Repr z{};
        std::uint32_t carry = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint32_t v = 2 * p[i] + carry;
            z[i] = v & mask;
            carry = v >> limb_bits;
        }
        return z;
    }();
    /// With limbs of 28 bits R is 2^11 p: sums may exceed 2p by a few units of the highest limb, which
    /// makes that limb alone decide what to subtract, before the one pass that does it.
    static constexpr bool loose = limb_bits == 28;
    /// Values are below this: 2p, or 2p + 3 * 2^(limb_bits (n - 1)).
    static constexpr Limbs<n64> value_bound = []
    {
        Repr z = two_p;
        z[n - 1] += loose ? 3 : 0;
        return gather(z);
    }();
    static constexpr std::uint32_t minus_p_inverse =
        static_cast<std::uint32_t>(negated_inverse(Params::modulus[0])) & mask;

    static constexpr Repr zero{};
    static constexpr Repr one = spread(power_of_two_mod<n64>(radix_bits, Params::modulus));
    static constexpr Repr r_squared =
        spread(power_of_two_mod<n64>(2 * radix_bits, Params::modulus));
    /// 2^(2 radix_bits - 256): one product turns x * 2^256 into x * R.
    static constexpr Repr from_256 =
        spread(power_of_two_mod<n64>(2 * radix_bits - 256, Params::modulus));

    [[nodiscard]] static constexpr Repr add(const Repr& a, const Repr& b) noexcept
    {
        if constexpr (loose)
        {
            // With c = 2p, its highest limb c', and t = a' + b': t > c' means a + b > c, t > 2c' + 1
            // means a + b > 2c, and what is left is below c + 3 units either way.
            const std::uint32_t top = two_p[n - 1], t = a[n - 1] + b[n - 1];
            const std::uint32_t times = ((top - t) >> 31) + ((2 * top + 1 - t) >> 31);
            Repr s{};
            std::int32_t carry = 0;
            MOTE_UNROLL
            for (std::size_t i = 0; i < n; ++i)
            {
                const std::int32_t v =
                    static_cast<std::int32_t>(a[i] + b[i] - times * two_p[i]) + carry;
                s[i] = static_cast<std::uint32_t>(v) & mask;
                carry = v >> limb_bits;
            }
            return s;
        }
        else
            return add_tight(a, b);
    }

    [[nodiscard]] static constexpr Repr sub(const Repr& a, const Repr& b) noexcept
    {
        if constexpr (loose)
        {
            // t = a' - b': t > 0 means a > b, t > -c' means a + c > b, and otherwise 2c are added.
            const std::uint32_t top = two_p[n - 1], t = a[n - 1] - b[n - 1];
            const std::uint32_t times = ((t - 1) >> 31) + ((t + top - 1) >> 31);
            Repr d{};
            std::int32_t carry = 0;
            MOTE_UNROLL
            for (std::size_t i = 0; i < n; ++i)
            {
                const std::int32_t v =
                    static_cast<std::int32_t>(a[i] - b[i] + times * two_p[i]) + carry;
                d[i] = static_cast<std::uint32_t>(v) & mask;
                carry = v >> limb_bits;
            }
            return d;
        }
        else
            return sub_tight(a, b);
    }

    [[nodiscard]] static constexpr Repr mul(const Repr& a, const Repr& b) noexcept
    {
        const Repr *x = &a, *y = &b;
        return dot<1>(&x, &y);
    }

    template <std::size_t Count>
    [[nodiscard]] static constexpr Repr dot(const Repr* const* a, const Repr* const* b) noexcept
    {
        static_assert((Count + 1) * n < std::size_t{1} << (64 - 2 * limb_bits));
        std::uint64_t t[2 * n] = {};
        for (std::size_t k = 0; k < Count; ++k)
        {
            MOTE_UNROLL
            for (std::size_t i = 0; i < n; ++i)
            {
                MOTE_UNROLL
                for (std::size_t j = 0; j < n; ++j)
                    t[i + j] += static_cast<std::uint64_t>((*a[k])[i]) * (*b[k])[j];
            }
        }
        MOTE_UNROLL
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint64_t m = (static_cast<std::uint32_t>(t[i]) * minus_p_inverse) & mask;
            MOTE_UNROLL
            for (std::size_t j = 0; j < n; ++j)
                t[i + j] += m * p[j];
            t[i + 1] += t[i] >> limb_bits;
        }
        Repr z{};
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint64_t v = t[n + i] + carry;
            z[i] = static_cast<std::uint32_t>(v) & mask;
            carry = v >> limb_bits;
        }
        return z;
    }

    [[nodiscard]] static constexpr Repr from_integer(const Limbs<n64>& x) noexcept
    {
        return mul(spread(x), r_squared);
    }

    [[nodiscard]] static constexpr Limbs<n64> to_integer(const Repr& a) noexcept
    {
        Repr unit{};
        unit[0] = 1;
        return gather(subtract_if_not_below(mul(a, unit), p));
    }

    [[nodiscard]] static constexpr Repr from_montgomery_256(const Limbs<n64>& x) noexcept
    {
        return mul(spread(x), from_256);
    }

    [[nodiscard]] static constexpr bool equal(const Repr& a, const Repr& b) noexcept
    {
        if constexpr (loose)
        {
            // The difference is 0, p or 2p, or it is none.
            const Repr d = sub(a, b);
            std::uint32_t not_zero = 0, not_p = 0, not_two_p = 0;
            for (std::size_t i = 0; i < n; ++i)
            {
                not_zero |= d[i];
                not_p |= d[i] ^ p[i];
                not_two_p |= d[i] ^ two_p[i];
            }
            const auto none = [](std::uint32_t x) { return static_cast<unsigned>(x == 0); };
            return (none(not_zero) | none(not_p) | none(not_two_p)) != 0;
        }
        const Repr x = subtract_if_not_below(a, p), y = subtract_if_not_below(b, p);
        std::uint32_t difference = 0;
        for (std::size_t i = 0; i < n; ++i)
            difference |= x[i] ^ y[i];
        return difference == 0;
    }

  private:
    [[nodiscard]] MOTE_OUTLINE static constexpr Repr add_tight(const Repr& a,
                                                               const Repr& b) noexcept
    {
        Repr s{};
        std::uint32_t carry = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint32_t v = a[i] + b[i] + carry;
            s[i] = v & mask;
            carry = v >> limb_bits;
        }
        return subtract_if_not_below(s, two_p);
    }

    [[nodiscard]] MOTE_OUTLINE static constexpr Repr sub_tight(const Repr& a,
                                                               const Repr& b) noexcept
    {
        Repr d{};
        const std::uint32_t select = mask_of(subtract(d, a, b));
        std::uint32_t carry = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint32_t v = d[i] + (two_p[i] & select) + carry;
            d[i] = v & mask;
            carry = v >> limb_bits;
        }
        return d;
    }

    /// As in saturated.hpp.
    [[nodiscard]] static constexpr std::uint32_t mask_of(std::uint32_t borrow) noexcept
    {
        if constexpr (Params::secret)
            if (!std::is_constant_evaluated())
                asm("" : "+r"(borrow));
        return 0 - borrow;
    }

    static constexpr std::uint32_t subtract(Repr& d, const Repr& a, const Repr& b) noexcept
    {
        std::uint32_t borrow = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint32_t v = a[i] - b[i] - borrow;
            d[i] = v & mask;
            borrow = v >> 31;
        }
        return borrow;
    }

    [[nodiscard]] static constexpr Repr subtract_if_not_below(const Repr& a,
                                                              const Repr& bound) noexcept
    {
        Repr d{};
        const std::uint32_t keep = mask_of(subtract(d, a, bound));
        for (std::size_t i = 0; i < n; ++i)
            d[i] = (a[i] & keep) | (d[i] & ~keep);
        return d;
    }
};
}  // namespace mote::field
