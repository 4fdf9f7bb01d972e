// Follower: a wallet of the run. It keeps 80 bytes and moves by checkpoint certificates only.
#pragma once

#include "chain/handover.hpp"
#include "sim/world.hpp"

namespace mote::sim
{
class FollowerNode
{
  public:
    FollowerNode(World& world, std::uint32_t index, const BlockState& genesis);

    void receive(const MessagePtr& message);

    [[nodiscard]] const chain::FollowerState& state() const noexcept { return state_; }
    [[nodiscard]] std::uint64_t received_bytes() const noexcept { return bytes_; }

  private:
    World& world_;
    std::uint32_t index_;
    chain::FollowerState state_;
    std::uint64_t bytes_ = 0;
};
}  // namespace mote::sim
