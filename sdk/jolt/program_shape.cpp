#include "jolt/program_shape.hpp"

#include "jolt/decode.hpp"

namespace mote::jolt
{
namespace
{
// The least an element can take: a varint is at least one byte, an absent option is one byte.
constexpr std::size_t row_bytes_min = 9;
constexpr std::size_t slot_bytes_min = 1;
constexpr std::size_t slot_entry_bytes_min = 2;
constexpr std::size_t word_bytes_min = 1;

Status read_slot_entry(BincodeReader& in, std::uint64_t& row) noexcept
{
    std::uint16_t remaining = 0;
    MOTE_TRY(in.u16(remaining));
    return in.u64(row);
}

/// Walks over `count` slots; takes the row of the first entry of the last one.
Status read_slots(BincodeReader& in, std::uint64_t count, bool& last_has_row,
                  std::uint64_t& last_row) noexcept
{
    last_has_row = false;
    in.enter(Field::pc_map);
    for (std::uint64_t slot = 0; slot < count; ++slot, in.next_index())
    {
        std::uint32_t entries = 0;
        MOTE_TRY(in.length(slot_entry_bytes_min, entries));
        last_has_row = entries != 0;
        for (std::uint32_t i = 0; i < entries; ++i)
        {
            std::uint64_t row = 0;
            MOTE_TRY(read_slot_entry(in, row));
            if (i == 0)
                last_row = row;
        }
    }
    return Status::ok;
}

Status read_optional_register(BincodeReader& in, Maybe<std::uint8_t>& out) noexcept
{
    MOTE_TRY(in.boolean(out.present));
    return out.present ? in.u8(out.value) : Status::ok;
}

Status read_tail(BincodeReader& in, ProgramShape& out) noexcept
{
    in.enter(Field::memory_layout);
    MOTE_TRY(read_memory_layout(in, out.memory_layout));
    in.enter(Field::max_padded_trace_length);
    return in.u64(out.max_padded_trace_length);
}

Status read_full(BincodeReader& in, ProgramShape& out) noexcept
{
    in.enter(Field::code_size);
    MOTE_TRY(in.u64(out.bytecode_len));

    in.enter(Field::bytecode_rows);
    const std::size_t count_at = in.position();
    MOTE_TRY(in.length(row_bytes_min, out.row_count));
    if (out.row_count != out.bytecode_len)
        return in.fail(Reason::row_count, count_at);
    out.rows_at = in.position();
    for (std::uint32_t i = 0; i < out.row_count; ++i, in.next_index())
    {
        WireRow row;
        MOTE_TRY(read_row(in, row));
    }

    in.enter(Field::pc_map);
    MOTE_TRY(in.length(slot_bytes_min, out.slot_count));
    out.slots_at = in.position();
    BincodeReader slots = in;
    bool has_row = false;
    std::uint64_t row = 0;
    MOTE_TRY(read_slots(in, out.slot_count, has_row, row));

    in.enter(Field::entry_address);
    MOTE_TRY(in.u64(out.entry_address));
    std::uint64_t entry_slot = 0;
    if (pc_map_slot(out.entry_address, entry_slot) && entry_slot < out.slot_count)
        MOTE_TRY(read_slots(slots, entry_slot + 1, out.entry_found, out.entry_bytecode_index));

    in.enter(Field::min_bytecode_address);
    MOTE_TRY(in.u64(out.min_bytecode_address));

    in.enter(Field::image_words);
    std::uint32_t word_count = 0;
    MOTE_TRY(in.length(word_bytes_min, word_count));
    out.image_words = word_count;
    out.words_at = in.position();
    for (std::uint32_t i = 0; i < word_count; ++i, in.next_index())
    {
        std::uint64_t word = 0;
        MOTE_TRY(in.u64(word));
    }
    return read_tail(in, out);
}

Status read_committed(BincodeReader& in, ProgramShape& out) noexcept
{
    in.enter(Field::entry_address);
    MOTE_TRY(in.u64(out.entry_address));
    in.enter(Field::min_bytecode_address);
    MOTE_TRY(in.u64(out.min_bytecode_address));
    in.enter(Field::entry_bytecode_index);
    MOTE_TRY(in.u64(out.entry_bytecode_index));
    in.enter(Field::program_image_len_words);
    MOTE_TRY(in.u64(out.image_words));
    in.enter(Field::bytecode_len);
    MOTE_TRY(in.u64(out.bytecode_len));
    MOTE_TRY(read_tail(in, out));
    in.enter(Field::chunk_commitments);
    MOTE_TRY(in.gt_vector(out.chunk_commitments));
    in.enter(Field::image_commitment);
    return in.gt(out.image_commitment);
}
}  // namespace

bool pc_map_slot(std::uint64_t address, std::uint64_t& slot) noexcept
{
    if (address == 0)
    {
        slot = 0;
        return true;
    }
    if (address < ram_start_address || address % 2 != 0)
        return false;
    slot = (address - ram_start_address) / 2 + 1;
    return true;
}

Status read_row(BincodeReader& in, WireRow& out) noexcept
{
    out = {};
    MOTE_TRY(in.u16(out.tag));
    MOTE_TRY(in.u64(out.address));
    MOTE_TRY(read_optional_register(in, out.rs1));
    MOTE_TRY(read_optional_register(in, out.rs2));
    MOTE_TRY(read_optional_register(in, out.rd));
    MOTE_TRY(in.i128(out.imm_lo, out.imm_hi));
    auto& remaining = out.virtual_sequence_remaining;
    MOTE_TRY(in.boolean(remaining.present));
    if (remaining.present)
        MOTE_TRY(in.u16(remaining.value));
    MOTE_TRY(in.boolean(out.is_first_in_sequence));
    return in.boolean(out.is_compressed);
}

Status read_program(BincodeReader& in, ProgramShape& out) noexcept
{
    out = {};
    out.begin = in.position();
    in.enter(Field::program_mode);
    std::uint32_t committed = 0;
    MOTE_TRY(in.variant(2, committed));
    out.full = committed == 0;
    MOTE_TRY(out.full ? read_full(in, out) : read_committed(in, out));
    out.end = in.position();
    return Status::ok;
}
}  // namespace mote::jolt
