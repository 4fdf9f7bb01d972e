#include "fafo/schedule.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "producer/fafo/fafo_support.hpp"

using namespace mote;
using fafo::Mode;
using test::Money;

namespace
{
struct Built
{
    test::MoneyBase base;
    test::MoneyVersions versions{base, 5};
    std::vector<std::vector<fafo::PredictedAccess>> accesses;
    fafo::Schedule<Money> schedule;

    explicit Built(std::vector<std::vector<fafo::PredictedAccess>> list,
                   const std::vector<std::uint64_t>& gas = {})
        : accesses(std::move(list))
    {
        std::vector<fafo::Predicted> predicted;
        for (std::size_t i = 0; i < accesses.size(); ++i)
            predicted.push_back({accesses[i], i < gas.size() ? gas[i] : 1});
        schedule = make_schedule<Money>(predicted, versions);
    }
    [[nodiscard]] std::set<std::pair<std::uint32_t, std::uint32_t>> edges() const
    {
        std::set<std::pair<std::uint32_t, std::uint32_t>> out;
        for (std::uint32_t i = 0; i < schedule.size(); ++i)
            for (const std::uint32_t waiter : schedule.waiters_of(i))
                REQUIRE(out.emplace(i, waiter).second);
        return out;
    }
};

fafo::PredictedAccess on(std::uint64_t number, Mode mode) { return {test::key_of(number), mode}; }
}  // namespace

TEST_CASE("readers wait for writers, and nobody waits to write")
{
    const Built built({{on(1, Mode::write)},
                       {on(1, Mode::read), on(2, Mode::write_unread)},
                       {on(1, Mode::write_unread)},
                       {on(1, Mode::read), on(2, Mode::read)},
                       {on(3, Mode::credit)},
                       {on(3, Mode::credit), on(1, Mode::credit)},
                       {on(3, Mode::write), on(3, Mode::read)},
                       {on(1, Mode::read)}},
                      {5, 1, 1, 4, 2, 3, 7, 1});
    CHECK(built.edges() == std::set<std::pair<std::uint32_t, std::uint32_t>>{
                               {0, 1}, {2, 3}, {1, 3}, {4, 6}, {5, 6}, {2, 7}, {5, 7}});
    CHECK(built.schedule.waits_for == std::vector<std::uint32_t>{0, 1, 0, 2, 0, 0, 2, 2});
    CHECK(built.schedule.height == std::vector<std::uint64_t>{10, 5, 5, 4, 9, 10, 7, 1});
    CHECK(built.schedule.critical_gas() == 10);
}

TEST_CASE("who waits is reached from whom it depends on, and from nobody else by need")
{
    for (std::uint64_t seed = 0; seed < 20; ++seed)
    {
        test::SplitMix random(seed);
        std::vector<std::vector<fafo::PredictedAccess>> accesses(120);
        std::vector<std::map<std::uint64_t, Mode>> truth(accesses.size());
        for (std::size_t i = 0; i < accesses.size(); ++i)
            for (int n = 0; n < 3; ++n)
            {
                const std::uint64_t number = random.below(seed < 10 ? 4 : 60);
                const auto mode = static_cast<Mode>(random.below(seed % 2 == 0 ? 4 : 2) *
                                                    (seed % 2 == 0 ? 1 : 3));
                if (truth[i].emplace(number, mode).second)
                    accesses[i].push_back(on(number, mode));
            }
        const Built built(accesses);
        const auto count = static_cast<std::uint32_t>(accesses.size());
        // Whoever's outcome i can see: the last writer before it of a key it reads, and credits since.
        std::vector<std::set<std::uint32_t>> needs(count);
        for (std::uint32_t i = 0; i < count; ++i)
            for (const auto& [number, mode] : truth[i])
            {
                if (mode != Mode::read && mode != Mode::write)
                    continue;
                for (std::uint32_t j = i; j-- > 0;)
                {
                    const auto at = truth[j].find(number);
                    if (at == truth[j].end() || at->second == Mode::read)
                        continue;
                    needs[i].insert(j);
                    if (at->second != Mode::credit)
                        break;
                }
            }
        std::vector<std::set<std::uint32_t>> reached(count);  // through edges, transitively
        std::size_t edges = 0;
        for (std::uint32_t i = 0; i < count; ++i)
            for (const std::uint32_t waiter : built.schedule.waiters_of(i))
            {
                REQUIRE(waiter > i);
                ++edges;
                reached[waiter].insert(i);
                reached[waiter].insert(reached[i].begin(), reached[i].end());
            }
        std::size_t exact = 0;
        for (std::uint32_t i = 0; i < count; ++i)
        {
            exact += needs[i].size();
            REQUIRE(std::includes(reached[i].begin(), reached[i].end(), needs[i].begin(),
                                  needs[i].end()));
        }
        CHECK(edges <= exact);
        if (seed >= 10)
            CHECK(edges == exact);  // few credits in a row: an edge for each need
    }
}

TEST_CASE("many credits and many readers of one key make few edges")
{
    std::vector<std::vector<fafo::PredictedAccess>> accesses;
    for (int round = 0; round < 500; ++round)
    {
        accesses.push_back({on(1, Mode::credit)});
        accesses.push_back({on(1, Mode::read)});
    }
    const Built built(accesses);
    CHECK(built.schedule.waiters.size() < 18 * accesses.size());
    std::vector<std::vector<fafo::PredictedAccess>> wide(1000, {on(1, Mode::credit)});
    for (int reader = 0; reader < 1000; ++reader)
        wide.push_back({on(1, Mode::read)});
    const Built other(wide);
    CHECK(other.schedule.waiters.size() < 2100);
}
