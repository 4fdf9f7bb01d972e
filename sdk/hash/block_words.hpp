// Blocks to words and back: loads and stores of the hash functions, in the form every compiler sees.
//
// A hash spends a good part of a short input on loading its block and storing its digest. Written as
// a loop over bytes, as in base/bytes.hpp, GCC 12 at -O2 keeps the loop; written out, a word is one
// access (and perhaps a byte swap) where the target allows it, and still right everywhere else.
//
// Internal to this module.
#pragma once

#include <cstdint>

namespace mote::hash::internal
{
/// Loads a 64-bit word, least significant byte first.
///
/// Shape   p: at least 8 readable bytes, any alignment.
[[nodiscard]] constexpr std::uint64_t load_word_le64(const std::uint8_t* p) noexcept
{
    return std::uint64_t{p[0]} | std::uint64_t{p[1]} << 8 | std::uint64_t{p[2]} << 16 |
           std::uint64_t{p[3]} << 24 | std::uint64_t{p[4]} << 32 | std::uint64_t{p[5]} << 40 |
           std::uint64_t{p[6]} << 48 | std::uint64_t{p[7]} << 56;
}

/// Loads a 32-bit word, most significant byte first.
///
/// Shape   p: at least 4 readable bytes, any alignment.
[[nodiscard]] constexpr std::uint32_t load_word_be32(const std::uint8_t* p) noexcept
{
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 |
           std::uint32_t{p[3]};
}

/// Stores a 64-bit word, least significant byte first.
///
/// Shape   p: at least 8 writable bytes, any alignment.
constexpr void store_word_le64(std::uint8_t* p, std::uint64_t word) noexcept
{
    p[0] = static_cast<std::uint8_t>(word);
    p[1] = static_cast<std::uint8_t>(word >> 8);
    p[2] = static_cast<std::uint8_t>(word >> 16);
    p[3] = static_cast<std::uint8_t>(word >> 24);
    p[4] = static_cast<std::uint8_t>(word >> 32);
    p[5] = static_cast<std::uint8_t>(word >> 40);
    p[6] = static_cast<std::uint8_t>(word >> 48);
    p[7] = static_cast<std::uint8_t>(word >> 56);
}
}  // namespace mote::hash::internal
