#include "jolt/load_key.hpp"

#include <cstring>

#include "jolt/limits.hpp"

namespace mote::jolt
{
namespace
{
constexpr std::uint32_t register_count = 1U << limits::register_address_bits;

/// What a key keeps; all nullptr when the arena only counts.
struct Storage
{
    Row* rows = nullptr;
    std::uint64_t* words = nullptr;
    std::uint8_t* encodings = nullptr;  ///< chunks, then the image
};

/// Takes everything a key of this shape needs.
Storage take_storage(const ProgramShape& shape, Arena& arena) noexcept
{
    Storage s;
    if (shape.full)
    {
        s.rows = arena.take<Row>(shape.row_count);
        s.words = arena.take<std::uint64_t>(static_cast<std::size_t>(shape.image_words));
    }
    else
    {
        s.encodings = arena.take<std::uint8_t>((std::size_t{shape.chunk_commitments.count} + 1) *
                                               GtView::element_bytes);
    }
    return s;
}

bool is_whole(const ProgramShape& shape, const Storage& s) noexcept
{
    return shape.full ? s.rows != nullptr && s.words != nullptr : s.encodings != nullptr;
}

/// Walks over program and digest; `carried` is the digest in the key.
Status read_key(Bytes key, std::uint64_t base_offset, ProgramShape& shape, Bytes& carried,
                Report& report) noexcept
{
    BincodeReader in(key, base_offset, report);
    MOTE_TRY(read_program(in, shape));
    in.enter(Field::preprocessing_digest);
    MOTE_TRY(in.take(digest_bytes, carried));
    return in.finish(Field::program_key);
}

bool register_exists(const Maybe<std::uint8_t>& number) noexcept
{
    return !number.present || number.value < register_count;
}

std::uint8_t register_or_none(const Maybe<std::uint8_t>& number) noexcept
{
    return number.present ? number.value : Row::no_register;
}

Status load_rows(BincodeReader& in, const ProgramShape& shape, const Revision& revision,
                 Row* out) noexcept
{
    in.enter(Field::bytecode_rows);
    for (std::uint32_t i = 0; i < shape.row_count; ++i, in.next_index())
    {
        const std::size_t start = in.position();
        WireRow wire;
        MOTE_TRY(read_row(in, wire));
        const int kind = revision.find_kind(wire.tag);
        if (kind < 0)
            return in.fail(Reason::unknown_instruction, start);
        // The folds over the bytecode index tables of register_count entries with these.
        if (!register_exists(wire.rs1) || !register_exists(wire.rs2) || !register_exists(wire.rd))
            return reject(in.report(), Stage::key, Reason::invalid_program, Field::bytecode_rows, i,
                          in.offset() - (in.position() - start));
        Row row{};
        row.address = wire.address;
        row.imm_lo = wire.imm_lo;
        row.imm_hi = wire.imm_hi;
        row.kind = static_cast<std::uint8_t>(kind);
        row.rs1 = register_or_none(wire.rs1);
        row.rs2 = register_or_none(wire.rs2);
        row.rd = register_or_none(wire.rd);
        row.virtual_sequence_remaining = wire.virtual_sequence_remaining.value;
        row.has_virtual_sequence_remaining = wire.virtual_sequence_remaining.present;
        row.is_first_in_sequence = wire.is_first_in_sequence;
        row.is_compressed = wire.is_compressed;
        out[i] = row;
    }
    return Status::ok;
}

Status load_words(BincodeReader& in, const ProgramShape& shape, std::uint64_t* out) noexcept
{
    in.enter(Field::image_words);
    for (std::uint64_t i = 0; i < shape.image_words; ++i, in.next_index())
        MOTE_TRY(in.u64(out[i]));
    return Status::ok;
}

Status load_content(Bytes key, std::uint64_t base_offset, const ProgramShape& shape,
                    const Revision& revision, const Storage& s, Report& report) noexcept
{
    if (shape.full)
    {
        BincodeReader rows(key.subspan(shape.rows_at), base_offset + shape.rows_at, report);
        MOTE_TRY(load_rows(rows, shape, revision, s.rows));
        BincodeReader words(key.subspan(shape.words_at), base_offset + shape.words_at, report);
        return load_words(words, shape, s.words);
    }
    std::uint8_t* encoding = s.encodings;
    for (std::uint32_t i = 0; i < shape.chunk_commitments.count; ++i)
    {
        std::memcpy(encoding, shape.chunk_commitments[i].data(), GtView::element_bytes);
        encoding += GtView::element_bytes;
    }
    std::memcpy(encoding, shape.image_commitment[0].data(), GtView::element_bytes);
    return Status::ok;
}

void describe(const ProgramShape& shape, const Revision& revision, const Storage& s,
              ProgramKey& out) noexcept
{
    out.revision = &revision;
    out.full = shape.full;
    out.memory_layout = shape.memory_layout;
    out.max_padded_trace_length = shape.max_padded_trace_length;
    out.entry_address = shape.entry_address;
    out.min_bytecode_address = shape.min_bytecode_address;
    out.entry_bytecode_index = shape.entry_bytecode_index;
    out.image_words = shape.image_words;
    out.bytecode_len = shape.bytecode_len;
    if (shape.full)
    {
        out.rows = s.rows;
        out.words = s.words;
        return;
    }
    out.chunk_count = shape.chunk_commitments.count;
    out.chunk_encodings = s.encodings;
    out.image_encoding = s.encodings + std::size_t{out.chunk_count} * GtView::element_bytes;
}

Status load(Bytes key, std::uint64_t base_offset, const Revision& revision, Arena& arena,
            ProgramKey& out, Report& report) noexcept
{
    ProgramShape shape;
    Bytes carried;
    MOTE_TRY(read_key(key, base_offset, shape, carried, report));
    MOTE_TRY(check_program(shape, report));

    const Storage storage = take_storage(shape, arena);
    if (!is_whole(shape, storage))
        return Status::memory_too_small;
    MOTE_TRY(load_content(key, base_offset, shape, revision, storage, report));
    describe(shape, revision, storage, out);

    program_digest(key, shape, out.digest);
    if (!equal_vartime(out.digest, carried))
        return reject(report, Stage::key, Reason::digest_differs, Field::preprocessing_digest, 0,
                      base_offset + shape.end);
    return Status::ok;
}
}  // namespace

Status program_key_bytes(Bytes key, std::uint64_t base_offset, std::size_t& out,
                         Report& report) noexcept
{
    out = 0;
    ProgramShape shape;
    Bytes carried;
    MOTE_TRY(read_key(key, base_offset, shape, carried, report));
    Arena counting(nullptr, 0);
    static_cast<void>(take_storage(shape, counting));
    out = counting.used();
    return Status::ok;
}

Status load_program_key(Bytes key, std::uint64_t base_offset, const Revision& revision,
                        Arena& arena, ProgramKey& out, Report& report) noexcept
{
    out = {};
    const std::size_t mark = arena.used();
    const Status status = load(key, base_offset, revision, arena, out, report);
    if (status != Status::ok)
    {
        out = {};
        arena.release_to(mark);
    }
    return status;
}
}  // namespace mote::jolt
