#include "fafo/worker_pool.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "producer/fafo/fafo_support.hpp"

using namespace mote;
using fafo::WorkerPool;

TEST_CASE("every worker is called once a turn, and a turn ends when all have")
{
    for (const unsigned count : {0U, 1U, 2U, 5U})
    {
        WorkerPool pool(count);
        CHECK(pool.count() == std::max(count, 1U));
        std::vector<std::uint32_t> calls(pool.count());
        std::set<std::thread::id> threads;
        std::mutex lock;
        for (std::uint32_t turn = 1; turn <= 50; ++turn)
        {
            pool.run(
                [&](unsigned worker)
                {
                    if (worker % 2 == turn % 2)
                        std::this_thread::yield();
                    ++calls[worker];
                    const std::lock_guard guard(lock);
                    threads.insert(std::this_thread::get_id());
                });
            REQUIRE(calls == std::vector<std::uint32_t>(pool.count(), turn));
        }
        CHECK(threads.size() == pool.count());
        CHECK(threads.count(std::this_thread::get_id()) == 1);
    }
}

TEST_CASE("a pool without work ends")
{
    const WorkerPool pool(4);
    CHECK(pool.count() == 4);
}

TEST_CASE("blocks follow each other through the same threads, keys and schedule")
{
    WorkerPool pool(4);
    test::MoneyBase base;
    test::MoneyVersions versions(base, 1);
    fafo::Schedule<test::Money> schedule;
    for (std::uint32_t block = 0; block < 60; ++block)
    {
        // Of very different sizes; a chain in every third.
        const std::uint32_t count = block % 4 == 3 ? 900 : 1 + block % 7;
        const std::uint64_t keys = block % 3 == 0 ? 1 : 50;
        test::Programs programs(block, count, keys, test::Programs::Guess::some);
        std::vector<std::uint64_t> sums;
        const auto changed = programs.sequential(sums);
        const auto predictions = programs.predictions();
        versions.clear();
        make_schedule<test::Money>(predictions, versions, schedule);
        fafo::Execution<test::Money> execution(schedule, versions, programs);
        REQUIRE(execution.run(pool));
        REQUIRE(programs.outcome == sums);
        std::size_t found = 0;
        versions.for_each(
            [&](const fafo::KeyState<test::Money>& key)
            {
                if (!key.changed)
                    return;
                ++found;
                REQUIRE(std::any_of(changed.begin(), changed.end(),
                                    [&](const auto& expected)
                                    {
                                        return test::key_of(expected.first) == key.key &&
                                               expected.second == key.committed;
                                    }));
            });
        REQUIRE(found == changed.size());
    }
}
