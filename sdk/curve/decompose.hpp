// Scalar decomposition: one 254-bit scalar becomes several short ones, by cheap endomorphisms.
//
//   G1       (x, y) -> (beta x, y)    multiplies by lambda, 2 parts of about 127 bits   [GLV]
//   G2, GT   psi, the Frobenius map   multiplies by p = 6u^2 mod r, 4 parts of about 65 bits  [GLS]
//
// Valid only inside the prime-order subgroup: elsewhere the endomorphism is not multiplication by
// that number. Worked case: e = 6u^2 decomposes in GT into parts equivalent to (0, 1, 0, 0).
#pragma once

#include "field/bn254.hpp"

namespace mote::curve
{
using field::Fr;

/// A signed part of a scalar, |value| < 2^128.
struct Part
{
    std::uint64_t lo, hi;  ///< magnitude
    bool negative;
};

/// Bits that a part of decompose_4 can take, sign excluded.
///
/// Source  Babai rounding leaves at most half the column sums of the basis: 4u + 2 < 2^65.
inline constexpr std::uint32_t part_bits_4 = 65;
/// The same for decompose_2: half of (2u + 1) + (6u^2 + 4u + 1) < 2^127.
inline constexpr std::uint32_t part_bits_2 = 127;

/// Splits e so that e = sum_i parts[i] * p^i mod r.
///
/// Cost    about 40 word multiplications.
void decompose_4(const Fr::Integer& e, Part (&parts)[4]) noexcept;

/// Splits e so that e = parts[0] + parts[1] * lambda mod r.
void decompose_2(const Fr::Integer& e, Part (&parts)[2]) noexcept;

/// lambda of decompose_2.
inline constexpr field::Limbs<4> glv_lambda{0x8b17ea66b99c90dd, 0x5bfc41088d8daaa7,
                                            0xb3c4d79d41a91758, 0};
}  // namespace mote::curve
