// mote_state.h's other half: passes calls on to a variant.
#include <cstring>

#include "abi/choose.hpp"
#include "abi/state_core.hpp"

namespace
{
// Hashes of a proof wait for each other, so lanes have nothing to do: a proof of 480 bytes takes 1.8 us
// in the portable variant and 1.75 in the others. Asking the processor first took 28 us in a virtual
// machine, which traps cpuid. So it is asked only where there is no portable variant.
const mote_state_core* choose() noexcept
{
#if defined(MOTE_HAVE_PORTABLE)
    return mote_state_core_portable();
#else
    switch (mote_abi::choose_variant())
    {
#if defined(MOTE_HAVE_X86_64_IFMA)
        case mote_abi::Variant::x86_64_ifma:
            return mote_state_core_x86_64_ifma();
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
        case mote_abi::Variant::x86_64_adx:
            return mote_state_core_x86_64_adx();
#endif
        default:
            return nullptr;
    }
#endif
}

const mote_state_core* core_of(const mote_state_proof* proof) noexcept
{
    return reinterpret_cast<const mote_state_object*>(proof)->core;
}

// Outputs are zeroed before anything can go wrong, so that no caller reads an older answer.

template <class T>
void clear(T* out) noexcept
{
    if (out != nullptr)
        *out = {};
}

void clear_verdict(mote_state_verdict* out) noexcept
{
    if (out == nullptr || out->struct_size != sizeof *out)
        return;
    *out = {};
    out->struct_size = sizeof *out;
}
}  // namespace

extern "C" {
mote_status mote_state_proof_size(size_t* size, size_t proof_bytes)
{
    clear(size);
    const mote_state_core* const core = choose();
    return core != nullptr ? core->proof_size(size, proof_bytes) : MOTE_UNSUPPORTED;
}

mote_status mote_state_proof_open(mote_state_proof** out, mote_state_verdict* verdict, void* memory,
                                  size_t memory_bytes, const uint8_t* root, uint64_t height,
                                  const uint8_t* proof, size_t proof_bytes)
{
    clear(out);
    clear_verdict(verdict);
    const mote_state_core* const core = choose();
    return core != nullptr ? core->proof_open(out, verdict, memory, memory_bytes, root, height,
                                              proof, proof_bytes, core)
                           : MOTE_UNSUPPORTED;
}

mote_status mote_state_witness_open(mote_state_proof** out, mote_state_verdict* verdict,
                                    void* memory, size_t memory_bytes, const uint8_t* root,
                                    uint64_t height, const uint8_t* witness, size_t witness_bytes)
{
    clear(out);
    clear_verdict(verdict);
    const mote_state_core* const core = choose();
    return core != nullptr ? core->witness_open(out, verdict, memory, memory_bytes, root, height,
                                                witness, witness_bytes, core)
                           : MOTE_UNSUPPORTED;
}

mote_status mote_state_lookup(uint32_t* answer, mote_span* value, const mote_state_proof* proof,
                              const uint8_t* key, size_t key_bytes)
{
    clear(answer);
    clear(value);
    return proof != nullptr ? core_of(proof)->lookup(answer, value, proof, key, key_bytes)
                            : MOTE_INVALID_ARGUMENT;
}

mote_status mote_state_lookup_after(uint32_t* answer, mote_span* value,
                                    const mote_state_proof* proof, const uint8_t* key,
                                    size_t key_bytes, uint64_t height)
{
    clear(answer);
    clear(value);
    return proof != nullptr
               ? core_of(proof)->lookup_after(answer, value, proof, key, key_bytes, height)
               : MOTE_INVALID_ARGUMENT;
}

mote_status mote_state_apply_size(size_t* size, const mote_state_proof* witness,
                                  size_t operation_count)
{
    clear(size);
    return witness != nullptr ? core_of(witness)->apply_size(size, witness, operation_count)
                              : MOTE_INVALID_ARGUMENT;
}

mote_status mote_state_apply(uint8_t* new_root, mote_state_verdict* verdict, void* memory,
                             size_t memory_bytes, const mote_state_proof* witness, uint64_t height,
                             const mote_state_operation* operations, size_t operation_count)
{
    if (new_root != nullptr)
        std::memset(new_root, 0, MOTE_STATE_ROOT_BYTES);
    clear_verdict(verdict);
    return witness != nullptr
               ? core_of(witness)->apply(new_root, verdict, memory, memory_bytes, witness, height,
                                         operations, operation_count)
               : MOTE_INVALID_ARGUMENT;
}
}
