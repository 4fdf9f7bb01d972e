// Turns: seeds of an epoch, the order they draw, and whose turn it is.
//
//   seed = DK("mote seed v1", R || kind u8 || zone u32 || epoch u64)
//
// R is the randao of the last block two epochs before; headers of the epoch before carry it as
// epoch_randao. One permutation rules the turns of a whole epoch.
//
// Source  [CONSENSUS] sections 2 and 5.
#pragma once

#include <span>

#include "chain/types.hpp"

namespace mote::chain
{
enum class SeedKind : std::uint8_t
{
    root_committee = 1,
    zone_committee = 2,  ///< also the seed of the SVID assignment
    ckpt_committee = 3,
    root_turns = 4,
    zone_turns = 5,
};

/// Gives a seed.
///
/// Shape   zone: 0 for kinds 1, 3 and 4 (asserted).
[[nodiscard]] Digest seed(const Digest& randao, std::uint64_t epoch, SeedKind kind,
                          std::uint32_t zone) noexcept;

/// Fills `out` with the permutation of 0 .. out.size() - 1 that a seed draws.
///
/// Shape   out: fewer than 2^32 entries (asserted).
/// Cost    a hash for each entry.
/// Source  [CONSENSUS] section 2, perm.
void permutation(const Digest& seed, std::span<std::uint32_t> out) noexcept;

/// Index in the list of root leaders of the one that leads a view.
///
/// Shape   order: the permutation of seed(epoch, root_turns, 0), not empty; view >= 1 (asserted).
[[nodiscard]] std::uint32_t root_leader(std::span<const std::uint32_t> order,
                                        std::uint64_t view) noexcept;

/// Index in the zone's list of producers of the one that owns a window.
///
/// Shape   order: the permutation of seed(epoch of the window, zone_turns, zone), not empty.
[[nodiscard]] std::uint32_t window_owner(std::span<const std::uint32_t> order,
                                         std::uint64_t window) noexcept;
}  // namespace mote::chain
