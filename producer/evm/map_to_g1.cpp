#include "evm/map_to_g1.hpp"

#include <array>

namespace mote::evm
{
namespace
{
using curve::bls12_381::Fq;
using curve::bls12_381::G1;
using curve::bls12_381::G1Jacobian;

// The isogenous curve y^2 = x^3 + A x + B.
constexpr Fq iso_a = Fq::from_integer({0x5cf428082d584c1d, 0x98936f8da0e0f97f, 0xd8e8981aefd881ac,
                                       0xb0ea985383ee66a8, 0x3d693a02c96d4982, 0x00144698a3b8e943});
constexpr Fq iso_b = Fq::from_integer({0xd1cc48e98e172be0, 0x5a23215a316ceaa5, 0xa0b9c14fcef35ef5,
                                       0x2016c1f0f24f4070, 0x018b12e8753eee3b, 0x12e2908d11688030});
constexpr Fq z = Fq::from_u64(11);

// The isogeny's kernel: h(x) = x^5 + h4 x^4 + .. + h0 has the five x of its points as roots. Its square is
// the denominator that [RFC9380] appendix E.2 writes out.
constexpr std::array<Fq, 5> kernel = {
    Fq::from_integer({0x2bbef9c8b5a66e07, 0xfcc0815fea66d8b0, 0x5d1c3afb023a3409,
                      0x090d38679b4c040d, 0xb0504a9c4fada0a5, 0x133341fb0962a34c}),
    Fq::from_integer({0x6552e59ce75177b0, 0x8d201f46f6cfc4ed, 0xf8ed174fb59fcff7,
                      0x83eb6cf63c76b969, 0xe00d054cf5d4775e, 0x0264908af037bced}),
    Fq::from_integer({0xbd307c69bf319d39, 0x1a4b3b69600129fa, 0xd606a5dae9f3c8e8,
                      0xba0f626f305fc0cf, 0xaceea65e87fd7203, 0x1335c502c1f54c49}),
    Fq::from_integer({0xac234d896ca82944, 0x42d609537eb3549a, 0x8593de55ac237030,
                      0xf60d6e9679a8d3d5, 0x930e16e3e92dd17b, 0x094440f65f408a6e}),
    Fq::from_integer({0x16b1c268b4766e85, 0xc98ba725a5bc3280, 0xbb6fa99cbc798e0a,
                      0x7b415a774b7be81b, 0x23b6b71f59d2b340, 0x04afe09d5cf4956a}),
};

[[nodiscard]] bool sgn0(const Fq& x) noexcept { return (x.to_integer()[0] & 1) != 0; }

/// h and its first three derivatives at x.
struct Derivatives
{
    Fq h0, h1, h2, h3;
};

[[nodiscard]] Derivatives kernel_at(const Fq& x) noexcept
{
    // Horner's rule for Taylor's coefficients: the second and third are derivatives over 2 and 6.
    Fq c0 = Fq::one(), c1, c2, c3;
    for (std::size_t i = 5; i-- > 0;)
    {
        c3 = c3 * x + c2;
        c2 = c2 * x + c1;
        c1 = c1 * x + c0;
        c0 = c0 * x + kernel[i];
    }
    return {c0, c1, c2.twice(), c3.twice().twice() + c3.twice()};
}

/// Velu's isogeny by Kohel's formula: with f = x^3 + A x + B, q = h'/h and s the sum of h's roots,
///
///     X = 11 x - 2 s - 2 f' q - 4 f q',       (x, y) -> (X / 11^2, y X' / 11^3).
///
/// The scale makes it the map of [RFC9380] appendix E.2, onto y^2 = x^3 + 4.
[[nodiscard]] G1Jacobian isogeny(const Fq& x, const Fq& y) noexcept
{
    const Derivatives d = kernel_at(x);
    if (d.h0.is_zero())
        return {};  // a point of the kernel
    const Fq f2 = (x.twice() + x).twice(), xx = x.square();
    const Fq f1 = xx.twice() + xx + iso_a, f = (xx + iso_a) * x + iso_b;
    const Fq w = d.h0.inverse_vartime();
    const Fq q = d.h1 * w, r = d.h2 * w;
    const Fq q1 = r - q.square();
    const Fq q2 = d.h3 * w - r * q - (q * q1).twice();
    const Fq eleven = Fq::from_u64(11);
    const Fq big_x = eleven * x + kernel[4].twice() - (f1 * q).twice() - (f * q1).twice().twice();
    const Fq slope = eleven - (f2 * q + f1 * q1).twice() - (f1 * q1 + f * q2).twice().twice();
    // Z = 11 does the division.
    return {big_x, y * slope, eleven};
}
}  // namespace

G1Jacobian map_to_g1(const Fq& u) noexcept
{
    const Fq zuu = z * u.square(), sum = zuu.square() + zuu;
    Fq x = sum.is_zero() ? iso_b * (z * iso_a).inverse_vartime()
                         : -iso_b * (sum + Fq::one()) * (iso_a * sum).inverse_vartime();
    const auto g = [](const Fq& t) { return (t.square() + iso_a) * t + iso_b; };
    Fq y;
    if (!g(x).sqrt(y))
    {
        // One of g(x), g(Z u^2 x) is a square.
        x = zuu * x;
        static_cast<void>(g(x).sqrt(y));
    }
    if (sgn0(u) != sgn0(y))
        y = -y;

    // h_eff = 1 - x = 1 + |x| for the curve's parameter x.
    const G1Jacobian p = isogeny(x, y);
    constexpr std::uint64_t x_abs = 0xd201000000010000;
    G1Jacobian product;
    for (int i = 63; i >= 0; --i)
    {
        product = product.twice();
        if (((x_abs >> i) & 1) != 0)
            product += p;
    }
    return product + p;
}
}  // namespace mote::evm
