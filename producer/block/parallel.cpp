#include "block/parallel.hpp"

#include <atomic>
#include <map>

#include "base/assert.hpp"
#include "block/worker.hpp"

namespace mote::block
{
using Versions = fafo::Versions<StatePolicy>;
using Value = StatePolicy::Value;

struct ParallelExecutor::State
{
    State(const evm::MemoryLimits& memory, std::uint64_t secret)
        : limits(memory), seed(secret), versions(base, secret)
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

struct AccountValues
{
    const Value* identity = nullptr;
    const Value* balance = nullptr;
};

/// Compares what a block left with what it found.
[[nodiscard]] bool take_changes(Versions& versions, const CodeBook& codes, evm::StateView& view,
                                StateChanges& out)
{
    std::map<evm::Address, AccountValues> accounts;
    bool good = true;
    versions.for_each(
        [&](const fafo::KeyState<StatePolicy>& key)
        {
            const evm::Address address = address_of(key.key);
            if (!key.changed)
                return;
            if (kind_of(key.key) == KeyKind::identity)
                accounts[address].identity = &key.committed;
            else if (kind_of(key.key) == KeyKind::balance)
                accounts[address].balance = &key.committed;
            else if (kind_of(key.key) == KeyKind::slot)
            {
                evm::Word before;
                good = view.slot(address, slot_of(key.key), before) && good;
                if (!(before == key.committed.word))
                    out.slots.push_back({address, slot_of(key.key), key.committed.word});
            }
        });
    for (const auto& [address, values] : accounts)
    {
        evm::AccountFields before;
        good = view.account(address, before) != evm::Found::unavailable && good;
        AccountChange now = {address, true, before.nonce, before.balance, before.code_hash};
        if (values.identity != nullptr)
        {
            now.nonce = values.identity->nonce;
            now.code_hash = evm::to_hash(values.identity->word);
        }
        if (values.balance != nullptr)
            now.balance = values.balance->word;
        now.exists =
            now.nonce != 0 || !now.balance.is_zero() || now.code_hash != evm::empty_code_hash;
        if (now.nonce == before.nonce && now.balance == before.balance &&
            now.code_hash == before.code_hash)
            continue;
        out.accounts.push_back(now);
        Bytes code;
        if (now.code_hash != before.code_hash && codes.find(now.code_hash, code))
            out.codes.push_back({now.code_hash, {code.begin(), code.end()}});
    }
    sort_changes(out);
    return good;
}
}  // namespace

/// The transactions of one block, for the scheduler.
class ParallelExecutor::Run final : public fafo::Transactions<StatePolicy>
{
  public:
    Run(State& state, std::span<const Prepared> transactions, std::size_t first_reader,
        std::vector<Outcome>& outcomes)
        : state_(state),
          transactions_(transactions),
          first_reader_(first_reader),
          outcomes_(outcomes)
    {
    }

    [[nodiscard]] bool execute(std::uint32_t transaction, unsigned worker,
                               StateAccess& access) override
    {
        const GasRule gas = {first_reader_ < transactions_.size(), transaction >= first_reader_};
        const evm::Fault fault =
            state_.workers[worker]->execute(transactions_[transaction], gas, access,
                                            outcomes_[transaction], state_.accessed[transaction]);
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
    std::atomic<evm::Fault> fault_ = evm::Fault::unavailable;  // of a credit's base
};

ParallelExecutor::ParallelExecutor(const evm::MemoryLimits& limits, std::uint64_t seed)
    : state_(std::make_unique<State>(limits, seed))
{
}
ParallelExecutor::~ParallelExecutor() = default;

evm::Fault ParallelExecutor::execute(const Header& header, std::span<const Prepared> transactions,
                                     std::span<const fafo::Predicted> predicted,
                                     evm::StateView& view, unsigned threads, ParallelResult& out)
{
    MOTE_ASSERT(threads >= 1 && (predicted.empty() || predicted.size() == transactions.size()));
    State& state = *state_;
    out = {};
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
    Run run(state, transactions, reader, out.outcomes);
    fafo::Execution<StatePolicy> execution(schedule, state.versions, run);
    if (!execution.run(threads))
        return run.fault();
    out.counters = execution.counters();
    std::uint64_t gas = 0;
    for (Outcome& outcome : out.outcomes)
        outcome.cumulative_gas = gas += outcome.gas_used;
    out.access = make_access_lists(state.accessed);
    return take_changes(state.versions, state.codes, view, out.changes) ? evm::Fault::none
                                                                        : evm::Fault::unavailable;
}
}  // namespace mote::block
