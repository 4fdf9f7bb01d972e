// Byte spans and endian loads: the only way the core looks at memory it did not make.
//
// Loads and stores go byte by byte, so alignment and host byte order never matter; compilers turn
// them into single instructions. Worked case: load_le64({1,0,0,0,0,0,0,0}) == 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mote
{
using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

/// Loads `N` little-endian bytes.
///
/// Shape   p: at least sizeof(Int) readable bytes.
template <typename Int>
[[nodiscard]] constexpr Int load_le(const std::uint8_t* p) noexcept
{
    Int value = 0;
    for (std::size_t i = sizeof(Int); i-- > 0;)
        value = static_cast<Int>((static_cast<std::uint64_t>(value) << 8) | p[i]);
    return value;
}

[[nodiscard]] constexpr std::uint16_t load_le16(const std::uint8_t* p) noexcept
{
    return load_le<std::uint16_t>(p);
}
[[nodiscard]] constexpr std::uint32_t load_le32(const std::uint8_t* p) noexcept
{
    return load_le<std::uint32_t>(p);
}
[[nodiscard]] constexpr std::uint64_t load_le64(const std::uint8_t* p) noexcept
{
    return load_le<std::uint64_t>(p);
}

/// Loads a big-endian integer.
template <typename Int>
[[nodiscard]] constexpr Int load_be(const std::uint8_t* p) noexcept
{
    Int value = 0;
    for (std::size_t i = 0; i < sizeof(Int); ++i)
        value = static_cast<Int>((static_cast<std::uint64_t>(value) << 8) | p[i]);
    return value;
}

/// Stores an integer, least significant byte first.
template <typename Int>
constexpr void store_le(std::uint8_t* p, Int value) noexcept
{
    for (std::size_t i = 0; i < sizeof(Int); ++i)
        p[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
}

/// Stores an integer, most significant byte first.
template <typename Int>
constexpr void store_be(std::uint8_t* p, Int value) noexcept
{
    for (std::size_t i = 0; i < sizeof(Int); ++i)
        p[sizeof(Int) - 1 - i] =
            static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
}

/// Compares two public byte strings. Not constant time: never use it on a secret.
[[nodiscard]] constexpr bool equal_vartime(Bytes a, Bytes b) noexcept
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i])
            return false;
    return true;
}

/// Smallest power of two that is at least `n`; 1 for n = 0. `n` must be at most 2^63.
[[nodiscard]] constexpr std::uint64_t next_power_of_two(std::uint64_t n) noexcept
{
    std::uint64_t p = 1;
    while (p < n)
        p <<= 1;
    return p;
}

/// ceil(log2 n); 0 for n <= 1.
[[nodiscard]] constexpr std::uint32_t ceil_log2(std::uint64_t n) noexcept
{
    std::uint32_t bits = 0;
    while (bits < 64 && (std::uint64_t{1} << bits) < n && bits < 63)
        ++bits;
    if (n > (std::uint64_t{1} << 63))
        return 64;
    return bits;
}

[[nodiscard]] constexpr bool is_power_of_two(std::uint64_t n) noexcept
{
    return n != 0 && (n & (n - 1)) == 0;
}
}  // namespace mote
