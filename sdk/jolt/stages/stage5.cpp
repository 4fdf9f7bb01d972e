// Stage 5: every instruction's result is an entry of its lookup table.
#include "jolt/lookup_tables.hpp"
#include "jolt/stages/stages.hpp"
#include "poly/eq.hpp"
#include "poly/less_than.hpp"
#include "poly/multilinear.hpp"

namespace mote::jolt
{
namespace
{
constexpr std::uint32_t lookup_tables_max = 64;

/// Sum over all tables of table(address) * (claimed share of the cycles that use it).
Fr table_values(const Context& c, const FrView& flags) noexcept
{
    Fr tables[lookup_tables_max];
    evaluate_lookup_tables(c.lookup_address, {tables, flags.count});
    Fr sum;
    for (std::uint32_t i = 0; i < flags.count; ++i)
        sum += tables[i] * flags[i];
    return sum;
}
}  // namespace

Status verify_stage5(Context& c, Report& report) noexcept
{
    const Dimensions& d = c.d;
    const Stage2Claims& s2 = c.proof.claims.stage2;
    const Stage4Claims& s4 = c.proof.claims.stage4;
    const Stage5Claims& s5 = c.proof.claims.stage5;
    Batch& batch = c.batch;

    const std::uint32_t tables = c.key.revision->lookup_table_count;
    MOTE_ASSERT(tables <= lookup_tables_max);
    if (s5.lookup_table_flags.count != tables)
        return reject(report, Stage::stage5, Reason::claim_shape, Field::claims_stage5, 0);
    if (s5.instruction_ra.count != d.virtual_ra)
        return reject(report, Stage::stage5, Reason::claim_shape, Field::claims_stage5, tables);

    const Fr lookup_gamma = c.transcript.challenge_scalar();
    const Fr ram_gamma = c.transcript.challenge_scalar();

    const InstructionClaimReductionClaims& instruction = s2.instruction_claim_reduction;
    const Fr lookup_inputs[] = {instruction.lookup_output, instruction.left_lookup_operand,
                                instruction.right_lookup_operand};
    const Fr ram_inputs[] = {s2.ram_raf_ram_ra, s2.ram_read_write.ra, s4.ram_val_check.ram_ra};
    batch.start(Stage::stage5, c.proof, Sumcheck::stage5);
    const std::uint32_t lookup =
        batch.add(limits::lookup_address_bits + d.log_trace, d.virtual_ra + 2,
                  poly::fold(lookup_gamma, lookup_inputs));
    const std::uint32_t ram = batch.add(d.log_trace, 2, poly::fold(ram_gamma, ram_inputs));
    const std::uint32_t registers =
        batch.add(d.log_trace, 3, s4.registers_read_write.registers_val);
    MOTE_TRY(batch.run(c.transcript, report));

    // Address rounds go from the most significant bit down, so their challenges are not reversed. The
    // three members end together and share the cycle point.
    c.lookup_address.assign(batch.raw(lookup).first(limits::lookup_address_bits));
    c.lookup_cycle.assign_reversed(batch.raw(ram));

    {
        Fr lefts[limits::lookup_address_bits / 2], rights[limits::lookup_address_bits / 2];
        for (std::size_t i = 0; i < limits::lookup_address_bits / 2; ++i)
        {
            lefts[i] = c.lookup_address.coordinates[2 * i];
            rights[i] = c.lookup_address.coordinates[2 * i + 1];
        }
        const Fr lookup_gamma_2 = lookup_gamma.square();
        const Fr interleaved =
            lookup_gamma * poly::identity(lefts) + lookup_gamma_2 * poly::identity(rights);
        const Fr single = lookup_gamma_2 * poly::identity(c.lookup_address);
        Fr ra = Fr::one();
        for (std::uint32_t i = 0; i < d.virtual_ra; ++i)
            ra *= s5.instruction_ra[i];
        batch.members[lookup].expected = poly::eq(c.product, c.lookup_cycle) * ra *
                                         (table_values(c, s5.lookup_table_flags) + interleaved +
                                          s5.instruction_raf_flag * (single - interleaved));
    }
    {
        const Fr weights[] = {poly::eq(c.outer_cycle(), c.lookup_cycle),
                              poly::eq(c.ram_cycle, c.lookup_cycle),
                              poly::eq(c.ram_val_cycle, c.lookup_cycle)};
        batch.members[ram].expected = poly::fold(ram_gamma, weights) * s5.ram_ra;
    }
    batch.members[registers].expected =
        poly::less_than(c.lookup_cycle, c.register_cycle) * s5.rd_inc * s5.rd_wa;
    MOTE_TRY(batch.finish(report));

    c.absorb(s5.lookup_table_flags);
    c.absorb(s5.instruction_ra);
    c.absorb(s5.instruction_raf_flag);
    c.absorb(s5.ram_ra);
    c.absorb(s5.rd_inc);
    c.absorb(s5.rd_wa);
    return Status::ok;
}
}  // namespace mote::jolt
