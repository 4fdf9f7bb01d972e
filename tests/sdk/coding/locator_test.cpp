#include "coding/locator.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tools/aligned_memory.hpp"
#include "tools/effort.hpp"
#include "tools/svid_model.hpp"

using namespace mote::coding;

namespace
{
std::vector<svid_model::Symbol> located(const std::vector<std::uint8_t>& missing)
{
    const unsigned log_points = mote::ceil_log2(missing.size());
    mote::Arena count(nullptr, 0);
    std::vector<svid_model::Symbol> factors(missing.size() + 1, 0x5a5a);
    REQUIRE_FALSE(locate(missing.data(), log_points, factors.data(), count));
    REQUIRE(count.used() <= 4 * 65536 + 8 * missing.size() + 4 * mote::Arena::alignment);
    const auto memory = mote::test::aligned_memory(count.used());
    mote::Arena small(memory.get(), count.used() - 1), exact(memory.get(), count.used());
    REQUIRE_FALSE(locate(missing.data(), log_points, factors.data(), small));
    REQUIRE(locate(missing.data(), log_points, factors.data(), exact));
    REQUIRE(factors.back() == 0x5a5a);
    factors.pop_back();
    return factors;
}

/// The product of omega(i) - e over the missing e that are not omega(i): the locator, or its
/// derivative where it vanishes.
svid_model::Symbol product(const std::vector<std::uint8_t>& missing, std::uint32_t i)
{
    const auto& log = svid_model::logarithms();
    std::uint64_t sum = 0;
    for (std::uint32_t e = 0; e < missing.size(); ++e)
        if (missing[e] != 0 && e != i)
            sum += log.of[svid_model::omega(i) ^ svid_model::omega(e)];
    return log.powers[sum % log.order];
}

svid_model::Symbol expected(const std::vector<std::uint8_t>& missing, std::uint32_t i)
{
    const svid_model::Symbol value = product(missing, i);
    return missing[i] == 0 ? value : svid_model::divide(1, value);
}
}  // namespace

TEST_CASE("the generator of the logarithms has order 65535")
{
    // 0x0108 in locator.cpp; 65535 = 3 * 5 * 17 * 257.
    const auto& log = svid_model::logarithms();
    const std::uint32_t exponent = log.of[0x0108];
    for (const std::uint32_t prime : {3U, 5U, 17U, 257U})
        CHECK(exponent % prime != 0);
}

TEST_CASE("factors are products over the missing points, in domains of 2 to 256 points")
{
    std::mt19937 random(1);
    mote::test::Thinned thinned;
    for (unsigned log_points = 1; log_points <= 8; ++log_points)
        for (unsigned trial = 0; trial < 6; ++trial)
        {
            if (!thinned.next() && trial > 0)
                continue;
            std::vector<std::uint8_t> missing(std::size_t{1} << log_points);
            const std::uint32_t share = trial == 0 ? 0 : trial == 1 ? 100 : 20 * trial - 30;
            for (std::uint8_t& m : missing)
                m = random() % 100 < share ? 1 : 0;
            const auto factors = located(missing);
            for (std::uint32_t i = 0; i < missing.size(); ++i)
                if (factors[i] != expected(missing, i))
                    FAIL(missing.size() << " points, point " << i);
        }
}

TEST_CASE("factors of one missing point are differences")
{
    for (const std::uint32_t e : {0U, 1U, 15U})
    {
        std::vector<std::uint8_t> missing(16, 0);
        missing[e] = 1;
        const auto factors = located(missing);
        for (std::uint32_t i = 0; i < 16; ++i)
            CHECK(factors[i] == (i == e ? 1 : svid_model::omega(i ^ e)));
    }
}

TEST_CASE("factors in larger domains, the largest too")
{
    std::mt19937 random(2);
    for (const unsigned log_points : {9U, 10U, 12U, 14U, 15U, 16U})
    {
        if (mote::test::emulated && log_points > 10)
            continue;
        std::vector<std::uint8_t> missing(std::size_t{1} << log_points);
        for (std::uint8_t& m : missing)
            m = random() % 3 == 0 ? 1 : 0;
        const auto factors = located(missing);
        for (unsigned trial = 0; trial < 8; ++trial)
        {
            const auto i = static_cast<std::uint32_t>(random() % missing.size());
            REQUIRE(factors[i] == expected(missing, i));
        }
    }
}

TEST_CASE("the domain covers data and parity points")
{
    CHECK(domain_points(1, 3) == 4);
    CHECK(domain_points(4, 9) == 16);
    CHECK(domain_points(8, 8) == 16);
    CHECK(domain_points(8, 9) == 32);
    CHECK(domain_points(4096, 8904) == 16384);
    CHECK(domain_points(8192, 57344) == 65536);
}
