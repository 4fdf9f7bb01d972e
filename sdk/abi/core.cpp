// The C facade's half that knows the core: checks arguments, turns Status and Report into mote_status
// and mote_verdict. Compiled once per variant; MOTE_VARIANT is its name.
#include "abi/core.hpp"

#include <cstring>
#include <new>

#include "curve/encoding.hpp"
#include "jolt/bundle.hpp"
#include "jolt/decode.hpp"
#include "jolt/decode_elements.hpp"
#include "jolt/limits.hpp"
#include "jolt/load_key.hpp"
#include "jolt/verify.hpp"

#define MOTE_CONCATENATE_(a, b) a##b
#define MOTE_CONCATENATE(a, b) MOTE_CONCATENATE_(a, b)
#define MOTE_STRING_(a) #a
#define MOTE_STRING(a) MOTE_STRING_(a)

struct mote_jolt_key
{
    mote_core_object object;
    mote::jolt::ProgramKey key;
};

struct mote_dory_setup
{
    mote_core_object object;
    mote::openings::DorySetup setup;
};

namespace
{
using mote::Arena;
using mote::Bytes;
using mote::Field;
using mote::Reason;
using mote::Report;
using mote::Stage;
using mote::Status;
using mote::jolt::MemoryLayout;

static_assert(sizeof(MemoryLayout) == sizeof(mote_memory_layout));
static_assert(MOTE_GT_BYTES == mote::curve::gt_bytes);

/// No revision has a longer name; what is longer is not looked at.
constexpr uint32_t revision_name_max = 64;

bool aligned(const void* memory) noexcept
{
    return reinterpret_cast<std::uintptr_t>(memory) % Arena::alignment == 0;
}

bool usable(const mote_verdict* verdict) noexcept
{
    return verdict == nullptr || verdict->struct_size == sizeof(mote_verdict);
}

/// A span that may be empty only with or without a pointer, never NULL with a length.
bool readable(const uint8_t* data, size_t bytes) noexcept { return data != nullptr || bytes == 0; }

void clear(mote_verdict* verdict) noexcept
{
    if (verdict == nullptr)
        return;
    *verdict = {};
    verdict->struct_size = sizeof(mote_verdict);
}

/// Fills the verdict and says how the call went: a rejection is an answer, so the call was fine.
mote_status answer(Status status, const Report& report, mote_verdict* verdict) noexcept
{
    clear(verdict);
    if (verdict != nullptr && (status == Status::rejected || status == Status::malformed))
    {
        verdict->stage = static_cast<uint32_t>(report.stage);
        verdict->reason = static_cast<uint32_t>(report.reason);
        verdict->field = static_cast<uint32_t>(report.field);
        verdict->index = report.index;
        verdict->offset = report.offset;
    }
    if (verdict != nullptr && status == Status::ok)
        verdict->accepted = 1;
    return status == Status::rejected ? MOTE_OK : static_cast<mote_status>(status);
}

size_t object_bytes(size_t bytes) noexcept
{
    return (bytes + Arena::alignment - 1) / Arena::alignment * Arena::alignment;
}

mote_status key_size(size_t* size, mote_verdict* verdict, const uint8_t* key,
                     size_t key_bytes) noexcept
{
    Report report;
    std::size_t bytes = 0;
    const Status status = mote::jolt::program_key_bytes({key, key_bytes}, 0, bytes, report);
    if (status == Status::ok)
    {
        // A committed key also keeps its commitments decoded; the count is bounded by its bytes.
        mote::jolt::ProgramKey most;
        most.full = false;
        const size_t commitments = key_bytes / mote::curve::gt_bytes;
        most.chunk_count = static_cast<uint32_t>(commitments < mote::jolt::limits::chunk_count_max
                                                     ? commitments
                                                     : mote::jolt::limits::chunk_count_max);
        const bool committed = key[0] != 0;
        *size = object_bytes(sizeof(mote_jolt_key)) + object_bytes(bytes) +
                (committed ? mote::jolt::key_commitments_memory_bytes(most) : 0);
    }
    return answer(status, report, verdict);
}

mote_status key_open(mote_jolt_key** out, mote_verdict* verdict, void* memory, size_t memory_bytes,
                     const char* revision_name, const uint8_t* key, size_t key_bytes,
                     const uint8_t* expected_digest, const mote_core* core) noexcept
{
    const mote::jolt::Revision* revision = &mote::jolt::default_revision();
    Report report;
    if (revision_name != nullptr)
    {
        uint32_t length = 0;
        while (length < revision_name_max && revision_name[length] != '\0')
            ++length;
        revision = mote::jolt::find_revision(revision_name, length);
        if (revision == nullptr)
            return answer(reject(report, Stage::key, Reason::unknown_revision, Field::program_key),
                          report, verdict);
    }
    size_t needed = 0;
    mote_verdict sized{sizeof(mote_verdict), 0, 0, 0, 0, 0, 0};
    const mote_status parsed =
        key_size(&needed, verdict != nullptr ? verdict : &sized, key, key_bytes);
    if (parsed != MOTE_OK || needed == 0)
        return parsed;
    clear(verdict);
    Arena arena(memory, memory_bytes);
    auto* const object = arena.take<mote_jolt_key>(1);
    if (memory_bytes < needed || object == nullptr)
        return MOTE_MEMORY_TOO_SMALL;
    new (object) mote_jolt_key{{core}, {}};
    const auto load = [&]() -> Status
    {
        MOTE_TRY(mote::jolt::load_program_key({key, key_bytes}, 0, *revision, arena, object->key,
                                              report));
        if (!mote::equal_vartime(Bytes{object->key.digest}, {expected_digest, 32}))
            return reject(report, Stage::key, Reason::unexpected_program,
                          Field::preprocessing_digest);
        return mote::jolt::decode_key_commitments(object->key, arena, report);
    };
    const Status status = load();
    if (status == Status::ok)
        *out = object;
    return answer(status, report, verdict);
}

mote_status key_describe(mote_jolt_key_info* out, const mote_jolt_key* key) noexcept
{
    const mote::jolt::ProgramKey& k = key->key;
    out->committed = k.full ? 0 : 1;
    std::memcpy(out->digest, k.digest, sizeof out->digest);
    out->max_trace_length = k.max_padded_trace_length;
    out->bytecode_length = k.bytecode_len;
    out->image_words = k.image_words;
    out->entry_address = k.entry_address;
    std::memcpy(&out->memory_layout, &k.memory_layout, sizeof out->memory_layout);
    return MOTE_OK;
}

mote_status setup_size(size_t* size, mote_verdict* verdict, const uint8_t* setup,
                       size_t setup_bytes) noexcept
{
    Report report;
    std::size_t bytes = 0;
    const Status status = mote::openings::dory_setup_bytes({setup, setup_bytes}, bytes, report);
    if (status == Status::ok)
        *size = object_bytes(sizeof(mote_dory_setup)) + bytes;
    return answer(status, report, verdict);
}

mote_status setup_open(mote_dory_setup** out, mote_verdict* verdict, void* memory,
                       size_t memory_bytes, const uint8_t* setup, size_t setup_bytes,
                       const uint8_t* expected_digest, const mote_core* core) noexcept
{
    size_t needed = 0;
    mote_verdict sized{sizeof(mote_verdict), 0, 0, 0, 0, 0, 0};
    const mote_status parsed =
        setup_size(&needed, verdict != nullptr ? verdict : &sized, setup, setup_bytes);
    if (parsed != MOTE_OK || needed == 0)
        return parsed;
    clear(verdict);
    Arena arena(memory, memory_bytes);
    auto* const object = arena.take<mote_dory_setup>(1);
    if (memory_bytes < needed || object == nullptr)
        return MOTE_MEMORY_TOO_SMALL;
    new (object) mote_dory_setup{{core}, {}};
    Report report;
    const Status status = mote::openings::load_dory_setup({setup, setup_bytes}, expected_digest,
                                                          arena, object->setup, report);
    if (status == Status::ok)
        *out = object;
    return answer(status, report, verdict);
}

mote_status verify_size(size_t* size, const mote_jolt_key* key,
                        const mote_dory_setup* setup) noexcept
{
    *size = mote::jolt::verify_memory_bytes(key->key, setup->setup);
    return MOTE_OK;
}

/// Hands stages and transcript steps to the caller's functions.
struct Watch
{
    const mote_observer* to;
    static void stage(void* context, Stage stage) noexcept
    {
        const auto* const watch = static_cast<const Watch*>(context);
        watch->to->on_stage(watch->to->context, static_cast<uint32_t>(stage));
    }
    static void transcript(void* context, uint32_t steps, const uint8_t* state) noexcept
    {
        const auto* const watch = static_cast<const Watch*>(context);
        watch->to->on_transcript(watch->to->context, steps, state);
    }
};

mote_status verify(mote_verdict* verdict, void* memory, size_t memory_bytes,
                   const mote_jolt_key* key, const mote_dory_setup* setup, const mote_public_io* io,
                   const uint8_t* proof, size_t proof_bytes, const uint8_t* trusted_advice,
                   const mote_observer* observer) noexcept
{
    if (memory_bytes < mote::jolt::verify_memory_bytes(key->key, setup->setup))
        return MOTE_MEMORY_TOO_SMALL;
    mote::jolt::PublicIo public_io;
    public_io.inputs = {io->inputs, io->inputs_bytes};
    public_io.outputs = {io->outputs, io->outputs_bytes};
    public_io.panic = io->panic != 0;
    public_io.memory_layout = key->key.memory_layout;
    if (io->memory_layout != nullptr)
        std::memcpy(&public_io.memory_layout, io->memory_layout, sizeof public_io.memory_layout);

    Watch watch{observer};
    mote::Observer inner;
    if (observer != nullptr)
    {
        inner.context = &watch;
        inner.on_stage = observer->on_stage != nullptr ? &Watch::stage : nullptr;
        inner.on_transcript = observer->on_transcript != nullptr ? &Watch::transcript : nullptr;
    }
    Arena arena(memory, memory_bytes);
    Report report;
    const Bytes trusted =
        trusted_advice == nullptr ? Bytes{} : Bytes{trusted_advice, MOTE_GT_BYTES};
    const Status status = mote::jolt::verify_proof(
        key->key, setup->setup, public_io, {proof, proof_bytes}, trusted, arena, inner, report);
    return answer(status, report, verdict);
}

mote_span span(Bytes bytes) noexcept
{
    return {bytes.empty() ? nullptr : bytes.data(), bytes.size()};
}

mote_status bundle_open(mote_jolt_bundle* out, mote_verdict* verdict, const uint8_t* bundle,
                        size_t bundle_bytes) noexcept
{
    Report report;
    mote::jolt::BundleParts parts;
    mote::jolt::PublicIo io;
    const auto open = [&]() -> Status
    {
        MOTE_TRY(mote::jolt::split_bundle({bundle, bundle_bytes}, parts, report));
        return mote::jolt::decode_device(parts.device.bytes, parts.device.offset, io, report);
    };
    const Status status = open();
    if (status == Status::ok)
    {
        out->panic = io.panic ? 1 : 0;
        out->key = span(parts.key.bytes);
        out->setup = span(parts.setup.bytes);
        out->proof = span(parts.proof.bytes);
        out->trusted_advice = span(parts.trusted_advice.bytes);
        out->inputs = span(io.inputs);
        out->outputs = span(io.outputs);
        std::memcpy(&out->memory_layout, &io.memory_layout, sizeof out->memory_layout);
        const std::size_t digest_at = parts.key.bytes.size() - sizeof out->key_digest;
        std::memcpy(out->key_digest, parts.key.bytes.data() + digest_at, sizeof out->key_digest);
        mote::openings::dory_setup_digest(parts.setup.bytes, out->setup_digest);
    }
    return answer(status, report, verdict);
}

mote_status proof_describe(mote_jolt_proof_info* out, mote_verdict* verdict, const uint8_t* proof,
                           size_t proof_bytes) noexcept
{
    Report report;
    mote::jolt::Proof p;
    const Status status = mote::jolt::decode_proof({proof, proof_bytes}, 0, p, report);
    if (status == Status::ok)
    {
        out->address_major = p.trace_order == mote::jolt::TraceOrder::address_major ? 1 : 0;
        out->trace_length = p.trace_length;
        out->ram_words = p.ram_k;
        out->log_k_chunk = p.log_k_chunk;
        out->log_k_virtual = p.lookups_ra_virtual_log_k_chunk;
        out->ram_phase1 = p.ram_phase1;
        out->ram_phase2 = p.ram_phase2;
        out->registers_phase1 = p.registers_phase1;
        out->registers_phase2 = p.registers_phase2;
        out->instruction_commitments = p.commitments.instruction_ra.count;
        out->ram_commitments = p.commitments.ram_ra.count;
        out->bytecode_commitments = p.commitments.bytecode_ra.count;
        out->untrusted_advice = p.untrusted_advice_commitment.count;
        for (std::size_t i = 0; i < mote::jolt::sumcheck_count; ++i)
            out->sumcheck_rounds[i] = p.sumchecks[i].rounds;
        out->opening_bytes = static_cast<uint32_t>(p.joint_opening_proof.size());
    }
    return answer(status, report, verdict);
}

// Argument checks stand in front of every entry, so that the functions above read as what they do.

mote_status checked_key_size(size_t* size, mote_verdict* verdict, const uint8_t* key,
                             size_t key_bytes)
{
    if (size == nullptr || !usable(verdict) || !readable(key, key_bytes))
        return MOTE_INVALID_ARGUMENT;
    *size = 0;
    return key_size(size, verdict, key, key_bytes);
}

mote_status checked_key_open(mote_jolt_key** out, mote_verdict* verdict, void* memory,
                             size_t memory_bytes, const char* revision, const uint8_t* key,
                             size_t key_bytes, const uint8_t* expected_digest,
                             const mote_core* core)
{
    if (out == nullptr || !usable(verdict) || memory == nullptr || !aligned(memory) ||
        !readable(key, key_bytes) || expected_digest == nullptr)
        return MOTE_INVALID_ARGUMENT;
    *out = nullptr;
    clear(verdict);
    return key_open(out, verdict, memory, memory_bytes, revision, key, key_bytes, expected_digest,
                    core);
}

mote_status checked_key_describe(mote_jolt_key_info* out, const mote_jolt_key* key)
{
    if (out == nullptr || out->struct_size != sizeof *out || key == nullptr)
        return MOTE_INVALID_ARGUMENT;
    return key_describe(out, key);
}

mote_status checked_setup_size(size_t* size, mote_verdict* verdict, const uint8_t* setup,
                               size_t setup_bytes)
{
    if (size == nullptr || !usable(verdict) || !readable(setup, setup_bytes))
        return MOTE_INVALID_ARGUMENT;
    *size = 0;
    return setup_size(size, verdict, setup, setup_bytes);
}

mote_status checked_setup_open(mote_dory_setup** out, mote_verdict* verdict, void* memory,
                               size_t memory_bytes, const uint8_t* setup, size_t setup_bytes,
                               const uint8_t* expected_digest, const mote_core* core)
{
    if (out == nullptr || !usable(verdict) || memory == nullptr || !aligned(memory) ||
        !readable(setup, setup_bytes) || expected_digest == nullptr)
        return MOTE_INVALID_ARGUMENT;
    *out = nullptr;
    clear(verdict);
    return setup_open(out, verdict, memory, memory_bytes, setup, setup_bytes, expected_digest,
                      core);
}

mote_status checked_verify_size(size_t* size, const mote_jolt_key* key,
                                const mote_dory_setup* setup)
{
    if (size == nullptr || key == nullptr || setup == nullptr)
        return MOTE_INVALID_ARGUMENT;
    return verify_size(size, key, setup);
}

mote_status checked_verify(mote_verdict* verdict, void* memory, size_t memory_bytes,
                           const mote_jolt_key* key, const mote_dory_setup* setup,
                           const mote_public_io* io, const uint8_t* proof, size_t proof_bytes,
                           const uint8_t* trusted_advice, const mote_observer* observer)
{
    if (verdict == nullptr || !usable(verdict))
        return MOTE_INVALID_ARGUMENT;
    clear(verdict);
    if (memory == nullptr || !aligned(memory) || key == nullptr || setup == nullptr ||
        key->object.core != setup->object.core || io == nullptr || io->struct_size != sizeof *io ||
        io->panic > 1 || !readable(io->inputs, io->inputs_bytes) ||
        !readable(io->outputs, io->outputs_bytes) || !readable(proof, proof_bytes) ||
        (observer != nullptr && observer->struct_size != sizeof *observer))
        return MOTE_INVALID_ARGUMENT;
    return verify(verdict, memory, memory_bytes, key, setup, io, proof, proof_bytes, trusted_advice,
                  observer);
}

template <class Out>
bool prepare(Out* out, const mote_verdict* verdict, const uint8_t* data, size_t bytes) noexcept
{
    if (out == nullptr || out->struct_size != sizeof *out || !usable(verdict) ||
        !readable(data, bytes))
        return false;
    *out = {};
    out->struct_size = sizeof *out;
    return true;
}

mote_status checked_bundle_open(mote_jolt_bundle* out, mote_verdict* verdict, const uint8_t* bundle,
                                size_t bundle_bytes)
{
    return prepare(out, verdict, bundle, bundle_bytes)
               ? bundle_open(out, verdict, bundle, bundle_bytes)
               : MOTE_INVALID_ARGUMENT;
}

mote_status checked_proof_describe(mote_jolt_proof_info* out, mote_verdict* verdict,
                                   const uint8_t* proof, size_t proof_bytes)
{
    return prepare(out, verdict, proof, proof_bytes)
               ? proof_describe(out, verdict, proof, proof_bytes)
               : MOTE_INVALID_ARGUMENT;
}

constexpr mote_core core_table = {
    MOTE_STRING(MOTE_VARIANT), checked_key_size,       checked_key_open,    checked_key_describe,
    checked_setup_size,        checked_setup_open,     checked_verify_size, checked_verify,
    checked_bundle_open,       checked_proof_describe,
};
}  // namespace

extern "C" const mote_core* MOTE_CONCATENATE(mote_core_, MOTE_VARIANT)(void) { return &core_table; }
