// Build block: the header that a leader proposes, from the state its voters will check it against.
//
// Source  [CONSENSUS] section 6.1.
#pragma once

#include "consensus/block_transition.hpp"

namespace mote::consensus
{
/// What a leader decides.
struct BlockPlan
{
    std::uint64_t view = 0;         ///< its own
    std::uint64_t parent_view = 0;  ///< of the parent's certificate; 0 on the epoch's start block
    std::uint32_t proposer = 0;     ///< its index in the list of leaders
    std::uint64_t time_ms = 0;
    chain::Signature reveal{};  ///< over chain::reveal_digest(chain, epoch, view)
    BlockBody body;
};

/// Makes the header of the block after `parent`, and the table after it.
///
/// Shape   limits: those of the epoch of the new block. `next`: of the dimensions of the parent's table,
///         not the parent's.
/// Errors  rejected: `verdict` says which rule the body breaks. Signatures, certificates, turns and anchors are
///         not looked at; check_proposal does.
/// Cost    a tree over the zones and one over the pending blocks of each that changed.
Status build_root_block(const ChainState& parent, const BlockPlan& plan, const BlockRules& rules,
                        const chain::ZoneLimits& limits, ZoneTable& next, chain::RootHeader& out,
                        ProposalVerdict& verdict) noexcept;

/// A body of lists in memory.
///
/// Memory  keeps the spans' memory, and has to stay where it is while a body points into it.
class ListedBody
{
  public:
    ListedBody() noexcept = default;
    ListedBody(std::span<const chain::ZoneUpdate> updates,
               std::span<const chain::Evidence> evidence) noexcept
        : updates_(updates), evidence_(evidence)
    {
    }
    [[nodiscard]] BlockBody body(std::span<const chain::EpochSet> sets = {},
                                 std::span<const chain::ZoneRecord> records = {}) noexcept;

  private:
    std::span<const chain::ZoneUpdate> updates_;
    std::span<const chain::Evidence> evidence_;
};
}  // namespace mote::consensus
