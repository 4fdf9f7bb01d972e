// Fan-out: which relays a member sends its vote to.
//
// Members are split into subnets by member mod subnets. Of a subnet's relays a member takes those
// whose DK("mote fanout v1", seed || member u32 || node key) is lowest: everybody spreads evenly, and
// nobody can choose whose votes he gets. If no certificate comes, the member goes on to the next ones
// in the same order.
//
// Source  [CONSENSUS] section 9.
#pragma once

#include <span>

#include "chain/types.hpp"

namespace mote::consensus
{
using NodeKey = std::array<std::uint8_t, 32>;  ///< public key of a node's transport

inline constexpr std::uint32_t subnets_default = 16;
inline constexpr std::uint32_t subnets_max = 64;
inline constexpr std::uint32_t fanout_default = 2;

[[nodiscard]] constexpr std::uint32_t subnet_of(std::uint32_t member,
                                                std::uint32_t subnets) noexcept
{
    return member % subnets;
}

/// Gives a relay's place in a member's order; lower is earlier.
///
/// Shape   seed: seed(e, 1, 0) of the epoch.
[[nodiscard]] chain::Digest fanout_rank(const chain::Digest& seed, std::uint32_t member,
                                        const NodeKey& relay) noexcept;

/// Chooses relays: the indices of the out.size() lowest ranks, lowest first.
///
/// Shape   relays: those of the member's subnet; equal keys in the order of the list. More entries
///         of `out` than relays stay as they are; the result says how many were written.
/// Cost    a hash for each relay, for each one that is chosen.
std::size_t choose_relays(const chain::Digest& seed, std::uint32_t member,
                          std::span<const NodeKey> relays, std::span<std::uint32_t> out) noexcept;
}  // namespace mote::consensus
