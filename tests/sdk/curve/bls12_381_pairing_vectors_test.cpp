// Values of the pairing, and the pairing checks of EIP-2537.
#include "bls12_381_support.hpp"
#include "tools/effort.hpp"

using namespace bls_test;

namespace
{
/// 64 big-endian bytes below p.
bool read(const std::uint8_t* p, Fq& out)
{
    for (std::size_t i = 0; i < 16; ++i)
        if (p[i] != 0)
            return false;
    const Limbs<6> x = integer_be<6>(ByteVector(p + 16, p + 64));
    if (!mote::field::less(x, Fq::modulus))
        return false;
    out = Fq::from_integer(x);
    return true;
}
bool read(const std::uint8_t* p, Fq2& out) { return read(p, out.c0) && read(p + 64, out.c1); }

template <class F>
bool read_point(const std::uint8_t* p, const F& b, mote::curve::Affine<F>& out)
{
    F x, y;
    if (!read(p, x) || !read(p + sizeof(F) / sizeof(Fq) * 64, y))
        return false;
    out =
        x.is_zero() && y.is_zero() ? mote::curve::Affine<F>{} : mote::curve::Affine<F>::from(x, y);
    return mote::curve::on_curve(out, b) && in_subgroup(out);
}

/// -1 for an input that is refused, otherwise the answer.
int pairing_check(const ByteVector& input)
{
    constexpr std::size_t pair_bytes = 384;
    if (input.empty() || input.size() % pair_bytes != 0)
        return -1;
    MillerValue product;
    for (std::size_t at = 0; at < input.size(); at += pair_bytes)
    {
        PairingTerm term;
        if (!read_point(&input[at], g1_b, term.p) || !read_point(&input[at + 128], g2_b, term.q))
            return -1;
        product *= miller_product({&term, 1});
    }
    return final_exponentiation(product) == Fq12::one() ? 1 : 0;
}
}  // namespace

TEST_CASE("Pairing vectors: e([k] G1, [k] G2)")
{
    const json file = read_json("noble_pairing_gt.json");
    std::size_t cases = 0;
    mote::test::Thinned thinned;
    for (const json& c : file.at("cases"))
    {
        ++cases;
        if (!thinned.next())
            continue;
        const Limbs<1> k{c.at("k").get<std::uint64_t>()};
        const Fq12 e = pairing(multiply_vartime(g1_generator, k).to_affine(),
                               multiply_vartime(g2_generator, k).to_affine());
        const Fq* const coefficients[12] = {&e.c1.c2.c1, &e.c1.c2.c0, &e.c1.c1.c1, &e.c1.c1.c0,
                                            &e.c1.c0.c1, &e.c1.c0.c0, &e.c0.c2.c1, &e.c0.c2.c0,
                                            &e.c0.c1.c1, &e.c0.c1.c0, &e.c0.c0.c1, &e.c0.c0.c0};
        const std::string gt = c.at("gt");
        REQUIRE(gt.size() == 12 * 96);
        for (std::size_t i = 0; i < 12; ++i)
            CHECK(*coefficients[i] == element(gt.substr(96 * i, 96)));
    }
    CHECK(cases == 78);
}

TEST_CASE("Pairing vectors: the precompile's checks and failures")
{
    const json file = read_json("eip2537_precompiles.json");
    std::size_t cases = 0, yes = 0;
    for (const json& c : file.at("pairing_check_bls"))
    {
        INFO(c.at("Name").get<std::string>());
        const ByteVector expected = from_hex(c.at("Expected"));
        REQUIRE(expected.size() == 32);
        CHECK(pairing_check(from_hex(c.at("Input"))) == expected[31]);
        ++cases;
        yes += expected[31];
    }
    CHECK(cases == 11);
    CHECK(yes > 0);
    CHECK(yes < cases);
    std::size_t failures = 0;
    for (const json& c : file.at("fail-pairing_check_bls"))
    {
        INFO(c.at("Name").get<std::string>());
        CHECK(pairing_check(from_hex(c.at("Input"))) == -1);
        ++failures;
    }
    CHECK(failures == 25);
}

TEST_CASE("Pairing vectors: the precompile's sums and multiples")
{
    const json file = read_json("eip2537_precompiles.json");
    const auto check = [&](const std::string& group, auto&& one, std::size_t count)
    {
        std::size_t cases = 0;
        for (const json& c : file.at(group))
        {
            INFO(c.at("Name").get<std::string>());
            CHECK(one(from_hex(c.at("Input")), from_hex(c.at("Expected"))));
            ++cases;
        }
        CHECK(cases == count);
    };
    const auto add = [](const auto& b, const ByteVector& input, const ByteVector& expected)
    {
        // Sums may lie outside of the group: read_point answers false for those, after it has read.
        mote::curve::Affine<std::decay_t<decltype(b)>> p, q, sum;
        static_cast<void>(read_point(input.data(), b, p));
        static_cast<void>(read_point(&input[input.size() / 2], b, q));
        static_cast<void>(read_point(expected.data(), b, sum));
        return (mote::curve::Jacobian{p} + q).to_affine() == sum;
    };
    const auto multiply = [](const auto& b, const ByteVector& input, const ByteVector& expected)
    {
        mote::curve::Affine<std::decay_t<decltype(b)>> p, product;
        const bool good = read_point(input.data(), b, p) && read_point(expected.data(), b, product);
        const auto k = integer_be<4>(ByteVector(input.end() - 32, input.end()));
        return good && multiply_vartime(p, k).to_affine() == product;
    };
    check("add_G1_bls", [&](auto&& i, auto&& e) { return add(g1_b, i, e); }, 7);
    check("add_G2_bls", [&](auto&& i, auto&& e) { return add(g2_b, i, e); }, 7);
    check("mul_G1_bls", [&](auto&& i, auto&& e) { return multiply(g1_b, i, e); }, 7);
    check("mul_G2_bls", [&](auto&& i, auto&& e) { return multiply(g2_b, i, e); }, 6);
    check(
        "map_fp2_to_G2_bls",
        [](const ByteVector& input, const ByteVector& expected)
        {
            Fq2 u;
            G2 point;
            return read(input.data(), u) && read_point(expected.data(), g2_b, point) &&
                   clear_cofactor(map_to_curve({&u, 1})).to_affine() == point;
        },
        5);
}
