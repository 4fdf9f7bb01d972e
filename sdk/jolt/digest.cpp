#include "jolt/digest.hpp"

#include "hash/blake2b.hpp"
#include "jolt/limits.hpp"

namespace mote::jolt
{
namespace
{
constexpr std::uint32_t bytecode_lane_bits = 9;  // 512 lanes of a committed row

/// Absorbs integers of fixed width.
class FixedWidth
{
  public:
    FixedWidth() noexcept : hash_(digest_bytes) {}

    void u8(std::uint8_t x) noexcept { put(x); }
    void u16(std::uint16_t x) noexcept { put(x); }
    void u64(std::uint64_t x) noexcept { put(x); }
    template <typename Int>
    void option(const Maybe<Int>& x) noexcept
    {
        u8(x.present ? 1 : 0);
        if (x.present)
            put(x.value);
    }
    void bytes(Bytes x) noexcept { hash_.update(x); }
    void finish(std::uint8_t (&digest)[digest_bytes]) noexcept { hash_.finish(digest); }

  private:
    template <typename Int>
    void put(Int x) noexcept
    {
        std::uint8_t encoded[sizeof(Int)];
        store_le(encoded, x);
        hash_.update(encoded);
    }

    hash::Blake2b hash_;
};

void put_metadata(FixedWidth& out, const ProgramShape& shape) noexcept
{
    out.u64(shape.entry_address);
    out.u64(shape.min_bytecode_address);
    out.u64(shape.entry_bytecode_index);
    out.u64(shape.image_words);
    out.u64(shape.bytecode_len);
}

void put_layout(FixedWidth& out, const MemoryLayout& m) noexcept
{
    for (const std::uint64_t value : {m.program_size,
                                      m.max_trusted_advice_size,
                                      m.trusted_advice_start,
                                      m.trusted_advice_end,
                                      m.max_untrusted_advice_size,
                                      m.untrusted_advice_start,
                                      m.untrusted_advice_end,
                                      m.max_input_size,
                                      m.max_output_size,
                                      m.input_start,
                                      m.input_end,
                                      m.output_start,
                                      m.output_end,
                                      m.stack_size,
                                      m.stack_end,
                                      m.heap_size,
                                      m.heap_end,
                                      m.panic,
                                      m.termination,
                                      m.io_end})
        out.u64(value);
}

/// The shape came from the same bytes, so no read below can fail.
void must(Status status) noexcept
{
    MOTE_ASSERT(status == Status::ok);
    static_cast<void>(status);
}

void put_rows(FixedWidth& out, BincodeReader& in, const ProgramShape& shape) noexcept
{
    out.u64(shape.row_count);
    for (std::uint32_t i = 0; i < shape.row_count; ++i)
    {
        WireRow row;
        must(read_row(in, row));
        out.u16(row.tag);
        out.u64(row.address);
        out.option(row.rs1);
        out.option(row.rs2);
        out.option(row.rd);
        out.u64(row.imm_lo);
        out.u64(row.imm_hi);
        out.option(row.virtual_sequence_remaining);
        out.u8(row.is_first_in_sequence ? 1 : 0);
        out.u8(row.is_compressed ? 1 : 0);
    }
}

void put_pc_map(FixedWidth& out, BincodeReader& in, const ProgramShape& shape) noexcept
{
    out.u64(shape.slot_count);
    for (std::uint32_t slot = 0; slot < shape.slot_count; ++slot)
    {
        std::uint32_t entries = 0;
        must(in.length(1, entries));
        out.u64(entries);
        for (std::uint32_t i = 0; i < entries; ++i)
        {
            std::uint16_t remaining = 0;
            std::uint64_t row = 0;
            must(in.u16(remaining));
            must(in.u64(row));
            out.u16(remaining);
            out.u64(row);
        }
    }
}

void put_words(FixedWidth& out, BincodeReader& in, const ProgramShape& shape) noexcept
{
    out.u64(shape.image_words);
    for (std::uint64_t i = 0; i < shape.image_words; ++i)
    {
        std::uint64_t word = 0;
        must(in.u64(word));
        out.u64(word);
    }
}

void put_full(FixedWidth& out, Bytes bytes, const ProgramShape& shape) noexcept
{
    Report unused;
    out.u64(shape.bytecode_len);
    BincodeReader rows(bytes.subspan(shape.rows_at), 0, unused);
    put_rows(out, rows, shape);
    BincodeReader slots(bytes.subspan(shape.slots_at), 0, unused);
    put_pc_map(out, slots, shape);
    out.u64(shape.entry_address);
    out.u64(shape.min_bytecode_address);
    BincodeReader words(bytes.subspan(shape.words_at), 0, unused);
    put_words(out, words, shape);
}

/// Columns of the balanced matrix of a polynomial with `variables` variables.
std::uint64_t matrix_columns(std::uint32_t variables) noexcept
{
    return std::uint64_t{1} << ((variables + 1) / 2);
}

void put_committed(FixedWidth& out, const ProgramShape& shape) noexcept
{
    const std::uint64_t chunks = shape.chunk_commitments.count;
    const std::uint64_t chunk_rows = shape.bytecode_len / chunks;
    const std::uint64_t padded_words =
        shape.image_words <= 2 ? 2 : next_power_of_two(shape.image_words);
    // The prover's chunk size for the longest trace this key allows.
    const bool short_trace = ceil_log2(shape.max_padded_trace_length) < 25;

    put_metadata(out, shape);
    out.u64(chunks);
    for (std::uint32_t i = 0; i < chunks; ++i)
        out.bytes(shape.chunk_commitments[i]);
    out.u64(matrix_columns(bytecode_lane_bits + ceil_log2(chunk_rows)));
    out.u8(short_trace ? 4 : 8);
    out.u64(chunks);
    out.u64(shape.bytecode_len);
    out.u64(chunk_rows);
    out.bytes(shape.image_commitment[0]);
    out.u64(matrix_columns(ceil_log2(padded_words)));
    out.u64(padded_words);
}

Status invalid(Report& report, Field field) noexcept
{
    return reject(report, Stage::key, Reason::invalid_program, field);
}

Status too_large(Report& report, Field field) noexcept
{
    return reject(report, Stage::key, Reason::value_out_of_range, field);
}
}  // namespace

Status check_program(const ProgramShape& shape, Report& report) noexcept
{
    const Field length_field = shape.full ? Field::code_size : Field::bytecode_len;
    const Field words_field = shape.full ? Field::image_words : Field::program_image_len_words;

    // Upstream pads to at least two rows.
    if (!is_power_of_two(shape.bytecode_len) || shape.bytecode_len < 2)
        return invalid(report, length_field);
    if (shape.bytecode_len > std::uint64_t{1} << limits::log_bytecode_max)
        return too_large(report, length_field);
    if (shape.image_words > std::uint64_t{1} << limits::log_ram_max)
        return too_large(report, words_field);
    if (shape.max_padded_trace_length > std::uint64_t{1} << limits::log_trace_max)
        return too_large(report, Field::max_padded_trace_length);

    if (shape.full && !shape.entry_found)
        return invalid(report, Field::entry_address);
    if (shape.entry_bytecode_index >= shape.bytecode_len)
        return invalid(report, shape.full ? Field::entry_address : Field::entry_bytecode_index);

    const std::uint32_t chunks = shape.chunk_commitments.count;
    if (!shape.full && (!is_power_of_two(chunks) || chunks > limits::chunk_count_max ||
                        chunks > shape.bytecode_len))
        return invalid(report, Field::chunk_commitments);
    return Status::ok;
}

void program_digest(Bytes bytes, const ProgramShape& shape,
                    std::uint8_t (&digest)[digest_bytes]) noexcept
{
    FixedWidth out;
    out.u8(shape.full ? 0 : 1);
    if (shape.full)
        put_full(out, bytes, shape);
    else
        put_committed(out, shape);
    put_metadata(out, shape);
    put_layout(out, shape.memory_layout);
    out.u64(shape.max_padded_trace_length);
    out.u64(shape.full ? 1 : shape.chunk_commitments.count);
    out.finish(digest);
}
}  // namespace mote::jolt
