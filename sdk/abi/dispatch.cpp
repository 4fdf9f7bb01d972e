// The C facade's other half: picks the architecture variant and passes calls on.
//
// The processor is asked whenever a key or setup is opened, so no writable global remembers it.
#include "abi/core.hpp"

#if defined(MOTE_HAVE_X86_64_ADX) || defined(MOTE_HAVE_X86_64_IFMA)
#include <cpuid.h>
#endif

namespace
{
#if defined(MOTE_HAVE_X86_64_ADX) || defined(MOTE_HAVE_X86_64_IFMA)
/// Whether the processor has all of these feature bits of leaf 7 (EBX, ECX) and the operating system
/// saves these register sets (XCR0).
bool has(unsigned features, unsigned more_features, unsigned register_sets) noexcept
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

constexpr unsigned avx2_bmi2_adx = (1U << 5) | (1U << 8) | (1U << 19);
#endif

const mote_core* choose() noexcept
{
#if defined(MOTE_HAVE_X86_64_IFMA)
    // AVX-512 F, DQ, IFMA, BW, VL and GFNI; the upper vector registers and the mask registers.
    constexpr unsigned avx512 = (1U << 16) | (1U << 17) | (1U << 21) | (1U << 30) | (1U << 31);
    if (has(avx2_bmi2_adx | avx512, 1U << 8, 0xe6))
        return mote_core_x86_64_ifma();
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
    if (has(avx2_bmi2_adx, 0, 0x06))
        return mote_core_x86_64_adx();
#endif
#if defined(MOTE_HAVE_PORTABLE)
    return mote_core_portable();
#else
    return nullptr;
#endif
}

const mote_core* core_of(const void* object) noexcept
{
    return static_cast<const mote_core_object*>(object)->core;
}

// Outputs are zeroed before anything can go wrong, so that no caller reads an older answer.

void clear(mote_verdict* verdict) noexcept
{
    if (verdict != nullptr && verdict->struct_size == sizeof *verdict)
        *verdict = {sizeof *verdict, 0, 0, 0, 0, 0, 0};
}

template <class T>
void clear(T* out) noexcept
{
    if (out != nullptr)
        *out = {};
}
}  // namespace

extern "C" {
uint32_t mote_abi_version(void) { return MOTE_ABI_VERSION; }

const char* mote_arch_name(void)
{
    const mote_core* const core = choose();
    return core != nullptr ? core->name : "none";
}

mote_status mote_jolt_key_size(size_t* size, mote_verdict* verdict, const uint8_t* key,
                               size_t key_bytes)
{
    clear(size);
    clear(verdict);
    const mote_core* const core = choose();
    return core != nullptr ? core->key_size(size, verdict, key, key_bytes) : MOTE_UNSUPPORTED;
}

mote_status mote_jolt_key_open(mote_jolt_key** out, mote_verdict* verdict, void* memory,
                               size_t memory_bytes, const char* revision, const uint8_t* key,
                               size_t key_bytes, const uint8_t* expected_digest)
{
    clear(out);
    clear(verdict);
    const mote_core* const core = choose();
    return core != nullptr ? core->key_open(out, verdict, memory, memory_bytes, revision, key,
                                            key_bytes, expected_digest, core)
                           : MOTE_UNSUPPORTED;
}

mote_status mote_jolt_key_describe(mote_jolt_key_info* out, const mote_jolt_key* key)
{
    return key != nullptr ? core_of(key)->key_describe(out, key) : MOTE_INVALID_ARGUMENT;
}

mote_status mote_dory_setup_size(size_t* size, mote_verdict* verdict, const uint8_t* setup,
                                 size_t setup_bytes)
{
    clear(size);
    clear(verdict);
    const mote_core* const core = choose();
    return core != nullptr ? core->setup_size(size, verdict, setup, setup_bytes) : MOTE_UNSUPPORTED;
}

mote_status mote_dory_setup_open(mote_dory_setup** out, mote_verdict* verdict, void* memory,
                                 size_t memory_bytes, const uint8_t* setup, size_t setup_bytes,
                                 const uint8_t* expected_digest)
{
    clear(out);
    clear(verdict);
    const mote_core* const core = choose();
    return core != nullptr ? core->setup_open(out, verdict, memory, memory_bytes, setup,
                                              setup_bytes, expected_digest, core)
                           : MOTE_UNSUPPORTED;
}

mote_status mote_jolt_verify_size(size_t* size, const mote_jolt_key* key,
                                  const mote_dory_setup* setup)
{
    clear(size);
    return key != nullptr ? core_of(key)->verify_size(size, key, setup) : MOTE_INVALID_ARGUMENT;
}

mote_status mote_jolt_verify(mote_verdict* verdict, void* memory, size_t memory_bytes,
                             const mote_jolt_key* key, const mote_dory_setup* setup,
                             const mote_public_io* io, const uint8_t* proof, size_t proof_bytes,
                             const uint8_t* trusted_advice, const mote_observer* observer)
{
    clear(verdict);
    return key != nullptr ? core_of(key)->verify(verdict, memory, memory_bytes, key, setup, io,
                                                 proof, proof_bytes, trusted_advice, observer)
                          : MOTE_INVALID_ARGUMENT;
}

mote_status mote_jolt_bundle_open(mote_jolt_bundle* out, mote_verdict* verdict,
                                  const uint8_t* bundle, size_t bundle_bytes)
{
    clear(verdict);
    const mote_core* const core = choose();
    return core != nullptr ? core->bundle_open(out, verdict, bundle, bundle_bytes)
                           : MOTE_UNSUPPORTED;
}

mote_status mote_jolt_proof_describe(mote_jolt_proof_info* out, mote_verdict* verdict,
                                     const uint8_t* proof, size_t proof_bytes)
{
    clear(verdict);
    const mote_core* const core = choose();
    return core != nullptr ? core->proof_describe(out, verdict, proof, proof_bytes)
                           : MOTE_UNSUPPORTED;
}
}
