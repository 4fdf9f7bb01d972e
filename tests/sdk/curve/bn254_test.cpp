#include "curve/bn254.hpp"
#include "curve_support.hpp"

using namespace curve_test;
using namespace mote::curve;
using mote::field::bn254_u;

namespace
{
/// Quotient by a small divisor, which must divide.
Limbs<4> quotient(Limbs<4> x, std::uint32_t divisor)
{
    std::uint64_t rest = 0;
    for (std::size_t i = 8; i-- > 0;)
    {
        std::uint64_t& limb = x[i / 2];
        const std::size_t shift = 32 * (i % 2);
        rest = (rest << 32) | ((limb >> shift) & 0xffffffff);
        limb &= ~(std::uint64_t{0xffffffff} << shift);
        limb |= (rest / divisor) << shift;
        rest %= divisor;
    }
    REQUIRE(rest == 0);
    return x;
}

/// 2p - r, the cofactor of the twist.
Limbs<4> twist_cofactor()
{
    Limbs<4> x = Fq::modulus;
    mote::field::add_to(x, Fq::modulus);
    mote::field::sub_from(x, Fr::modulus);
    return x;
}

/// A point of order 10069, the smallest prime of the cofactor.
G2 order_10069()
{
    Random random(101);
    while (true)
    {
        const G2 q = multiply_vartime(random.twist(), Fr::modulus).to_affine();
        const G2 s = multiply_vartime(q, quotient(twist_cofactor(), 10069)).to_affine();
        if (!s.infinity)
            return s;
    }
}

/// Multiples of a generator from the textbook: slopes, affine, every case spelled out.
template <class F>
Affine<F> add_textbook(const Affine<F>& a, const Affine<F>& b)
{
    if (a.infinity)
        return b;
    if (b.infinity)
        return a;
    F slope;
    if (a.x == b.x)
    {
        if (!(a.y == b.y) || a.y.is_zero())
            return {};
        slope = (a.x * a.x + a.x * a.x + a.x * a.x) * (a.y + a.y).inverse();
    }
    else
        slope = (b.y - a.y) * (b.x - a.x).inverse();
    const F x = slope * slope - a.x - b.x;
    return Affine<F>::from(x, slope * (a.x - x) - a.y);
}

/// The same point with another Z.
template <class F>
Jacobian<F> scaled(const Affine<F>& p, const F& z)
{
    if (p.infinity)
        return {z * z, z * z * z, F::zero()};
    return {p.x * z * z, p.y * z * z * z, z};
}

template <class F>
void check_group_law(const Affine<F>& g, const F& b, const F& z1, const F& z2)
{
    std::vector<Affine<F>> points = {{}};
    for (int i = 0; i < 6; ++i)
        points.push_back(add_textbook(points.back(), g));
    for (std::size_t i = 1; i <= 3; ++i)
        points.push_back(-points[i]);
    for (const Affine<F>& p : points)
    {
        CHECK(on_curve(p, b));
        CHECK(scaled(p, z1).twice().to_affine() == add_textbook(p, p));
        CHECK(scaled(p, z1) == scaled(p, z2));
        CHECK(scaled(p, z1) == Jacobian<F>(p));
        CHECK(scaled(p, z1).is_infinity() == p.infinity);
        for (const Affine<F>& q : points)
        {
            const Affine<F> sum = add_textbook(p, q);
            CHECK((scaled(p, z1) + q).to_affine() == sum);
            CHECK((scaled(p, z1) + scaled(q, z2)).to_affine() == sum);
            CHECK((scaled(p, z1) + scaled(q, z1)).to_affine() == sum);
            CHECK((scaled(p, z1) == scaled(q, z2)) == (p == q));
            CHECK((p == q) == ((p.infinity && q.infinity) ||
                               (!p.infinity && !q.infinity && p.x == q.x && p.y == q.y)));
        }
    }
    // All of them at once, infinity first and in the middle.
    std::vector<Jacobian<F>> in;
    for (const Affine<F>& p : points)
        in.push_back(scaled(p, in.size() % 2 == 0 ? z1 : z2));
    in.insert(in.begin() + 4, {Jacobian<F>{}, Jacobian<F>{}});
    std::vector<Affine<F>> out(in.size());
    std::vector<F> scratch(2 * in.size());
    to_affine(out.data(), in.data(), in.size(), scratch.data());
    for (std::size_t i = 0; i < in.size(); ++i)
        CHECK(out[i] == in[i].to_affine());
    for (std::uint64_t e = 0; e <= 6; ++e)
        CHECK(multiply_vartime(g, Limbs<1>{e}).to_affine() == points[e]);
    CHECK(multiply_vartime(g, Fr::modulus).is_infinity());
    CHECK(multiply_vartime(Affine<F>{}, Fr::modulus).is_infinity());
}
}  // namespace

TEST_CASE("BN254: the group law in every special case")
{
    Random random(102);
    check_group_law(g1_generator, g1_b, random.fq(), random.fq());
    check_group_law(g2_generator, g2_b, random.fq2(), random.fq2());
    check_group_law(random.g1(), g1_b, random.fq(), -Fq::one());
    check_group_law(random.g2(), g2_b, random.fq2(), {Fq::zero(), Fq::one()});
}

TEST_CASE("BN254: the subgroup test agrees with multiplication by r")
{
    Random random(103);
    CHECK(in_subgroup({}));
    CHECK(in_subgroup(g2_generator));
    for (int i = 0; i < 20; ++i)
    {
        const G2 t = random.twist();
        REQUIRE(on_curve(t, g2_b));
        CHECK(in_subgroup(t) == multiply_vartime(t, Fr::modulus).is_infinity());
        // Into the subgroup, and into the complement.
        const G2 cleared = multiply_vartime(t, twist_cofactor()).to_affine();
        CHECK(multiply_vartime(cleared, Fr::modulus).is_infinity());
        CHECK(in_subgroup(cleared));
        const G2 complement = multiply_vartime(t, Fr::modulus).to_affine();
        CHECK_FALSE(in_subgroup(complement));
        CHECK(in_subgroup(random.g2()));
    }
}

TEST_CASE("BN254: points of small order and their sums with members are outside the subgroup")
{
    const G2 s = order_10069();
    REQUIRE(on_curve(s, g2_b));
    REQUIRE(multiply_vartime(s, Limbs<1>{10069}).is_infinity());
    G2Jacobian multiple = s;
    for (int i = 1; i < 40; ++i)
    {
        CHECK_FALSE(in_subgroup(multiple.to_affine()));
        CHECK_FALSE(in_subgroup((multiple + g2_generator).to_affine()));
        multiple += s;
    }
}

TEST_CASE("BN254: no prime of the cofactor escapes the subgroup test")
{
    // The test is a polynomial in psi, so what passes it is a subgroup. The cofactor has no square
    // factor: a subgroup larger than G2 would contain all points of one of these prime orders.
    const Limbs<4> primes[] = {{10069},
                               {5864401},
                               {1875725156269},
                               {0x9b6e0b358e0d894d, 0xe9dab9240f0c6ab8, 0x000210315729f570}};
    Limbs<4> product{1};
    const auto times = [](const Limbs<4>& a, const Limbs<4>& b)
    {
        Limbs<4> z{};
        for (std::size_t i = 0; i < 4; ++i)
        {
            std::uint64_t carry = 0;
            for (std::size_t j = 0; i + j < 4; ++j)
                z[i + j] = mote::field::mul_add(z[i + j], a[i], b[j], carry);
        }
        return z;
    };
    for (const Limbs<4>& prime : primes)
        product = times(product, prime);
    REQUIRE(product == twist_cofactor());
    Random random(105);
    for (const Limbs<4>& prime : primes)
    {
        Limbs<4> rest{1};
        for (const Limbs<4>& other : primes)
            if (other != prime)
                rest = times(rest, other);
        G2 s;
        while (s.infinity)
        {
            s = multiply_vartime(random.twist(), Fr::modulus).to_affine();
            s = multiply_vartime(s, rest).to_affine();
        }
        REQUIRE(multiply_vartime(s, prime).is_infinity());
        CHECK_FALSE(in_subgroup(s));
        CHECK_FALSE(in_subgroup(psi(s)));
        CHECK_FALSE(in_subgroup((G2Jacobian(s) + random.g2()).to_affine()));
    }
}

TEST_CASE("BN254: endomorphisms multiply by their eigenvalues")
{
    Random random(104);
    const auto p = Fq::modulus;
    for (int i = 0; i < 5; ++i)
    {
        const G1 a = i == 0 ? g1_generator : random.g1();
        const Limbs<4> lambda{0x8b17ea66b99c90dd, 0x5bfc41088d8daaa7, 0xb3c4d79d41a91758, 0};
        CHECK(G1{a.x * glv_beta, a.y, false} == multiply_vartime(a, lambda).to_affine());
        const G2 b = i == 0 ? g2_generator : random.g2();
        CHECK(psi(b) == multiply_vartime(b, p).to_affine());
        const G2Jacobian scaled_b = scaled(b, random.fq2());
        CHECK(psi(scaled_b).to_affine() == psi(b));
        CHECK(on_curve(psi(random.twist()), g2_b));
    }
    CHECK(psi(G2{}).infinity);
    CHECK(psi(G2Jacobian{}).is_infinity());
}
