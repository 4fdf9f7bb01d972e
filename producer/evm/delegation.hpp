// Delegations of EIP-7702: code 0xef0100 || address makes an account run the code at that address.
//
// Source  [EIPS] 7702.
#pragma once

#include "base/bytes.hpp"

namespace mote::evm
{
inline constexpr std::size_t delegation_bytes = 23;

/// The 20 bytes an account's code delegates to; nullptr if it is no delegation.
[[nodiscard]] inline const std::uint8_t* delegation_target(Bytes code) noexcept
{
    return code.size() == delegation_bytes && code[0] == 0xef && code[1] == 0x01 && code[2] == 0x00
               ? code.data() + 3
               : nullptr;
}
}  // namespace mote::evm
