// Stage 7: every one-hot polynomial has weight one, and all its claims become one opening.
#include "jolt/stages/precommitted.hpp"
#include "jolt/stages/stages.hpp"
#include "poly/eq.hpp"

namespace mote::jolt
{
namespace
{
Status check_claims(const Context& c, Report& report) noexcept
{
    const Dimensions& d = c.d;
    const Stage7Claims& s7 = c.proof.claims.stage7;
    const OneHotClaims& hw = s7.hamming_weight;
    std::uint32_t index = 0;
    const struct
    {
        const FrView& claims;
        std::uint32_t count;
    } vectors[] = {{hw.instruction_ra, d.instruction_ra},
                   {hw.bytecode_ra, d.bytecode_ra},
                   {hw.ram_ra, d.ram_ra}};
    for (const auto& vector : vectors)
    {
        if (vector.claims.count != vector.count)
            return reject(report, Stage::stage7, Reason::claim_shape, Field::claims_stage7, index);
        index += vector.count;
    }
    const struct
    {
        bool present;
        std::uint32_t count;
    } optional[precommitted_count] = {{s7.trusted_advice.present, 1},
                                      {s7.untrusted_advice.present, 1},
                                      {s7.bytecode_chunks.present, s7.bytecode_chunks.value.count},
                                      {s7.program_image.present, 1}};
    for (const Precommitted kind : all_precommitted)
    {
        const auto& claim = optional[static_cast<std::uint32_t>(kind)];
        const Schedule::Polynomial& polynomial = d.schedule[kind];
        if (claim.present != (polynomial.present && polynomial.has_address_phase))
            return reject(report, Stage::stage7, Reason::optional_claim, Field::claims_stage7,
                          index);
        if (!claim.present)
            continue;
        if (kind == Precommitted::bytecode_chunks && claim.count != c.key.chunk_count)
            return reject(report, Stage::stage7, Reason::claim_shape, Field::claims_stage7, index);
        index += claim.count;
    }
    return Status::ok;
}

/// One family of one-hot polynomials with everything the stage says about each of them.
struct Family
{
    Point address;  ///< cut into chunks, where the family's lookups are claimed
    std::uint32_t count;
    Fr weight;              ///< claimed sum over the chunk's addresses
    FrView booleanity;      ///< claims at the booleanity point
    FrView virtualization;  ///< claims at the chunk's point
    FrView reduced;         ///< claims this stage ends in
};
}  // namespace

Status verify_stage7(Context& c, Report& report) noexcept
{
    const Dimensions& d = c.d;
    const Stage6bClaims& s6b = c.proof.claims.stage6b;
    const OneHotClaims& hw = c.proof.claims.stage7.hamming_weight;
    Batch& batch = c.batch;
    MOTE_TRY(check_claims(c, report));

    // In cycles without RAM access no address is hot, hence the weight that stage 6b claims.
    const Family families[] = {
        {c.lookup_address, d.instruction_ra, Fr::one(), s6b.booleanity.instruction_ra,
         s6b.committed_instruction_ra, hw.instruction_ra},
        {c.bytecode_address, d.bytecode_ra, Fr::one(), s6b.booleanity.bytecode_ra, s6b.bytecode_ra,
         hw.bytecode_ra},
        {c.ram_address, d.ram_ra, s6b.ram_hamming_weight, s6b.booleanity.ram_ra, s6b.ram_ra,
         hw.ram_ra}};

    const Fr gamma = c.transcript.challenge_scalar();
    Fr claim;
    Fr power = Fr::one();
    for (const Family& family : families)
        for (std::uint32_t i = 0; i < family.count; ++i)
        {
            const Fr values[3] = {family.weight, family.booleanity[i], family.virtualization[i]};
            for (const Fr& value : values)
            {
                claim += power * value;
                power *= gamma;
            }
        }

    batch.start(Stage::stage7, c.proof, Sumcheck::stage7);
    const std::uint32_t hamming = batch.add(d.log_k_chunk, 2, claim, 0);
    std::uint32_t precommitted[precommitted_count] = {};
    for (const Precommitted kind : all_precommitted)
        if (d.schedule[kind].has_address_phase)
            precommitted[static_cast<std::uint32_t>(kind)] =
                batch.add(d.log_k_chunk, 2, intermediate_claim(c, kind), 0);
    MOTE_TRY(batch.run(c.transcript, report));

    c.chunk_address.assign_reversed(batch.raw(hamming));
    const std::span<const Fr> all = batch.all();
    for (std::size_t i = 0; i < all.size(); ++i)
        c.by_round[d.schedule.align + i] = all[i];

    const Fr at_booleanity = poly::eq(c.chunk_address, c.booleanity_address);
    Fr expected;
    power = Fr::one();
    for (const Family& family : families)
        for (std::uint32_t i = 0; i < family.count; ++i)
        {
            Fr chunk[limits::log_k_chunk_max];
            address_chunk(family.address, d.log_k_chunk, i, chunk);
            const Fr at_chunk = poly::eq(c.chunk_address, {chunk, d.log_k_chunk});
            // power (1 + gamma at_booleanity + gamma^2 at_chunk)
            const Fr weight = Fr::one() + gamma * (at_booleanity + gamma * at_chunk);
            expected += power * weight * family.reduced[i];
            power *= gamma.square() * gamma;
        }
    batch.members[hamming].expected = expected;
    for (const Precommitted kind : all_precommitted)
        if (d.schedule[kind].has_address_phase)
            batch.members[precommitted[static_cast<std::uint32_t>(kind)]].expected =
                precommitted_expected(c, kind, address_phase_openings(c, kind));
    MOTE_TRY(batch.finish(report));

    c.absorb(hw.instruction_ra);
    c.absorb(hw.bytecode_ra);
    c.absorb(hw.ram_ra);
    const Stage7Claims& s7 = c.proof.claims.stage7;
    c.absorb(s7.trusted_advice);
    c.absorb(s7.untrusted_advice);
    if (s7.bytecode_chunks.present)
        c.absorb(s7.bytecode_chunks.value);
    c.absorb(s7.program_image);
    return Status::ok;
}
}  // namespace mote::jolt
