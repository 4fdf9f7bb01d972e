#include "client/freshness.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace mote::client;

TEST_CASE("age is a matter of a clock that is trusted")
{
    CHECK(freshness(1000, {1000, true}, 14) == Freshness::fresh);
    CHECK(freshness(1000, {1014, true}, 14) == Freshness::fresh);
    CHECK(freshness(1000, {1015, true}, 14) == Freshness::too_old);
    CHECK(freshness(1000, {10, true}, 14) == Freshness::fresh);
    CHECK(freshness(UINT64_MAX, {0, true}, 0) == Freshness::fresh);
    CHECK(freshness(0, {UINT64_MAX, true}, UINT64_MAX) == Freshness::fresh);
    CHECK(freshness(1000, {1000, false}, 14) == Freshness::unknown);
}

TEST_CASE("two thirds and one of the named sources agree, each counted once")
{
    const mote::chain::Checkpoint a{7, {1}}, b{7, {2}};
    std::vector<Opinion> opinions = {{0, a}, {1, a}, {2, b}};
    CHECK_FALSE(agree(a, opinions, 3));  // three of three decide
    CHECK(agree(a, opinions, 2));        // source 2 is not named
    opinions[2].checkpoint = a;
    CHECK(agree(a, opinions, 3));
    CHECK_FALSE(agree(b, opinions, 3));
    CHECK_FALSE(agree({8, {1}}, opinions, 3));
    // Repeating oneself does not help, contradicting oneself counts for nobody.
    CHECK_FALSE(agree(a, std::vector<Opinion>{{0, a}, {0, a}, {0, a}}, 3));
    opinions.push_back({2, b});
    CHECK_FALSE(agree(a, opinions, 3));
    CHECK_FALSE(agree(a, opinions, 0));
    CHECK_FALSE(agree(a, {}, 1));
    CHECK(agree(a, std::vector<Opinion>{{0, a}}, 1));
    CHECK_FALSE(agree(a, std::vector<Opinion>{{0, a}}, 33));
    std::vector<Opinion> many;
    for (std::uint32_t i = 0; i < 32; ++i)
        many.push_back({i, i < 22 ? a : b});
    CHECK(agree(a, many, 32));
    many[0].checkpoint = b;
    CHECK_FALSE(agree(a, many, 32));
    many.push_back({UINT32_MAX, a});
    CHECK_FALSE(agree(a, many, 32));
}
