// Chain state: what a root block leaves behind for the one after it.
//
// The header, and the table of zones with the blocks that each has pending. A voter keeps one for the
// newest final block and one for each block above it, because either of two siblings may be built on.
//
//   next.zones.copy_from(parent.zones);      // then adopt() at the start of an epoch, then the updates
//
// Source  [CONSENSUS] sections 3.2, 5 and 10.
#pragma once

#include "base/arena.hpp"
#include "chain/headers.hpp"
#include "chain/zone_rules.hpp"

namespace mote::consensus
{
using chain::Digest;

/// The zones of one root block, ascending.
///
/// Memory  zones times pending blocks, taken once. A copy would share it: copy_from() copies.
class ZoneTable
{
  public:
    ZoneTable() noexcept = default;
    ZoneTable(const ZoneTable&) = delete;
    ZoneTable& operator=(const ZoneTable&) = delete;

    /// Takes memory for `zones` zones with `pending` blocks each; false if the arena has it not.
    [[nodiscard]] bool reserve(std::uint32_t zones, std::uint32_t pending, Arena& arena) noexcept;

    /// Starts from the leaves of a header and their pending blocks, one zone's after the other.
    ///
    /// Errors  limit_exceeded: more zones or pending blocks than there is memory for. invalid_argument:
    ///         leaves do not ascend, or pending blocks are not theirs.
    Status open(std::span<const chain::ZoneLeaf> leaves,
                std::span<const chain::PendingBlock> pending) noexcept;

    /// Becomes equal to another table of the same dimensions (asserted).
    void copy_from(const ZoneTable& other) noexcept;

    /// Takes the records that an epoch begins with: zones without one leave, new ones enter.
    ///
    /// Shape   records: ascending by zone.
    /// Errors  limit_exceeded: more zones than there is memory for; the table is then of no use.
    Status adopt(std::span<const chain::ZoneRecord> records,
                 const Digest& empty_state_root) noexcept;

    [[nodiscard]] std::span<chain::Zone> zones() noexcept { return zones_.first(count_); }
    [[nodiscard]] std::span<const chain::Zone> zones() const noexcept
    {
        return zones_.first(count_);
    }
    /// The zone of that number, or null.
    [[nodiscard]] chain::Zone* find(std::uint32_t zone) noexcept;
    [[nodiscard]] const chain::Zone* find(std::uint32_t zone) const noexcept;

    /// zone_table_root.
    [[nodiscard]] Digest root() const noexcept;

  private:
    std::span<chain::Zone> zones_;            // entry i uses pending_ [i * each, (i + 1) * each)
    std::span<chain::PendingBlock> pending_;  // until zones enter and leave; then any order
    std::size_t count_ = 0;
};

struct ChainState
{
    chain::RootHeader header;
    Digest hash{};
    ZoneTable zones;
};
}  // namespace mote::consensus
