// BLS12-381: the two primes, and the parameter x they come from.
//
// Source  [BLS-SIG] (its curve draft); x = -0xd201000000010000, r = x^4 - x^2 + 1 (scalar field),
//         p = (x - 1)^2 r / 3 + x (base field). tests/sdk/field/bls12_381_params_test.cpp recomputes both.
#pragma once

#include "field/limbs.hpp"

namespace mote::field
{
/// |x|; x itself is negative.
inline constexpr std::uint64_t bls12_381_x = 0xd201000000010000;

/// `secret`: values may be made from secret keys, so masks are kept from becoming branches.
struct Bls12_381Fq
{
    static constexpr std::size_t limbs = 6;
    static constexpr std::size_t bits = 381;
    static constexpr bool secret = true;
    static constexpr Limbs<6> modulus{0xb9feffffffffaaab, 0x1eabfffeb153ffff, 0x6730d2a0f6b0f624,
                                      0x64774b84f38512bf, 0x4b1ba7b6434bacd7, 0x1a0111ea397fe69a};
};

struct Bls12_381Fr
{
    static constexpr std::size_t limbs = 4;
    static constexpr std::size_t bits = 255;
    static constexpr bool secret = true;
    static constexpr Limbs<4> modulus{0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805,
                                      0x73eda753299d7d48};
};
}  // namespace mote::field
