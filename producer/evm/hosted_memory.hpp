// Memory of a machine on an operating system: large reservations of which only what is touched is real.
#pragma once

#include "evm/machine.hpp"

namespace mote::evm
{
/// How much each part may grow to. The defaults hold what a block of 2^30 gas can pay for.
struct MemoryLimits
{
    std::size_t memories = std::size_t{1} << 30;
    std::size_t returned = std::size_t{1} << 28;
    std::size_t journal = std::size_t{1} << 30;
    std::size_t codes = std::size_t{64} << 20;
};

/// Reserves address space for one machine and gives it back.
class HostedMemory
{
  public:
    /// Errors  throws std::bad_alloc if the system refuses.
    explicit HostedMemory(const MemoryLimits& limits = {});
    ~HostedMemory();
    HostedMemory(const HostedMemory&) = delete;
    HostedMemory& operator=(const HostedMemory&) = delete;

    [[nodiscard]] const MachineMemory& get() const noexcept { return parts_; }

  private:
    void* base_ = nullptr;
    std::size_t bytes_ = 0;
    MachineMemory parts_;
};
}  // namespace mote::evm
