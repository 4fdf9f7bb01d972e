#include "jolt/verify_piop.hpp"

#include <new>

#include "jolt/stages/stages.hpp"

namespace mote::jolt
{
namespace
{
/// Takes the context and its scratch memory; nullptr if they do not fit.
Context* take_context(Arena& arena, const PiopInput& input, const Dimensions& dimensions,
                      transcript::Transcript& transcript) noexcept
{
    const std::uint64_t wanted = context_scratch(input.key);
    if (wanted > SIZE_MAX / sizeof(Fr))
        return nullptr;
    const auto scratch_count = static_cast<std::size_t>(wanted);
    Fr* const scratch = arena.take<Fr>(scratch_count);
    Context* const room = arena.take<Context>(1);
    if (scratch == nullptr || room == nullptr)
        return nullptr;
    for (std::size_t i = 0; i < scratch_count; ++i)
        new (scratch + i) Fr();
    return new (room)
        Context(input.key, input.io, input.proof, dimensions, transcript, {scratch, scratch_count});
}

/// Whether every commitment the statement will point at was decoded.
bool has_elements(const PiopInput& input, const Dimensions& d) noexcept
{
    const Elements& e = input.elements;
    return e.rd_inc != nullptr && e.ram_inc != nullptr && e.instruction_ra != nullptr &&
           e.ram_ra != nullptr && e.bytecode_ra != nullptr &&
           (e.untrusted_advice != nullptr || !d.has_untrusted_advice) &&
           (e.trusted_advice != nullptr || !d.has_trusted_advice) &&
           (input.key.full ||
            (input.key.chunk_commitments != nullptr && input.key.image_commitment != nullptr));
}
}  // namespace

std::uint64_t context_scratch(const ProgramKey& key) noexcept
{
    const std::uint64_t sparse = std::uint64_t{1} << sparse_table_bits_max;
    const std::uint64_t fold =
        key.full ? fold_bytecode_scratch(*key.revision, key.bytecode_len) : 0;
    return fold > sparse ? fold : sparse;
}

std::size_t piop_memory_bytes(const ProgramKey& key) noexcept
{
    const std::uint64_t scratch = context_scratch(key);
    if (scratch > SIZE_MAX / 2 / sizeof(Fr))
        return 0;
    Arena counting(nullptr, 0);
    static_cast<void>(counting.take<Fr>(static_cast<std::size_t>(scratch)));
    static_cast<void>(counting.take<Context>(1));
    return counting.used() + Arena::alignment;  // the arena may start in the middle of a unit
}

void absorb_preamble(const ProgramKey& key, const PublicIo& io, const Proof& proof,
                     const Dimensions& d, transcript::Transcript& transcript) noexcept
{
    const MemoryLayout& layout = key.memory_layout;
    transcript.labelled_bytes("preprocessing_digest", key.digest);
    transcript.labelled_u64("max_input_size", layout.max_input_size);
    transcript.labelled_u64("max_output_size", layout.max_output_size);
    transcript.labelled_u64("heap_size", layout.heap_size);
    transcript.labelled_bytes("inputs", io.inputs);
    transcript.labelled_bytes("outputs", d.outputs);
    transcript.labelled_u64("panic", io.panic ? 1 : 0);
    transcript.labelled_u64("ram_K", proof.ram_k);
    transcript.labelled_u64("trace_length", proof.trace_length);
    transcript.labelled_u64("entry_address", key.entry_address);
    transcript.labelled_u64("ram_rw_phase1_num_rounds", d.ram_phase1);
    transcript.labelled_u64("ram_rw_phase2_num_rounds", d.ram_phase2);
    transcript.labelled_u64("registers_rw_phase1_num_rounds", d.registers_phase1);
    transcript.labelled_u64("registers_rw_phase2_num_rounds", d.registers_phase2);
    transcript.labelled_u64("log_k_chunk", proof.log_k_chunk);
    transcript.labelled_u64("lookups_ra_virtual_log_k_chunk", proof.lookups_ra_virtual_log_k_chunk);
    transcript.labelled_u64("dory_layout", static_cast<std::uint64_t>(d.trace_order));
}

void absorb_commitments(const ProgramKey& key, const Proof& proof, Bytes trusted_advice_commitment,
                        transcript::Transcript& transcript) noexcept
{
    const auto absorb = [&](const char* label, const GtView& view)
    {
        for (std::uint32_t i = 0; i < view.count; ++i)
            transcript.commitment(label, view[i]);
    };
    const Commitments& c = proof.commitments;
    for (const GtView* view : {&c.rd_inc, &c.ram_inc, &c.instruction_ra, &c.ram_ra, &c.bytecode_ra})
        absorb("commitment", *view);
    absorb("untrusted_advice", proof.untrusted_advice_commitment);
    if (!trusted_advice_commitment.empty())
        transcript.commitment("trusted_advice", trusted_advice_commitment);
    if (key.full)
        return;
    constexpr auto element = static_cast<std::uint32_t>(GtView::element_bytes);
    absorb("bytecode_chunk_commit", {key.chunk_encodings, key.chunk_count, element});
    absorb("program_image_commitment", {key.image_encoding, 1, element});
}

Status verify_piop(const PiopInput& input, Arena& arena, transcript::Transcript& transcript,
                   const Observer& observer, OpeningStatement& out, Report& report) noexcept
{
    const Bytes trusted_advice = input.trusted_advice_commitment;
    if (!trusted_advice.empty() && trusted_advice.size() != GtView::element_bytes)
        return Status::invalid_argument;

    observer.stage(Stage::preamble);
    Dimensions d;
    MOTE_TRY(check_config(input.key, input.io, input.proof, !trusted_advice.empty(),
                          input.sigma_max, d, report));
    if (!has_elements(input, d))
        return Status::invalid_argument;

    const std::size_t mark = arena.used();
    Context* const context = take_context(arena, input, d, transcript);
    if (context == nullptr)
    {
        arena.release_to(mark);
        return Status::memory_too_small;
    }
    Context& c = *context;
    absorb_preamble(input.key, input.io, input.proof, d, transcript);
    absorb_commitments(input.key, input.proof, trusted_advice, transcript);

    const auto run = [&]() -> Status
    {
        MOTE_TRY(verify_stage1(c, observer, report));
        MOTE_TRY(verify_stage2(c, observer, report));
        observer.stage(Stage::stage3);
        MOTE_TRY(verify_stage3(c, report));
        observer.stage(Stage::stage4);
        MOTE_TRY(verify_stage4(c, report));
        observer.stage(Stage::stage5);
        MOTE_TRY(verify_stage5(c, report));
        observer.stage(Stage::stage6a);
        MOTE_TRY(verify_stage6a(c, report));
        observer.stage(Stage::stage6b);
        MOTE_TRY(verify_stage6b(c, report));
        observer.stage(Stage::stage7);
        MOTE_TRY(verify_stage7(c, report));
        observer.stage(Stage::stage8);
        build_opening(c, input.elements, out);
        return Status::ok;
    };
    const Status status = run();
    arena.release_to(mark);
    return status;
}
}  // namespace mote::jolt
