#include "sumcheck/batch.hpp"

namespace mote::sumcheck
{
std::uint32_t round_count(std::span<const Member> members) noexcept
{
    std::uint32_t rounds = 0;
    for (const Member& member : members)
        rounds = member.rounds > rounds ? member.rounds : rounds;
    return rounds;
}

std::uint32_t degree_bound(std::span<const Member> members) noexcept
{
    std::uint32_t degree = 0;
    for (const Member& member : members)
        degree = member.degree > degree ? member.degree : degree;
    MOTE_ASSERT(degree <= degree_max);
    return degree;
}

Fr begin_batch(std::span<Member> members, transcript::Transcript& transcript) noexcept
{
    for (const Member& member : members)
        transcript.labelled_field("sumcheck_claim", member.claim);

    const std::uint32_t rounds = round_count(members);
    Fr joined;
    for (Member& member : members)
    {
        member.coefficient = transcript.challenge_scalar();
        Fr term = member.coefficient * member.claim;
        for (std::uint32_t i = member.rounds; i < rounds; ++i)
            term = term.twice();
        joined += term;
    }
    return joined;
}

Status verify_rounds(const RoundsView& proof, std::uint32_t degree, Where where,
                     transcript::Transcript& transcript, Fr& running, std::span<Fr> challenges,
                     Report& report) noexcept
{
    MOTE_ASSERT(degree <= degree_max);
    if (proof.form != RoundsView::Form::compressed)
        return reject(report, where.stage, Reason::sumcheck_form, where.field, 0, proof.offset);
    if (proof.rounds != challenges.size())
    {
        const std::size_t first =
            proof.rounds < challenges.size() ? proof.rounds : challenges.size();
        return reject(report, where.stage, Reason::round_count, where.field,
                      static_cast<std::uint32_t>(first), proof.offset);
    }

    RoundsCursor cursor(proof);
    for (std::size_t round = 0; round < challenges.size(); ++round)
    {
        const std::uint64_t offset = cursor.offset();
        const FrView stored = cursor.next();
        if (stored.count < 1 || stored.count > degree)
            return reject(report, where.stage, Reason::round_degree, where.field,
                          static_cast<std::uint32_t>(round), offset);

        // c[0] is the constant, c[1] belongs to x^2, c[2] to x^3, ...
        Fr c[degree_max];
        transcript.append_label_with_count("sumcheck_poly", stored.count);
        for (std::uint32_t i = 0; i < stored.count; ++i)
        {
            c[i] = stored[i];
            transcript.append_field(stored.bytes(i));
        }
        const Fr r = transcript.challenge();
        challenges[round] = r;

        // s(0) + s(1) = 2 c_0 + c_1 + c_2 + ... = running
        Fr linear = running - c[0].twice();
        Fr tail;
        for (std::uint32_t i = stored.count; i-- > 1;)
        {
            linear -= c[i];
            tail = (tail + c[i]) * r;
        }
        running = (tail + linear) * r + c[0];
    }
    return Status::ok;
}

Status verify_batch(std::span<Member> members, const RoundsView& proof, Where where,
                    transcript::Transcript& transcript, std::span<Fr> challenges,
                    std::span<const Fr>& drawn, Fr& running, Report& report) noexcept
{
    const std::uint32_t rounds = round_count(members);
    MOTE_ASSERT(rounds <= challenges.size());
    drawn = challenges.first(rounds);
    running = begin_batch(members, transcript);
    return verify_rounds(proof, degree_bound(members), where, transcript, running,
                         challenges.first(rounds), report);
}

Status finish_batch(std::span<const Member> members, const Fr& running, const RoundsView& proof,
                    Where where, Report& report) noexcept
{
    Fr sum;
    for (const Member& member : members)
        sum += member.coefficient * member.expected;
    if (!(sum == running))
        return reject(report, where.stage, Reason::final_claim, where.field, proof.rounds,
                      proof.offset);
    return Status::ok;
}
}  // namespace mote::sumcheck
