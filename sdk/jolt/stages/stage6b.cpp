// Stage 6b: cycle rounds of the bytecode and of booleanity, everything that is virtual until now
// reduced to committed polynomials, and the cycle rounds of precommitted ones.
#include "jolt/stages/precommitted.hpp"
#include "jolt/stages/stages.hpp"
#include "poly/eq.hpp"
#include "poly/multilinear.hpp"

namespace mote::jolt
{
namespace
{
/// Lengths and presence of all claims of the stage. `index` counts field elements, as reports do.
class ShapeCheck
{
  public:
    ShapeCheck(std::uint32_t index, Report& report) noexcept : index_(index), report_(report) {}

    ShapeCheck& vector(const FrView& claims, std::uint32_t count) noexcept
    {
        if (claims.count != count)
            fail(Reason::claim_shape);
        index_ += claims.count;
        return *this;
    }
    ShapeCheck& scalars(std::uint32_t count) noexcept
    {
        index_ += count;
        return *this;
    }
    ShapeCheck& optional(bool present, bool wanted, std::uint32_t count = 1) noexcept
    {
        if (present != wanted)
            fail(Reason::optional_claim);
        index_ += present ? count : 0;
        return *this;
    }
    [[nodiscard]] Status status() const noexcept { return status_; }

  private:
    void fail(Reason reason) noexcept
    {
        if (status_ == Status::ok)
            status_ = reject(report_, Stage::stage6b, reason, Field::claims_stage6b, index_);
    }

    std::uint32_t index_;
    Report& report_;
    Status status_ = Status::ok;
};

Status check_claims(const Context& c, Report& report) noexcept
{
    const Dimensions& d = c.d;
    const Stage6bClaims& s6b = c.proof.claims.stage6b;
    const BytecodeReductionClaims& reduction = s6b.bytecode_reduction.value;
    const bool address_phase = d.schedule[Precommitted::bytecode_chunks].has_address_phase;
    ShapeCheck check(0, report);
    check.vector(s6b.bytecode_ra, d.bytecode_ra)
        .vector(s6b.booleanity.instruction_ra, d.instruction_ra)
        .vector(s6b.booleanity.bytecode_ra, d.bytecode_ra)
        .vector(s6b.booleanity.ram_ra, d.ram_ra)
        .scalars(1)
        .vector(s6b.ram_ra, d.ram_ra)
        .vector(s6b.committed_instruction_ra, d.instruction_ra)
        .scalars(2)
        .optional(s6b.trusted_advice.present, d.has_trusted_advice)
        .optional(s6b.untrusted_advice.present, d.has_untrusted_advice)
        .optional(s6b.bytecode_reduction.present, !c.key.full, 0);
    if (s6b.bytecode_reduction.present)
        check.optional(reduction.intermediate.present, address_phase)
            .vector(reduction.chunks, address_phase ? 0 : c.key.chunk_count);
    check.optional(s6b.program_image.present, !c.key.full);
    return check.status();
}

/// The five folds of the program's rows at the bytecode address: computed, or claimed in stage 6a.
void bytecode_folds(Context& c) noexcept
{
    if (c.key.full)
    {
        fold_bytecode(c.key, Point(c.bytecode_address), c.bytecode, Point(c.register_address),
                      c.scratch, c.bytecode_folds);
        return;
    }
    for (std::uint32_t s = 0; s < 5; ++s)
        c.bytecode_folds[s] = c.proof.claims.stage6a.val_stages[s];
}

Fr product(const FrView& values, std::uint32_t begin, std::uint32_t count) noexcept
{
    Fr result = Fr::one();
    for (std::uint32_t i = 0; i < count; ++i)
        result *= values[begin + i];
    return result;
}

/// Adds sum_i power (a_i^2 - a_i), power going up by gamma^2.
void add_booleanity(const FrView& values, const Fr& gamma_squared, Fr& power, Fr& sum) noexcept
{
    for (std::uint32_t i = 0; i < values.count; ++i)
    {
        const Fr a = values[i];
        sum += power * (a.square() - a);
        power *= gamma_squared;
    }
}

/// eq of the booleanity reference point and the booleanity challenges.
///
/// The reference is the stage 5 point, most significant coordinate first, while the challenges are
/// taken in the order drawn. That pairs unlike ends and is right: any fixed order would do, and
/// upstream's prover uses this one.
Fr booleanity_weight(const Context& c, std::span<const Fr> raw_cycle) noexcept
{
    const std::uint32_t n = c.d.log_k_chunk;
    PointBuffer<limits::log_k_chunk_max> raw_address;
    raw_address.assign_reversed(Point(c.booleanity_address));
    return poly::eq(Point(c.lookup_address).first(n), raw_address) *
           poly::eq(c.lookup_cycle, raw_cycle);
}

/// Whether bytecode_ra[i] is opened at the same point by the bytecode lookup and by booleanity.
bool same_bytecode_point(const Context& c, std::uint32_t i) noexcept
{
    Fr chunk[limits::log_k_chunk_max];
    address_chunk(c.bytecode_address, c.d.log_k_chunk, i, chunk);
    for (std::uint32_t k = 0; k < c.d.log_k_chunk; ++k)
        if (!(chunk[k] == c.booleanity_address.coordinates[k]))
            return false;
    return true;
}
}  // namespace

Status verify_stage6b(Context& c, Report& report) noexcept
{
    const Dimensions& d = c.d;
    const Claims& claims = c.proof.claims;
    const Stage6bClaims& s6b = claims.stage6b;
    Batch& batch = c.batch;
    MOTE_TRY(check_claims(c, report));

    const Fr ra_gamma = c.transcript.challenge_scalar();
    const Fr inc_gamma = c.transcript.challenge_scalar();
    if (!c.key.full)
        c.eta = c.transcript.challenge_scalar();

    batch.start(Stage::stage6b, c.proof, Sumcheck::stage6b);
    Fr virtual_ra[limits::instruction_ra_max];
    for (std::uint32_t i = 0; i < d.virtual_ra; ++i)
        virtual_ra[i] = claims.stage5.instruction_ra[i];
    const Fr increments[] = {claims.stage2.ram_read_write.inc, claims.stage4.ram_val_check.ram_inc,
                             claims.stage4.registers_read_write.rd_inc, claims.stage5.rd_inc};
    const std::uint32_t bytecode =
        batch.add(d.log_trace, d.bytecode_ra + 1, claims.stage6a.bytecode_intermediate);
    const std::uint32_t booleanity =
        batch.add(d.log_trace, 3, claims.stage6a.booleanity_intermediate);
    const std::uint32_t hamming = batch.add(d.log_trace, 3, Fr::zero());
    const std::uint32_t ram = batch.add(d.log_trace, d.ram_ra + 1, claims.stage5.ram_ra);
    const std::uint32_t instruction = batch.add(d.log_trace, d.committed_per_virtual + 1,
                                                poly::fold(ra_gamma, {virtual_ra, d.virtual_ra}));
    const std::uint32_t inc = batch.add(d.log_trace, 2, poly::fold(inc_gamma, increments));

    // Their rounds are numbered from the start of the batch, those of the trace members from its end.
    std::uint32_t precommitted[precommitted_count] = {};
    for (const Precommitted kind : all_precommitted)
    {
        if (!d.schedule[kind].present)
            continue;
        Fr claim;
        switch (kind)
        {
            case Precommitted::trusted_advice:
                claim = claims.stage4.ram_val_check.trusted_advice.value;
                break;
            case Precommitted::untrusted_advice:
                claim = claims.stage4.ram_val_check.untrusted_advice.value;
                break;
            case Precommitted::bytecode_chunks:
            {
                Fr folds[5];
                for (std::uint32_t s = 0; s < 5; ++s)
                    folds[s] = claims.stage6a.val_stages[s];
                claim = poly::fold(c.eta, folds);
                break;
            }
            case Precommitted::program_image:
                claim = claims.stage4.ram_val_check.program_image.value;
                break;
        }
        precommitted[static_cast<std::uint32_t>(kind)] = batch.add(d.schedule.align, 2, claim, 0);
    }
    MOTE_TRY(batch.run(c.transcript, report));

    const std::span<const Fr> raw = batch.raw(bytecode);
    c.cycle.assign_reversed(raw);
    const std::span<const Fr> all = batch.all();
    MOTE_ASSERT(all.size() == d.schedule.align);
    for (std::size_t i = 0; i < all.size(); ++i)
        c.by_round[i] = all[i];

    // Weights of the cycle points of stages 1 to 5 at the new cycle point.
    const Fr kappa[5] = {poly::eq(c.outer_cycle(), c.cycle), poly::eq(c.product, c.cycle),
                         poly::eq(c.shift, c.cycle), poly::eq(c.register_cycle, c.cycle),
                         poly::eq(c.lookup_cycle, c.cycle)};

    {
        bytecode_folds(c);
        const Fr pc = poly::identity(c.bytecode_address);
        Fr terms[8];
        for (std::uint32_t s = 0; s < 5; ++s)
            terms[s] = c.bytecode_folds[s] * kappa[s];
        terms[5] = pc * kappa[0];
        terms[6] = pc * kappa[2];
        terms[7] = poly::eq_index(c.bytecode_address, c.key.entry_bytecode_index) *
                   poly::product_of_complements(c.cycle);
        batch.members[bytecode].expected =
            product(s6b.bytecode_ra, 0, d.bytecode_ra) * poly::fold(c.bytecode_gamma, terms);
    }
    {
        const Fr step = c.booleanity_gamma.square();
        Fr power = Fr::one();
        Fr sum;
        add_booleanity(s6b.booleanity.instruction_ra, step, power, sum);
        add_booleanity(s6b.booleanity.bytecode_ra, step, power, sum);
        add_booleanity(s6b.booleanity.ram_ra, step, power, sum);
        batch.members[booleanity].expected = booleanity_weight(c, raw) * sum;
    }
    {
        const Fr& h = s6b.ram_hamming_weight;
        batch.members[hamming].expected = kappa[0] * (h.square() - h);
    }
    batch.members[ram].expected = kappa[4] * product(s6b.ram_ra, 0, d.ram_ra);
    {
        const std::uint32_t n = d.committed_per_virtual;
        for (std::uint32_t i = 0; i < d.virtual_ra; ++i)
            virtual_ra[i] = product(s6b.committed_instruction_ra, i * n, n);
        batch.members[instruction].expected =
            kappa[4] * poly::fold(ra_gamma, {virtual_ra, d.virtual_ra});
    }
    batch.members[inc].expected =
        (poly::eq(c.cycle, c.ram_cycle) + inc_gamma * poly::eq(c.cycle, c.ram_val_cycle)) *
            s6b.ram_inc +
        inc_gamma.square() * (kappa[3] + inc_gamma * kappa[4]) * s6b.rd_inc;
    for (const Precommitted kind : all_precommitted)
    {
        if (!d.schedule[kind].present)
            continue;
        sumcheck::Member& member = batch.members[precommitted[static_cast<std::uint32_t>(kind)]];
        member.expected = d.schedule[kind].has_address_phase
                              ? intermediate_claim(c, kind)
                              : precommitted_expected(c, kind, cycle_phase_openings(c, kind));
    }
    MOTE_TRY(batch.finish(report));

    c.absorb(s6b.bytecode_ra);
    c.absorb(s6b.booleanity.instruction_ra);
    for (std::uint32_t i = 0; i < d.bytecode_ra; ++i)
    {
        // The rounds of stage 6a make the first chunk's points equal when chunks fill the address.
        // Then this is the claim above once more. Upstream leaves it at that; here it must be equal.
        if (!same_bytecode_point(c, i))
            c.absorb(s6b.booleanity.bytecode_ra[i]);
        else if (!(s6b.booleanity.bytecode_ra[i] == s6b.bytecode_ra[i]))
            return reject(report, Stage::stage6b, Reason::aliased_claim, Field::claims_stage6b,
                          d.bytecode_ra + d.instruction_ra + i);
    }
    c.absorb(s6b.booleanity.ram_ra);
    c.absorb(s6b.ram_hamming_weight);
    c.absorb(s6b.ram_ra);
    c.absorb(s6b.committed_instruction_ra);
    c.absorb(s6b.ram_inc);
    c.absorb(s6b.rd_inc);
    c.absorb(s6b.trusted_advice);
    c.absorb(s6b.untrusted_advice);
    if (s6b.bytecode_reduction.present)
    {
        c.absorb(s6b.bytecode_reduction.value.intermediate);
        c.absorb(s6b.bytecode_reduction.value.chunks);
    }
    c.absorb(s6b.program_image);
    return Status::ok;
}
}  // namespace mote::jolt
