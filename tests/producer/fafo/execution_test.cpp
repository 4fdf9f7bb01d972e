#include "fafo/execution.hpp"

#include <catch2/catch.hpp>

#include "producer/fafo/fafo_support.hpp"

using namespace mote;
using test::Money;
using test::MoneyAccess;
using test::MoneyBase;
using test::MoneyVersions;
using test::Programs;

namespace
{
struct Outcome
{
    std::vector<std::uint64_t> sums;
    std::map<std::uint64_t, Money::Value> changed;
    fafo::ExecutionCounters counters;
};

Outcome in_parallel(std::uint64_t seed, std::uint32_t count, std::uint64_t keys,
                    Programs::Guess guess, unsigned workers)
{
    Programs programs(seed, count, keys, guess);
    std::vector<std::uint64_t> ignored;
    programs.sequential(ignored);
    programs.yields = true;
    const auto predictions = programs.predictions();
    MoneyBase base;
    MoneyVersions versions(base, seed);
    const fafo::Schedule<Money> schedule = make_schedule<Money>(predictions, versions);
    fafo::Execution<Money> execution(schedule, versions, programs);
    REQUIRE(execution.run(workers));
    Outcome outcome;
    outcome.sums = programs.outcome;
    outcome.counters = execution.counters();
    std::map<std::array<std::uint64_t, 7>, Money::Value> by_key;
    versions.for_each(
        [&](const fafo::KeyState<Money>& key)
        {
            REQUIRE(key.newest == nullptr);
            REQUIRE(key.credits == nullptr);
            if (key.changed)
                by_key[key.key.words] = key.committed;
        });
    for (std::uint64_t number = 0; number < 2 * keys; ++number)
        if (const auto at = by_key.find(test::key_of(number).words); at != by_key.end())
            outcome.changed[number] = at->second;
    REQUIRE(outcome.changed.size() == by_key.size());
    return outcome;
}

// A transaction that throws, or that cannot read.
class Failing : public fafo::Transactions<Money>
{
  public:
    explicit Failing(bool throws) : throws_(throws) {}
    bool execute(std::uint32_t transaction, unsigned, MoneyAccess& access) override
    {
        Money::Value value;
        if (!access.read(test::key_of(transaction), value))
            return false;
        if (throws_ && transaction == 70)
            throw std::runtime_error("no more");
        return true;
    }

  private:
    bool throws_;
};
}  // namespace

TEST_CASE("the outcome is that of one after the other, whatever was predicted")
{
    const auto guess = GENERATE(Programs::Guess::right, Programs::Guess::some,
                                Programs::Guess::none, Programs::Guess::wrong);
    // From all in conflict to hardly any.
    for (const std::uint64_t keys : {2U, 7U, 40U, 2000U})
        for (std::uint64_t seed = 0; seed < 6; ++seed)
        {
            constexpr std::uint32_t count = 300;
            Programs model(seed, count, keys, guess);
            std::vector<std::uint64_t> sums;
            const auto changed = model.sequential(sums);
            for (const unsigned workers : {1U, 2U, 3U, 8U})
            {
                const Outcome outcome = in_parallel(seed, count, keys, guess, workers);
                CAPTURE(keys, seed, workers);
                REQUIRE(outcome.sums == sums);
                REQUIRE(outcome.changed == changed);
                REQUIRE(outcome.counters.executed == count + outcome.counters.executed_again);
                if (guess == Programs::Guess::right)
                    REQUIRE(outcome.counters.executed_again == 0);
            }
        }
}

TEST_CASE("one worker goes by the block's order, where no guess is wrong")
{
    const auto guess = GENERATE(Programs::Guess::none, Programs::Guess::wrong);
    for (std::uint64_t seed = 0; seed < 10; ++seed)
        CHECK(in_parallel(seed, 300, 5, guess, 1).counters.executed_again == 0);
}

TEST_CASE("a chain stays with the worker that began it")
{
    // Each reads what the one before it wrote; the others can only look on.
    class Chain : public fafo::Transactions<Money>
    {
      public:
        bool execute(std::uint32_t transaction, unsigned worker, MoneyAccess& access) override
        {
            Money::Value value;
            if (!access.read(test::key_of(5), value))
                return false;
            value.balance += transaction;
            access.write(test::key_of(5), value);
            ++by[worker];
            return true;
        }
        std::array<std::uint32_t, 4> by{};
    };
    constexpr std::uint32_t count = 3000;
    const std::array<fafo::PredictedAccess, 1> same = {{{test::key_of(5), fafo::Mode::write}}};
    const std::vector<fafo::Predicted> predictions(count, {same, 21'000});
    MoneyBase base;
    MoneyVersions versions(base, 1);
    const fafo::Schedule<Money> schedule = make_schedule<Money>(predictions, versions);
    Chain chain;
    fafo::Execution<Money> execution(schedule, versions, chain);
    REQUIRE(execution.run(4));
    CHECK(std::count(chain.by.begin(), chain.by.end(), 0U) == 3);
    CHECK(execution.counters().stolen == 0);
    CHECK(execution.counters().executed == count);
    auto& key = versions.key(test::key_of(5));
    CHECK(key.committed.balance ==
          MoneyBase::of(test::key_of(5)).balance + count * (count - 1) / 2);
}

TEST_CASE("right predictions need no second execution, wrong ones do")
{
    std::uint64_t again = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed)
        again += in_parallel(seed, 300, 5, Programs::Guess::none, 4).counters.executed_again;
    CHECK(again > 0);
}

TEST_CASE("a block without transactions is executed")
{
    const Outcome outcome = in_parallel(1, 0, 5, Programs::Guess::right, 4);
    CHECK(outcome.counters.executed == 0);
    CHECK(outcome.changed.empty());
}

TEST_CASE("a state that cannot be read ends the block, and so does an exception")
{
    for (const unsigned workers : {1U, 4U})
    {
        const std::vector<fafo::Predicted> predictions(100);
        MoneyBase base;
        base.fails_at = test::key_of(50);
        MoneyVersions versions(base, 1);
        const fafo::Schedule<Money> schedule = make_schedule<Money>(predictions, versions);
        Failing unreadable(false);
        fafo::Execution<Money> first(schedule, versions, unreadable);
        CHECK_FALSE(first.run(workers));

        base.fails_at = {};
        MoneyVersions again(base, 1);
        const fafo::Schedule<Money> other = make_schedule<Money>(predictions, again);
        Failing throwing(true);
        fafo::Execution<Money> second(other, again, throwing);
        CHECK_THROWS_AS(second.run(workers), std::runtime_error);
    }
}

TEST_CASE("a credit on top of what cannot be read ends the block when it is committed")
{
    class Crediting : public fafo::Transactions<Money>
    {
        bool execute(std::uint32_t, unsigned, MoneyAccess& access) override
        {
            access.credit(test::key_of(5), 1);
            return true;
        }
    };
    MoneyBase base;
    base.fails_at = test::key_of(5);
    MoneyVersions versions(base, 1);
    const std::vector<fafo::Predicted> predictions(3);
    const fafo::Schedule<Money> schedule = make_schedule<Money>(predictions, versions);
    Crediting crediting;
    fafo::Execution<Money> execution(schedule, versions, crediting);
    CHECK_FALSE(execution.run(2));
}
