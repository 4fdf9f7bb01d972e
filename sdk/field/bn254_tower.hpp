// BN254's extension tower: xi = 9 + i and the Frobenius constants.
//
// Source  [BN05]; the tower is the one of [JOLT]'s ark-bn254. frobenius[k] = xi^(k (p - 1) / 6).
#pragma once

#include "field/bn254.hpp"
#include "field/extension.hpp"

namespace mote::field
{
using Fq2 = Fp2<Fq>;

struct Bn254Tower
{
    static constexpr unsigned xi = 9;
    static const Fq2 frobenius[6];
    static const Fq frobenius_squared[6];

    /// frobenius[K] in the form that F computes with, converted at compile time.
    template <class F, int K>
    [[nodiscard]] static constexpr Fp2<F> frobenius_as() noexcept;
    /// frobenius_squared[K] likewise.
    template <class F, int K>
    [[nodiscard]] static constexpr F frobenius_squared_as() noexcept;
};

namespace detail
{
/// xi^((p - 1) / 6), the one constant that is written out: computing it exceeds what compilers grant a
/// constant expression. tests/sdk/field/ recomputes it.
inline constexpr Fq2 bn254_frobenius_1{Fq::from_integer({0xd60b35dadcc9e470, 0x5c521e08292f2176,
                                                         0xe8b99fdd76e68b60, 0x1284b71c2865a7df}),
                                       Fq::from_integer({0xca5cf05f80f362ac, 0x747992778eeec7e5,
                                                         0xa6327cfe12150b8e, 0x246996f3b4fae7e6})};

constexpr Fq2 bn254_frobenius(int k) noexcept
{
    Fq2 result = Fq2::one();
    for (int i = 0; i < k; ++i)
        result = result * bn254_frobenius_1;
    return result;
}

/// g * conj(g), an element of Fq.
constexpr Fq bn254_frobenius_norm(int k) noexcept
{
    const Fq2 g = bn254_frobenius(k);
    return g.c0 * g.c0 + g.c1 * g.c1;
}
}  // namespace detail

inline constexpr Fq2 Bn254Tower::frobenius[6] = {
    detail::bn254_frobenius(0), detail::bn254_frobenius(1), detail::bn254_frobenius(2),
    detail::bn254_frobenius(3), detail::bn254_frobenius(4), detail::bn254_frobenius(5)};
inline constexpr Fq Bn254Tower::frobenius_squared[6] = {
    detail::bn254_frobenius_norm(0), detail::bn254_frobenius_norm(1),
    detail::bn254_frobenius_norm(2), detail::bn254_frobenius_norm(3),
    detail::bn254_frobenius_norm(4), detail::bn254_frobenius_norm(5)};

namespace detail
{
/// The constant that `Of::value` is, in the representation of F.
template <class F, class Of>
[[nodiscard]] constexpr F constant_as() noexcept
{
    if constexpr (std::is_same_v<F, Fq>)
        return Of::value;
    else
    {
        constexpr auto narrow = F::narrow(Of::value);
        return F::constant(narrow);
    }
}

// A template argument that refers to a part of an object needs clang 18; these types do not.
template <int K, int Part>
struct Frobenius
{
    static constexpr Fq value =
        Part == 0 ? Bn254Tower::frobenius[K].c0 : Bn254Tower::frobenius[K].c1;
};
template <int K>
struct FrobeniusSquared
{
    static constexpr Fq value = Bn254Tower::frobenius_squared[K];
};
}  // namespace detail

template <class F, int K>
constexpr Fp2<F> Bn254Tower::frobenius_as() noexcept
{
    return {detail::constant_as<F, detail::Frobenius<K, 0>>(),
            detail::constant_as<F, detail::Frobenius<K, 1>>()};
}
template <class F, int K>
constexpr F Bn254Tower::frobenius_squared_as() noexcept
{
    return detail::constant_as<F, detail::FrobeniusSquared<K>>();
}

using Fq6 = Fp6<Fq, Bn254Tower>;
using Fq12 = Fp12<Fq, Bn254Tower>;
}  // namespace mote::field
