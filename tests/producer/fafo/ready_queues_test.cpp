#include "fafo/ready_queues.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <thread>

using mote::fafo::no_transaction;
using mote::fafo::ReadyQueues;

TEST_CASE("the heaviest chain goes first, then the block's order")
{
    const std::vector<std::uint64_t> height = {5, 9, 5, 1, 9};
    ReadyQueues queues(1, height);
    for (const std::uint32_t transaction : {2U, 3U, 0U, 4U, 1U})
        queues.push(0, transaction);
    for (const std::uint32_t expected : {1U, 4U, 0U, 2U, 3U, no_transaction})
        CHECK(queues.pop(0) == expected);
}

TEST_CASE("who has nothing takes half")
{
    const std::vector<std::uint64_t> height(9, 1);
    ReadyQueues queues(3, height);
    for (std::uint32_t i = 0; i < 9; ++i)
        queues.push(1, i);
    CHECK(queues.pop(0) == 0);
    CHECK(queues.stolen() == 5);
    CHECK(queues.pop(1) == 1);
    std::set<std::uint32_t> rest;
    for (std::uint32_t t = queues.pop(2); t != no_transaction; t = queues.pop(2))
        rest.insert(t);
    CHECK(rest == std::set<std::uint32_t>{2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("each is taken once, by several threads")
{
    constexpr std::uint32_t count = 20000;
    const std::vector<std::uint64_t> height(count, 1);
    ReadyQueues queues(4, height);
    std::vector<std::atomic<int>> taken(count);
    std::atomic<std::uint32_t> left = count;
    for (std::uint32_t i = 0; i < count / 2; ++i)
        queues.push(0, i);
    std::vector<std::thread> threads;
    for (unsigned worker = 0; worker < 4; ++worker)
        threads.emplace_back(
            [&, worker]
            {
                while (left != 0)
                    if (const std::uint32_t t = queues.pop(worker); t != no_transaction)
                    {
                        ++taken[t];
                        if (t < count / 2)
                            queues.push(worker, t + count / 2);
                        --left;
                    }
                    else
                        std::this_thread::yield();
            });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(std::all_of(taken.begin(), taken.end(), [](const auto& n) { return n == 1; }));
}
