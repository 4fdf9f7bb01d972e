// Stage 2: products of the R1CS, RAM accesses, and the memory the run ends with.
#include "jolt/stages/stages.hpp"
#include "poly/eq.hpp"
#include "poly/lagrange.hpp"
#include "poly/less_than.hpp"
#include "poly/multilinear.hpp"
#include "sumcheck/uniskip.hpp"

namespace mote::jolt
{
namespace
{
Fr dot(const Fr (&a)[3], const Fr (&b)[3]) noexcept
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// The final content of the I/O region at the RAM address point: inputs, outputs and two flags.
///
/// The words lie below io_end <= 2^low, so the table is one of `low` variables, times "the high bits
/// are zero".
Fr final_io(const Context& c) noexcept
{
    const Dimensions& d = c.d;
    const std::uint32_t low = ceil_log2(d.io_end);
    const Point address = c.ram_address;
    const std::uint64_t words = (c.io.inputs.size() + d.outputs.size()) / 8;
    poly::SparseEvaluator io(address.last(low), c.scratch.data(), sparse_table_bits(words));
    io.add_bytes(d.input_word, c.io.inputs);
    io.add_bytes(d.output_word, d.outputs);
    if (c.io.panic)
        io.add_word(d.panic_word, 1);
    else
        io.add_word(d.termination_word, 1);
    return io.value() * poly::product_of_complements(address.first(d.log_ram - low));
}
}  // namespace

Status verify_stage2(Context& c, const Observer& observer, Report& report) noexcept
{
    const Dimensions& d = c.d;
    const Stage1Claims& s1 = c.proof.claims.stage1;
    const Stage2Claims& s2 = c.proof.claims.stage2;
    Batch& batch = c.batch;

    observer.stage(Stage::stage2_uniskip);
    const Fr tau = c.transcript.challenge();
    Fr basis[3];
    poly::lagrange<3>(tau, basis);
    const Fr products[3] = {s1[Outer::product], s1[Outer::should_branch], s1[Outer::should_jump]};
    Fr r_product;
    MOTE_TRY(sumcheck::verify_uniskip<3>(
        {dot(basis, products), s2.uniskip, 6},
        c.proof.sumchecks[static_cast<std::uint32_t>(Sumcheck::stage2_uniskip)],
        {Stage::stage2_uniskip, Field::sumcheck_2_uniskip}, c.transcript, r_product, report));

    observer.stage(Stage::stage2);
    const Fr ram_gamma = c.transcript.challenge_scalar();
    const Fr instruction_gamma = c.transcript.challenge_scalar();
    Fr output_address[limits::log_ram_max];
    for (std::uint32_t i = 0; i < d.log_ram; ++i)
        output_address[i] = c.transcript.challenge();

    // The members on RAM addresses alone begin with the address rounds of the read-write check, after
    // its first phase, and sit out the cycle rounds in between.
    const std::uint32_t address_rounds = d.log_trace + d.log_ram - d.ram_phase1;
    const Fr instruction_inputs[] = {
        s1[Outer::lookup_output], s1[Outer::left_lookup_operand], s1[Outer::right_lookup_operand],
        s1[Outer::left_instruction_input], s1[Outer::right_instruction_input]};
    batch.start(Stage::stage2, c.proof, Sumcheck::stage2);
    const std::uint32_t ram =
        batch.add(d.log_trace + d.log_ram, 3,
                  s1[Outer::ram_read_value] + ram_gamma * s1[Outer::ram_write_value]);
    const std::uint32_t product = batch.add(d.log_trace, 3, s2.uniskip);
    const std::uint32_t instruction =
        batch.add(d.log_trace, 2, poly::fold(instruction_gamma, instruction_inputs));
    const std::uint32_t address = batch.add(
        address_rounds, 2, times_power_of_two(s1[Outer::ram_address], d.log_trace - d.ram_phase1),
        d.ram_phase1);
    const std::uint32_t output = batch.add(address_rounds, 3, Fr::zero(), d.ram_phase1);
    MOTE_TRY(batch.run(c.transcript, report));

    // Sorting the address-only members' challenges gives the same address: they share its rounds, and
    // the two ways of counting leave out the same cycle rounds. So there is one address point, where
    // upstream computes three and compares them.
    c.ram_address.count = d.log_ram;
    c.ram_cycle.count = d.log_trace;
    split_read_write({d.log_trace, d.log_ram, d.ram_phase1, d.ram_phase2}, batch.raw(ram),
                     c.ram_address.coordinates, c.ram_cycle.coordinates);
    c.product.assign_reversed(batch.raw(product));
    const Fr outer_at_product = poly::eq(c.outer_cycle(), c.product);

    {
        const RamReadWriteClaims& v = s2.ram_read_write;
        batch.members[ram].expected =
            poly::eq(c.outer_cycle(), c.ram_cycle) * v.ra * (v.val + ram_gamma * (v.val + v.inc));
    }
    {
        const ProductRemainderClaims& v = s2.product_remainder;
        Fr weights[3];
        poly::lagrange<3>(r_product, weights);
        const Fr lefts[3] = {v.left_instruction_input, v.lookup_output, v.jump_flag};
        const Fr rights[3] = {v.right_instruction_input, v.branch_flag, Fr::one() - v.next_is_noop};
        batch.members[product].expected = poly::lagrange_kernel<3>(tau, r_product) *
                                          outer_at_product * dot(weights, lefts) *
                                          dot(weights, rights);
    }
    {
        const InstructionClaimReductionClaims& v = s2.instruction_claim_reduction;
        const Fr values[] = {v.lookup_output, v.left_lookup_operand, v.right_lookup_operand,
                             v.left_instruction_input, v.right_instruction_input};
        batch.members[instruction].expected =
            outer_at_product * poly::fold(instruction_gamma, values);
    }
    batch.members[address].expected =
        (times_power_of_two(poly::identity(c.ram_address), 3) + Fr::from_u64(d.lowest_address)) *
        s2.ram_raf_ram_ra;
    {
        const Fr mask = poly::less_than_constant(d.io_end, c.ram_address) -
                        poly::less_than_constant(d.io_begin, c.ram_address);
        batch.members[output].expected = poly::eq({output_address, d.log_ram}, c.ram_address) *
                                         mask * (s2.output_val_final - final_io(c));
    }
    MOTE_TRY(batch.finish(report));

    // Both groups open these three at the same point; only the first ones are absorbed.
    const ProductRemainderClaims& p = s2.product_remainder;
    const InstructionClaimReductionClaims& i = s2.instruction_claim_reduction;
    constexpr std::uint32_t first = 12;  // claims of the stage before `i`
    const struct
    {
        const Fr &a, &b;
        std::uint32_t index;
    } equal[] = {{i.lookup_output, p.lookup_output, first},
                 {i.left_instruction_input, p.left_instruction_input, first + 3},
                 {i.right_instruction_input, p.right_instruction_input, first + 4}};
    for (const auto& pair : equal)
        if (!(pair.a == pair.b))
            return reject(report, Stage::stage2, Reason::aliased_claim, Field::claims_stage2,
                          pair.index);

    c.absorb(s2.ram_read_write.val);
    c.absorb(s2.ram_read_write.ra);
    c.absorb(s2.ram_read_write.inc);
    c.absorb(p.left_instruction_input);
    c.absorb(p.right_instruction_input);
    c.absorb(p.jump_flag);
    c.absorb(p.write_lookup_output_to_rd);
    c.absorb(p.lookup_output);
    c.absorb(p.branch_flag);
    c.absorb(p.next_is_noop);
    c.absorb(p.virtual_instruction);
    c.absorb(i.left_lookup_operand);
    c.absorb(i.right_lookup_operand);
    c.absorb(s2.ram_raf_ram_ra);
    c.absorb(s2.output_val_final);
    return Status::ok;
}
}  // namespace mote::jolt
