// Points of y^2 = x^3 + b in homogeneous coordinates, with formulas that have no exceptions.
//
// For secret scalars: addition and doubling are straight lines of field operations, whatever the points
// are, infinity and equal points included. Slower than weierstrass.hpp, which is for public data.
// Worked case: P + infinity is P.
//
// Source  [RCB15] algorithms 7 (addition) and 9 (doubling), for curves of odd order with a = 0.
#pragma once

#include "curve/weierstrass.hpp"

namespace mote::curve
{
/// x = X / Z, y = Y / Z; infinity is (0 : 1 : 0).
///
/// Shape   Curve: its coordinate field F, and F times_3b(const F&), multiplication by 3b.
template <class Curve>
struct Projective
{
    using F = typename Curve::F;
    F x = F::zero(), y = F::one(), z = F::zero();

    /// Takes a point that is not infinity.
    [[nodiscard]] static Projective from(const Affine<F>& p) noexcept
    {
        return {p.x, p.y, F::one()};
    }

    /// x = X / Z^2 = X Z / Z^3, y = Y / Z^3.
    [[nodiscard]] static Projective from(const Jacobian<F>& p) noexcept
    {
        return {p.x * p.z, p.y, p.z.square() * p.z};
    }

    /// Cost    12 multiplications and 2 by 3b.
    [[nodiscard]] friend Projective operator+(const Projective& p, const Projective& q) noexcept
    {
        const F xx = p.x * q.x, yy = p.y * q.y, zz = p.z * q.z;
        const F xy = (p.x + p.y) * (q.x + q.y) - (xx + yy);
        const F yz = (p.y + p.z) * (q.y + q.z) - (yy + zz);
        const F xz = (p.x + p.z) * (q.x + q.z) - (xx + zz);
        const F bzz = Curve::times_3b(zz), bxz = Curve::times_3b(xz);
        const F sum = yy + bzz, difference = yy - bzz, xxx = xx.twice() + xx;
        return {xy * difference - yz * bxz, bxz * xxx + difference * sum, sum * yz + xxx * xy};
    }

    /// Cost    6 multiplications, 2 squarings and one by 3b.
    [[nodiscard]] Projective twice() const noexcept
    {
        const F yy = y.square(), yz = y * z, bzz = Curve::times_3b(z.square());
        const F eight = yy.twice().twice().twice();
        const F rest = yy - (bzz.twice() + bzz);
        return {(rest * (x * y)).twice(), bzz * eight + rest * (yy + bzz), yz * eight};
    }

    [[nodiscard]] Affine<F> to_affine() const noexcept
    {
        const F w = z.inverse();  // 0 for 0
        return {x * w, y * w, z.is_zero()};
    }
};
}  // namespace mote::curve
