// Proposal faults: the names of the rules that a proposal can break, in the order of the checks.
//
// Source  [CONSENSUS] section 6.1; the rules' numbers are those of the section.
#pragma once

#include "chain/certificate.hpp"
#include "chain/epoch_rules.hpp"
#include "chain/zone_rules.hpp"

namespace mote::consensus
{
enum class ProposalFault : std::uint8_t
{
    none = 0,
    // Rule 1.
    version,
    epoch,             ///< not that of the height
    view,              ///< the header's is 0 or above the proposal's
    leader_signature,  ///< not by the leader of (epoch, view)
    proposer,          ///< `proposer` is not that leader
    reproposal,        ///< something travels with a header that is proposed again
    // Rule 2, certificates only; their place is check_place's.
    parent_certificate,
    nullification,
    // Rule 3.
    parent,
    height,
    time_order,  ///< not after the parent
    future,      ///< held until its time comes
    far_future,  ///< above local time by more than two DRIFT
    reveal,      ///< missing, or not the leader's
    randao,
    // Rule 5, what the block carries for its epoch.
    epoch_set,     ///< a set is missing, not due or another one
    zone_records,  ///< the same of the records
    epoch_fields,  ///< `epoch_fault` says more
    // Rule 4, evidence: `index` is the piece.
    evidence,        ///< not a pair that convicts, or unused parts
    evidence_epoch,  ///< of another epoch than this and the one before
    evidence_place,  ///< no such member, zone or producer, or not its turn
    evidence_signature,
    bad_row,  ///< the row is the code's
    // Rule 4, updates: `index` is the update.
    update_order,
    update_zone,  ///< not in the table
    update_empty,
    tip_zone,      ///< a header of another zone or version
    tip_window,    ///< neither w nor w - 1
    tip_producer,  ///< not the owner of the window
    tip_signature,
    tip_anchor,  ///< no ancestor, too old, or below the one before
    tip_time,
    avail_place,        ///< the certificate is for something else
    avail_certificate,  ///< `certificate_fault` says more
    statement_aux,      ///< aux_root in a zone other than 0
    valid_place,
    valid_certificate,
    zone_rule,  ///< `zone_fault` says more
    // Rule 5, the roots.
    body_root,
    evidence_root,
    zone_table_root,
    // Nothing was decided: something is missing here. `needed` names it where it has a name.
    unknown_committee,
    unknown_anchor,
    unknown_bad_row,
    too_large,  ///< more zones or pending blocks than this device has room for
};

/// Whether the receiver lacks something rather than the proposal.
[[nodiscard]] constexpr bool undecided(ProposalFault fault) noexcept
{
    return fault >= ProposalFault::unknown_committee || fault == ProposalFault::future;
}

/// The answer about a proposal: accepted if `fault` is none and the check said Status::ok.
struct ProposalVerdict
{
    ProposalFault fault = ProposalFault::none;
    chain::ZoneFault zone_fault = chain::ZoneFault::none;
    chain::CertificateFault certificate_fault = chain::CertificateFault::none;
    chain::EpochFault epoch_fault = chain::EpochFault::none;
    std::uint32_t index = 0;  ///< of the update or the piece of evidence
    chain::Digest needed{};   ///< commitment, anchor, or H of the bad row

    friend bool operator==(const ProposalVerdict&, const ProposalVerdict&) noexcept = default;
};
}  // namespace mote::consensus
