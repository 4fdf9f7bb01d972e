// Four independent elements of a 254-bit prime field side by side in AVX2 registers.
//
// Limbs of 29 bits, one per 64-bit lane, Montgomery radix 2^261: the unsaturated representation with
// vpmuludq as its product. Where four field operations are independent this is about twice as fast
// as four MULX/ADX ones. Has the interface of PrimeField that the tower templates use; nothing
// branches, nothing compares.
//
// Invariant  every value v is 0 <= v < 2.1 p, limbs 0..7 below 2^29, limb 8 below 2^23.
//   linear   raw limbs r (|r_i| < 2^34) of a value v with p <= v < 40 p are brought back by
//            subtracting q p with q = floor((r_8 - 40) / (P_8 + 1)) <= v / p, where P_8 is the top
//            limb of p. Raw limb 8 is within 33 of v / 2^232, so v - q p < 2.0001 p and >= 0. Callers
//            add a multiple of p so that v >= p.
//   dot      columns hold at most (6 + 1) * 9 products below 2^58, below 2^64; the result is below
//            p (1 + 6 * 2.1^2 p / 2^261) < 1.2 p.
#pragma once

#include <immintrin.h>

#include "field/bn254.hpp"
#include "field/unroll.hpp"
#include "field/unsaturated.hpp"

namespace mote::field::arch
{
template <class Params>
class LanesAvx2
{
  public:
    using Scalar = PrimeField<Params, Saturated>;
    using Narrow = Unsaturated<Params>;
    static constexpr std::size_t lanes = 4;
    static constexpr std::size_t n = 9;
    static_assert(Narrow::n == n && Params::limbs == 4);

    LanesAvx2() noexcept = default;

    [[nodiscard]] static LanesAvx2 zero() noexcept
    {
        LanesAvx2 z;
        for (std::size_t i = 0; i < n; ++i)
            z.limb[i] = _mm256_setzero_si256();
        return z;
    }
    [[nodiscard]] static LanesAvx2 constant(const typename Narrow::Repr& x) noexcept
    {
        LanesAvx2 z;
        for (std::size_t i = 0; i < n; ++i)
            z.limb[i] = splat(x[i]);
        return z;
    }
    [[nodiscard]] static LanesAvx2 one() noexcept { return constant(Narrow::one); }
    /// A scalar element in this representation: the Montgomery form of 32 x with radix 2^256 is that
    /// of x with radix 2^261, cut into limbs.
    [[nodiscard]] static constexpr typename Narrow::Repr narrow(const Scalar& x) noexcept
    {
        return Narrow::spread(x.twice().twice().twice().twice().twice().to_montgomery_256());
    }
    [[nodiscard]] static constexpr Scalar widen(const typename Narrow::Repr& x) noexcept
    {
        return Scalar::from_integer(Narrow::to_integer(x));
    }

    [[nodiscard]] friend LanesAvx2 operator+(const LanesAvx2& a, const LanesAvx2& b) noexcept
    {
        LanesAvx2 r;
        for (std::size_t i = 0; i < n; ++i)
            r.limb[i] = _mm256_add_epi64(a.limb[i], b.limb[i]);
        return r.template settle<1>();
    }
    [[nodiscard]] friend LanesAvx2 operator-(const LanesAvx2& a, const LanesAvx2& b) noexcept
    {
        LanesAvx2 r;
        for (std::size_t i = 0; i < n; ++i)
            r.limb[i] = _mm256_sub_epi64(a.limb[i], b.limb[i]);
        return r.template settle<4>();
    }
    [[nodiscard]] friend LanesAvx2 operator-(const LanesAvx2& a) noexcept { return zero() - a; }
    [[nodiscard]] friend LanesAvx2 operator*(const LanesAvx2& a, const LanesAvx2& b) noexcept
    {
        return dot<1>({&a}, {&b});
    }
    [[nodiscard]] LanesAvx2 twice() const noexcept { return *this + *this; }
    [[nodiscard]] LanesAvx2 square() const noexcept { return *this * *this; }

    template <unsigned K>
    [[nodiscard]] static LanesAvx2 times_minus(const LanesAvx2& a, const LanesAvx2& b) noexcept
    {
        static_assert(K == 9);
        LanesAvx2 r;
        for (std::size_t i = 0; i < n; ++i)
            r.limb[i] = _mm256_sub_epi64(
                _mm256_add_epi64(_mm256_slli_epi64(a.limb[i], 3), a.limb[i]), b.limb[i]);
        return r.template settle<4>();
    }
    template <unsigned K>
    [[nodiscard]] static LanesAvx2 times_plus(const LanesAvx2& a, const LanesAvx2& b) noexcept
    {
        static_assert(K == 9);
        LanesAvx2 r;
        for (std::size_t i = 0; i < n; ++i)
            r.limb[i] = _mm256_add_epi64(
                _mm256_add_epi64(_mm256_slli_epi64(a.limb[i], 3), a.limb[i]), b.limb[i]);
        return r.template settle<1>();
    }

    template <std::size_t Count>
    [[nodiscard]] static LanesAvx2 dot(const LanesAvx2* const (&a)[Count],
                                       const LanesAvx2* const (&b)[Count]) noexcept
    {
        static_assert(Count <= 6);
        __m256i t[2 * n];
        for (std::size_t c = 0; c < 2 * n; ++c)
            t[c] = _mm256_setzero_si256();
        for (std::size_t k = 0; k < Count; ++k)
            accumulate(t, *a[k], *b[k]);
        return reduce(t);
    }

    /// The lanes of `negate` that are all ones are negated.
    [[nodiscard]] LanesAvx2 negate_where(__m256i negate) const noexcept
    {
        const LanesAvx2 minus = -*this;
        LanesAvx2 r;
        for (std::size_t i = 0; i < n; ++i)
            r.limb[i] = _mm256_blendv_epi8(limb[i], minus.limb[i], negate);
        return r;
    }

    __m256i limb[n];

  private:
    [[nodiscard]] static __m256i splat(std::uint64_t x) noexcept
    {
        return _mm256_set1_epi64x(static_cast<long long>(x));
    }

    // Column by column, so that the nine limbs of `a` and one accumulator stay in registers.
    static inline __attribute__((always_inline)) void accumulate(__m256i (&t)[2 * n],
                                                                 const LanesAvx2& a,
                                                                 const LanesAvx2& b) noexcept
    {
        __m256i x[n];
        unroll<n>([&](auto i) __attribute__((always_inline)) { x[i] = a.limb[i]; });
        unroll<2 * n - 1>(
            [&](auto c) __attribute__((always_inline))
            {
                constexpr std::size_t first = c < n ? 0 : c - n + 1, last = c < n ? c : n - 1;
                __m256i sum = t[c];
                unroll<last - first + 1>(
                    [&](auto i) __attribute__((always_inline))
                    {
                        sum = _mm256_add_epi64(
                            sum, _mm256_mul_epu32(x[first + i], b.limb[c - first - i]));
                    });
                t[c] = sum;
            });
    }

    [[nodiscard]] static inline __attribute__((always_inline)) LanesAvx2
    reduce(__m256i (&t)[2 * n]) noexcept
    {
        const __m256i mask = splat(Narrow::mask), inverse = splat(Narrow::minus_p_inverse);
        unroll<n>(
            [&](auto i) __attribute__((always_inline))
            {
                const __m256i m = _mm256_and_si256(_mm256_mul_epu32(t[i], inverse), mask);
                unroll<n>(
                    [&](auto j) __attribute__((always_inline))
                    {
                        t[i + j] =
                            _mm256_add_epi64(t[i + j], _mm256_mul_epu32(m, splat(Narrow::p[j])));
                    });
                t[i + 1] = _mm256_add_epi64(t[i + 1], _mm256_srli_epi64(t[i], 29));
            });
        LanesAvx2 z;
        __m256i carry = _mm256_setzero_si256();
        for (std::size_t i = 0; i < n; ++i)
        {
            const __m256i v = _mm256_add_epi64(t[n + i], carry);
            z.limb[i] = _mm256_and_si256(v, mask);
            carry = _mm256_srli_epi64(v, 29);
        }
        return z;
    }

    /// Adds Multiple * p to raw limbs and brings the value back into the invariant.
    template <unsigned Multiple>
    [[nodiscard]] inline __attribute__((always_inline)) LanesAvx2 settle() const noexcept
    {
        // A bias of 2^40 in every limb but the last makes signed carries unsigned.
        constexpr std::uint64_t bias = std::uint64_t{1} << 40, unbias = bias >> 29;
        constexpr unsigned shift = 45;
        constexpr std::uint64_t reciprocal =
            (std::uint64_t{1} << shift) / (std::uint64_t{Narrow::p[n - 1]} + 1);
        const __m256i mask = splat(Narrow::mask);
        const __m256i top =
            _mm256_add_epi64(limb[n - 1], splat(std::uint64_t{Narrow::p[n - 1]} * Multiple - 40));
        const __m256i q = _mm256_srli_epi64(_mm256_mul_epu32(top, splat(reciprocal)), shift);
        LanesAvx2 z;
        __m256i carry = _mm256_setzero_si256();
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint64_t offset = std::uint64_t{Narrow::p[i]} * Multiple +
                                         (i + 1 < n ? bias : 0) - (i == 0 ? 0 : unbias);
            __m256i v = _mm256_add_epi64(limb[i], splat(offset));
            v = _mm256_sub_epi64(v, _mm256_mul_epu32(q, splat(Narrow::p[i])));
            v = _mm256_add_epi64(v, carry);
            if (i + 1 < n)
            {
                z.limb[i] = _mm256_and_si256(v, mask);
                carry = _mm256_srli_epi64(v, 29);
            }
            else
                z.limb[i] = v;
        }
        return z;
    }
};
}  // namespace mote::field::arch
