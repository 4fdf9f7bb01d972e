// The groups of BN254: G1 on y^2 = x^3 + 3 over Fq, G2 on the twist y^2 = x^3 + 3 / (9 + i) over Fq2.
//
// G1 has prime order r, so every point of the curve belongs to it. The twist's order is r (2p - r),
// so a point must be tested before any endomorphism is used on it.
//
// Source  [BN05]; generators as in EIP-197. The generators take no part in Jolt proofs.
#pragma once

#include "curve/weierstrass.hpp"
#include "field/bn254_tower.hpp"

namespace mote::curve
{
using field::Fq;
using field::Fq12;
using field::Fq2;
using field::Fr;

using G1 = Affine<Fq>;
using G2 = Affine<Fq2>;
using G1Jacobian = Jacobian<Fq>;
using G2Jacobian = Jacobian<Fq2>;

inline constexpr Fq g1_b = Fq::from_u64(3);
inline constexpr Fq2 g2_b =
    Fq2{Fq::from_u64(3), Fq::zero()} * Fq2{Fq::from_u64(9), Fq::one()}.inverse();

inline constexpr G1 g1_generator = G1::from(Fq::one(), Fq::from_u64(2));
inline constexpr G2 g2_generator =
    G2::from({Fq::from_integer(
                  {0x46debd5cd992f6ed, 0x674322d4f75edadd, 0x426a00665e5c4479, 0x1800deef121f1e76}),
              Fq::from_integer({0x97e485b7aef312c2, 0xf1aa493335a9e712, 0x7260bfb731fb5d25,
                                0x198e9393920d483a})},
             {Fq::from_integer(
                  {0x4ce6cc0166fa7daa, 0xe3d1e7690c43d37b, 0x4aab71808dcb408f, 0x12c85ea5db8c6deb}),
              Fq::from_integer({0x55acdadcd122975b, 0xbc4b313370b38ef3, 0xec9e99ad690c3395,
                                0x090689d0585ff075})});

/// A primitive cube root of one in Fq: (beta x, y) = lambda (x, y) on G1, see decompose.hpp.
inline constexpr Fq glv_beta = Fq::from_integer(
    {0x5763473177fffffe, 0xd4f263f1acdb5c4f, 0x59e26bcea0d48bac, 0x0000000000000000});

/// The untwist-Frobenius-twist endomorphism; multiplication by p on G2.
[[nodiscard]] constexpr G2 psi(const G2& q) noexcept
{
    return {q.x.conjugate() * field::Bn254Tower::frobenius[2],
            q.y.conjugate() * field::Bn254Tower::frobenius[3], q.infinity};
}
[[nodiscard]] constexpr G2Jacobian psi(const G2Jacobian& q) noexcept
{
    return {q.x.conjugate() * field::Bn254Tower::frobenius[2],
            q.y.conjugate() * field::Bn254Tower::frobenius[3], q.z.conjugate()};
}

/// Whether a point of the twist has order r (or is infinity).
///
/// Cost    one multiplication by the 63-bit u.
/// Source  [u + 1] Q + psi([u] Q) + psi^2([u] Q) = psi^3([2u] Q); [BN05] curves, as in gnark-crypto.
[[nodiscard]] bool in_subgroup(const G2& q) noexcept;
}  // namespace mote::curve
