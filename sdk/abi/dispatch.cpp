// The C facade's other half: picks the architecture variant and passes calls on.
#include "abi/choose.hpp"
#include "abi/core.hpp"

namespace
{
const mote_core* choose() noexcept
{
    switch (mote_abi::choose_variant())
    {
#if defined(MOTE_HAVE_X86_64_IFMA)
        case mote_abi::Variant::x86_64_ifma:
            return mote_core_x86_64_ifma();
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
        case mote_abi::Variant::x86_64_adx:
            return mote_core_x86_64_adx();
#endif
#if defined(MOTE_HAVE_PORTABLE)
        case mote_abi::Variant::portable:
            return mote_core_portable();
#endif
        default:
            return nullptr;
    }
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
