// Context: what the stages of one verification share, in memory the caller gave.
//
// A stage reads points and challenges of earlier stages and leaves its own; what a stage takes and
// leaves is in stages/stages.hpp. Nothing here is an output of the verification, and nothing is valid
// before the stage that makes it. About 40 KiB with the scratch tables of a program of 4096 rows.
#pragma once

#include "base/arena.hpp"
#include "jolt/bytecode_fold.hpp"
#include "jolt/config.hpp"
#include "jolt/limits.hpp"
#include "jolt/points.hpp"
#include "jolt/program_key.hpp"
#include "jolt/proof.hpp"
#include "sumcheck/batch.hpp"
#include "transcript/transcript.hpp"

namespace mote::jolt
{
/// Members of the largest batch: six trace members and four precommitted ones in stage 6b.
inline constexpr std::uint32_t members_max = 10;

/// The batch of the running stage. Members stay in place until the next stage, for whoever wants to
/// look at them.
struct Batch
{
    sumcheck::Member members[members_max];
    std::uint32_t count = 0;
    Fr challenges[limits::rounds_max];
    std::uint32_t rounds = 0;
    Fr running;
    sumcheck::Where where{Stage::none, Field::none};
    const RoundsView* proof = nullptr;

    /// Forgets the members of the last batch.
    void start(Stage stage, const Proof& from, Sumcheck which) noexcept
    {
        const auto index = static_cast<std::uint32_t>(which);
        count = 0;
        proof = &from.sumchecks[index];
        where = {stage,
                 static_cast<Field>(static_cast<std::uint32_t>(Field::sumcheck_1_uniskip) + index)};
    }

    /// Adds a member; returns its place.
    std::uint32_t add(std::uint32_t member_rounds, std::uint32_t degree, const Fr& claim,
                      std::uint32_t offset = sumcheck::Member::at_end) noexcept
    {
        MOTE_ASSERT(count < members_max);
        sumcheck::Member& member = members[count];
        member.rounds = member_rounds;
        member.degree = degree;
        member.offset = offset;
        member.claim = claim;
        return count++;
    }

    /// Runs the rounds.
    Status run(transcript::Transcript& transcript, Report& report) noexcept
    {
        std::span<const Fr> drawn;
        const Status status = sumcheck::verify_batch({members, count}, *proof, where, transcript,
                                                     challenges, drawn, running, report);
        rounds = static_cast<std::uint32_t>(drawn.size());
        return status;
    }

    /// The challenges of a member in the order drawn.
    [[nodiscard]] std::span<const Fr> raw(std::uint32_t member) const noexcept
    {
        return sumcheck::raw_point(members[member], all());
    }

    [[nodiscard]] std::span<const Fr> all() const noexcept { return {challenges, rounds}; }

    /// Compares the members' expected values with the running claim.
    Status finish(Report& report) const noexcept
    {
        return sumcheck::finish_batch({members, count}, running, *proof, where, report);
    }
};

struct Context
{
    Context(const ProgramKey& k, const PublicIo& i, const Proof& p, const Dimensions& dimensions,
            transcript::Transcript& t, std::span<Fr> scratch_memory) noexcept
        : key(k), io(i), proof(p), d(dimensions), transcript(t), scratch(scratch_memory)
    {
    }

    const ProgramKey& key;
    const PublicIo& io;
    const Proof& proof;
    const Dimensions& d;
    transcript::Transcript& transcript;
    std::span<Fr> scratch;  ///< context_scratch() elements, free between uses
    Batch batch;

    // Points, named as in the papers' tables: which relation made them, cycle or address part.
    PointBuffer<limits::log_trace_max + 1> outer;  ///< stage 1: cycle, then the stream challenge
    PointBuffer<limits::log_trace_max> product;    ///< stage 2: also of the instruction claims
    PointBuffer<limits::log_ram_max> ram_address;  ///< stage 2: of all three RAM members
    PointBuffer<limits::log_trace_max> ram_cycle;  ///< stage 2: of the RAM read-write check
    PointBuffer<limits::log_trace_max> shift;      ///< stage 3: of all its members
    PointBuffer<limits::register_address_bits> register_address;  ///< stage 4
    PointBuffer<limits::log_trace_max> register_cycle;            ///< stage 4
    PointBuffer<limits::log_trace_max> ram_val_cycle;             ///< stage 4
    PointBuffer<limits::lookup_address_bits> lookup_address;      ///< stage 5: in the order drawn
    PointBuffer<limits::log_trace_max> lookup_cycle;              ///< stage 5: of all its members
    PointBuffer<limits::log_bytecode_max> bytecode_address;       ///< stage 6a
    PointBuffer<limits::log_k_chunk_max> booleanity_address;      ///< stage 6a
    PointBuffer<limits::log_trace_max> cycle;            ///< stage 6b: of all trace polynomials
    PointBuffer<limits::log_k_chunk_max> chunk_address;  ///< stage 7: of all one-hot polynomials

    /// Challenge of every round of the schedule: cycle rounds after stage 6b, all after stage 7.
    Fr by_round[limits::point_max];

    Fr public_memory;             ///< stage 4: public part of the initial memory at ram_address
    Fr bytecode_gamma;            ///< stage 6a: joins the five folds and the pc claims
    Fr booleanity_gamma;          ///< stage 6a
    Fr eta;                       ///< stage 6b: joins the five folds of a committed bytecode
    BytecodeChallenges bytecode;  ///< stage 6a
    Fr bytecode_folds[5];         ///< stage 6b

    /// The cycle part of the outer point.
    [[nodiscard]] Point outer_cycle() const noexcept { return {outer.coordinates, d.log_trace}; }

    /// Absorbs claims under the label all opening claims share.
    void absorb(const Fr& claim) noexcept { transcript.labelled_field("opening_claim", claim); }
    void absorb(const FrView& claims) noexcept
    {
        for (std::uint32_t i = 0; i < claims.count; ++i)
            transcript.labelled_field("opening_claim", claims.bytes(i));
    }
    void absorb(const Maybe<Fr>& claim) noexcept
    {
        if (claim.present)
            absorb(claim.value);
    }
};

/// Most address bits that the table of a sparse evaluation covers: 2^10 elements, 32 KiB.
inline constexpr std::uint32_t sparse_table_bits_max = 10;

/// Table size for a sparse evaluation of so many words: about as many entries, so that neither making
/// the table nor walking over its blocks takes longer than the words do.
[[nodiscard]] inline std::uint32_t sparse_table_bits(std::uint64_t words) noexcept
{
    const std::uint32_t bits = ceil_log2(words);
    return bits < sparse_table_bits_max ? bits : sparse_table_bits_max;
}

/// Elements of scratch memory the stages need for proofs of `key`.
[[nodiscard]] std::uint64_t context_scratch(const ProgramKey& key) noexcept;

/// x * 2^n, by n additions.
[[nodiscard]] inline Fr times_power_of_two(Fr x, std::uint32_t n) noexcept
{
    for (std::uint32_t i = 0; i < n; ++i)
        x = x.twice();
    return x;
}
}  // namespace mote::jolt
