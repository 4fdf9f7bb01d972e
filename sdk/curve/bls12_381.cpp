#include "curve/bls12_381.hpp"

namespace mote::curve::bls12_381
{
namespace
{
/// [|x|] p: 63 doublings and 5 additions.
template <class F>
Jacobian<F> multiply_by_x(const Jacobian<F>& p) noexcept
{
    Jacobian<F> result = p;
    for (std::size_t i = 63; i-- > 0;)
    {
        result = result.twice();
        if (((field::bls12_381_x >> i) & 1) != 0)
            result += p;
    }
    return result;
}
}  // namespace

bool in_subgroup(const G1& p) noexcept
{
    const G1Jacobian image{G1{p.x * glv_beta, p.y, p.infinity}};
    return -multiply_by_x(multiply_by_x(G1Jacobian{p})) == image;
}

bool in_subgroup(const G2& q) noexcept
{
    return -multiply_by_x(G2Jacobian{q}) == G2Jacobian{psi(q)};
}

G2Jacobian clear_cofactor(const G2Jacobian& q) noexcept
{
    const G2Jacobian xq = -multiply_by_x(q), image = psi(q);
    const G2Jacobian sum = xq + image;
    return psi(psi(q.twice())) + -multiply_by_x(sum) + -sum + -q;
}
}  // namespace mote::curve::bls12_381
