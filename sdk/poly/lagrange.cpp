#include "poly/lagrange.hpp"

namespace mote::poly
{
namespace
{
// Basis value i is prod_{j != i} (r - node_j) / prod_{j != i} (i - j), and the denominator is
// (-1)^(N-1-i) i! (N-1-i)!. Its inverse is a binomial coefficient over (N-1)!, with that sign.
template <std::size_t N>
constexpr std::array<Fr, N> inverse_denominators() noexcept
{
    std::uint64_t factorial = 1;
    for (std::size_t k = 2; k < N; ++k)
        factorial *= k;
    const Fr inverse = Fr::from_u64(factorial).inverse();
    std::array<Fr, N> out{};
    std::uint64_t binomial = 1;
    for (std::size_t i = 0; i < N; ++i)
    {
        const Fr value = inverse * Fr::from_u64(binomial);
        out[i] = (N - 1 - i) % 2 == 0 ? value : -value;
        binomial = binomial * (N - 1 - i) / (i + 1);
    }
    return out;
}
}  // namespace

template <std::size_t N>
void lagrange(const Fr& r, Fr (&out)[N]) noexcept
{
    static constexpr std::array<Fr, N> inverses = inverse_denominators<N>();

    // r - node_i = (r - node_0) - i. First the products of the differences below i, then above.
    const Fr first = r + Fr::from_u64(static_cast<std::uint64_t>(-centered_start<N>));
    Fr difference = first, below = Fr::one();
    for (std::size_t i = 0; i < N; ++i)
    {
        out[i] = below * inverses[i];
        below *= difference;
        difference -= Fr::one();
    }
    Fr above = Fr::one();
    for (std::size_t i = N; i-- > 0;)
    {
        difference += Fr::one();
        out[i] *= above;
        above *= difference;
    }
}

template <std::size_t N>
Fr lagrange_kernel(const Fr& x, const Fr& y) noexcept
{
    Fr at_x[N], at_y[N];
    lagrange(x, at_x);
    lagrange(y, at_y);
    Fr sum;
    for (std::size_t i = 0; i < N; ++i)
        sum += at_x[i] * at_y[i];
    return sum;
}

template void lagrange<3>(const Fr&, Fr (&)[3]) noexcept;
template void lagrange<10>(const Fr&, Fr (&)[10]) noexcept;
template Fr lagrange_kernel<3>(const Fr&, const Fr&) noexcept;
template Fr lagrange_kernel<10>(const Fr&, const Fr&) noexcept;
}  // namespace mote::poly
