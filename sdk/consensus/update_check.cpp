#include "consensus/update_check.hpp"

#include "consensus/evidence_check.hpp"

namespace mote::consensus
{
namespace
{
using chain::CertificateFault;
using chain::Kind;

/// The zone's lists of an epoch that a block may refer to.
ProposalFault find_zone(const ProposalContext& context, std::uint64_t epoch, std::uint32_t zone,
                        ProposalFault otherwise, const ZoneEpoch*& out) noexcept
{
    bool of_epoch = false;
    const EpochData* const data = data_of(context, epoch, of_epoch);
    if (!of_epoch)
        return otherwise;
    if (data == nullptr)
        return ProposalFault::unknown_committee;
    out = data->find(zone);
    return out == nullptr ? otherwise : ProposalFault::none;
}

ProposalFault check_zone_certificate(const ProposalContext& context,
                                     const chain::Certificate& certificate, const ZoneEpoch& zone,
                                     ProposalFault otherwise, SignatureClaims& claims,
                                     ProposalVerdict& verdict) noexcept
{
    if (zone.committee == nullptr)
    {
        verdict.needed = zone.commitment;
        return ProposalFault::unknown_committee;
    }
    verdict.certificate_fault =
        check_certificate(certificate, *zone.committee, context.chain_id, context.known, claims);
    return verdict.certificate_fault == CertificateFault::none ? ProposalFault::none : otherwise;
}

/// Anchors ascend along the zone's chain, and are ancestors of this block that are not too old.
ProposalFault check_anchor(const ProposalContext& context, const chain::RootHeader& header,
                           const chain::ZoneHeader& block, std::uint64_t& last,
                           ProposalVerdict& verdict) noexcept
{
    std::uint64_t height = 0;
    switch (context.ancestors.height_of(context.ancestors.context, block.anchor, height))
    {
        case Lookup::unknown:
            verdict.needed = block.anchor;
            return ProposalFault::unknown_anchor;
        case Lookup::not_found:
            return ProposalFault::tip_anchor;
        case Lookup::found:
            break;
    }
    const std::uint64_t oldest = context.rules.calendar.epoch_heights / 2;
    if (height >= header.height || header.height - height > oldest || height < last)
        return ProposalFault::tip_anchor;
    last = height;
    return ProposalFault::none;
}

ProposalFault check_headers(const ProposalContext& context, const chain::RootHeader& header,
                            const chain::ZoneUpdate& update, const chain::Zone& zone,
                            ProposalVerdict& verdict) noexcept
{
    std::uint64_t height = zone.leaf().tip_height, anchor = 0;
    const std::size_t count = update.skipped.size() + 1;
    for (std::size_t i = 0; i < count; ++i)
    {
        const chain::ZoneHeader& block = i + 1 == count ? update.tip : update.skipped[i];
        if (block.version != chain::header_version || block.zone != update.zone)
            return ProposalFault::tip_zone;
        if (block.height != ++height)
        {
            verdict.zone_fault = chain::ZoneFault::tip_height;
            return ProposalFault::zone_rule;
        }
        if (const ProposalFault fault = check_anchor(context, header, block, anchor, verdict);
            fault != ProposalFault::none)
            return fault;
    }
    return ProposalFault::none;
}

ProposalFault check_tip(const ProposalContext& context, const chain::RootHeader& header,
                        const chain::ZoneUpdate& update, const chain::Zone& zone,
                        SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    if (const ProposalFault fault = check_headers(context, header, update, zone, verdict);
        fault != ProposalFault::none)
        return fault;
    const chain::ZoneHeader& tip = update.tip;
    const std::uint64_t window = context.rules.calendar.window(header.height);
    if (tip.window != window && (window == 0 || tip.window != window - 1))
        return ProposalFault::tip_window;
    if (tip.time_ms > header.time_ms && tip.time_ms - header.time_ms > tip_ahead_ms)
        return ProposalFault::tip_time;
    const std::uint64_t epoch = context.rules.calendar.epoch_of_window(tip.window);
    const ZoneEpoch* lists = nullptr;
    if (const ProposalFault fault =
            find_zone(context, epoch, update.zone, ProposalFault::tip_window, lists);
        fault != ProposalFault::none)
        return fault;
    if (lists->producers.size() == 0)
    {
        verdict.needed = zone.leaf().producers_root;
        return ProposalFault::unknown_committee;
    }
    if (!may_produce(lists->producers, tip.producer, tip.window, zone.windows_open()))
        return ProposalFault::tip_producer;
    const Digest hash = chain::hash_of(tip);
    if (!claims.add(lists->producers.at(tip.producer).public_key,
                    chain::zone_header_digest(context.chain_id, hash), update.tip_signature))
        return ProposalFault::tip_signature;
    const chain::Certificate& avail = update.avail;
    if (avail.kind != Kind::avail || avail.epoch != epoch || avail.zone != update.zone ||
        avail.view_or_height != tip.height || avail.subject != hash)
        return ProposalFault::avail_place;
    return check_zone_certificate(context, avail, *lists, ProposalFault::avail_certificate, claims,
                                  verdict);
}

ProposalFault check_statement(const ProposalContext& context, const chain::ZoneUpdate& update,
                              SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    const chain::Certificate& valid = update.valid;
    if (update.statement.zone != update.zone || valid.kind != Kind::valid ||
        valid.zone != update.zone || valid.view_or_height != update.statement.to ||
        valid.subject != chain::statement_hash(update.statement))
        return ProposalFault::valid_place;
    const ZoneEpoch* lists = nullptr;
    if (const ProposalFault fault =
            find_zone(context, valid.epoch, update.zone, ProposalFault::valid_place, lists);
        fault != ProposalFault::none)
        return fault;
    return check_zone_certificate(context, valid, *lists, ProposalFault::valid_certificate, claims,
                                  verdict);
}
}  // namespace

ProposalFault check_update(const ProposalContext& context, const chain::RootHeader& header,
                           const chain::ZoneUpdate& update, const chain::Zone& zone,
                           SignatureClaims& claims, ProposalVerdict& verdict) noexcept
{
    ProposalFault fault = ProposalFault::none;
    if (update.has_tip)
        fault = check_tip(context, header, update, zone, claims, verdict);
    if (fault == ProposalFault::none && update.has_statement)
        fault = check_statement(context, update, claims, verdict);
    return fault;
}
}  // namespace mote::consensus
