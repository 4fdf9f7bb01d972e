// The optimal ate pairing on BLS12-381, and products of it with one final exponentiation.
//
//   e(P, Q) = conj(f_{|x|,Q}(P))^((p^12 - 1) / r * 3)
//
// The factor 3 comes with the usual final exponentiation; it is prime to r and everybody's, so values
// agree with those of other libraries. Worked case: e(2P, Q) == e(P, Q)^2.
#pragma once

#include <span>

#include "curve/bls12_381.hpp"

namespace mote::curve::bls12_381
{
/// One factor e(p, q) of a product: p on the curve, q in G2.
struct PairingTerm
{
    G1 p;
    G2 q;
};

/// An element of Fq12 before the final exponentiation; a product of Miller loops is one too.
struct MillerValue
{
    Fq12 value = Fq12::one();

    MillerValue& operator*=(const MillerValue& b) noexcept
    {
        value *= b.value;
        return *this;
    }
};

inline constexpr std::size_t pairing_terms_max = 8;

/// The product of the terms' Miller loops, which share their squarings. Infinity counts as 1.
///
/// Shape   at most pairing_terms_max terms (asserted).
/// Cost    63 squarings in Fq12 and, for each term, 68 steps on the twist.
[[nodiscard]] MillerValue miller_product(std::span<const PairingTerm> terms) noexcept;

/// miller.value^((p^12 - 1) / r * 3).
///
/// Source  [HHT20] section 4: (x - 1)^2 (x + p) (x^2 + p^2 - 1) + 3 for the hard part.
[[nodiscard]] Fq12 final_exponentiation(const MillerValue& miller) noexcept;

/// prod_i e(p_i, q_i).
[[nodiscard]] Fq12 pairing_product(std::span<const PairingTerm> terms) noexcept;
[[nodiscard]] Fq12 pairing(const G1& p, const G2& q) noexcept;
}  // namespace mote::curve::bls12_381
