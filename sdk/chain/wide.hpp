// 128-bit products out of 32-bit ones: the draws need them, and 32-bit targets have no such type.
#pragma once

#include <cstdint>

namespace mote::chain
{
struct Wide
{
    std::uint64_t low = 0, high = 0;
};

/// a * b.
[[nodiscard]] constexpr Wide multiply(std::uint64_t a, std::uint64_t b) noexcept
{
    const std::uint64_t a0 = a & UINT32_MAX, a1 = a >> 32, b0 = b & UINT32_MAX, b1 = b >> 32;
    const std::uint64_t low = a0 * b0;
    const std::uint64_t first = a1 * b0 + (low >> 32);            // < 2^64: (2^32 - 1)^2 + 2^32 - 1
    const std::uint64_t second = a0 * b1 + (first & UINT32_MAX);  // the same
    return {second << 32 | (low & UINT32_MAX), a1 * b1 + (first >> 32) + (second >> 32)};
}
}  // namespace mote::chain
