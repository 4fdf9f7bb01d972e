// Predictions: what transactions are expected to touch, for the scheduler.
#pragma once

#include <span>
#include <vector>

#include "block/block.hpp"
#include "block/prepare.hpp"

namespace mote::block
{
/// Lists of accesses, one for each transaction, in one piece of memory.
class Predictions
{
  public:
    /// Appends to the list of the transaction that next() will end.
    void add(const fafo::StateKey& key, fafo::Mode mode) { accesses_.push_back({key, mode}); }
    /// Ends the list of a transaction of that much gas.
    void next(std::uint64_t gas);
    /// One for each list. They point here, and are good until the next change.
    [[nodiscard]] std::span<const fafo::Predicted> get();

  private:
    std::vector<fafo::PredictedAccess> accesses_;
    std::vector<std::size_t> first_ = {0};
    std::vector<fafo::Predicted> out_;
};

/// What can be said of transactions without running them: the sender pays and counts, the recipient is called
/// and paid, the coinbase is paid, a declared access list is meant. Exact for payments.
[[nodiscard]] Predictions predict(const Header& header, std::span<const Prepared> transactions);

/// What a published block says.
///
/// Shape   access: of as many transactions.
[[nodiscard]] Predictions predictions_of(const AccessLists& access,
                                         std::span<const Prepared> transactions);
}  // namespace mote::block
