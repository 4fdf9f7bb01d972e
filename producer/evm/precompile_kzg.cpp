// The point evaluation of EIP-4844 by one pairing product.
//
// A polynomial p is committed to as C = [p(s)] G1 with a secret s that the ceremony destroyed. p(z) = y
// exactly if (X - z) divides p(X) - y, and the quotient's commitment W shows it:
//
//     e(C - y G1, G2) = e(W, s G2 - z G2),     so     e(C - y G1 + z W, -G2) e(W, s G2) = 1.
//
// The second form needs no product in G2.
#include <algorithm>
#include <cstring>

#include "curve/bls12_381.hpp"
#include "curve/bls12_381_encoding.hpp"
#include "curve/bls12_381_pairing.hpp"
#include "evm/precompile_list.hpp"
#include "hash/sha256.hpp"

namespace mote::evm
{
namespace
{
namespace bls = curve::bls12_381;

/// s G2 of the ceremony of 2023: the second of `g2_monomial` in the consensus layer's
/// trusted_setup_4096.json ([EIPS] 4844).
constexpr std::array<std::uint8_t, 96> setup_g2 = {
    0xb5, 0xbf, 0xd7, 0xdd, 0x8c, 0xde, 0xb1, 0x28, 0x84, 0x3b, 0xc2, 0x87, 0x23, 0x0a, 0xf3, 0x89,
    0x26, 0x18, 0x70, 0x75, 0xcb, 0xfb, 0xef, 0xa8, 0x10, 0x09, 0xa2, 0xce, 0x61, 0x5a, 0xc5, 0x3d,
    0x29, 0x14, 0xe5, 0x87, 0x0c, 0xb4, 0x52, 0xd2, 0xaf, 0xaa, 0xab, 0x24, 0xf3, 0x49, 0x9f, 0x72,
    0x18, 0x5c, 0xbf, 0xee, 0x53, 0x49, 0x27, 0x14, 0x73, 0x44, 0x29, 0xb7, 0xb3, 0x86, 0x08, 0xe2,
    0x39, 0x26, 0xc9, 0x11, 0xcc, 0xec, 0xea, 0xc9, 0xa3, 0x68, 0x51, 0x47, 0x7b, 0xa4, 0xc6, 0x0b,
    0x08, 0x70, 0x41, 0xde, 0x62, 0x10, 0x00, 0xed, 0xc9, 0x8e, 0xda, 0xda, 0x20, 0xc1, 0xde, 0xf2};

constexpr std::uint64_t elements_in_blob = 4096;
}  // namespace

bool kzg_point_evaluation(Bytes input, std::uint8_t* output) noexcept
{
    // versioned hash (32), z (32), y (32), commitment (48), proof (48)
    Hash hash = hash::sha256(input.subspan(96, 48));
    hash[0] = 0x01;
    if (std::memcmp(hash.data(), input.data(), 32) != 0)
        return false;
    const Word z = load_word(input.data() + 32), y = load_word(input.data() + 64);
    if (!field::less(z.limb, bls::Fr::modulus) || !field::less(y.limb, bls::Fr::modulus))
        return false;
    bls::G1 commitment, proof;
    bls::G2 setup;
    if (bls::decode_g1(input.subspan(96).first<48>(), commitment) != Reason::none ||
        bls::decode_g1(input.subspan(144).first<48>(), proof) != Reason::none ||
        bls::decode_g2_on_curve(setup_g2, setup) != Reason::none)
        return false;
    const bls::G1Jacobian left = curve::multiply_vartime(proof, z.limb) +
                                 (-curve::multiply_vartime(bls::g1_generator, y.limb)) + commitment;
    const std::array<bls::PairingTerm, 2> terms = {
        {{left.to_affine_vartime(), -bls::g2_generator}, {proof, setup}}};
    if (!(bls::pairing_product(terms) == bls::Fq12::one()))
        return false;
    store_word(output, Word(elements_in_blob));
    for (std::size_t i = 0; i < 4; ++i)
        store_be(output + 32 + 8 * i, bls::Fr::modulus[3 - i]);
    return true;
}
}  // namespace mote::evm
