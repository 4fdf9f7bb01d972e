#include "block/parallel.hpp"

#include <array>
#include <atomic>
#include <exception>

#include "base/assert.hpp"
#include "block/key_order.hpp"
#include "block/worker.hpp"

namespace mote::block
{
using Versions = fafo::Versions<StatePolicy>;
using Value = StatePolicy::Value;

struct ParallelExecutor::State
{
    State(const evm::MemoryLimits& memory, std::uint64_t secret)
        : limits(memory), seed(secret), base(secret), versions(base, secret)
    {
    }

    evm::MemoryLimits limits;
    std::uint64_t seed;
    evm::Fork fork = evm::newest_fork;
    StateBase base;
    Versions versions;
    CodeBook codes;
    std::vector<std::unique_ptr<Worker>> workers;
    std::vector<std::vector<fafo::PredictedAccess>> accessed;
    std::unique_ptr<fafo::WorkerPool> pool;  // of as many threads as the last block had
};

namespace
{
/// The first transaction that must know what gas those before it used.
[[nodiscard]] std::size_t first_gas_reader(std::span<const Prepared> transactions,
                                           std::uint64_t gas_limit)
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < transactions.size(); ++i)
    {
        // What has more than the whole block is refused wherever it stands.
        const std::uint64_t gas = transactions[i].transaction.gas_limit;
        if (transactions[i].refusal != evm::Refusal::none || gas > gas_limit)
            continue;
        if (gas > gas_limit - sum)
            return i;
        sum += gas;
    }
    return transactions.size();
}

/// Adds who counts gas and who reads the count to predictions.
[[nodiscard]] Predictions with_gas(std::span<const fafo::Predicted> predicted, std::size_t count,
                                   std::size_t first_reader)
{
    Predictions out;
    for (std::size_t i = 0; i < count; ++i)
    {
        if (!predicted.empty())
            for (const fafo::PredictedAccess& access : predicted[i].accesses)
                out.add(access.key, access.mode);
        out.add(gas_key(), i < first_reader ? fafo::Mode::credit : fafo::Mode::write);
        out.next(predicted.empty() ? 0 : predicted[i].gas);
    }
    return out;
}

/// Does two things at once, where there are two threads.
class Together
{
  public:
    explicit Together(fafo::WorkerPool& pool) : pool_(pool) {}

    /// Throws what one of them threw.
    template <class First, class Second>
    void run(const First& first, const Second& second)
    {
        pool_.run(
            [&](unsigned worker)
            {
                try
                {
                    if (worker == 0)
                        first();
                    if (worker == 1 || pool_.count() == 1)
                        second();
                }
                catch (...)
                {
                    errors_[worker] = std::current_exception();
                }
            });
        for (const std::exception_ptr& error : errors_)
            if (error)
                std::rethrow_exception(error);
    }

  private:
    fafo::WorkerPool& pool_;
    std::array<std::exception_ptr, 2> errors_;
};

/// Compares what a block left with what it found.
class Changes
{
  public:
    Changes(Versions& versions, const CodeBook& codes, StateBase& base, evm::StateView& view,
            StateChanges& out)
        : versions_(versions), codes_(codes), base_(base), view_(view), out_(out)
    {
    }

    [[nodiscard]] bool take()
    {
        out_.accounts.clear();
        out_.slots.clear();
        out_.codes.clear();
        std::vector<OrderedKey<const Key*>> changed;
        versions_.for_each(
            [&](const Key& key)
            {
                if (key.changed && kind_of(key.key) != KeyKind::gas)
                    changed.push_back(ordered(key.key, &key));
            });
        sort_keys(changed, [](const Key* key) -> const fafo::StateKey& { return key->key; });
        // An account's keys stand together: identity, slots, balance.
        bool good = true;
        for (std::size_t i = 0; i < changed.size() && good;)
        {
            const evm::Address address = address_of(changed[i].payload->key);
            const Value *identity = nullptr, *balance = nullptr;
            for (; i < changed.size() && address_of(changed[i].payload->key) == address; ++i)
            {
                const Key& key = *changed[i].payload;
                if (kind_of(key.key) == KeyKind::identity)
                    identity = &key.committed;
                else if (kind_of(key.key) == KeyKind::balance)
                    balance = &key.committed;
                else
                    good = take_slot(address, key) && good;
            }
            if (identity != nullptr || balance != nullptr)
                good = take_account(address, identity, balance) && good;
        }
        sort_codes(out_);
        return good;
    }

  private:
    using Key = fafo::KeyState<StatePolicy>;

    [[nodiscard]] bool take_slot(const evm::Address& address, const Key& key)
    {
        evm::Word before;
        const evm::Word slot = slot_of(key.key);
        if (!view_.slot(address, slot, before))
            return false;
        if (!(before == key.committed.word))
            out_.slots.push_back({address, slot, key.committed.word});
        return true;
    }

    [[nodiscard]] bool take_account(const evm::Address& address, const Value* identity,
                                    const Value* balance)
    {
        evm::AccountFields before;
        if (!base_.account(address, before))
            return false;
        AccountChange now = {address, true, before.nonce, before.balance, before.code_hash};
        if (identity != nullptr)
        {
            now.nonce = identity->nonce;
            now.code_hash = evm::to_hash(identity->word);
        }
        if (balance != nullptr)
            now.balance = balance->word;
        now.exists =
            now.nonce != 0 || !now.balance.is_zero() || now.code_hash != evm::empty_code_hash;
        if (now.nonce == before.nonce && now.balance == before.balance &&
            now.code_hash == before.code_hash)
            return true;
        out_.accounts.push_back(now);
        Bytes code;
        if (now.code_hash != before.code_hash && codes_.find(now.code_hash, code))
            out_.codes.push_back({now.code_hash, {code.begin(), code.end()}});
        return true;
    }

    Versions& versions_;
    const CodeBook& codes_;
    StateBase& base_;
    evm::StateView& view_;
    StateChanges& out_;
};
}  // namespace

/// The transactions of one block, for the scheduler.
class ParallelExecutor::Run final : public fafo::Transactions<StatePolicy>
{
  public:
    Run(State& state, std::span<const Prepared> transactions, std::size_t first_reader,
        std::vector<Outcome>& outcomes, Timeline* timeline)
        : state_(state),
          transactions_(transactions),
          first_reader_(first_reader),
          outcomes_(outcomes),
          timeline_(timeline)
    {
    }

    [[nodiscard]] bool execute(std::uint32_t transaction, unsigned worker,
                               StateAccess& access) override
    {
        const std::int64_t start_ns = timeline_ != nullptr ? timeline_->now_ns() : 0;
        const GasRule gas = {first_reader_ < transactions_.size(), transaction >= first_reader_};
        const evm::Fault fault =
            state_.workers[worker]->execute(transactions_[transaction], gas, access,
                                            outcomes_[transaction], state_.accessed[transaction]);
        if (timeline_ != nullptr)
            timeline_->add(worker, transaction, start_ns);
        if (fault != evm::Fault::none)
            fault_ = fault;
        return fault == evm::Fault::none;
    }
    [[nodiscard]] evm::Fault fault() const { return fault_; }

  private:
    State& state_;
    std::span<const Prepared> transactions_;
    std::size_t first_reader_;
    std::vector<Outcome>& outcomes_;
    Timeline* timeline_;
    std::atomic<evm::Fault> fault_ = evm::Fault::unavailable;  // of a credit's base
};

ParallelExecutor::ParallelExecutor(const evm::MemoryLimits& limits, std::uint64_t seed)
    : state_(std::make_unique<State>(limits, seed))
{
}
ParallelExecutor::~ParallelExecutor() = default;

evm::Fault ParallelExecutor::execute(const Header& header, std::span<const Prepared> transactions,
                                     std::span<const fafo::Predicted> predicted,
                                     evm::StateView& view, unsigned threads, ParallelResult& out,
                                     Timeline* timeline)
{
    MOTE_ASSERT(threads >= 1);
    MOTE_ASSERT(predicted.empty() || predicted.size() == transactions.size());
    State& state = *state_;
    if (timeline != nullptr)
        timeline->begin(threads);
    if (state.fork != header.fork)
        state.workers.clear();
    state.fork = header.fork;
    while (state.workers.size() < threads)
        state.workers.push_back(
            std::make_unique<Worker>(state.limits, header.fork, state.seed, state.codes));
    for (unsigned i = 0; i < threads; ++i)
        state.workers[i]->begin(context_of(header), view);
    state.base.set(view);
    state.versions.clear();
    state.codes.clear();
    state.accessed.resize(transactions.size());
    out.outcomes.resize(transactions.size());

    const std::size_t reader = first_gas_reader(transactions, header.gas_limit);
    Predictions own;
    if (predicted.empty() || reader < transactions.size())
    {
        if (reader < transactions.size())
            own = with_gas(predicted, transactions.size(), reader);
        else
            for (std::size_t i = 0; i < transactions.size(); ++i)
                own.next(0);
        predicted = own.get();
    }
    const fafo::Schedule<StatePolicy> schedule = make_schedule(predicted, state.versions);
    if (timeline != nullptr)
        timeline->end_scheduling();
    Run run(state, transactions, reader, out.outcomes, timeline);
    fafo::Execution<StatePolicy> execution(schedule, state.versions, run);
    if (state.pool == nullptr || state.pool->count() != threads)
        state.pool = std::make_unique<fafo::WorkerPool>(threads);
    if (!execution.run(*state.pool))
        return run.fault();
    out.counters = execution.counters();
    std::uint64_t gas = 0;
    for (Outcome& outcome : out.outcomes)
        outcome.cumulative_gas = gas += outcome.gas_used;
    Changes changes(state.versions, state.codes, state.base, view, out.changes);
    bool good = false;
    Together(*state.pool)
        .run([&] { good = changes.take(); },
             [&] { out.access = make_access_lists(state.accessed, state.seed); });
    return good ? evm::Fault::none : evm::Fault::unavailable;
}
}  // namespace mote::block
