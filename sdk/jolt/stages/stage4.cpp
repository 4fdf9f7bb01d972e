// Stage 4: registers and RAM hold what was last written to them, starting from the initial memory.
#include "jolt/stages/stages.hpp"
#include "poly/eq.hpp"
#include "poly/less_than.hpp"
#include "poly/multilinear.hpp"

namespace mote::jolt
{
namespace
{
/// The initial memory everybody knows at the RAM address point: inputs, and the program in full mode.
Fr public_memory(const Context& c) noexcept
{
    const std::uint64_t words = (c.key.full ? c.key.image_words : 0) + c.io.inputs.size() / 8;
    poly::SparseEvaluator memory(c.ram_address, c.scratch.data(), sparse_table_bits(words));
    if (c.key.full && c.key.image_words != 0)
        memory.add_words(c.d.image_word, c.key.words, static_cast<std::size_t>(c.key.image_words));
    memory.add_bytes(c.d.input_word, c.io.inputs);
    return memory.value();
}

/// Weight of the block of RAM that holds advice: "the high address bits are those of the block".
Fr advice_selector(const Context& c, const AdviceBlock& block) noexcept
{
    const Point address = c.ram_address;
    return poly::eq_index(address.first(c.d.log_ram - block.variables),
                          block.first_word >> block.variables);
}

Status check_claims(const Context& c, Report& report) noexcept
{
    const RamValCheckClaims& ram = c.proof.claims.stage4.ram_val_check;
    std::uint32_t index = 5;
    const struct
    {
        bool present, wanted;
    } optional[] = {{ram.untrusted_advice.present, c.d.has_untrusted_advice},
                    {ram.trusted_advice.present, c.d.has_trusted_advice},
                    {ram.program_image.present, !c.key.full}};
    for (const auto& claim : optional)
    {
        if (claim.present != claim.wanted)
            return reject(report, Stage::stage4, Reason::optional_claim, Field::claims_stage4,
                          index);
        index += claim.present ? 1 : 0;
    }
    return Status::ok;
}
}  // namespace

Status verify_stage4(Context& c, Report& report) noexcept
{
    const Dimensions& d = c.d;
    const Stage2Claims& s2 = c.proof.claims.stage2;
    const RegistersClaimReductionClaims& s3 = c.proof.claims.stage3.registers_claim_reduction;
    const RegistersReadWriteClaims& reg = c.proof.claims.stage4.registers_read_write;
    const RamValCheckClaims& ram = c.proof.claims.stage4.ram_val_check;
    Batch& batch = c.batch;
    MOTE_TRY(check_claims(c, report));

    // Advice is claimed as a polynomial of its own block, the image as its whole contribution.
    c.public_memory = public_memory(c);
    Fr initial = c.public_memory;
    if (ram.untrusted_advice.present)
        initial += advice_selector(c, d.untrusted_advice) * ram.untrusted_advice.value;
    if (ram.trusted_advice.present)
        initial += advice_selector(c, d.trusted_advice) * ram.trusted_advice.value;
    if (ram.program_image.present)
        initial += ram.program_image.value;

    const Fr register_gamma = c.transcript.challenge_scalar();
    c.transcript.append_label_with_count("ram_val_check_gamma", 0);
    c.transcript.append({});
    const Fr val_gamma = c.transcript.challenge_scalar();

    const Fr register_inputs[] = {s3.rd_write_value, s3.rs1_value, s3.rs2_value};
    batch.start(Stage::stage4, c.proof, Sumcheck::stage4);
    const std::uint32_t registers = batch.add(d.log_trace + limits::register_address_bits, 3,
                                              poly::fold(register_gamma, register_inputs));
    const std::uint32_t values = batch.add(d.log_trace, 3,
                                           s2.ram_read_write.val + val_gamma * s2.output_val_final -
                                               (Fr::one() + val_gamma) * initial);
    MOTE_TRY(batch.run(c.transcript, report));

    c.register_address.count = limits::register_address_bits;
    c.register_cycle.count = d.log_trace;
    split_read_write(
        {d.log_trace, limits::register_address_bits, d.registers_phase1, d.registers_phase2},
        batch.raw(registers), c.register_address.coordinates, c.register_cycle.coordinates);
    c.ram_val_cycle.assign_reversed(batch.raw(values));

    const Fr accesses[] = {reg.rd_wa * (reg.rd_inc + reg.registers_val),
                           reg.rs1_ra * reg.registers_val, reg.rs2_ra * reg.registers_val};
    batch.members[registers].expected =
        poly::eq(c.shift, c.register_cycle) * poly::fold(register_gamma, accesses);
    batch.members[values].expected =
        (poly::less_than(c.ram_val_cycle, c.ram_cycle) + val_gamma) * ram.ram_inc * ram.ram_ra;
    MOTE_TRY(batch.finish(report));

    c.absorb(ram.untrusted_advice);
    c.absorb(ram.trusted_advice);
    c.absorb(ram.program_image);
    c.absorb(reg.registers_val);
    c.absorb(reg.rs1_ra);
    c.absorb(reg.rs2_ra);
    c.absorb(reg.rd_wa);
    c.absorb(reg.rd_inc);
    c.absorb(ram.ram_ra);
    c.absorb(ram.ram_inc);
    return Status::ok;
}
}  // namespace mote::jolt
