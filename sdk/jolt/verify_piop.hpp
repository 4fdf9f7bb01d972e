// verify_piop: stages 1 to 8, from a decoded proof to the statement its opening proof has to show.
//
// What comes before: decoding (decode.hpp), a loaded key (load_key.hpp), and the check that all group
// elements are in their subgroups. What comes after: openings/dory.hpp decides the statement, with
// the same transcript.
//
//     arena of piop_memory_bytes(key) bytes
//     Transcript transcript("Jolt", &observer);
//     MOTE_TRY(verify_piop({key, io, proof, {}, elements, sigma_max}, arena, transcript, observer,
//                          statement, report));
//
// Worked case: for upstream's muldiv proof the transcript ends with 1835 steps in the state
// 572278f9...905e, and the statement has 41 entries and 13 coordinates.
//
// Source  [JOLT] crates/jolt-verifier/src/verifier.rs.
#pragma once

#include "base/arena.hpp"
#include "jolt/config.hpp"
#include "jolt/elements.hpp"
#include "jolt/statement.hpp"
#include "port/observer.hpp"
#include "transcript/transcript.hpp"

namespace mote::jolt
{
/// Everything a verification is about. All of it stays the caller's.
struct PiopInput
{
    const ProgramKey& key;
    const PublicIo& io;
    const Proof& proof;
    /// The encoding of the trusted advice's commitment, 384 bytes; empty if the program has none.
    Bytes trusted_advice_commitment;
    /// The commitments of proof and call, decoded. Their numbers are those check_config() demands;
    /// only their addresses are used.
    const Elements& elements;
    /// Column variables the Dory setup can open.
    std::uint32_t sigma_max;
};

/// Computes how much memory verify_piop takes from its arena for any proof of this key.
///
/// About 40 KiB plus, in full mode beyond 2^14 rows or so, a table of 2^(rows' log / 2) elements. 0 if
/// it cannot be addressed.
[[nodiscard]] std::size_t piop_memory_bytes(const ProgramKey& key) noexcept;

/// Checks sizes and shapes, absorbs the statement and the commitments and runs the stages.
///
/// Errors  rejected: at Stage::config as check_config(); at a stage with sumcheck_form, round_count,
///         round_degree (index: round), uniskip_sum, uniskip_claim, final_claim, claim_shape,
///         optional_claim, aliased_claim (index: see stages/stages.hpp). memory_too_small.
///         invalid_argument: the advice commitment is neither empty nor 384 bytes, or an element a
///         commitment stands for is missing. `out` is unspecified on any error.
/// Memory  takes piop_memory_bytes(key) from the arena and gives it back; frames below 16 KiB.
///         out.entries point into input.elements and input.key.
/// Shape   transcript: new, with the label "Jolt".
/// Cost    for 512 cycles about 1,900 hashes of a block or two and some 10,000 multiplications, plus
///         fold_bytecode() in full mode and one multiplication per input, output and image word.
[[nodiscard]] Status verify_piop(const PiopInput& input, Arena& arena,
                                 transcript::Transcript& transcript, const Observer& observer,
                                 OpeningStatement& out, Report& report) noexcept;

/// Absorbs what is proven: program, public I/O and settings of the proof.
void absorb_preamble(const ProgramKey& key, const PublicIo& io, const Proof& proof,
                     const Dimensions& d, transcript::Transcript& transcript) noexcept;

/// Absorbs all commitments as they are encoded.
void absorb_commitments(const ProgramKey& key, const Proof& proof, Bytes trusted_advice_commitment,
                        transcript::Transcript& transcript) noexcept;
}  // namespace mote::jolt
