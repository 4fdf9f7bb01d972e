// A producer as maker and prover of zone blocks.
#include "sim/producer.hpp"

namespace mote::sim
{
namespace
{
constexpr std::uint32_t blocks_in_window_max = 2;
constexpr Time proof_us_min = 300000, proof_us_spread = 300000, take_over_us = 2500000;
constexpr Time share_retry_us = 1500000, proof_retry_us = 6000000;
}  // namespace

void Producer::look_at_zones()
{
    const chain::Calendar& calendar = world_.members().calendar;
    const std::uint64_t window = calendar.window(notarized_->header.height + 1);
    const bool this_epoch = calendar.epoch_of_window(window) == context_->epoch;
    for (std::uint32_t zone = 0; zone < world_.config().zones; ++zone)
    {
        const Making& making = making_[zone];
        if (this_epoch && context_->owner(zone, window, context_->epoch) == index_)
        {
            const bool open = making.window != window || making.blocks < blocks_in_window_max;
            const bool waiting =
                making.newest && making.window == window &&
                !available_[zone].contains(making.newest->header.height) &&
                notarized_->zones[zone].leaf.tip_height < making.newest->header.height;
            if (waiting && world_.now() > making.sent_at + share_retry_us)
                send_shares(making.newest);
            else if (open && !waiting)
                make_block(zone);
        }
        // Whoever made the oldest unproven block proves; after a while anybody does.
        const ZoneState& state = final_->zones[zone];
        Proving& proving = proving_[zone];
        if (state.pending.empty() ||
            (proving.from == state.leaf.proven_height + 1 && world_.now() < proving.again_at))
            continue;
        proving.from = state.leaf.proven_height + 1;
        const ZoneBlockPtr oldest = world_.zone_block(state.pending.front().header_hash);
        const bool mine = oldest && oldest->header.producer == index_;
        Time delay = proof_us_min + random_.below(proof_us_spread);
        if (!mine)
            delay += take_over_us + random_.below(proof_us_spread) * 4;
        if (role_.late_prover)  // around the deadline, which is about that many views away
            delay += milliseconds(110) * world_.ledger().rules().limits.prove_timeout *
                     (80 + random_.below(40)) / 100;
        proving.again_at = world_.now() + delay + proof_retry_us;
        if (!role_.lazy_prover)
            world_.schedule(world_.now() + delay, node(), Timer::prove, zone);
    }
}

void Producer::make_block(std::uint32_t zone)
{
    const chain::Calendar& calendar = world_.members().calendar;
    const ZoneState& state = notarized_->zones[zone];
    const bool unlimited = world_.config().mutant == Mutant::unlimited_unproven;
    if (state.pending.size() + 2 > world_.config().limits.unproven_max && !unlimited)
        return;
    // On the newest certified header that leads to the tip, else on the tip.
    Digest parent = state.leaf.tip_hash;
    std::uint64_t height = state.leaf.tip_height, time_ms = 0, window = 0;
    Digest anchor_before{};
    if (const ZoneBlockPtr tip = world_.zone_block(parent))
    {
        time_ms = tip->header.time_ms;
        window = tip->header.window;
        anchor_before = tip->header.anchor;
    }
    for (const auto& [at, known] : available_[zone])
        if (known.block->header.parent == parent)
        {
            parent = known.block->hash;
            height = at;
            time_ms = known.block->header.time_ms;
            window = known.block->header.window;
        }
    ZoneBlockPlan plan;
    plan.header.zone = zone;
    plan.header.height = height + 1;
    plan.header.parent = parent;
    plan.header.producer = index_;
    plan.header.window = calendar.window(notarized_->header.height + 1);
    if (plan.header.window < window)
        return;
    plan.header.time_ms = std::max(world_.now_ms(), time_ms + 1);
    plan.header.anchor = final_->hash;
    plan.header.out_msgs_root = state.leaf.msgs_root;
    plan.data.resize(1 + random_.below(world_.config().zone_bytes_max));
    for (std::uint8_t& byte : plan.data)
        byte = static_cast<std::uint8_t>(random_.next());
    plan.epoch = context_->epoch;
    plan.committee = context_->plan->zones[zone];
    plan.assignment_seed =
        chain::seed(context_->randao, plan.epoch, chain::SeedKind::zone_committee, zone);
    plan.chain_id = world_.chain_id();
    plan.falsify_row = role_.falsifies;
    if (role_.lies)
        plan.header.claimed_root[0] = static_cast<std::uint8_t>(random_.next() | 1);
    Making& making = making_[zone];
    if (making.window != plan.header.window)
        making.blocks = 0;
    making.window = plan.header.window;
    ++making.blocks;
    const ZoneBlockPtr block = make_zone_block(std::move(plan), world_.signatures(), key());
    making.newest = block;
    world_.publish(block);
    send_shares(block);
}

void Producer::send_shares(const ZoneBlockPtr& block)
{
    making_[block->header.zone].sent_at = world_.now();
    const std::uint32_t members = block->committee->committee.members();
    for (std::uint32_t member = 0; member < members; ++member)
    {
        // One that withholds serves too few for a certificate.
        if (role_.withholds && member % 2 == 0)
            continue;
        const chain::Member who = block->committee->committee.member(member);
        world_.send(node(), who.validator_id,
                    shares_message(block, member, share_bytes(*block, member)));
    }
}

void Producer::prove(std::uint32_t zone)
{
    const ZoneState& state = final_->zones[zone];
    // Somebody else may have been faster.
    if (state.pending.empty() || proving_[zone].from != state.leaf.proven_height + 1)
        return;
    auto package = std::make_shared<ProofPackage>();
    chain::Statement& statement = package->statement;
    statement.zone = zone;
    statement.program_id = state.leaf.program_id;
    statement.from = state.leaf.proven_height + 1;
    statement.prev_header = state.leaf.proven_hash;
    statement.pre_root = state.leaf.proven_root;
    statement.out_msgs_root = state.leaf.msgs_root;
    Digest root = state.leaf.proven_root, anchor{};
    for (std::size_t i = 0; i < state.pending.size() && i < chain::statement_blocks_max; ++i)
    {
        const ZoneBlockPtr block = world_.zone_block(state.pending[i].header_hash);
        if (!block)
            return;
        // Marks may still come for what is not final; only the first ones are sure to be met.
        const bool is_void = state.pending[i].is_void != 0;
        statement.to = block->header.height;
        statement.last_header = block->hash;
        package->headers.push_back(block->header);
        if (is_void)
        {
            statement.void_mask |= std::uint64_t{1} << i;
            package->svid_headers.emplace_back();
            continue;
        }
        const auto& bytes = block->dispersal->header_bytes();
        package->svid_headers.emplace_back(bytes.begin(), bytes.end());
        root = execute(root, *block);
        anchor = block->header.anchor;
    }
    statement.post_root = root;
    const StatePtr anchored = world_.ledger().find(anchor);
    if (zone == 0 && anchored)
    {
        // Everything that the next epoch needs; the draw's randomness is fixed two epochs ahead.
        const std::uint64_t epoch = anchored->header.epoch + 1;
        const PlanPtr plan = world_.ledger().plan_for(epoch, anchored);
        statement.aux_root = plan->set_hash;
    }
    if (role_.lying_prover)
    {
        // A wrong root before, a wrong mask, a wrong root after: no proof of it exists.
        const std::uint64_t what = random_.below(3);
        (what == 0 ? statement.pre_root : statement.post_root)[0] ^= 1;
        if (what == 1)
            statement.void_mask ^= 1;
        package->proof[0] = 1;
        world_.catch_somebody(node(), "a proof that does not verify");
    }
    else
        world_.oracle().prove(*package, world_.chain_id());
    // Everybody who leads later knows the statement.
    for (std::uint32_t other = 0; other < world_.config().producers; ++other)
    {
        auto& list = world_.producer(other).proven_[zone];
        if (list.size() < 64)
            list.push_back({statement, nullptr});
    }
    const CommitteeList& committee = *context_->plan->zones[zone];
    const MessagePtr message = proof_message(package, proof_bytes(*package));
    for (std::uint32_t member = 0; member < committee.committee.members(); ++member)
        world_.send(node(), committee.committee.member(member).validator_id, message);
}
}  // namespace mote::sim
