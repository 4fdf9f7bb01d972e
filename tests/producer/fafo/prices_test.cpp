#include "fafo/prices.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "producer/fafo/fafo_support.hpp"

using namespace mote;
using fafo::multiplier_max;
using fafo::multiplier_one;
using fafo::Prices;
using fafo::SerialGas;
using test::key_of;

namespace
{
constexpr std::uint64_t budget = 4'000'000, target = 3'000'000;
}

TEST_CASE(
    "a full key rises by an eighth a block, an unused one falls by an eighth to 1 and is forgotten")
{
    Prices prices(budget);
    CHECK(prices.target() == target);
    CHECK(prices.of(key_of(1)) == multiplier_one);
    prices.end_block({{key_of(1), budget}});
    CHECK(prices.of(key_of(1)) == multiplier_one + multiplier_one / 8);
    prices.end_block({{key_of(1), 3 * budget}});  // more than full is full
    CHECK(prices.of(key_of(1)) == 1327104);       // 2^20 * 81 / 64
    prices.end_block({{key_of(1), target}});
    CHECK(prices.of(key_of(1)) == 1327104);
    prices.end_block({{key_of(1), target / 2}});
    CHECK(prices.of(key_of(1)) == 1327104 - 1327104 / 16);
    prices.end_block({{key_of(1), target + 1}});  // 0.15 is at least 1
    CHECK(prices.of(key_of(1)) == 1244160 + 1);
    prices.end_block({{key_of(1), target - 1}});
    CHECK(prices.of(key_of(1)) == 1244160);
    prices.end_block({});
    CHECK(prices.of(key_of(1)) == 1244160 - 155520);
    prices.end_block({{key_of(2), target}, {key_of(3), target - 1}});
    CHECK(prices.entries().empty());
    // 2^20 is reached after 118 blocks and not passed.
    for (int block = 0; block < 130; ++block)
        prices.end_block({{key_of(1), budget}});
    CHECK(prices.of(key_of(1)) == multiplier_max);
}

TEST_CASE("gas of one key is added up, in any order")
{
    Prices together(budget), apart(budget);
    for (int block = 0; block < 20; ++block)
    {
        together.end_block({{key_of(1), budget}, {key_of(2), target + 500'000}});
        apart.end_block({{key_of(2), 500'000},
                         {key_of(1), budget / 2},
                         {key_of(2), target},
                         {key_of(1), budget / 2}});
        REQUIRE(together.entries().size() == 2);
        for (const std::uint64_t key : {1U, 2U})
            REQUIRE(together.of(key_of(key)) == apart.of(key_of(key)));
    }
    CHECK(together.of(key_of(2)) > multiplier_one);
}

TEST_CASE("multipliers are those of a slow model")
{
    test::SplitMix random(7);
    std::map<std::uint64_t, std::uint64_t> model;
    Prices prices(1001);
    const double full = 1001, goal = 751;
    REQUIRE(prices.target() == 751);
    for (int block = 0; block < 400; ++block)
    {
        std::map<std::uint64_t, std::uint64_t> gas;
        std::vector<SerialGas> used;
        for (int n = 0; n < 6; ++n)
        {
            const std::uint64_t key = random.below(12), some = random.below(900);
            gas[key] += some;
            used.push_back({key_of(key), some});
        }
        for (std::uint64_t key = 0; key < 12; ++key)
        {
            const double m = static_cast<double>(model.count(key) != 0 ? model[key] : 1 << 20);
            const double u = std::min(full, static_cast<double>(gas[key]));
            const double by =
                u > goal ? m * (u - goal) / (8 * (full - goal)) : -m * (goal - u) / (8 * goal);
            double next = m;
            if (u != goal)
                next += by > 0 ? std::max(1.0, std::floor(by)) : std::min(-1.0, std::ceil(by));
            model[key] = static_cast<std::uint64_t>(std::max(next, 1048576.0));
        }
        prices.end_block(used);
        std::size_t remembered = 0;
        for (const auto& [key, multiplier] : model)
        {
            REQUIRE(prices.of(key_of(key)) == multiplier);
            remembered += multiplier != multiplier_one ? 1 : 0;
        }
        REQUIRE(prices.entries().size() == remembered);
    }
}

TEST_CASE("a saturated key's price rises until demand fits, and a quiet key's does not move")
{
    // So many want to mint, each worth twice as much to one as to the next hundred; every block they come again.
    Prices prices(budget);
    const std::uint64_t base_fee = 1'000'000'000, mint_gas = 100'000;
    std::uint64_t highest = 0, sold = 0;
    std::vector<std::uint64_t> rising;
    for (int block = 0; block < 400; ++block)
    {
        const std::uint64_t price = fafo::price_of(base_fee, prices.of(key_of(1)));
        std::uint64_t gas = 0;
        for (std::uint64_t buyer = 0; buyer < 1000 && gas < budget; ++buyer)
            if (static_cast<double>(base_fee) * std::exp2(10 - static_cast<double>(buyer) / 100) >=
                static_cast<double>(price))
                gas += mint_gas;
        // Quiet ones use less than the target, each something else every block.
        std::vector<SerialGas> used = {{key_of(1), gas}};
        for (std::uint64_t quiet = 2; quiet < 30; ++quiet)
            used.push_back({key_of(quiet),
                            (quiet * 7919 + static_cast<std::uint64_t>(block) * 104'729) % target});
        prices.end_block(used);
        for (std::uint64_t quiet = 2; quiet < 30; ++quiet)
            REQUIRE(fafo::price_of(base_fee, prices.of(key_of(quiet))) == base_fee);
        REQUIRE(prices.entries().size() <= 1);
        if (block < 40)
            rising.push_back(prices.of(key_of(1)));
        highest = std::max(highest, price);
        if (block >= 300)
            sold += gas;
    }
    for (std::size_t i = 1; i < rising.size(); ++i)
        CHECK(rising[i] == rising[i - 1] + rising[i - 1] / 8);
    // 30 buyers' worth of gas fit the target: those who would pay 2^9.7 times the base fee.
    const double clears = std::exp2(9.7);
    CHECK(static_cast<double>(highest) < 1.2 * clears * static_cast<double>(base_fee));
    CHECK(static_cast<double>(sold) / 100 > 0.9 * static_cast<double>(target));
    CHECK(static_cast<double>(sold) / 100 < 1.05 * static_cast<double>(target));
    // Demand ends: the price is gone within the time that it took.
    int blocks = 0;
    for (; !prices.entries().empty(); ++blocks)
        prices.end_block({});
    CHECK(blocks < 60);
}

TEST_CASE("who makes other keys full each block leaves nothing behind")
{
    Prices prices(budget);
    for (std::uint64_t block = 0; block < 300; ++block)
    {
        std::vector<SerialGas> used;
        for (std::uint64_t n = 0; n < 100; ++n)
            used.push_back({key_of(3 + block * 100 + n), budget});
        prices.end_block(used);
        REQUIRE(prices.entries().size() == 100);
    }
    prices.end_block({});
    CHECK(prices.entries().empty());
}

TEST_CASE("full and empty blocks in turns cost nobody else, and do not add up")
{
    Prices prices(budget);
    for (int block = 0; block < 200; ++block)
    {
        prices.end_block({{key_of(1), block % 2 == 0 ? budget : 0}});
        REQUIRE(prices.of(key_of(1)) <= multiplier_one + multiplier_one / 8);
        REQUIRE(prices.of(key_of(2)) == multiplier_one);
    }
    // Around the target on average: the way up is steeper, so that swinging does not pay.
    for (int block = 0; block < 200; ++block)
        prices.end_block({{key_of(1), block % 2 == 0 ? budget : target - (budget - target)}});
    CHECK(prices.of(key_of(1)) > 100 * multiplier_one);
}

TEST_CASE("of more keys than are remembered the cheapest are forgotten")
{
    Prices prices(budget);
    std::vector<SerialGas> early, late;
    for (std::uint64_t n = 0; n < 1000; ++n)
        early.push_back({key_of(n), budget});
    prices.end_block(early);
    late = early;
    for (std::uint64_t n = 1000; n < Prices::keys_max + 500; ++n)
        late.push_back({key_of(n), budget});
    prices.end_block(late);
    CHECK(prices.entries().size() == Prices::keys_max);
    for (std::uint64_t n = 0; n < 1000; ++n)
        REQUIRE(prices.of(key_of(n)) == multiplier_one * 81 / 64);
    std::vector<fafo::StateKey> keys;
    for (const SerialGas& one : late)
        keys.push_back(one.key);
    std::sort(keys.begin() + 1000, keys.end(), fafo::bytes_less);
    CHECK(prices.of(keys[Prices::keys_max - 1]) > multiplier_one);
    for (std::size_t n = Prices::keys_max; n < keys.size(); ++n)
        REQUIRE(prices.of(keys[n]) == multiplier_one);
}

TEST_CASE("a transaction pays for each crowded key it wrote, and for quiet ones nothing")
{
    Prices prices(budget);
    prices.end_block({{key_of(1), budget}, {key_of(2), budget}});
    const auto of = [&](std::vector<fafo::StateKey> keys) { return prices.of(keys); };
    CHECK(of({}) == multiplier_one);
    CHECK(of({key_of(3), key_of(4)}) == multiplier_one);
    CHECK(of({key_of(3), key_of(1)}) == multiplier_one * 9 / 8);
    CHECK(of({key_of(2), key_of(3), key_of(1)}) == multiplier_one * 10 / 8);
    for (int block = 0; block < 130; ++block)
        prices.end_block({{key_of(1), budget}, {key_of(2), budget}});
    CHECK(of({key_of(1), key_of(2)}) == multiplier_max);
}

TEST_CASE("a price is rounded up and has an end")
{
    CHECK(fafo::price_of(0, multiplier_max) == 0);
    CHECK(fafo::price_of(7, multiplier_one) == 7);
    CHECK(fafo::price_of(7, multiplier_one + 1) == 8);
    CHECK(fafo::price_of(8, multiplier_one * 9 / 8) == 9);
    CHECK(fafo::price_of(~std::uint64_t{0}, multiplier_one) == ~std::uint64_t{0});
    CHECK(fafo::price_of(~std::uint64_t{0}, multiplier_one + 1) == ~std::uint64_t{0});
    CHECK(fafo::price_of(std::uint64_t{1} << 43, multiplier_max) == std::uint64_t{1} << 63);
}

TEST_CASE("who cannot pay for the keys it wrote pays its limit, and what it did does not stand")
{
    const auto check =
        [](const fafo::Charge& charge, bool stands, std::uint64_t price, std::uint64_t tip)
    {
        CHECK(charge.stands == stands);
        CHECK(charge.price == price);
        CHECK(charge.tip == tip);
    };
    check(fafo::charge(100, multiplier_one, 100, 5), true, 100, 0);
    check(fafo::charge(100, multiplier_one, 110, 5), true, 105, 5);
    check(fafo::charge(100, multiplier_one, 103, 5), true, 103, 3);
    check(fafo::charge(80, multiplier_one * 9 / 8, 90, 5), true, 90, 0);
    check(fafo::charge(80, multiplier_one * 9 / 8, 89, 5), false, 89, 0);
}
