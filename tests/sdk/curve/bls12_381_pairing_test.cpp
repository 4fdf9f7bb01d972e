#include "curve/bls12_381_pairing.hpp"
#include "bls12_381_support.hpp"

using namespace bls_test;

namespace
{
template <std::size_t N>
Fq12 power(const Fq12& x, const Limbs<N>& e)
{
    Fq12 z = Fq12::one();
    for (std::size_t i = 64 * N; i-- > 0;)
    {
        z = z * z;
        if (((e[i / 64] >> (i % 64)) & 1) != 0)
            z = z * x;
    }
    return z;
}

G1 times(const G1& p, const Limbs<4>& k) { return multiply_vartime(p, k).to_affine(); }
G2 times(const G2& p, const Limbs<4>& k) { return multiply_vartime(p, k).to_affine(); }
}  // namespace

TEST_CASE("BLS12-381 pairing: bilinear, of order r, not degenerate")
{
    Random random(21);
    const Fq12 e = pairing(g1_generator, g2_generator);
    CHECK_FALSE(e == Fq12::one());
    CHECK(power(e, Fr::modulus) == Fq12::one());
    for (int i = 0; i < 3; ++i)
    {
        const Limbs<4> a = random.scalar(), b = random.scalar();
        const Fr ab = Fr::from_integer(a) * Fr::from_integer(b);
        const Fq12 expected = power(e, ab.to_integer());
        CHECK(pairing(times(g1_generator, a), times(g2_generator, b)) == expected);
        CHECK(pairing(times(g1_generator, b), times(g2_generator, a)) == expected);
        const G1 p = random.g1(), p2 = random.g1();
        const G2 q = random.g2();
        CHECK(pairing((G1Jacobian{p} + p2).to_affine(), q) == pairing(p, q) * pairing(p2, q));
        CHECK(pairing(-p, q) == pairing(p, q).conjugate());
        CHECK(pairing(p, -q) == pairing(p, q).conjugate());
    }
}

TEST_CASE("BLS12-381 pairing: infinity on either side is one")
{
    CHECK(pairing(G1{}, g2_generator) == Fq12::one());
    CHECK(pairing(g1_generator, G2{}) == Fq12::one());
    CHECK(pairing(G1{}, G2{}) == Fq12::one());
    CHECK(pairing_product({}) == Fq12::one());
}

TEST_CASE("BLS12-381 pairing: a product is the product, at every length")
{
    Random random(22);
    std::vector<PairingTerm> terms;
    Fq12 expected = Fq12::one();
    for (std::size_t n = 1; n <= pairing_terms_max; ++n)
    {
        terms.push_back({n == 3 ? G1{} : random.g1(), n == 5 ? G2{} : random.g2()});
        expected *= pairing(terms.back().p, terms.back().q);
        CHECK(pairing_product(terms) == expected);
    }
    // Two loops multiplied before the final exponentiation.
    MillerValue f = miller_product(std::span{terms}.first(3));
    f *= miller_product(std::span{terms}.subspan(3));
    CHECK(final_exponentiation(f) == expected);
}
