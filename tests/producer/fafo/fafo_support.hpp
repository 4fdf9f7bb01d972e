// Small programs over a few keys: what a transaction touches depends on what it reads.
#pragma once

#include <atomic>
#include <map>
#include <thread>

#include "fafo/execution.hpp"
#include "tools/state_history.hpp"

namespace mote::test
{
struct Money
{
    struct Value
    {
        std::uint64_t balance = 0, nonce = 0;
        bool operator==(const Value&) const = default;
    };
    using Credit = std::uint64_t;
    static void apply(Value& value, const Credit& credit) noexcept { value.balance += credit; }
};
using MoneyVersions = fafo::Versions<Money>;
using MoneyAccess = fafo::Access<Money>;

inline fafo::StateKey key_of(std::uint64_t number)
{
    std::array<std::uint8_t, 20> address = {};
    std::memcpy(address.data(), &number, 8);
    if (number % 3 == 0)
        return fafo::StateKey::account(address);
    std::array<std::uint8_t, 32> slot = {};
    slot[31] = static_cast<std::uint8_t>(number % 3);
    return fafo::StateKey::slot(address, slot);
}

// A value for each key, made from it.
class MoneyBase : public fafo::Base<Money::Value>
{
  public:
    static Money::Value of(const fafo::StateKey& key) { return {fafo::hash_of(key, 1) % 1000, 0}; }
    bool load(const fafo::StateKey& key, Money::Value& out) override
    {
        ++loads;
        if (fails_at && *fails_at == key)
            return false;
        out = of(key);
        return true;
    }

    std::atomic<std::uint64_t> loads = 0;
    std::optional<fafo::StateKey> fails_at;
};

// A block of random programs. `keys` few: everything conflicts.
class Programs : public fafo::Transactions<Money>
{
  public:
    enum class Guess
    {
        right,
        some,  ///< some accesses are missing, some are invented
        none,
        wrong,  ///< other keys altogether
    };

    Programs(std::uint64_t seed, std::uint32_t count, std::uint64_t keys, Guess guess)
        : outcome(count), seed_(seed), keys_(keys), guess_(guess)
    {
    }

    // The same steps for the model and for the thing itself.
    template <class Read, class Write, class Credit>
    std::uint64_t steps(std::uint32_t transaction, const Read& read, const Write& write,
                        const Credit& credit) const
    {
        SplitMix random(seed_ * 1'000'003 + transaction);
        std::uint64_t sum = transaction;
        std::vector<std::uint64_t> seen;
        const std::uint64_t turns = 1 + random.below(4);
        for (std::uint64_t turn = 0; turn < turns; ++turn)
        {
            // Where it goes next depends on what it read.
            const std::uint64_t number = (random.draw() + (random.below(4) == 0 ? sum : 0)) % keys_;
            if (std::find(seen.begin(), seen.end(), number) != seen.end())
                continue;
            seen.push_back(number);
            switch (random.below(4))
            {
                case 0:
                    sum = sum * 31 + read(number).balance;
                    break;
                case 1:
                {
                    Money::Value value = read(number);
                    sum = sum * 31 + value.balance + value.nonce;
                    value.balance += sum % 7;
                    ++value.nonce;
                    write(number, value);
                    break;
                }
                case 2:
                    write(number, Money::Value{sum % 100, 7});
                    break;
                default:
                    credit(number, 1 + sum % 5);
            }
        }
        return sum;
    }

    bool execute(std::uint32_t transaction, unsigned, MoneyAccess& access) override
    {
        if (yields && fafo::hash_of(key_of(transaction + ++calls), 3) % 4 == 0)
            std::this_thread::yield();
        bool good = true;
        const std::uint64_t sum = steps(
            transaction,
            [&](std::uint64_t number)
            {
                Money::Value value;
                good = access.read(key_of(number), value) && good;
                return value;
            },
            [&](std::uint64_t number, const Money::Value& value)
            { access.write(key_of(number), value); },
            [&](std::uint64_t number, std::uint64_t credit)
            { access.credit(key_of(number), credit); });
        outcome[transaction] = sum;
        return good;
    }

    // One after the other: the truth, and on the way the true accesses.
    std::map<std::uint64_t, Money::Value> sequential(std::vector<std::uint64_t>& sums)
    {
        std::map<std::uint64_t, Money::Value> state;
        const auto value = [&](std::uint64_t number) -> Money::Value&
        {
            const auto at = state.find(number);
            return at != state.end()
                       ? at->second
                       : state.emplace(number, MoneyBase::of(key_of(number))).first->second;
        };
        accesses.assign(outcome.size(), {});
        std::map<std::uint64_t, Money::Value> touched;
        for (std::uint32_t i = 0; i < outcome.size(); ++i)
        {
            std::map<std::uint64_t, fafo::Mode> modes;
            sums.push_back(steps(
                i,
                [&](std::uint64_t number)
                {
                    modes.emplace(number, fafo::Mode::read);
                    return value(number);
                },
                [&](std::uint64_t number, const Money::Value& what)
                {
                    const bool read = modes.count(number) != 0;
                    modes[number] = read ? fafo::Mode::write : fafo::Mode::write_unread;
                    value(number) = what;
                    touched[number] = {};
                },
                [&](std::uint64_t number, std::uint64_t credit)
                {
                    modes[number] = fafo::Mode::credit;
                    Money::apply(value(number), credit);
                    touched[number] = {};
                }));
            for (const auto& [number, mode] : modes)
                accesses[i].push_back({key_of(number), mode});
        }
        for (auto& [number, what] : touched)
            what = state.at(number);
        return touched;
    }

    // After sequential().
    std::vector<fafo::Predicted> predictions()
    {
        SplitMix random(seed_ + 99);
        for (auto& list : accesses)
        {
            if (guess_ == Guess::none || guess_ == Guess::wrong)
                list.clear();
            if (guess_ == Guess::some && !list.empty() && random.below(2) == 0)
                list.pop_back();
            if (guess_ == Guess::wrong || (guess_ == Guess::some && random.below(2) == 0))
                list.push_back(
                    {key_of(random.below(2 * keys_)), static_cast<fafo::Mode>(random.below(4))});
        }
        std::vector<fafo::Predicted> out;
        for (const auto& list : accesses)
            out.push_back({list, 1 + random.below(100)});
        return out;
    }

    std::vector<std::uint64_t> outcome;
    std::vector<std::vector<fafo::PredictedAccess>> accesses;
    std::atomic<std::uint64_t> calls = 0;
    bool yields = false;

  private:
    std::uint64_t seed_, keys_;
    Guess guess_;
};
}  // namespace mote::test
