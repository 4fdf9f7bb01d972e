// How GT products run: a Lanes type says how many independent Fq12 values one operation handles and
// how they are packed in memory. The algorithms of gt.cpp are written once over it.
//
//   ScalarLanes   one value, in the ordinary representation; every machine
//   Avx2Lanes     four values in AVX2 registers (field/arch/lanes_avx2.hpp)
//   Lanes52<V>    eight values in limbs of 52 bits (field/arch/lanes_52.hpp), for AVX-512 IFMA
#pragma once

#include <cstring>

#include "field/bn254_tower.hpp"
#ifdef MOTE_FIELD_SATURATED
#include "field/arch/lanes_52.hpp"
#if defined(__AVX512F__) && defined(__AVX512IFMA__)
#include "field/arch/vector_avx512.hpp"
#elif defined(__AVX2__)
#include "field/arch/lanes_avx2.hpp"
#endif
#endif

namespace mote::curve
{
struct ScalarLanes
{
    static constexpr std::size_t lanes = 1;
    using Wide = field::Fq12;
    using WideHalf = field::Fq6;
    using Packed = field::Fq12;
    using PackedHalf = field::Fq6;

    static void pack(Packed& out, const field::Fq12& x) noexcept { out = x; }
    static void pack(PackedHalf& out, const field::Fq6& x) noexcept { out = x; }
    static void unpack(field::Fq12& out, const Packed& x) noexcept { out = x; }
    static Wide load(const Packed* const (&from)[lanes]) noexcept { return *from[0]; }
    static void store(Packed* const (&to)[lanes], const Wide& x) noexcept { *to[0] = x; }
    /// The same value in every lane, negated where `negative`.
    static WideHalf load_same(const PackedHalf& from, const bool (&negative)[lanes]) noexcept
    {
        return negative[0] ? -from : from;
    }
};

#ifdef MOTE_FIELD_SATURATED
template <class V>
struct Lanes52
{
    static constexpr std::size_t lanes = V::lanes;
    using F = field::arch::Lanes52<field::Bn254Fq, V>;
    using Wide = field::Fp12<F, field::Bn254Tower>;
    using WideHalf = field::Fp6<F, field::Bn254Tower>;

    /// Limbs of the coefficients in tower order.
    template <std::size_t Coefficients>
    struct Limbs
    {
        std::uint64_t limb[Coefficients * F::n];
    };
    using Packed = Limbs<12>;
    using PackedHalf = Limbs<6>;

    static void pack(Packed& out, const field::Fq12& x) noexcept
    {
        pack_coefficients(out, &x.c0.c0.c0);
    }
    static void pack(PackedHalf& out, const field::Fq6& x) noexcept
    {
        pack_coefficients(out, &x.c0.c0);
    }
    static void unpack(field::Fq12& out, const Packed& x) noexcept
    {
        field::Fq* const to = &out.c0.c0.c0;
        for (std::size_t c = 0; c < 12; ++c)
        {
            typename F::Repr narrow;
            std::memcpy(narrow.data(), x.limb + F::n * c, sizeof narrow);
            to[c] = F::widen(narrow);
        }
    }
    static Wide load(const Packed* const (&from)[lanes]) noexcept
    {
        Wide x;
        F* const to = &x.c0.c0.c0;
        for (std::size_t i = 0; i < 12 * F::n; ++i)
        {
            std::uint64_t words[lanes];
            for (std::size_t l = 0; l < lanes; ++l)
                words[l] = from[l]->limb[i];
            to[i / F::n].limb[i % F::n] = V::load(words);
        }
        return x;
    }
    static void store(Packed* const (&to)[lanes], const Wide& x) noexcept
    {
        const F* const from = &x.c0.c0.c0;
        for (std::size_t i = 0; i < 12 * F::n; ++i)
        {
            std::uint64_t words[lanes];
            V::store(words, from[i / F::n].limb[i % F::n]);
            for (std::size_t l = 0; l < lanes; ++l)
                to[l]->limb[i] = words[l];
        }
    }
    static WideHalf load_same(const PackedHalf& from, const bool (&negative)[lanes]) noexcept
    {
        WideHalf x;
        F* const to = &x.c0.c0;
        for (std::size_t c = 0; c < 6; ++c)
        {
            for (std::size_t i = 0; i < F::n; ++i)
                to[c].limb[i] = V::splat(from.limb[F::n * c + i]);
            to[c] = to[c].negate_where(negative);
        }
        return x;
    }

  private:
    template <std::size_t Coefficients>
    static void pack_coefficients(Limbs<Coefficients>& out, const field::Fq* from) noexcept
    {
        for (std::size_t c = 0; c < Coefficients; ++c)
        {
            const auto narrow = F::narrow(from[c]);
            std::memcpy(out.limb + F::n * c, narrow.data(), sizeof narrow);
        }
    }
};
#endif

#if defined(__AVX2__) && !defined(__AVX512IFMA__) && defined(MOTE_FIELD_SATURATED)
struct Avx2Lanes
{
    static constexpr std::size_t lanes = 4;
    using F = field::arch::LanesAvx2<field::Bn254Fq>;
    using Wide = field::Fp12<F, field::Bn254Tower>;
    using WideHalf = field::Fp6<F, field::Bn254Tower>;

    /// Limbs of the coefficients in tower order.
    template <std::size_t Coefficients>
    struct alignas(16) Limbs
    {
        std::uint32_t limb[Coefficients * F::n];
    };
    using Packed = Limbs<12>;
    using PackedHalf = Limbs<6>;

    static void pack(Packed& out, const field::Fq12& x) noexcept
    {
        pack_coefficients(out, &x.c0.c0.c0);
    }
    static void pack(PackedHalf& out, const field::Fq6& x) noexcept
    {
        pack_coefficients(out, &x.c0.c0);
    }
    static void unpack(field::Fq12& out, const Packed& x) noexcept
    {
        field::Fq* const to = &out.c0.c0.c0;
        for (std::size_t c = 0; c < 12; ++c)
        {
            F::Narrow::Repr narrow;
            std::memcpy(narrow.data(), x.limb + F::n * c, sizeof narrow);
            to[c] = F::widen(narrow);
        }
    }

    // The 108 limbs go in groups of four: one 4 x 4 transposition a group.
    static Wide load(const Packed* const (&from)[lanes]) noexcept
    {
        Wide x;
        __m256i* const to = reinterpret_cast<__m256i*>(&x);
        for (std::size_t g = 0; g < 12 * F::n; g += 4)
        {
            const __m256i a = widen4(from[0]->limb + g), b = widen4(from[1]->limb + g);
            const __m256i c = widen4(from[2]->limb + g), d = widen4(from[3]->limb + g);
            const __m256i ab0 = _mm256_unpacklo_epi64(a, b), ab1 = _mm256_unpackhi_epi64(a, b);
            const __m256i cd0 = _mm256_unpacklo_epi64(c, d), cd1 = _mm256_unpackhi_epi64(c, d);
            to[g] = _mm256_permute2x128_si256(ab0, cd0, 0x20);
            to[g + 1] = _mm256_permute2x128_si256(ab1, cd1, 0x20);
            to[g + 2] = _mm256_permute2x128_si256(ab0, cd0, 0x31);
            to[g + 3] = _mm256_permute2x128_si256(ab1, cd1, 0x31);
        }
        return x;
    }
    static void store(Packed* const (&to)[lanes], const Wide& x) noexcept
    {
        const __m256i* const from = reinterpret_cast<const __m256i*>(&x);
        for (std::size_t g = 0; g < 12 * F::n; g += 4)
        {
            const __m256i ab0 = _mm256_unpacklo_epi64(from[g], from[g + 1]);
            const __m256i ab1 = _mm256_unpackhi_epi64(from[g], from[g + 1]);
            const __m256i cd0 = _mm256_unpacklo_epi64(from[g + 2], from[g + 3]);
            const __m256i cd1 = _mm256_unpackhi_epi64(from[g + 2], from[g + 3]);
            store4(to[0]->limb + g, _mm256_permute2x128_si256(ab0, cd0, 0x20));
            store4(to[1]->limb + g, _mm256_permute2x128_si256(ab1, cd1, 0x20));
            store4(to[2]->limb + g, _mm256_permute2x128_si256(ab0, cd0, 0x31));
            store4(to[3]->limb + g, _mm256_permute2x128_si256(ab1, cd1, 0x31));
        }
    }
    static WideHalf load_same(const PackedHalf& from, const bool (&negative)[lanes]) noexcept
    {
        const auto flag = [&](std::size_t l) { return negative[l] ? -1LL : 0LL; };
        const __m256i mask = _mm256_set_epi64x(flag(3), flag(2), flag(1), flag(0));
        WideHalf x;
        F* const to = &x.c0.c0;
        for (std::size_t c = 0; c < 6; ++c)
        {
            for (std::size_t i = 0; i < F::n; ++i)
                to[c].limb[i] = _mm256_set1_epi64x(from.limb[F::n * c + i]);
            to[c] = to[c].negate_where(mask);
        }
        return x;
    }

  private:
    static_assert(sizeof(Wide) == 12 * F::n * sizeof(__m256i));

    template <std::size_t Coefficients>
    static void pack_coefficients(Limbs<Coefficients>& out, const field::Fq* from) noexcept
    {
        for (std::size_t c = 0; c < Coefficients; ++c)
        {
            const auto narrow = F::narrow(from[c]);
            std::memcpy(out.limb + F::n * c, narrow.data(), sizeof narrow);
        }
    }
    static __m256i widen4(const std::uint32_t* from) noexcept
    {
        return _mm256_cvtepu32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
    }
    static void store4(std::uint32_t* to, __m256i x) noexcept
    {
        const __m256i even =
            _mm256_permutevar8x32_epi32(x, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(even));
    }
};
#endif

#ifndef MOTE_FIELD_SATURATED
using GtLanes = ScalarLanes;
#elif defined(__AVX512F__) && defined(__AVX512IFMA__)
using GtLanes = Lanes52<field::arch::VectorAvx512>;
#elif defined(__AVX2__)
using GtLanes = Avx2Lanes;
#else
using GtLanes = ScalarLanes;
#endif
}  // namespace mote::curve
