// The claims of a transparent proof: values of polynomials at the points the sumchecks produce.
//
// Field order is wire order. Names are those of the upstream structures, so that a claim can be
// looked up in the papers, in upstream code and here under one word.
//
// Source  [JOLT] crates/jolt-claims/src/protocols/jolt/relations, crates/jolt-verifier/src/stages.
#pragma once

#include "jolt/views.hpp"

namespace mote::jolt
{
/// Inputs of the R1CS in wire order; the last 14 are the circuit flags in flag order.
enum class Outer : std::uint8_t
{
    left_instruction_input,
    right_instruction_input,
    product,
    should_branch,
    pc,
    unexpanded_pc,
    imm,
    ram_address,
    rs1_value,
    rs2_value,
    rd_write_value,
    ram_read_value,
    ram_write_value,
    left_lookup_operand,
    right_lookup_operand,
    next_unexpanded_pc,
    next_pc,
    next_is_virtual,
    next_is_first_in_sequence,
    lookup_output,
    should_jump,
    add_operands,
    subtract_operands,
    multiply_operands,
    load,
    store,
    jump,
    write_lookup_output_to_rd,
    virtual_instruction,
    assert_flag,
    do_not_update_unexpanded_pc,
    advice,
    is_compressed,
    is_first_in_sequence,
    is_last_in_sequence,
};
inline constexpr std::uint32_t outer_count = 35;

struct Stage1Claims
{
    Fr uniskip;
    FrView outer;  ///< 35 values, indexed by Outer

    [[nodiscard]] Fr operator[](Outer name) const noexcept
    {
        return outer[static_cast<std::uint32_t>(name)];
    }
};

struct RamReadWriteClaims
{
    Fr val, ra, inc;
};
struct ProductRemainderClaims
{
    Fr left_instruction_input, right_instruction_input, jump_flag, write_lookup_output_to_rd,
        lookup_output, branch_flag, next_is_noop, virtual_instruction;
};
struct InstructionClaimReductionClaims
{
    Fr lookup_output, left_lookup_operand, right_lookup_operand, left_instruction_input,
        right_instruction_input;
};
struct Stage2Claims
{
    Fr uniskip;
    RamReadWriteClaims ram_read_write;
    ProductRemainderClaims product_remainder;
    InstructionClaimReductionClaims instruction_claim_reduction;
    Fr ram_raf_ram_ra;
    Fr output_val_final;
};

struct ShiftClaims
{
    Fr unexpanded_pc, pc, is_virtual, is_first_in_sequence, is_noop;
};
struct InstructionInputClaims
{
    Fr left_operand_is_rs1, rs1_value, left_operand_is_pc, unexpanded_pc, right_operand_is_rs2,
        rs2_value, right_operand_is_imm, imm;
};
struct RegistersClaimReductionClaims
{
    Fr rd_write_value, rs1_value, rs2_value;
};
struct Stage3Claims
{
    ShiftClaims shift;
    InstructionInputClaims instruction_input;
    RegistersClaimReductionClaims registers_claim_reduction;
};

struct RegistersReadWriteClaims
{
    Fr registers_val, rs1_ra, rs2_ra, rd_wa, rd_inc;
};
struct RamValCheckClaims
{
    Maybe<Fr> untrusted_advice, trusted_advice, program_image;
    Fr ram_ra, ram_inc;
};
struct Stage4Claims
{
    RegistersReadWriteClaims registers_read_write;
    RamValCheckClaims ram_val_check;
};

struct Stage5Claims
{
    FrView lookup_table_flags;
    FrView instruction_ra;
    Fr instruction_raf_flag;
    Fr ram_ra;
    Fr rd_inc, rd_wa;
};

struct Stage6aClaims
{
    Fr bytecode_intermediate;
    FrView val_stages;
    Fr booleanity_intermediate;
};

struct OneHotClaims
{
    FrView instruction_ra, bytecode_ra, ram_ra;
};
struct BytecodeReductionClaims
{
    Maybe<Fr> intermediate;
    FrView chunks;
};
struct Stage6bClaims
{
    FrView bytecode_ra;
    OneHotClaims booleanity;
    Fr ram_hamming_weight;
    FrView ram_ra;
    FrView committed_instruction_ra;
    Fr ram_inc, rd_inc;
    Maybe<Fr> trusted_advice, untrusted_advice;
    Maybe<BytecodeReductionClaims> bytecode_reduction;
    Maybe<Fr> program_image;
};

struct Stage7Claims
{
    OneHotClaims hamming_weight;
    Maybe<Fr> trusted_advice, untrusted_advice;
    Maybe<FrView> bytecode_chunks;
    Maybe<Fr> program_image;
};

struct Claims
{
    Stage1Claims stage1;
    Stage2Claims stage2;
    Stage3Claims stage3;
    Stage4Claims stage4;
    Stage5Claims stage5;
    Stage6aClaims stage6a;
    Stage6bClaims stage6b;
    Stage7Claims stage7;
};
}  // namespace mote::jolt
