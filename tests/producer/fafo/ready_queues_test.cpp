#include "fafo/ready_queues.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <thread>

using mote::fafo::no_transaction;
using mote::fafo::ReadyQueues;

namespace
{
std::vector<std::uint32_t> waits(std::size_t count, std::uint32_t each)
{
    return std::vector<std::uint32_t>(count, each);
}
}  // namespace

TEST_CASE("the heaviest chain goes first, then the block's order")
{
    const std::vector<std::uint64_t> height = {5, 9, 5, 1, 9};
    ReadyQueues queues(1, height, waits(5, 0));
    for (const std::uint32_t expected : {1U, 4U, 0U, 2U, 3U})
    {
        CHECK(queues.has_any());
        CHECK(queues.pop(0) == expected);
    }
    CHECK(queues.pop(0) == no_transaction);
    CHECK_FALSE(queues.has_any());
}

TEST_CASE("of those made ready the heaviest goes first, then who was first")
{
    const std::vector<std::uint64_t> height = {5, 255, 5, 1, 255, 0, 64, 63};
    ReadyQueues queues(1, height, waits(8, 1));
    for (int round = 0; round < 3; ++round)
    {
        for (const std::uint32_t transaction : {2U, 3U, 0U, 5U, 4U, 7U, 1U, 6U})
            queues.push(0, transaction);
        for (const std::uint32_t expected : {4U, 1U, 6U, 7U, 2U, 0U, 3U, 5U})
        {
            CHECK(queues.has_any());
            CHECK(queues.pop(0) == expected);
        }
        CHECK(queues.pop(0) == no_transaction);
        CHECK_FALSE(queues.has_any());
    }
}

TEST_CASE("who was made ready goes before those of equal weight that never waited")
{
    ReadyQueues queues(1, {5, 9, 5, 1}, {0, 0, 1, 1});
    queues.push(0, 3);
    queues.push(0, 2);
    for (const std::uint32_t expected : {1U, 2U, 0U, 3U})
        CHECK(queues.pop(0) == expected);
}

TEST_CASE("weights of chains are told apart in 128 steps and more")
{
    std::vector<std::uint64_t> height;
    for (std::uint64_t i = 1; i <= 128; ++i)
        height.push_back(i << 40);
    ReadyQueues queues(1, height, waits(128, 0));
    for (std::uint32_t i = 128; i-- > 0;)
        REQUIRE(queues.pop(0) == i);
}

TEST_CASE("what goes on gives way to what is heavier, in the list and in the heap")
{
    const std::vector<std::uint64_t> height = {5, 9, 7, 9};
    ReadyQueues listed(1, height, {1, 1, 0, 0});
    CHECK(listed.pop(0) == 3);
    CHECK_FALSE(listed.has_heavier(0, 1));
    ReadyQueues pushed(1, height, waits(4, 1));
    CHECK_FALSE(pushed.has_heavier(0, 0));
    pushed.push(0, 2);
    CHECK(pushed.has_heavier(0, 0));
    CHECK_FALSE(pushed.has_heavier(0, 1));
    CHECK_FALSE(pushed.has_heavier(0, 2));
    CHECK(pushed.is_later(0, 2));
    CHECK(pushed.is_later(3, 1));
}

TEST_CASE("the list is taken in pieces that get smaller")
{
    const std::vector<std::uint64_t> height(1000, 1);
    ReadyQueues queues(2, height, waits(1000, 0));
    CHECK(queues.pop(0) == 0);
    CHECK(queues.pop(1) == 16);
    CHECK(queues.pop(0) == 1);
    std::set<std::uint32_t> rest;
    std::uint32_t last = 0;
    for (std::uint32_t t = queues.pop(0); t != no_transaction; t = queues.pop(0))
        rest.insert(last = t);
    CHECK(last == 999);
    CHECK(rest.size() == 1000 - 3 - 15);  // what the other took is its own
    for (std::uint32_t i = 17; i < 32; ++i)
        CHECK(queues.pop(1) == i);
    CHECK(queues.pop(1) == no_transaction);
}

TEST_CASE("who has nothing takes half")
{
    const std::vector<std::uint64_t> height(9, 1);
    ReadyQueues queues(3, height, waits(9, 1));
    for (std::uint32_t i = 0; i < 9; ++i)
        queues.push(1, i);
    CHECK(queues.pop(0) == 4);
    CHECK(queues.stolen() == 5);
    CHECK(queues.pop(1) == 0);
    std::set<std::uint32_t> rest;
    for (std::uint32_t t = queues.pop(2); t != no_transaction; t = queues.pop(2))
        rest.insert(t);
    CHECK(rest == std::set<std::uint32_t>{1, 2, 3, 5, 6, 7, 8});
    CHECK_FALSE(queues.has_any());
}

TEST_CASE("the heaviest are taken, and of one that one")
{
    ReadyQueues queues(2, {1, 200, 200, 1}, waits(4, 1));
    for (const std::uint32_t t : {0U, 1U, 2U})
        queues.push(0, t);
    CHECK(queues.pop(1) == 2);
    CHECK(queues.pop(1) == 1);
    CHECK(queues.pop(1) == 0);
    CHECK(queues.pop(1) == no_transaction);
    CHECK(queues.pop(0) == no_transaction);
    CHECK(queues.stolen() == 3);
}

TEST_CASE("each is taken once, by several threads")
{
    constexpr std::uint32_t count = 20000;
    const std::vector<std::uint64_t> height(count, 1);
    auto waits_for = waits(count, 1);
    std::fill_n(waits_for.begin(), count / 4, 0);
    ReadyQueues queues(4, height, waits_for);
    std::vector<std::atomic<int>> taken(count);
    std::atomic<std::uint32_t> left = count;
    for (std::uint32_t i = count / 4; i < count / 2; ++i)
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
