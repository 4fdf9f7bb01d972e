// Update check: the headers and certificates of one zone in a proposal.
//
// Heights, parents, ranges, roots and marks are the zone's own rules (chain/zone_rules.hpp) and come after this,
// when the update is applied. Here: whose turn it was, what the block may read, and who vouches for it.
//
// Source  [CONSENSUS] section 6.1, rule 4.
#pragma once

#include "consensus/proposal_check.hpp"

namespace mote::consensus
{
/// Checks an update; its signatures become claims.
///
/// Shape   zone: before the update, with the records of the epoch and the marks of the parent block.
[[nodiscard]] ProposalFault check_update(const ProposalContext& context,
                                         const chain::RootHeader& header,
                                         const chain::ZoneUpdate& update, const chain::Zone& zone,
                                         SignatureClaims& claims,
                                         ProposalVerdict& verdict) noexcept;
}  // namespace mote::consensus
