// The groups of BLS12-381: G1 on y^2 = x^3 + 4 over Fq, G2 on the twist y^2 = x^3 + 4 (1 + i) over Fq2.
//
// Neither curve has prime order: a point that came from outside must be tested before it is used. In a
// namespace of its own, where the names are those of curve/bn254.hpp.
//
// Source  [BLS-SIG] (its curve draft, section 4.2.1); tests/tools/bls12_381_constants.py
//         recomputes every number below.
#pragma once

#include "curve/weierstrass.hpp"
#include "field/bls12_381_tower.hpp"

namespace mote::curve::bls12_381
{
using field::bls12_381::Fq;
using field::bls12_381::Fq12;
using field::bls12_381::Fq2;
using field::bls12_381::Fq6;
using field::bls12_381::Fr;
using field::bls12_381::Tower;

using G1 = Affine<Fq>;
using G2 = Affine<Fq2>;
using G1Jacobian = Jacobian<Fq>;
using G2Jacobian = Jacobian<Fq2>;

inline constexpr Fq g1_b = Fq::from_u64(4);
inline constexpr Fq2 g2_b{Fq::from_u64(4), Fq::from_u64(4)};

inline constexpr G1 g1_generator =
    G1::from(Fq::from_integer({0xfb3af00adb22c6bb, 0x6c55e83ff97a1aef, 0xa14e3a3f171bac58,
                               0xc3688c4f9774b905, 0x2695638c4fa9ac0f, 0x17f1d3a73197d794}),
             Fq::from_integer({0x0caa232946c5e7e1, 0xd03cc744a2888ae4, 0x00db18cb2c04b3ed,
                               0xfcf5e095d5d00af6, 0xa09e30ed741d8ae4, 0x08b3f481e3aaa0f1}));
inline constexpr G2 g2_generator =
    G2::from({Fq::from_integer({0xd48056c8c121bdb8, 0x0bac0326a805bbef, 0xb4510b647ae3d177,
                                0xc6e47ad4fa403b02, 0x260805272dc51051, 0x024aa2b2f08f0a91}),
              Fq::from_integer({0xe5ac7d055d042b7e, 0x334cf11213945d57, 0xb5da61bbdc7f5049,
                                0x596bd0d09920b61a, 0x7dacd3a088274f65, 0x13e02b6052719f60})},
             {Fq::from_integer({0xe193548608b82801, 0x923ac9cc3baca289, 0x6d429a695160d12c,
                                0xadfd9baa8cbdd3a7, 0x8cc9cdc6da2e351a, 0x0ce5d527727d6e11}),
              Fq::from_integer({0xaaa9075ff05f79be, 0x3f370d275cec1da1, 0x267492ab572e99ab,
                                0xcb3e287e85a763af, 0x32acd2b02bc28b99, 0x0606c4a02ea734cc})});

/// A primitive cube root of one in Fq: (beta x, y) = [-x^2] (x, y) on G1, x the curve's parameter.
inline constexpr Fq glv_beta =
    Fq::from_integer({0x2e01fffffffefffe, 0xde17d813620a0002, 0xddb3a93be6f89688,
                      0xba69c6076a0f77ea, 0x5f19672fdf76ce51, 0x0000000000000000});

// Untwisting divides x by w^2 and y by w^3, so psi multiplies by xi^-((p - 1) / 3), xi^-((p - 1) / 2).
inline constexpr Fq2 psi_x =
    Tower::frobenius[2].conjugate() * Tower::frobenius_squared[4];  // norm f2 = 1 / norm f4
inline constexpr Fq2 psi_y = -Tower::frobenius[3].conjugate();      // norm f3 = -1
static_assert(psi_x * Tower::frobenius[2] == Fq2::one());
static_assert(psi_y * Tower::frobenius[3] == Fq2::one());

/// The untwist-Frobenius-twist endomorphism; multiplication by x on G2.
[[nodiscard]] constexpr G2 psi(const G2& q) noexcept
{
    return {q.x.conjugate() * psi_x, q.y.conjugate() * psi_y, q.infinity};
}
[[nodiscard]] constexpr G2Jacobian psi(const G2Jacobian& q) noexcept
{
    return {q.x.conjugate() * psi_x, q.y.conjugate() * psi_y, q.z.conjugate()};
}

/// Whether a point of the curve has order r (or is infinity).
///
/// Cost    two multiplications by the 64-bit |x|, 5 additions each.
/// Source  [SCOTT21] section 6: phi(P) = [-x^2] P.
[[nodiscard]] bool in_subgroup(const G1& p) noexcept;

/// Whether a point of the twist has order r (or is infinity).
///
/// Cost    one multiplication by the 64-bit |x|, 5 additions.
/// Source  [SCOTT21] section 4: psi(Q) = [x] Q.
[[nodiscard]] bool in_subgroup(const G2& q) noexcept;

/// Sends a point of the twist into G2, as [x^2 - x - 1] Q + [x - 1] psi(Q) + psi^2(2Q).
///
/// Source  [RFC9380] appendix G.3, equal to multiplication by its h_eff.
[[nodiscard]] G2Jacobian clear_cofactor(const G2Jacobian& q) noexcept;
}  // namespace mote::curve::bls12_381
