// What a device attests besides its votes: shares it holds, and proofs it verified.
#include <algorithm>

#include "sim/device.hpp"
#include "sim/invariants.hpp"
#include "sim/producer.hpp"

namespace mote::sim
{
namespace
{
constexpr Time store_us_min = 1000, store_us_spread = 5000;
constexpr std::uint32_t headers_max = 2;  // of one zone, height and producer
}  // namespace

/// The parent is attested here, or included as far as this device has seen, or the zone's beginning.
bool Device::knows_parent(const chain::ZoneHeader& header) const
{
    if (attested_.contains(header.parent))
        return true;
    const StatePtr& state = newest_ ? newest_ : context_->start;
    const ZoneState& zone = state->zones[header.zone];
    return zone.leaf.proven_hash == header.parent ||
           std::any_of(zone.pending.begin(), zone.pending.end(),
                       [&](const auto& pending) { return pending.header_hash == header.parent; });
}

void Device::on_shares(const MessagePtr& message)
{
    const ZoneBlock& block = *message->block;
    const chain::Calendar& calendar = world_.members().calendar;
    const Plan* plan = context_->plan_of(block.epoch);
    if (setup_.kind != DeviceKind::honest || plan == nullptr || attested_.contains(block.hash) ||
        plan->zones[block.header.zone]->commitment != block.committee->commitment ||
        block.committee->member(setup_.validator) != message->member)
        return;
    const std::uint64_t window = calendar.window(final_height_ + 1);
    if (block.header.window + 1 < window || block.header.window > window + 1 ||
        calendar.epoch_of_window(block.header.window) != block.epoch)
        return;
    if (!world_.signatures().verify_one(
            chain::zone_header_digest(world_.chain_id(), block.hash), block.signature,
            world_.members().producers[block.header.producer].public_key))
        return;
    if (!knows_parent(block.header))
        return;
    const ZoneBlockPtr parent = world_.zone_block(block.header.parent);
    if (parent && (parent->header.height + 1 != block.header.height ||
                   parent->header.time_ms >= block.header.time_ms ||
                   parent->header.window > block.header.window))
        return;
    const StatePtr anchor = world_.ledger().find(block.header.anchor);
    if (!anchor || anchor->header.height > final_height_)
        return;
    if (headers_of_.size() >= attested_max)
        headers_of_.clear();
    auto& seen = headers_of_[{block.header.zone, block.header.height, block.header.producer}];
    if (seen >= headers_max)
        return;
    const svid::Verdict verdict = world_.config().mutant == Mutant::attest_without_shares
                                      ? svid::Verdict{svid::Outcome::provisional}
                                      : check_shares(block, message->member, world_.chain_id());
    if (verdict.outcome != svid::Outcome::provisional)
    {
        ++world_.counts().bad_shares;
        if (verdict.fault != svid::Fault::fingerprint)
            return;
        const auto shown = std::make_shared<BadRowMessage>(show_row(block, verdict.row));
        if (!convicts(*shown, block.header, block.committee->stakes, world_.chain_id()))
            return;
        world_.catch_somebody(world_.producer_node(block.header.producer),
                              "a row that is not the code's");
        wire::EvidenceMessage piece;
        piece.kind = 4;
        piece.bad_row.header = block.header;
        piece.bad_row.signature = block.signature;
        piece.bad_row.bad_row = world_.publish(shown);
        const MessagePtr evidence = evidence_message(piece);
        for (std::uint32_t i = 0; i < 2; ++i)
            world_.send(setup_.node, relay(setup_.node, i), evidence);
        return;
    }
    ++seen;
    if (attested_.size() >= attested_max)
        attested_.clear();
    attested_.insert(block.hash);
    storing_[stores_] = message->block;
    world_.schedule(world_.now() + store_us_min + random_.below(store_us_spread), setup_.node,
                    Timer::stored, stores_++, life_);
}

void Device::attest_shares(std::uint64_t number)
{
    const auto at = storing_.find(number);
    if (at == storing_.end())
        return;
    const ZoneBlockPtr block = at->second;
    storing_.erase(at);
    if (world_.config().mutant != Mutant::attest_without_shares)
        block->stored[block->committee->member(setup_.validator)] = true;
    wire::VoteMessage vote;
    vote.kind = chain::Kind::avail;
    vote.epoch = block->epoch;
    vote.view_or_height = block->header.height;
    vote.zone = block->header.zone;
    vote.subject = block->hash;
    vote.member = block->committee->member(setup_.validator);
    vote.signature = world_.signatures().sign(
        setup_.validator, chain::avail_digest(world_.chain_id(), block->epoch, vote.zone,
                                              vote.view_or_height, block->hash));
    send_vote(vote, false);
}

void Device::on_proof(const MessagePtr& message)
{
    const ProofPackage& package = *message->proof;
    const chain::Statement& statement = package.statement;
    if (setup_.kind != DeviceKind::honest || statement.zone >= context_->plan->zones.size())
        return;
    const std::uint32_t member = context_->plan->zones[statement.zone]->member(setup_.validator);
    if (member == CommitteeList::nobody ||
        statement.program_id != world_.members().programs[statement.zone])
        return;
    if (world_.config().mutant != Mutant::accept_any_proof &&
        !world_.oracle().verify(package, world_.chain_id(), world_.members().calendar))
    {
        ++world_.counts().dropped;
        return;
    }
    wire::VoteMessage vote;
    vote.kind = chain::Kind::valid;
    vote.epoch = context_->epoch;
    vote.view_or_height = statement.to;
    vote.zone = statement.zone;
    vote.subject = chain::statement_hash(statement);
    vote.member = member;
    vote.signature = world_.signatures().sign(
        setup_.validator, chain::valid_digest(world_.chain_id(), vote.epoch, vote.subject));
    send_vote(vote, false);
}
}  // namespace mote::sim
