#include "curve/bls12_381_hash_to_curve.hpp"

#include "base/assert.hpp"
#include "curve/hash_to_curve.hpp"
#include "field/quadratic_root.hpp"

namespace mote::curve::bls12_381
{
namespace
{
constexpr Fq small(int k) noexcept
{
    return k < 0 ? -Fq::from_u64(static_cast<std::uint64_t>(-k))
                 : Fq::from_u64(static_cast<std::uint64_t>(k));
}
constexpr Fq2 small(int c0, int c1) noexcept { return {small(c0), small(c1)}; }

// The isogenous curve y^2 = x^3 + A x + B, and Z.
constexpr Fq2 iso_a = small(0, 240);
constexpr Fq2 iso_b = small(1012, 1012);
constexpr Fq2 z = small(-2, -1);

/// sqrt(-n^3) for the norm n = 5 of Z. Neither n nor -1 is a square, so the root exists.
constexpr Fq z_norm_root =
    Fq::from_integer({0x1fda0eb6983f2533, 0x7cfebdd464e90f20, 0xe38c48e9c7ddb3c2,
                      0x97ed25c1d6fe0444, 0x12ded1af502287a3, 0x0810e5a23cbb86fd});
static_assert(z_norm_root.square() == -Fq::from_u64(125));

/// The parity that tells y from -y ([RFC9380] section 4.1).
bool sgn0(const Fq& x) noexcept { return (x.to_integer()[0] & 1) != 0; }
bool sgn0(const Fq2& x) noexcept { return x.c0.is_zero() ? sgn0(x.c1) : sgn0(x.c0); }

/// A point of the isogenous curve: x = xn / xd, y = yn / xd^3, before its sign is chosen.
struct Fraction
{
    Fq2 xn, xd, yn;
};

/// The simplified SWU map. With w = xd^6 g(xn / xd), one of w and Z^3 w is a square, and a root of it is
/// the numerator of y over xd^3. Their norms are squares together or not, which one power decides.
///
/// Source  [RFC9380] section 6.6.2.
Fraction simplified_swu(const Fq2& u) noexcept
{
    const Fq2 zuu = z * u.square(), sum = zuu.square() + zuu;
    Fraction out;
    out.xd = sum.is_zero() ? z * iso_a : -(iso_a * sum);
    out.xn = sum.is_zero() ? iso_b : iso_b * (sum + Fq2::one());
    const Fq2 dd = out.xd.square(), ddd = dd * out.xd;
    const Fq2 w = ((out.xn.square() + iso_a * dd) * out.xn + iso_b * ddd) * ddd;
    const Fq n = field::norm(w), c = field::root_or_root_of_negative(n);
    if (c.square() == n)
    {
        out.yn = field::root_by_norm(w, c);
        return out;
    }
    out.xn = zuu * out.xn;
    out.yn = u.square() * u * field::root_by_norm(z.square() * z * w, c * z_norm_root);
    return out;
}

/// The isogeny, by Velu's formulas for the kernel {infinity, (x0, +-y0)}: with d = x - x0
///
///   (x, y) -> (x + t / d + v / d^2, y (1 - t / d^2 - 2 v / d^3)),
///
/// and Z = -3d instead of d, which goes on to the twist itself. d = 0 becomes infinity, as it must.
///
/// Source  tests/tools/bls12_381_constants.py computes x0, t and v. Multiplied out it is [RFC9380]
///         appendix E.3.
G2Jacobian isogeny(const Fq2& x, const Fq2& y) noexcept
{
    constexpr Fq2 x0 = small(-6, 6), t = small(0, 48), v = small(16, 16);
    const Fq2 d = x - x0, dd = d.square(), td = t * d;
    return {x * dd + td + v, y * ((dd - t) * d - v.twice()), -(d.twice() + d)};
}

constexpr std::size_t coordinate_bytes = 64;

/// 64 big-endian bytes modulo p.
Fq reduce(const std::uint8_t* p) noexcept
{
    constexpr Fq two_128 = Fq::from_integer({0, 0, 1});
    Fq x;
    for (std::size_t i = 0; i < coordinate_bytes; i += 16)
        x = x * two_128 +
            Fq::from_u128(load_be<std::uint64_t>(p + i + 8), load_be<std::uint64_t>(p + i));
    return x;
}
}  // namespace

void hash_to_field(Bytes message, Bytes dst, std::span<Fq2> out) noexcept
{
    MOTE_ASSERT(out.size() <= 2);
    std::uint8_t uniform[4 * coordinate_bytes];
    expand_message_xmd(message, dst,
                       MutableBytes{uniform}.first(2 * coordinate_bytes * out.size()));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = {reduce(uniform + 2 * coordinate_bytes * i),
                  reduce(uniform + 2 * coordinate_bytes * i + coordinate_bytes)};
}

G2Jacobian map_to_curve(std::span<const Fq2> u) noexcept
{
    MOTE_ASSERT(!u.empty() && u.size() <= 2);
    const bool two = u.size() == 2;
    Fraction f[2] = {simplified_swu(u[0]), {}};
    if (two)
        f[1] = simplified_swu(u[1]);
    // The sign of y is a matter of its canonical form: one inversion for both. No xd is zero.
    Fq2 inverse[2] = {(two ? f[0].xd * f[1].xd : f[0].xd).inverse_vartime(), {}};
    if (two)
    {
        inverse[1] = inverse[0] * f[0].xd;
        inverse[0] *= f[1].xd;
    }
    G2Jacobian sum;
    for (std::size_t i = 0; i < u.size(); ++i)
    {
        const Fq2 y = f[i].yn * inverse[i].square() * inverse[i];
        sum += isogeny(f[i].xn * inverse[i], sgn0(u[i]) == sgn0(y) ? y : -y);
    }
    return sum;
}

G2 hash_to_g2(Bytes message, Bytes dst) noexcept
{
    Fq2 u[2];
    hash_to_field(message, dst, u);
    return clear_cofactor(map_to_curve(u)).to_affine_vartime();
}

G2 encode_to_g2(Bytes message, Bytes dst) noexcept
{
    Fq2 u[1];
    hash_to_field(message, dst, u);
    return clear_cofactor(map_to_curve(u)).to_affine_vartime();
}
}  // namespace mote::curve::bls12_381
