#include "qmdb/twigs.hpp"

#include <catch2/catch.hpp>
#include <deque>

#include "tools/state_history.hpp"

using mote::qmdb::Digest;
using mote::qmdb::Twig;
using mote::qmdb::TwigRow;
using mote::qmdb::Twigs;
using mote::test::SplitMix;

namespace
{
constexpr std::uint64_t position_max = (std::uint64_t{1} << 40) - 1;
constexpr std::uint64_t distance_max = (std::uint64_t{1} << 24) - 1;

Digest leaf(std::uint64_t sn)
{
    SplitMix random(sn);
    Digest out;
    const auto bytes = random.bytes(out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

// Entries of three units, and the largest there are now and then.
std::uint64_t position_of(std::uint64_t sn) { return 3 * sn + sn / 300 * 4100; }

Twigs grown(std::uint64_t count)
{
    Twigs twigs;
    for (std::uint64_t sn = 0; sn < count; ++sn)
        twigs.append(leaf(sn), position_of(sn));
    return twigs;
}
}  // namespace

TEST_CASE("a twig knows where its chunks are")
{
    Twig twig = {};
    for (const std::uint64_t base : {std::uint64_t{0}, std::uint64_t{1}, position_max})
    {
        twig.set_position(0, base);
        CHECK(twig.position(0) == base);
        for (std::uint32_t c = 1; c < mote::qmdb::twig_chunks; ++c)
            twig.set_position(c, base + c * (distance_max / 7));
        for (std::uint32_t c = 1; c < mote::qmdb::twig_chunks; ++c)
            CHECK(twig.position(c) == base + c * (distance_max / 7));
    }
}

TEST_CASE("a row of twigs is a queue with two ends")
{
    SplitMix random(1);
    TwigRow row;
    std::deque<std::uint64_t> truth;
    for (int step = 0; step < 20000; ++step)
    {
        // Long runs of one kind, so that it grows over many groups and becomes empty.
        const std::uint64_t kind =
            (static_cast<std::uint64_t>(step) / 200 * 7 + random.below(5)) % 8;
        if (kind < 4 || truth.empty())
        {
            Twig twig = {};
            twig.set_position(0, random.below(position_max));
            truth.push_back(twig.position(0));
            row.push_back(twig);
        }
        else if (kind < 6)
        {
            truth.pop_front();
            row.pop_front();
        }
        else
        {
            truth.pop_back();
            row.pop_back();
        }
        REQUIRE(row.size() == truth.size());
        REQUIRE(row.empty() == truth.empty());
        if (truth.empty())
            continue;
        REQUIRE(row[0].position(0) == truth.front());
        REQUIRE(row[truth.size() - 1].position(0) == truth.back());
        const auto i = static_cast<std::size_t>(random.below(truth.size()));
        REQUIRE(row[i].position(0) == truth[i]);
        REQUIRE(row.memory_bytes() >= row.size() * sizeof(Twig));
        REQUIRE(row.memory_bytes() <= (row.size() + 16) * (sizeof(Twig) + 3));
    }
}

TEST_CASE("twigs are the same after saving and loading")
{
    for (const std::uint64_t count : {0U, 1U, 255U, 256U, 2048U, 2049U, 9000U})
    {
        Twigs twigs = grown(count);
        SplitMix random(count);
        for (std::uint64_t i = 0; i < count / 2; ++i)
            twigs.clear(random.below(count));
        // The last entry stays: a shard always has an active one.
        std::uint64_t floor = 0;
        for (; floor < 5000 && floor + 1 < count; ++floor)
            twigs.clear(floor);
        const Digest root = twigs.update();
        twigs.drop_before(floor);
        std::vector<std::uint8_t> bytes;
        twigs.save(bytes);
        Twigs loaded;
        REQUIRE(loaded.load(bytes, count));
        CHECK(loaded.update() == root);
        CHECK(loaded.active_count() == twigs.active_count());
        for (std::uint64_t sn = loaded.first_sn(); sn < count; sn += 256)
            CHECK(loaded.chunk_position(sn >> 8) == position_of(sn));
        // Both go on alike.
        for (std::uint64_t sn = count; sn < count + 3000; ++sn)
        {
            twigs.append(leaf(sn), position_of(sn));
            loaded.append(leaf(sn), position_of(sn));
        }
        CHECK(twigs.update() == loaded.update());
    }
}

TEST_CASE("bytes that are not twigs are refused")
{
    Twigs twigs = grown(3000);
    twigs.update();
    std::vector<std::uint8_t> bytes;
    twigs.save(bytes);
    Twigs loaded;
    for (std::size_t size = 0; size < bytes.size(); size += size < 40 ? 1 : 131)
        REQUIRE_FALSE(loaded.load(std::span(bytes).first(size), 3000));
    CHECK_FALSE(loaded.load(bytes, 2047));
    CHECK_FALSE(loaded.load(bytes, 5000));
    // Positions that a twig cannot hold: the base, a distance, and the first chunk's distance.
    const std::size_t base = 16 + 512;
    for (const std::size_t at : {base + 5, base + 8, base + 12 + 3})
    {
        auto changed = bytes;
        changed[at] ^= 1;
        CHECK_FALSE(loaded.load(changed, 3000));
    }
    CHECK(loaded.load(bytes, 3000));
}
