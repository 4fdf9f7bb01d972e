// mote_state.h over the core. Compiled once per variant; MOTE_VARIANT is its name.
#include "abi/state_core.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "state/answer.hpp"
#include "state/apply_witness.hpp"

#define MOTE_CONCATENATE_(a, b) a##b
#define MOTE_CONCATENATE(a, b) MOTE_CONCATENATE_(a, b)
#define MOTE_STRING_(a) #a
#define MOTE_STRING(a) MOTE_STRING_(a)

struct mote_state_proof
{
    mote_state_object object;
    mote::state::Opened opened;  // points into the same memory
    uint64_t height;
    size_t bytes;
};

namespace
{
using mote::Arena;
using mote::Bytes;
using mote::Status;
using mote::state::Defect;
using mote::state::Digest;
using mote::state::Fault;
using mote::state::Operation;

static_assert(MOTE_STATE_KEY_BYTES_MAX == mote::state::key_bytes_max);
static_assert(MOTE_STATE_VALUE_BYTES_MAX == mote::state::value_bytes_max);
static_assert(MOTE_STATE_ROOT_BYTES == sizeof(Digest));
static_assert(MOTE_STATE_F_BATCH_COLLISION == static_cast<unsigned>(Fault::batch_collision));
static_assert(MOTE_STATE_F_ROOT == static_cast<unsigned>(Fault::root));
static_assert(MOTE_STATE_F_SN_SPACE == static_cast<unsigned>(Fault::sn_space));
static_assert(MOTE_STATE_ABSENT == static_cast<unsigned>(mote::state::Answer::absent));

bool usable_memory(const void* memory) noexcept
{
    return memory != nullptr && reinterpret_cast<std::uintptr_t>(memory) % Arena::alignment == 0;
}

bool readable(const uint8_t* data, size_t bytes) noexcept { return data != nullptr || bytes == 0; }

/// Empties a verdict; false if it is of another size.
bool prepare(mote_state_verdict* verdict) noexcept
{
    if (verdict == nullptr)
        return true;
    if (verdict->struct_size != sizeof *verdict)
        return false;
    *verdict = {};
    verdict->struct_size = sizeof *verdict;
    return true;
}

/// Turns a status of the core and its defect into those of the interface.
mote_status answer(Status status, const Defect& defect, mote_state_verdict* verdict) noexcept
{
    const bool about_subject =
        status == Status::ok || status == Status::rejected || status == Status::malformed;
    if (verdict != nullptr && about_subject)
    {
        verdict->accepted = status == Status::ok ? 1 : 0;
        verdict->fault = static_cast<uint32_t>(defect.fault);
        const bool batch = defect.fault == Fault::batch_key || defect.fault == Fault::batch_value ||
                           defect.fault == Fault::batch_collision;
        if (batch)
            verdict->operation = static_cast<uint32_t>(defect.offset);
        else
            verdict->offset = defect.offset;
    }
    return status == Status::rejected ? MOTE_OK : static_cast<mote_status>(status);
}

// ------------------------------------------------------------------ proofs

std::size_t opened_bytes(size_t proof_bytes) noexcept
{
    Arena arena(nullptr, 0);
    static_cast<void>(arena.take<mote_state_proof>(1));
    static_cast<void>(arena.take<std::uint8_t>(proof_bytes));
    static_cast<void>(arena.take<std::uint8_t>(mote::state::open_memory_bytes(proof_bytes)));
    return arena.used() + Arena::alignment;
}

mote_status proof_size(size_t* size, size_t proof_bytes)
{
    if (size == nullptr)
        return MOTE_INVALID_ARGUMENT;
    *size = 0;
    if (proof_bytes > MOTE_STATE_PROOF_BYTES_MAX)
        return MOTE_LIMIT_EXCEEDED;
    *size = opened_bytes(proof_bytes);
    return MOTE_OK;
}

mote_status open(mote::state::Kind kind, mote_state_proof** out, mote_state_verdict* verdict,
                 void* memory, size_t memory_bytes, const uint8_t* root, uint64_t height,
                 const uint8_t* bytes, size_t byte_count, const mote_state_core* core) noexcept
{
    if (out == nullptr)
        return MOTE_INVALID_ARGUMENT;
    *out = nullptr;
    if (!prepare(verdict) || !usable_memory(memory) || root == nullptr ||
        !readable(bytes, byte_count))
        return MOTE_INVALID_ARGUMENT;
    if (byte_count > MOTE_STATE_PROOF_BYTES_MAX)
        return MOTE_LIMIT_EXCEEDED;
    if (memory_bytes < opened_bytes(byte_count))
        return MOTE_MEMORY_TOO_SMALL;
    Digest expected;
    std::memcpy(expected.data(), root, expected.size());
    Arena arena(memory, memory_bytes);
    auto* const proof = arena.take<mote_state_proof>(1);
    auto* const copy = arena.take<std::uint8_t>(byte_count);
    // A copy: what is hashed here cannot change any more, whoever else has the bytes.
    std::copy_n(bytes, byte_count, copy);
    new (proof) mote_state_proof{{core}, {}, height, byte_count};
    Defect defect;
    const auto open_it =
        kind == mote::state::Kind::proof ? mote::state::open_proof : mote::state::open_witness;
    const Status status = open_it({copy, byte_count}, expected, arena, proof->opened, defect);
    if (status == Status::ok)
        *out = proof;
    return answer(status, defect, verdict);
}

mote_status proof_open(mote_state_proof** out, mote_state_verdict* verdict, void* memory,
                       size_t memory_bytes, const uint8_t* root, uint64_t height,
                       const uint8_t* proof, size_t proof_bytes, const mote_state_core* core)
{
    return open(mote::state::Kind::proof, out, verdict, memory, memory_bytes, root, height, proof,
                proof_bytes, core);
}

mote_status witness_open(mote_state_proof** out, mote_state_verdict* verdict, void* memory,
                         size_t memory_bytes, const uint8_t* root, uint64_t height,
                         const uint8_t* witness, size_t witness_bytes, const mote_state_core* core)
{
    return open(mote::state::Kind::witness, out, verdict, memory, memory_bytes, root, height,
                witness, witness_bytes, core);
}

mote_status said(mote::state::Answer found, Bytes in, uint32_t* answer, mote_span* value) noexcept
{
    *answer = static_cast<uint32_t>(found);
    *value = {in.empty() ? nullptr : in.data(), in.size()};
    return MOTE_OK;
}

/// Empties the outputs of a question; false if it cannot be asked.
bool askable(uint32_t* answer, mote_span* value, const mote_state_proof* proof, const uint8_t* key,
             size_t key_bytes) noexcept
{
    if (answer == nullptr || value == nullptr)
        return false;
    *answer = MOTE_STATE_UNPROVEN;
    *value = {};
    return proof != nullptr && key != nullptr && key_bytes != 0 &&
           key_bytes <= MOTE_STATE_KEY_BYTES_MAX;
}

mote_status lookup(uint32_t* answer, mote_span* value, const mote_state_proof* proof,
                   const uint8_t* key, size_t key_bytes)
{
    if (!askable(answer, value, proof, key, key_bytes))
        return MOTE_INVALID_ARGUMENT;
    Bytes found;
    const auto answered = mote::state::answer(proof->opened, {key, key_bytes}, found);
    return said(answered, found, answer, value);
}

mote_status lookup_after(uint32_t* answer, mote_span* value, const mote_state_proof* proof,
                         const uint8_t* key, size_t key_bytes, uint64_t height)
{
    if (!askable(answer, value, proof, key, key_bytes) || proof->height == MOTE_STATE_NO_HEIGHT ||
        height > proof->height)
        return MOTE_INVALID_ARGUMENT;
    Bytes found;
    const auto answered = mote::state::answer_after(proof->opened, {key, key_bytes}, height, found);
    return said(answered, found, answer, value);
}

// ------------------------------------------------------------------ blocks

std::size_t apply_bytes(const mote_state_proof* witness, size_t operation_count) noexcept
{
    Arena arena(nullptr, 0);
    static_cast<void>(arena.take<Operation>(operation_count));
    static_cast<void>(
        arena.take<std::uint8_t>(mote::state::apply_memory_bytes(witness->bytes, operation_count)));
    return arena.used() + Arena::alignment;
}

mote_status apply_size(size_t* size, const mote_state_proof* witness, size_t operation_count)
{
    if (size == nullptr)
        return MOTE_INVALID_ARGUMENT;
    *size = 0;
    if (witness == nullptr || witness->opened.kind != mote::state::Kind::witness)
        return MOTE_INVALID_ARGUMENT;
    if (operation_count > MOTE_STATE_OPERATIONS_MAX)
        return MOTE_LIMIT_EXCEEDED;
    *size = apply_bytes(witness, operation_count);
    return MOTE_OK;
}

mote_status apply(uint8_t* new_root, mote_state_verdict* verdict, void* memory, size_t memory_bytes,
                  const mote_state_proof* witness, uint64_t height,
                  const mote_state_operation* operations, size_t operation_count)
{
    if (new_root == nullptr)
        return MOTE_INVALID_ARGUMENT;
    std::memset(new_root, 0, MOTE_STATE_ROOT_BYTES);
    const auto address = reinterpret_cast<std::uintptr_t>(operations);
    if (!prepare(verdict) || !usable_memory(memory) || witness == nullptr ||
        witness->opened.kind != mote::state::Kind::witness || height == MOTE_STATE_NO_HEIGHT ||
        (witness->height != MOTE_STATE_NO_HEIGHT && height <= witness->height) ||
        (operations == nullptr && operation_count != 0) ||
        address % alignof(mote_state_operation) != 0)
        return MOTE_INVALID_ARGUMENT;
    if (operation_count > MOTE_STATE_OPERATIONS_MAX)
        return MOTE_LIMIT_EXCEEDED;
    if (memory_bytes < apply_bytes(witness, operation_count))
        return MOTE_MEMORY_TOO_SMALL;
    Arena arena(memory, memory_bytes);
    auto* const inside = arena.take<Operation>(operation_count);
    for (size_t i = 0; i < operation_count; ++i)
    {
        const mote_state_operation& operation = operations[i];
        const bool erase = operation.erase != 0;
        if (operation.erase > 1 || !readable(operation.key.data, operation.key.bytes) ||
            !readable(operation.value.data, operation.value.bytes) ||
            (erase && operation.value.bytes != 0))
            return MOTE_INVALID_ARGUMENT;
        new (inside + i) Operation{{operation.key.data, operation.key.bytes},
                                   {operation.value.data, operation.value.bytes},
                                   erase};
    }
    Defect defect;
    Digest root;
    const Status status = mote::state::apply_witness(
        witness->opened, height, {inside, operation_count}, arena, root, defect);
    if (status == Status::ok)
        std::memcpy(new_root, root.data(), root.size());
    return answer(status, defect, verdict);
}

constexpr mote_state_core core_table = {
    MOTE_STRING(MOTE_VARIANT),
    proof_size,
    proof_open,
    witness_open,
    lookup,
    lookup_after,
    apply_size,
    apply,
};
}  // namespace

extern "C" const mote_state_core* MOTE_CONCATENATE(mote_state_core_, MOTE_VARIANT)(void)
{
    return &core_table;
}
