// Univariate polynomials by their coefficients, constant term first.
//
// Worked case: over the domain -1, 0, 1 the power sums are 3, 0, 2, 0, ..., so 1 + 2t + 3t^2 sums to
// 3 * 1 + 0 * 2 + 2 * 3 = 9.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/assert.hpp"
#include "poly/lagrange.hpp"
#include "poly/point.hpp"

namespace mote::poly
{
/// Evaluates c_0 + c_1 x + c_2 x^2 + ... by Horner's rule; 0 for no coefficients.
[[nodiscard]] Fr evaluate(std::span<const Fr> coefficients, const Fr& x) noexcept;

/// Largest exponent centered_power_sum knows: the degree of the widest uniskip round.
inline constexpr std::uint32_t centered_power_max = 27;

/// Computes sum of t^power over the N integers around zero.
///
/// Units   N: at most 10, so that every sum up to power 27 fits 63 bits (5^27 < 2^63).
/// Shape   power: at most centered_power_max; more is the caller's bug (asserted).
template <std::size_t N>
[[nodiscard]] Fr centered_power_sum(std::uint32_t power) noexcept
{
    static_assert(N >= 1 && N <= 10);
    static constexpr auto sums = []
    {
        std::array<std::int64_t, centered_power_max + 1> s{};
        for (std::size_t i = 0; i < N; ++i)
        {
            std::int64_t t = 1;
            for (std::size_t j = 0; j <= centered_power_max; ++j)
            {
                s[j] += t;
                if (j < centered_power_max)
                    t *= centered_start<N> + static_cast<int>(i);
            }
        }
        return s;
    }();
    MOTE_ASSERT(power <= centered_power_max);
    const std::int64_t s = sums[power <= centered_power_max ? power : 0];
    return s < 0 ? -Fr::from_u64(static_cast<std::uint64_t>(-s))
                 : Fr::from_u64(static_cast<std::uint64_t>(s));
}

/// Computes sum of p(t) over the N integers around zero, from the coefficients of p.
///
/// Shape   coefficients: at most centered_power_max + 1.
/// Cost    two multiplications a coefficient.
template <std::size_t N>
[[nodiscard]] Fr centered_sum(std::span<const Fr> coefficients) noexcept
{
    Fr sum;
    for (std::size_t j = 0; j < coefficients.size(); ++j)
        sum += coefficients[j] * centered_power_sum<N>(static_cast<std::uint32_t>(j));
    return sum;
}
}  // namespace mote::poly
