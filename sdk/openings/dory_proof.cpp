#include "openings/dory_proof.hpp"

#include "base/reader.hpp"
#include "field/bn254.hpp"

namespace mote::openings
{
namespace
{
/// Content of the five options of a hiding proof: group elements, then field elements.
struct HidingField
{
    std::uint16_t group_bytes;
    std::uint8_t field_elements;
};
constexpr HidingField hiding_fields[] = {
    {DoryProof::g2_bytes, 0},                                                  // e2
    {DoryProof::g1_bytes, 0},                                                  // y_com
    {DoryProof::g2_bytes + DoryProof::g1_bytes, 3},                            // sigma1
    {DoryProof::gt_bytes, 2},                                                  // sigma2
    {4 * DoryProof::gt_bytes + DoryProof::g1_bytes + DoryProof::g2_bytes, 3},  // scalar_product
};

Status skip_field_element(Reader& in) noexcept
{
    const std::size_t start = in.position();
    Bytes bytes;
    field::Fr ignored;
    MOTE_TRY(in.take(field::Fr::bytes, bytes));
    return field::Fr::from_bytes_le(bytes.data(), ignored)
               ? Status::ok
               : in.fail(Reason::field_not_canonical, start);
}

Status read_vmv(Reader& in, DoryProof& out) noexcept
{
    in.enter(Field::vmv_c);
    MOTE_TRY(in.take(DoryProof::gt_bytes, out.vmv_c));
    in.enter(Field::vmv_d2);
    MOTE_TRY(in.take(DoryProof::gt_bytes, out.vmv_d2));
    in.enter(Field::vmv_e1);
    return in.take(DoryProof::g1_bytes, out.vmv_e1);
}

/// Takes `rounds` messages of `bytes` each; a report names the first that is not whole.
Status read_messages(Reader& in, Field field, std::uint32_t rounds, std::size_t bytes,
                     Bytes& out) noexcept
{
    const std::size_t whole = in.remaining() / bytes;
    in.enter(field);
    if (rounds <= whole)
        return in.take(bytes * rounds, out);
    in.enter(field, static_cast<std::uint32_t>(whole));
    return in.fail(Reason::truncated, in.position() + bytes * whole);
}

Status read_rounds(Reader& in, std::uint32_t rounds_max, DoryProof& out) noexcept
{
    const std::size_t start = in.position();
    const std::uint64_t offset = in.offset();
    std::uint32_t rounds = 0;
    in.enter(Field::dory_rounds);
    MOTE_TRY(in.u32_le(rounds));
    if (rounds > DoryProof::rounds_max)
        return in.fail(Reason::too_many_elements, start);
    if (rounds > rounds_max)
        return reject(in.report(), Stage::dory, Reason::opening_shape, Field::dory_rounds, rounds,
                      offset);
    out.rounds = rounds;
    MOTE_TRY(read_messages(in, Field::d1_left, rounds, DoryProof::first_bytes, out.first_messages));
    return read_messages(in, Field::c_plus, rounds, DoryProof::second_bytes, out.second_messages);
}

Status read_proof(Reader& in, std::uint32_t rounds_max, DoryProof& out) noexcept
{
    MOTE_TRY(read_vmv(in, out));
    MOTE_TRY(read_rounds(in, rounds_max, out));

    bool has_final = false;
    const std::uint64_t final_offset = in.offset();
    in.enter(Field::final_message);
    MOTE_TRY(in.boolean(has_final));
    if (has_final)
    {
        in.enter(Field::final_e1);
        MOTE_TRY(in.take(DoryProof::g1_bytes, out.final_e1));
        in.enter(Field::final_e2);
        MOTE_TRY(in.take(DoryProof::g2_bytes, out.final_e2));
    }
    in.enter(Field::nu);
    MOTE_TRY(in.u32_le(out.nu));
    in.enter(Field::sigma);
    MOTE_TRY(in.u32_le(out.sigma));

    bool hiding = false;
    std::uint32_t hiding_index = 0;
    std::uint64_t hiding_offset = 0;
    in.enter(Field::hiding_fields);
    for (const HidingField& hiding_field : hiding_fields)
    {
        const std::uint64_t offset = in.offset();
        bool present = false;
        MOTE_TRY(in.boolean(present));
        if (present)
        {
            if (!hiding)
            {
                hiding_index = in.index();
                hiding_offset = offset;
            }
            hiding = true;
            MOTE_TRY(in.skip(hiding_field.group_bytes));
            for (std::uint32_t i = 0; i < hiding_field.field_elements; ++i)
                MOTE_TRY(skip_field_element(in));
        }
        in.next_index();
    }
    MOTE_TRY(in.finish(Field::joint_opening_proof));

    if (hiding)
        return reject(in.report(), Stage::dory, Reason::opening_mode, Field::hiding_fields,
                      hiding_index, hiding_offset);
    if (!has_final)
        return reject(in.report(), Stage::dory, Reason::opening_mode, Field::final_message, 0,
                      final_offset);
    return Status::ok;
}
}  // namespace

Status decode_dory_proof(Bytes blob, std::uint64_t base_offset, std::uint32_t rounds_max,
                         DoryProof& out, Report& report) noexcept
{
    out = {};
    out.blob = blob;
    out.offset = base_offset;
    Reader in(blob, base_offset, report);
    const Status status = read_proof(in, rounds_max, out);
    if (status != Status::ok)
        out = {};
    return status;
}
}  // namespace mote::openings
