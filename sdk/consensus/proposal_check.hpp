// Proposal check: rules 1, 3, 4 and 5 of section 6.1 for one proposal over the state of its parent.
//
//   leader's signature -> certificates it brings -> parent, height, time, randao -> epoch set and records
//   -> evidence -> updates, zone by zone -> roots            then one multi-pairing for everything signed
//
// Rule 2, whether the block may stand in its view, is check_place's; what it needs is verified here. The cost
// of a bad proposal is its leader's: the signature of the leader is verified before anything else.
//
// What this device lacks (a committee's list, an ancestor, a bad row) is no fault of the proposal:
// undecided(fault) says so, and `needed` what to fetch.
//
// Source  [CONSENSUS] sections 5, 6.1 and 6.6.
#pragma once

#include "consensus/block_transition.hpp"
#include "consensus/signature_claims.hpp"

namespace mote::consensus
{
enum class Lookup : std::uint8_t
{
    found,
    not_found,
    unknown,  ///< this device cannot say
};

/// The heights of the ancestors of the block that is checked.
struct Ancestors
{
    void* context = nullptr;
    Lookup (*height_of)(void* context, const Digest& block, std::uint64_t& height) = nullptr;
};

/// Whether the SVID BadRow message of a hash convicts under a header; found: yes, not_found: no.
struct BadRows
{
    void* context = nullptr;
    Lookup (*convicts)(void* context, const Digest& bad_row,
                       const chain::ZoneHeader& header) = nullptr;
};

/// Wall time, if there is one to be trusted.
struct LocalTime
{
    bool trusted = false;
    std::uint64_t wall_ms = 0;
    std::uint64_t drift_ms = 2000;  ///< DRIFT
};

struct ProposalContext
{
    Digest chain_id{};
    BlockRules rules;
    const ChainState* parent = nullptr;
    const EpochData* epoch = nullptr;   ///< of the proposal
    const EpochData* before = nullptr;  ///< of the epoch before, or null
    Ancestors ancestors;
    BadRows bad_rows;
    KnownCertificates known;
    LocalTime time;
    Digest entropy{};                  ///< for this check only
    chain::SignatureCheck signatures;  ///< see SignatureClaims; none: pairings
};

/// A proposal as its leader sent it.
struct Proposal
{
    chain::RootHeader header;
    std::uint64_t view = 0;  ///< above header.view in a re-proposal
    chain::Signature signature{};
    const chain::Signature* reveal = nullptr;
    const chain::Certificate* parent_certificate = nullptr;
    Source<chain::Certificate> nullifications;
    BlockBody body;
};

/// Tips may be this much ahead of their root block.
inline constexpr std::uint64_t tip_ahead_ms = 2000;

/// Checks who signed a proposal, and whose turn it was. Needs no parent.
///
/// Cost    a pairing.
[[nodiscard]] ProposalFault check_leader(const ProposalContext& context,
                                         const Proposal& proposal) noexcept;

/// Checks only the certificates that travel with a proposal: of use while its parent is not known.
///
/// Cost    a multi-pairing.
[[nodiscard]] ProposalFault check_ancestry(const ProposalContext& context, const Proposal& proposal,
                                           ProposalVerdict& verdict) noexcept;

/// Checks everything but the leader's signature, and gives the table of zones after the block. For a proposal
/// whose header was proposed before (header.view below view) only its certificates; `next` is untouched then.
///
/// Shape   context.parent is the state of the block with the hash header.parent, except for such a one.
///         `next`: of the dimensions of its table.
/// Errors  none: the answer is the verdict's fault.
/// Cost    one multi-pairing over 2 + n claims for n nullifications, 3 for each update and 2 for each piece
///         of evidence; as many pairings if it fails.
void check_proposal(const ProposalContext& context, const Proposal& proposal, ZoneTable& next,
                    ProposalVerdict& verdict) noexcept;
}  // namespace mote::consensus
