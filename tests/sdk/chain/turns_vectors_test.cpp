// Epochs, seeds, permutations of tests/vectors/consensus/turns.json, and what has to hold of any.
#include "chain/turns.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "chain/calendar.hpp"
#include "chain/wide.hpp"
#include "chain_support.hpp"

using namespace chain_test;

namespace
{
const Json& vectors()
{
    static const Json json = read("turns.json");
    return json;
}

/// 128-bit product by schoolbook on bits.
Wide slow_multiply(std::uint64_t a, std::uint64_t b)
{
    Wide sum;
    for (int i = 63; i >= 0; --i)
    {
        sum.high = sum.high << 1 | sum.low >> 63;
        sum.low <<= 1;
        if ((b >> i & 1) != 0)
        {
            sum.low += a;
            sum.high += sum.low < a ? 1 : 0;
        }
    }
    return sum;
}
}  // namespace

TEST_CASE("heights belong to the vectors' epochs and windows")
{
    const Calendar calendar;
    REQUIRE(calendar.holds());
    for (const Json& v : vectors()["epochs"])
    {
        const std::uint64_t height = integer(v["height"]);
        CAPTURE(height);
        CHECK(calendar.epoch(height) == integer(v["E"]));
        CHECK(calendar.window(height) == integer(v["W"]));
        CHECK(calendar.epoch_of_window(calendar.window(height)) == integer(v["EW"]));
        CHECK(calendar.ends_epoch(height) == v["last"].get<bool>());
    }
    CHECK(vectors()["epochs"].size() == 9);
}

TEST_CASE("windows never cross the end of an epoch")
{
    const Calendar calendar = {12, 3, 2};
    REQUIRE(calendar.holds());
    CHECK(calendar.epoch(0) == 0);
    CHECK_FALSE(calendar.ends_epoch(0));
    for (std::uint64_t height = 1; height < 200; ++height)
    {
        CHECK(calendar.epoch_of_window(calendar.window(height)) == calendar.epoch(height));
        CHECK(calendar.ends_epoch(height) ==
              (calendar.epoch(height) != calendar.epoch(height + 1)));
    }
    CHECK(calendar.period(1) == 0);
    CHECK(calendar.period(2) == 1);
    CHECK(calendar.begins_period(4));
    CHECK_FALSE(calendar.begins_period(5));
    CHECK_FALSE(Calendar{12, 5, 2}.holds());
    CHECK_FALSE(Calendar{0, 1, 2}.holds());
    CHECK_FALSE(Calendar{12, 0, 2}.holds());
    CHECK_FALSE(Calendar{12, 3, 0}.holds());
}

TEST_CASE("seeds are the vectors', and depend on every input")
{
    for (const Json& v : vectors()["seeds"])
    {
        const Digest randao = digest(v["randao"]);
        const std::uint64_t epoch = integer(v["epoch"]);
        const auto kind = static_cast<SeedKind>(integer(v["kind"]));
        const auto zone = static_cast<std::uint32_t>(integer(v["zone"]));
        const Digest expected = digest(v["seed"]);
        CHECK(seed(randao, epoch, kind, zone) == expected);
        CHECK(seed(randao, epoch ^ (std::uint64_t{1} << 63), kind, zone) != expected);
        CHECK(seed(randao, epoch, SeedKind::zone_turns, zone + 1) != expected);
        Digest other = randao;
        other[31] ^= 1;
        CHECK(seed(other, epoch, kind, zone) != expected);
    }
    CHECK(vectors()["seeds"].size() == 7);
}

TEST_CASE("permutations are the vectors'")
{
    for (const Json& v : vectors()["perms"])
    {
        std::vector<std::uint32_t> order(integer(v["n"]));
        permutation(digest(v["seed"]), order);
        CHECK(order == v["perm"].get<std::vector<std::uint32_t>>());
        std::vector<std::uint32_t> sorted = order;
        std::sort(sorted.begin(), sorted.end());
        for (std::uint32_t i = 0; i < sorted.size(); ++i)
            CHECK(sorted[i] == i);
    }
    CHECK(vectors()["perms"].size() == 6);
}

TEST_CASE("nobody and one have the only order there is")
{
    std::vector<std::uint32_t> none;
    permutation(Digest{}, none);
    std::vector<std::uint32_t> one = {7};
    permutation(Digest{}, one);
    CHECK(one == std::vector<std::uint32_t>{0});
}

TEST_CASE("turns follow the order and begin again after its end")
{
    const std::vector<std::uint32_t> order = {2, 0, 1};
    CHECK(root_leader(order, 1) == 2);
    CHECK(root_leader(order, 2) == 0);
    CHECK(root_leader(order, 4) == 2);
    CHECK(root_leader(order, UINT64_MAX) == order[(UINT64_MAX - 1) % 3]);
    CHECK(window_owner(order, 0) == 2);
    CHECK(window_owner(order, 5) == 1);
}

TEST_CASE("128-bit products are those of long multiplication")
{
    std::mt19937_64 random(3);
    std::vector<std::uint64_t> values = {0,
                                         1,
                                         UINT32_MAX,
                                         std::uint64_t{1} << 32,
                                         UINT64_MAX,
                                         UINT64_MAX - 1,
                                         std::uint64_t{1} << 63};
    for (int i = 0; i < 20; ++i)
        values.push_back(random());
    for (const std::uint64_t a : values)
        for (const std::uint64_t b : values)
        {
            const Wide expected = slow_multiply(a, b), got = multiply(a, b);
            CHECK(got.low == expected.low);
            CHECK(got.high == expected.high);
        }
}
