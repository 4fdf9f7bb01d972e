// Frames: how messages follow each other on a stream.
//
//   u32 length of what follows, little-endian | u8 type | message
//
// A peer's bytes come in pieces of any size. FrameReader puts one frame together in memory of the
// caller and trusts no length: it refuses a frame as soon as the bytes that condemn it are there,
// which is before the first byte of its message is kept.
//
//   for (Bytes piece : stream)
//       while (reader.push(piece) == Progress::frame)
//           handle(reader.type(), reader.body());       // then look at reader.error()
//
// Worked case: 23 00 00 00 05 and 34 bytes are a GetZ.
//
// Source  [SVID] section 16.
#pragma once

#include "wire/limits.hpp"

namespace mote::wire
{
inline constexpr std::size_t length_bytes = 4;
inline constexpr std::size_t frame_head_bytes = length_bytes + 1;

/// The longest frame of a type, head included; 0 if there is no such type.
[[nodiscard]] constexpr std::size_t frame_bytes_max(MessageType type) noexcept
{
    const std::size_t body = body_bytes_max(type);
    return body == 0 ? 0 : frame_head_bytes + body;
}

namespace detail
{
[[nodiscard]] constexpr std::size_t largest_body() noexcept
{
    std::size_t largest = 0;
    for (std::uint8_t type = 1; type <= static_cast<std::uint8_t>(MessageType::equivocation);
         ++type)
    {
        const std::size_t bytes = body_bytes_max(static_cast<MessageType>(type));
        largest = bytes > largest ? bytes : largest;
    }
    return largest;
}
}  // namespace detail

/// The longest message of all: with this much memory a FrameReader takes every frame.
inline constexpr std::size_t any_body_bytes_max = detail::largest_body();

using FrameHead = std::array<std::uint8_t, frame_head_bytes>;

/// Writes what stands before a message.
///
/// Shape   body_bytes <= body_bytes_max(type) (asserted).
[[nodiscard]] FrameHead frame_head(MessageType type, std::size_t body_bytes) noexcept;

enum class Progress : std::uint8_t
{
    need_more,  ///< every byte of the piece was taken
    frame,      ///< type() and body() hold until the next push; bytes may be left in the piece
    closed,     ///< error() and error_offset() say why; nothing is read any more
};

enum class FrameError : std::uint8_t
{
    none = 0,
    empty,            ///< a length of 0 leaves no room for the type
    too_long,         ///< longer than any message of this type can be
    unknown_type,     ///< no message has this type
    above_own_limit,  ///< a legal length, but more than this reader's memory
};

class FrameReader
{
  public:
    /// Starts before the first frame of a stream.
    ///
    /// Memory  `memory` must outlive the reader; a message longer than it closes the stream.
    explicit FrameReader(MutableBytes memory) noexcept : memory_(memory) {}

    /// Takes bytes from the front of `piece`: all, or up to the end of a frame.
    ///
    /// Shape   a piece may be empty. Call again with what is left until the answer is not `frame`.
    Progress push(Bytes& piece) noexcept;

    [[nodiscard]] MessageType type() const noexcept { return type_; }
    [[nodiscard]] Bytes body() const noexcept { return Bytes(memory_).first(filled_); }

    /// True after need_more if the type and the length of a message are known but not its end. Then
    /// type() and body_bytes() are those of that message, and body() is what is there of it.
    [[nodiscard]] bool arriving() const noexcept
    {
        return error_ == FrameError::none && head_filled_ == frame_head_bytes && !complete_;
    }
    [[nodiscard]] std::size_t body_bytes() const noexcept { return body_bytes_; }

    /// Passes over the rest of an arriving message: its end will be no `frame`. Anything else, also
    /// a message that is complete, stays as it is.
    void drop() noexcept;

    [[nodiscard]] FrameError error() const noexcept { return error_; }
    /// Where in the stream the length or the type that condemned it begins.
    [[nodiscard]] std::uint64_t error_offset() const noexcept { return frame_offset_; }

    /// True between frames: a stream that ends elsewhere was cut off.
    [[nodiscard]] bool at_boundary() const noexcept
    {
        return error_ == FrameError::none && (head_filled_ == 0 || complete_);
    }

  private:
    Progress close(FrameError error, std::size_t at) noexcept;
    bool take_head(Bytes& piece) noexcept;
    void take_body(Bytes& piece) noexcept;
    [[nodiscard]] bool check_length() noexcept;
    [[nodiscard]] bool check_type() noexcept;

    MutableBytes memory_;
    FrameHead head_{};
    std::size_t head_filled_ = 0;
    std::size_t body_bytes_ = 0;
    std::size_t filled_ = 0;   // bytes of the body that are kept
    std::size_t dropped_ = 0;  // bytes of it that are not
    std::uint64_t frame_offset_ = 0;
    MessageType type_{};
    FrameError error_ = FrameError::none;
    bool complete_ = false;
    bool dropping_ = false;
};
}  // namespace mote::wire
