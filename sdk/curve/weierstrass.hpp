// Points of y^2 = x^3 + b over any field, in affine and Jacobian coordinates.
//
// An adversary chooses the points, so every formula handles every case: infinity, equal points,
// opposite points. Functions branch on values and are for public data (_vartime is implied here;
// signing uses its own code). Worked case: P + (-P) is infinity.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mote::curve
{
template <class F>
struct Affine
{
    F x, y;
    bool infinity = true;

    [[nodiscard]] static constexpr Affine from(const F& x, const F& y) noexcept
    {
        return {x, y, false};
    }
    [[nodiscard]] friend constexpr Affine operator-(const Affine& p) noexcept
    {
        return {p.x, -p.y, p.infinity};
    }
    [[nodiscard]] friend constexpr bool operator==(const Affine& a, const Affine& b) noexcept
    {
        return a.infinity || b.infinity ? a.infinity == b.infinity : a.x == b.x && a.y == b.y;
    }
};

template <class F>
[[nodiscard]] constexpr bool on_curve(const Affine<F>& p, const F& b) noexcept
{
    return p.infinity || p.y.square() == p.x.square() * p.x + b;
}

/// x = X / Z^2, y = Y / Z^3; infinity has Z = 0.
template <class F>
struct Jacobian
{
    F x = F::one(), y = F::one(), z = F::zero();

    constexpr Jacobian() noexcept = default;
    constexpr Jacobian(const F& x_in, const F& y_in, const F& z_in) noexcept
        : x(x_in), y(y_in), z(z_in)
    {
    }
    constexpr Jacobian(const Affine<F>& p) noexcept  // NOLINT(google-explicit-constructor)
        : x(p.infinity ? F::one() : p.x),
          y(p.infinity ? F::one() : p.y),
          z(p.infinity ? F::zero() : F::one())
    {
    }

    [[nodiscard]] constexpr bool is_infinity() const noexcept { return z.is_zero(); }
    [[nodiscard]] friend constexpr Jacobian operator-(const Jacobian& p) noexcept
    {
        return {p.x, -p.y, p.z};
    }
    [[nodiscard]] friend constexpr bool operator==(const Jacobian& a, const Jacobian& b) noexcept
    {
        if (a.is_infinity() || b.is_infinity())
            return a.is_infinity() == b.is_infinity();
        const F aa = a.z.square(), bb = b.z.square();
        return a.x * bb == b.x * aa && a.y * (bb * b.z) == b.y * (aa * a.z);
    }

    /// Cost    2 multiplications, 5 squarings.
    /// Source  "dbl-2009-l" of the explicit-formulas database.
    [[nodiscard]] constexpr Jacobian twice() const noexcept
    {
        const F a = x.square(), b = y.square(), c = b.square();
        const F d = ((x + b).square() - (a + c)).twice();
        const F e = a.twice() + a;
        const F x3 = e.square() - d.twice();
        return {x3, e * (d - x3) - c.twice().twice().twice(), (y * z).twice()};
    }

    [[nodiscard]] friend constexpr Jacobian operator+(const Jacobian& p,
                                                      const Affine<F>& q) noexcept
    {
        if (q.infinity)
            return p;
        if (p.is_infinity())
            return q;
        const F zz = p.z.square();
        return add_difference(p, p.x, p.y, q.x * zz - p.x, q.y * (zz * p.z) - p.y, p.z);
    }
    [[nodiscard]] friend constexpr Jacobian operator+(const Jacobian& p, const Jacobian& q) noexcept
    {
        if (q.is_infinity())
            return p;
        if (p.is_infinity())
            return q;
        const F pp = p.z.square(), qq = q.z.square();
        const F u = p.x * qq, s = p.y * (qq * q.z);
        return add_difference(p, u, s, q.x * pp - u, q.y * (pp * p.z) - s, p.z * q.z);
    }
    /// The sum with a point that is neither this one nor its negative, when neither is infinity.
    ///
    /// Cost    8 multiplications, 3 squarings.
    /// Timing  a straight line of field operations.
    [[nodiscard]] constexpr Jacobian plus_other(const Affine<F>& q) const noexcept
    {
        const F zz = z.square();
        return chord(x, y, q.x * zz - x, q.y * (zz * z) - y, z);
    }
    constexpr Jacobian& operator+=(const Affine<F>& q) noexcept { return *this = *this + q; }
    constexpr Jacobian& operator+=(const Jacobian& q) noexcept { return *this = *this + q; }

    [[nodiscard]] constexpr Affine<F> to_affine() const noexcept
    {
        if (is_infinity())
            return {};
        const F w = z.inverse(), ww = w.square();
        return Affine<F>::from(x * ww, y * (ww * w));
    }
    /// The same, faster.
    [[nodiscard]] constexpr Affine<F> to_affine_vartime() const noexcept
    {
        if (is_infinity())
            return {};
        const F w = z.inverse_vartime(), ww = w.square();
        return Affine<F>::from(x * ww, y * (ww * w));
    }

  private:
    /// Adds a point that differs from (u, s) by (h, r) when both are scaled to the same Z = `zz`.
    ///
    /// Source  "add-2007-bl" without its extra squarings: 4 or 5 multiplications, 2 squarings.
    [[nodiscard]] static constexpr Jacobian add_difference(const Jacobian& p, const F& u,
                                                           const F& s, const F& h, const F& r,
                                                           const F& zz) noexcept
    {
        if (h.is_zero())
            return r.is_zero() ? p.twice() : Jacobian{};
        return chord(u, s, h, r, zz);
    }
    [[nodiscard]] static constexpr Jacobian chord(const F& u, const F& s, const F& h, const F& r,
                                                  const F& zz) noexcept
    {
        const F hh = h.square(), hhh = h * hh, v = u * hh;
        const F x3 = r.square() - (hhh + v.twice());
        return {x3, r * (v - x3) - s * hhh, zz * h};
    }
};

/// Converts `count` points with one inversion.
///
/// Shape   scratch: 2 * count field elements.
template <class F>
void to_affine(Affine<F>* out, const Jacobian<F>* in, std::size_t count, F* scratch) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        scratch[i] = in[i].z;
    F running = F::one();
    F* const before = scratch + count;
    for (std::size_t i = 0; i < count; ++i)
    {
        before[i] = running;
        if (!scratch[i].is_zero())
            running = running * scratch[i];
    }
    F inverse = running.inverse_vartime();
    for (std::size_t i = count; i-- > 0;)
    {
        if (in[i].is_infinity())
        {
            out[i] = {};
            continue;
        }
        const F w = inverse * before[i], ww = w.square();
        inverse = inverse * scratch[i];
        out[i] = Affine<F>::from(in[i].x * ww, in[i].y * (ww * w));
    }
}

/// e * p by double and add, for an integer of any size.
template <class F, std::size_t N>
[[nodiscard]] constexpr Jacobian<F> multiply_vartime(const Affine<F>& p,
                                                     const std::array<std::uint64_t, N>& e) noexcept
{
    Jacobian<F> result;
    for (std::size_t i = 64 * N; i-- > 0;)
    {
        result = result.twice();
        if (((e[i / 64] >> (i % 64)) & 1) != 0)
            result += p;
    }
    return result;
}
}  // namespace mote::curve
