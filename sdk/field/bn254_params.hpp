// BN254 (alt_bn128): the two primes, and the parameter u they come from.
//
// Source  [JOLT] uses ark-bn254; u = 4965661367192848881,
//         p = 36u^4 + 36u^3 + 24u^2 + 6u + 1 (base field),
//         r = 36u^4 + 36u^3 + 18u^2 + 6u + 1 (scalar field), p - r = 6u^2.
//         tests/sdk/field/bn254_params_test.cpp recomputes both from u.
#pragma once

#include "field/limbs.hpp"

namespace mote::field
{
inline constexpr std::uint64_t bn254_u = 0x44e992b44a6909f1;

/// `secret`: nothing here is, see bls12_381_params.hpp.
struct Bn254Fq
{
    static constexpr std::size_t limbs = 4;
    static constexpr std::size_t bits = 254;
    static constexpr bool secret = false;
    static constexpr Limbs<4> modulus{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d,
                                      0x30644e72e131a029};
};

struct Bn254Fr
{
    static constexpr std::size_t limbs = 4;
    static constexpr std::size_t bits = 254;
    static constexpr bool secret = false;
    static constexpr Limbs<4> modulus{0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d,
                                      0x30644e72e131a029};
};
}  // namespace mote::field
