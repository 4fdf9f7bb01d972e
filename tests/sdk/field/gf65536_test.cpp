#include "field/gf65536.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "support/svid_cases.hpp"
#include "tools/effort.hpp"
#include "tools/svid_model.hpp"

using namespace mote::field;

namespace
{
Gf65536 symbol(std::mt19937& random) { return static_cast<Gf65536>(random()); }
}  // namespace

TEST_CASE("GF(2^16): products of the vectors")
{
    const auto file = svid_cases::read("misc.json");
    const auto& cases = file["gf16"];
    REQUIRE(cases.size() >= 6);
    for (const auto& product : cases)
    {
        const auto a = product[0].get<Gf65536>(), b = product[1].get<Gf65536>();
        CHECK(gf65536_multiply(a, b) == product[2].get<Gf65536>());
        CHECK(gf65536_multiply(b, a) == product[2].get<Gf65536>());
        CHECK(svid_model::multiply(a, b) == product[2].get<Gf65536>());
    }
    CHECK(gf65536_multiply(0x1234, 0xabcd) == 0x8ee3);
    CHECK(gf65536_multiply(0x0100, 0x0100) == 0x0120);
}

TEST_CASE(
    "GF(2^16): products of random symbols, of powers of two and of the corners are the model's")
{
    std::mt19937 random(1);
    const unsigned trials = mote::test::emulated ? 2000 : 50000;
    for (unsigned i = 0; i < trials; ++i)
    {
        const Gf65536 a = symbol(random), b = symbol(random);
        if (gf65536_multiply(a, b) != svid_model::multiply(a, b))
            FAIL(a << " * " << b);
    }
    for (unsigned i = 0; i < 16; ++i)
        for (unsigned j = 0; j < 16; ++j)
        {
            const auto a = static_cast<Gf65536>(1U << i), b = static_cast<Gf65536>(1U << j);
            REQUIRE(gf65536_multiply(a, b) == svid_model::multiply(a, b));
        }
    for (const unsigned a : {0U, 1U, 0xffU, 0x100U, 0xff00U, 0xffffU})
        for (const unsigned b : {0U, 1U, 0xffU, 0x100U, 0xff00U, 0xffffU})
            REQUIRE(gf65536_multiply(static_cast<Gf65536>(a), static_cast<Gf65536>(b)) ==
                    svid_model::multiply(static_cast<Gf65536>(a), static_cast<Gf65536>(b)));
}

TEST_CASE("GF(2^16): three byte products make one product")
{
    std::mt19937 random(2);
    const auto& times = svid_model::byte_products();
    for (unsigned i = 0; i < 5000; ++i)
    {
        const Gf65536 t = symbol(random), x = symbol(random);
        const ByteFactors f = byte_factors(t);
        const unsigned x0 = x & 255U, x1 = x >> 8U;
        const unsigned low = times[f.a][x0] ^ times[f.scaled][x1];
        const unsigned high = times[f.sum][x0 ^ x1] ^ times[f.a][x0];
        REQUIRE((low | high << 8) == svid_model::multiply(t, x));
    }
}

TEST_CASE("GF(2^16): field axioms on random symbols")
{
    std::mt19937 random(3);
    for (unsigned i = 0; i < 5000; ++i)
    {
        const Gf65536 a = symbol(random), b = symbol(random), c = symbol(random);
        const auto sum = static_cast<Gf65536>(b ^ c);
        REQUIRE(gf65536_multiply(a, b) == gf65536_multiply(b, a));
        REQUIRE(gf65536_multiply(gf65536_multiply(a, b), c) ==
                gf65536_multiply(a, gf65536_multiply(b, c)));
        REQUIRE(gf65536_multiply(a, sum) == (gf65536_multiply(a, b) ^ gf65536_multiply(a, c)));
        REQUIRE(gf65536_multiply(a, 1) == a);
        REQUIRE(gf65536_multiply(a, 0) == 0);
    }
}

TEST_CASE("GF(2^16): every symbol but zero has its inverse")
{
    CHECK(gf65536_invert_vartime(0) == 0);
    mote::test::Thinned thinned(3);
    for (unsigned x = 1; x < 65536; ++x)
        if (x < 300 || x > 65500 || thinned.next())
        {
            const auto symbol = static_cast<Gf65536>(x);
            if (svid_model::multiply(gf65536_invert_vartime(symbol), symbol) != 1)
                FAIL(x);
        }
}

TEST_CASE("the Cantor basis follows from its recurrence")
{
    CHECK(std::equal(cantor_basis.begin(), cantor_basis.end(), svid_model::basis().begin()));
    for (std::size_t i = 0; i + 1 < cantor_basis.size(); ++i)
    {
        const Gf65536 next = cantor_basis[i + 1];
        CHECK((svid_model::multiply(next, next) ^ next) == cantor_basis[i]);
        CHECK(next % 2 == 0);
    }
}

TEST_CASE("omega: linear, each symbol once, the bytes first, and as in the vectors")
{
    CHECK(omega(3) == (0x0001 ^ 0x00bc));
    std::vector<bool> seen(65536, false);
    svid_cases::ByteVector bytes;
    for (std::uint32_t i = 0; i < 65536; ++i)
    {
        const Gf65536 point = omega(i);
        if (point != svid_model::omega(i) || seen[point] || (point < omega_bytes) != (i < 256))
            FAIL("omega(" << i << ")");
        seen[point] = true;
        bytes.push_back(static_cast<std::uint8_t>(point & 255U));
        bytes.push_back(static_cast<std::uint8_t>(point >> 8U));
    }
    std::mt19937 random(4);
    for (unsigned trial = 0; trial < 1000; ++trial)
    {
        const std::uint32_t i = random() % 65536, j = random() % 65536;
        REQUIRE(omega(i ^ j) == (omega(i) ^ omega(j)));
    }
    const auto file = svid_cases::read("misc.json");
    CHECK(svid_cases::to_hex(mote::hash::blake3(bytes)) == file["omega_digest"].get<std::string>());
}

TEST_CASE("the polynomial that vanishes on the first 2^j points is additive in steps of s^2 + s")
{
    // What makes the twiddle of level l at the point s equal to omega(s >> l).
    for (std::uint32_t i = 0; i < 65536; i += 97)
    {
        const Gf65536 point = omega(i);
        REQUIRE((svid_model::multiply(point, point) ^ point) == svid_model::omega(i >> 1));
    }
}
