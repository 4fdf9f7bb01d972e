// Stage 8: one statement about all committed polynomials.
//
// Every polynomial is put into the top left corner of the joint matrix, which multiplies its value by
// 1 - x for every coordinate x of the joint point it does not have, and powers of gamma join them.
// Coordinates are told apart by the round they come from, where upstream compares values; that is the
// same unless two challenges collide.
//
// Source  [JOLT] crates/jolt-verifier/src/stages/stage8/verify.rs,
//         crates/jolt-claims/src/protocols/jolt/geometry/committed_openings.rs.
#include "jolt/stages/precommitted.hpp"
#include "jolt/stages/stages.hpp"

namespace mote::jolt
{
namespace
{
/// A set of rounds, as Schedule::Polynomial::rounds.
std::uint64_t round_set(std::uint32_t begin, std::uint32_t end) noexcept
{
    std::uint64_t set = 0;
    for (std::uint32_t i = begin; i < end; ++i)
        set |= std::uint64_t{1} << i;
    return set;
}

class Entries
{
  public:
    Entries(const Context& c, OpeningStatement& out) noexcept : c_(c), out_(out)
    {
        out_.entry_count = 0;
    }

    /// Takes the rounds of the entries that follow.
    void use_rounds(std::uint64_t rounds) noexcept
    {
        scale_ = Fr::one();
        for (std::uint32_t i = 0; i < c_.d.schedule.total; ++i)
            if ((rounds >> i & 1) == 0)
                scale_ *= Fr::one() - c_.by_round[i];
    }

    /// The coefficient holds the scaled claim until finish() knows gamma.
    void add(const curve::Gt* commitment, const Fr& claim) noexcept
    {
        MOTE_ASSERT(out_.entry_count < limits::entries_max);
        out_.entries[out_.entry_count++] = {commitment, claim * scale_};
    }

    void add(const curve::Gt* commitments, const FrView& claims) noexcept
    {
        for (std::uint32_t i = 0; i < claims.count; ++i)
            add(commitments + i, claims[i]);
    }

    void add(const curve::Gt* commitments, const PrecommittedOpenings& openings,
             Precommitted kind) noexcept
    {
        if (kind == Precommitted::bytecode_chunks)
            add(commitments, openings.chunks);
        else
            add(commitments, openings.value);
    }

  private:
    const Context& c_;
    OpeningStatement& out_;
    Fr scale_;
};
}  // namespace

void build_opening(Context& c, const Elements& elements, OpeningStatement& out) noexcept
{
    const Dimensions& d = c.d;
    const Schedule& schedule = d.schedule;
    const Claims& claims = c.proof.claims;

    // Where a precommitted polynomial is as wide as the joint matrix its point is the joint point;
    // otherwise that is the point of the one-hot polynomials, in the order of the trace layout. The
    // schedule's order says either.
    out.point_count = schedule.total;
    for (std::uint32_t i = 0; i < schedule.total; ++i)
        out.joint_point[i] = c.by_round[schedule.order[i]];

    Entries entries(c, out);
    const std::uint64_t cycle_rounds = round_set(schedule.align - d.log_trace, schedule.align);
    entries.use_rounds(cycle_rounds);
    entries.add(elements.ram_inc, claims.stage6b.ram_inc);
    entries.add(elements.rd_inc, claims.stage6b.rd_inc);

    const OneHotClaims& hw = claims.stage7.hamming_weight;
    entries.use_rounds(cycle_rounds | round_set(schedule.align, schedule.total));
    entries.add(elements.instruction_ra, hw.instruction_ra);
    entries.add(elements.bytecode_ra, hw.bytecode_ra);
    entries.add(elements.ram_ra, hw.ram_ra);

    const curve::Gt* commitments[precommitted_count] = {
        elements.trusted_advice, elements.untrusted_advice, c.key.chunk_commitments,
        c.key.image_commitment};
    for (const Precommitted kind : all_precommitted)
    {
        const Schedule::Polynomial& polynomial = schedule[kind];
        if (!polynomial.present)
            continue;
        entries.use_rounds(polynomial.rounds);
        entries.add(commitments[static_cast<std::uint32_t>(kind)],
                    polynomial.has_address_phase ? address_phase_openings(c, kind)
                                                 : cycle_phase_openings(c, kind),
                    kind);
    }

    c.transcript.append_label_with_count("rlc_claims", out.entry_count);
    for (std::uint32_t i = 0; i < out.entry_count; ++i)
        c.transcript.append_field(out.entries[i].coefficient);

    const Fr gamma = c.transcript.challenge_scalar();
    Fr power = Fr::one();
    out.joint_claim = Fr::zero();
    for (std::uint32_t i = 0; i < out.entry_count; ++i)
    {
        out.joint_claim += power * out.entries[i].coefficient;
        out.entries[i].coefficient = power;
        power *= gamma;
    }
}
}  // namespace mote::jolt
