#include "jolt/decode.hpp"

namespace mote::jolt
{
namespace
{
/// Reads single field elements in the order of the arguments.
template <typename... Frs>
Status read_frs(BincodeReader& in, Frs&... out) noexcept
{
    Status status = Status::ok;
    static_cast<void>((((status = in.fr(out)) == Status::ok) && ...));
    return status;
}

Status read_stage1(BincodeReader& in, Stage1Claims& c) noexcept
{
    MOTE_TRY(in.fr(c.uniskip));
    return in.frs(outer_count, c.outer);
}

Status read_stage2(BincodeReader& in, Stage2Claims& c) noexcept
{
    auto& rw = c.ram_read_write;
    auto& p = c.product_remainder;
    auto& r = c.instruction_claim_reduction;
    MOTE_TRY(in.fr(c.uniskip));
    MOTE_TRY(read_frs(in, rw.val, rw.ra, rw.inc));
    MOTE_TRY(read_frs(in, p.left_instruction_input, p.right_instruction_input, p.jump_flag,
                      p.write_lookup_output_to_rd, p.lookup_output, p.branch_flag, p.next_is_noop,
                      p.virtual_instruction));
    MOTE_TRY(read_frs(in, r.lookup_output, r.left_lookup_operand, r.right_lookup_operand,
                      r.left_instruction_input, r.right_instruction_input));
    return read_frs(in, c.ram_raf_ram_ra, c.output_val_final);
}

Status read_stage3(BincodeReader& in, Stage3Claims& c) noexcept
{
    auto& s = c.shift;
    auto& i = c.instruction_input;
    auto& r = c.registers_claim_reduction;
    MOTE_TRY(read_frs(in, s.unexpanded_pc, s.pc, s.is_virtual, s.is_first_in_sequence, s.is_noop));
    MOTE_TRY(read_frs(in, i.left_operand_is_rs1, i.rs1_value, i.left_operand_is_pc, i.unexpanded_pc,
                      i.right_operand_is_rs2, i.rs2_value, i.right_operand_is_imm, i.imm));
    return read_frs(in, r.rd_write_value, r.rs1_value, r.rs2_value);
}

Status read_stage4(BincodeReader& in, Stage4Claims& c) noexcept
{
    auto& g = c.registers_read_write;
    auto& m = c.ram_val_check;
    MOTE_TRY(read_frs(in, g.registers_val, g.rs1_ra, g.rs2_ra, g.rd_wa, g.rd_inc));
    MOTE_TRY(in.fr_option(m.untrusted_advice));
    MOTE_TRY(in.fr_option(m.trusted_advice));
    MOTE_TRY(in.fr_option(m.program_image));
    return read_frs(in, m.ram_ra, m.ram_inc);
}

Status read_stage5(BincodeReader& in, Stage5Claims& c) noexcept
{
    MOTE_TRY(in.fr_vector(c.lookup_table_flags));
    MOTE_TRY(in.fr_vector(c.instruction_ra));
    return read_frs(in, c.instruction_raf_flag, c.ram_ra, c.rd_inc, c.rd_wa);
}

Status read_stage6a(BincodeReader& in, Stage6aClaims& c) noexcept
{
    MOTE_TRY(in.fr(c.bytecode_intermediate));
    MOTE_TRY(in.fr_vector(c.val_stages));
    return in.fr(c.booleanity_intermediate);
}

Status read_one_hot(BincodeReader& in, OneHotClaims& c) noexcept
{
    MOTE_TRY(in.fr_vector(c.instruction_ra));
    MOTE_TRY(in.fr_vector(c.bytecode_ra));
    return in.fr_vector(c.ram_ra);
}

Status read_stage6b(BincodeReader& in, Stage6bClaims& c) noexcept
{
    MOTE_TRY(in.fr_vector(c.bytecode_ra));
    MOTE_TRY(read_one_hot(in, c.booleanity));
    MOTE_TRY(in.fr(c.ram_hamming_weight));
    MOTE_TRY(in.fr_vector(c.ram_ra));
    MOTE_TRY(in.fr_vector(c.committed_instruction_ra));
    MOTE_TRY(read_frs(in, c.ram_inc, c.rd_inc));
    MOTE_TRY(in.fr_option(c.trusted_advice));
    MOTE_TRY(in.fr_option(c.untrusted_advice));
    MOTE_TRY(in.boolean(c.bytecode_reduction.present));
    if (c.bytecode_reduction.present)
    {
        MOTE_TRY(in.fr_option(c.bytecode_reduction.value.intermediate));
        MOTE_TRY(in.fr_vector(c.bytecode_reduction.value.chunks));
    }
    return in.fr_option(c.program_image);
}

Status read_stage7(BincodeReader& in, Stage7Claims& c) noexcept
{
    MOTE_TRY(read_one_hot(in, c.hamming_weight));
    MOTE_TRY(in.fr_option(c.trusted_advice));
    MOTE_TRY(in.fr_option(c.untrusted_advice));
    MOTE_TRY(in.boolean(c.bytecode_chunks.present));
    if (c.bytecode_chunks.present)
        MOTE_TRY(in.fr_vector(c.bytecode_chunks.value));
    return in.fr_option(c.program_image);
}
}  // namespace

Status read_claims(BincodeReader& in, Claims& out) noexcept
{
    in.enter(Field::claims_stage1);
    MOTE_TRY(read_stage1(in, out.stage1));
    in.enter(Field::claims_stage2);
    MOTE_TRY(read_stage2(in, out.stage2));
    in.enter(Field::claims_stage3);
    MOTE_TRY(read_stage3(in, out.stage3));
    in.enter(Field::claims_stage4);
    MOTE_TRY(read_stage4(in, out.stage4));
    in.enter(Field::claims_stage5);
    MOTE_TRY(read_stage5(in, out.stage5));
    in.enter(Field::claims_stage6a);
    MOTE_TRY(read_stage6a(in, out.stage6a));
    in.enter(Field::claims_stage6b);
    MOTE_TRY(read_stage6b(in, out.stage6b));
    in.enter(Field::claims_stage7);
    return read_stage7(in, out.stage7);
}
}  // namespace mote::jolt
