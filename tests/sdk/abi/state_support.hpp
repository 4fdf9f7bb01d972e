// What the tests of mote_state.h share: every table this machine can run, and proofs opened in memory
// of exactly the size asked for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "abi/state_core.hpp"
#include "sdk/abi/abi_support.hpp"
#include "sdk/state/state_support.hpp"

namespace mote::test
{
using state_test::Json;
using state_test::Octets;

inline std::vector<const mote_state_core*> runnable_state_cores()
{
    std::vector<const mote_state_core*> cores;
    [[maybe_unused]] const std::string best = mote_arch_name();
#if defined(MOTE_HAVE_PORTABLE)
    cores.push_back(mote_state_core_portable());
#endif
#if defined(MOTE_HAVE_X86_64_ADX)
    if (best == "x86_64_adx" || best == "x86_64_ifma")
        cores.push_back(mote_state_core_x86_64_adx());
#endif
#if defined(MOTE_HAVE_X86_64_IFMA)
    if (best == "x86_64_ifma")
        cores.push_back(mote_state_core_x86_64_ifma());
#endif
    return cores;
}

/// A verdict full of what must not survive a call.
inline mote_state_verdict stale_state_verdict()
{
    mote_state_verdict v;
    std::memset(&v, 0x5a, sizeof v);
    v.struct_size = sizeof v;
    v.accepted = 1;
    return v;
}

inline bool is_empty(const mote_state_verdict& v)
{
    return v.struct_size == sizeof v && v.accepted == 0 && v.fault == 0 && v.operation == 0 &&
           v.offset == 0;
}

inline bool is_accepted(const mote_state_verdict& v)
{
    return v.struct_size == sizeof v && v.accepted == 1 && v.fault == 0 && v.operation == 0 &&
           v.offset == 0;
}

/// A height above all of the vectors.
inline constexpr std::uint64_t high = MOTE_STATE_NO_HEIGHT - 1;

/// A proof or witness in memory of exactly its size. The bytes it was made of are gone.
struct OpenState
{
    OpenState(const mote_state_core* core, const Octets& bytes, const Octets& root,
              bool witness = false, std::uint64_t height = high)
        : core(core)
    {
        std::size_t size = 0;
        if (core->proof_size(&size, bytes.size()) != MOTE_OK)
            throw std::runtime_error("proof size");
        memory = std::make_unique<Guarded>(size);
        Octets copy = bytes;
        const auto open = witness ? core->witness_open : core->proof_open;
        status = open(&proof, &verdict, memory->data(), size, root.data(), height, copy.data(),
                      copy.size(), core);
        std::fill(copy.begin(), copy.end(), std::uint8_t{0xee});
    }

    /// "present", "absent", "unproven"; the value is empty unless present.
    std::string lookup(const Octets& key, const Json& height, Octets& value) const
    {
        std::uint32_t answer = 99;
        mote_span span = {key.data(), 99};
        const mote_status said = height.is_null()
                                     ? core->lookup(&answer, &span, proof, key.data(), key.size())
                                     : core->lookup_after(&answer, &span, proof, key.data(),
                                                          key.size(), height.get<std::uint64_t>());
        if (said != MOTE_OK)
            return mote_status_text(said);
        if (span.bytes != 0 && (span.data < memory->data() ||
                                span.data + span.bytes > memory->data() + memory->bytes()))
            throw std::runtime_error("a value outside of the proof's memory");
        value.assign(span.data, span.data + span.bytes);
        return mote_state_answer_text(answer);
    }

    const mote_state_core* core;
    std::unique_ptr<Guarded> memory;
    mote_state_proof* proof = nullptr;
    mote_state_verdict verdict = stale_state_verdict();
    mote_status status = MOTE_OK;
};

inline mote_span span_of(const Octets& bytes) { return {bytes.data(), bytes.size()}; }

inline std::vector<mote_state_operation> c_operations(const std::vector<state_test::Op>& ops)
{
    std::vector<mote_state_operation> out;
    for (const state_test::Op& op : ops)
        out.push_back(
            {span_of(op.key), op.value ? span_of(*op.value) : mote_span{}, op.value ? 0U : 1U});
    return out;
}

/// What a block does to an opened witness.
struct Applied
{
    Applied(const OpenState& witness, std::uint64_t height,
            const std::vector<mote_state_operation>& operations)
    {
        std::size_t size = 0;
        if (witness.core->apply_size(&size, witness.proof, operations.size()) != MOTE_OK)
            throw std::runtime_error("apply size");
        Guarded memory(size);
        status = witness.core->apply(root, &verdict, memory.data(), size, witness.proof, height,
                                     operations.data(), operations.size());
        intact = memory.intact() && witness.memory->intact();
    }
    [[nodiscard]] bool no_root() const
    {
        return std::all_of(root, root + 32, [](std::uint8_t byte) { return byte == 0; });
    }

    std::uint8_t root[32] = {1};
    mote_state_verdict verdict = stale_state_verdict();
    mote_status status = MOTE_OK;
    bool intact = false;
};
}  // namespace mote::test
