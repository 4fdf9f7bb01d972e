// Varints: numbers of up to 63 bits, 7 in a byte, the lowest first; all bytes but the last have bit 7.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

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
