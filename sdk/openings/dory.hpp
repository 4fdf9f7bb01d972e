// Dory: verifies that a combination of commitments opens to a value at a point.
//
// The protocol of [DORY] folds a 2^nu x 2^sigma matrix in sigma rounds. Followed literally it costs
// ten GT exponentiations a round; but every element it combines is known once all messages are in,
// so the right-hand side is one product of powers, and E1 and E2 are one multi-scalar multiplication
// each. With w1_0 = 1/d, w2_0 = d, w1_j = 1/beta_j, w2_j = beta_j (j = rounds remaining) it is
//
//   prod C_i^(coefficient_i w1_sigma) * vmv.d2^(beta_sigma + d^2) * vmv.c * chi[sigma] * ht^(s1 s2)
//   * prod_k c_plus^alpha c_minus^(1/alpha) d1_left^(alpha w1_{k-1}) d1_right^(w1_{k-1})
//            d2_left^(w2_{k-1}/alpha) d2_right^(w2_{k-1}) delta_1r[k]^(beta w1_{k-1})
//            delta_2r[k]^(w2_{k-1}/beta)
//   * prod_{j < sigma} chi[j]^(1 + alpha beta w1_j + w2_j / (alpha beta)),  alpha, beta of round j + 1
//
// and must equal
//
//   e(A, final.e2) * e(h1, -gamma (E2 + [s1/d] g2_0)) * e(-1/gamma (E1 + [d s2] g1_0), h2)
//   * e([d^2] E1_0 + [1/d] A, g2_0)        with A = final.e1 + [d] g1_0.
//
// Source  [DORY] src/evaluation_proof.rs and src/reduce_and_fold.rs, regrouped; the transparent mode.
#pragma once

#include <span>

#include "openings/dory_proof.hpp"
#include "openings/dory_setup.hpp"
#include "port/observer.hpp"
#include "transcript/transcript.hpp"

namespace mote::openings
{
using field::Fr;

/// A commitment and its weight in the combination that is opened.
struct WeightedCommitment
{
    const curve::Gt* commitment = nullptr;
    Fr coefficient;
};

/// The group elements of a DoryProof, in their subgroups.
struct DoryElements
{
    struct Round
    {
        curve::G1 e1_beta, e1_plus, e1_minus;
        curve::G2 e2_beta, e2_plus, e2_minus;
    };
    const curve::Gt* vmv = nullptr;     ///< c, d2
    const curve::Gt* first = nullptr;   ///< per round: d1_left, d1_right, d2_left, d2_right
    const curve::Gt* second = nullptr;  ///< per round: c_plus, c_minus
    const Round* rounds = nullptr;
    curve::G1 vmv_e1, final_e1;
    curve::G2 final_e2;
};

/// Number of GT elements in a proof of `rounds` rounds.
[[nodiscard]] constexpr std::size_t dory_gt_count(std::size_t rounds) noexcept
{
    return 2 + 6 * rounds;
}

/// Checks what can be checked before any group operation: nu + sigma = variables, the balanced split
/// sigma = ceil(variables / 2), as many rounds as columns, and a setup that is large enough.
///
/// Upstream accepts any nu <= sigma. An unbalanced split would read commitments made in one matrix
/// shape in another, which no honest prover does.
///
/// Errors  rejected at Stage::dory with opening_shape.
[[nodiscard]] Status check_dory_shape(const DoryProof& proof, std::size_t variables,
                                      std::uint32_t m, Report& report) noexcept;

/// Scratch bytes that verify_dory() takes for `commitments` commitments and `sigma` rounds.
[[nodiscard]] std::size_t dory_scratch_bytes(std::size_t commitments, std::size_t sigma) noexcept;

/// Decides whether sum_i coefficient_i C_i opens to `value` at `point`.
///
/// Shape   point: first coordinate = most significant index bit; check_dory_shape() said ok.
/// Errors  rejected at Stage::dory with zero_challenge or pairing_equation.
///         The observer is told of dory_powers, dory_points and dory_pairing.
/// Cost    one product of 9 sigma + 5 + commitments powers in GT, two MSMs of 3 sigma + 2 points,
///         four Miller loops (two with prepared lines), one final exponentiation.
[[nodiscard]] Status verify_dory(const DorySetup& setup, const DoryProof& proof,
                                 const DoryElements& elements,
                                 std::span<const WeightedCommitment> commitments,
                                 std::span<const Fr> point, const Fr& value,
                                 transcript::Transcript& transcript, Arena& arena,
                                 const Observer& observer, Report& report) noexcept;
}  // namespace mote::openings
