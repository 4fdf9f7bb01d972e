#include "consensus/block_transition.hpp"

#include "base/assert.hpp"

namespace mote::consensus
{
namespace
{
using chain::ZoneFault;

/// The headers of an update as the zone's rules want them.
struct HeaderHashes
{
    std::array<Digest, chain::skipped_max + 1> hashes, parents;
    std::size_t count = 0;

    void add(const chain::ZoneHeader& header) noexcept
    {
        hashes[count] = chain::hash_of(header);
        parents[count++] = header.parent;
    }
};
}  // namespace

ProposalFault BlockTransition::begin(const ChainState& parent, std::uint64_t height,
                                     const BlockBody& body, ZoneTable& next,
                                     ProposalVerdict& verdict) noexcept
{
    parent_ = &parent;
    body_ = &body;
    next_ = &next;
    height_ = height;
    const chain::RootHeader& header = parent.header;
    const bool begins = rules_.calendar.epoch(height) != header.epoch;
    const bool adopts = begins && !chain::is_zero(header.next_set);
    if (body.sets.size() < (adopts ? 1U : 0U))
        return ProposalFault::epoch_set;
    adopted_ = adopts ? body.sets.data() : nullptr;
    verdict.epoch_fault = chain::next_epoch_fields(header, height, adopted_, nullptr,
                                                   rules_.calendar, rules_.carry_max, fields_);
    if (verdict.epoch_fault != chain::EpochFault::none)
        return verdict.epoch_fault == chain::EpochFault::adopted ? ProposalFault::epoch_set
                                                                 : ProposalFault::epoch_fields;
    next.copy_from(parent.zones);
    if (!adopts)
        return body.records.empty() ? ProposalFault::none : ProposalFault::zone_records;
    if (!chain::records_hold(body.records, adopted_->zones_root))
        return ProposalFault::zone_records;
    return next.adopt(body.records, rules_.empty_state_root) == Status::ok
               ? ProposalFault::none
               : ProposalFault::too_large;
}

void BlockTransition::add(const chain::Evidence& evidence) noexcept
{
    evidence_.add(chain::leaf_hash_of(evidence));
    if (evidence.kind == 4 && convicted_count_ < convicted_.size())
        convicted_[convicted_count_++] = chain::hash_of(evidence.bad_row.header);
}

const chain::Zone* BlockTransition::zone(std::uint32_t number) const noexcept
{
    MOTE_ASSERT(next_ != nullptr);
    return next_->find(number);
}

void BlockTransition::pass_zones_below(std::uint64_t number,
                                       const chain::ZoneLimits& limits) noexcept
{
    const std::span<chain::Zone> zones = next_->zones();
    for (; passed_ < zones.size() && zones[passed_].leaf().zone < number; ++passed_)
    {
        ZoneFault none;
        const Status status = zones[passed_].apply(
            height_, nullptr, nullptr, std::span(convicted_).first(convicted_count_), limits, none);
        MOTE_ASSERT(status == Status::ok && none == ZoneFault::none);
        static_cast<void>(status);
    }
}

ProposalFault BlockTransition::apply(const chain::ZoneUpdate& update,
                                     const chain::ZoneLimits& limits,
                                     ProposalVerdict& verdict) noexcept
{
    if (!in_order(update.zone))
        return ProposalFault::update_order;
    next_number_ = std::uint64_t{update.zone} + 1;
    chain::Zone* const zone = next_->find(update.zone);
    if (zone == nullptr)
        return ProposalFault::update_zone;
    if (!update.has_tip && !update.has_statement)
        return ProposalFault::update_empty;
    if (update.has_statement && update.zone != 0 && !chain::is_zero(update.statement.aux_root))
        return ProposalFault::statement_aux;
    pass_zones_below(update.zone, limits);

    HeaderHashes headers;
    if (update.has_tip)
    {
        for (const chain::ZoneHeader& header : update.skipped)
            headers.add(header);
        headers.add(update.tip);
    }
    const chain::NewHeaders fresh = {std::span(headers.hashes).first(headers.count),
                                     std::span(headers.parents).first(headers.count),
                                     update.tip.height};
    const Status status =
        zone->apply(height_, update.has_tip ? &fresh : nullptr,
                    update.has_statement ? &update.statement : nullptr,
                    std::span(convicted_).first(convicted_count_), limits, verdict.zone_fault);
    if (status != Status::ok)
        return ProposalFault::too_large;
    if (verdict.zone_fault != ZoneFault::none)
        return ProposalFault::zone_rule;
    ++passed_;
    updates_.add(chain::leaf_hash_of(update));
    if (update.zone == 0 && update.has_statement && !chain::is_zero(update.statement.aux_root))
    {
        const std::size_t at = adopted_ == nullptr ? 0 : 1;
        if (body_->sets.size() <= at ||
            chain::hash_of(body_->sets[at]) != update.statement.aux_root)
            return ProposalFault::epoch_set;
        announced_ = &body_->sets[at];
    }
    return ProposalFault::none;
}

ProposalFault BlockTransition::finish(const chain::ZoneLimits& limits, chain::RootHeader& header,
                                      ProposalVerdict& verdict) noexcept
{
    pass_zones_below(UINT64_MAX, limits);
    if (body_->sets.size() != (adopted_ != nullptr ? 1U : 0U) + (announced_ != nullptr ? 1U : 0U))
        return ProposalFault::epoch_set;
    chain::EpochFields fields;
    verdict.epoch_fault = chain::next_epoch_fields(parent_->header, height_, adopted_, announced_,
                                                   rules_.calendar, rules_.carry_max, fields);
    if (verdict.epoch_fault != chain::EpochFault::none)
        return ProposalFault::epoch_fields;
    header.flags = fields.flags;
    header.root_committee = fields.root_committee;
    header.next_root_committee = fields.next_root_committee;
    header.ckpt_committee = fields.ckpt_committee;
    header.next_ckpt_committee = fields.next_ckpt_committee;
    header.zones_root = fields.zones_root;
    header.params_root = fields.params_root;
    header.next_set = fields.next_set;
    header.epoch_randao = fields.epoch_randao;
    header.body_root = updates_.root();
    header.evidence_root = evidence_.root();
    header.zone_table_root = next_->root();
    return ProposalFault::none;
}
}  // namespace mote::consensus
