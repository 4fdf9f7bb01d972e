// x86-64 MULX/ADX rows for the six-limb saturated backend: mul_x86_64_adx.hpp, two limbs wider; and
// the final subtraction, of which compilers make twice the instructions.
//
// Bound: before each drop t < 2^64 ((Count + 1) p + small); BLS12-381's p < 0.102 * 2^384, so seven
// limbs hold it for Count <= 8.
#pragma once

#include "field/limbs.hpp"

namespace mote::field::arch
{
/// t[0..7) += a * b[0..6)
inline __attribute__((always_inline)) void row7(std::uint64_t& t0, std::uint64_t& t1,
                                                std::uint64_t& t2, std::uint64_t& t3,
                                                std::uint64_t& t4, std::uint64_t& t5,
                                                std::uint64_t& t6, std::uint64_t a,
                                                const Limbs<6>& b) noexcept
{
    // Eleven registers with the base; gcc has no more to give where it aligns the stack.
    std::uint64_t lo, hi;
    asm("xorl %k[lo], %k[lo]\n\t"
        "mulxq 0(%[b]), %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t0]\n\t"
        "adcxq %[hi], %[t1]\n\t"
        "mulxq 8(%[b]), %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t1]\n\t"
        "adcxq %[hi], %[t2]\n\t"
        "mulxq 16(%[b]), %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t2]\n\t"
        "adcxq %[hi], %[t3]\n\t"
        "mulxq 24(%[b]), %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t3]\n\t"
        "adcxq %[hi], %[t4]\n\t"
        "mulxq 32(%[b]), %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t4]\n\t"
        "adcxq %[hi], %[t5]\n\t"
        "mulxq 40(%[b]), %[lo], %[hi]\n\t"
        "adoxq %[lo], %[t5]\n\t"
        "adcxq %[hi], %[t6]\n\t"
        "movl $0, %k[lo]\n\t"  // leaves the flags alone
        "adoxq %[lo], %[t6]"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4),
          [t5] "+&r"(t5), [t6] "+&r"(t6), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : "d"(a), [b] "r"(b.data()), "m"(b)
        : "cc");
}

/// sum a[k] * b[k] / 2^384 mod p, not finally reduced.
template <class Params, std::size_t Count>
[[nodiscard]] inline __attribute__((always_inline)) Limbs<6> dot_adx(
    const Limbs<6>* const* a, const Limbs<6>* const* b) noexcept
{
    static_assert(Params::bits + 3 <= 384 && Count <= 7);
    constexpr std::uint64_t minus_p_inverse = negated_inverse(Params::modulus[0]);
    static constexpr Limbs<6> p = Params::modulus;
    std::uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0;
#pragma GCC unroll 6
    for (std::size_t i = 0; i < 6; ++i)
    {
#pragma GCC unroll 8
        for (std::size_t k = 0; k < Count; ++k)
            row7(t0, t1, t2, t3, t4, t5, t6, (*a[k])[i], *b[k]);
        row7(t0, t1, t2, t3, t4, t5, t6, t0 * minus_p_inverse, p);
        t0 = t1, t1 = t2, t2 = t3, t3 = t4, t4 = t5, t5 = t6, t6 = 0;
    }
    return {t0, t1, t2, t3, t4, t5};
}

/// a if a < p, otherwise a - p; a < 2p. The choice is a conditional move, never a branch.
template <class Params>
[[nodiscard]] inline __attribute__((always_inline)) Limbs<6> reduce_once_adx(
    const Limbs<6>& a) noexcept
{
    static constexpr Limbs<6> p = Params::modulus;
    std::uint64_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5];
    std::uint64_t d0 = a0, d1 = a1, d2 = a2, d3 = a3, d4 = a4, d5 = a5;
    asm("subq %[p0], %[d0]\n\t"
        "sbbq %[p1], %[d1]\n\t"
        "sbbq %[p2], %[d2]\n\t"
        "sbbq %[p3], %[d3]\n\t"
        "sbbq %[p4], %[d4]\n\t"
        "sbbq %[p5], %[d5]\n\t"
        "cmovcq %[a0], %[d0]\n\t"
        "cmovcq %[a1], %[d1]\n\t"
        "cmovcq %[a2], %[d2]\n\t"
        "cmovcq %[a3], %[d3]\n\t"
        "cmovcq %[a4], %[d4]\n\t"
        "cmovcq %[a5], %[d5]"
        : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3), [d4] "+&r"(d4),
          [d5] "+&r"(d5)
        : [a0] "rm"(a0), [a1] "rm"(a1), [a2] "rm"(a2), [a3] "rm"(a3), [a4] "rm"(a4), [a5] "rm"(a5),
          [p0] "m"(p[0]), [p1] "m"(p[1]), [p2] "m"(p[2]), [p3] "m"(p[3]), [p4] "m"(p[4]),
          [p5] "m"(p[5])
        : "cc");
    return {d0, d1, d2, d3, d4, d5};
}

template <class Params>
[[nodiscard]] inline __attribute__((always_inline)) Limbs<6> mul_adx(const Limbs<6>& a,
                                                                     const Limbs<6>& b) noexcept
{
    const Limbs<6>*x = &a, *y = &b;
    return dot_adx<Params, 1>(&x, &y);
}
}  // namespace mote::field::arch
