// CRC-32C (Castagnoli): finds bit rot in what the store wrote. It is no defence against people; the
// state root is.
//
// Worked case: crc32c("123456789") = e3069283.
#pragma once

#include <cstdint>
#include <span>

namespace mote::qmdb
{
/// Cost    a byte per cycle or better; eight bytes in three cycles where the processor has it.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::uint8_t> bytes);
/// The form without special instructions.
[[nodiscard]] std::uint32_t crc32c_portable(std::span<const std::uint8_t> bytes);
}  // namespace mote::qmdb
