// Prepared transactions: byte strings of a block, decoded, with who signed them.
//
// Recovering a sender costs ten times a payment's execution, and needs no state: it is done for many at once,
// on all threads, and remembered. A pool that has admitted a transaction has its sender in the cache when the
// block is made.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "block/sender_cache.hpp"
#include "evm/transaction.hpp"

namespace mote::block
{
struct Prepared
{
    evm::Refusal refusal = evm::Refusal::none;  ///< it does not decode, or nobody signed it
    evm::Transaction transaction;  ///< views of the byte string and of the list's memory
    evm::Address sender;
};

/// A list of prepared transactions and the memory they point into. The byte strings must outlive it.
class PreparedList
{
  public:
    [[nodiscard]] std::span<const Prepared> transactions() const { return transactions_; }
    /// Senders that were not in the cache.
    [[nodiscard]] std::size_t recovered() const { return recovered_; }

  private:
    friend PreparedList prepare(std::span<const Bytes>, evm::Fork, unsigned, SenderCache*);

    std::vector<Prepared> transactions_;
    std::vector<std::unique_ptr<std::uint8_t[]>> memory_;
    std::size_t recovered_ = 0;
};

/// Decodes transactions and finds out who signed them.
///
/// Errors  none; throws std::bad_alloc, std::system_error (no thread can be started).
/// Memory  for access lists and the like at most 4 times the bytes, and 256 KiB for each thread.
/// Cost    one recovery on secp256k1 for each that is not in `cache`, which may be null.
[[nodiscard]] PreparedList prepare(std::span<const Bytes> transactions, evm::Fork fork,
                                   unsigned threads, SenderCache* cache = nullptr);
}  // namespace mote::block
