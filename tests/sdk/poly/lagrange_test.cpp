#include "poly/lagrange.hpp"

#include "poly_support.hpp"

using namespace mote::poly;
using namespace poly_test;

namespace
{
// By the textbook formula, with divisions.
template <std::size_t N>
Elements naive(const Fr& r)
{
    Elements out;
    for (std::size_t i = 0; i < N; ++i)
    {
        Fr value = Fr::one();
        for (std::size_t j = 0; j < N; ++j)
            if (j != i)
            {
                const auto node_i = static_cast<std::int64_t>(i),
                           node_j = static_cast<std::int64_t>(j);
                value *= (r - small(centered_start<N> + node_j)) * small(node_i - node_j).inverse();
            }
        out.push_back(value);
    }
    return out;
}

template <std::size_t N>
Elements basis(const Fr& r)
{
    Fr values[N];
    lagrange(r, values);
    return Elements(values, values + N);
}

template <std::size_t N>
void check_domain(Random& random)
{
    for (int repeat = 0; repeat < 20; ++repeat)
    {
        const Fr x = random.element(), y = random.element();
        CHECK(basis<N>(x) == naive<N>(x));
        Fr kernel;
        for (std::size_t i = 0; i < N; ++i)
            kernel += naive<N>(x)[i] * naive<N>(y)[i];
        CHECK(lagrange_kernel<N>(x, y) == kernel);
    }
    // Also next to the domain, and on it, where a formula with a quotient would divide by zero.
    for (std::int64_t t = -static_cast<std::int64_t>(N); t <= static_cast<std::int64_t>(N); ++t)
        CHECK(basis<N>(small(t)) == naive<N>(small(t)));
    for (std::size_t i = 0; i < N; ++i)
    {
        const Fr node = small(centered_start<N> + static_cast<std::int64_t>(i));
        Elements unit(N);
        unit[i] = Fr::one();
        CHECK(basis<N>(node) == unit);
        const Fr y = random.element();
        CHECK(lagrange_kernel<N>(node, y) == basis<N>(y)[i]);
        CHECK(lagrange_kernel<N>(node, node) == Fr::one());
    }
    // Interpolation reproduces a polynomial of degree N - 1.
    const Elements coefficients = random.elements(N);
    const auto polynomial = [&](const Fr& t)
    {
        Fr sum, power = Fr::one();
        for (const Fr& c : coefficients)
        {
            sum += c * power;
            power *= t;
        }
        return sum;
    };
    const Fr r = random.element();
    const Elements weights = basis<N>(r);
    Fr sum;
    for (std::size_t i = 0; i < N; ++i)
        sum += weights[i] * polynomial(small(centered_start<N> + static_cast<std::int64_t>(i)));
    CHECK(sum == polynomial(r));
}
}  // namespace

TEST_CASE("lagrange takes the values of the written examples")
{
    CHECK(basis<3>(small(5)) == smalls({10, -24, 15}));
    CHECK(basis<10>(small(6)) == smalls({-1, 10, -45, 120, -210, 252, -210, 120, -45, 10}));
    CHECK(lagrange_kernel<3>(small(5), small(7)) == small(1782));
    CHECK(lagrange_kernel<10>(small(7), small(9)) == small(297563750));
}

TEST_CASE("centered domains start where the protocol says")
{
    CHECK(centered_start<3> == -1);
    CHECK(centered_start<10> == -4);
}

TEST_CASE("lagrange over 3 nodes agrees with naive interpolation, nodes included")
{
    Random random(1);
    check_domain<3>(random);
}

TEST_CASE("lagrange over 10 nodes agrees with naive interpolation, nodes included")
{
    Random random(2);
    check_domain<10>(random);
}
