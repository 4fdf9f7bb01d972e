#include "disperse/threads.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "disperse/memory.hpp"

using namespace mote::disperse;

TEST_CASE("every piece is done once, by as many threads as there is work for")
{
    for (const unsigned threads : {0U, 1U, 2U, 3U, 7U, 64U})
        for (const std::uint32_t pieces : {0U, 1U, 2U, 3U, 64U, 1000U})
        {
            std::vector<std::atomic<unsigned>> times(pieces);
            std::atomic<unsigned> made{0};
            for_each_piece({threads, {}}, pieces,
                           [&]
                           {
                               ++made;
                               return [&](std::uint32_t piece) { ++times.at(piece); };
                           });
            for (const auto& count : times)
                REQUIRE(count == 1);
            REQUIRE(made >= 1);
            if (threads != 0)
                REQUIRE(made <= std::max(1U, std::min(threads, pieces)));
        }
}

TEST_CASE("each thread works with what was made for it")
{
    std::mutex mutex;
    std::vector<std::pair<const void*, std::thread::id>> users;
    for_each_piece({4, {}}, 200,
                   [&]
                   {
                       auto own = std::make_shared<int>(0);
                       return [&, own](std::uint32_t)
                       {
                           const std::lock_guard lock(mutex);
                           users.emplace_back(own.get(), std::this_thread::get_id());
                       };
                   });
    CHECK(users.size() == 200);
    for (const auto& a : users)
        for (const auto& b : users)
            if ((a.first == b.first) != (a.second == b.second))
                FAIL("shared between threads");
}

TEST_CASE("the exception of a worker arrives, from whichever thread and piece")
{
    for (const unsigned threads : {1U, 2U, 3U, 7U})
        for (const std::uint32_t bad : {0U, 1U, 50U, 99U})
        {
            std::atomic<unsigned> working{0};
            const auto run = [&]
            {
                for_each_piece({threads, {}}, 100,
                               [&]
                               {
                                   return [&](std::uint32_t piece)
                                   {
                                       ++working;
                                       if (piece == bad)
                                       {
                                           --working;
                                           throw std::runtime_error("piece");
                                       }
                                       std::this_thread::yield();
                                       --working;
                                   };
                               });
            };
            CHECK_THROWS_WITH(run(), "piece");
            // All have stopped by then.
            CHECK(working == 0);
        }
    // All threads at once: one of them is reported.
    CHECK_THROWS_AS(for_each_piece({7, {}}, 100,
                                   []
                                   {
                                       return [](std::uint32_t piece)
                                       { throw std::out_of_range(std::to_string(piece)); };
                                   }),
                    std::out_of_range);
}

TEST_CASE("the exception of the maker arrives, and that of whoever wants to know")
{
    for (const unsigned threads : {1U, 4U})
    {
        CHECK_THROWS_AS(for_each_piece({threads, {}}, 10, []() -> std::function<void(std::uint32_t)>
                                       { throw std::bad_alloc(); }),
                        std::bad_alloc);
        CHECK_THROWS_WITH(for_each_piece({threads, [](std::uint64_t, std::uint64_t)
                                          { throw std::runtime_error("enough"); }},
                                         10, [] { return [](std::uint32_t) {}; }),
                          "enough");
    }
}

TEST_CASE("progress comes from the calling thread, never falls, and ends at all")
{
    for (const unsigned threads : {1U, 2U, 3U, 7U})
        for (const std::uint32_t pieces : {1U, 2U, 100U})
        {
            std::vector<std::uint64_t> seen;
            bool here = true;
            const auto caller = std::this_thread::get_id();
            for_each_piece({threads,
                            [&](std::uint64_t done, std::uint64_t all)
                            {
                                here = here && std::this_thread::get_id() == caller;
                                here = here && all == pieces && done >= 1 && done <= all;
                                seen.push_back(done);
                            }},
                           pieces, [] { return [](std::uint32_t) { std::this_thread::yield(); }; });
            CHECK(here);
            REQUIRE_FALSE(seen.empty());
            CHECK(std::is_sorted(seen.begin(), seen.end()));
            CHECK(seen.back() == pieces);
        }
}

TEST_CASE("a buffer is zero, moves, and may be empty")
{
    const Buffer empty;
    CHECK(empty.size() == 0);
    CHECK(empty.bytes().empty());
    CHECK(Buffer(0).size() == 0);
    Buffer a(5000);
    CHECK(std::all_of(a.bytes().begin(), a.bytes().end(), [](std::uint8_t b) { return b == 0; }));
    a.data()[4999] = 7;
    const std::uint8_t* const where = a.data();
    Buffer b = std::move(a);
    CHECK(b.data() == where);
    CHECK(b.bytes()[4999] == 7);
    b = Buffer(3);
    CHECK(b.size() == 3);
    b = Buffer();
    CHECK(b.size() == 0);
}
