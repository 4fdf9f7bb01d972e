// ReadyQueues: transactions that wait for nobody, a heap for each worker; who has none takes half of
// another's.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "fafo/spin_lock.hpp"
#include "fafo/versions.hpp"

namespace mote::fafo
{
class ReadyQueues
{
  public:
    /// Shape   height: of each transaction; must live as long as this.
    ReadyQueues(unsigned workers, const std::vector<std::uint64_t>& height)
        : height_(height), queues_(workers)
    {
    }

    void push(unsigned worker, std::uint32_t transaction)
    {
        Queue& queue = queues_[worker];
        const std::lock_guard guard(queue.lock);
        queue.heap.push_back(transaction);
        std::push_heap(queue.heap.begin(), queue.heap.end(), Later{height_});
        queue.size.store(queue.heap.size(), std::memory_order_relaxed);
    }

    /// The next one for a worker; no_transaction if nobody has one.
    [[nodiscard]] std::uint32_t pop(unsigned worker)
    {
        if (const std::uint32_t own = pop_own(worker); own != no_transaction)
            return own;
        for (unsigned i = 1; i < queues_.size(); ++i)
            if (steal(worker, static_cast<unsigned>((worker + i) % queues_.size())))
                if (const std::uint32_t stolen = pop_own(worker); stolen != no_transaction)
                    return stolen;
        return no_transaction;
    }

    [[nodiscard]] std::uint64_t stolen() const { return stolen_; }

  private:
    // The heaviest chain first; in block order where chains weigh the same, so that the frontier moves.
    struct Later
    {
        const std::vector<std::uint64_t>& height;
        bool operator()(std::uint32_t a, std::uint32_t b) const
        {
            return height[a] != height[b] ? height[a] < height[b] : a > b;
        }
    };
    struct alignas(64) Queue
    {
        SpinLock lock;
        std::vector<std::uint32_t> heap;
        std::atomic<std::size_t> size = 0;
    };

    std::uint32_t pop_own(unsigned worker)
    {
        Queue& queue = queues_[worker];
        const std::lock_guard guard(queue.lock);
        if (queue.heap.empty())
            return no_transaction;
        std::pop_heap(queue.heap.begin(), queue.heap.end(), Later{height_});
        const std::uint32_t transaction = queue.heap.back();
        queue.heap.pop_back();
        queue.size.store(queue.heap.size(), std::memory_order_relaxed);
        return transaction;
    }

    // Takes every second one, so that both have heavy and light ones.
    bool steal(unsigned worker, unsigned from)
    {
        Queue& other = queues_[from];
        if (other.size.load(std::memory_order_relaxed) == 0)
            return false;
        std::vector<std::uint32_t> taken;
        {
            const std::lock_guard guard(other.lock);
            std::vector<std::uint32_t> kept;
            std::sort_heap(other.heap.begin(), other.heap.end(), Later{height_});
            for (std::size_t i = 0; i < other.heap.size(); ++i)
                ((other.heap.size() - i) % 2 == 1 ? taken : kept).push_back(other.heap[i]);
            other.heap = std::move(kept);
            std::make_heap(other.heap.begin(), other.heap.end(), Later{height_});
            other.size.store(other.heap.size(), std::memory_order_relaxed);
        }
        for (const std::uint32_t transaction : taken)
            push(worker, transaction);
        stolen_.fetch_add(taken.size(), std::memory_order_relaxed);
        return !taken.empty();
    }

    const std::vector<std::uint64_t>& height_;
    std::vector<Queue> queues_;
    std::atomic<std::uint64_t> stolen_ = 0;
};
}  // namespace mote::fafo
