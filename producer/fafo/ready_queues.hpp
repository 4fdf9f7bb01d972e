// ReadyQueues: transactions that wait for nobody.
//
// Those that never waited are one list, heaviest chain first, from which a worker takes a few at a time.
// Those that others made ready are in queues of who executed the last of these, one for each weight; who has
// none takes half of another's heaviest.
//
// Weight is the height of a transaction in 1/128 to 1/256 of the heaviest: a byte for each. With equal
// weight the block's order decides in the list, and who was ready first in a queue, which is about the
// same and costs nothing. So the frontier moves.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <mutex>
#include <vector>

#include "fafo/key_table.hpp"

namespace mote::fafo
{
class ReadyQueues
{
  public:
    /// Shape   height: of each transaction; waits_for: how many it waits for, whoever waits for none is
    ///         in the list.
    ReadyQueues(unsigned workers, const std::vector<std::uint64_t>& height,
                const std::vector<std::uint32_t>& waits_for)
        : weight_(height.size()), queues_(workers)
    {
        std::uint64_t most = 0;
        for (const std::uint64_t one : height)
            most = std::max(most, one);
        const int shift = std::max(0, static_cast<int>(std::bit_width(most)) - 8);
        // Counting sort: how many are heavier is where a weight begins.
        std::array<std::uint32_t, 257> begin = {};
        for (std::size_t i = 0; i < height.size(); ++i)
        {
            weight_[i] = static_cast<std::uint8_t>(height[i] >> shift);
            if (waits_for[i] == 0)
                ++begin[256 - std::size_t{weight_[i]}];
        }
        for (std::size_t i = 1; i < begin.size(); ++i)
            begin[i] += begin[i - 1];
        list_.resize(begin[256]);
        for (std::size_t i = 0; i < height.size(); ++i)
            if (waits_for[i] == 0)
                list_[begin[255 - std::size_t{weight_[i]}]++] = static_cast<std::uint32_t>(i);
    }

    /// Only for the worker itself.
    void push(unsigned worker, std::uint32_t transaction)
    {
        Queue& queue = queues_[worker];
        const std::lock_guard guard(queue.lock);
        put(queue, transaction);
    }

    /// The next one for a worker; no_transaction if nobody has one. Only for the worker itself.
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

    /// Whether the worker's own next one weighs more than this one.
    [[nodiscard]] bool has_heavier(unsigned worker, std::uint32_t transaction)
    {
        Queue& queue = queues_[worker];
        const std::uint8_t weight = weight_[transaction];
        if (queue.next < queue.end && weight_[list_[queue.next]] > weight)
            return true;
        if (queue.size.load(std::memory_order_relaxed) == 0)
            return false;
        const std::lock_guard guard(queue.lock);
        return queue.heaviest() > weight;
    }
    [[nodiscard]] bool is_later(std::uint32_t a, std::uint32_t b) const
    {
        return weight_[a] != weight_[b] ? weight_[a] < weight_[b] : a > b;
    }

    /// Whether a worker that has nothing could get something. Writes nothing.
    [[nodiscard]] bool has_any() const
    {
        if (taken_.load() < list_.size())
            return true;
        return std::any_of(queues_.begin(), queues_.end(),
                           [](const Queue& queue) { return queue.size.load() != 0; });
    }

    [[nodiscard]] std::uint64_t stolen() const { return stolen_; }

  private:
    struct Bucket
    {
        std::vector<std::uint32_t> transactions;
        std::size_t first = 0;  // those before it are gone
    };
    struct alignas(cache_line_bytes) Queue
    {
        SpinLock lock;
        std::atomic<std::size_t> size = 0;
        std::array<std::uint64_t, 4> used{};  // a bit for each bucket that has something
        std::vector<Bucket> buckets = std::vector<Bucket>(256);
        // Of the list, taken and not yet begun. Nobody else's business.
        std::size_t next = 0, end = 0;

        [[nodiscard]] int heaviest() const
        {
            for (int word = 3; word >= 0; --word)
                if (const std::uint64_t bits = used[static_cast<std::size_t>(word)]; bits != 0)
                    return 64 * word + static_cast<int>(std::bit_width(bits)) - 1;
            return -1;
        }
    };

    void put(Queue& queue, std::uint32_t transaction)
    {
        const std::size_t weight = weight_[transaction];
        queue.buckets[weight].transactions.push_back(transaction);
        queue.used[weight / 64] |= std::uint64_t{1} << weight % 64;
        // In one order with has_any(): who goes to sleep and who pushes do not miss each other.
        queue.size.store(queue.size.load(std::memory_order_relaxed) + 1);
    }
    // Forgets what is gone of a bucket, now that `taken` more are.
    static void tidy(Queue& queue, std::size_t weight, std::size_t taken)
    {
        Bucket& bucket = queue.buckets[weight];
        if (bucket.first == bucket.transactions.size())
        {
            bucket.transactions.clear();
            bucket.first = 0;
            queue.used[weight / 64] &= ~(std::uint64_t{1} << weight % 64);
        }
        queue.size.store(queue.size.load(std::memory_order_relaxed) - taken,
                         std::memory_order_relaxed);
    }

    std::uint32_t pop_own(unsigned worker)
    {
        Queue& queue = queues_[worker];
        if (queue.next == queue.end)
            take(queue);
        const std::uint32_t first = queue.next < queue.end ? list_[queue.next] : no_transaction;
        // Others only take from a queue: what is empty stays empty.
        if (queue.size.load(std::memory_order_relaxed) != 0)
        {
            const std::lock_guard guard(queue.lock);
            // Who was made ready comes before those of equal weight that never waited: what it reads was
            // just written.
            const int heaviest = queue.heaviest();
            if (heaviest >= 0 && (first == no_transaction || heaviest >= weight_[first]))
            {
                const auto weight = static_cast<std::size_t>(heaviest);
                Bucket& bucket = queue.buckets[weight];
                const std::uint32_t transaction = bucket.transactions[bucket.first++];
                tidy(queue, weight, 1);
                return transaction;
            }
        }
        if (first != no_transaction)
            ++queue.next;
        return first;
    }

    // Few enough that nobody is left without at the end, many enough that the counter is rarely shared.
    void take(Queue& queue)
    {
        const std::size_t taken = taken_.load(std::memory_order_relaxed);
        if (taken >= list_.size())
            return;
        const std::size_t some =
            std::clamp<std::size_t>((list_.size() - taken) / (4 * queues_.size()), 1, together_max);
        queue.next = std::min(taken_.fetch_add(some), list_.size());
        queue.end = std::min(queue.next + some, list_.size());
    }

    // Takes the later half of the heaviest; of one, that one.
    bool steal(unsigned worker, unsigned from)
    {
        Queue& other = queues_[from];
        if (other.size.load(std::memory_order_relaxed) == 0)
            return false;
        std::vector<std::uint32_t> taken;
        {
            const std::lock_guard guard(other.lock);
            const int heaviest = other.heaviest();
            if (heaviest < 0)
                return false;
            const auto weight = static_cast<std::size_t>(heaviest);
            std::vector<std::uint32_t>& queued = other.buckets[weight].transactions;
            const std::size_t left = (queued.size() - other.buckets[weight].first) / 2;
            const auto middle =
                queued.begin() + static_cast<std::ptrdiff_t>(other.buckets[weight].first + left);
            taken.assign(middle, queued.end());
            queued.erase(middle, queued.end());
            tidy(other, weight, taken.size());
        }
        Queue& own = queues_[worker];
        const std::lock_guard guard(own.lock);
        for (const std::uint32_t transaction : taken)
            put(own, transaction);
        stolen_.fetch_add(taken.size(), std::memory_order_relaxed);
        return true;
    }

    static constexpr std::size_t together_max = 16;
    std::vector<std::uint8_t> weight_;
    std::vector<std::uint32_t> list_;
    std::vector<Queue> queues_;
    alignas(cache_line_bytes) std::atomic<std::size_t> taken_ = 0;
    alignas(cache_line_bytes) std::atomic<std::uint64_t> stolen_ = 0;
};
}  // namespace mote::fafo
