// Evidence check: does a piece in a proposal convict somebody, and is it recent enough?
//
// Source  [CONSENSUS] section 3.3, below the table.
#pragma once

#include "consensus/proposal_check.hpp"

namespace mote::consensus
{
/// Gives the data of an epoch that a block may refer to: its own or the one before; null for others and for
/// what is not here. `of_epoch` says whether the epoch is one of the two.
[[nodiscard]] const EpochData* data_of(const ProposalContext& context, std::uint64_t epoch,
                                       bool& of_epoch) noexcept;

/// Whether `producer` may sign for a window: its owner, or anybody of the list while windows are open.
[[nodiscard]] bool may_produce(const ProducerList& producers, std::uint32_t producer,
                               std::uint64_t window, bool windows_open) noexcept;

/// Checks a piece; its signatures become claims. Whether windows are open is the parent state's to say.
[[nodiscard]] ProposalFault check_evidence(const ProposalContext& context,
                                           const chain::Evidence& evidence, SignatureClaims& claims,
                                           ProposalVerdict& verdict) noexcept;
}  // namespace mote::consensus
