#include "sim/follower.hpp"

#include "sim/invariants.hpp"

namespace mote::sim
{
FollowerNode::FollowerNode(World& world, std::uint32_t index, const BlockState& genesis)
    : world_(world), index_(index)
{
    state_.committee = genesis.header.ckpt_committee;
    state_.newest = {0, genesis.hash};
}

void FollowerNode::receive(const MessagePtr& message)
{
    bytes_ += message->wire_bytes;
    if (!message->valid || message->type != MessageType::checkpoint)
        return;
    const chain::RootHeader& header = *message->header;
    const chain::Calendar& calendar = world_.members().calendar;
    const auto check = world_.signatures().check();
    chain::FollowerState next = state_;
    if (world_.config().mutant == Mutant::follower_goes_back)
        next.newest.height = 0;
    // What names the next committee moves to the next period; everything else within this one.
    if (chain::hand_over(next, header, message->follower, world_.chain_id(), calendar, check) !=
            chain::HandoverFault::none &&
        chain::follow(next, header, message->follower, world_.chain_id(), calendar, check) !=
            chain::HandoverFault::none)
        return;
    state_ = next;
    world_.invariants().on_checkpoint(index_, state_.newest.height, state_.newest.hash);
}
}  // namespace mote::sim
