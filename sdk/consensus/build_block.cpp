#include "consensus/build_block.hpp"

namespace mote::consensus
{
namespace
{
ProposalFault fill(const ChainState& parent, const BlockPlan& plan, const BlockRules& rules,
                   const chain::ZoneLimits& limits, ZoneTable& next, chain::RootHeader& header,
                   ProposalVerdict& verdict) noexcept
{
    BlockTransition transition(rules);
    ProposalFault fault = transition.begin(parent, header.height, plan.body, next, verdict);
    for (std::size_t i = 0; fault == ProposalFault::none && i < plan.body.evidence.count; ++i)
    {
        chain::Evidence evidence;
        if (i == chain::evidence_max ||
            !plan.body.evidence.at(plan.body.evidence.context, i, evidence))
            return ProposalFault::evidence;
        transition.add(evidence);
    }
    for (std::size_t i = 0; fault == ProposalFault::none && i < plan.body.updates.count; ++i)
    {
        verdict.index = static_cast<std::uint32_t>(i);
        chain::ZoneUpdate update;
        fault = plan.body.updates.at(plan.body.updates.context, i, update)
                    ? transition.apply(update, limits, verdict)
                    : ProposalFault::update_empty;
    }
    return fault == ProposalFault::none ? transition.finish(limits, header, verdict) : fault;
}
}  // namespace

Status build_root_block(const ChainState& parent, const BlockPlan& plan, const BlockRules& rules,
                        const chain::ZoneLimits& limits, ZoneTable& next, chain::RootHeader& out,
                        ProposalVerdict& verdict) noexcept
{
    out = {};
    verdict = {};
    chain::RootHeader header;
    header.height = parent.header.height + 1;
    header.epoch = rules.calendar.epoch(header.height);
    header.view = plan.view;
    header.parent = parent.hash;
    header.parent_view = plan.parent_view;
    header.proposer = plan.proposer;
    header.time_ms = plan.time_ms;
    header.randao = chain::next_randao(parent.header.randao, plan.reveal);
    verdict.fault = fill(parent, plan, rules, limits, next, header, verdict);
    if (verdict.fault != ProposalFault::none)
        return Status::rejected;
    out = header;
    return Status::ok;
}

BlockBody ListedBody::body(std::span<const chain::EpochSet> sets,
                           std::span<const chain::ZoneRecord> records) noexcept
{
    BlockBody body;
    body.updates = {updates_.size(), this, [](void* self, std::size_t index, chain::ZoneUpdate& out)
                    {
                        out = static_cast<ListedBody*>(self)->updates_[index];
                        return true;
                    }};
    body.evidence = {evidence_.size(), this, [](void* self, std::size_t index, chain::Evidence& out)
                     {
                         out = static_cast<ListedBody*>(self)->evidence_[index];
                         return true;
                     }};
    body.sets = sets;
    body.records = records;
    return body;
}
}  // namespace mote::consensus
