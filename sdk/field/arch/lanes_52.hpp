// Independent elements of a 254-bit prime field side by side, in limbs of 52 bits.
//
// Five limbs, one per 64-bit lane, Montgomery radix 2^260, products by the 52-bit multiply-add that
// AVX-512 IFMA has. Written over a vector type, so that the algorithm is tested on every machine with
// an emulated one (tests/sdk/field/lanes_52_twin_test.cpp) and only the eight instructions of
// vector_avx512.hpp need the processor.
//
// Invariant  every value v is 0 <= v < 2.1 p, limbs 0..3 below 2^52, limb 4 below 2^47.
//   linear   raw limbs (|r_i| < 2^57) of a value v with p <= v < 40 p are brought back by subtracting
//            q p with q = floor((t - 2) / (T + 1)), t and T the bits from 232 of raw v and of p. Raw
//            limb 4 is within 33 of v / 2^208, so t is within 2 of v / 2^232 and q <= v / p < q + 2.
//            Callers add a multiple of p so that v >= p.
//   dot      a column sums at most (6 + 1) * 10 halves below 2^52, far below 2^64; the result is below
//            p (1 + 6 * 2.1^2 p / 2^260) < 1.4 p.
#pragma once

#include "field/bn254.hpp"
#include "field/unroll.hpp"

namespace mote::field::arch
{
template <class Params, class V>
class Lanes52
{
  public:
    using Scalar = PrimeField<Params, Saturated>;
    using Vector = V;
    using Word = typename V::Word;
    static constexpr std::size_t lanes = V::lanes;
    static constexpr std::size_t n = 5;
    static constexpr unsigned limb_bits = 52;
    static constexpr std::uint64_t mask = (std::uint64_t{1} << limb_bits) - 1;
    static_assert(Params::limbs == 4 && Params::bits == 254);
    using Repr = std::array<std::uint64_t, n>;

    [[nodiscard]] static constexpr Repr spread(const Limbs<4>& x) noexcept
    {
        return {x[0] & mask, ((x[0] >> 52) | (x[1] << 12)) & mask,
                ((x[1] >> 40) | (x[2] << 24)) & mask, ((x[2] >> 28) | (x[3] << 36)) & mask,
                x[3] >> 16};
    }
    [[nodiscard]] static constexpr Limbs<4> gather(const Repr& x) noexcept
    {
        return {x[0] | (x[1] << 52), (x[1] >> 12) | (x[2] << 40), (x[2] >> 24) | (x[3] << 28),
                (x[3] >> 36) | (x[4] << 16)};
    }
    static constexpr Repr p = spread(Params::modulus);
    static constexpr std::uint64_t minus_p_inverse = negated_inverse(Params::modulus[0]) & mask;

    /// A scalar element in this representation: 16 x with radix 2^256 is x with radix 2^260.
    [[nodiscard]] static constexpr Repr narrow(const Scalar& x) noexcept
    {
        return spread(x.twice().twice().twice().twice().to_montgomery_256());
    }
    [[nodiscard]] static constexpr Scalar widen(const Repr& x) noexcept
    {
        Limbs<4> v = gather(x);  // below 2.1 p < 2^256
        for (int i = 0; i < 2; ++i)
            if (!less(v, Params::modulus))
                sub_from(v, Params::modulus);
        constexpr Scalar sixteenth = Scalar::from_u64(16).inverse();
        return Scalar::from_montgomery_256(v) * sixteenth;
    }

    [[nodiscard]] static Lanes52 constant(const Repr& x) noexcept
    {
        Lanes52 z;
        for (std::size_t i = 0; i < n; ++i)
            z.limb[i] = V::splat(x[i]);
        return z;
    }
    [[nodiscard]] static Lanes52 zero() noexcept { return constant({}); }
    [[nodiscard]] static Lanes52 one() noexcept
    {
        constexpr Repr x = narrow(Scalar::one());
        return constant(x);
    }

    [[nodiscard]] friend Lanes52 operator+(const Lanes52& a, const Lanes52& b) noexcept
    {
        return linear<1>([&](std::size_t i) { return V::add(a.limb[i], b.limb[i]); });
    }
    [[nodiscard]] friend Lanes52 operator-(const Lanes52& a, const Lanes52& b) noexcept
    {
        return linear<4>([&](std::size_t i) { return V::sub(a.limb[i], b.limb[i]); });
    }
    [[nodiscard]] friend Lanes52 operator-(const Lanes52& a) noexcept { return zero() - a; }
    [[nodiscard]] friend Lanes52 operator*(const Lanes52& a, const Lanes52& b) noexcept
    {
        return dot<1>({&a}, {&b});
    }
    [[nodiscard]] Lanes52 twice() const noexcept { return *this + *this; }
    [[nodiscard]] Lanes52 square() const noexcept { return *this * *this; }

    template <unsigned K>
    [[nodiscard]] static Lanes52 times_minus(const Lanes52& a, const Lanes52& b) noexcept
    {
        static_assert(K == 9);
        return linear<4>([&](std::size_t i) { return V::sub(nine(a.limb[i]), b.limb[i]); });
    }
    template <unsigned K>
    [[nodiscard]] static Lanes52 times_plus(const Lanes52& a, const Lanes52& b) noexcept
    {
        static_assert(K == 9);
        return linear<1>([&](std::size_t i) { return V::add(nine(a.limb[i]), b.limb[i]); });
    }

    template <std::size_t Count>
    [[nodiscard]] static Lanes52 dot(const Lanes52* const (&a)[Count],
                                     const Lanes52* const (&b)[Count]) noexcept
    {
        static_assert(Count <= 6);
        Word t[2 * n];
        for (Word& word : t)
            word = V::splat(0);
        for (std::size_t k = 0; k < Count; ++k)
            unroll<n * n>(
                [&](auto m) __attribute__((always_inline))
                {
                    constexpr std::size_t i = m / n, j = m % n;
                    t[i + j] = V::multiply_add_low(t[i + j], a[k]->limb[i], b[k]->limb[j]);
                    t[i + j + 1] = V::multiply_add_high(t[i + j + 1], a[k]->limb[i], b[k]->limb[j]);
                });
        unroll<n>(
            [&](auto i) __attribute__((always_inline))
            {
                const Word m = V::multiply_add_low(V::splat(0), t[i], V::splat(minus_p_inverse));
                unroll<n>(
                    [&](auto j) __attribute__((always_inline))
                    {
                        t[i + j] = V::multiply_add_low(t[i + j], m, V::splat(p[j]));
                        t[i + j + 1] = V::multiply_add_high(t[i + j + 1], m, V::splat(p[j]));
                    });
                t[i + 1] = V::add(t[i + 1], V::template shift_right<limb_bits>(t[i]));
            });
        Lanes52 z;
        Word carry = V::splat(0);
        for (std::size_t i = 0; i < n; ++i)
        {
            const Word v = V::add(t[n + i], carry);
            z.limb[i] = V::bit_and(v, V::splat(mask));
            carry = V::template shift_right<limb_bits>(v);
        }
        return z;
    }

    [[nodiscard]] Lanes52 negate_where(const bool (&negative)[lanes]) const noexcept
    {
        const Lanes52 minus = -*this;
        Lanes52 r;
        for (std::size_t i = 0; i < n; ++i)
            r.limb[i] = V::select(limb[i], minus.limb[i], negative);
        return r;
    }

    Word limb[n];

  private:
    static Word nine(Word x) noexcept { return V::add(V::template shift_left<3>(x), x); }

    /// The raw limbs raw(0) .. raw(4) plus Multiple * p, brought back into the invariant.
    template <unsigned Multiple, class Raw>
    [[nodiscard]] static Lanes52 linear(const Raw& raw) noexcept
    {
        // A bias of 2^60 in every limb but the last makes signed carries unsigned.
        constexpr std::uint64_t bias = std::uint64_t{1} << 60, unbias = bias >> limb_bits;
        constexpr unsigned estimate = 24;  // t has the bits from 4 * 52 + 24 = 232
        constexpr unsigned shift = 45;
        constexpr std::uint64_t top = p[n - 1] >> estimate;
        constexpr std::uint64_t reciprocal = (std::uint64_t{1} << shift) / (top + 1);
        const Word t = V::sub(
            V::template shift_right<estimate>(V::add(raw(n - 1), V::splat(p[n - 1] * Multiple))),
            V::splat(2));
        const Word q = V::template shift_right<shift>(V::multiply_32(t, V::splat(reciprocal)));
        Lanes52 z;
        Word carry = V::splat(0), high = V::splat(0);
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint64_t offset =
                p[i] * Multiple + (i + 1 < n ? bias : 0) - (i == 0 ? 0 : unbias);
            // q p[i] in two halves: the low one here, the high one a limb up.
            const Word low = V::multiply_add_low(V::splat(0), q, V::splat(p[i]));
            Word v = V::add(raw(i), V::splat(offset));
            v = V::sub(V::sub(v, low), high);
            v = V::add(v, carry);
            high = V::multiply_add_high(V::splat(0), q, V::splat(p[i]));
            z.limb[i] = i + 1 < n ? V::bit_and(v, V::splat(mask)) : v;
            carry = V::template shift_right<limb_bits>(v);
        }
        return z;
    }
};
}  // namespace mote::field::arch
