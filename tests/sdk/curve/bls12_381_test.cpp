#include "curve/bls12_381.hpp"
#include "bls12_381_support.hpp"
#include "field/quadratic_root.hpp"

using namespace bls_test;
using mote::curve::on_curve;

namespace
{
constexpr Limbs<1> x_magnitude{mote::field::bls12_381_x};
const Limbs<4> order = Fr::modulus;

template <class Point>
bool has_order_r(const Point& p)
{
    return multiply_vartime(p, order).is_infinity();
}
}  // namespace

TEST_CASE("BLS12-381: generators are on their curves and have order r")
{
    CHECK(on_curve(g1_generator, g1_b));
    CHECK(on_curve(g2_generator, g2_b));
    CHECK(has_order_r(g1_generator));
    CHECK(has_order_r(g2_generator));
    CHECK(in_subgroup(g1_generator));
    CHECK(in_subgroup(g2_generator));
    CHECK(in_subgroup(G1{}));
    CHECK(in_subgroup(G2{}));
    CHECK(G2Jacobian{}.to_affine_vartime().infinity);
}

TEST_CASE("BLS12-381: endomorphisms are the multiples they are used as")
{
    Random random(1);
    CHECK(glv_beta.square() * glv_beta == Fq::one());
    CHECK_FALSE(glv_beta == Fq::one());
    for (int i = 0; i < 3; ++i)
    {
        const G1 p = random.g1();
        const G1 xp = multiply_vartime(p, x_magnitude).to_affine();
        CHECK((-multiply_vartime(xp, x_magnitude)).to_affine() == G1::from(p.x * glv_beta, p.y));
        const G2 q = random.g2();
        CHECK(psi(q) == (-multiply_vartime(q, x_magnitude)).to_affine());
        CHECK(psi(mote::curve::Jacobian<Fq2>{q}.twice()).to_affine() ==
              psi(mote::curve::Jacobian<Fq2>{q}.twice().to_affine()));
        CHECK(G2Jacobian{q}.twice().to_affine_vartime() == G2Jacobian{q}.twice().to_affine());
        const G2 other = random.g2_on_curve();
        CHECK(on_curve(psi(other), g2_b));
    }
}

TEST_CASE("BLS12-381: subgroup tests agree with multiplication by r")
{
    Random random(2);
    for (int i = 0; i < 8; ++i)
    {
        const G1 p = random.g1(), outside = random.g1_on_curve();
        CHECK(in_subgroup(p));
        CHECK_FALSE(has_order_r(outside));
        CHECK_FALSE(in_subgroup(outside));
        // A point of the cofactor alone, and one with both parts.
        const G1 rest = multiply_vartime(outside, order).to_affine();
        CHECK_FALSE(in_subgroup(rest));
        CHECK_FALSE(in_subgroup((G1Jacobian{p} + rest).to_affine()));

        const G2 q = random.g2(), outside2 = random.g2_on_curve();
        CHECK(in_subgroup(q));
        CHECK_FALSE(has_order_r(outside2));
        CHECK_FALSE(in_subgroup(outside2));
        const G2 rest2 = multiply_vartime(outside2, order).to_affine();
        CHECK_FALSE(in_subgroup(rest2));
        CHECK_FALSE(in_subgroup((G2Jacobian{q} + rest2).to_affine()));
    }
}

TEST_CASE("BLS12-381: points of every small order of G1's cofactor are refused")
{
    // The rest of the curve's group is killed by |x - 1| = 3 * 11 * 10177 * 859267 * 52437899; its order is
    // (x - 1)^2 / 3.
    const std::uint64_t exponent = mote::field::bls12_381_x + 1;
    CHECK(exponent == std::uint64_t{3} * 11 * 10177 * 859267 * 52437899);
    Random random(3);
    const G1 low = multiply_vartime(random.g1_on_curve(), order).to_affine();
    CHECK(multiply_vartime(low, Limbs<1>{exponent}).is_infinity());
    int found = 0;
    for (const std::uint64_t prime : {3U, 11U, 10177U, 859267U, 52437899U})
    {
        const G1 small = multiply_vartime(low, Limbs<1>{exponent / prime}).to_affine();
        if (small.infinity)
            continue;  // this random point has no part of that order
        ++found;
        CHECK(multiply_vartime(small, Limbs<1>{prime}).is_infinity());
        CHECK_FALSE(in_subgroup(small));
        CHECK_FALSE(in_subgroup((G1Jacobian{g1_generator} + small).to_affine()));
    }
    CHECK(found >= 3);
    const G1 third = G1::from(Fq::zero(), Fq::from_u64(2));  // x = 0, order 3
    CHECK(on_curve(third, g1_b));
    CHECK(multiply_vartime(third, Limbs<1>{3}).is_infinity());
    CHECK_FALSE(in_subgroup(third));
}

TEST_CASE("BLS12-381: clearing the cofactor is multiplication by h_eff")
{
    // [RFC9380] section 8.8.2.
    const auto h_eff =
        integer_be<10>(from_hex("bc69f08f2ee75b3584c6a0ea91b352888e2a8e9145ad7689986ff031508ffe1329"
                                "c2f178731db956d82bf015d1212b02"
                                "ec0ec69d7477c1ae954cbc06689f6a359894c0adebbf6b4e8020005aaa95551"));
    Random random(4);
    for (int i = 0; i < 3; ++i)
    {
        const G2 q = random.g2_on_curve();
        const G2Jacobian cleared = clear_cofactor(q);
        CHECK(cleared == multiply_vartime(q, h_eff));
        CHECK(in_subgroup(cleared.to_affine()));
        CHECK_FALSE(cleared.is_infinity());
    }
    CHECK(clear_cofactor(G2Jacobian{}).is_infinity());
}

TEST_CASE("BLS12-381: scalar multiples are the published ones")
{
    const auto check = [](const std::string& name, auto read, std::size_t count)
    {
        const json file = read_json(name);
        std::size_t seen = 0;
        for (const json& c : file.at("vectors"))
        {
            const auto p = read(c.at("P"));
            const auto k = integer_be<4>(from_hex(c.at("scalar")));
            CHECK(multiply_vartime(p, k).to_affine() == read(c.at("Q")));
            ++seen;
        }
        CHECK(seen == count);
    };
    check("constantine_BLS12_381_scalar_mul_G1_255bit.json", parse_point<Fq>, 31);
    check("constantine_BLS12_381_scalar_mul_G2_255bit.json", parse_point<Fq2>, 29);
}

TEST_CASE("BLS12-381: quadratic_root finds the roots that Fq2::sqrt finds")
{
    Random random(5);
    std::vector<Fq2> values = {Fq2::zero(),
                               Fq2::one(),
                               -Fq2::one(),
                               {Fq::zero(), Fq::one()},
                               {Fq::zero(), -Fq::one()},
                               {Fq::one(), Fq::one()}};
    for (int i = 0; i < 60; ++i)
    {
        const Fq2 a = random.fq2();
        values.push_back(i % 4 == 0   ? a
                         : i % 4 == 1 ? Fq2{a.c0, Fq::zero()}
                         : i % 4 == 2 ? Fq2{Fq::zero(), a.c1}
                                      : a.square());
    }
    int roots = 0;
    for (const Fq2& a : values)
    {
        Fq2 expected, root;
        const bool square = a.sqrt(expected);
        CHECK(mote::field::quadratic_root(a, root) == square);
        if (square)
            CHECK(root * root == a);
        roots += square ? 1 : 0;
    }
    CHECK(roots > 40);
    CHECK(roots < 64);
}
