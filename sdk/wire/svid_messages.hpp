// The SVID peer messages: from the body of a frame to a struct, and back.
//
// A decoded message points into the frame: nothing is copied, and it is good for as long as the
// frame is. Decoding checks what holds for every block; what needs the header (a row number below
// N, the length of Z) is left to the steps that have it. A body that does not parse or breaks such
// a limit is malformed: the stream that brought it closes.
//
//   Rows rows;
//   MOTE_TRY(decode(reader.body(), rows));
//   check.begin_rows({rows.first_row, rows.count, rows.rows.size(), rows.data_path,
//                     rows.parity_path});
//
// Parsing is that of proto3: fields in any order, unknown ones skipped, absent ones 0 or empty, the
// last occurrence counts, and submessages that occur twice are merged. Two things are stricter: a
// number that does not fit its field is malformed, and so are groups.
//
// Source  [SVID] section 16; docs/formats/svid.md has the fields.
#pragma once

#include "base/status.hpp"
#include "wire/frame.hpp"

namespace mote::wire
{
struct Range
{
    std::uint32_t first = 0, count = 0;

    friend bool operator==(const Range&, const Range&) noexcept = default;
};

struct Announce
{
    static constexpr MessageType type = MessageType::announce;
    Bytes header;  ///< header_bytes; svid::decode reads it
    std::uint32_t producer_index = 0;
    Bytes signature;  ///< signature_bytes
};

struct ZPart
{
    static constexpr MessageType type = MessageType::z_part;
    Bytes svid_root;
    std::uint32_t offset = 0;
    Bytes data;  ///< 1 to z_part_bytes_max, a multiple of 16
};

struct Rows
{
    static constexpr MessageType type = MessageType::rows;
    Bytes svid_root;
    std::uint32_t first_row = 0;
    std::uint32_t count = 0;  ///< at least 1; first_row + count <= 2^32
    Bytes rows;               ///< side by side, up to rows_bytes_max
    Bytes data_path;          ///< up to path_bytes_max, a multiple of path_value_bytes
    Bytes parity_path;        ///< the same
};

struct GetRows
{
    static constexpr MessageType type = MessageType::get_rows;
    Bytes svid_root;
    std::array<Range, ranges_max> ranges{};
    std::uint32_t range_count = 0;  ///< up to ranges_max; their rows together requested_rows_max
};

struct GetZ
{
    static constexpr MessageType type = MessageType::get_z;
    Bytes svid_root;
};

struct GetChunks
{
    static constexpr MessageType type = MessageType::get_chunks;
    Bytes svid_root;
    std::uint64_t offset = 0;
    std::uint32_t length = 0;  ///< 1 to chunks_bytes_max; offset + length < 2^64
};

struct Chunks
{
    static constexpr MessageType type = MessageType::chunks;
    Bytes svid_root;
    std::uint64_t offset = 0;
    Bytes data;  ///< 1 to chunks_bytes_max
    Bytes path;  ///< up to path_bytes_max
};

struct NotHeld
{
    static constexpr MessageType type = MessageType::not_held;
    Bytes svid_root;
    Range range;
};

struct BadRow
{
    static constexpr MessageType type = MessageType::bad_row;
    Announce announce;
    Rows rows;  ///< count 1
    Bytes z;    ///< empty for a peer that has Z; up to z_bytes_max
};

struct Equivocation
{
    static constexpr MessageType type = MessageType::equivocation;
    Announce first, second;
};

/// The field that a message is malformed in.
enum class Part : std::uint8_t
{
    none = 0,
    message,  ///< the bytes do not parse
    header,
    signature,
    svid_root,
    offset,
    data,
    count,
    rows,
    data_path,
    parity_path,
    ranges,
    length,
    path,
    z,
};

/// What is wrong with it.
enum class Why : std::uint8_t
{
    none = 0,
    syntax,        ///< not proto3, or a number too large for its field, or too many ranges
    wrong_length,  ///< not the one length it can have
    too_short,     ///< empty or 0 where at least 1 is asked for
    too_long,
    not_a_multiple,
    wraps,  ///< the end of a range does not fit
};

struct Defect
{
    Part part = Part::none;
    Why why = Why::none;
    std::uint32_t index = 0;  ///< which of two announces, which range

    friend bool operator==(const Defect&, const Defect&) noexcept = default;
};

// Decodes the body of a frame.
//
// Shape   bodies of at most body_bytes_max(T::type), as a FrameReader gives them, need no more than
//         this; longer ones are malformed (message, too_long).
// Errors  malformed; `defect` says what, and `out` is empty.
// Memory  `out` points into `body`.
Status decode(Bytes body, Announce& out, Defect& defect) noexcept;
Status decode(Bytes body, ZPart& out, Defect& defect) noexcept;
Status decode(Bytes body, Rows& out, Defect& defect) noexcept;
Status decode(Bytes body, GetRows& out, Defect& defect) noexcept;
Status decode(Bytes body, GetZ& out, Defect& defect) noexcept;
Status decode(Bytes body, GetChunks& out, Defect& defect) noexcept;
Status decode(Bytes body, Chunks& out, Defect& defect) noexcept;
Status decode(Bytes body, NotHeld& out, Defect& defect) noexcept;
Status decode(Bytes body, BadRow& out, Defect& defect) noexcept;
Status decode(Bytes body, Equivocation& out, Defect& defect) noexcept;

/// Decodes for a caller who does not ask why.
template <typename Message>
Status decode(Bytes body, Message& out) noexcept
{
    Defect defect;
    return decode(body, out, defect);
}

/// Finds the svid_root of a message that is still arriving, so that one about a dispersal nobody
/// asked for can be dropped early. Says nothing about the message: decode has the last word.
///
/// Shape   received: the front of a message of types 2 to 8, as FrameReader::body() has it.
/// Errors  none; empty if the root is not there, or not yet.
/// Memory  points into `received`.
[[nodiscard]] Bytes find_root(Bytes received) noexcept;

// Bytes of the whole frame of a message, head included; 0 if it breaks a limit.
[[nodiscard]] std::size_t encoded_bytes(const Announce& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const ZPart& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const Rows& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const GetRows& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const GetZ& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const GetChunks& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const Chunks& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const NotHeld& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const BadRow& message) noexcept;
[[nodiscard]] std::size_t encoded_bytes(const Equivocation& message) noexcept;

// Writes the whole frame of a message, fields in ascending order.
//
// Errors  invalid_argument if the message breaks a limit, memory_too_small if `out` is shorter than
//         encoded_bytes(message); `written` is 0 then.
Status encode(const Announce& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const ZPart& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const Rows& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const GetRows& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const GetZ& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const GetChunks& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const Chunks& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const NotHeld& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const BadRow& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const Equivocation& message, MutableBytes out, std::size_t& written) noexcept;

/// What the frame of a Rows message is besides its rows, at most.
inline constexpr std::size_t around_rows_bytes_max =
    frame_head_bytes + detail::rows_max - rows_bytes_max;

/// Writes the frame of a Rows message around its rows, which are then sent from where they lie:
/// `before`, rows_bytes of rows, `after`.
///
/// Shape   message.rows is not looked at.
/// Errors  as encode; around_rows_bytes_max bytes are always enough. Both parts are empty then.
/// Memory  both parts are in `out`.
Status encode_around_rows(const Rows& message, std::uint64_t rows_bytes, MutableBytes out,
                          Bytes& before, Bytes& after) noexcept;
}  // namespace mote::wire
