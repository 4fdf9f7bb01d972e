#include "curve/bn254.hpp"

namespace mote::curve
{
bool in_subgroup(const G2& q) noexcept
{
    if (q.infinity)
        return true;
    const G2Jacobian uq = multiply_vartime(q, field::Limbs<1>{field::bn254_u});
    const G2Jacobian psi_uq = psi(uq);
    return uq + q + psi_uq + psi(psi_uq) == psi(psi(psi(uq.twice())));
}
}  // namespace mote::curve
