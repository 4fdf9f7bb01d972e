// The scheduler alone: transactions that do a stated amount of arithmetic and touch a stated number of keys.
//
//   bench_fafo [--transactions N] [--work N]
//
// `graph` is make_schedule(), `execution` everything from ready to committed with nothing to compute, both in
// nanoseconds a transaction on one thread. Then transactions of --work (8,000) dependent
// multiplications: in a loop over a map, and through the scheduler on one thread and on two, when none
// conflict and when all do.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "fafo/execution.hpp"

namespace
{
using namespace mote::fafo;
using Clock = std::chrono::steady_clock;

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

double nanoseconds(Clock::time_point start, std::size_t count)
{
    return std::chrono::duration<double, std::nano>(Clock::now() - start).count() /
           static_cast<double>(count);
}

class Empty : public Base<Money::Value>
{
    bool load(const StateKey&, Money::Value& out) override
    {
        out = {1'000'000'000, 0};
        return true;
    }
};

std::uint64_t compute(std::uint64_t seed, std::uint64_t steps)
{
    for (std::uint64_t i = 0; i < steps; ++i)
        seed = seed * 0x9e3779b97f4a7c15 + 1;
    return seed;
}

StateKey key_of(std::uint64_t number)
{
    std::array<std::uint8_t, 20> address = {};
    number = number * 0x9e3779b97f4a7c15 ^ number >> 17;
    for (std::size_t i = 0; i < 8; ++i)
        address[i] = static_cast<std::uint8_t>(number >> 8 * i);
    return StateKey::account(address);
}

// Payments: the sender is read and written, the recipient credited.
struct Payments : Transactions<Money>
{
    Payments(std::size_t count, bool hot, std::uint64_t steps) : work(steps)
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            accesses.push_back({key_of(hot ? 0 : 2 * i), Mode::write});
            accesses.push_back({key_of(hot ? 1 : 2 * i + 1), Mode::credit});
        }
        for (std::size_t i = 0; i < count; ++i)
            predicted.push_back({std::span(accesses).subspan(2 * i, 2), 21'000});
    }
    bool execute(std::uint32_t transaction, unsigned, Access<Money>& access) override
    {
        Money::Value sender;
        const std::size_t first = std::size_t{2} * transaction;
        if (!access.read(accesses[first].key, sender))
            return false;
        sender.balance -= 1 + compute(transaction, work) % 2;
        ++sender.nonce;
        access.write(accesses[first].key, sender);
        access.credit(accesses[first + 1].key, 1);
        return true;
    }

    std::uint64_t work;
    std::vector<PredictedAccess> accesses;
    std::vector<Predicted> predicted;
};

struct KeyHash
{
    std::size_t operator()(const StateKey& key) const { return hash_of(key, 1); }
};

double one_after_the_other(const Payments& payments)
{
    std::unordered_map<StateKey, Money::Value, KeyHash> state;
    const auto start = Clock::now();
    for (std::size_t i = 0; i < payments.predicted.size(); ++i)
    {
        auto& sender =
            state.try_emplace(payments.accesses[2 * i].key, Money::Value{1'000'000'000, 0})
                .first->second;
        sender.balance -= 1 + compute(i, payments.work) % 2;
        ++sender.nonce;
        ++state.try_emplace(payments.accesses[2 * i + 1].key, Money::Value{1'000'000'000, 0})
              .first->second.balance;
    }
    return nanoseconds(start, payments.predicted.size());
}

struct Times
{
    double graph, execution;
};

// The memory of a block serves the next one.
Times scheduled(Payments& payments, unsigned workers)
{
    static Empty base;
    static auto versions = std::make_unique<Versions<Money>>(base, 1);
    versions->clear();
    auto start = Clock::now();
    const Schedule<Money> schedule = make_schedule<Money>(payments.predicted, *versions);
    Times times = {nanoseconds(start, schedule.size()), 0};
    Execution<Money> execution(schedule, *versions, payments);
    start = Clock::now();
    if (!execution.run(workers))
        std::abort();
    times.execution = nanoseconds(start, schedule.size());
    return times;
}
}  // namespace

int main(int argc, char** argv)
{
    std::size_t count = 100'000;
    std::uint64_t work = 8000;
    for (int i = 1; i + 1 < argc; i += 2)
    {
        const std::string name = argv[i];
        if (name == "--transactions")
            count = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--work")
            work = std::strtoull(argv[i + 1], nullptr, 10);
        else
        {
            std::fprintf(stderr, "bench_fafo: what is %s?\n", argv[i]);
            return 2;
        }
    }
    for (const bool hot : {false, true})
    {
        const char* const what = hot ? "all in conflict" : "none in conflict";
        Payments nothing(count, hot, 0);
        Times best = {1e9, 1e9};
        for (int repetition = 0; repetition < 5; ++repetition)
        {
            const Times times = scheduled(nothing, 1);
            best = {std::min(best.graph, times.graph), std::min(best.execution, times.execution)};
        }
        std::printf("%s: graph %.0f ns, execution %.0f ns a transaction\n", what, best.graph,
                    best.execution);
        Payments payments(count, hot, work);
        double loop = 1e9, one = 1e9, two = 1e9;
        for (int repetition = 0; repetition < 5; ++repetition)
        {
            loop = std::min(loop, one_after_the_other(payments));
            const Times first = scheduled(payments, 1), second = scheduled(payments, 2);
            one = std::min(one, first.graph + first.execution);
            two = std::min(two, second.graph + second.execution);
        }
        std::printf(
            "    with work: loop %.0f ns, one thread %.0f ns (%.2f), two threads %.0f ns (%.2f)\n",
            loop, one, loop / one, two, loop / two);
    }
    return 0;
}
