// The bytecode in stage 6: what the program says about a cycle, folded to one value per stage.
//
// Stages 1 to 5 end in claims about what the instruction of a cycle is: its address, immediate,
// flags, registers, lookup table. Each stage s folds its claims with powers of beta_s, which makes
// five functions v_1 ... v_5 of a bytecode row:
//
//     v_1 = address + b1 imm + sum_f b1^(2+f) [circuit flag f]
//     v_2 = [Jump] + b2 [Branch] + b2^2 [WriteLookupOutputToRD] + b2^3 [VirtualInstruction]
//     v_3 = imm + b3 address + b3^2 [LeftOperandIsRs1Value] + b3^3 [LeftOperandIsPC]
//         + b3^4 [RightOperandIsRs2Value] + b3^5 [RightOperandIsImm] + b3^6 [IsNoop]
//         + b3^7 [VirtualInstruction] + b3^8 [IsFirstInSequence]
//     v_4 = E(rd) + b4 E(rs1) + b4^2 E(rs2)
//     v_5 = E(rd) + b5 [lookup index is one number] + b5^(2+t) [lookup table t]
//
// with E(register) = eq_index(a_reg, register), 0 for no register or one from 128 up. They are linear
// in the parts of a row, and both modes use that: full mode sums the parts of all rows first and
// applies the formulas once; committed mode applies them to the weights of the 512 lanes in which a
// committed row keeps its parts. Worked case: a row that is padding (NoOp, all zero) has
// v_1 = b1^11 (DoNotUpdateUnexpandedPC), v_3 = b3^6 and zero elsewhere.
//
// Source  [JOLT] crates/jolt-claims/src/protocols/jolt/geometry/bytecode.rs,
//         geometry/claim_reductions/bytecode.rs; crates/jolt-verifier/src/stages/stage6b.
#pragma once

#include <cstddef>
#include <span>

#include "jolt/program_key.hpp"

namespace mote::jolt
{
/// The flags of one row, those of its kind and those the row adds itself.
struct RowFlags
{
    std::uint16_t circuit = 0;     ///< bit f = circuit flag f
    std::uint8_t instruction = 0;  ///< bit f = instruction flag f
    std::uint8_t lookup_table = InstructionKind::no_table;
};

/// Determines the flags of a row. A NoOp row has those of its kind only, whatever else it says.
///
/// Shape   row.kind: below revision.kind_count.
/// Source  [JOLT] crates/jolt-riscv/src/flags.rs, row.rs.
[[nodiscard]] RowFlags row_flags(const Revision& revision, const Row& row) noexcept;

/// True if the lookup index of a row with these circuit flags is one 128-bit number and not two
/// interleaved operands.
[[nodiscard]] bool is_single_operand(std::uint16_t circuit_flags) noexcept;

/// Powers of the five stage challenges, beta_s^0 first, as many as v_s has terms.
struct BytecodeChallenges
{
    Fr beta_powers_1[16];
    Fr beta_powers_2[4];
    Fr beta_powers_3[9];
    Fr beta_powers_4[3];
    Fr beta_powers_5[42];

    /// Computes all powers from beta_1 ... beta_5.
    void set(const Fr (&beta)[5]) noexcept;
};

/// Number of elements of scratch memory fold_bytecode needs for `bytecode_len` rows; 1456 (47 KB) for
/// 4096 rows.
[[nodiscard]] std::uint64_t fold_bytecode_scratch(const Revision& revision,
                                                  std::uint64_t bytecode_len) noexcept;

/// Computes out[s-1] = sum_row eq_index(b_point, row) v_s(row) over all rows of a full-mode key.
///
/// Shape   key: full mode. b_point: log2(key.bytecode_len) coordinates. a_reg: 7 coordinates.
/// Memory  scratch: at least fold_bytecode_scratch() elements, free again afterwards.
/// Cost    about three multiplications a row, additions included; a padding row is one addition.
void fold_bytecode(const ProgramKey& key, std::span<const Fr> b_point,
                   const BytecodeChallenges& challenges, std::span<const Fr> a_reg,
                   std::span<Fr> scratch, Fr (&out)[5]) noexcept;

/// Computes sum_lane L(lane) eq_index(lane_point, lane), where L(lane) = sum_s eta^(s-1) times the
/// coefficient of that lane in v_s.
///
/// Shape   a_reg: 7 coordinates. lane_point: 9 coordinates, for the 512 lanes of a committed row.
/// Cost    about 230 multiplications; a frame of about 3 KiB.
[[nodiscard]] Fr fold_lanes(const BytecodeChallenges& challenges, const Fr& eta,
                            std::span<const Fr> a_reg, std::span<const Fr> lane_point) noexcept;
}  // namespace mote::jolt
