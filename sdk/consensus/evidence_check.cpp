#include "consensus/evidence_check.hpp"

namespace mote::consensus
{
namespace
{
using chain::Kind;

ProposalFault check_votes(const ProposalContext& context, const chain::VoteEvidence& e,
                          SignatureClaims& claims) noexcept
{
    if (!chain::convicts(e))
        return ProposalFault::evidence;
    bool of_epoch = false;
    const EpochData* const data = data_of(context, e.epoch, of_epoch);
    if (!of_epoch)
        return ProposalFault::evidence_epoch;
    if (data == nullptr || data->root == nullptr)
        return ProposalFault::unknown_committee;
    if (e.view == 0 || e.member >= data->root->committee.members())
        return ProposalFault::evidence_place;
    const chain::PublicKey key = data->root->committee.member(e.member).public_key;
    for (const chain::VoteEvidence::Vote& vote : e.votes)
    {
        const Digest digest = chain::root_vote_digest(context.chain_id, e.epoch, e.view,
                                                      static_cast<Kind>(vote.kind), vote.block);
        if (!claims.add(key, digest, vote.signature))
            return ProposalFault::evidence_signature;
    }
    return ProposalFault::none;
}

/// The producer who signed a header, if it was its turn.
ProposalFault find_producer(const ProposalContext& context, const chain::ZoneHeader& header,
                            chain::PublicKey& out, ProposalVerdict& verdict) noexcept
{
    const std::uint64_t epoch = context.rules.calendar.epoch_of_window(header.window);
    bool of_epoch = false;
    const EpochData* const data = data_of(context, epoch, of_epoch);
    if (!of_epoch)
        return ProposalFault::evidence_epoch;
    if (data == nullptr)
        return ProposalFault::unknown_committee;
    const ZoneEpoch* const zone = data->find(header.zone);
    if (zone == nullptr || header.version != chain::header_version)
        return ProposalFault::evidence_place;
    if (zone->producers.size() == 0)
    {
        verdict.needed = zone->commitment;
        return ProposalFault::unknown_committee;
    }
    const chain::Zone* const state = context.parent->zones.find(header.zone);
    const bool open = state != nullptr && state->windows_open();
    if (!may_produce(zone->producers, header.producer, header.window, open))
        return ProposalFault::evidence_place;
    out = zone->producers.at(header.producer).public_key;
    return ProposalFault::none;
}

ProposalFault check_headers(const ProposalContext& context, const chain::HeaderEvidence& e,
                            SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    if (!chain::convicts(e))
        return ProposalFault::evidence;
    chain::PublicKey key{};
    if (const ProposalFault fault = find_producer(context, e.headers[0], key, verdict);
        fault != ProposalFault::none)
        return fault;
    for (std::size_t i = 0; i < e.headers.size(); ++i)
    {
        const Digest digest =
            chain::zone_header_digest(context.chain_id, chain::hash_of(e.headers[i]));
        if (!claims.add(key, digest, e.signatures[i]))
            return ProposalFault::evidence_signature;
    }
    return ProposalFault::none;
}

ProposalFault check_proposals(const ProposalContext& context, const chain::ProposalEvidence& e,
                              SignatureClaims& claims) noexcept
{
    if (!chain::convicts(e))
        return ProposalFault::evidence;
    bool of_epoch = false;
    const EpochData* const data = data_of(context, e.epoch, of_epoch);
    if (!of_epoch)
        return ProposalFault::evidence_epoch;
    if (data == nullptr || data->leaders.size() == 0)
        return ProposalFault::unknown_committee;
    if (e.view == 0)
        return ProposalFault::evidence_place;
    const std::uint32_t leader = chain::root_leader(data->leaders.order, e.view);
    const chain::PublicKey key = data->leaders.at(leader).public_key;
    for (std::size_t i = 0; i < e.blocks.size(); ++i)
    {
        const Digest digest =
            chain::proposal_digest(context.chain_id, e.epoch, e.view, e.blocks[i]);
        if (!claims.add(key, digest, e.signatures[i]))
            return ProposalFault::evidence_signature;
    }
    return ProposalFault::none;
}

ProposalFault check_bad_row(const ProposalContext& context, const chain::BadRowEvidence& e,
                            SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    if (e.tag != 4)
        return ProposalFault::evidence;
    chain::PublicKey key{};
    if (const ProposalFault fault = find_producer(context, e.header, key, verdict);
        fault != ProposalFault::none)
        return fault;
    const Digest digest = chain::zone_header_digest(context.chain_id, chain::hash_of(e.header));
    if (!claims.add(key, digest, e.signature))
        return ProposalFault::evidence_signature;
    const Lookup answer =
        context.bad_rows.convicts == nullptr
            ? Lookup::unknown
            : context.bad_rows.convicts(context.bad_rows.context, e.bad_row, e.header);
    if (answer == Lookup::found)
        return ProposalFault::none;
    if (answer == Lookup::not_found)
        return ProposalFault::bad_row;
    verdict.needed = e.bad_row;
    return ProposalFault::unknown_bad_row;
}
}  // namespace

const EpochData* data_of(const ProposalContext& context, std::uint64_t epoch,
                         bool& of_epoch) noexcept
{
    of_epoch = true;
    if (epoch == context.epoch->epoch)
        return context.epoch;
    of_epoch = context.epoch->epoch != 0 && epoch == context.epoch->epoch - 1;
    return of_epoch && context.before != nullptr && context.before->epoch == epoch ? context.before
                                                                                   : nullptr;
}

bool may_produce(const ProducerList& producers, std::uint32_t producer, std::uint64_t window,
                 bool windows_open) noexcept
{
    if (producer >= producers.size())
        return false;
    return windows_open || producer == chain::window_owner(producers.order, window);
}

ProposalFault check_evidence(const ProposalContext& context, const chain::Evidence& evidence,
                             SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    switch (evidence.kind)
    {
        case 1:
            return check_votes(context, evidence.votes, claims);
        case 2:
            return check_headers(context, evidence.headers, claims, verdict);
        case 3:
            return check_proposals(context, evidence.proposals, claims);
        case 4:
            return check_bad_row(context, evidence.bad_row, claims, verdict);
        default:
            return ProposalFault::evidence;
    }
}
}  // namespace mote::consensus
