// Limits of the SVID peer messages: of each field, and of a whole message of each type.
//
// A message bound is the sum of its fields at their largest, plus some room for fields that a later
// version may add: without it nobody could skip what they do not know in a message whose fields all
// have an exact length. Worked case: Announce is 3 + 176, 6 and 2 + 96 bytes, plus 64.
//
// Source  [SVID] section 16.
#pragma once

#include "base/bytes.hpp"
#include "svid/params.hpp"

namespace mote::wire
{
/// The byte after the length of a frame.
enum class MessageType : std::uint8_t
{
    announce = 1,
    z_part = 2,
    rows = 3,
    get_rows = 4,
    get_z = 5,
    get_chunks = 6,
    chunks = 7,
    not_held = 8,
    bad_row = 9,
    equivocation = 10,
};

inline constexpr std::size_t header_bytes = 176;
inline constexpr std::size_t signature_bytes = 96;
inline constexpr std::size_t root_bytes = 32;
inline constexpr std::size_t z_part_bytes_max = 65536;  ///< also a multiple of 16
inline constexpr std::size_t rows_bytes_max = std::size_t{2} << 20;
inline constexpr std::size_t path_bytes_max = 2048;
inline constexpr std::size_t path_value_bytes = 32;
inline constexpr std::size_t ranges_max = 8;
inline constexpr std::uint32_t requested_rows_max = 4096;
inline constexpr std::size_t chunks_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t z_bytes_max =
    svid::fingerprint_bytes * std::size_t{svid::data_rows_max};

/// Bytes of a message that its own fields cannot use.
inline constexpr std::size_t spare_bytes = 64;

namespace detail
{
/// A `bytes` field or a submessage of n bytes: tag, length, content.
constexpr std::size_t delimited(std::size_t n) noexcept
{
    std::size_t length_bytes = 1;
    for (std::size_t rest = n >> 7; rest != 0; rest >>= 7)
        ++length_bytes;
    return 1 + length_bytes + n;
}

inline constexpr std::size_t u32_max = 1 + 5, u64_max = 1 + 10;
inline constexpr std::size_t root = delimited(root_bytes);
inline constexpr std::size_t path_max = delimited(path_bytes_max);
inline constexpr std::size_t range_max = delimited(2 * u32_max);
inline constexpr std::size_t announce_max =
    delimited(header_bytes) + u32_max + delimited(signature_bytes);
inline constexpr std::size_t rows_max =
    root + 2 * u32_max + delimited(rows_bytes_max) + 2 * path_max;
}  // namespace detail

/// The longest message of a type; 0 if there is no such type.
[[nodiscard]] constexpr std::size_t body_bytes_max(MessageType type) noexcept
{
    using namespace detail;
    switch (type)
    {
        case MessageType::announce:
            return spare_bytes + announce_max;
        case MessageType::z_part:
            return spare_bytes + root + u32_max + delimited(z_part_bytes_max);
        case MessageType::rows:
            return spare_bytes + rows_max;
        case MessageType::get_rows:
            return spare_bytes + root + ranges_max * range_max;
        case MessageType::get_z:
            return spare_bytes + root;
        case MessageType::get_chunks:
            return spare_bytes + root + u64_max + u32_max;
        case MessageType::chunks:
            return spare_bytes + root + u64_max + delimited(chunks_bytes_max) + path_max;
        case MessageType::not_held:
            return spare_bytes + root + range_max;
        case MessageType::bad_row:
            return spare_bytes + delimited(announce_max) + delimited(rows_max) +
                   delimited(z_bytes_max);
        case MessageType::equivocation:
            return spare_bytes + 2 * delimited(announce_max);
    }
    return 0;
}
}  // namespace mote::wire
