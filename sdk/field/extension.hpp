// The extension tower of pairing-friendly curves: Fp2, Fp6, Fp12 over any base field.
//
//   Fp2 = Fp[i] / (i^2 + 1),   Fp6 = Fp2[v] / (v^3 - xi),   Fp12 = Fp6[w] / (w^2 - v)
//
// xi = Tower::xi + i is the only thing that differs between BN254 (9 + i) and BLS12-381 (1 + i). The
// base may be a prime field or several independent values side by side (lanes.hpp): nothing here
// branches on a value. Coefficients are sums of products with one reduction each ([LONGA22]).
//
// Worked case: in Fp2, i * i == -1.
#pragma once

#include "field/prime_field.hpp"

namespace mote::field
{
template <class F>
struct Fp2
{
    F c0, c1;

    [[nodiscard]] static constexpr Fp2 zero() noexcept { return {F::zero(), F::zero()}; }
    [[nodiscard]] static constexpr Fp2 one() noexcept { return {F::one(), F::zero()}; }

    [[nodiscard]] friend constexpr Fp2 operator+(const Fp2& a, const Fp2& b) noexcept
    {
        return {a.c0 + b.c0, a.c1 + b.c1};
    }
    [[nodiscard]] friend constexpr Fp2 operator-(const Fp2& a, const Fp2& b) noexcept
    {
        return {a.c0 - b.c0, a.c1 - b.c1};
    }
    [[nodiscard]] friend constexpr Fp2 operator-(const Fp2& a) noexcept { return {-a.c0, -a.c1}; }
    [[nodiscard]] friend constexpr Fp2 operator*(const Fp2& a, const Fp2& b) noexcept
    {
        const F minus_b1 = -b.c1;
        return {F::template dot<2>({&a.c0, &a.c1}, {&b.c0, &minus_b1}),
                F::template dot<2>({&a.c0, &a.c1}, {&b.c1, &b.c0})};
    }
    [[nodiscard]] friend constexpr Fp2 operator*(const Fp2& a, const F& b) noexcept
    {
        return {a.c0 * b, a.c1 * b};
    }
    constexpr Fp2& operator+=(const Fp2& b) noexcept { return *this = *this + b; }
    constexpr Fp2& operator-=(const Fp2& b) noexcept { return *this = *this - b; }
    constexpr Fp2& operator*=(const Fp2& b) noexcept { return *this = *this * b; }
    [[nodiscard]] friend constexpr bool operator==(const Fp2& a, const Fp2& b) noexcept
    {
        return a.c0 == b.c0 && a.c1 == b.c1;
    }

    // Both are looked at, because the first may be secret.
    [[nodiscard]] constexpr bool is_zero() const noexcept
    {
        return (static_cast<unsigned>(c0.is_zero()) & static_cast<unsigned>(c1.is_zero())) != 0;
    }
    [[nodiscard]] constexpr Fp2 twice() const noexcept { return *this + *this; }
    [[nodiscard]] constexpr Fp2 half() const noexcept { return {c0.half(), c1.half()}; }
    [[nodiscard]] constexpr Fp2 square() const noexcept
    {
        return {(c0 + c1) * (c0 - c1), (c0 + c0) * c1};
    }
    [[nodiscard]] constexpr Fp2 conjugate() const noexcept { return {c0, -c1}; }
    /// 1 / this, and 0 for 0.
    [[nodiscard]] constexpr Fp2 inverse() const noexcept
    {
        return inverse_by([](const F& x) { return x.inverse(); });
    }
    /// The same in a time that depends on the value, which is public.
    [[nodiscard]] constexpr Fp2 inverse_vartime() const noexcept
    {
        return inverse_by([](const F& x) { return x.inverse_vartime(); });
    }
    /// 1 / this by way of one inverse in the base.
    template <class Invert>
    [[nodiscard]] constexpr Fp2 inverse_by(Invert invert) const noexcept
    {
        const F n = invert(F::template dot<2>({&c0, &c1}, {&c0, &c1}));
        return {c0 * n, -(c1 * n)};
    }

    /// A square root, false if there is none. The base prime is 3 mod 4.
    ///
    /// Source  complex method: with n = sqrt(norm), x = sqrt((c0 +- n) / 2), root = x + c1 / (2x) i.
    [[nodiscard]] constexpr bool sqrt(Fp2& root) const noexcept
    {
        F n, x;
        if (c1.is_zero())
        {
            if (c0.sqrt(x))
                root = {x, F::zero()};
            else if ((-c0).sqrt(x))
                root = {F::zero(), x};
            else
                return false;
            return true;
        }
        if (!F::template dot<2>({&c0, &c1}, {&c0, &c1}).sqrt(n))
            return false;
        if (!(c0 + n).half().sqrt(x) && !(c0 - n).half().sqrt(x))
            return false;
        root = {x, c1 * x.twice().inverse()};
        return root.square() == *this;
    }
};

/// (xi0 + i) * a for a small positive xi0.
template <unsigned Xi0, class F>
[[nodiscard]] constexpr Fp2<F> mul_by_xi(const Fp2<F>& a) noexcept
{
    if constexpr (Xi0 == 1)
        return {a.c0 - a.c1, a.c0 + a.c1};
    else
        return {F::template times_minus<Xi0>(a.c0, a.c1), F::template times_plus<Xi0>(a.c1, a.c0)};
}

template <class F, class Tower>
struct Fp6
{
    Fp2<F> c0, c1, c2;

    [[nodiscard]] static constexpr Fp6 zero() noexcept
    {
        return {Fp2<F>::zero(), Fp2<F>::zero(), Fp2<F>::zero()};
    }
    [[nodiscard]] static constexpr Fp6 one() noexcept
    {
        return {Fp2<F>::one(), Fp2<F>::zero(), Fp2<F>::zero()};
    }

    [[nodiscard]] friend constexpr Fp6 operator+(const Fp6& a, const Fp6& b) noexcept
    {
        return {a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2};
    }
    [[nodiscard]] friend constexpr Fp6 operator-(const Fp6& a, const Fp6& b) noexcept
    {
        return {a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2};
    }
    [[nodiscard]] friend constexpr Fp6 operator-(const Fp6& a) noexcept
    {
        return {-a.c0, -a.c1, -a.c2};
    }
    /// The right operand of a product, with xi and the signs of i^2 = -1 folded in. Worth keeping when
    /// it multiplies more than once.
    struct Factor
    {
        Fp6 b;
        Fp2<F> x1, x2;         ///< xi b1, xi b2
        F n0, n1, n2, m1, m2;  ///< minus the i-coefficients of b0, b1, b2, x1, x2

        explicit constexpr Factor(const Fp6& value) noexcept
            : b(value),
              x1(xi(value.c1)),
              x2(xi(value.c2)),
              n0(-value.c0.c1),
              n1(-value.c1.c1),
              n2(-value.c2.c1),
              m1(-x1.c1),
              m2(-x2.c1)
        {
        }
    };

    /// Schoolbook: 36 products and 6 reductions, which beats Karatsuba's fewer products as soon as an
    /// addition costs a tenth of a multiplication ([LONGA22] section 3).
    [[nodiscard]] friend constexpr Fp6 operator*(const Fp6& a, const Factor& f) noexcept
    {
        const Fp6& b = f.b;
        const F* const left[6] = {&a.c0.c0, &a.c0.c1, &a.c1.c0, &a.c1.c1, &a.c2.c0, &a.c2.c1};
        return {{F::template dot<6>(left, {&b.c0.c0, &f.n0, &f.x2.c0, &f.m2, &f.x1.c0, &f.m1}),
                 F::template dot<6>(left,
                                    {&b.c0.c1, &b.c0.c0, &f.x2.c1, &f.x2.c0, &f.x1.c1, &f.x1.c0})},
                {F::template dot<6>(left, {&b.c1.c0, &f.n1, &b.c0.c0, &f.n0, &f.x2.c0, &f.m2}),
                 F::template dot<6>(left,
                                    {&b.c1.c1, &b.c1.c0, &b.c0.c1, &b.c0.c0, &f.x2.c1, &f.x2.c0})},
                {F::template dot<6>(left, {&b.c2.c0, &f.n2, &b.c1.c0, &f.n1, &b.c0.c0, &f.n0}),
                 F::template dot<6>(left,
                                    {&b.c2.c1, &b.c2.c0, &b.c1.c1, &b.c1.c0, &b.c0.c1, &b.c0.c0})}};
    }
    // Not inlined: in lanes a Factor has kilobytes, and three of them would share a frame in Fp12.
    [[nodiscard]] [[gnu::noinline]] friend constexpr Fp6 operator*(const Fp6& a,
                                                                   const Fp6& b) noexcept
    {
        return a * Factor(b);
    }
    [[nodiscard]] friend constexpr bool operator==(const Fp6& a, const Fp6& b) noexcept
    {
        return a.c0 == b.c0 && a.c1 == b.c1 && a.c2 == b.c2;
    }

    [[nodiscard]] static constexpr Fp2<F> xi(const Fp2<F>& a) noexcept
    {
        return mul_by_xi<Tower::xi>(a);
    }
    /// v * this.
    [[nodiscard]] constexpr Fp6 mul_by_v() const noexcept { return {xi(c2), c0, c1}; }
    [[nodiscard]] constexpr bool is_zero() const noexcept
    {
        return c0.is_zero() && c1.is_zero() && c2.is_zero();
    }
    /// 1 / this, and 0 for 0.
    [[nodiscard]] constexpr Fp6 inverse() const noexcept
    {
        return inverse_by([](const F& x) { return x.inverse(); });
    }
    template <class Invert>
    [[nodiscard]] constexpr Fp6 inverse_by(Invert invert) const noexcept
    {
        const Fp2<F> t0 = c0.square() - xi(c1 * c2);
        const Fp2<F> t1 = xi(c2.square()) - c0 * c1;
        const Fp2<F> t2 = c1.square() - c0 * c2;
        const Fp2<F> d = (c0 * t0 + xi(c2 * t1 + c1 * t2)).inverse_by(invert);
        return {t0 * d, t1 * d, t2 * d};
    }
};

template <class F, class TowerT>
struct Fp12
{
    using Tower = TowerT;
    using Base = F;
    using Half = Fp6<F, Tower>;

    Half c0, c1;

    [[nodiscard]] static constexpr Fp12 one() noexcept { return {Half::one(), Half::zero()}; }

    [[nodiscard]] friend constexpr Fp12 operator*(const Fp12& a, const Fp12& b) noexcept
    {
        const Half t0 = a.c0 * b.c0, t1 = a.c1 * b.c1;
        return {t0 + t1.mul_by_v(), (a.c0 + a.c1) * (b.c0 + b.c1) - (t0 + t1)};
    }
    constexpr Fp12& operator*=(const Fp12& b) noexcept { return *this = *this * b; }
    [[nodiscard]] friend constexpr bool operator==(const Fp12& a, const Fp12& b) noexcept
    {
        return a.c0 == b.c0 && a.c1 == b.c1;
    }

    [[nodiscard]] constexpr bool is_zero() const noexcept { return c0.is_zero() && c1.is_zero(); }
    [[nodiscard]] constexpr Fp12 square() const noexcept
    {
        const Half t = c0 * c1;
        return {(c0 + c1) * (c0 + c1.mul_by_v()) - (t + t.mul_by_v()), t + t};
    }
    /// this^(p^6); the inverse of an element of the cyclotomic subgroup.
    [[nodiscard]] constexpr Fp12 conjugate() const noexcept { return {c0, -c1}; }
    [[nodiscard]] constexpr Fp12 inverse() const noexcept
    {
        return inverse_by([](const F& x) { return x.inverse(); });
    }
    /// The same in a time that depends on the value, which is public.
    [[nodiscard]] constexpr Fp12 inverse_vartime() const noexcept
    {
        return inverse_by([](const F& x) { return x.inverse_vartime(); });
    }
    template <class Invert>
    [[nodiscard]] constexpr Fp12 inverse_by(Invert invert) const noexcept
    {
        const Half d = (c0 * c0 - (c1 * c1).mul_by_v()).inverse_by(invert);
        return {c0 * d, -(c1 * d)};
    }

    /// Square of an element of the cyclotomic subgroup (order p^4 - p^2 + 1); wrong elsewhere.
    ///
    /// Cost    9 squarings in Fp2.
    /// Source  [GS10] section 3.1, on the coordinates (z0, z4, z3), (z2, z1, z5).
    [[nodiscard]] constexpr Fp12 cyclotomic_square() const noexcept
    {
        const auto [a0, a1] = square_fp4(c0.c0, c1.c1);
        const auto [b0, b1] = square_fp4(c1.c0, c0.c2);
        const auto [d0, d1] = square_fp4(c0.c1, c1.c2);
        const Fp2<F> x = Half::xi(d1);
        return {
            {three_minus_two(a0, c0.c0), three_minus_two(b0, c0.c1), three_minus_two(d0, c0.c2)},
            {three_plus_two(x, c1.c0), three_plus_two(a1, c1.c1), three_plus_two(b1, c1.c2)}};
    }

    /// this^(p^K).
    ///
    /// Cost    5 multiplications in Fp2 (K odd), or 10 in Fp (K = 2).
    /// Source  Tower::frobenius[k] = xi^(k (p - 1) / 6).
    template <int K>
    [[nodiscard]] constexpr Fp12 frobenius() const noexcept
    {
        if constexpr (K == 2)
        {
            const auto g = [](auto k) { return Tower::template frobenius_squared_as<F, k>(); };
            using std::integral_constant;
            return {{c0.c0, c0.c1 * g(integral_constant<int, 2>{}),
                     c0.c2 * g(integral_constant<int, 4>{})},
                    {c1.c0 * g(integral_constant<int, 1>{}), c1.c1 * g(integral_constant<int, 3>{}),
                     c1.c2 * g(integral_constant<int, 5>{})}};
        }
        else if constexpr (K == 3)
            return frobenius<2>().template frobenius<1>();
        else
        {
            static_assert(K == 1);
            const auto g = [](auto k) { return Tower::template frobenius_as<F, k>(); };
            using std::integral_constant;
            return {{c0.c0.conjugate(), c0.c1.conjugate() * g(integral_constant<int, 2>{}),
                     c0.c2.conjugate() * g(integral_constant<int, 4>{})},
                    {c1.c0.conjugate() * g(integral_constant<int, 1>{}),
                     c1.c1.conjugate() * g(integral_constant<int, 3>{}),
                     c1.c2.conjugate() * g(integral_constant<int, 5>{})}};
        }
    }

  private:
    struct Pair
    {
        Fp2<F> first, second;
    };
    /// (a + b s)^2 with s^2 = xi: a^2 + xi b^2 and 2ab.
    [[nodiscard]] static constexpr Pair square_fp4(const Fp2<F>& a, const Fp2<F>& b) noexcept
    {
        const Fp2<F> aa = a.square(), bb = b.square();
        return {aa + Half::xi(bb), (a + b).square() - (aa + bb)};
    }
    [[nodiscard]] static constexpr Fp2<F> three_minus_two(const Fp2<F>& t, const Fp2<F>& r) noexcept
    {
        return (t - r).twice() + t;
    }
    [[nodiscard]] static constexpr Fp2<F> three_plus_two(const Fp2<F>& t, const Fp2<F>& r) noexcept
    {
        return (t + r).twice() + t;
    }
};
}  // namespace mote::field
