// SenderCache: who signed what was seen before, in memory of a fixed size.
//
// Worked case: a place holds one signed hash, its signature and the sender. Another transaction that belongs
// at the same place takes it over: what is forgotten is recovered again.
#pragma once

#include <mutex>
#include <vector>

#include "evm/transaction.hpp"
#include "fafo/spin_lock.hpp"

namespace mote::block
{
class SenderCache
{
  public:
    /// Units   places: rounded up to a power of two, 160 bytes each.
    ///         seed: secret, so that nobody can choose transactions that push out others.
    SenderCache(std::size_t places, std::uint64_t seed);

    /// Whether the sender is known. Any thread.
    [[nodiscard]] bool find(const evm::Transaction& transaction, evm::Address& out);
    /// Remembers a sender that was recovered. Any thread.
    void add(const evm::Transaction& transaction, const evm::Address& sender);

  private:
    struct Place
    {
        fafo::SpinLock lock;
        bool taken = false;
        std::uint8_t parity = 0;
        evm::Hash hash{};
        evm::Word r, s;
        evm::Address sender;
    };
    [[nodiscard]] Place& place_of(const evm::Transaction& transaction);
    [[nodiscard]] static bool is_same(const Place& place, const evm::Transaction& transaction);

    std::vector<Place> places_;
    std::uint64_t seed_;
};
}  // namespace mote::block
