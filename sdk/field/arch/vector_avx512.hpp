// Eight 64-bit words in an AVX-512 register, with the 52-bit multiply-add of IFMA.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace mote::field::arch
{
struct VectorAvx512
{
    static constexpr std::size_t lanes = 8;
    using Word = __m512i;

    static Word splat(std::uint64_t x) noexcept
    {
        return _mm512_set1_epi64(static_cast<long long>(x));
    }
    static Word add(Word a, Word b) noexcept { return _mm512_add_epi64(a, b); }
    static Word sub(Word a, Word b) noexcept { return _mm512_sub_epi64(a, b); }
    static Word bit_and(Word a, Word b) noexcept { return _mm512_and_si512(a, b); }
    template <unsigned Bits>
    static Word shift_right(Word a) noexcept
    {
        return _mm512_srli_epi64(a, Bits);
    }
    template <unsigned Bits>
    static Word shift_left(Word a) noexcept
    {
        return _mm512_slli_epi64(a, Bits);
    }
    /// Product of the low 32 bits of each word.
    static Word multiply_32(Word a, Word b) noexcept { return _mm512_mul_epu32(a, b); }
    /// sum + the low, or the high, 52 bits of the product of the low 52 bits of a and b.
    static Word multiply_add_low(Word sum, Word a, Word b) noexcept
    {
        return _mm512_madd52lo_epu64(sum, a, b);
    }
    static Word multiply_add_high(Word sum, Word a, Word b) noexcept
    {
        return _mm512_madd52hi_epu64(sum, a, b);
    }
    /// b in the lanes where `choose` is set, else a.
    static Word select(Word a, Word b, const bool (&choose)[lanes]) noexcept
    {
        unsigned mask = 0;
        for (std::size_t l = 0; l < lanes; ++l)
            mask |= (choose[l] ? 1U : 0U) << l;
        return _mm512_mask_blend_epi64(static_cast<__mmask8>(mask), a, b);
    }
    static Word load(const std::uint64_t (&x)[lanes]) noexcept { return _mm512_loadu_si512(x); }
    static void store(std::uint64_t (&x)[lanes], Word a) noexcept { _mm512_storeu_si512(x, a); }
};
}  // namespace mote::field::arch
