// Lagrange basis over small integer domains centered at zero, as the uniskip rounds use them.
//
// N = 3 means the nodes -1, 0, 1; N = 10 means -4 ... 5. Worked case: at r = 5 the three basis values
// are 10, -24, 15, and 10 f(-1) - 24 f(0) + 15 f(1) = f(5) for every f of degree below 3.
#pragma once

#include <cstddef>

#include "poly/point.hpp"

namespace mote::poly
{
/// First node of the domain of N integers: -floor((N - 1) / 2).
template <std::size_t N>
inline constexpr int centered_start = -static_cast<int>((N - 1) / 2);

/// Writes the N basis values at r.
///
/// Units   N: 3 or 10, the domains of the protocol.
/// Cost    about 5N multiplications and no inversion: the denominators are constants, and nothing is
///         divided by r - node, so r may be a node.
/// Source  [JOLT] crates/jolt-poly/src/lagrange.rs.
template <std::size_t N>
void lagrange(const Fr& r, Fr (&out)[N]) noexcept;

/// Evaluates sum_i lagrange(x)_i lagrange(y)_i, which is 1 for x = y a node and 0 for two nodes.
template <std::size_t N>
[[nodiscard]] Fr lagrange_kernel(const Fr& x, const Fr& y) noexcept;

extern template void lagrange<3>(const Fr&, Fr (&)[3]) noexcept;
extern template void lagrange<10>(const Fr&, Fr (&)[10]) noexcept;
extern template Fr lagrange_kernel<3>(const Fr&, const Fr&) noexcept;
extern template Fr lagrange_kernel<10>(const Fr&, const Fr&) noexcept;
}  // namespace mote::poly
