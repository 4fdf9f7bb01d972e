// The scheduler alone: transactions that do a stated amount of arithmetic and touch a stated number of keys.
//
//   bench_fafo [--transactions N] [--work N] [--threads N]
//
// For each level of contention, in nanoseconds a transaction and the best of some repetitions, memory of
// earlier blocks included:
//
//   graph       make_schedule(), on one thread
//   one, two    everything from ready to committed with nothing to compute, on so many threads. One thread
//               goes by the block's order; two use queues, versions and commits.
//
// Then transactions of --work (8,000) dependent multiplications: in a loop over a map, and through the
// scheduler with the graph included, on 1, 2, 4, .. threads up to --threads (as many as there are
// processors); in brackets how many times as fast as the loop.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
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

// Payments: the sender is read and written, the recipient credited. Of a hundred so many have one sender
// and one recipient; or there are so few senders that each has a chain of payments.
struct Payments : Transactions<Money>
{
    Payments(std::size_t count, std::uint64_t hot_percent, std::size_t chain, std::uint64_t steps)
        : work(steps)
    {
        const std::size_t senders = (count + chain - 1) / chain;
        for (std::size_t i = 0; i < count; ++i)
        {
            const bool hot = i * 61 % 100 < hot_percent;
            accesses.push_back({key_of(hot ? 0 : 2 + 2 * (i % senders)), Mode::write});
            accesses.push_back({key_of(hot ? 1 : 3 + 2 * i), Mode::credit});
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
    double graph = 1e9, execution = 1e9, both = 1e9;
};

// Keeps the best of what was seen. The memory of a block serves the next one, and so do threads.
void scheduled(Payments& payments, WorkerPool& pool, Times& best)
{
    static Empty base;
    static auto versions = std::make_unique<Versions<Money>>(base, 1);
    static Schedule<Money> schedule;
    const auto start = Clock::now();
    versions->clear();
    make_schedule<Money>(payments.predicted, *versions, schedule);
    const auto middle = Clock::now();
    Execution<Money> execution(schedule, *versions, payments);
    if (!execution.run(pool))
        std::abort();
    const double both = nanoseconds(start, schedule.size());
    const double execution_alone = nanoseconds(middle, schedule.size());
    best.execution = std::min(best.execution, execution_alone);
    best.graph = std::min(best.graph, both - execution_alone);
    best.both = std::min(best.both, both);
}
}  // namespace

int main(int argc, char** argv)
{
    std::size_t count = 100'000;
    std::uint64_t work = 8000;
    unsigned threads = std::max(2U, std::thread::hardware_concurrency());
    for (int i = 1; i + 1 < argc; i += 2)
    {
        const std::string name = argv[i];
        if (name == "--transactions")
            count = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--work")
            work = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--threads")
            threads = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 10));
        else
        {
            std::fprintf(stderr, "bench_fafo: what is %s?\n", argv[i]);
            return 2;
        }
    }
    struct Level
    {
        const char* name;
        std::uint64_t hot_percent;
        std::size_t chain;
    };
    const Level levels[] = {{"none in conflict", 0, 1},
                            {"chains of ten", 0, 10},
                            {"one in ten in conflict", 10, 1},
                            {"half in conflict", 50, 1},
                            {"all in conflict", 100, 1}};
    std::vector<std::unique_ptr<WorkerPool>> pools;
    for (unsigned n = 1; n <= std::max(threads, 2U); n *= 2)
        pools.push_back(std::make_unique<WorkerPool>(n));
    for (const Level& level : levels)
    {
        Payments nothing(count, level.hot_percent, level.chain, 0);
        Payments payments(count, level.hot_percent, level.chain, work);
        std::vector<Times> empty(2), best(pools.size());
        double loop = 1e9;
        for (int repetition = 0; repetition < 7; ++repetition)
        {
            for (std::size_t i = 0; i < empty.size(); ++i)
                scheduled(nothing, *pools[i], empty[i]);
            loop = std::min(loop, one_after_the_other(payments));
            for (std::size_t i = 0; i < pools.size(); ++i)
                scheduled(payments, *pools[i], best[i]);
        }
        std::printf("%s: graph %.0f ns, one %.0f ns, two %.0f ns\n", level.name,
                    std::min(empty[0].graph, empty[1].graph), empty[0].execution,
                    empty[1].execution);
        std::printf("    with work: loop %.0f ns", loop);
        for (std::size_t i = 0; i < pools.size(); ++i)
            std::printf(", %u thread%s %.0f ns (%.2f)", pools[i]->count(), i == 0 ? "" : "s",
                        best[i].both, loop / best[i].both);
        std::printf("\n");
    }
    return 0;
}
