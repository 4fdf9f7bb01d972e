#include "jolt/stages/precommitted.hpp"

#include "poly/eq.hpp"

namespace mote::jolt
{
namespace
{
constexpr std::uint32_t lane_bits = 9;

/// A committed chunk is a table over lanes and rows; the weight of an entry is that of its lane in the
/// folds of stage 6 times that of its row in the bytecode address. Chunks are joined by the top bits
/// of that address.
Fr bytecode_expected(const Context& c, Point y, const FrView& chunks) noexcept
{
    const std::uint32_t drop = c.d.log_chunk_count;
    const Point address = c.bytecode_address;
    const std::size_t row_bits = y.size() - lane_bits;
    const bool lanes_first = c.d.trace_order == TraceOrder::cycle_major;
    const Point lane = lanes_first ? y.first(lane_bits) : y.last(lane_bits);
    const Point row = lanes_first ? y.last(row_bits) : y.first(row_bits);

    Fr joined;
    for (std::uint32_t i = 0; i < chunks.count; ++i)
        joined += poly::eq_index(address.first(drop), i) * chunks[i];
    return fold_lanes(c.bytecode, c.eta, c.register_address, lane) *
           poly::eq(row, address.subspan(drop)) * joined;
}
}  // namespace

PrecommittedOpenings cycle_phase_openings(const Context& c, Precommitted kind) noexcept
{
    const Stage6bClaims& s6b = c.proof.claims.stage6b;
    switch (kind)
    {
        case Precommitted::trusted_advice:
            return {s6b.trusted_advice.value, {}};
        case Precommitted::untrusted_advice:
            return {s6b.untrusted_advice.value, {}};
        case Precommitted::bytecode_chunks:
            return {Fr::zero(), s6b.bytecode_reduction.value.chunks};
        case Precommitted::program_image:
            break;
    }
    return {s6b.program_image.value, {}};
}

Fr intermediate_claim(const Context& c, Precommitted kind) noexcept
{
    if (kind == Precommitted::bytecode_chunks)
        return c.proof.claims.stage6b.bytecode_reduction.value.intermediate.value;
    return cycle_phase_openings(c, kind).value;
}

PrecommittedOpenings address_phase_openings(const Context& c, Precommitted kind) noexcept
{
    const Stage7Claims& s7 = c.proof.claims.stage7;
    switch (kind)
    {
        case Precommitted::trusted_advice:
            return {s7.trusted_advice.value, {}};
        case Precommitted::untrusted_advice:
            return {s7.untrusted_advice.value, {}};
        case Precommitted::bytecode_chunks:
            return {Fr::zero(), s7.bytecode_chunks.value};
        case Precommitted::program_image:
            break;
    }
    return {s7.program_image.value, {}};
}

Fr precommitted_expected(const Context& c, Precommitted kind,
                         const PrecommittedOpenings& openings) noexcept
{
    const Dimensions& d = c.d;
    const Schedule::Polynomial& polynomial = d.schedule[kind];
    Fr own[limits::point_max];
    d.schedule.own_point(polynomial, c.by_round, own);
    const Point y(own, polynomial.variables);
    const Point ram = c.ram_address;

    Fr value;
    switch (kind)
    {
        case Precommitted::trusted_advice:
            value = poly::eq(y, ram.last(d.trusted_advice.variables)) * openings.value;
            break;
        case Precommitted::untrusted_advice:
            value = poly::eq(y, ram.last(d.untrusted_advice.variables)) * openings.value;
            break;
        case Precommitted::bytecode_chunks:
            value = bytecode_expected(c, y, openings.chunks);
            break;
        case Precommitted::program_image:
            value = poly::shifted_eq(ram, d.image_word, y) * openings.value;
            break;
    }
    for (std::uint32_t i = 0; i < polynomial.skipped; ++i)
        value = value.half();
    return value;
}
}  // namespace mote::jolt
