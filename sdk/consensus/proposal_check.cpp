#include "consensus/proposal_check.hpp"

#include "base/assert.hpp"
#include "consensus/evidence_check.hpp"
#include "consensus/update_check.hpp"

namespace mote::consensus
{
namespace
{
using chain::CertificateFault;
using chain::Kind;
using Mode = SignatureClaims::Mode;

[[nodiscard]] bool proposed_again(const Proposal& proposal) noexcept
{
    return proposal.header.view != proposal.view;
}

/// The public key of the leader of a view; false if its list is not here.
[[nodiscard]] bool leader_of(const EpochData& epoch, std::uint64_t view, std::uint32_t& index,
                             chain::PublicKey& key) noexcept
{
    if (epoch.leaders.size() == 0)
        return false;
    index = chain::root_leader(epoch.leaders.order, view);
    key = epoch.leaders.at(index).public_key;
    return true;
}

/// One certificate of the root committee.
ProposalFault check_root_certificate(const ProposalContext& context,
                                     const chain::Certificate& certificate, ProposalFault otherwise,
                                     SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    if (context.epoch->root == nullptr)
    {
        verdict.needed = context.epoch->root_commitment;
        return ProposalFault::unknown_committee;
    }
    if (certificate.epoch != context.epoch->epoch)
        return otherwise;
    verdict.certificate_fault = check_certificate(certificate, *context.epoch->root,
                                                  context.chain_id, context.known, claims);
    return verdict.certificate_fault == CertificateFault::none ? ProposalFault::none : otherwise;
}

ProposalFault ancestry(const ProposalContext& context, const Proposal& proposal,
                       SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    if (proposal.parent_certificate != nullptr)
    {
        const chain::Certificate& certificate = *proposal.parent_certificate;
        if (certificate.kind != Kind::notarize && certificate.kind != Kind::finalize)
            return ProposalFault::parent_certificate;
        if (const ProposalFault fault = check_root_certificate(
                context, certificate, ProposalFault::parent_certificate, claims, verdict);
            fault != ProposalFault::none)
            return fault;
    }
    for (std::size_t i = 0; i < proposal.nullifications.count; ++i)
    {
        verdict.index = static_cast<std::uint32_t>(i);
        chain::Certificate certificate;
        if (!proposal.nullifications.at(proposal.nullifications.context, i, certificate) ||
            certificate.kind != Kind::nullify)
            return ProposalFault::nullification;
        if (const ProposalFault fault = check_root_certificate(
                context, certificate, ProposalFault::nullification, claims, verdict);
            fault != ProposalFault::none)
            return fault;
    }
    verdict.index = 0;
    return ProposalFault::none;
}

/// Nothing travels with a header that is proposed again.
ProposalFault again(const Proposal& proposal) noexcept
{
    const BlockBody& body = proposal.body;
    return proposal.reveal == nullptr && body.updates.count == 0 && body.evidence.count == 0 &&
                   body.sets.empty() && body.records.empty()
               ? ProposalFault::none
               : ProposalFault::reproposal;
}

ProposalFault check_time(const ProposalContext& context, const chain::RootHeader& header) noexcept
{
    if (header.time_ms <= context.parent->header.time_ms)
        return ProposalFault::time_order;
    const LocalTime& time = context.time;
    if (!time.trusted || header.time_ms <= time.wall_ms)
        return ProposalFault::none;
    const std::uint64_t ahead = header.time_ms - time.wall_ms;
    if (ahead <= time.drift_ms)
        return ProposalFault::none;
    return ahead - time.drift_ms <= time.drift_ms ? ProposalFault::future
                                                  : ProposalFault::far_future;
}

/// Rule 3.
ProposalFault check_header(const ProposalContext& context, const Proposal& proposal,
                           SignatureClaims& claims) noexcept
{
    const chain::RootHeader& header = proposal.header;
    const chain::RootHeader& parent = context.parent->header;
    if (header.parent != context.parent->hash)
        return ProposalFault::parent;
    if (parent.height == UINT64_MAX || header.height != parent.height + 1)
        return ProposalFault::height;
    if (const ProposalFault fault = check_time(context, header); fault != ProposalFault::none)
        return fault;
    std::uint32_t leader = 0;
    chain::PublicKey key{};
    if (proposal.reveal == nullptr || !leader_of(*context.epoch, header.view, leader, key) ||
        !claims.add(key, chain::reveal_digest(context.chain_id, header.epoch, header.view),
                    *proposal.reveal))
        return ProposalFault::reveal;
    return header.randao == chain::next_randao(parent.randao, *proposal.reveal)
               ? ProposalFault::none
               : ProposalFault::randao;
}

ProposalFault check_pieces(const ProposalContext& context, const Proposal& proposal,
                           BlockTransition& transition, SignatureClaims& claims,
                           ProposalVerdict& verdict) noexcept
{
    const Source<chain::Evidence>& pieces = proposal.body.evidence;
    if (pieces.count > chain::evidence_max)
        return ProposalFault::evidence;
    for (std::size_t i = 0; i < pieces.count; ++i)
    {
        verdict.index = static_cast<std::uint32_t>(i);
        chain::Evidence piece;
        if (!pieces.at(pieces.context, i, piece))
            return ProposalFault::evidence;
        if (const ProposalFault fault = check_evidence(context, piece, claims, verdict);
            fault != ProposalFault::none)
            return fault;
        transition.add(piece);
    }
    return ProposalFault::none;
}

ProposalFault check_updates(const ProposalContext& context, const Proposal& proposal,
                            BlockTransition& transition, SignatureClaims& claims,
                            ProposalVerdict& verdict) noexcept
{
    const Source<chain::ZoneUpdate>& updates = proposal.body.updates;
    const chain::ZoneLimits& limits = context.epoch->parameters.zone_limits;
    for (std::size_t i = 0; i < updates.count; ++i)
    {
        verdict.index = static_cast<std::uint32_t>(i);
        chain::ZoneUpdate update;
        if (!updates.at(updates.context, i, update))
            return ProposalFault::update_empty;
        if (!transition.in_order(update.zone))
            return ProposalFault::update_order;
        const chain::Zone* const zone = transition.zone(update.zone);
        if (zone == nullptr)
            return ProposalFault::update_zone;
        ProposalFault fault =
            check_update(context, proposal.header, update, *zone, claims, verdict);
        if (fault == ProposalFault::none)
            fault = transition.apply(update, limits, verdict);
        if (fault != ProposalFault::none)
            return fault;
    }
    verdict.index = 0;
    return ProposalFault::none;
}

/// Whether the lists that the caller has are those in force. From the parent, never from what is checked.
ProposalFault check_lists(const ProposalContext& context, const chain::EpochFields& fields,
                          ProposalVerdict& verdict) noexcept
{
    const EpochData& epoch = *context.epoch;
    if (epoch.zones_root == fields.zones_root && epoch.params_root == fields.params_root &&
        epoch.root_commitment == fields.root_committee)
        return ProposalFault::none;
    verdict.needed = fields.zones_root;
    return ProposalFault::unknown_committee;
}

ProposalFault check_roots(const chain::RootHeader& header,
                          const chain::RootHeader& expected) noexcept
{
    if (chain::epoch_fields(header) != chain::epoch_fields(expected))
        return ProposalFault::epoch_fields;
    if (header.body_root != expected.body_root)
        return ProposalFault::body_root;
    if (header.evidence_root != expected.evidence_root)
        return ProposalFault::evidence_root;
    return header.zone_table_root == expected.zone_table_root ? ProposalFault::none
                                                              : ProposalFault::zone_table_root;
}

ProposalFault block(const ProposalContext& context, const Proposal& proposal, ZoneTable& next,
                    SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    if (const ProposalFault fault = check_header(context, proposal, claims);
        fault != ProposalFault::none)
        return fault;
    BlockTransition transition(context.rules);
    ProposalFault fault =
        transition.begin(*context.parent, proposal.header.height, proposal.body, next, verdict);
    if (fault == ProposalFault::none)
        fault = check_lists(context, transition.fields(), verdict);
    if (fault == ProposalFault::none)
        fault = check_pieces(context, proposal, transition, claims, verdict);
    if (fault == ProposalFault::none)
        fault = check_updates(context, proposal, transition, claims, verdict);
    chain::RootHeader expected;
    if (fault == ProposalFault::none)
        fault = transition.finish(context.epoch->parameters.zone_limits, expected, verdict);
    if (fault == ProposalFault::none)
        fault = check_roots(proposal.header, expected);
    return fault;
}

/// Runs the checks in a batch and, if only the batch fails, once more to find the claim.
template <class Checks>
void run(const ProposalContext& context, const Checks& checks, ProposalVerdict& verdict) noexcept
{
    verdict = {};
    SignatureClaims batch(context.entropy, Mode::batch, context.signatures);
    verdict.fault = checks(batch);
    if (verdict.fault != ProposalFault::none || batch.finish())
        return;
    verdict = {};
    SignatureClaims single(context.entropy, Mode::one_by_one, context.signatures);
    verdict.fault = checks(single);
    // A batch that fails has a wrong claim: its answer "no" is certain, only its "yes" is not.
    MOTE_ASSERT(verdict.fault != ProposalFault::none);
}
}  // namespace

ProposalFault check_leader(const ProposalContext& context, const Proposal& proposal) noexcept
{
    const chain::RootHeader& header = proposal.header;
    if (header.version != chain::header_version)
        return ProposalFault::version;
    if (header.height == 0 || header.epoch != context.rules.calendar.epoch(header.height) ||
        header.epoch != context.epoch->epoch)
        return ProposalFault::epoch;
    if (header.view == 0 || header.view > proposal.view)
        return ProposalFault::view;
    std::uint32_t leader = 0;
    chain::PublicKey bytes{};
    if (!leader_of(*context.epoch, proposal.view, leader, bytes))
        return ProposalFault::unknown_committee;
    SignatureClaims claim(context.entropy, Mode::one_by_one, context.signatures);
    if (!claim.add(bytes,
                   chain::proposal_digest(context.chain_id, header.epoch, proposal.view,
                                          chain::hash_of(header)),
                   proposal.signature))
        return ProposalFault::leader_signature;
    if (proposed_again(proposal))
        return again(proposal);
    return header.proposer == leader ? ProposalFault::none : ProposalFault::proposer;
}

ProposalFault check_ancestry(const ProposalContext& context, const Proposal& proposal,
                             ProposalVerdict& verdict) noexcept
{
    run(
        context, [&](SignatureClaims& claims)
        { return ancestry(context, proposal, claims, verdict); }, verdict);
    return verdict.fault;
}

void check_proposal(const ProposalContext& context, const Proposal& proposal, ZoneTable& next,
                    ProposalVerdict& verdict) noexcept
{
    const auto checks = [&](SignatureClaims& claims)
    {
        const ProposalFault fault = ancestry(context, proposal, claims, verdict);
        if (fault != ProposalFault::none || proposed_again(proposal))
            return fault;
        return block(context, proposal, next, claims, verdict);
    };
    run(context, checks, verdict);
}
}  // namespace mote::consensus
