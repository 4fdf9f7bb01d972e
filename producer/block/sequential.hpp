// Sequential execution: the transactions of a block one after the other, on one machine. What any other way
// of executing has to come to.
//
// Worked case: a list of three byte strings, the second of them garbage, gives three outcomes; the second
// says `malformed`, and the third has the cumulative gas of the first and itself.
#pragma once

#include <memory>

#include "block/block.hpp"
#include "block/outcome.hpp"
#include "block/prepare.hpp"
#include "block/state_changes.hpp"
#include "evm/hosted_memory.hpp"

namespace mote::block
{
/// Executes one transaction on machine.journal() as it stands, with machine.block.
///
/// Units   gas_before: used by the block's transactions before it; what is left of the block's limit must
///         hold the transaction's own.
/// Errors  journal().fault() must be asked first; after a fault the outcome means nothing.
/// Source  [YP] section 11, and section 6 through evm::execute.
void execute_one(evm::Machine& machine, const Prepared& transaction, std::uint64_t gas_before,
                 Outcome& out);

class SequentialExecutor
{
  public:
    /// Units   seed: secret of this process; 0 is fine for one's own input.
    explicit SequentialExecutor(const evm::MemoryLimits& limits = {}, std::uint64_t seed = 0);
    ~SequentialExecutor();

    /// Executes a block.
    ///
    /// Shape   outcomes: one for each transaction.
    /// Errors  a fault: the view could not answer, or the journal's memory ended; nothing else means
    ///         anything then.
    [[nodiscard]] evm::Fault execute(const Header& header, std::span<const Prepared> transactions,
                                     evm::StateView& view, std::vector<Outcome>& outcomes,
                                     StateChanges& changes, evm::Tracer* tracer = nullptr);

  private:
    evm::HostedMemory memory_;
    std::uint64_t seed_;
    std::unique_ptr<evm::Machine> machine_;
};
}  // namespace mote::block
