// x86-64 MULX/ADX rows for the four-limb saturated backend.
//
// One operation does everything: t += a * b for one limb a and four limbs b, with the low halves on
// the overflow-flag chain (adox) and the high halves on the carry-flag chain (adcx), so that the two
// chains never wait for each other. A Montgomery step is the same row with b = p and
// a = -t[0] / p mod 2^64, followed by dropping the limb that became zero.
//
// Bound: before each drop t < 2^64 ((Count + 1) p + small); with p < 0.19 * 2^256 five limbs hold it
// for Count <= 4, six for Count <= 8. The 255-bit scalar field of BLS12-381, p < 0.46 * 2^256, only
// multiplies: five limbs hold Count = 1.
#pragma once

#include "field/limbs.hpp"

namespace mote::field::arch
{
/// t[0..5) += a * b[0..4)
inline __attribute__((always_inline)) void row5(std::uint64_t& t0, std::uint64_t& t1,
                                                std::uint64_t& t2, std::uint64_t& t3,
                                                std::uint64_t& t4, std::uint64_t a,
                                                const Limbs<4>& b) noexcept
{
    std::uint64_t lo, hi, zero;
    asm("xorl %k[zero], %k[zero]\n\t"
        "mulxq %[b0], %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t0]\n\t"
        "adcxq %[hi], %[t1]\n\t"
        "mulxq %[b1], %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t1]\n\t"
        "adcxq %[hi], %[t2]\n\t"
        "mulxq %[b2], %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t2]\n\t"
        "adcxq %[hi], %[t3]\n\t"
        "mulxq %[b3], %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t3]\n\t"
        "adcxq %[hi], %[t4]\n\t"
        "adoxq %[zero], %[t4]"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4),
          [lo] "=&r"(lo), [hi] "=&r"(hi), [zero] "=&r"(zero)
        : "d"(a), [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3])
        : "cc");
}

/// t[0..6) += a * b[0..4)
inline __attribute__((always_inline)) void row6(std::uint64_t& t0, std::uint64_t& t1,
                                                std::uint64_t& t2, std::uint64_t& t3,
                                                std::uint64_t& t4, std::uint64_t& t5,
                                                std::uint64_t a, const Limbs<4>& b) noexcept
{
    std::uint64_t lo, hi, zero;
    asm("xorl %k[zero], %k[zero]\n\t"
        "mulxq %[b0], %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t0]\n\t"
        "adcxq %[hi], %[t1]\n\t"
        "mulxq %[b1], %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t1]\n\t"
        "adcxq %[hi], %[t2]\n\t"
        "mulxq %[b2], %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t2]\n\t"
        "adcxq %[hi], %[t3]\n\t"
        "mulxq %[b3], %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t3]\n\t"
        "adcxq %[hi], %[t4]\n\t"
        "adoxq %[zero], %[t4]\n\t"
        "adcxq %[zero], %[t5]\n\t"
        "adoxq %[zero], %[t5]"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4),
          [t5] "+&r"(t5), [lo] "=&r"(lo), [hi] "=&r"(hi), [zero] "=&r"(zero)
        : "d"(a), [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3])
        : "cc");
}

/// sum a[k] * b[k] / 2^256 mod p, not finally reduced.
template <class Params, std::size_t Count>
[[nodiscard]] inline __attribute__((always_inline)) Limbs<4> dot_adx(
    const Limbs<4>* const* a, const Limbs<4>* const* b) noexcept
{
    constexpr std::uint64_t minus_p_inverse = negated_inverse(Params::modulus[0]);
    static constexpr Limbs<4> p = Params::modulus;
    std::uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
    if constexpr (Count <= 4)
    {
#pragma GCC unroll 4
        for (std::size_t i = 0; i < 4; ++i)
        {
#pragma GCC unroll 4
            for (std::size_t k = 0; k < Count; ++k)
                row5(t0, t1, t2, t3, t4, (*a[k])[i], *b[k]);
            row5(t0, t1, t2, t3, t4, t0 * minus_p_inverse, p);
            t0 = t1, t1 = t2, t2 = t3, t3 = t4, t4 = 0;
        }
    }
    else
    {
        std::uint64_t t5 = 0;
#pragma GCC unroll 4
        for (std::size_t i = 0; i < 4; ++i)
        {
#pragma GCC unroll 8
            for (std::size_t k = 0; k < Count; ++k)
                row6(t0, t1, t2, t3, t4, t5, (*a[k])[i], *b[k]);
            row6(t0, t1, t2, t3, t4, t5, t0 * minus_p_inverse, p);
            t0 = t1, t1 = t2, t2 = t3, t3 = t4, t4 = t5, t5 = 0;
        }
    }
    return {t0, t1, t2, t3};
}

template <class Params>
[[nodiscard]] inline __attribute__((always_inline)) Limbs<4> mul_adx(const Limbs<4>& a,
                                                                     const Limbs<4>& b) noexcept
{
    const Limbs<4>*x = &a, *y = &b;
    return dot_adx<Params, 1>(&x, &y);
}
}  // namespace mote::field::arch
