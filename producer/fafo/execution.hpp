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

#include <exception>
#include <memory>
#include <thread>

#include "fafo/ready_queues.hpp"
#include "fafo/schedule.hpp"

namespace mote::fafo
{
struct ExecutionCounters
{
    std::uint64_t executed = 0;  ///< again included
    std::uint64_t executed_again = 0;
    std::uint64_t stolen = 0;
    std::uint64_t edges = 0;
};

template <class Policy>
class Execution;

/// What a transaction in execution sees of the state, and leaves there. Each key is read at most once, and
/// written or credited at most once.
template <class Policy>
class Access
{
  public:
    using Value = typename Policy::Value;
    using Credit = typename Policy::Credit;
    using Key = KeyState<Policy>;

    /// The value before this transaction. False if it cannot be said: execute() should return false.
    [[nodiscard]] bool read(const StateKey& key, Value& out)
    {
        Key& state = versions_.key(key);
        if (!versions_.read(state, transaction_, out))
            return false;
        reads_.push_back({&state, out});
        return true;
    }
    void write(const StateKey& key, const Value& value)
    {
        Key& state = versions_.key(key);
        versions_.publish(state, transaction_, value);
        writes_.push_back(&state);
    }
    void credit(const StateKey& key, const Credit& credit)
    {
        Key& state = versions_.key(key);
        versions_.publish(state, transaction_, credit);
        writes_.push_back(&state);
    }

  private:
    friend class Execution<Policy>;
    struct Read
    {
        Key* key;
        Value value;
    };

    Access(Versions<Policy>& versions, std::uint32_t transaction)
        : versions_(versions), transaction_(transaction)
    {
    }

    Versions<Policy>& versions_;
    std::uint32_t transaction_;
    std::vector<Read> reads_;
    std::vector<Key*> writes_;
};

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
    Execution(const Schedule& schedule, Versions<Policy>& versions,
              Transactions<Policy>& transactions)
        : schedule_(schedule),
          versions_(versions),
          transactions_(transactions),
          waits_for_(schedule.size()),
          done_(schedule.size())
    {
        for (std::size_t i = 0; i < schedule.size(); ++i)
            waits_for_[i].store(schedule.waits_for[i], std::memory_order_relaxed);
    }

    /// Runs everything; versions hold the state after the block then. Returns false if a value could not be
    /// read: nothing means anything then. Throws what execute() threw.
    [[nodiscard]] bool run(unsigned workers)
    {
        workers = std::max(workers, 1U);
        queues_ = std::make_unique<ReadyQueues>(workers, schedule_.height);
        unsigned next = 0;
        for (std::uint32_t i = 0; i < schedule_.size(); ++i)
            if (schedule_.waits_for[i] == 0)
                queues_->push(next++ % workers, i);
        std::vector<std::thread> threads;
        for (unsigned worker = 1; worker < workers; ++worker)
            threads.emplace_back([this, worker] { work(worker); });
        work(0);
        for (std::thread& thread : threads)
            thread.join();
        if (error_)
            std::rethrow_exception(error_);
        counters_.executed = executed_;
        counters_.stolen = queues_->stolen();
        counters_.edges = schedule_.waiters.size();
        return !failed_;
    }

    [[nodiscard]] const ExecutionCounters& counters() const { return counters_; }

  private:
    // An access record moves from the worker that executed to the one that commits.
    struct Done
    {
        std::atomic<bool> executed = false;
        std::vector<typename Access<Policy>::Read> reads;
        std::vector<typename Access<Policy>::Key*> writes;
    };

    void work(unsigned worker)
    {
        try
        {
            for (unsigned idle = 0; !failed_ && frontier_ < schedule_.size();)
            {
                const std::uint32_t transaction = queues_->pop(worker);
                if (transaction != no_transaction)
                {
                    idle = 0;
                    execute(transaction, worker);
                }
                else if (++idle > 32)
                    std::this_thread::yield();
                commit(worker);
            }
        }
        catch (...)
        {
            const std::lock_guard guard(error_lock_);
            error_ = std::current_exception();
            failed_ = true;
        }
    }

    void execute(std::uint32_t transaction, unsigned worker)
    {
        if (!run_once(transaction, worker))
            return;
        done_[transaction].executed.store(true, std::memory_order_release);
        for (const std::uint32_t waiter : schedule_.waiters_of(transaction))
            if (waits_for_[waiter].fetch_sub(1, std::memory_order_acq_rel) == 1)
                queues_->push(worker, waiter);
    }

    bool run_once(std::uint32_t transaction, unsigned worker)
    {
        Access<Policy> access(versions_, transaction);
        Done& done = done_[transaction];
        access.reads_ = std::move(done.reads);
        access.writes_ = std::move(done.writes);
        access.reads_.clear();
        access.writes_.clear();
        const bool good = transactions_.execute(transaction, worker, access);
        executed_.fetch_add(1, std::memory_order_relaxed);
        done.reads = std::move(access.reads_);
        done.writes = std::move(access.writes_);
        if (!good)
            failed_ = true;
        return good;
    }

    // One worker at a time commits; the others go on executing. Whoever lets go looks once more, as the next
    // one may have become ready between its last look and then.
    void commit(unsigned worker)
    {
        while (is_next_executed() && !failed_)
        {
            if (committing_.exchange(true, std::memory_order_acquire))
                return;
            while (is_next_executed() && !failed_)
                commit_next(worker);
            committing_.store(false, std::memory_order_release);
        }
    }

    [[nodiscard]] bool is_next_executed() const
    {
        const std::uint32_t next = frontier_.load(std::memory_order_acquire);
        return next < schedule_.size() && done_[next].executed.load(std::memory_order_acquire);
    }

    void commit_next(unsigned worker)
    {
        const std::uint32_t next = frontier_.load(std::memory_order_relaxed);
        Done& done = done_[next];
        for (const auto& read : done.reads)
            if (!versions_.is_valid(*read.key, read.value))
            {
                for (auto* const key : done.writes)
                    versions_.withdraw(*key, next);
                ++counters_.executed_again;
                if (!run_once(next, worker))
                    return;
                break;
            }
        for (auto* const key : done.writes)
            if (!versions_.commit(*key, next))
            {
                failed_ = true;
                return;
            }
        done.reads = {};
        done.writes = {};
        frontier_.store(next + 1, std::memory_order_release);
    }

    const Schedule& schedule_;
    Versions<Policy>& versions_;
    Transactions<Policy>& transactions_;
    std::unique_ptr<ReadyQueues> queues_;
    std::vector<std::atomic<std::uint32_t>> waits_for_;
    std::vector<Done> done_;
    std::atomic<std::uint32_t> frontier_ = 0;  // the next one to commit
    std::atomic<bool> committing_ = false, failed_ = false;
    std::atomic<std::uint64_t> executed_ = 0;
    SpinLock error_lock_;
    std::exception_ptr error_;
    ExecutionCounters counters_;
};
}  // namespace mote::fafo
