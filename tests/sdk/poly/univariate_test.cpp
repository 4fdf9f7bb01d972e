#include "poly/univariate.hpp"

#include "poly_support.hpp"

using namespace mote::poly;
using namespace poly_test;

namespace
{
template <std::size_t N>
void check_sums(Random& random)
{
    for (std::uint32_t power = 0; power <= centered_power_max; ++power)
    {
        Fr sum;
        for (std::size_t i = 0; i < N; ++i)
        {
            Fr t = Fr::one();
            for (std::uint32_t k = 0; k < power; ++k)
                t *= small(centered_start<N> + static_cast<std::int64_t>(i));
            sum += t;
        }
        CHECK(centered_power_sum<N>(power) == sum);
    }
    for (std::size_t count = 0; count <= centered_power_max + 1; ++count)
    {
        const Elements coefficients = random.elements(count);
        Fr sum;
        for (std::size_t i = 0; i < N; ++i)
            sum += evaluate(coefficients, small(centered_start<N> + static_cast<std::int64_t>(i)));
        CHECK(centered_sum<N>(coefficients) == sum);
    }
}
}  // namespace

TEST_CASE("evaluate sums coefficients times powers")
{
    Random random(1);
    CHECK(evaluate({}, random.element()) == Fr::zero());
    CHECK(evaluate(smalls({7, -3, 2}), small(5)) == small(7 - 15 + 50));
    const Elements coefficients = random.elements(9);
    CHECK(evaluate(coefficients, Fr::zero()) == coefficients[0]);
    Fr sum;
    for (const Fr& c : coefficients)
        sum += c;
    CHECK(evaluate(coefficients, Fr::one()) == sum);
}

TEST_CASE("sums over centered domains are sums of evaluations")
{
    Random random(2);
    check_sums<3>(random);
    check_sums<10>(random);
}
