#include <catch2/catch.hpp>
#include <set>

#include "producer/block/block_support.hpp"

using namespace mote;
using namespace mote::block;
using test::RandomBlock;
using test::small_limits;

namespace
{
struct Truth
{
    std::vector<Outcome> outcomes;
    test::MapState after;
    std::vector<std::vector<fafo::PredictedAccess>> accessed;
};

/// Says what is asked of it.
class AskedView final : public evm::StateView
{
  public:
    AskedView(test::MapState& state, std::vector<fafo::PredictedAccess>& asked)
        : state_(state), asked_(asked)
    {
    }
    evm::Found account(const evm::Address& address, evm::AccountFields& out) noexcept override
    {
        asked_.push_back({identity_key(address), fafo::Mode::read});
        static_cast<void>(state_.account(address, out));
        out.balance = {};
        return out.nonce != 0 || out.code_hash != evm::empty_code_hash ? evm::Found::present
                                                                       : evm::Found::absent;
    }
    bool balances_apart() const noexcept override { return true; }
    bool balance(const evm::Address& address, evm::Word& out) noexcept override
    {
        asked_.push_back({balance_key(address), fafo::Mode::read});
        evm::AccountFields fields;
        static_cast<void>(state_.account(address, fields));
        out = fields.balance;
        return true;
    }
    bool slot(const evm::Address& address, const evm::Word& key, evm::Word& out) noexcept override
    {
        asked_.push_back({slot_key(address, key), fafo::Mode::read});
        return state_.slot(address, key, out);
    }
    bool has_slots(const evm::Address& address, bool& out) noexcept override
    {
        return state_.has_slots(address, out);
    }
    bool code(const evm::Address& address, const evm::Hash& hash, Bytes& out) noexcept override
    {
        return state_.code(address, hash, out);
    }
    bool block_hash(std::uint64_t number, evm::Hash& out) noexcept override
    {
        return state_.block_hash(number, out);
    }

  private:
    test::MapState& state_;
    std::vector<fafo::PredictedAccess>& asked_;
};

/// Everything that differs between two states.
std::vector<fafo::StateKey> differences(const test::MapState& a, const test::MapState& b)
{
    std::vector<fafo::StateKey> out;
    std::set<evm::Address> addresses;
    for (const auto* state : {&a, &b})
        for (const auto& [address, account] : state->accounts)
            addresses.insert(address);
    const auto of = [](const test::MapState& state, const evm::Address& address)
    {
        const auto at = state.accounts.find(address);
        return at == state.accounts.end() ? evm_tool::MapAccount() : at->second;
    };
    for (const evm::Address& address : addresses)
    {
        const evm_tool::MapAccount x = of(a, address), y = of(b, address);
        if (x.nonce != y.nonce || x.code_hash != y.code_hash)
            out.push_back(identity_key(address));
        if (!(x.balance == y.balance))
            out.push_back(balance_key(address));
        std::map<evm::Word, evm::Word> slots = x.slots;
        for (const auto& [key, value] : y.slots)
            if (const auto at = slots.find(key); at != slots.end() && at->second == value)
                slots.erase(at);
            else
                slots[key] = value;
        for (const auto& [key, value] : slots)
            out.push_back(slot_key(address, key));
    }
    return out;
}

/// One after the other, each on a journal of its own and a state of its own. What was accessed: what the
/// machine asked for, and what is another afterwards.
Truth truth_of(const RandomBlock& block)
{
    Truth out;
    out.after = block.state;
    const evm::HostedMemory memory(small_limits);
    const auto machine = std::make_unique<evm::Machine>(memory.get(), block.header.fork, 3);
    machine->block = context_of(block.header);
    std::uint64_t gas = 0;
    for (const Prepared& prepared : block.transactions)
    {
        const test::MapState before = out.after;
        std::vector<fafo::PredictedAccess> accessed;
        AskedView asked(out.after, accessed);
        Outcome outcome, again;
        machine->journal().clear(asked);
        execute_one(*machine, prepared, gas, again);
        machine->journal().clear(out.after);
        execute_one(*machine, prepared, gas, outcome);
        REQUIRE(machine->journal().fault() == evm::Fault::none);
        REQUIRE(outcome == again);
        if (outcome.executed())
            out.after.apply(machine->journal());
        gas = outcome.cumulative_gas;
        for (const fafo::StateKey& key : differences(before, out.after))
        {
            const auto at = std::find_if(accessed.begin(), accessed.end(),
                                         [&](const auto& access) { return access.key == key; });
            if (at != accessed.end())
                at->mode = fafo::Mode::write;
            else
                accessed.push_back({key, kind_of(key) == KeyKind::balance
                                             ? fafo::Mode::credit
                                             : fafo::Mode::write_unread});
        }
        out.outcomes.push_back(outcome);
        out.accessed.push_back(accessed);
    }
    return out;
}

void apply(const StateChanges& changes, test::MapState& state)
{
    for (const AccountChange& change : changes.accounts)
    {
        if (!change.exists)
        {
            state.accounts.erase(change.address);
            continue;
        }
        evm_tool::MapAccount& account = state.accounts[change.address];
        account.nonce = change.nonce;
        account.balance = change.balance;
        if (account.code_hash == change.code_hash)
            continue;
        account.code_hash = change.code_hash;
        account.code.clear();
        for (const NewCode& code : changes.codes)
            if (code.hash == change.code_hash)
                account.code = code.bytes;
    }
    for (const SlotChange& change : changes.slots)
        if (change.value.is_zero())
            state.accounts[change.address].slots.erase(change.key);
        else
            state.accounts[change.address].slots[change.key] = change.value;
}

bool same_state(const test::MapState& a, const test::MapState& b)
{
    const auto same = [](const evm_tool::MapAccount& x, const evm_tool::MapAccount& y)
    {
        return x.nonce == y.nonce && x.balance == y.balance && x.code == y.code &&
               x.code_hash == y.code_hash && x.slots == y.slots;
    };
    return a.accounts.size() == b.accounts.size() &&
           std::equal(a.accounts.begin(), a.accounts.end(), b.accounts.begin(),
                      [&](const auto& x, const auto& y)
                      { return x.first == y.first && same(x.second, y.second); });
}

enum class Guess
{
    none,
    simple,
    exact,
    others,  ///< each transaction's list is another one's
};

Predictions guess_of(Guess guess, const RandomBlock& block, const AccessLists& truth)
{
    switch (guess)
    {
        case Guess::simple:
            return predict(block.header, block.transactions);
        case Guess::exact:
            return predictions_of(truth, block.transactions);
        case Guess::others:
        {
            Predictions out;
            for (std::size_t i = block.transactions.size(); i-- > 0;)
            {
                for (const AccessEntry& entry : truth.of(i))
                    out.add(truth.keys[entry.key], entry.mode);
                out.next(i % 7);
            }
            return out;
        }
        case Guess::none:
            break;
    }
    return {};
}

/// What the blocks of all seeds came to together, so that no kind of event is missing unnoticed.
std::map<std::string, int> seen_events(const Truth& truth, const RandomBlock& block)
{
    std::map<std::string, int> seen;
    for (const Outcome& outcome : truth.outcomes)
        ++seen[outcome.executed() ? evm::name_of(outcome.halt) : evm::name_of(outcome.refusal)];
    for (const auto& [address, account] : truth.after.accounts)
        if (block.state.accounts.count(address) == 0 && !account.code.empty())
            ++seen[account.code[0] == 0xef ? "delegation" : "creation"];
    return seen;
}
}  // namespace

TEST_CASE("sequential execution is that of each transaction on the state the one before left")
{
    SequentialExecutor executor(small_limits);
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 0; seed < 40; ++seed)
    {
        RandomBlock block(seed, 50);
        if (seed % 5 == 4)
            block.header.gas_limit = 2'000'000;
        const Truth truth = truth_of(block);
        std::vector<Outcome> outcomes;
        StateChanges changes;
        REQUIRE(executor.execute(block.header, block.transactions, block.state, outcomes,
                                 changes) == evm::Fault::none);
        REQUIRE(outcomes == truth.outcomes);
        test::MapState after = block.state;
        apply(changes, after);
        REQUIRE(same_state(after, truth.after));
        for (const auto& [name, count] : seen_events(truth, block))
            seen[name] += count;
    }
    for (const char* const name :
         {"success", "revert", "out of gas", "creation", "delegation", "malformed",
          "signature_invalid", "nonce_too_low", "nonce_too_high", "funds_insufficient",
          "sender_has_code", "chain_id_mismatch", "fee_below_base_fee", "gas_limit_above_block",
          "intrinsic_gas_too_low"})
    {
        CAPTURE(name);
        CHECK(seen[name] > 0);
    }
}

TEST_CASE("parallel execution is sequential execution, whatever was predicted")
{
    SequentialExecutor sequential(small_limits);
    ParallelExecutor parallel(small_limits, 77);
    std::uint64_t again = 0;
    for (std::uint64_t seed = 0; seed < 24; ++seed)
    {
        RandomBlock block(seed, 50);
        // The limit is reached in the middle.
        if (seed % 5 == 4)
            block.header.gas_limit = 2'000'000;
        const Truth truth = truth_of(block);
        const AccessLists access = make_access_lists(truth.accessed);
        std::vector<Outcome> outcomes;
        StateChanges changes;
        REQUIRE(sequential.execute(block.header, block.transactions, block.state, outcomes,
                                   changes) == evm::Fault::none);
        for (const unsigned threads : {1U, 2U, 4U, 8U})
            for (const Guess guess : {Guess::none, Guess::simple, Guess::exact, Guess::others})
            {
                CAPTURE(seed, threads, static_cast<int>(guess));
                test::YieldingView view(block.state, seed);
                Predictions predictions = guess_of(guess, block, access);
                ParallelResult result;
                REQUIRE(parallel.execute(block.header, block.transactions, predictions.get(), view,
                                         threads, result) == evm::Fault::none);
                REQUIRE(result.outcomes == outcomes);
                REQUIRE(result.changes == changes);
                REQUIRE(result.access == access);
                again += result.counters.executed_again;
                if (guess == Guess::exact)
                    CHECK(result.counters.executed_again == 0);
            }
    }
    CHECK(again > 0);
}

TEST_CASE("payments to one account do not wait for each other and are executed once")
{
    RandomBlock block(1, 0);
    for (std::uint64_t i = 0; i < 200; ++i)
    {
        Prepared payment;
        payment.sender = test::address_of(0x10000 + i);
        block.state.accounts[payment.sender].balance = evm::Word(1'000'000);
        payment.transaction.to = test::address_of(0xe0b);
        payment.transaction.value = evm::Word(1);
        payment.transaction.chain_id = evm::Word(1);
        payment.transaction.gas_limit = 21000;
        payment.transaction.max_fee = evm::Word(8);
        payment.transaction.max_priority_fee = evm::Word(1);
        block.transactions.push_back(payment);
    }
    Predictions predictions = predict(block.header, block.transactions);
    ParallelExecutor parallel(small_limits);
    for (const unsigned threads : {1U, 4U})
    {
        test::YieldingView view(block.state, 1);
        ParallelResult result;
        REQUIRE(parallel.execute(block.header, block.transactions, predictions.get(), view, threads,
                                 result) == evm::Fault::none);
        CHECK(result.counters.executed_again == 0);
        CHECK(result.counters.edges == 0);
        // What was predicted of payments is what they do.
        for (std::size_t i = 0; i < 200; ++i)
        {
            const auto predicted = predictions.get()[i].accesses;
            REQUIRE(result.access.of(i).size() == predicted.size());
            for (const AccessEntry& entry : result.access.of(i))
                CHECK(std::any_of(predicted.begin(), predicted.end(),
                                  [&](const auto& access)
                                  {
                                      return access.key == result.access.keys[entry.key] &&
                                             access.mode == entry.mode;
                                  }));
        }
        const auto paid = std::find_if(result.changes.accounts.begin(),
                                       result.changes.accounts.end(), [](const auto& change)
                                       { return change.address == test::address_of(0xe0b); });
        REQUIRE(paid != result.changes.accounts.end());
        CHECK(paid->balance == evm::Word(200));
    }
}

TEST_CASE("an account that is destroyed and made again in a block has nothing of what it was")
{
    RandomBlock block(1, 0);
    // Called: slot 2 = slot 1 + 5.
    const std::vector<std::uint8_t> runtime =
        test::Assembler().load(1).push(evm::Word(5)).op({0x01}).store(2).code;
    const std::vector<std::uint8_t> init = RandomBlock::destroyed_if_paid(runtime);
    test::Assembler factory;
    const std::size_t bytes = factory.to_memory(init);
    factory.op({0x5f}).push(evm::Word(bytes)).op({0x5f, 0x34, 0xf5}).store(0);
    const evm::Address maker = test::address_of(0xfac), sender = test::address_of(0xa99);
    block.state.accounts[maker].nonce = 1;
    block.state.set_code(block.state.accounts[maker], factory.code);
    block.state.accounts[sender].balance = evm::Word(1'000'000'000);
    const evm::Address made = evm::Machine::create2_address(maker, {}, init);
    for (std::uint64_t i = 0; i < 4; ++i)
    {
        Prepared call;
        call.sender = sender;
        call.transaction.chain_id = evm::Word(1);
        call.transaction.nonce = i;
        call.transaction.gas_limit = 500'000;
        call.transaction.max_fee = evm::Word(8);
        // Destroyed twice, made, called.
        call.transaction.to = i == 3 ? made : maker;
        call.transaction.value = evm::Word(i < 2 ? 1 : 0);
        block.transactions.push_back(call);
    }
    const Truth truth = truth_of(block);
    for (const Outcome& outcome : truth.outcomes)
        REQUIRE((outcome.executed() && outcome.halt == evm::Halt::success));
    const auto at = truth.after.accounts.find(made);
    REQUIRE(at != truth.after.accounts.end());
    CHECK(at->second.code == runtime);
    const std::map<evm::Word, evm::Word> slots = {{evm::Word(0), evm::Word(9)},
                                                  {evm::Word(2), evm::Word(5)}};
    CHECK(at->second.slots == slots);

    std::vector<Outcome> outcomes;
    StateChanges changes;
    REQUIRE(SequentialExecutor(small_limits)
                .execute(block.header, block.transactions, block.state, outcomes, changes) ==
            evm::Fault::none);
    CHECK(outcomes == truth.outcomes);
    test::MapState after = block.state;
    apply(changes, after);
    CHECK(same_state(after, truth.after));
    for (const unsigned threads : {1U, 4U})
    {
        ParallelResult result;
        REQUIRE(ParallelExecutor(small_limits)
                    .execute(block.header, block.transactions, {}, block.state, threads, result) ==
                evm::Fault::none);
        CHECK(result.outcomes == outcomes);
        CHECK(result.changes == changes);
        CHECK(result.access == make_access_lists(truth.accessed));
    }
}

TEST_CASE("a block without transactions changes nothing")
{
    RandomBlock block(1, 0);
    ParallelResult result;
    REQUIRE(ParallelExecutor(small_limits).execute(block.header, {}, {}, block.state, 2, result) ==
            evm::Fault::none);
    CHECK(result.outcomes.empty());
    CHECK(result.changes == StateChanges{});
    CHECK(result.access == AccessLists{});
}

TEST_CASE("a view that cannot answer and memory that ends are faults, and the next block is good")
{
    const RandomBlock block(3, 50);
    test::MapState state = block.state;
    evm::MemoryLimits tiny = small_limits;
    tiny.journal = 4096;
    std::vector<Outcome> outcomes;
    StateChanges changes;
    ParallelExecutor parallel(small_limits);
    SequentialExecutor sequential(small_limits);
    for (const unsigned threads : {1U, 4U})
    {
        test::YieldingView view(state, 1);
        view.fails_at = block.transactions.back().sender;
        ParallelResult result;
        CHECK(parallel.execute(block.header, block.transactions, {}, view, threads, result) ==
              evm::Fault::unavailable);
        CHECK(sequential.execute(block.header, block.transactions, view, outcomes, changes) ==
              evm::Fault::unavailable);
        CHECK(ParallelExecutor(tiny).execute(block.header, block.transactions, {}, state, threads,
                                             result) == evm::Fault::memory);
        CHECK(SequentialExecutor(tiny).execute(block.header, block.transactions, state, outcomes,
                                               changes) == evm::Fault::memory);

        view.fails_at.reset();
        REQUIRE(parallel.execute(block.header, block.transactions, {}, view, threads, result) ==
                evm::Fault::none);
        REQUIRE(sequential.execute(block.header, block.transactions, view, outcomes, changes) ==
                evm::Fault::none);
        CHECK(result.outcomes == outcomes);
        CHECK(result.changes == changes);
    }
}
