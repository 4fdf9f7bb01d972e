// What was synced is there after any crash, whatever the disk keeps of the rest; damage is cut, never taken.
#include "txpool/journal.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "hash/keccak.hpp"
#include "qmdb/memory_disk.hpp"
#include "tools/effort.hpp"
#include "tools/state_history.hpp"

using namespace mote;
using qmdb::MemoryDisk;
using txpool::Journal;
using Octets = std::vector<std::uint8_t>;

namespace
{
Octets transaction(std::uint64_t n)
{
    test::SplitMix random(n + 1);
    return random.bytes(1 + random.below(60));
}

std::set<Octets> as_set(std::vector<Octets> list) { return {list.begin(), list.end()}; }
}  // namespace

TEST_CASE("What was added is found again, in order, without what has gone")
{
    MemoryDisk disk;
    {
        Journal journal(disk);
        CHECK(journal.take_found().empty());
        for (std::uint64_t n = 0; n < 20; ++n)
            journal.add(transaction(n));
        journal.add(transaction(3));
        for (std::uint64_t n = 0; n < 20; n += 3)
            journal.remove(hash::keccak_256(transaction(n)));
        journal.remove(hash::keccak_256(transaction(99)));
        journal.sync();
    }
    Journal journal(disk);
    std::vector<Octets> expected;
    for (std::uint64_t n = 0; n < 20; ++n)
        if (n % 3 != 0)
            expected.push_back(transaction(n));
    CHECK(journal.take_found() == expected);
    CHECK(journal.cut_bytes() == 0);
    CHECK(journal.size() == expected.size());
}

TEST_CASE("A file with more waste than use is written anew")
{
    MemoryDisk disk;
    std::uint64_t largest = 0;
    {
        Journal journal(disk, 1 << 17, 500);
        for (std::uint64_t n = 0; n < 3000; ++n)
        {
            journal.add(transaction(n));
            if (n >= 10)
                journal.remove(hash::keccak_256(transaction(n - 10)));
            largest = std::max(largest, journal.file_bytes());
        }
        journal.sync();
    }
    CHECK(largest < 4000);
    CHECK(disk.names().size() == 1);
    Journal journal(disk);
    std::vector<Octets> expected;
    for (std::uint64_t n = 2990; n < 3000; ++n)
        expected.push_back(transaction(n));
    CHECK(journal.take_found() == expected);
}

TEST_CASE("Crashes at every write: nothing that was synced is lost, nothing else appears")
{
    const std::uint64_t seeds = test::sanitized ? 3 : 12;
    std::size_t cases = 0, found_at_all = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed)
        for (std::uint64_t at = 0;; ++at)
        {
            MemoryDisk disk;
            std::set<Octets> synced, ever, gone;
            bool crashed = false;
            try
            {
                Journal first(disk, 1 << 17, 300);
                disk.plan(MemoryDisk::Fault::crash, at);
                std::set<Octets> held;
                test::SplitMix random(seed);
                for (std::uint64_t n = 0; n < 25; ++n)
                {
                    ever.insert(transaction(n));
                    first.add(transaction(n));
                    held.insert(transaction(n));
                    if (n > 4 && random.below(2) == 0)
                    {
                        const Octets old = transaction(random.below(n));
                        gone.insert(old);
                        first.remove(hash::keccak_256(old));
                        held.erase(old);
                    }
                    if (random.below(4) == 0)
                    {
                        first.sync();
                        synced.insert(held.begin(), held.end());
                    }
                }
            }
            catch (const qmdb::PowerOff&)
            {
                crashed = true;
            }
            if (!crashed)
                break;
            ++cases;
            disk.crash(seed * 1000 + at);
            Journal journal(disk, 1 << 17, 300);
            const std::set<Octets> found = as_set(journal.take_found());
            found_at_all += found.size();
            for (const Octets& each : found)
                REQUIRE(ever.contains(each));
            // What was removed may be back or not; everything else that was synced is here.
            for (const Octets& each : synced)
                REQUIRE((found.contains(each) || gone.contains(each)));
            // And it goes on.
            journal.add(transaction(77));
            journal.sync();
            const Journal again(disk, 1 << 17, 300);
            CHECK(again.size() == found.size() + (found.contains(transaction(77)) ? 0 : 1));
        }
    CHECK(cases > 30 * seeds);
    CHECK(found_at_all > 0);
}

TEST_CASE("Bits that rot cut the journal there, and no other transaction comes out")
{
    MemoryDisk original;
    std::set<Octets> all;
    {
        Journal journal(original);
        for (std::uint64_t n = 0; n < 6; ++n)
        {
            journal.add(transaction(n));
            all.insert(transaction(n));
        }
        journal.sync();
    }
    const std::string name = original.names().front();
    const std::uint64_t size = original.content(name).size();
    for (std::uint64_t byte = 0; byte < size; ++byte)
    {
        MemoryDisk disk;
        {
            Journal journal(disk);
            for (std::uint64_t n = 0; n < 6; ++n)
                journal.add(transaction(n));
            journal.sync();
        }
        disk.flip(name, byte, static_cast<unsigned>(byte % 8));
        Journal journal(disk);
        const std::set<Octets> found = as_set(journal.take_found());
        REQUIRE(found.size() < all.size());
        REQUIRE(std::includes(all.begin(), all.end(), found.begin(), found.end()));
    }
}

TEST_CASE("A file that was written anew may rot anywhere, too")
{
    std::set<Octets> all;
    for (std::uint64_t n = 0; n < 20; ++n)
        all.insert(transaction(n));
    const auto fill = [](MemoryDisk& disk)
    {
        Journal journal(disk, 1 << 17, 100);
        for (std::uint64_t n = 0; n < 20; ++n)
            journal.add(transaction(n));
        for (std::uint64_t n = 0; n < 15; ++n)
            journal.remove(hash::keccak_256(transaction(n)));
        journal.sync();
    };
    MemoryDisk original;
    fill(original);
    REQUIRE(original.names().size() == 1);
    const std::string name = original.names().front();
    const std::uint64_t size = original.content(name).size();
    std::size_t lost_all = 0;
    for (std::uint64_t byte = 0; byte < size; ++byte)
    {
        MemoryDisk disk;
        fill(disk);
        disk.flip(name, byte, static_cast<unsigned>(byte % 8));
        Journal journal(disk);
        const std::set<Octets> found = as_set(journal.take_found());
        lost_all += found.empty() ? 1 : 0;
        REQUIRE(journal.cut_bytes() != 0);
        REQUIRE(std::includes(all.begin(), all.end(), found.begin(), found.end()));
        journal.add(transaction(50));
        journal.sync();
        Journal again(disk);
        REQUIRE(as_set(again.take_found()).contains(transaction(50)));
    }
    CHECK(lost_all >= 20);  // its head, at least
}

TEST_CASE("Each call fails once: it is an error, and what was synced is found again")
{
    using F = MemoryDisk::Fault;
    std::size_t failures = 0;
    for (const F fault : {F::io_error, F::short_write, F::disk_full})
        for (std::uint64_t at = 0;; ++at)
        {
            MemoryDisk disk;
            std::set<Octets> synced;
            bool failed = false;
            {
                Journal journal(disk, 1 << 17, 200);
                disk.plan(fault, at);
                try
                {
                    for (std::uint64_t n = 0; n < 20; ++n)
                    {
                        journal.add(transaction(n));
                        journal.sync();
                        synced.insert(transaction(n));
                        if (n >= 3)
                        {
                            synced.erase(transaction(n - 3));
                            journal.remove(hash::keccak_256(transaction(n - 3)));
                        }
                    }
                }
                catch (const qmdb::IoError&)
                {
                    failed = true;
                }
            }
            // Some calls cannot fail in some ways.
            if (!failed && disk.calls() <= at)
            {
                REQUIRE(at > 40);
                break;
            }
            failures += failed ? 1 : 0;
            disk.free_space();
            Journal journal(disk, 1 << 17, 200);
            const std::set<Octets> found = as_set(journal.take_found());
            REQUIRE(std::includes(found.begin(), found.end(), synced.begin(), synced.end()));
        }
    CHECK(failures > 100);
}

TEST_CASE("A disk that is full is an error, and opening again finds what was synced")
{
    MemoryDisk disk;
    {
        Journal journal(disk);
        journal.add(transaction(1));
        journal.sync();
        disk.plan(MemoryDisk::Fault::disk_full, 0);
        CHECK_THROWS_AS(journal.add(transaction(2)), qmdb::IoError);
    }
    disk.free_space();
    Journal journal(disk);
    CHECK(as_set(journal.take_found()).contains(transaction(1)));
}
