// Batch: several sumchecks run as one.
//
// Each member claims a sum over its own number of variables. Random coefficients join the members
// into one polynomial of as many variables as the widest has; a narrower member does not depend on
// the others' variables, so each of those doubles its sum. One list of rounds serves all of them, and
// a member's own challenges are a slice of the list, by default its end. When the rounds are over the
// caller works out what each member's polynomial really is at its slice and finish_batch() compares.
//
//     begin_batch    absorbs all claims, then draws all coefficients
//     verify_rounds  N rounds: absorb, draw, reduce the running claim
//     (caller)       members[m].expected = ... raw_point(members[m], challenges) ...
//     finish_batch   running claim == sum of coefficient * expected
//
// Worked case: members with 2 and 1 rounds, claims a and b, coefficients s and t: the first running
// claim is s a + 2 t b, and the second member's point is the last challenge alone.
//
// Source  [JOLT] crates/jolt-sumcheck/src/verifier.rs, crates/jolt-verifier-derive/src/lib.rs.
#pragma once

#include <span>

#include "sumcheck/views.hpp"
#include "sumcheck/where.hpp"
#include "transcript/transcript.hpp"

namespace mote::sumcheck
{
/// Largest degree of a round polynomial any batch may have.
inline constexpr std::uint32_t degree_max = 16;

struct Member
{
    /// `offset` of a member whose challenges are the last ones of the batch.
    static constexpr std::uint32_t at_end = 0xffffffff;

    std::uint32_t rounds = 0;
    std::uint32_t degree = 0;
    std::uint32_t offset = at_end;  ///< first challenge of the member's slice
    Fr claim;                       ///< the sum it claims
    Fr coefficient;                 ///< set by begin_batch
    Fr expected;                    ///< set by the caller before finish_batch
};

/// The widest member's number of rounds.
[[nodiscard]] std::uint32_t round_count(std::span<const Member> members) noexcept;

/// The member's slice of the batch's challenges, in the order drawn.
[[nodiscard]] inline std::span<const Fr> raw_point(const Member& member,
                                                   std::span<const Fr> challenges) noexcept
{
    const std::size_t offset =
        member.offset == Member::at_end ? challenges.size() - member.rounds : member.offset;
    MOTE_ASSERT(offset + member.rounds <= challenges.size());
    return challenges.subspan(offset, member.rounds);
}

/// Absorbs every claim, then draws every coefficient.
///
/// Returns the joined claim, sum of coefficient * claim * 2^(N - rounds).
[[nodiscard]] Fr begin_batch(std::span<Member> members,
                             transcript::Transcript& transcript) noexcept;

/// Runs the rounds: `running` becomes the value the last polynomial takes at the last challenge.
///
/// A round is stored without its linear coefficient, which is the one that makes s(0) + s(1) the
/// running claim; this is the check of a round, and leaves nothing to compare. Only the largest degree
/// of the batch bounds it. Fewer coefficients than allowed, and zeros at the end, are as good as the
/// full number: provers drop leading zeros, and the stored number is absorbed.
///
/// Shape   challenges: as many as the proof has to have rounds.
/// Errors  sumcheck_form: not a list of compressed polynomials. round_count: not exactly
///         challenges.size(), index = first round missing or too many. round_degree: no coefficient
///         or more than `degree`, index = round.
/// Cost    per round and coefficient one multiplication for decoding, one for evaluation, one hash.
Status verify_rounds(const RoundsView& proof, std::uint32_t degree, Where where,
                     transcript::Transcript& transcript, Fr& running, std::span<Fr> challenges,
                     Report& report) noexcept;

/// The largest degree bound of the members.
[[nodiscard]] std::uint32_t degree_bound(std::span<const Member> members) noexcept;

/// begin_batch and verify_rounds in one.
///
/// Memory  challenges: room for round_count(members); `drawn` is the part that was filled.
Status verify_batch(std::span<Member> members, const RoundsView& proof, Where where,
                    transcript::Transcript& transcript, std::span<Fr> challenges,
                    std::span<const Fr>& drawn, Fr& running, Report& report) noexcept;

/// Compares the running claim with what the members are.
///
/// Errors  final_claim.
Status finish_batch(std::span<const Member> members, const Fr& running, const RoundsView& proof,
                    Where where, Report& report) noexcept;
}  // namespace mote::sumcheck
