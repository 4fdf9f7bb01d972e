#include "field/bls12_381_tower.hpp"
#include "field_support.hpp"

using namespace mote::field::bls12_381;
using field_test::multiple_of_p;
using field_test::power_plain;
using Tower = mote::field::bls12_381::Tower;

namespace
{
const Fq2 xi{Fq::one(), Fq::one()};

/// p / divisor for a small divisor, rounded down.
mote::field::Limbs<6> p_over(std::uint32_t divisor)
{
    return multiple_of_p<mote::field::Bls12_381Fq>(1, divisor);
}

class Random : public field_test::Random
{
  public:
    using field_test::Random::Random;
    Fq2 fq2()
    {
        const Fq c0 = element<Fq>(), c1 = element<Fq>();
        return {c0, c1};
    }
    Fq6 fq6()
    {
        const Fq2 c0 = fq2(), c1 = fq2(), c2 = fq2();
        return {c0, c1, c2};
    }
    Fq12 fq12()
    {
        const Fq6 c0 = fq6(), c1 = fq6();
        return {c0, c1};
    }
};

/// Coefficients of a polynomial in w over Fq2, w^6 = xi: the tower without its storeys.
using Flat = std::vector<Fq2>;

Flat flat(const Fq12& x) { return {x.c0.c0, x.c1.c0, x.c0.c1, x.c1.c1, x.c0.c2, x.c1.c2}; }

Fq2 product(const Fq2& a, const Fq2& b)
{
    return {a.c0 * b.c0 - a.c1 * b.c1, a.c0 * b.c1 + a.c1 * b.c0};
}

Flat product(const Flat& a, const Flat& b)
{
    Flat z(6, Fq2::zero());
    for (std::size_t i = 0; i < 6; ++i)
        for (std::size_t j = 0; j < 6; ++j)
        {
            const Fq2 t = product(a[i], b[j]);
            z[(i + j) % 6] += i + j >= 6 ? product(t, xi) : t;
        }
    return z;
}

/// Random with zeros, ones and minus ones among the coefficients.
Fq12 sparse(Random& random)
{
    Fq12 x = random.fq12();
    Fq2* const all[6] = {&x.c0.c0, &x.c0.c1, &x.c0.c2, &x.c1.c0, &x.c1.c1, &x.c1.c2};
    for (Fq2* c : all)
        for (Fq* f : {&c->c0, &c->c1})
            switch (random() % 6)
            {
                case 0:
                    *f = Fq::zero();
                    break;
                case 1:
                    *f = -Fq::one();
                    break;
                case 2:
                    *f = Fq::one();
                    break;
                default:
                    break;
            }
    return x;
}
}  // namespace

TEST_CASE("BLS12-381 tower: products and squares against polynomials in w")
{
    Random random(91);
    for (int i = 0; i < 60; ++i)
    {
        const Fq12 a = i % 2 == 0 ? random.fq12() : sparse(random), b = sparse(random);
        CHECK(flat(a * b) == product(flat(a), flat(b)));
        CHECK(flat(a.square()) == product(flat(a), flat(a)));
        CHECK(a.c0.c0 * b.c0.c0 == product(a.c0.c0, b.c0.c0));
        CHECK(a.c0.c0.square() == product(a.c0.c0, a.c0.c0));
        CHECK(Fq6::xi(a.c0.c1) == product(a.c0.c1, xi));
        const Fq12 low_a{a.c0, Fq6::zero()}, low_b{b.c0, Fq6::zero()};
        CHECK(flat({a.c0 * b.c0, Fq6::zero()}) == product(flat(low_a), flat(low_b)));
        const Fq12 v{{Fq2::zero(), Fq2::one(), Fq2::zero()}, Fq6::zero()};
        CHECK(flat({a.c0.mul_by_v(), Fq6::zero()}) == product(flat(low_a), flat(v)));
    }
}

TEST_CASE("BLS12-381 tower: inverses on every storey")
{
    Random random(92);
    CHECK(Fq2::zero().inverse().is_zero());
    CHECK(Fq6::zero().inverse().is_zero());
    CHECK(Fq12{Fq6::zero(), Fq6::zero()}.inverse().is_zero());
    for (int i = 0; i < 30; ++i)
    {
        const Fq12 x = i % 2 == 0 ? random.fq12() : sparse(random);
        if (!x.c0.c0.is_zero())
            CHECK(x.c0.c0 * x.c0.c0.inverse() == Fq2::one());
        if (!x.c0.is_zero())
            CHECK(x.c0 * x.c0.inverse() == Fq6::one());
        if (!x.is_zero())
            CHECK(x * x.inverse() == Fq12::one());
        CHECK(x.inverse_vartime() == x.inverse());
        CHECK(x.c0.c0.inverse_vartime() == x.c0.c0.inverse());
    }
}

TEST_CASE("BLS12-381 tower: the Frobenius map is the p-th power")
{
    Random random(93);
    for (int i = 0; i < 4; ++i)
    {
        const Fq12 x = i % 2 == 0 ? random.fq12() : sparse(random);
        const Fq12 p1 = power_plain(x, Fq::modulus), p2 = power_plain(p1, Fq::modulus);
        const Fq12 p3 = power_plain(p2, Fq::modulus);
        CHECK(x.frobenius<1>() == p1);
        CHECK(x.frobenius<2>() == p2);
        CHECK(x.frobenius<3>() == p3);
        CHECK(x.conjugate() == p3.frobenius<3>());
        CHECK(x.c0.c0.conjugate() == power_plain(x.c0.c0, Fq::modulus));
    }
}

TEST_CASE("BLS12-381 tower: cyclotomic squares are squares")
{
    Random random(94);
    for (int i = 0; i < 20; ++i)
    {
        const Fq12 x = random.fq12(), y = x.conjugate() * x.inverse();
        const Fq12 z = y.frobenius<2>() * y;
        CHECK(z.cyclotomic_square() == z * z);
        CHECK(z.conjugate() == z.inverse());
    }
    CHECK(Fq12::one().cyclotomic_square() == Fq12::one());
}

TEST_CASE("BLS12-381 tower: constants, recomputed")
{
    CHECK(Tower::frobenius[0] == Fq2::one());
    CHECK(Tower::frobenius[1] == power_plain(xi, p_over(6)));
    CHECK(Tower::frobenius[2] == power_plain(xi, p_over(3)));
    CHECK(Tower::frobenius[3] == power_plain(xi, p_over(2)));
    CHECK(Tower::frobenius[4] == Tower::frobenius[2] * Tower::frobenius[2]);
    CHECK(Tower::frobenius[5] == Tower::frobenius[4] * Tower::frobenius[1]);
    for (std::size_t k = 0; k < 6; ++k)
        CHECK(Fq2{Tower::frobenius_squared[k], Fq::zero()} ==
              Tower::frobenius[k] * Tower::frobenius[k].conjugate());
    CHECK(Tower::frobenius_squared[3] == -Fq::one());
}

TEST_CASE("BLS12-381 Fq2: square roots of squares, of the rest none")
{
    Random random(95);
    int squares = 0, others = 0;
    std::vector<Fq2> values = {Fq2::zero(),
                               Fq2::one(),
                               -Fq2::one(),
                               xi,
                               {Fq::zero(), Fq::one()},
                               {Fq::zero(), -Fq::one()}};
    for (int i = 0; i < 60; ++i)
    {
        const Fq2 x = random.fq2();
        values.push_back(i % 3 == 0   ? x
                         : i % 3 == 1 ? Fq2{x.c0, Fq::zero()}
                                      : Fq2{Fq::zero(), x.c1});
    }
    // (p^2 - 1) / 2 = (p - 1) (p + 1) / 2: x is a square when its norm is one in Fq.
    for (const Fq2& x : values)
    {
        const Fq norm = x.c0 * x.c0 + x.c1 * x.c1;
        const Fq symbol = power_plain(norm, p_over(2));
        const bool square = symbol == Fq::one() || x.is_zero();
        Fq2 root;
        CHECK(x.sqrt(root) == square);
        if (square)
            CHECK(root * root == x);
        (square ? squares : others) += 1;
        REQUIRE((x * x).sqrt(root));
        CHECK((root == x || root == -x));
        CHECK((x * x * xi).sqrt(root) == x.is_zero());  // xi is not a square
    }
    CHECK(squares > 20);
    CHECK(others > 5);
}
