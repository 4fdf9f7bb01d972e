#include "curve/bls12_381_hash_to_curve.hpp"
#include "bls12_381_support.hpp"

using namespace bls_test;
using mote::curve::on_curve;

namespace
{
/// [RFC9380] section 6.6.2 word for word, with divisions and Fq2::sqrt, followed by the isogeny of
/// appendix E.3 as a quotient of polynomials.
G2 map_plain(const Fq2& u)
{
    const auto small = [](int k)
    {
        const Fq x = Fq::from_u64(static_cast<std::uint64_t>(k < 0 ? -k : k));
        return k < 0 ? -x : x;
    };
    const Fq2 a{Fq::zero(), small(240)}, b{small(1012), small(1012)}, z{small(-2), small(-1)};
    const auto sgn0 = [](const Fq2& x)
    {
        const std::uint64_t s0 = x.c0.to_integer()[0] & 1, s1 = x.c1.to_integer()[0] & 1;
        return s0 | ((x.c0.is_zero() ? 1u : 0u) & s1);
    };
    const Fq2 zu = z * u * u, tv = (zu * zu + zu).inverse();
    Fq2 x = -(b * a.inverse()) * (Fq2::one() + tv);
    if (tv.is_zero())
        x = b * (z * a).inverse();
    Fq2 y;
    if (!(x * x * x + a * x + b).sqrt(y))
    {
        x = zu * x;
        REQUIRE((x * x * x + a * x + b).sqrt(y));
    }
    if (sgn0(u) != sgn0(y))
        y = -y;
    const char* const x_numerator[4][2] = {{"5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b5842"
                                            "3c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6",
                                            "5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b5842"
                                            "3c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6"},
                                           {"0",
                                            "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c"
                                            "6b4f20a4181472aaa9cb8d555526a9ffffffffc71a"},
                                           {"11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c"
                                            "6b4f20a4181472aaa9cb8d555526a9ffffffffc71e",
                                            "8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd10463"
                                            "5a790520c0a395554e5c6aaaa9354ffffffffe38d"},
                                           {"171d6541fa38ccfaed6dea691f5fb614cb14b4e7f4e810aa22d610"
                                            "8f142b85757098e38d0f671c7188e2aaaaaaaa5ed1",
                                            "0"}};
    const char* const y_numerator[4][2] = {{"1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439"
                                            "d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706",
                                            "1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439"
                                            "d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706"},
                                           {"0",
                                            "5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b5842"
                                            "3c50ae15d5c2638e343d9c71c6238aaaaaaaa97be"},
                                           {"11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c"
                                            "6b4f20a4181472aaa9cb8d555526a9ffffffffc71c",
                                            "8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd10463"
                                            "5a790520c0a395554e5c6aaaa9354ffffffffe38f"},
                                           {"124c9ad43b6cf79bfbf7043de3811ad0761b0f37a1e26286b0e977"
                                            "c69aa274524e79097a56dc4bd9e1b371c71c718b10",
                                            "0"}};
    const auto horner = [&](const char* const(&k)[4][2])
    {
        Fq2 sum = Fq2::zero();
        for (std::size_t i = 4; i-- > 0;)
            sum = sum * x + Fq2{element(k[i][0]), element(k[i][1])};
        return sum;
    };
    const Fq2 x_denominator = (x + Fq2{small(12), small(-12)}) * x + Fq2{Fq::zero(), small(-72)};
    const Fq2 y_denominator =
        ((x + Fq2{small(18), small(-18)}) * x + Fq2{Fq::zero(), small(-216)}) * x +
        Fq2{small(-432), small(-432)};
    if (x_denominator.is_zero())
        return {};
    return G2::from(horner(x_numerator) * x_denominator.inverse(),
                    y * horner(y_numerator) * y_denominator.inverse());
}
}  // namespace

TEST_CASE("BLS12-381 map to curve: as the standard writes it")
{
    Random random(31);
    std::vector<Fq2> values = {Fq2::zero(), Fq2::one(), -Fq2::one(), {Fq::zero(), Fq::one()}};
    // Z u^2 = -1 makes the map's denominator zero: u^2 = 1 / (2 + i), if that is a square.
    Fq2 exceptional;
    if (Fq2{Fq::from_u64(2), Fq::one()}.inverse().sqrt(exceptional))
        values.push_back(exceptional);
    for (int i = 0; i < 40; ++i)
    {
        const Fq2 u = random.fq2();
        values.push_back(i % 4 == 0   ? Fq2{u.c0, Fq::zero()}
                         : i % 4 == 1 ? Fq2{Fq::zero(), u.c1}
                                      : u);
    }
    for (const Fq2& u : values)
    {
        const G2 q = map_to_curve({&u, 1}).to_affine();
        CHECK(q == map_plain(u));
        CHECK(on_curve(q, g2_b));
    }
    for (std::size_t i = 0; i + 1 < values.size(); i += 2)
    {
        const Fq2 u[2] = {values[i], values[i + 1]};
        CHECK(map_to_curve(u) == G2Jacobian{map_plain(u[0])} + map_plain(u[1]));
    }
    const Fq2 same[2] = {values[5], values[5]}, opposite[2] = {values[5], -values[5]};
    CHECK(map_to_curve(same) == G2Jacobian{map_plain(same[0])}.twice());
    CHECK(map_to_curve(opposite).is_infinity());
}

TEST_CASE("BLS12-381 hash to G2: in the group, and every byte counts")
{
    const std::string dst = "MOTE-TEST-WITH-BLS12381G2_XMD:SHA-256_SSWU_RO_";
    ByteVector message(40, 7);
    const G2 p = hash_to_g2(message, bytes_of(dst));
    CHECK(in_subgroup(p));
    CHECK_FALSE(p.infinity);
    CHECK_FALSE(encode_to_g2(message, bytes_of(dst)) == p);
    for (std::size_t i = 0; i < message.size(); i += 13)
    {
        ++message[i];
        CHECK_FALSE(hash_to_g2(message, bytes_of(dst)) == p);
        --message[i];
    }
    CHECK_FALSE(hash_to_g2(message, bytes_of(dst + "x")) == p);
    CHECK(hash_to_g2(message, bytes_of(dst)) == p);
}
