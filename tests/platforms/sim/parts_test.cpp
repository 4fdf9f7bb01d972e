// The parts of the simulator: chance, time, network, disk, signatures.
#include <catch2/catch.hpp>
#include <set>

#include "sim/disk.hpp"
#include "sim/event_queue.hpp"
#include "sim/network.hpp"
#include "sim/signatures.hpp"

using namespace mote::sim;
using ByteVector = std::vector<std::uint8_t>;

TEST_CASE("random numbers are the same everywhere")
{
    Random random(1);
    // Of an independent program (python), from the published algorithms.
    CHECK(mix(0) == 0xe220a8397b1dcdafU);
    CHECK(random.next() == 0xb3f2af6d0fc710c5U);
    CHECK(random.next() == 0x853b559647364ceaU);
    CHECK(random.next() == 0x92f89756082a4514U);

    CHECK(Random(5).below(0) == 0);
    Random dice(2);
    std::array<int, 6> seen{};
    for (int i = 0; i < 6000; ++i)
        ++seen[dice.below(6)];
    for (const int count : seen)
        CHECK((count > 850 && count < 1150));
    CHECK_FALSE(Random(3).chance(0));
    CHECK(Random(3).chance(1000000));
    CHECK(Random::stream(1, 2).next() != Random::stream(1, 3).next());
    CHECK(Random::stream(1, 2).next() == Random::stream(1, 2).next());
}

TEST_CASE("events come by time, those of one time in order, and none from the past")
{
    EventQueue<int> queue;
    queue.push(20, 1);
    queue.push(10, 2);
    queue.push(10, 3);
    queue.push(20, 4);
    CHECK(queue.due() == 10);
    CHECK(queue.pop() == 2);
    CHECK(queue.now() == 10);
    queue.push(5, 5);
    CHECK(queue.pop() == 3);
    CHECK(queue.pop() == 5);
    CHECK(queue.now() == 10);
    CHECK(queue.pop() == 1);
    CHECK(queue.pop() == 4);
    CHECK(queue.empty());
}

TEST_CASE("the network loses, doubles, cuts and slows down as it is told")
{
    LinkModel storm, calm;
    storm.lost_per_million = 300000;
    storm.doubled_per_million = 200000;
    const Time gst = 1000000;
    Network network(Random(7), storm, calm, gst);
    unsigned none = 0, two = 0;
    std::set<Time> delays;
    for (Time now = 0; now < 10000; ++now)
    {
        const Network::Arrivals arrivals = network.send(0, 1, 100, now);
        none += arrivals.count == 0 ? 1 : 0;
        two += arrivals.count == 2 ? 1 : 0;
        for (unsigned i = 0; i < arrivals.count; ++i)
        {
            CHECK(arrivals.at[i] >= now + storm.delay_us_min);
            CHECK(arrivals.at[i] <= now + storm.delay_us_max());
            delays.insert(arrivals.at[i] - now);
        }
    }
    CHECK((none > 2700 && none < 3300));
    CHECK((two > 1200 && two < 1600));
    CHECK(delays.size() > 1000);  // so messages overtake each other
    CHECK(network.lost() == none);
    for (Time now = gst; now < gst + 1000; ++now)
        CHECK(network.send(0, 1, 100, now).count == 1);

    Partition partition{gst + 2000, gst + 3000, {false, true, true}, true};
    network.add(partition);
    CHECK(network.send(0, 1, 1, gst + 1999).count == 1);
    CHECK(network.send(0, 1, 1, gst + 2000).count == 0);
    CHECK(network.send(1, 0, 1, gst + 2000).count == 1);  // one-way
    CHECK(network.send(1, 2, 1, gst + 2000).count == 1);
    CHECK(network.send(0, 1, 1, gst + 3000).count == 1);
    partition.one_way = false;
    partition.begins = gst + 4000;
    partition.ends = gst + 5000;
    network.add(partition);
    CHECK(network.send(1, 0, 1, gst + 4500).count == 0);

    LinkModel thin;
    thin.delay_us_spread = 0;
    thin.bytes_per_second = 1000;
    Network slow(Random(7), thin, thin, 0);
    CHECK(slow.send(0, 1, 500, 0).at[0] == 500000 + thin.delay_us_min);
    CHECK(slow.send(0, 1, 500, 0).at[0] == 1000000 + thin.delay_us_min);
    CHECK(slow.send(1, 0, 500, 0).at[0] == 500000 + thin.delay_us_min);
}

TEST_CASE("a disk keeps what was flushed and any part of what was not")
{
    const ByteVector old(64, 1), fresh(64, 2);
    unsigned kept = 0, lost = 0, torn = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed)
    {
        Random random(seed);
        Disk disk(128);
        disk.write(0, old);
        disk.flush();
        disk.write(0, fresh);
        disk.write(64, fresh);
        CHECK(disk.unflushed() == 2);
        disk.crash(random);
        CHECK(disk.unflushed() == 0);
        const mote::Bytes got = disk.read(0, 64);
        const auto twos = static_cast<std::size_t>(std::count(got.begin(), got.end(), 2));
        CHECK(twos + static_cast<std::size_t>(std::count(got.begin(), got.end(), 1)) == 64);
        kept += twos == 64 ? 1 : 0;
        lost += twos == 0 ? 1 : 0;
        torn += twos != 0 && twos != 64 ? 1 : 0;
    }
    CHECK((kept > 50 && lost > 50 && torn > 50));

    Disk disk(128);
    disk.write(0, old);
    disk.flush();
    const ByteVector image = disk.snapshot();
    disk.write(0, fresh);
    disk.tear(10);
    CHECK(disk.read(0, 64)[9] == 2);
    CHECK(disk.read(0, 64)[10] == 1);
    disk.restore(image);
    CHECK(disk.read(0, 64)[9] == 1);
    disk.set_bad(70, true);
    CHECK(disk.read(0, 64).size() == 64);
    CHECK(disk.read(64, 64).empty());
    disk.set_bad(70, false);
    CHECK(disk.read(64, 64).size() == 64);
}

TEST_CASE("both kinds of signatures add up, and neither takes a wrong one")
{
    for (const auto& scheme : {simulated_signatures(3, 4), real_signatures(3, 4)})
    {
        INFO(scheme->name());
        Digest digest{}, other{};
        digest[0] = 1;
        other[0] = 2;
        ByteVector list;
        std::uint16_t first = 0;
        for (std::uint32_t i = 0; i < 4; ++i)
        {
            const auto seats = static_cast<std::uint16_t>(i + 1);
            const auto leaf =
                mote::chain::encode(mote::chain::Member{i, scheme->public_key(i), first, seats});
            list.insert(list.end(), leaf.begin(), leaf.end());
            first = static_cast<std::uint16_t>(first + seats);
        }
        const Signature a = scheme->sign(1, digest), b = scheme->sign(3, digest);
        CHECK(scheme->verify_one(digest, a, scheme->public_key(1)));
        CHECK_FALSE(scheme->verify_one(other, a, scheme->public_key(1)));
        CHECK_FALSE(scheme->verify_one(digest, a, scheme->public_key(2)));
        CHECK_FALSE(scheme->verify_one(digest, Signature{}, scheme->public_key(1)));

        // Members 1 (seats 1, 2) and 3 (seats 6 to 9) signed.
        const std::vector<Weighted> parts = {{&a, 2}, {&b, 4}};
        const Signature sum = scheme->sum(parts);
        const ByteVector bits = {0b11000110, 0b11};
        CHECK(scheme->verify(digest, sum, {{}, list, bits}));
        const ByteVector fewer = {0b11000000, 0b11};
        CHECK_FALSE(scheme->verify(digest, sum, {{}, list, fewer}));
        // The same from the sum of all: members 0 and 2 are absent.
        const PublicKey all = scheme->sum_of(list);
        ByteVector absent(list.begin(), list.begin() + 56);
        absent.insert(absent.end(), list.begin() + 112, list.begin() + 168);
        CHECK(scheme->verify(digest, sum, {all, absent, bits}));
        CHECK_FALSE(scheme->verify(other, sum, {all, absent, bits}));
        CHECK_FALSE(mote::chain::is_infinity(all));
    }
}
