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

/// Memory that records of transactions lie in, side by side, a worker's own.
template <class Record>
class Records
{
  public:
    /// Room for one more behind `list`, which grows in place, or moves once with all its records.
    Record* add(std::span<Record>& list)
    {
        if (list.data() + list.size() != next_ || next_ == end_)
        {
            // Not the newest list, or its piece is full.
            const std::size_t room = static_cast<std::size_t>(end_ - next_);
            if (room < list.size() + 1)
            {
                const std::size_t size = std::max(piece_size, 2 * list.size() + 1);
                pieces_.push_back(std::make_unique_for_overwrite<Record[]>(size));
                next_ = pieces_.back().get();
                end_ = next_ + size;
            }
            std::copy(list.begin(), list.end(), next_);
            list = {next_, list.size()};
            next_ += list.size();
        }
        list = {list.data(), list.size() + 1};
        return next_++;
    }

  private:
    static constexpr std::size_t piece_size = 1024;
    std::vector<std::unique_ptr<Record[]>> pieces_;
    Record* next_ = nullptr;
    Record* end_ = nullptr;
};

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
        Key& state = find(key);
        if (!versions_.read(state, transaction_, out))
            return false;
        *memory_.reads.add(reads_) = {&state, out};
        return true;
    }
    void write(const StateKey& key, const Value& value)
    {
        Version<Policy>& version = add_write(key);
        version.is_credit = false;
        version.value = value;
    }
    void credit(const StateKey& key, const Credit& credit)
    {
        Version<Policy>& version = add_write(key);
        version.is_credit = true;
        version.credit = credit;
    }

  private:
    friend class Execution<Policy>;
    struct Read
    {
        Key* key;
        Value value;
    };
    struct Memory
    {
        Records<Read> reads;
        Records<Version<Policy>> writes;
    };

    Access(Versions<Policy>& versions, Memory& memory, std::uint32_t transaction,
           std::span<Key* const> expected)
        : versions_(versions), memory_(memory), transaction_(transaction), expected_(expected)
    {
    }

    // What was expected is at hand; the table is for the rest.
    Key& find(const StateKey& key)
    {
        constexpr std::size_t looked_at_max = 8;
        for (Key* const at : expected_.first(std::min(expected_.size(), looked_at_max)))
            if (at->key == key)
                return *at;
        return versions_.key(key);
    }

    Version<Policy>& add_write(const StateKey& key)
    {
        Version<Policy>& version = *memory_.writes.add(writes_);
        version.key = &find(key);
        version.transaction = transaction_;
        return version;
    }

    Versions<Policy>& versions_;
    Memory& memory_;
    std::uint32_t transaction_;
    std::span<Key* const> expected_;
    std::span<Read> reads_;
    // Published when the transaction ends, as a list may move until then.
    std::span<Version<Policy>> writes_;
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
    Execution(const Schedule<Policy>& schedule, Versions<Policy>& versions,
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
        memory_.resize(workers);
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
        std::span<typename Access<Policy>::Read> reads;
        std::span<Version<Policy>> writes;
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
        Access<Policy> access(versions_, memory_[worker], transaction,
                              schedule_.keys_of(transaction));
        const bool good = transactions_.execute(transaction, worker, access);
        executed_.fetch_add(1, std::memory_order_relaxed);
        done_[transaction].reads = access.reads_;
        done_[transaction].writes = access.writes_;
        if (!good)
        {
            failed_ = true;
            return false;
        }
        for (Version<Policy>& version : access.writes_)
            versions_.publish(version);
        return true;
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
                for (Version<Policy>& version : done.writes)
                    versions_.withdraw(version);
                ++counters_.executed_again;
                if (!run_once(next, worker))
                    return;
                break;
            }
        for (Version<Policy>& version : done.writes)
            if (!versions_.commit(version))
            {
                failed_ = true;
                return;
            }
        frontier_.store(next + 1, std::memory_order_release);
    }

    const Schedule<Policy>& schedule_;
    Versions<Policy>& versions_;
    Transactions<Policy>& transactions_;
    std::unique_ptr<ReadyQueues> queues_;
    std::vector<typename Access<Policy>::Memory> memory_;  // by worker; records stay until the end
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
