#include "curve/pairing.hpp"
#include "curve_support.hpp"
#include "hash/sha256.hpp"

using namespace curve_test;
using namespace mote::curve;

namespace
{
G1 times(const G1& p, const Fr& e) { return multiply_vartime(p, e.to_integer()).to_affine(); }
G2 times(const G2& q, const Fr& e) { return multiply_vartime(q, e.to_integer()).to_affine(); }
}  // namespace

TEST_CASE("Pairing: the value that arkworks gives the generators")
{
    std::uint8_t bytes[gt_bytes];
    encode(gt_generator().value, bytes);
    CHECK(to_hex(mote::hash::sha256(mote::Bytes{bytes})) ==
          "e109983de6d3ff0d8d4e1236dd4d91d2a313d7e7a22e3a15062b6759ad70331c");
    CHECK_FALSE(gt_generator() == Gt{});
    CHECK(power_plain(gt_generator().value, Fr::modulus) == Fq12::one());
}

TEST_CASE("Pairing: linear on both sides")
{
    Random random(131);
    for (int i = 0; i < 5; ++i)
    {
        const G1 p = random.g1();
        const G2 q = random.g2();
        const Fr a = i == 0 ? -Fr::one() : random.fr(), b = i == 0 ? Fr::from_u64(2) : random.fr();
        const Gt e = pairing(p, q);
        CHECK(in_gt(e.value));
        CHECK(pairing(times(p, a), times(q, b)).value ==
              power_plain(e.value, (a * b).to_integer()));
        CHECK(pairing(-p, q) == pairing(p, -q));
        CHECK(pairing(-p, q) * e == Gt{});
        const G1 p2 = random.g1();
        const G2 q2 = random.g2();
        CHECK(pairing((G1Jacobian(p) + p2).to_affine(), q) == e * pairing(p2, q));
        CHECK(pairing(p, (G2Jacobian(q) + q2).to_affine()) == e * pairing(p, q2));
    }
}

TEST_CASE("Pairing: infinity on either side is one")
{
    Random random(132);
    const G1 p = random.g1();
    const G2 q = random.g2();
    G2Prepared prepared_q, prepared_infinity;
    prepare(q, prepared_q);
    prepare(G2{}, prepared_infinity);
    CHECK(prepared_infinity.infinity);
    CHECK_FALSE(prepared_q.infinity);
    CHECK(pairing(G1{}, q) == Gt{});
    CHECK(pairing(p, G2{}) == Gt{});
    CHECK(pairing(G1{}, G2{}) == Gt{});
    CHECK(pairing_product(nullptr, 0) == Gt{});
    const PairingTerm terms[] = {{G1{}, q, nullptr},      {p, G2{}, nullptr},
                                 {G1{}, {}, &prepared_q}, {p, {}, &prepared_infinity},
                                 {p, q, nullptr},         {G1{}, {}, &prepared_infinity}};
    CHECK(pairing_product(terms, 6) == pairing(p, q));
    CHECK(pairing_product(terms, 4) == Gt{});
}

TEST_CASE("Pairing: products of any number, prepared and not")
{
    Random random(133);
    std::vector<G2Prepared> prepared(8);
    PairingTerm plain[8], mixed[8], all[8];
    Gt product;
    for (std::size_t i = 0; i < 8; ++i)
    {
        // Equal arguments next to each other, too.
        plain[i].p = i == 3 ? plain[2].p : random.g1();
        plain[i].q = i == 5 ? plain[4].q : random.g2();
        prepare(plain[i].q, prepared[i]);
        all[i] = {plain[i].p, {}, &prepared[i]};
        mixed[i] = i % 2 == 0 ? plain[i] : all[i];
        product = product * pairing(plain[i].p, plain[i].q);
        CHECK(pairing_product(plain, i + 1) == product);
        CHECK(pairing_product(mixed, i + 1) == product);
        CHECK(pairing_product(all, i + 1) == product);
    }
}
