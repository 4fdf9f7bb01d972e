// Maps field elements to G1 of BLS12-381, as the precompiled contract of EIP-2537 does.
#pragma once

#include "curve/bls12_381.hpp"

namespace mote::evm
{
/// The simplified SWU map onto an 11-isogenous curve, the isogeny, and the cofactor cleared.
///
/// Cost    two exponentiations in Fq, an inversion, and a multiplication by the 64-bit |x|.
/// Source  [RFC9380] sections 6.6.3 and 8.8.1 (Z = 11, h_eff = 1 - x), appendix E.2.
[[nodiscard]] curve::bls12_381::G1Jacobian map_to_g1(const curve::bls12_381::Fq& u) noexcept;
}  // namespace mote::evm
