// The rule sets of Ethereum's main net, oldest first. Rules are asked for as "from this fork on":
//
//     if (fork >= Fork::berlin) ...
//
// Forks that changed nothing the machine can see (difficulty bombs) are not listed.
//
// Source  [EIPS]; each rule names its number where it is applied.
#pragma once

#include <cstdint>

namespace mote::evm
{
enum class Fork : std::uint8_t
{
    frontier,
    homestead,
    tangerine_whistle,  ///< EIP-150
    spurious_dragon,    ///< EIP-158 and others
    byzantium,
    constantinople,
    petersburg,
    istanbul,
    berlin,
    london,
    paris,
    shanghai,
    cancun,
    prague,
    osaka,
};

inline constexpr Fork newest_fork = Fork::osaka;
inline constexpr std::uint32_t fork_count = static_cast<std::uint32_t>(newest_fork) + 1;
}  // namespace mote::evm
