#include "wire/svid_messages.hpp"

#include <pb_decode.h>
#include <pb_encode.h>

#include <cstring>

#include "base/assert.hpp"
#include "svid/header.hpp"
#include "wire/svid.pb.h"

namespace mote::wire
{
static_assert(header_bytes == svid::header_bytes);
static_assert(sizeof(mote_svid_GetRows::ranges) / sizeof(mote_svid_Range) == ranges_max);

namespace
{
// Reading. The stream's state is the address of the next byte, which substreams share: a callback
// can tell where its bytes lie and step over them.

bool read(pb_istream_t* stream, pb_byte_t* buffer, std::size_t count)
{
    const auto*& next = *static_cast<const std::uint8_t**>(stream->state);
    if (count != 0)
        std::memcpy(buffer, next, count);
    next += count;
    return true;
}

bool note_bytes(pb_istream_t* stream, const pb_field_t*, void** arg)
{
    // A field sent with another wire type comes as a stream over a copy on nanopb's stack.
    if (stream->callback != &read)
        return false;
    const auto*& next = *static_cast<const std::uint8_t**>(stream->state);
    *static_cast<Bytes*>(*arg) = {next, stream->bytes_left};
    next += stream->bytes_left;
    stream->bytes_left = 0;
    return true;
}

bool write_bytes(pb_ostream_t* stream, const pb_field_t* field, void* const* arg)
{
    const Bytes bytes = *static_cast<const Bytes*>(*arg);
    return bytes.empty() || (pb_encode_tag_for_field(stream, field) &&
                             pb_encode_string(stream, bytes.data(), bytes.size()));
}

// What can happen to the fields of a message; the messages' fields are listed once, in visit().

/// Before decoding: where the bytes go.
struct Attach
{
    static void bytes(pb_callback_t& field, Bytes& bytes) noexcept
    {
        field.funcs.decode = note_bytes;
        field.arg = &bytes;
    }
    template <typename Int>
    static void number(Int&, Int&) noexcept
    {
    }
    static void present(bool&) noexcept {}
};

/// After decoding: the numbers.
struct Take
{
    static void bytes(pb_callback_t&, Bytes&) noexcept {}
    template <typename Int>
    static void number(Int& field, Int& value) noexcept
    {
        value = field;
    }
    static void present(bool&) noexcept {}
};

/// Before encoding: everything.
struct Give
{
    static void bytes(pb_callback_t& field, const Bytes& bytes) noexcept
    {
        field.funcs.encode = write_bytes;
        field.arg = const_cast<Bytes*>(&bytes);  // nanopb has one type for both directions
    }
    template <typename Int>
    static void number(Int& field, const Int& value) noexcept
    {
        field = value;
    }
    static void present(bool& has) noexcept { has = true; }
};

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_Range& pb, Message& message) noexcept
{
    on.number(pb.first, message.first);
    on.number(pb.count, message.count);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_Announce& pb, Message& message) noexcept
{
    on.bytes(pb.header, message.header);
    on.number(pb.producer_index, message.producer_index);
    on.bytes(pb.signature, message.signature);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_ZPart& pb, Message& message) noexcept
{
    on.bytes(pb.svid_root, message.svid_root);
    on.number(pb.offset, message.offset);
    on.bytes(pb.data, message.data);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_Rows& pb, Message& message) noexcept
{
    on.bytes(pb.svid_root, message.svid_root);
    on.number(pb.first_row, message.first_row);
    on.number(pb.count, message.count);
    on.bytes(pb.rows, message.rows);
    on.bytes(pb.data_path, message.data_path);
    on.bytes(pb.parity_path, message.parity_path);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_GetRows& pb, Message& message) noexcept
{
    on.bytes(pb.svid_root, message.svid_root);
    std::uint32_t count = pb.ranges_count;
    on.number(count, message.range_count);
    pb.ranges_count = static_cast<pb_size_t>(count);
    MOTE_ASSERT(count <= ranges_max);
    for (std::uint32_t i = 0; i < count; ++i)
        visit(on, pb.ranges[i], message.ranges[i]);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_GetZ& pb, Message& message) noexcept
{
    on.bytes(pb.svid_root, message.svid_root);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_GetChunks& pb, Message& message) noexcept
{
    on.bytes(pb.svid_root, message.svid_root);
    on.number(pb.offset, message.offset);
    on.number(pb.length, message.length);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_Chunks& pb, Message& message) noexcept
{
    on.bytes(pb.svid_root, message.svid_root);
    on.number(pb.offset, message.offset);
    on.bytes(pb.data, message.data);
    on.bytes(pb.path, message.path);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_NotHeld& pb, Message& message) noexcept
{
    on.bytes(pb.svid_root, message.svid_root);
    on.present(pb.has_range);
    visit(on, pb.range, message.range);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_BadRow& pb, Message& message) noexcept
{
    on.present(pb.has_announce);
    visit(on, pb.announce, message.announce);
    on.present(pb.has_rows);
    visit(on, pb.rows, message.rows);
    on.bytes(pb.z, message.z);
}

template <typename Visitor, typename Message>
void visit(Visitor on, mote_svid_Equivocation& pb, Message& message) noexcept
{
    on.present(pb.has_first);
    visit(on, pb.first, message.first);
    on.present(pb.has_second);
    visit(on, pb.second, message.second);
}

// Limits. Each check answers whether the message passes, else `defect` says what is wrong.

bool refuse(Defect& defect, Part part, Why why, std::uint32_t index = 0) noexcept
{
    defect = {part, why, index};
    return false;
}

bool check_exact(Bytes bytes, std::size_t length, Part part, Defect& defect,
                 std::uint32_t index = 0) noexcept
{
    return bytes.size() == length || refuse(defect, part, Why::wrong_length, index);
}

bool check_root(Bytes bytes, Defect& defect) noexcept
{
    return check_exact(bytes, root_bytes, Part::svid_root, defect);
}

bool check_size(std::uint64_t size, std::uint64_t size_min, std::uint64_t size_max, Part part,
                Defect& defect) noexcept
{
    if (size < size_min)
        return refuse(defect, part, Why::too_short);
    return size <= size_max || refuse(defect, part, Why::too_long);
}

bool check_multiple(Bytes bytes, std::size_t of, Part part, Defect& defect) noexcept
{
    return bytes.size() % of == 0 || refuse(defect, part, Why::not_a_multiple);
}

bool check_path(Bytes path, Part part, Defect& defect) noexcept
{
    return check_size(path.size(), 0, path_bytes_max, part, defect) &&
           check_multiple(path, path_value_bytes, part, defect);
}

bool check_range(Range range, Part part, Defect& defect, std::uint32_t index = 0) noexcept
{
    return std::uint64_t{range.first} + range.count <= std::uint64_t{1} << 32 ||
           refuse(defect, part, Why::wraps, index);
}

bool check(const Announce& message, Defect& defect, std::uint32_t index = 0) noexcept
{
    return check_exact(message.header, header_bytes, Part::header, defect, index) &&
           check_exact(message.signature, signature_bytes, Part::signature, defect, index);
}

bool check(const ZPart& message, Defect& defect) noexcept
{
    return check_root(message.svid_root, defect) &&
           check_size(message.data.size(), 1, z_part_bytes_max, Part::data, defect) &&
           check_multiple(message.data, svid::fingerprint_bytes, Part::data, defect);
}

bool check(const Rows& message, std::uint64_t bytes_of_rows, Defect& defect) noexcept
{
    return check_root(message.svid_root, defect) &&
           check_size(message.count, 1, UINT32_MAX, Part::count, defect) &&
           check_range({message.first_row, message.count}, Part::count, defect) &&
           check_size(bytes_of_rows, 0, rows_bytes_max, Part::rows, defect) &&
           check_path(message.data_path, Part::data_path, defect) &&
           check_path(message.parity_path, Part::parity_path, defect);
}

bool check(const Rows& message, Defect& defect) noexcept
{
    return check(message, message.rows.size(), defect);
}

bool check(const GetRows& message, Defect& defect) noexcept
{
    if (!check_root(message.svid_root, defect) ||
        !check_size(message.range_count, 0, ranges_max, Part::ranges, defect))
        return false;
    std::uint64_t rows = 0;
    for (std::uint32_t i = 0; i < message.range_count; ++i)
    {
        if (!check_range(message.ranges[i], Part::ranges, defect, i))
            return false;
        rows += message.ranges[i].count;
    }
    return check_size(rows, 0, requested_rows_max, Part::ranges, defect);
}

bool check(const GetZ& message, Defect& defect) noexcept
{
    return check_root(message.svid_root, defect);
}

bool check(const GetChunks& message, Defect& defect) noexcept
{
    return check_root(message.svid_root, defect) &&
           check_size(message.length, 1, chunks_bytes_max, Part::length, defect) &&
           (message.offset <= UINT64_MAX - message.length ||
            refuse(defect, Part::offset, Why::wraps));
}

bool check(const Chunks& message, Defect& defect) noexcept
{
    return check_root(message.svid_root, defect) &&
           check_size(message.data.size(), 1, chunks_bytes_max, Part::data, defect) &&
           (message.offset <= UINT64_MAX - message.data.size() ||
            refuse(defect, Part::offset, Why::wraps)) &&
           check_size(message.path.size(), 0, path_bytes_max, Part::path, defect);
}

bool check(const NotHeld& message, Defect& defect) noexcept
{
    return check_root(message.svid_root, defect) &&
           check_range(message.range, Part::ranges, defect);
}

bool check(const BadRow& message, Defect& defect) noexcept
{
    return check(message.announce, defect) && check(message.rows, defect) &&
           check_size(message.rows.count, 1, 1, Part::count, defect) &&
           check_size(message.z.size(), 0, z_bytes_max, Part::z, defect);
}

bool check(const Equivocation& message, Defect& defect) noexcept
{
    return check(message.first, defect) && check(message.second, defect, 1);
}

bool parse(Bytes body, const pb_msgdesc_t* fields, void* pb) noexcept
{
    const std::uint8_t* next = body.data();
    pb_istream_t stream = PB_ISTREAM_EMPTY;
    stream.callback = &read;
    stream.state = static_cast<void*>(&next);
    stream.bytes_left = body.size();
    return pb_decode(&stream, fields, pb);
}

template <typename Pb, typename Message>
Status decode_as(const pb_msgdesc_t* fields, Bytes body, Message& out, Defect& defect) noexcept
{
    out = {};
    defect = {};
    if (body.size() > body_bytes_max(Message::type))
    {
        defect = {Part::message, Why::too_long, 0};
        return Status::malformed;
    }
    Pb pb{};
    visit(Attach{}, pb, out);
    if (!parse(body, fields, &pb))
    {
        out = {};
        defect = {Part::message, Why::syntax, 0};
        return Status::malformed;
    }
    visit(Take{}, pb, out);
    if (!check(out, defect))
    {
        out = {};
        return Status::malformed;
    }
    return Status::ok;
}

template <typename Pb, typename Message>
std::size_t encoded_bytes_as(const pb_msgdesc_t* fields, const Message& message) noexcept
{
    Defect defect;
    if (!check(message, defect))
        return 0;
    Pb pb{};
    visit(Give{}, pb, message);
    std::size_t bytes = 0;
    const bool sized = pb_get_encoded_size(&bytes, fields, &pb);
    MOTE_ASSERT(sized && bytes <= body_bytes_max(Message::type));
    return sized ? frame_head_bytes + bytes : 0;
}

template <typename Pb, typename Message>
Status encode_as(const pb_msgdesc_t* fields, const Message& message, MutableBytes out,
                 std::size_t& written) noexcept
{
    written = 0;
    const std::size_t bytes = encoded_bytes_as<Pb>(fields, message);
    if (bytes == 0)
        return Status::invalid_argument;
    if (out.size() < bytes)
        return Status::memory_too_small;
    const FrameHead head = frame_head(Message::type, bytes - frame_head_bytes);
    std::memcpy(out.data(), head.data(), head.size());
    Pb pb{};
    visit(Give{}, pb, message);
    pb_ostream_t stream =
        pb_ostream_from_buffer(out.data() + frame_head_bytes, bytes - frame_head_bytes);
    if (!pb_encode(&stream, fields, &pb))
        return Status::invalid_argument;  // not reached: the size is that of the same fields
    written = bytes;
    return Status::ok;
}
}  // namespace

#define MOTE_WIRE_MESSAGE(Message)                                                              \
    Status decode(Bytes body, Message& out, Defect& defect) noexcept                            \
    {                                                                                           \
        return decode_as<mote_svid_##Message>(mote_svid_##Message##_fields, body, out, defect); \
    }                                                                                           \
    std::size_t encoded_bytes(const Message& message) noexcept                                  \
    {                                                                                           \
        return encoded_bytes_as<mote_svid_##Message>(mote_svid_##Message##_fields, message);    \
    }                                                                                           \
    Status encode(const Message& message, MutableBytes out, std::size_t& written) noexcept      \
    {                                                                                           \
        return encode_as<mote_svid_##Message>(mote_svid_##Message##_fields, message, out,       \
                                              written);                                         \
    }

MOTE_WIRE_MESSAGE(Announce)
MOTE_WIRE_MESSAGE(ZPart)
MOTE_WIRE_MESSAGE(Rows)
MOTE_WIRE_MESSAGE(GetRows)
MOTE_WIRE_MESSAGE(GetZ)
MOTE_WIRE_MESSAGE(GetChunks)
MOTE_WIRE_MESSAGE(Chunks)
MOTE_WIRE_MESSAGE(NotHeld)
MOTE_WIRE_MESSAGE(BadRow)
MOTE_WIRE_MESSAGE(Equivocation)

#undef MOTE_WIRE_MESSAGE

Bytes find_root(Bytes received) noexcept
{
    // Messages 2 to 8 have their root where GetZ, which is nothing else, has it.
    GetZ message;
    mote_svid_GetZ pb{};
    visit(Attach{}, pb, message);
    static_cast<void>(parse(received, mote_svid_GetZ_fields, &pb));  // it may well be cut off
    return message.svid_root.size() == root_bytes ? message.svid_root : Bytes{};
}

Status encode_around_rows(const Rows& message, std::uint64_t rows_bytes, MutableBytes out,
                          Bytes& before, Bytes& after) noexcept
{
    before = after = {};
    Defect defect;
    if (!check(message, rows_bytes, defect))
        return Status::invalid_argument;
    if (out.size() < frame_head_bytes)
        return Status::memory_too_small;

    Rows front = message;
    front.rows = front.data_path = front.parity_path = {};
    Rows back;
    back.data_path = message.data_path;
    back.parity_path = message.parity_path;
    mote_svid_Rows front_pb{}, back_pb{};
    visit(Give{}, front_pb, front);
    visit(Give{}, back_pb, back);

    pb_ostream_t stream =
        pb_ostream_from_buffer(out.data() + frame_head_bytes, out.size() - frame_head_bytes);
    bool fits = pb_encode(&stream, mote_svid_Rows_fields, &front_pb);
    if (rows_bytes != 0)
        fits = fits && pb_encode_tag(&stream, PB_WT_STRING, mote_svid_Rows_rows_tag) &&
               pb_encode_varint(&stream, rows_bytes);
    const std::size_t front_bytes = stream.bytes_written;
    fits = fits && pb_encode(&stream, mote_svid_Rows_fields, &back_pb);
    if (!fits)
        return Status::memory_too_small;

    const std::size_t around = stream.bytes_written;
    const FrameHead head =
        frame_head(MessageType::rows, around + static_cast<std::size_t>(rows_bytes));
    std::memcpy(out.data(), head.data(), head.size());
    before = out.first(frame_head_bytes + front_bytes);
    after = out.subspan(frame_head_bytes + front_bytes, around - front_bytes);
    return Status::ok;
}
}  // namespace mote::wire
