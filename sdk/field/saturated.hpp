// Saturated backend: N limbs of 64 bits, Montgomery form with R = 2^(64 N), values always < p.
//
// The choice for 64-bit machines. Products accumulate unreduced and are reduced once
// ("sum of products", [LONGA22]): an extension-field coefficient costs one reduction however many
// products it sums. The portable code below is the reference; field/arch/ has the same row operation
// in machine instructions, chosen at compile time by MOTE_FIELD_ADX.
#pragma once

#include <type_traits>

#include "base/assert.hpp"
#include "field/limbs.hpp"
#if defined(MOTE_FIELD_ADX)
#include "field/arch/mul_x86_64_adx.hpp"
#include "field/arch/mul_x86_64_adx_6.hpp"
#endif

namespace mote::field
{
template <class Params>
struct Saturated
{
    static constexpr std::size_t n = Params::limbs;
    static constexpr Limbs<n> p = Params::modulus;
    static constexpr std::uint64_t minus_p_inverse = negated_inverse(p[0]);
    static constexpr std::size_t radix_bits = 64 * n;
    using Repr = Limbs<n>;

    // Sums of two values and the growth of dot() need spare bits at the top of the last limb.
    static_assert(Params::bits + 1 <= 64 * n);

    static constexpr Repr zero{};
    static constexpr Repr one = power_of_two_mod<n>(radix_bits, p);
    static constexpr Repr r_squared = power_of_two_mod<n>(2 * radix_bits, p);

    [[nodiscard]] static constexpr Repr add(const Repr& a, const Repr& b) noexcept
    {
        Repr s = a;
        add_to(s, b);
        return reduce_once(s);
    }

    [[nodiscard]] static constexpr Repr sub(const Repr& a, const Repr& b) noexcept
    {
        Repr d = a;
        const std::uint64_t mask = mask_of(sub_from(d, b));
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < n; ++i)
            d[i] = add_carry(d[i], p[i] & mask, carry);
        return d;
    }

    [[nodiscard]] static constexpr Repr mul(const Repr& a, const Repr& b) noexcept
    {
#if defined(MOTE_FIELD_ADX)
        if constexpr (n == 4 || n == 6)
            if (!std::is_constant_evaluated())
                return reduce_once(arch::mul_adx<Params>(a, b));
#endif
        std::uint64_t t[n + 1] = {};
        for (std::size_t i = 0; i < n; ++i)
        {
            std::uint64_t carry = 0;
            for (std::size_t j = 0; j < n; ++j)
                t[j] = mul_add(t[j], a[i], b[j], carry);
            t[n] += carry;
            const std::uint64_t m = t[0] * minus_p_inverse;
            carry = 0;
            static_cast<void>(mul_add(t[0], m, p[0], carry));
            for (std::size_t j = 1; j < n; ++j)
                t[j - 1] = mul_add(t[j], m, p[j], carry);
            std::uint64_t k = 0;
            t[n - 1] = add_carry(t[n], carry, k);
            t[n] = k;
        }
        Repr z{};
        for (std::size_t i = 0; i < n; ++i)
            z[i] = t[i];
        return reduce_once(z);
    }

    /// sum_{i < Count} *a[i] * *b[i], reduced once.
    ///
    /// The unreduced sum is below Count p^2, so the result before the final subtractions is below
    /// p (1 + Count p / R); p / R is below 0.19 for BN254, 0.11 and 0.46 for BLS12-381.
    template <std::size_t Count>
    [[nodiscard]] static constexpr Repr dot(const Repr* const* a, const Repr* const* b) noexcept
    {
        static_assert(Count >= 1 && Count <= 8);
        static_assert(Count == 1 || Params::bits + 2 <= 64 * n);
#if defined(MOTE_FIELD_ADX)
        if constexpr (n == 4 || n == 6)
            if (!std::is_constant_evaluated())
                return reduce_growth<Count>(arch::dot_adx<Params, Count>(a, b));
#endif
        // Rows of all products, then a row of the modulus that clears the lowest limb. No carry is
        // followed by a branch: the values may be secret.
        std::uint64_t t[n + 2] = {};
        for (std::size_t i = 0; i < n; ++i)
        {
            for (std::size_t k = 0; k < Count; ++k)
            {
                std::uint64_t carry = 0, c = 0;
                for (std::size_t j = 0; j < n; ++j)
                    t[j] = mul_add(t[j], (*a[k])[i], (*b[k])[j], carry);
                t[n] = add_carry(t[n], carry, c);
                t[n + 1] += c;
            }
            const std::uint64_t m = t[0] * minus_p_inverse;
            std::uint64_t carry = 0, c = 0;
            static_cast<void>(mul_add(t[0], m, p[0], carry));
            for (std::size_t j = 1; j < n; ++j)
                t[j - 1] = mul_add(t[j], m, p[j], carry);
            t[n - 1] = add_carry(t[n], carry, c);
            t[n] = t[n + 1] + c;
            t[n + 1] = 0;
        }
        Repr z{};
        for (std::size_t i = 0; i < n; ++i)
            z[i] = t[i];
        return reduce_growth<Count>(z);
    }

    /// a * small for a 64-bit integer: still one Montgomery product, of a and small * R.
    [[nodiscard]] static constexpr Repr from_integer(const Limbs<n>& x) noexcept
    {
        return mul(x, r_squared);
    }

    /// The integer below p that `a` stands for.
    [[nodiscard]] static constexpr Limbs<n> to_integer(const Repr& a) noexcept
    {
        return mul(a, Repr{1});
    }

    /// Takes four limbs as x * 2^256 mod p, the Montgomery form of other libraries; x < p.
    [[nodiscard]] static constexpr Repr from_montgomery_256(const Limbs<n>& x) noexcept
        requires(n == 4)
    {
        return x;
    }

    [[nodiscard]] static constexpr bool equal(const Repr& a, const Repr& b) noexcept
    {
        std::uint64_t difference = 0;
        for (std::size_t i = 0; i < n; ++i)
            difference |= a[i] ^ b[i];
        return difference == 0;
    }

  private:
    /// All ones for 1, zero for 0; where values may be secret, nothing the compiler could make a branch
    /// of, as clang -O3 does with the plain mask.
    [[nodiscard]] static constexpr std::uint64_t mask_of(std::uint64_t borrow) noexcept
    {
        if constexpr (Params::secret)
            if (!std::is_constant_evaluated())
                asm("" : "+r"(borrow));
        return 0 - borrow;
    }

    [[nodiscard]] static constexpr Repr reduce_once(const Repr& a) noexcept
    {
#if defined(MOTE_FIELD_ADX)
        if constexpr (n == 6)
            if (!std::is_constant_evaluated())
                return arch::reduce_once_adx<Params>(a);
#endif
        Repr d = a;
        const std::uint64_t keep = mask_of(sub_from(d, p));
        for (std::size_t i = 0; i < n; ++i)
            d[i] = (a[i] & keep) | (d[i] & ~keep);
        return d;
    }

    template <std::size_t Count>
    [[nodiscard]] static constexpr Repr reduce_growth(Repr a) noexcept
    {
        // One subtraction suffices while 1 + Count p / R <= 2; p / R < 2^(bits - radix_bits).
        constexpr std::size_t subtractions = 1 + ((Count - 1) >> (radix_bits - Params::bits));
        for (std::size_t i = 0; i < subtractions; ++i)
            a = reduce_once(a);
        return a;
    }
};
}  // namespace mote::field
