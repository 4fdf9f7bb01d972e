// Builder: which of the transactions that wait a block has, and in which order; and what keys cost.
//
// Each transaction that waits is executed on the last state to see what it touches. Then fafo::make_order fills
// the block: nobody's keys get more than their part of its gas, and long chains begin first. After the block
// the prices of the keys that it wrote move.
//
// Prices are computed and shown, and who cannot pay them waits; the execution does not charge them.
#pragma once

#include "block/parallel.hpp"
#include "fafo/prices.hpp"
#include "result.hpp"
#include "run.hpp"

namespace mote::execute_tool
{
class Builder
{
  public:
    Builder(const Options& options, workload::Workload& workload, std::uint64_t block_gas);

    struct Draft
    {
        std::vector<workload::SignedTransaction> transactions;
        block::Predictions predicted;  ///< of these, in this order
    };
    /// Takes a block's worth of what waits, and as many new transactions as there is room for.
    ///
    /// Errors  throws std::runtime_error if a transaction cannot be executed: state or memory is missing.
    [[nodiscard]] Draft build(const block::Header& header, evm::StateView& view,
                              block::ParallelExecutor& executor, BlockResult& out);
    /// Moves the prices.
    ///
    /// Shape   access, outcomes: true ones, of the block that was built.
    void end_block(const block::AccessLists& access, std::span<const block::Outcome> outcomes,
                   BlockResult& out);

    [[nodiscard]] block::SenderCache& senders() { return senders_; }

  private:
    [[nodiscard]] bool can_pay(const evm::Transaction& transaction,
                               std::span<const fafo::PredictedAccess> accesses,
                               std::uint64_t base_fee);

    const Options& options_;
    workload::Workload& workload_;
    std::uint64_t block_gas_;
    fafo::Prices prices_;
    block::SenderCache senders_;
    std::vector<workload::SignedTransaction> waiting_;  // of each sender in the order of nonces
};
}  // namespace mote::execute_tool
