// The algebraic torus T2: cyclotomic elements up to a factor from Fq6, where products are cheaper.
//
// A cyclotomic g = c0 + c1 w with c1 != 0 and the monic a + w, a = c0 / c1, differ by the factor c1
// from Fq6. Classes modulo Fq6* multiply like their members, and
//
//     (x + y w)(a + w) = (x a + v y) + (x + y a) w
//
// takes two products in Fq6 where Fq12 takes three. No class is lost: only 1 and -1 are both
// cyclotomic and in Fq6, and the order of the cyclotomic subgroup is odd. From any member z of the
// class of g, z / conj(z) = g^2; so a product of powers is computed with halved exponents.
//
// Worked case: the class of conj(g) is -a, and that of g^p is a^p / xi^((p-1)/6).
//
// Source  torus-based cryptography, Rubin and Silverberg (CRYPTO 2003); the mixed product is direct.
#pragma once

#include "field/bn254_tower.hpp"

namespace mote::curve
{
using field::Fq12;
using field::Fq6;

/// (x + y w)(a + w) for f = x + y w.
template <class F, class Tower>
[[nodiscard]] constexpr field::Fp12<F, Tower> multiply_by_monic(
    const field::Fp12<F, Tower>& f, const field::Fp6<F, Tower>& a) noexcept
{
    const typename field::Fp6<F, Tower>::Factor factor(a);
    return {f.c0 * factor + f.c1.mul_by_v(), f.c0 + f.c1 * factor};
}

/// a of the class of (a + w)^p.
[[nodiscard]] Fq6 torus_frobenius(const Fq6& a) noexcept;
/// a of the class of (a + w)^(p^2).
[[nodiscard]] Fq6 torus_frobenius_2(const Fq6& a) noexcept;

/// Computes a = c0 / c1 of `count` cyclotomic elements with one inversion.
///
/// Shape   scratch: count elements. Where an element is 1 (c1 = 0), is_one[i] is set and out[i] is 0.
/// Cost    four products in Fq6 for each.
void to_torus(Fq6* out, bool* is_one, const Fq12* const* elements, std::size_t count,
              Fq6* scratch) noexcept;

/// z / conj(z): the square of the cyclotomic element whose class z represents.
[[nodiscard]] Fq12 from_torus_squared(const Fq12& z) noexcept;
}  // namespace mote::curve
