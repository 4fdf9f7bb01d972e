// Stage 3: what the next cycle has, what an instruction's operands are, what registers held.
#include "jolt/stages/stages.hpp"
#include "poly/eq.hpp"
#include "poly/multilinear.hpp"

namespace mote::jolt
{
Status verify_stage3(Context& c, Report& report) noexcept
{
    const std::uint32_t log_trace = c.d.log_trace;
    const Stage1Claims& s1 = c.proof.claims.stage1;
    const ProductRemainderClaims& s2 = c.proof.claims.stage2.product_remainder;
    const ShiftClaims& next = c.proof.claims.stage3.shift;
    const InstructionInputClaims& in = c.proof.claims.stage3.instruction_input;
    const RegistersClaimReductionClaims& reg = c.proof.claims.stage3.registers_claim_reduction;
    Batch& batch = c.batch;

    const Fr shift_gamma = c.transcript.challenge_scalar();
    const Fr input_gamma = c.transcript.challenge_scalar();
    const Fr register_gamma = c.transcript.challenge_scalar();

    const Fr shift_inputs[] = {s1[Outer::next_unexpanded_pc], s1[Outer::next_pc],
                               s1[Outer::next_is_virtual], s1[Outer::next_is_first_in_sequence],
                               Fr::one() - s2.next_is_noop};
    const Fr register_inputs[] = {s1[Outer::rd_write_value], s1[Outer::rs1_value],
                                  s1[Outer::rs2_value]};
    batch.start(Stage::stage3, c.proof, Sumcheck::stage3);
    const std::uint32_t shift = batch.add(log_trace, 2, poly::fold(shift_gamma, shift_inputs));
    const std::uint32_t input = batch.add(
        log_trace, 3, s2.right_instruction_input + input_gamma * s2.left_instruction_input);
    const std::uint32_t registers =
        batch.add(log_trace, 2, poly::fold(register_gamma, register_inputs));
    MOTE_TRY(batch.run(c.transcript, report));

    c.shift.assign_reversed(batch.raw(shift));
    {
        const Fr values[] = {next.unexpanded_pc, next.pc, next.is_virtual,
                             next.is_first_in_sequence};
        batch.members[shift].expected =
            poly::eq_plus_one(c.outer_cycle(), c.shift) * poly::fold(shift_gamma, values) +
            poly::eq_plus_one(c.product, c.shift) * shift_gamma.square().square() *
                (Fr::one() - next.is_noop);
    }
    {
        const Fr right = in.right_operand_is_rs2 * in.rs2_value + in.right_operand_is_imm * in.imm;
        const Fr left =
            in.left_operand_is_rs1 * in.rs1_value + in.left_operand_is_pc * in.unexpanded_pc;
        batch.members[input].expected = poly::eq(c.shift, c.product) * (right + input_gamma * left);
    }
    {
        const Fr values[] = {reg.rd_write_value, reg.rs1_value, reg.rs2_value};
        batch.members[registers].expected =
            poly::eq(c.shift, c.outer_cycle()) * poly::fold(register_gamma, values);
    }
    MOTE_TRY(batch.finish(report));

    // One polynomial at one point, named twice; only the first is absorbed.
    const struct
    {
        const Fr &a, &b;
        std::uint32_t index;
    } equal[] = {{in.unexpanded_pc, next.unexpanded_pc, 8},
                 {reg.rs1_value, in.rs1_value, 14},
                 {reg.rs2_value, in.rs2_value, 15}};
    for (const auto& pair : equal)
        if (!(pair.a == pair.b))
            return reject(report, Stage::stage3, Reason::aliased_claim, Field::claims_stage3,
                          pair.index);

    c.absorb(next.unexpanded_pc);
    c.absorb(next.pc);
    c.absorb(next.is_virtual);
    c.absorb(next.is_first_in_sequence);
    c.absorb(next.is_noop);
    c.absorb(in.left_operand_is_rs1);
    c.absorb(in.rs1_value);
    c.absorb(in.left_operand_is_pc);
    c.absorb(in.right_operand_is_rs2);
    c.absorb(in.rs2_value);
    c.absorb(in.right_operand_is_imm);
    c.absorb(in.imm);
    c.absorb(reg.rd_write_value);
    return Status::ok;
}
}  // namespace mote::jolt
