// Types that every layout of the chain is made of.
//
// Source  [CONSENSUS] section 2.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.hpp"
#include "hash/blake3.hpp"

namespace mote::chain
{
using Digest = std::array<std::uint8_t, 32>;
using PublicKey = std::array<std::uint8_t, 48>;  ///< BLS12-381, G1 compressed
using Signature = std::array<std::uint8_t, 96>;  ///< BLS12-381, G2 compressed

/// True for 32 zero bytes, which stand for "none" wherever a digest may be absent.
[[nodiscard]] constexpr bool is_zero(const Digest& digest) noexcept
{
    std::uint8_t any = 0;
    for (const std::uint8_t byte : digest)
        any = static_cast<std::uint8_t>(any | byte);
    return any == 0;
}
}  // namespace mote::chain
