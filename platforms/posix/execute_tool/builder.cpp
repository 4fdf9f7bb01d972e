#include "builder.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <stdexcept>

#include "block/state_keys.hpp"
#include "fafo/order.hpp"
#include "json_values.hpp"

namespace mote::execute_tool
{
namespace
{
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

bool is_write(fafo::Mode mode)
{
    return mode == fafo::Mode::write || mode == fafo::Mode::write_unread;
}

double as_number(fafo::Multiplier multiplier)
{
    return static_cast<double>(multiplier) / static_cast<double>(fafo::multiplier_one);
}

std::string text_of(const fafo::StateKey& key)
{
    const std::string address = evm_tool::hex_of(block::address_of(key).bytes);
    switch (block::kind_of(key))
    {
        case block::KeyKind::slot:
            return "slot " + evm_tool::hex_of(block::slot_of(key)) + " of " + address;
        case block::KeyKind::identity:
            return "nonce and code of " + address;
        case block::KeyKind::balance:
            return "balance of " + address;
        case block::KeyKind::gas:
            break;
    }
    return "gas of the block";
}
}  // namespace

Builder::Builder(const Options& options, workload::Workload& workload, std::uint64_t block_gas)
    : options_(options),
      workload_(workload),
      block_gas_(block_gas),
      prices_(block_gas / options.lanes),
      senders_(4 * options.transactions, 0)
{
}

bool Builder::can_pay(const evm::Transaction& transaction,
                      std::span<const fafo::PredictedAccess> accesses, std::uint64_t base_fee)
{
    std::vector<fafo::StateKey> written;
    for (const fafo::PredictedAccess& access : accesses)
        if (is_write(access.mode))
            written.push_back(access.key);
    return fafo::price_of(base_fee, prices_.of(written)) <= transaction.max_fee.saturated();
}

Builder::Draft Builder::build(const block::Header& header, evm::StateView& view,
                              block::ParallelExecutor& executor, BlockResult& out)
{
    for (workload::SignedTransaction& one : workload_.next(options_.transactions - waiting_.size()))
        waiting_.push_back(std::move(one));
    std::vector<Bytes> bytes;
    bytes.reserve(waiting_.size());
    for (const workload::SignedTransaction& one : waiting_)
        bytes.emplace_back(one.bytes);
    auto start = Clock::now();
    const block::PreparedList list =
        block::prepare(bytes, header.fork, options_.threads, &senders_);
    out.recover_seconds = seconds_since(start);
    out.recovered = list.recovered();
    const std::span<const block::Prepared> transactions = list.transactions();

    start = Clock::now();
    block::Predictions guessed = block::predict(header, transactions);
    block::ParallelResult seen;
    // Where limits together are above the block's, each would wait for the gas of those before it.
    block::Header roomy = header;
    roomy.gas_limit = std::uint64_t{1} << 50;
    if (executor.execute(roomy, transactions, guessed.get(), view, options_.threads, seen) !=
        evm::Fault::none)
        throw std::runtime_error("transactions cannot be executed: state or memory is missing");
    block::Predictions touched = block::predictions_of(seen.access, transactions);
    const std::span<const fafo::Predicted> predicted = touched.get();
    const std::uint64_t base_fee = header.base_fee.saturated();
    std::map<evm::Address, std::uint32_t> numbers;
    std::set<evm::Address> poor;
    std::vector<fafo::Candidate> candidates;
    std::vector<std::uint32_t> places;
    for (std::uint32_t i = 0; i < transactions.size(); ++i)
    {
        const evm::Address& sender = transactions[i].sender;
        if (poor.contains(sender) ||
            !can_pay(transactions[i].transaction, predicted[i].accesses, base_fee))
        {
            poor.insert(sender);
            continue;
        }
        const auto number = static_cast<std::uint32_t>(numbers.size());
        // What it used, not its limit: keys' gas is counted in what was used, and no block here has more
        // transactions than its gas has room for.
        const std::uint64_t gas = std::max<std::uint64_t>(seen.outcomes[i].gas_used, 21'000);
        candidates.push_back({{predicted[i].accesses, gas},
                              transactions[i].transaction.max_priority_fee.saturated(),
                              numbers.try_emplace(sender, number).first->second});
        places.push_back(i);
    }
    const fafo::Order order =
        fafo::make_order(candidates, {block_gas_, prices_.budget()}, options_.workload.seed);
    out.build_seconds = seconds_since(start);

    Draft draft;
    std::vector<bool> taken(waiting_.size());
    for (const std::uint32_t candidate : order.transactions)
    {
        const std::uint32_t place = places[candidate];
        taken[place] = true;
        draft.transactions.push_back(std::move(waiting_[place]));
        for (const fafo::PredictedAccess& access : predicted[place].accesses)
            draft.predicted.add(access.key, access.mode);
        draft.predicted.next(seen.outcomes[place].gas_used);
    }
    std::vector<workload::SignedTransaction> left;
    for (std::size_t i = 0; i < waiting_.size(); ++i)
        if (!taken[i])
            left.push_back(std::move(waiting_[i]));
    waiting_ = std::move(left);
    out.waiting = waiting_.size();
    return draft;
}

void Builder::end_block(const block::AccessLists& access, std::span<const block::Outcome> outcomes,
                        BlockResult& out)
{
    std::vector<fafo::SerialGas> used;
    const fafo::StateKey* hottest = nullptr;
    fafo::Multiplier most = fafo::multiplier_one;
    for (const fafo::Prices::Entry& entry : prices_.entries())
        if (entry.multiplier > most)
        {
            most = entry.multiplier;
            hottest = &entry.key;
        }
    // What everybody pays on average who does not write the dearest key.
    double sum = 0;
    std::uint64_t others = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
    {
        std::vector<fafo::StateKey> written;
        for (const block::AccessEntry& entry : access.of(i))
            if (is_write(entry.mode))
            {
                written.push_back(access.keys[entry.key]);
                used.push_back({access.keys[entry.key], outcomes[i].gas_used});
            }
        if (hottest != nullptr &&
            std::find(written.begin(), written.end(), *hottest) != written.end())
            continue;
        sum += as_number(prices_.of(written));
        ++others;
    }
    out.hot_price = as_number(most);
    out.other_price = others == 0 ? 1 : sum / static_cast<double>(others);
    out.others = others;
    if (hottest != nullptr)
        out.hot_key = text_of(*hottest);
    prices_.end_block(std::move(used));
    out.priced_keys = prices_.entries().size();
}
}  // namespace mote::execute_tool
