// BLS12-381's extension tower: xi = 1 + i and the Frobenius constants.
//
// Source  [BLS-SIG] (its curve draft, section 2.5); frobenius[k] = xi^(k (p - 1) / 6).
#pragma once

#include "field/bls12_381.hpp"
#include "field/extension.hpp"

namespace mote::field::bls12_381
{
using Fq2 = Fp2<Fq>;

struct Tower
{
    static constexpr unsigned xi = 1;
    static const Fq2 frobenius[6];
    static const Fq frobenius_squared[6];

    template <class F, int K>
    [[nodiscard]] static constexpr Fp2<F> frobenius_as() noexcept
    {
        static_assert(std::is_same_v<F, Fq>);
        return frobenius[K];
    }
    template <class F, int K>
    [[nodiscard]] static constexpr F frobenius_squared_as() noexcept
    {
        static_assert(std::is_same_v<F, Fq>);
        return frobenius_squared[K];
    }
};

namespace detail
{
/// xi^((p - 1) / 6), too long a power for a constant expression. tests/tools/bls12_381_constants.py.
inline constexpr Fq2 frobenius_1{
    Fq::from_integer({0x8d0775ed92235fb8, 0xf67ea53d63e7813d, 0x7b2443d784bab9c4,
                      0x0fd603fd3cbd5f4f, 0xc231beb4202c0d1f, 0x1904d3bf02bb0667}),
    Fq::from_integer({0x2cf78a126ddc4af3, 0x282d5ac14d6c7ec2, 0xec0c8ec971f63c5f,
                      0x54a14787b6c7b36f, 0x88e9e902231f9fb8, 0x00fc3e2b36c4e032})};

constexpr Fq2 frobenius(int k) noexcept
{
    Fq2 result = Fq2::one();
    for (int i = 0; i < k; ++i)
        result = result * frobenius_1;
    return result;
}

/// g * conj(g), an element of Fq.
constexpr Fq frobenius_norm(int k) noexcept
{
    const Fq2 g = frobenius(k);
    return g.c0 * g.c0 + g.c1 * g.c1;
}
}  // namespace detail

inline constexpr Fq2 Tower::frobenius[6] = {detail::frobenius(0), detail::frobenius(1),
                                            detail::frobenius(2), detail::frobenius(3),
                                            detail::frobenius(4), detail::frobenius(5)};
inline constexpr Fq Tower::frobenius_squared[6] = {
    detail::frobenius_norm(0), detail::frobenius_norm(1), detail::frobenius_norm(2),
    detail::frobenius_norm(3), detail::frobenius_norm(4), detail::frobenius_norm(5)};

using Fq6 = Fp6<Fq, Tower>;
using Fq12 = Fp12<Fq, Tower>;
}  // namespace mote::field::bls12_381
