// The optimal ate pairing on BN254, with the exponent that Jolt's provers and setups use.
//
//   e(P, Q) = (f_{6u+2,Q}(P) * two Frobenius lines)^((p^12 - 1) / r * 2u (6u^2 + 3u + 1))
//
// The extra factor comes from the final exponentiation of [FKR11] as arkworks implements it. It is
// prime to r, so nothing is lost, but an implementation with another multiple rejects every real
// proof. Worked case: e(2P, Q) == e(P, Q)^2.
#pragma once

#include "curve/gt.hpp"

namespace mote::curve
{
/// The lines of a Miller loop for a fixed second argument.
struct G2Prepared
{
    static constexpr std::size_t line_count = 65 + 21 + 2;

    /// A line through points of the twist, to be evaluated at P: y_P - slope x_P w + offset w^3.
    struct Line
    {
        Fq2 slope, offset;
    };
    Line lines[line_count];
    bool infinity = true;
};

/// Computes the lines for `q`, a point of G2.
///
/// Cost    88 inversions in Fq2, about 1 ms; for points that stay.
void prepare(const G2& q, G2Prepared& out) noexcept;

/// One factor e(p, q) of a product; exactly one of q and prepared is used.
struct PairingTerm
{
    G1 p;
    G2 q;
    const G2Prepared* prepared = nullptr;
};

/// prod_i e(p_i, q_i) with one final exponentiation. Terms with infinity on either side count as 1.
///
/// Shape   count <= 8. All q in G2 (see in_subgroup), all p on the curve.
[[nodiscard]] Gt pairing_product(const PairingTerm* terms, std::size_t count) noexcept;

[[nodiscard]] Gt pairing(const G1& p, const G2& q) noexcept;
}  // namespace mote::curve
