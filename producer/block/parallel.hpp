// Parallel execution: a block on several threads, with the outcome of executing it sequentially, always.
//
// Predictions say who is expected to touch what and decide about speed only: the lists in a published block,
// recipes that were learned, or nothing. What a transaction read is compared with what it should have read when
// its turn in the block's order comes; it is executed again if that is something else.
//
// Worked case: A pays C and B pays C at once. Both add to C's balance and to the coinbase's without reading
// them, so neither waits for the other.
#pragma once

#include <memory>

#include "block/block.hpp"
#include "block/outcome.hpp"
#include "block/predictions.hpp"
#include "block/prepare.hpp"
#include "block/state_changes.hpp"
#include "block/timeline.hpp"
#include "evm/hosted_memory.hpp"
#include "fafo/execution.hpp"

namespace mote::block
{
struct ParallelResult
{
    std::vector<Outcome> outcomes;  ///< one for each transaction
    StateChanges changes;
    AccessLists access;  ///< the true ones
    fafo::ExecutionCounters counters;
};

class ParallelExecutor
{
  public:
    /// Units   limits: of each thread's machine. seed: secret of this process; 0 is fine for one's own input.
    explicit ParallelExecutor(const evm::MemoryLimits& limits = {}, std::uint64_t seed = 0);
    ~ParallelExecutor();

    /// Executes a block. Machines and tables serve the next one.
    ///
    /// Shape   predicted: of each transaction, or empty. timeline: filled unless null. view: answers several threads at once, and has no
    ///         empty accounts. threads: at least 1.
    /// Errors  a fault: the view could not answer, or a machine's memory ended; nothing else means anything
    ///         then. Throws std::bad_alloc, std::system_error (no thread can be started).
    /// Cost    that of sequential execution, divided; a version for each write, a record for each read; and
    ///         for each transaction that was executed on stale reads a second execution.
    [[nodiscard]] evm::Fault execute(const Header& header, std::span<const Prepared> transactions,
                                     std::span<const fafo::Predicted> predicted,
                                     evm::StateView& view, unsigned threads, ParallelResult& out,
                                     Timeline* timeline = nullptr);

  private:
    class Run;
    struct State;
    std::unique_ptr<State> state_;
};
}  // namespace mote::block
