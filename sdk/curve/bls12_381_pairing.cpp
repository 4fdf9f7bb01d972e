#include "curve/bls12_381_pairing.hpp"

#include "base/assert.hpp"

namespace mote::curve::bls12_381
{
namespace
{
using field::bls12_381_x;

/// a + b w^2 + c w^3: the only coefficients a line has, with w^6 = xi.
struct Line
{
    Fq2 a, b, c;
};

/// x.c0 y.c0 + ... over three pairs, as one sum of products for each coordinate.
Fq2 dot3(const Fq2& x0, const Fq2& y0, const Fq& n0, const Fq2& x1, const Fq2& y1, const Fq& n1,
         const Fq2& x2, const Fq2& y2, const Fq& n2) noexcept
{
    const Fq* const left[6] = {&x0.c0, &x0.c1, &x1.c0, &x1.c1, &x2.c0, &x2.c1};
    return {Fq::dot<6>(left, {&y0.c0, &n0, &y1.c0, &n1, &y2.c0, &n2}),
            Fq::dot<6>(left, {&y0.c1, &y0.c0, &y1.c1, &y1.c0, &y2.c1, &y2.c0})};
}

/// f * line. With f = sum f_k w^k each coefficient is a f_k + b f_{k-2} + c f_{k-3}, and xi comes in
/// where an index wraps: 12 sums of 6 products, no additions.
Fq12 multiply_by_line(const Fq12& f, const Line& l) noexcept
{
    const Fq2 xb = Fq6::xi(l.b), xc = Fq6::xi(l.c);
    const Fq na = -l.a.c1, nb = -l.b.c1, nc = -l.c.c1, nxb = -xb.c1, nxc = -xc.c1;
    const Fq2 &f0 = f.c0.c0, &f1 = f.c1.c0, &f2 = f.c0.c1, &f3 = f.c1.c1, &f4 = f.c0.c2,
              &f5 = f.c1.c2;
    return {
        {dot3(f0, l.a, na, f4, xb, nxb, f3, xc, nxc), dot3(f2, l.a, na, f0, l.b, nb, f5, xc, nxc),
         dot3(f4, l.a, na, f2, l.b, nb, f1, l.c, nc)},
        {dot3(f1, l.a, na, f5, xb, nxb, f4, xc, nxc), dot3(f3, l.a, na, f1, l.b, nb, f0, l.c, nc),
         dot3(f5, l.a, na, f3, l.b, nb, f2, l.c, nc)}};
}

// A line through twist points, untwisted and evaluated at P, is a + b w^2 + c w^3 after multiplication
// by w^3: (slope x_T - y_T) - slope x_P w^2 + y_P w^3. Here it carries a factor from Fq2 besides. The
// final exponentiation removes both.

/// Doubles t and returns the tangent at p.
///
/// Source  "dbl-2009-l" with the line's coefficients from its intermediate values.
Line double_step(G2Jacobian& t, const G1& p) noexcept
{
    const Fq2 a = t.x.square(), b = t.y.square(), c = b.square(), zz = t.z.square();
    const Fq2 d = ((t.x + b).square() - (a + c)).twice();
    const Fq2 e = a.twice() + a;
    const Fq2 x3 = e.square() - d.twice(), z3 = (t.y * t.z).twice();
    const Line line{e * t.x - b.twice(), -((e * zz) * p.x), (z3 * zz) * p.y};
    t = {x3, e * (d - x3) - c.twice().twice().twice(), z3};
    return line;
}

/// Adds q to t and returns the line through both at p. t and q are never equal or opposite here:
/// t = k q with 1 < k < r - 1 for every k that the loop passes.
Line add_step(G2Jacobian& t, const G2& q, const G1& p) noexcept
{
    const Fq2 zz = t.z.square();
    const Fq2 r = q.y * (zz * t.z) - t.y;
    t += q;
    return {r * q.x - q.y * t.z, -(r * p.x), t.z * p.y};
}

/// f^x for f in the cyclotomic subgroup, where conjugation inverts.
Fq12 power_x(const Fq12& f) noexcept
{
    Fq12 result = f;
    for (std::size_t i = 63; i-- > 0;)
    {
        result = result.cyclotomic_square();
        if (((bls12_381_x >> i) & 1) != 0)
            result *= f;
    }
    return result.conjugate();
}
}  // namespace

MillerValue miller_product(std::span<const PairingTerm> terms) noexcept
{
    MOTE_ASSERT(terms.size() <= pairing_terms_max);
    const PairingTerm* active[pairing_terms_max];
    G2Jacobian points[pairing_terms_max];
    std::size_t n = 0;
    for (const PairingTerm& term : terms)
    {
        if (term.p.infinity || term.q.infinity)
            continue;
        active[n] = &term;
        points[n++] = term.q;
    }
    Fq12 f = Fq12::one();
    for (std::size_t i = 63; i-- > 0;)
    {
        f = f.square();
        for (std::size_t k = 0; k < n; ++k)
            f = multiply_by_line(f, double_step(points[k], active[k]->p));
        if (((bls12_381_x >> i) & 1) != 0)
            for (std::size_t k = 0; k < n; ++k)
                f = multiply_by_line(f, add_step(points[k], active[k]->q, active[k]->p));
    }
    return {f.conjugate()};  // x is negative
}

Fq12 final_exponentiation(const MillerValue& miller) noexcept
{
    const Fq12 easy = miller.value.conjugate() * miller.value.inverse_vartime();
    const Fq12 f = easy.frobenius<2>() * easy;
    const Fq12 a = power_x(f) * f.conjugate();
    const Fq12 b = power_x(a) * a.conjugate();
    const Fq12 c = power_x(b) * b.frobenius<1>();
    const Fq12 d = power_x(power_x(c)) * c.frobenius<2>() * c.conjugate();
    return d * f.cyclotomic_square() * f;
}

Fq12 pairing_product(std::span<const PairingTerm> terms) noexcept
{
    return final_exponentiation(miller_product(terms));
}

Fq12 pairing(const G1& p, const G2& q) noexcept
{
    const PairingTerm term{p, q};
    return pairing_product({&term, 1});
}
}  // namespace mote::curve::bls12_381
