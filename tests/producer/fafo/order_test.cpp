#include "fafo/order.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "producer/fafo/fafo_support.hpp"

using namespace mote;
using fafo::Candidate;
using fafo::Mode;
using fafo::Order;
using fafo::OrderLimits;

namespace
{
struct Window
{
    std::vector<std::vector<fafo::PredictedAccess>> accesses;
    std::vector<Candidate> candidates;

    void add(std::uint32_t sender, std::uint64_t gas, std::uint64_t tip,
             std::vector<fafo::PredictedAccess> list)
    {
        accesses.push_back(std::move(list));
        candidates.push_back({{{}, gas}, tip, sender});
    }
    [[nodiscard]] Order order(const OrderLimits& limits, std::uint64_t seed = 1)
    {
        for (std::size_t i = 0; i < candidates.size(); ++i)
            candidates[i].predicted.accesses = accesses[i];
        return make_order(candidates, limits, seed);
    }
};

fafo::PredictedAccess on(std::uint64_t number, Mode mode) { return {test::key_of(number), mode}; }

constexpr OrderLimits wide = {1'000'000, 1'000'000};

bool writes(Mode mode) { return mode == Mode::write || mode == Mode::write_unread; }

// The rules of admission, read one by one.
std::vector<std::uint32_t> admitted(const Window& window, const OrderLimits& limits)
{
    std::vector<std::uint32_t> out;
    std::set<std::uint32_t> waiting, done;
    std::map<std::array<std::uint64_t, 7>, std::uint64_t> used;
    std::uint64_t gas = 0;
    for (;;)
    {
        std::uint32_t best = ~0U;
        std::set<std::uint32_t> seen;
        for (std::uint32_t i = 0; i < window.candidates.size(); ++i)
        {
            const Candidate& one = window.candidates[i];
            if (done.count(i) != 0 || !seen.insert(one.sender).second ||
                waiting.count(one.sender) != 0)
                continue;
            if (best == ~0U || one.tip > window.candidates[best].tip)
                best = i;
        }
        if (best == ~0U)
            return out;
        const Candidate& one = window.candidates[best];
        bool fits = gas + one.predicted.gas <= limits.block_gas;
        for (const auto& access : window.accesses[best])
            if (const std::uint64_t before = used[access.key.words];
                writes(access.mode) && before != 0 && before + one.predicted.gas > limits.key_gas)
                fits = false;
        if (!fits)
        {
            waiting.insert(one.sender);
            continue;
        }
        done.insert(best);
        out.push_back(best);
        gas += one.predicted.gas;
        for (const auto& access : window.accesses[best])
            if (writes(access.mode))
                used[access.key.words] += one.predicted.gas;
    }
}

bool is_bound(const Window& window, std::uint32_t a, std::uint32_t b)
{
    if (window.candidates[a].sender == window.candidates[b].sender)
        return true;
    for (const auto& x : window.accesses[a])
        for (const auto& y : window.accesses[b])
            if (x.key == y.key && !(x.mode == Mode::read && y.mode == Mode::read) &&
                !(x.mode == Mode::credit && y.mode == Mode::credit))
                return true;
    return false;
}
}  // namespace

TEST_CASE("tips decide who comes in, and a sender's nonces who may")
{
    Window window;
    window.add(1, 100, 1, {on(1, Mode::write)});
    window.add(1, 100, 90, {on(1, Mode::write)});
    window.add(2, 100, 50, {on(2, Mode::write)});
    window.add(3, 100, 20, {on(3, Mode::write)});
    CHECK(window.order({200, 200}).transactions == std::vector<std::uint32_t>{2, 3});
    CHECK(window.order({200, 200}).over_block == 1);
    const Order all = window.order({400, 200});
    // The chain of sender 1 first, though it pays less.
    CHECK(all.transactions == std::vector<std::uint32_t>{0, 2, 3, 1});
    CHECK(all.gas == 400);
    CHECK(all.critical_gas == 200);
    CHECK(all.over_block == 0);
}

TEST_CASE("the longest chain begins first, and who is independent moves behind it")
{
    Window window;
    window.add(1, 10, 9, {on(1, Mode::write)});
    window.add(2, 30, 8, {on(2, Mode::write)});
    window.add(3, 10, 7, {on(5, Mode::write), on(6, Mode::credit)});
    window.add(4, 25, 6, {on(5, Mode::read), on(6, Mode::credit)});
    window.add(5, 10, 5, {on(6, Mode::read)});
    const Order order = window.order(wide);
    // 3 before 4 before 5: 45, 35, 10 gas with what comes later.
    CHECK(order.transactions == std::vector<std::uint32_t>{2, 3, 1, 0, 4});
    CHECK(order.critical_gas == 45);
}

TEST_CASE("a crowded key takes its part of the block, and only its senders wait")
{
    Window window;
    for (std::uint32_t i = 0; i < 50; ++i)
        window.add(i, 100, 1000 - i, {on(1, Mode::write), on(100 + i, Mode::credit)});
    window.add(0, 100, 5000, {on(7, Mode::write)});
    window.add(49, 100, 5000, {on(8, Mode::write)});
    for (std::uint32_t i = 100; i < 150; ++i)
        window.add(i, 100, 1, {on(1, Mode::credit), on(3 * i, Mode::write)});
    const Order order = window.order({100'000, 1000});
    CHECK(order.over_key == 40);
    CHECK(order.transactions.size() == 10 + 1 + 50);
    CHECK(std::count(order.transactions.begin(), order.transactions.end(), 50U) == 1);
    CHECK(std::count(order.transactions.begin(), order.transactions.end(), 51U) == 0);
    // Alone above the budget: has the key for itself.
    Window big;
    big.add(1, 5000, 2, {on(1, Mode::write)});
    big.add(2, 1, 1, {on(1, Mode::write)});
    CHECK(big.order({100'000, 1000}).transactions == std::vector<std::uint32_t>{0});
}

TEST_CASE("an order keeps its rules, and is one")
{
    for (std::uint64_t seed = 0; seed < 60; ++seed)
    {
        test::SplitMix random(seed);
        Window window;
        const std::uint64_t keys = seed % 3 == 0 ? 4 : 80, senders = seed % 2 == 0 ? 15 : 200;
        for (int i = 0; i < 150; ++i)
        {
            std::vector<fafo::PredictedAccess> list;
            std::set<std::uint64_t> seen;
            for (std::uint64_t n = random.below(4); n > 0; --n)
                if (const std::uint64_t key = random.below(keys); seen.insert(key).second)
                    list.push_back(on(key, static_cast<Mode>(random.below(4))));
            window.add(static_cast<std::uint32_t>(random.below(senders)), 1 + random.below(100),
                       random.below(30), std::move(list));
        }
        const OrderLimits limits = {3000 + random.below(6000), 300 + random.below(900)};
        const Order order = window.order(limits);
        const std::vector<std::uint32_t> expected = admitted(window, limits);
        std::map<std::uint32_t, std::size_t> rank, place;
        for (std::size_t i = 0; i < expected.size(); ++i)
            rank[expected[i]] = i;
        for (std::size_t i = 0; i < order.transactions.size(); ++i)
            place[order.transactions[i]] = i;
        REQUIRE(place.size() == order.transactions.size());
        REQUIRE(rank.size() == place.size());
        // Heights by the definition, from the last admitted on.
        std::map<std::uint32_t, std::uint64_t> height;
        std::uint64_t critical = 0, gas = 0;
        for (std::size_t i = expected.size(); i-- > 0;)
        {
            std::uint64_t above = 0;
            for (std::size_t j = i + 1; j < expected.size(); ++j)
                if (is_bound(window, expected[i], expected[j]))
                {
                    above = std::max(above, height[expected[j]]);
                    REQUIRE(place.at(expected[i]) < place.at(expected[j]));
                }
            height[expected[i]] = above + window.candidates[expected[i]].predicted.gas;
            critical = std::max(critical, height[expected[i]]);
            gas += window.candidates[expected[i]].predicted.gas;
        }
        for (std::size_t i = 1; i < order.transactions.size(); ++i)
        {
            const std::uint32_t a = order.transactions[i - 1], b = order.transactions[i];
            REQUIRE(height[a] >= height[b]);
            if (height[a] == height[b])
                REQUIRE(rank[a] < rank[b]);
        }
        REQUIRE(order.critical_gas == critical);
        REQUIRE(order.gas == gas);
        REQUIRE(gas <= limits.block_gas);
        REQUIRE(window.order(limits, seed + 77).transactions == order.transactions);
    }
}

TEST_CASE("an empty window is an empty block")
{
    Window window;
    const Order order = window.order(wide);
    CHECK(order.transactions.empty());
    CHECK(order.critical_gas == 0);
}
