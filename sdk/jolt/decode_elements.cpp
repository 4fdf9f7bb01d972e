#include "jolt/decode_elements.hpp"

#include "openings/membership.hpp"

namespace mote::jolt
{
namespace
{
using openings::DoryElements;
using openings::DoryProof;
using openings::FirstMessage;
using openings::GtBatch;
using openings::SecondMessage;

std::size_t commitment_count(const Commitments& c) noexcept
{
    return std::size_t{2} + c.instruction_ra.count + c.ram_ra.count + c.bytecode_ra.count;
}

Status add_all(GtBatch& batch, const GtView& view, Field field, Bytes span, Report& report) noexcept
{
    for (std::uint32_t i = 0; i < view.count; ++i)
    {
        const Bytes encoding = view[i];
        const auto offset = static_cast<std::uint64_t>(encoding.data() - span.data());
        MOTE_TRY(batch.add(encoding, field, i, offset, report));
    }
    return Status::ok;
}

Status decode_point(Bytes encoding, Field field, std::uint32_t index, const DoryProof& opening,
                    curve::G1& out, Report& report) noexcept
{
    const Reason reason = curve::decode_g1(encoding.data(), out);
    return reason == Reason::none
               ? Status::ok
               : malformed(report, reason, field, index, opening.offset_of(encoding));
}

Status decode_point(Bytes encoding, Field field, std::uint32_t index, const DoryProof& opening,
                    curve::G2& out, Report& report) noexcept
{
    Reason reason = curve::decode_g2_on_curve(encoding.data(), out);
    if (reason == Reason::none && !curve::in_subgroup(out))
        reason = Reason::not_in_subgroup;
    return reason == Reason::none
               ? Status::ok
               : malformed(report, reason, field, index, opening.offset_of(encoding));
}

Status add_opening(GtBatch& batch, const DoryProof& opening, Report& report) noexcept
{
    const auto add = [&](Bytes encoding, Field field, std::uint32_t index)
    { return batch.add(encoding, field, index, opening.offset_of(encoding), report); };
    MOTE_TRY(add(opening.vmv_c, Field::vmv_c, 0));
    MOTE_TRY(add(opening.vmv_d2, Field::vmv_d2, 0));
    for (std::uint32_t k = 0; k < opening.rounds; ++k)
    {
        MOTE_TRY(add(opening.first(k, FirstMessage::d1_left), Field::d1_left, k));
        MOTE_TRY(add(opening.first(k, FirstMessage::d1_right), Field::d1_right, k));
        MOTE_TRY(add(opening.first(k, FirstMessage::d2_left), Field::d2_left, k));
        MOTE_TRY(add(opening.first(k, FirstMessage::d2_right), Field::d2_right, k));
    }
    for (std::uint32_t k = 0; k < opening.rounds; ++k)
    {
        MOTE_TRY(add(opening.second(k, SecondMessage::c_plus), Field::c_plus, k));
        MOTE_TRY(add(opening.second(k, SecondMessage::c_minus), Field::c_minus, k));
    }
    return Status::ok;
}

Status decode_points(const DoryProof& opening, DoryElements::Round* rounds, DoryElements& out,
                     Report& report) noexcept
{
    const auto point = [&](Bytes encoding, Field field, std::uint32_t index, auto& to)
    { return decode_point(encoding, field, index, opening, to, report); };
    MOTE_TRY(point(opening.vmv_e1, Field::vmv_e1, 0, out.vmv_e1));
    for (std::uint32_t k = 0; k < opening.rounds; ++k)
    {
        DoryElements::Round& r = rounds[k];
        MOTE_TRY(point(opening.first(k, FirstMessage::e1_beta), Field::e1_beta, k, r.e1_beta));
        MOTE_TRY(point(opening.first(k, FirstMessage::e2_beta), Field::e2_beta, k, r.e2_beta));
        MOTE_TRY(point(opening.second(k, SecondMessage::e1_plus), Field::e1_plus, k, r.e1_plus));
        MOTE_TRY(point(opening.second(k, SecondMessage::e1_minus), Field::e1_minus, k, r.e1_minus));
        MOTE_TRY(point(opening.second(k, SecondMessage::e2_plus), Field::e2_plus, k, r.e2_plus));
        MOTE_TRY(point(opening.second(k, SecondMessage::e2_minus), Field::e2_minus, k, r.e2_minus));
    }
    MOTE_TRY(point(opening.final_e1, Field::final_e1, 0, out.final_e1));
    return point(opening.final_e2, Field::final_e2, 0, out.final_e2);
}
}  // namespace

std::size_t elements_memory_bytes(std::size_t commitments, std::size_t rounds) noexcept
{
    return GtBatch::memory_bytes(commitments + openings::dory_gt_count(rounds)) +
           rounds * sizeof(DoryElements::Round) + 2 * Arena::alignment;
}

Status decode_elements(const Proof& proof, Bytes proof_bytes, Bytes trusted_advice_commitment,
                       const DoryProof& opening, Arena& arena, Elements& elements,
                       DoryElements& dory, Report& report) noexcept
{
    const Commitments& c = proof.commitments;
    const bool trusted = !trusted_advice_commitment.empty();
    GtBatch batch(arena, commitment_count(c) + proof.untrusted_advice_commitment.count +
                             (trusted ? 1 : 0) + openings::dory_gt_count(opening.rounds));
    auto* const rounds = arena.take<DoryElements::Round>(opening.rounds);
    if (rounds == nullptr)
        return Status::memory_too_small;
    const auto add = [&](const GtView& view, Field field)
    { return add_all(batch, view, field, proof_bytes, report); };
    MOTE_TRY(add(c.rd_inc, Field::rd_inc_commitment));
    MOTE_TRY(add(c.ram_inc, Field::ram_inc_commitment));
    MOTE_TRY(add(c.instruction_ra, Field::instruction_ra_commitments));
    MOTE_TRY(add(c.ram_ra, Field::ram_ra_commitments));
    MOTE_TRY(add(c.bytecode_ra, Field::bytecode_ra_commitments));
    MOTE_TRY(add(proof.untrusted_advice_commitment, Field::untrusted_advice_commitment));
    if (trusted)
        MOTE_TRY(
            batch.add(trusted_advice_commitment, Field::trusted_advice_commitment, 0, 0, report));
    MOTE_TRY(add_opening(batch, opening, report));
    MOTE_TRY(decode_points(opening, rounds, dory, report));
    MOTE_TRY(batch.check(arena, report));

    const curve::Gt* at = batch.elements();
    const auto next = [&](std::size_t count)
    {
        const curve::Gt* const first = at;
        at += count;
        return count == 0 ? nullptr : first;
    };
    elements.rd_inc = next(1);
    elements.ram_inc = next(1);
    elements.instruction_ra = next(c.instruction_ra.count);
    elements.ram_ra = next(c.ram_ra.count);
    elements.bytecode_ra = next(c.bytecode_ra.count);
    elements.untrusted_advice = next(proof.untrusted_advice_commitment.count);
    elements.trusted_advice = next(trusted ? 1 : 0);
    dory.vmv = next(2);
    dory.first = next(std::size_t{4} * opening.rounds);
    dory.second = next(std::size_t{2} * opening.rounds);
    dory.rounds = rounds;
    return Status::ok;
}

std::size_t key_commitments_memory_bytes(const ProgramKey& key) noexcept
{
    return key.full ? 0 : GtBatch::memory_bytes(std::size_t{key.chunk_count} + 1);
}

Status decode_key_commitments(ProgramKey& key, Arena& arena, Report& report) noexcept
{
    if (key.full)
        return Status::ok;
    GtBatch batch(arena, std::size_t{key.chunk_count} + 1);
    for (std::uint32_t i = 0; i < key.chunk_count; ++i)
        MOTE_TRY(batch.add({key.chunk_encodings + curve::gt_bytes * i, curve::gt_bytes},
                           Field::chunk_commitments, i, 0, report));
    MOTE_TRY(
        batch.add({key.image_encoding, curve::gt_bytes}, Field::image_commitment, 0, 0, report));
    MOTE_TRY(batch.check(arena, report));
    key.chunk_commitments = batch.elements();
    key.image_commitment = batch.elements() + key.chunk_count;
    return Status::ok;
}
}  // namespace mote::jolt
