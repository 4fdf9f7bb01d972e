// CodeBook: codes that a block's transactions made, by hash. A code that a discarded execution made stays
// until the block ends and hurts nobody, as nothing but its hash leads to it.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "evm/types.hpp"

namespace mote::block
{
class CodeBook
{
  public:
    /// Any thread; the bytes stay where they are until clear().
    [[nodiscard]] bool find(const evm::Hash& hash, Bytes& out) const
    {
        if (empty_.load(std::memory_order_acquire))
            return false;
        const std::shared_lock guard(lock_);
        const auto found = codes_.find(hash);
        if (found == codes_.end())
            return false;
        out = found->second;
        return true;
    }
    void add(const evm::Hash& hash, Bytes code)
    {
        const std::lock_guard guard(lock_);
        codes_.try_emplace(hash, code.begin(), code.end());
        empty_.store(false, std::memory_order_release);
    }
    void clear()
    {
        codes_.clear();
        empty_ = true;
    }

  private:
    mutable std::shared_mutex lock_;
    std::map<evm::Hash, std::vector<std::uint8_t>> codes_;
    std::atomic<bool> empty_ = true;
};
}  // namespace mote::block
