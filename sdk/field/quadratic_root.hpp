// Square roots in Fp2 by two exponentiations in Fp, for primes that are 3 mod 4.
//
// With n^2 = norm(a), t = (a0 + n) / 2 and s = t^((p - 3) / 4), one power gives the root of t and its
// inverse at once; if t is no square, r = s t has r^2 = -t and serves as the other coordinate, because
// (a0 + n) (a0 - n) / 4 = -(a1 / 2)^2. The root of the norm is the caller's, so that one who needs the
// root of either a or k a (the simplified SWU map) pays for it once.
//
// Worked case: a = -1 has norm 1, n = 1, t = 0, so n is turned around: t = -1, s = -1 or 1, root = i.
#pragma once

#include "field/extension.hpp"

namespace mote::field
{
template <class F>
[[nodiscard]] constexpr F norm(const Fp2<F>& a) noexcept
{
    return F::template dot<2>({&a.c0, &a.c1}, {&a.c0, &a.c1});
}

/// c = n^((p + 1) / 4): c^2 = n, or -n if n is no square.
template <class F>
[[nodiscard]] constexpr F root_or_root_of_negative(const F& n) noexcept
{
    return n.inverse_root() * n;
}

/// A square root of `a`, given a root of its norm.
///
/// Shape   norm_root: its square is norm(a).
/// Cost    one exponentiation.
/// Timing  variable; a is public.
template <class F>
[[nodiscard]] constexpr Fp2<F> root_by_norm(const Fp2<F>& a, const F& norm_root) noexcept
{
    F t = (a.c0 + norm_root).half();
    if (t.is_zero())
        t = a.c0;  // then a1 = 0 and the other sign of the norm's root gives (a0 + a0) / 2
    const F s = t.inverse_root(), r = s * t, other = (a.c1 * s).half();
    if (r.square() == t)
        return {r, other};
    return {-other, r};
}

/// Writes a square root of `a`, false if there is none.
///
/// Cost    two exponentiations.
/// Timing  variable; a is public.
template <class F>
[[nodiscard]] constexpr bool quadratic_root(const Fp2<F>& a, Fp2<F>& root) noexcept
{
    const F n = norm(a), c = root_or_root_of_negative(n);
    if (!(c.square() == n))
        return false;
    root = root_by_norm(a, c);
    return true;
}
}  // namespace mote::field
