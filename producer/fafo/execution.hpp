// Execution: runs the transactions of a block on several threads; the outcome is that of running them one
// after the other.
//
//   ready      waits for nobody: some worker takes it, heaviest chain first
//   executed   its writes are visible to those after it, and who waited for it alone is ready
//   committed  in block order, by whoever finds the next one executed: what it read is compared with what
//              it should have read; if that is something else it is executed again, on the spot, and
//              nothing before it can change any more
//
// So predictions decide how fast it goes and never what comes out; no transaction is dropped.
#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "fafo/access.hpp"
#include "fafo/execution_counters.hpp"
#include "fafo/ready_queues.hpp"
#include "fafo/schedule.hpp"
#include "fafo/worker_pool.hpp"

namespace mote::fafo
{
/// What is executed.
template <class Policy>
class Transactions
{
  public:
    virtual ~Transactions() = default;
    /// Executes one; may be asked again for the same one, by another worker, and then only that outcome
    /// counts. Reads everything it depends on through `access`. Returns false if the state could not be
    /// read: the block's execution ends.
    [[nodiscard]] virtual bool execute(std::uint32_t transaction, unsigned worker,
                                       Access<Policy>& access) = 0;
};

template <class Policy>
class Execution
{
  public:
    /// Shape   schedule: of these transactions over these versions.
    Execution(const Schedule<Policy>& schedule, Versions<Policy>& versions,
              Transactions<Policy>& transactions)
        : schedule_(schedule), versions_(versions), transactions_(transactions)
    {
    }

    /// Runs everything, once; versions hold the state after the block then. Returns false if a value could
    /// not be read: nothing means anything then. Throws what execute() threw.
    [[nodiscard]] bool run(WorkerPool& pool)
    {
        versions_.expect(pool.count());
        if (pool.count() == 1)
            return run_alone();
        prepare(pool.count());
        pool.run([this](unsigned worker) { work(worker); });
        if (error_)
            std::rethrow_exception(error_);
        for (const Worker& worker : workers_)
        {
            counters_.executed += worker.executed;
            counters_.slept += worker.slept;
        }
        counters_.stolen = queues_->stolen();
        return !failed_;
    }
    /// The same with threads of its own.
    [[nodiscard]] bool run(unsigned workers)
    {
        WorkerPool pool(workers);
        return run(pool);
    }

    [[nodiscard]] const ExecutionCounters& counters() const { return counters_; }

  private:
    using Memory = typename Versions<Policy>::Memory;

    // What moves from the worker that executed to the one that commits.
    struct Done
    {
        ReadRecord<Policy>* reads = nullptr;
        Version<Policy>* writes = nullptr;
        std::uint32_t read_count = 0, write_count = 0;
        std::atomic<std::uint32_t> waits_for = 0;
        std::atomic<bool> executed = false;
    };
    struct alignas(cache_line_bytes) Worker
    {
        std::uint64_t executed = 0, slept = 0;
        unsigned together = together_max;  // how many it executes between looks at the frontier
        bool commits = false;              // it and nobody else
        alignas(cache_line_bytes) std::atomic<int> asleep = 0;
    };
    static constexpr unsigned together_max = 8;

    // One after the other in the block's order nothing waits, and nothing read is ever stale.
    bool run_alone()
    {
        counters_.edges = schedule_.waiters.size();
        for (std::uint32_t i = 0; i < schedule_.size(); ++i)
        {
            ++counters_.executed;
            if (!run_at_frontier(i, 0, true))
                return false;
        }
        return true;
    }

    // Executes and commits the transaction at the frontier, while nobody else may commit. False if the state
    // could not be read.
    bool run_at_frontier(std::uint32_t transaction, unsigned worker, bool alone)
    {
        Memory& memory = versions_.memory(worker);
        Access<Policy> access(versions_, memory, transaction, schedule_.keys_of(transaction), true);
        if (!transactions_.execute(transaction, worker, access))
            return false;
        for (const Version<Policy>& version : access.writes_)
            if (!versions_.commit_unpublished(version, alone))
                return false;
        memory.writes.drop(access.writes_);
        return true;
    }

    void prepare(unsigned workers)
    {
        counters_.edges = schedule_.waiters.size();
        queues_ = std::make_unique<ReadyQueues>(workers, schedule_.height, schedule_.waits_for);
        workers_ = std::vector<Worker>(workers);
        done_ = std::vector<Done>(schedule_.size());
        for (std::size_t i = 0; i < schedule_.size(); ++i)
            done_[i].waits_for.store(schedule_.waits_for[i], std::memory_order_relaxed);
        // Any order is within one critical path of the shortest; only where that is long does it matter
        // which chain goes on.
        is_narrow_ = schedule_.critical_gas() > schedule_.gas / workers / 16;
        ended_ = schedule_.size() == 0;
    }

    void work(unsigned worker)
    {
        try
        {
            Worker& self = workers_[worker];
            std::uint32_t next = no_transaction;
            for (unsigned uncommitted = 0; !ended_.load(std::memory_order_relaxed);)
            {
                if (next == no_transaction)
                    next = queues_->pop(worker);
                const bool has_one = next != no_transaction;
                if (has_one)
                {
                    next = execute(next, worker);
                    if (++uncommitted < self.together)
                        continue;
                }
                uncommitted = 0;
                commit(worker);
                if (!has_one)
                    wait(worker);
            }
        }
        catch (...)
        {
            {
                const std::lock_guard guard(error_lock_);
                error_ = std::current_exception();
            }
            end(false);
        }
    }

    // Returns a transaction that waited for this one alone, to go on with: what it reads is in this core's
    // cache, and nobody has to be told.
    std::uint32_t execute(std::uint32_t transaction, unsigned worker)
    {
        // Nobody can commit before this one, so nobody waits if nobody else may. In a chain there is always
        // a next one, and it costs no more than on one thread.
        Worker& self = workers_[worker];
        const bool is_first = frontier_.load(std::memory_order_acquire) == transaction;
        if (is_first && !self.commits)
            self.commits = !committing_.exchange(true, std::memory_order_acq_rel);
        if (!is_first && self.commits)
            commit(worker);
        ++self.executed;
        if (!(self.commits ? run_at_frontier(transaction, worker, false)
                           : run_once(transaction, worker)))
        {
            end(false);
            return no_transaction;
        }
        if (self.commits)
            commit_from(transaction + 1, worker);
        else
            done_[transaction].executed.store(true, std::memory_order_release);
        std::uint32_t next = no_transaction;
        for (std::uint32_t waiter : schedule_.waiters_of(transaction))
        {
            if (done_[waiter].waits_for.fetch_sub(1, std::memory_order_acq_rel) != 1)
                continue;
            if (next == no_transaction || queues_->is_later(next, waiter))
                std::swap(next, waiter);
            if (waiter != no_transaction)
                push(worker, waiter);
        }
        if (next != no_transaction && gives_way(next, worker))
            push(worker, std::exchange(next, no_transaction));
        return next;
    }

    // Whether something else should come first: what weighs more, where that matters; where it does not,
    // what is closer to the frontier, as all that is executed too early is committed at the end while
    // others wait.
    bool gives_way(std::uint32_t next, unsigned worker)
    {
        constexpr std::uint32_t window = 1024;
        return is_narrow_
                   ? queues_->has_heavier(worker, next)
                   : next - std::min(next, frontier_.load(std::memory_order_relaxed)) > window;
    }

    bool run_once(std::uint32_t transaction, unsigned worker)
    {
        Access<Policy> access(versions_, versions_.memory(worker), transaction,
                              schedule_.keys_of(transaction), false);
        if (!transactions_.execute(transaction, worker, access))
            return false;
        Done& done = done_[transaction];
        done.reads = access.reads_.data();
        done.read_count = static_cast<std::uint32_t>(access.reads_.size());
        done.writes = access.writes_.data();
        done.write_count = static_cast<std::uint32_t>(access.writes_.size());
        for (Version<Policy>& version : access.writes_)
            versions_.publish(version);
        return true;
    }

    // One worker at a time commits; the others go on executing. Whoever lets go looks once more, as the next
    // one may have become ready between its last look and then: who was refused has exchanged
    // before, so what it executed is seen after the exchange here.
    void commit(unsigned worker)
    {
        if (std::exchange(workers_[worker].commits, false))
            committing_.exchange(false, std::memory_order_acq_rel);
        while (is_executed(frontier_.load(std::memory_order_acquire)))
        {
            if (committing_.exchange(true, std::memory_order_acq_rel))
                return;
            commit_from(frontier_.load(std::memory_order_relaxed), worker);
            if (ended_)
                return;
            committing_.exchange(false, std::memory_order_acq_rel);
        }
    }

    // Commits what is executed from the frontier on, while nobody else may.
    void commit_from(std::uint32_t next, unsigned worker)
    {
        const std::uint64_t again = counters_.executed_again;
        for (; is_executed(next); ++next)
        {
            prefetch(next);
            if (!commit(next, worker))
            {
                end(false);
                return;
            }
        }
        // Where guesses are wrong, others should soon see what is right.
        unsigned& together = workers_[worker].together;
        together = again != counters_.executed_again ? 1 : std::min(2 * together, together_max);
        frontier_.store(next, std::memory_order_release);
        if (next == schedule_.size())
            end(true);
    }

    [[nodiscard]] bool is_executed(std::uint32_t transaction) const
    {
        return transaction < schedule_.size() &&
               done_[transaction].executed.load(std::memory_order_acquire);
    }

    // What another worker wrote is in its cache.
    void prefetch(std::uint32_t next) const
    {
        constexpr std::uint32_t near = 4, far = 12;
        if (schedule_.size() - next <= far)
            return;
        __builtin_prefetch(&done_[next + far]);
        for (KeyState<Policy>* const key : schedule_.keys_of(next + near))
            __builtin_prefetch(&key->lock, 1);
        if (!is_executed(next + near))
            return;
        __builtin_prefetch(done_[next + near].reads);
        __builtin_prefetch(done_[next + near].writes);
    }

    [[nodiscard]] bool commit(std::uint32_t transaction, unsigned worker)
    {
        Done& done = done_[transaction];
        const std::span reads(done.reads, done.read_count);
        if (!std::all_of(reads.begin(), reads.end(), [](const ReadRecord<Policy>& read)
                         { return Versions<Policy>::is_valid(*read.key, read.value); }))
        {
            for (Version<Policy>& version : std::span(done.writes, done.write_count))
                versions_.withdraw(version);
            ++counters_.executed_again;
            ++workers_[worker].executed;
            return run_at_frontier(transaction, worker, false);
        }
        const std::span writes(done.writes, done.write_count);
        return std::all_of(writes.begin(), writes.end(),
                           [this](Version<Policy>& version) { return versions_.commit(version); });
    }

    void end(bool good)
    {
        if (!good)
            failed_ = true;
        ended_ = true;
        for (Worker& worker : workers_)
            if (worker.asleep.exchange(0) != 0)
                worker.asleep.notify_one();
    }

    void push(unsigned worker, std::uint32_t transaction)
    {
        queues_->push(worker, transaction);
        if (sleeping_.load() == 0)
            return;
        for (Worker& other : workers_)
            if (other.asleep.load(std::memory_order_relaxed) != 0 && other.asleep.exchange(0) != 0)
            {
                --sleeping_;
                other.asleep.notify_one();
                return;
            }
    }

    // Nothing to do: looks a while, for waking a thread costs others more than a transaction, then sleeps.
    // Meanwhile it writes nothing, and reads what only changes when there is something for it.
    void wait(unsigned worker)
    {
        for (unsigned turn = 0; turn < 40; ++turn)
        {
            // There may be fewer cores than workers.
            if (turn >= 8)
                std::this_thread::yield();
            else
                for (unsigned i = 0; i < 1U << turn; ++i)
                    pause();
            if (queues_->has_any() || ended_.load(std::memory_order_relaxed))
                return;
        }
        Worker& self = workers_[worker];
        self.asleep = 1;
        ++sleeping_;
        // Two that executed may each have missed that the other had. Both come by here, and the second
        // one sees it.
        if (queues_->has_any() || ended_ || is_executed(frontier_))
        {
            if (self.asleep.exchange(0) != 0)
                --sleeping_;
            return;
        }
        ++self.slept;
        self.asleep.wait(1);
    }

    const Schedule<Policy>& schedule_;
    Versions<Policy>& versions_;
    Transactions<Policy>& transactions_;
    bool is_narrow_ = false;
    std::unique_ptr<ReadyQueues> queues_;
    std::vector<Worker> workers_;
    std::vector<Done> done_;
    std::atomic<unsigned> sleeping_ = 0;
    std::atomic<bool> ended_ = false, failed_ = false;
    // Of who commits.
    alignas(cache_line_bytes) std::atomic<std::uint32_t> frontier_ = 0;  // the next one to commit
    std::atomic<bool> committing_ = false;
    alignas(cache_line_bytes) ExecutionCounters counters_;
    SpinLock error_lock_;
    std::exception_ptr error_;
};
}  // namespace mote::fafo
