// Which variant of the core this processor gets. Asked whenever something is opened, so that no
// writable global remembers it.
#pragma once

#if defined(MOTE_HAVE_X86_64_ADX) || defined(MOTE_HAVE_X86_64_IFMA)
#include <cpuid.h>
#endif

namespace mote_abi
{
enum class Variant
{
    none,
    portable,
    x86_64_adx,
    x86_64_ifma,
};

#if defined(MOTE_HAVE_X86_64_ADX) || defined(MOTE_HAVE_X86_64_IFMA)
/// Whether the processor has all of these feature bits of leaf 7 (EBX, ECX) and the operating system
/// saves these register sets (XCR0).
inline bool has(unsigned features, unsigned more_features, unsigned register_sets) noexcept
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_OSXSAVE) == 0)
        return false;
    unsigned xcr0 = 0, high = 0;
    asm volatile("xgetbv" : "=a"(xcr0), "=d"(high) : "c"(0));
    return (xcr0 & register_sets) == register_sets &&
           __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & features) == features &&
           (c & more_features) == more_features;
}

inline constexpr unsigned avx2_bmi2_adx = (1U << 5) | (1U << 8) | (1U << 19);
#endif

inline Variant choose_variant() noexcept
{
#if defined(MOTE_HAVE_X86_64_IFMA)
    // AVX-512 F, DQ, IFMA, BW, VL and GFNI; the upper vector registers and the mask registers.
    constexpr unsigned avx512 = (1U << 16) | (1U << 17) | (1U << 21) | (1U << 30) | (1U << 31);
    if (has(avx2_bmi2_adx | avx512, 1U << 8, 0xe6))
        return Variant::x86_64_ifma;
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
    if (has(avx2_bmi2_adx, 0, 0x06))
        return Variant::x86_64_adx;
#endif
#if defined(MOTE_HAVE_PORTABLE)
    return Variant::portable;
#else
    return Variant::none;
#endif
}
}  // namespace mote_abi
