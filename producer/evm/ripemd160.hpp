// RIPEMD-160, for the precompiled contract at address 3.
//
// Worked case: ripemd160("") = 9c1185a5c5e9fc54 6128 08977ee8f548 b2258d31.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.hpp"

namespace mote::evm
{
/// Hashes `message`.
///
/// Cost    one compression for each started 64 bytes of (message + 9).
/// Source  [RIPEMD]: Dobbertin, Bosselaers, Preneel, "RIPEMD-160: a strengthened version of RIPEMD".
[[nodiscard]] std::array<std::uint8_t, 20> ripemd160(Bytes message) noexcept;
}  // namespace mote::evm
