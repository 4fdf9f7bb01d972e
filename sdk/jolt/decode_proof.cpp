#include "jolt/decode.hpp"

namespace mote::jolt
{
namespace
{
/// The first departure from a transparent proof that can still be walked over.
struct NotClear
{
    bool found = false;
    Field field = Field::none;
    std::uint64_t offset = 0;
};

Field sumcheck_field(std::uint32_t i) noexcept
{
    return static_cast<Field>(static_cast<std::uint32_t>(Field::sumcheck_1_uniskip) + i);
}
static_assert(static_cast<std::uint32_t>(Field::sumcheck_7) -
                  static_cast<std::uint32_t>(Field::sumcheck_1_uniskip) ==
              sumcheck_count - 1);

Status read_commitments(BincodeReader& in, Commitments& out) noexcept
{
    in.enter(Field::rd_inc_commitment);
    MOTE_TRY(in.gt(out.rd_inc));
    in.enter(Field::ram_inc_commitment);
    MOTE_TRY(in.gt(out.ram_inc));
    in.enter(Field::instruction_ra_commitments);
    MOTE_TRY(in.gt_vector(out.instruction_ra));
    in.enter(Field::ram_ra_commitments);
    MOTE_TRY(in.gt_vector(out.ram_ra));
    in.enter(Field::bytecode_ra_commitments);
    return in.gt_vector(out.bytecode_ra);
}

/// Clear rounds: a vector of vectors of field elements.
Status read_clear_rounds(BincodeReader& in, Field field, RoundsView& out) noexcept
{
    MOTE_TRY(in.length(1, out.rounds));
    const std::size_t start = in.position();
    out.offset = in.offset();
    for (std::uint32_t i = 0; i < out.rounds; ++i)
    {
        in.enter(field, i);
        std::uint32_t coefficients = 0;
        MOTE_TRY(in.length(BincodeReader::field_bytes, coefficients));
        for (std::uint32_t k = 0; k < coefficients; ++k)
        {
            FrView coefficient;
            in.enter(field, i);  // the index of a report is the round, not the coefficient
            MOTE_TRY(in.frs(1, coefficient));
        }
    }
    out.bytes = in.since(start);
    return Status::ok;
}

/// Rounds of a hiding proof: commitments with degrees, then commitments to output claims.
Status read_committed_rounds(BincodeReader& in, Field field, RoundsView& out) noexcept
{
    out.offset = in.offset();
    MOTE_TRY(in.length(BincodeReader::g1_item_bytes + 1, out.rounds));
    for (std::uint32_t i = 0; i < out.rounds; ++i)
    {
        in.enter(field, i);
        std::uint64_t degree = 0;
        MOTE_TRY(in.g1());
        MOTE_TRY(in.u64(degree));
    }
    in.enter(field);
    return in.g1_vector();
}

Status read_sumcheck(BincodeReader& in, Field field, RoundsView& out, NotClear& not_clear) noexcept
{
    in.enter(field);
    const std::uint64_t offset = in.offset();
    std::uint32_t committed = 0, compressed = 0;
    MOTE_TRY(in.variant(2, committed));
    if (committed != 0)
    {
        if (!not_clear.found)
            not_clear = {true, field, offset};
        out.form = RoundsView::Form::committed;
        return read_committed_rounds(in, field, out);
    }
    MOTE_TRY(in.variant(2, compressed));
    out.form = compressed != 0 ? RoundsView::Form::compressed : RoundsView::Form::full;
    return read_clear_rounds(in, field, out);
}

Status read_protocol(BincodeReader& in) noexcept
{
    std::uint64_t offset = in.offset();
    std::uint32_t choice = 0;
    in.enter(Field::protocol_zk);
    MOTE_TRY(in.variant(2, choice));
    if (choice != 0)
        return reject(in.report(), Stage::config, Reason::unsupported_hiding, Field::protocol_zk, 0,
                      offset);
    offset = in.offset();
    in.enter(Field::protocol_commitment);
    MOTE_TRY(in.variant(2, choice));
    if (choice != 0)
        return reject(in.report(), Stage::config, Reason::unsupported_packed,
                      Field::protocol_commitment, 0, offset);
    return Status::ok;
}

Status read_config(BincodeReader& in, Proof& out) noexcept
{
    in.enter(Field::trace_length);
    MOTE_TRY(in.u64(out.trace_length));
    in.enter(Field::ram_k);
    MOTE_TRY(in.u64(out.ram_k));
    in.enter(Field::rw_config);
    for (std::uint8_t* phase :
         {&out.ram_phase1, &out.ram_phase2, &out.registers_phase1, &out.registers_phase2})
    {
        MOTE_TRY(in.u8(*phase));
        in.next_index();
    }
    in.enter(Field::one_hot_config);
    for (std::uint8_t* bits : {&out.log_k_chunk, &out.lookups_ra_virtual_log_k_chunk})
    {
        MOTE_TRY(in.u8(*bits));
        in.next_index();
    }
    in.enter(Field::trace_polynomial_order);
    std::uint32_t order = 0;
    MOTE_TRY(in.variant(2, order));
    out.trace_order = static_cast<TraceOrder>(order);
    return Status::ok;
}
}  // namespace

Status read_proof(BincodeReader& in, Proof& out) noexcept
{
    NotClear not_clear;
    MOTE_TRY(read_protocol(in));
    MOTE_TRY(read_commitments(in, out.commitments));
    for (std::uint32_t i = 0; i < sumcheck_count; ++i)
        MOTE_TRY(read_sumcheck(in, sumcheck_field(i), out.sumchecks[i], not_clear));

    in.enter(Field::joint_opening_proof);
    MOTE_TRY(in.byte_string(out.joint_opening_proof));
    out.joint_opening_offset = in.offset() - out.joint_opening_proof.size();

    in.enter(Field::untrusted_advice_commitment);
    MOTE_TRY(in.gt_option(out.untrusted_advice_commitment));

    in.enter(Field::claims);
    const std::uint64_t claims_offset = in.offset();
    std::uint32_t hiding = 0;
    MOTE_TRY(in.variant(2, hiding));
    if (hiding != 0)
        return reject(in.report(), Stage::config, Reason::not_clear, Field::claims, 0,
                      claims_offset);
    MOTE_TRY(read_claims(in, out.claims));
    MOTE_TRY(read_config(in, out));

    // Only now: bytes that do not parse are malformed, whatever else is wrong with them.
    if (not_clear.found)
        return reject(in.report(), Stage::config, Reason::not_clear, not_clear.field, 0,
                      not_clear.offset);
    return Status::ok;
}

Status decode_proof(Bytes bytes, std::uint64_t base_offset, Proof& out, Report& report) noexcept
{
    out = {};
    BincodeReader in(bytes, base_offset, report);
    Status status = read_proof(in, out);
    if (status == Status::ok)
        status = in.finish(Field::proof_end);
    if (status != Status::ok)
        out = {};
    return status;
}
}  // namespace mote::jolt
