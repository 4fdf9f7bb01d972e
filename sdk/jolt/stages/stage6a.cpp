// Stage 6a: address rounds of "the instructions are those of the program" and of booleanity.
#include "jolt/stages/stages.hpp"
#include "poly/multilinear.hpp"

namespace mote::jolt
{
namespace
{
/// Adds up sum_i power_i claim_i.
class Folder
{
  public:
    explicit Folder(const Fr* powers) noexcept : power_(powers) {}

    Folder& operator<<(const Fr& claim) noexcept
    {
        sum_ += *power_++ * claim;
        return *this;
    }
    Folder& operator<<(const FrView& claims) noexcept
    {
        for (std::uint32_t i = 0; i < claims.count; ++i)
            *this << claims[i];
        return *this;
    }
    [[nodiscard]] const Fr& sum() const noexcept { return sum_; }

  private:
    const Fr* power_;
    Fr sum_;
};

/// What stages 1 to 5 claim about the instructions, one fold per stage.
void fold_claims(const Claims& claims, const BytecodeChallenges& beta, Fr (&out)[5]) noexcept
{
    Folder v1(beta.beta_powers_1);
    v1 << claims.stage1[Outer::unexpanded_pc] << claims.stage1[Outer::imm];
    constexpr auto first_flag = static_cast<std::uint32_t>(Outer::add_operands);
    static_assert(2 + outer_count - first_flag == std::extent_v<decltype(beta.beta_powers_1)>);
    for (std::uint32_t i = first_flag; i < outer_count; ++i)
        v1 << claims.stage1.outer[i];

    const ProductRemainderClaims& product = claims.stage2.product_remainder;
    Folder v2(beta.beta_powers_2);
    v2 << product.jump_flag << product.branch_flag << product.write_lookup_output_to_rd
       << product.virtual_instruction;

    const InstructionInputClaims& in = claims.stage3.instruction_input;
    const ShiftClaims& shift = claims.stage3.shift;
    Folder v3(beta.beta_powers_3);
    v3 << in.imm << shift.unexpanded_pc << in.left_operand_is_rs1 << in.left_operand_is_pc
       << in.right_operand_is_rs2 << in.right_operand_is_imm << shift.is_noop << shift.is_virtual
       << shift.is_first_in_sequence;

    const RegistersReadWriteClaims& registers = claims.stage4.registers_read_write;
    Folder v4(beta.beta_powers_4);
    v4 << registers.rd_wa << registers.rs1_ra << registers.rs2_ra;

    Folder v5(beta.beta_powers_5);
    MOTE_ASSERT(2 + claims.stage5.lookup_table_flags.count ==
                std::extent_v<decltype(beta.beta_powers_5)>);
    v5 << claims.stage5.rd_wa << claims.stage5.instruction_raf_flag
       << claims.stage5.lookup_table_flags;

    out[0] = v1.sum();
    out[1] = v2.sum();
    out[2] = v3.sum();
    out[3] = v4.sum();
    out[4] = v5.sum();
}
}  // namespace

Status verify_stage6a(Context& c, Report& report) noexcept
{
    const Dimensions& d = c.d;
    const Claims& claims = c.proof.claims;
    const Stage6aClaims& s6a = claims.stage6a;
    Batch& batch = c.batch;

    if (s6a.val_stages.count != (c.key.full ? 0U : 5U))
        return reject(report, Stage::stage6a, Reason::claim_shape, Field::claims_stage6a, 1);

    c.bytecode_gamma = c.transcript.challenge_scalar();
    Fr beta[5];
    for (Fr& b : beta)
        b = c.transcript.challenge_scalar();
    c.bytecode.set(beta);
    c.booleanity_gamma = c.transcript.challenge();

    // Besides the folds: the pc of stages 1 and 3, and 1 for "the run starts at the entry row".
    Fr terms[8];
    Fr folds[5];
    fold_claims(claims, c.bytecode, folds);
    for (std::uint32_t s = 0; s < 5; ++s)
        terms[s] = folds[s];
    terms[5] = claims.stage1[Outer::pc];
    terms[6] = claims.stage3.shift.pc;
    terms[7] = Fr::one();

    batch.start(Stage::stage6a, c.proof, Sumcheck::stage6a);
    const std::uint32_t bytecode =
        batch.add(d.log_bytecode, d.bytecode_ra + 1, poly::fold(c.bytecode_gamma, terms));
    const std::uint32_t booleanity = batch.add(d.log_k_chunk, 3, Fr::zero());
    MOTE_TRY(batch.run(c.transcript, report));

    c.bytecode_address.assign_reversed(batch.raw(bytecode));
    c.booleanity_address.assign_reversed(batch.raw(booleanity));
    // The cycle rounds go on from here with these claims.
    batch.members[bytecode].expected = s6a.bytecode_intermediate;
    batch.members[booleanity].expected = s6a.booleanity_intermediate;
    MOTE_TRY(batch.finish(report));

    c.absorb(s6a.bytecode_intermediate);
    c.absorb(s6a.val_stages);
    c.absorb(s6a.booleanity_intermediate);
    return Status::ok;
}
}  // namespace mote::jolt
