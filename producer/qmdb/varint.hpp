// Varints: numbers of up to 63 bits, 7 in a byte, the lowest first; all bytes but the last have bit 7.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace mote::qmdb
{
inline constexpr std::size_t varint_bytes_max = 9;

/// Writes a number below 2^63; returns where it ends.
///
/// Shape   out: room for varint_bytes_max.
inline std::uint8_t* put_varint(std::uint8_t* out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *out++ = static_cast<std::uint8_t>(value | 0x80);
    *out++ = static_cast<std::uint8_t>(value);
    return out;
}

/// Reads a number from the front and takes it away; false if there is none.
inline bool take_varint(std::span<const std::uint8_t>& bytes, std::uint64_t& out)
{
    // Without a branch for each byte: lengths are not predictable. The bytes up to the first without
    // bit 7 stay, and their groups of 7, 14 and 28 bits move together.
    if (bytes.size() >= 8)
    {
        std::uint64_t word = load_le64(bytes.data());
        const std::uint64_t ends = ~word & 0x8080808080808080;
        if (ends != 0)
        {
            bytes = bytes.subspan(static_cast<std::size_t>(std::countr_zero(ends)) / 8 + 1);
            word &= (ends ^ (ends - 1)) & 0x7f7f7f7f7f7f7f7f;
            word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
            word = (word & 0x00003fff00003fff) | (word & 0x3fff00003fff0000) >> 2;
            out = (word & 0x000000000fffffff) | (word & 0x0fffffff00000000) >> 4;
            return true;
        }
    }
    out = 0;
    const std::size_t most = std::min(varint_bytes_max, bytes.size());
    for (std::size_t i = 0; i < most; ++i)
    {
        out |= std::uint64_t{bytes[i] & 0x7fU} << (7 * i);
        if (bytes[i] < 0x80)
        {
            bytes = bytes.subspan(i + 1);
            return true;
        }
    }
    return false;
}
}  // namespace mote::qmdb
