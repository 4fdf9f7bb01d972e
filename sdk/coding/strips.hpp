// How a tile lies in memory: strips of a few groups, each with all its rows side by side.
//
// A block of 64 rows of one strip is 16 KiB and stays in the first cache for all low levels.
#pragma once

#include "coding/arch/plane.hpp"
#include "coding/transform.hpp"

namespace mote::coding
{
using Plane = arch::Plane;

inline constexpr std::size_t strip_bytes = 256;
inline constexpr unsigned low_levels_max = 6;

/// The levels of a transform over 2^log_rows rows that work inside of blocks.
[[nodiscard]] constexpr unsigned low_levels(unsigned log_rows) noexcept
{
    return log_rows < low_levels_max ? log_rows : low_levels_max;
}

/// Copies a finished row to memory that nobody reads soon.
inline void store_row(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes) noexcept
{
    for (std::size_t at = 0; at < bytes; at += Plane::bytes)
        Plane::stream(to + at, Plane::load(from + at));
}
}  // namespace mote::coding
