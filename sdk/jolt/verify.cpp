#include "jolt/verify.hpp"

#include <new>

#include "jolt/decode.hpp"
#include "jolt/decode_elements.hpp"
#include "jolt/verify_piop.hpp"

namespace mote::jolt
{
namespace
{
/// Everything that lives as long as one verification, in the caller's memory.
struct Work
{
    Proof proof;
    openings::DoryProof opening;
    Elements elements;
    openings::DoryElements dory;
    Dimensions dimensions;
    OpeningStatement statement;
};

std::size_t larger(std::size_t a, std::size_t b) noexcept { return a > b ? a : b; }
}  // namespace

std::size_t verify_memory_bytes(const ProgramKey& key, const openings::DorySetup& setup) noexcept
{
    constexpr std::size_t proof_commitments = 2 + limits::one_hot_max + 2;
    const std::size_t commitments = proof_commitments + (key.full ? 0 : key.chunk_count + 1);
    return sizeof(Work) + elements_memory_bytes(proof_commitments, setup.m) +
           larger(piop_memory_bytes(key), openings::dory_scratch_bytes(commitments, setup.m)) +
           4 * Arena::alignment;
}

Status verify_proof(const ProgramKey& key, const openings::DorySetup& setup, const PublicIo& io,
                    Bytes proof_bytes, Bytes trusted_advice_commitment, Arena& arena,
                    const Observer& observer, Report& report) noexcept
{
    Work* const work = arena.take<Work>(1);
    if (work == nullptr)
        return Status::memory_too_small;
    new (work) Work{};

    observer.stage(Stage::decode);
    MOTE_TRY(decode_proof(proof_bytes, 0, work->proof, report));
    MOTE_TRY(openings::decode_dory_proof(work->proof.joint_opening_proof,
                                         work->proof.joint_opening_offset, setup.m, work->opening,
                                         report));
    observer.stage(Stage::config);
    const bool trusted = !trusted_advice_commitment.empty();
    MOTE_TRY(check_config(key, io, work->proof, trusted, setup.m, work->dimensions, report));

    observer.stage(Stage::membership);
    MOTE_TRY(decode_elements(work->proof, proof_bytes, trusted_advice_commitment, work->opening,
                             arena, work->elements, work->dory, report));

    transcript::Transcript transcript("Jolt", &observer);
    const PiopInput input{key, io, work->proof, trusted_advice_commitment, work->elements, setup.m};
    const std::size_t mark = arena.used();
    MOTE_TRY(verify_piop(input, arena, transcript, observer, work->statement, report));
    arena.release_to(mark);

    observer.stage(Stage::dory);
    const OpeningStatement& s = work->statement;
    MOTE_TRY(openings::check_dory_shape(work->opening, s.point_count, setup.m, report));
    return openings::verify_dory(setup, work->opening, work->dory, {s.entries, s.entry_count},
                                 {s.joint_point, s.point_count}, s.joint_claim, transcript, arena,
                                 observer, report);
}
}  // namespace mote::jolt
