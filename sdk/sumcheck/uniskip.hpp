// Uniskip: one round over a small integer domain instead of several over {0, 1}.
//
// The prover sends one univariate polynomial with all its coefficients; it must sum to the claim over
// N integers around zero, and its value at a challenge becomes the claim of the rounds that follow.
// Worked case: N = 3, coefficients 1, 2, 3: the sum over -1, 0, 1 is 9, so the claim must be 9, and
// at the challenge 2 the reduced claim must be 1 + 4 + 12 = 17.
//
// Source  [JOLT] crates/jolt-verifier/src/stages/uniskip.rs, crates/jolt-sumcheck/src/domain.rs.
#pragma once

#include "sumcheck/views.hpp"
#include "sumcheck/where.hpp"
#include "transcript/transcript.hpp"

namespace mote::sumcheck
{
/// Largest degree of a uniskip polynomial.
inline constexpr std::uint32_t uniskip_degree_max = 27;

/// What a uniskip round has to show.
struct Uniskip
{
    Fr claim;              ///< sum over the domain
    Fr reduced;            ///< value at the challenge, as the proof claims it
    std::uint32_t degree;  ///< largest degree allowed, at most uniskip_degree_max
};

/// Checks the round, draws its challenge and absorbs the reduced claim.
///
/// Units   N: 3 or 10, the size of the domain.
/// Errors  sumcheck_form: not a list of full polynomials. round_count: not exactly one. round_degree:
///         too many coefficients; none at all mean zero. uniskip_sum, uniskip_claim: the two checks.
/// Cost    4 multiplications a coefficient and one hash each.
template <std::size_t N>
Status verify_uniskip(const Uniskip& round, const RoundsView& proof, Where where,
                      transcript::Transcript& transcript, Fr& challenge, Report& report) noexcept;

extern template Status verify_uniskip<3>(const Uniskip&, const RoundsView&, Where,
                                         transcript::Transcript&, Fr&, Report&) noexcept;
extern template Status verify_uniskip<10>(const Uniskip&, const RoundsView&, Where,
                                          transcript::Transcript&, Fr&, Report&) noexcept;
}  // namespace mote::sumcheck
