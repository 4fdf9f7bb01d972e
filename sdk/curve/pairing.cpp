#include "curve/pairing.hpp"

#include "curve/cyclotomic.hpp"

namespace mote::curve
{
namespace
{
constexpr std::size_t terms_max = 8;

/// Non-adjacent form of 6u + 2, least significant digit first.
struct LoopDigits
{
    std::int8_t digit[66] = {};
    int count = 0;
};
constexpr LoopDigits loop = []
{
    LoopDigits d;
    // 6u + 2 has 65 bits.
    const field::Product six = field::mul_wide(field::bn254_u, 6);
    std::uint64_t lo = six.lo + 2;
    std::uint64_t hi = six.hi + (lo < six.lo ? 1 : 0);
    while (lo != 0 || hi != 0)
    {
        int digit = 0;
        if ((lo & 1) != 0)
        {
            digit = 2 - static_cast<int>(lo & 3);
            if (digit > 0)
                lo -= 1;  // lo is odd
            else
            {
                const std::uint64_t before = lo;
                lo += 1;
                hi += lo < before ? 1 : 0;
            }
        }
        d.digit[d.count++] = static_cast<std::int8_t>(digit);
        lo = (lo >> 1) | (hi << 63);
        hi >>= 1;
    }
    return d;
}();
static_assert(loop.count == 66);

/// a + b w + c v w: the only coefficients a line has.
struct LineValue
{
    Fq2 a, b, c;
};

/// (x0, x1, x2) * (b + c v) in Fq6.
field::Fq6 multiply_by_01(const field::Fq6& x, const Fq2& b, const Fq2& c) noexcept
{
    const Fq2 xc = field::Fq6::xi(c);
    const Fq nb = -b.c1, nc = -c.c1, nx = -xc.c1;
    return {{Fq::dot<4>({&x.c0.c0, &x.c0.c1, &x.c2.c0, &x.c2.c1}, {&b.c0, &nb, &xc.c0, &nx}),
             Fq::dot<4>({&x.c0.c0, &x.c0.c1, &x.c2.c0, &x.c2.c1}, {&b.c1, &b.c0, &xc.c1, &xc.c0})},
            {Fq::dot<4>({&x.c0.c0, &x.c0.c1, &x.c1.c0, &x.c1.c1}, {&c.c0, &nc, &b.c0, &nb}),
             Fq::dot<4>({&x.c0.c0, &x.c0.c1, &x.c1.c0, &x.c1.c1}, {&c.c1, &c.c0, &b.c1, &b.c0})},
            {Fq::dot<4>({&x.c1.c0, &x.c1.c1, &x.c2.c0, &x.c2.c1}, {&c.c0, &nc, &b.c0, &nb}),
             Fq::dot<4>({&x.c1.c0, &x.c1.c1, &x.c2.c0, &x.c2.c1}, {&c.c1, &c.c0, &b.c1, &b.c0})}};
}

Fq12 multiply_by_line(const Fq12& f, const LineValue& l) noexcept
{
    const field::Fq6 t0{f.c0.c0 * l.a, f.c0.c1 * l.a, f.c0.c2 * l.a};
    const field::Fq6 t1 = multiply_by_01(f.c1, l.b, l.c);
    const field::Fq6 t2 = multiply_by_01(f.c0 + f.c1, l.a + l.b, l.c);
    return {t0 + t1.mul_by_v(), t2 - (t0 + t1)};
}

// Lines below carry a factor from Fq2, which the final exponentiation removes.

/// Doubles t and returns the tangent at p.
LineValue double_step(G2Jacobian& t, const G1& p) noexcept
{
    const Fq2 zz = t.z.square(), xx = t.x.square(), slope = xx.twice() + xx;
    const G2Jacobian next = t.twice();
    const LineValue line{(next.z * zz) * p.y, -((slope * zz) * p.x),
                         slope * t.x - t.y.square().twice()};
    t = next;
    return line;
}

/// Adds q to t and returns the line through both at p. t and q are never equal or opposite here:
/// t = k q with 1 < k < r - 1 for every k that the loop passes.
LineValue add_step(G2Jacobian& t, const G2& q, const G1& p) noexcept
{
    const Fq2 zz = t.z.square();
    const Fq2 r = q.y * (zz * t.z) - t.y;
    t += q;
    return {t.z * p.y, -(r * p.x), r * q.x - q.y * t.z};
}

LineValue evaluate(const G2Prepared::Line& line, const G1& p) noexcept
{
    return {{p.y, Fq::zero()}, -(line.slope * p.x), line.offset};
}

Fq12 final_exponentiation(const Fq12& x) noexcept
{
    const Fq12 easy = x.conjugate() * x.inverse();
    const Fq12 f = easy.frobenius<2>() * easy;
    // Chain of [FKR11] with E(a) = a^-u; conjugation inverts.
    const auto e = [](const Fq12& a) { return power_u(a).conjugate(); };
    const Fq12 y0 = e(f);
    const Fq12 y1 = y0.cyclotomic_square();
    const Fq12 y3 = y1.cyclotomic_square() * y1;
    const Fq12 y4 = e(y3);
    const Fq12 y6 = e(y4.cyclotomic_square());
    const Fq12 y7 = y6.conjugate() * y4;
    const Fq12 y8 = y7 * y3.conjugate();
    const Fq12 y9 = y8 * y1;
    const Fq12 y11 = y8 * y4 * f;
    const Fq12 y13 = y9.frobenius<1>() * y11;
    const Fq12 y14 = y8.frobenius<2>() * y13;
    return (f.conjugate() * y9).frobenius<3>() * y14;
}
}  // namespace

void prepare(const G2& q, G2Prepared& out) noexcept
{
    out.infinity = q.infinity;
    if (q.infinity)
        return;
    G2 t = q;
    std::size_t at = 0;
    const auto step = [&](const G2& other, bool tangent)
    {
        const Fq2 slope = tangent ? (t.x.square() + t.x.square().twice()) * t.y.twice().inverse()
                                  : (other.y - t.y) * (other.x - t.x).inverse();
        const Fq2 x = slope.square() - t.x - other.x;
        out.lines[at++] = {slope, slope * t.x - t.y};
        t = G2::from(x, slope * (t.x - x) - t.y);
    };
    for (int i = loop.count - 2; i >= 0; --i)
    {
        step(t, true);
        if (loop.digit[i] != 0)
            step(loop.digit[i] > 0 ? q : -q, false);
    }
    const G2 q1 = psi(q);
    step(q1, false);
    step(-psi(q1), false);
    MOTE_ASSERT(at == G2Prepared::line_count);
}

Gt pairing_product(const PairingTerm* terms, std::size_t count) noexcept
{
    MOTE_ASSERT(count <= terms_max);
    const PairingTerm* active[terms_max];
    G2Jacobian points[terms_max];
    std::size_t n = 0;
    for (std::size_t i = 0; i < count; ++i)
    {
        const bool q_infinity =
            terms[i].prepared != nullptr ? terms[i].prepared->infinity : terms[i].q.infinity;
        if (terms[i].p.infinity || q_infinity)
            continue;
        active[n] = &terms[i];
        if (terms[i].prepared == nullptr)
            points[n] = terms[i].q;
        ++n;
    }
    Fq12 f = Fq12::one();
    std::size_t line = 0;
    for (int i = loop.count - 2; i >= 0; --i)
    {
        f = f.square();
        for (std::size_t k = 0; k < n; ++k)
            f = multiply_by_line(f, active[k]->prepared != nullptr
                                        ? evaluate(active[k]->prepared->lines[line], active[k]->p)
                                        : double_step(points[k], active[k]->p));
        ++line;
        if (loop.digit[i] == 0)
            continue;
        for (std::size_t k = 0; k < n; ++k)
        {
            if (active[k]->prepared != nullptr)
                f = multiply_by_line(f, evaluate(active[k]->prepared->lines[line], active[k]->p));
            else
            {
                const G2 q = loop.digit[i] > 0 ? active[k]->q : -active[k]->q;
                f = multiply_by_line(f, add_step(points[k], q, active[k]->p));
            }
        }
        ++line;
    }
    for (std::size_t k = 0; k < n; ++k)
    {
        const G1& p = active[k]->p;
        if (active[k]->prepared != nullptr)
        {
            f = multiply_by_line(f, evaluate(active[k]->prepared->lines[line], p));
            f = multiply_by_line(f, evaluate(active[k]->prepared->lines[line + 1], p));
        }
        else
        {
            const G2 q1 = psi(active[k]->q);
            f = multiply_by_line(f, add_step(points[k], q1, p));
            f = multiply_by_line(f, add_step(points[k], -psi(q1), p));
        }
    }
    return {final_exponentiation(f)};
}

Gt pairing(const G1& p, const G2& q) noexcept
{
    const PairingTerm term{p, q, nullptr};
    return pairing_product(&term, 1);
}
}  // namespace mote::curve
