#include "field/gf2_128.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "support/svid_cases.hpp"
#include "tools/effort.hpp"
#include "tools/svid_model.hpp"

using namespace mote::field;

namespace
{
svid_model::Element element_of(const Gf2_128& x)
{
    std::uint8_t bytes[16];
    x.store(bytes);
    return svid_model::element_of(bytes, bytes + 8);
}

Gf2_128 random_element(std::mt19937_64& random) { return {random(), random()}; }

Gf2_128 from_hex(const svid_cases::Json& hex)
{
    const auto bytes = svid_cases::from_hex(hex.get<std::string>());
    REQUIRE(bytes.size() == 16);
    return Gf2_128::load(bytes.data());
}

/// The basis element of one coordinate, times a symbol.
svid_model::Element at_coordinate(unsigned t, svid_model::Symbol symbol)
{
    svid_model::Element out{};
    out[t] = symbol;
    return out;
}
}  // namespace

TEST_CASE("GF(2^128): products of the vectors")
{
    const auto file = svid_cases::read("misc.json");
    const auto& cases = file["gf128"];
    REQUIRE(cases.size() >= 8);
    for (const auto& test : cases)
    {
        const Gf2_128 a = from_hex(test["a"]), b = from_hex(test["b"]);
        CHECK(a * b == from_hex(test["product"]));
        CHECK(b * a == from_hex(test["product"]));
        CHECK(svid_model::multiply(element_of(a), element_of(b)) ==
              element_of(from_hex(test["product"])));
    }
}

TEST_CASE("GF(2^128): the check value of the specification, by coordinates")
{
    constexpr Gf65536 a[] = {0x0101, 0x0202, 0x0303, 0x0404, 0x0505, 0x0606, 0x0707, 0x0808};
    constexpr Gf65536 b[] = {0x1001, 0x1112, 0x1223, 0x1334, 0x1445, 0x1556, 0x1667, 0x1778};
    constexpr Gf65536 product[] = {0x8ea3, 0xc034, 0x0f13, 0x6ba8, 0xf89d, 0x963d, 0xc53e, 0x2bcb};
    const auto element = [](const Gf65536* coordinates)
    {
        Gf2_128 out;
        for (unsigned t = 0; t < 8; ++t)
        {
            out.low |= std::uint64_t{coordinates[t] & 255U} << (8 * t);
            out.high |= std::uint64_t{static_cast<unsigned>(coordinates[t]) >> 8U} << (8 * t);
        }
        return out;
    };
    const Gf2_128 result = element(a) * element(b);
    CHECK(result == element(product));
    for (unsigned t = 0; t < 8; ++t)
        CHECK(result.coordinate(t) == product[t]);
}

TEST_CASE("GF(2^128): sixteen bytes in, the same out; coordinates where the rows have them")
{
    std::uint8_t bytes[16], back[16];
    for (unsigned i = 0; i < 16; ++i)
        bytes[i] = static_cast<std::uint8_t>(17 * i + 1);
    const Gf2_128 x = Gf2_128::load(bytes);
    x.store(back);
    CHECK(std::equal(bytes, bytes + 16, back));
    for (unsigned t = 0; t < 8; ++t)
        CHECK(x.coordinate(t) == (bytes[t] | static_cast<unsigned>(bytes[8 + t]) << 8U));
}

TEST_CASE("GF(2^128): products by 2, 32, u, x1, x2, x3 and every basis element are the model's")
{
    std::mt19937_64 random(1);
    for (unsigned i = 0; i < 328; ++i)
    {
        Gf2_128 a = random_element(random);
        if (i < 128)
            a = i < 64 ? Gf2_128{std::uint64_t{1} << i, 0}
                       : Gf2_128{0, std::uint64_t{1} << (i - 64)};
        const svid_model::Element m = element_of(a);
        REQUIRE(element_of(times_2(a)) == svid_model::multiply(m, at_coordinate(0, 2)));
        REQUIRE(element_of(times_32(a)) == svid_model::multiply(m, at_coordinate(0, 0x20)));
        REQUIRE(element_of(times_u(a)) == svid_model::multiply(m, at_coordinate(0, 0x100)));
        for (unsigned step = 0; step < 3; ++step)
            REQUIRE(element_of(times_x(a, step)) ==
                    svid_model::multiply(m, at_coordinate(1U << step, 1)));
        for (unsigned t = 0; t < 8; ++t)
            REQUIRE(element_of(times_basis(a, t)) == svid_model::multiply(m, at_coordinate(t, 1)));
    }
}

TEST_CASE("GF(2^128): products of all pairs of bits, and of random elements, are the model's")
{
    mote::test::Thinned thinned(2);
    for (unsigned i = 0; i < 128; ++i)
        for (unsigned j = 0; j < 128; ++j)
        {
            if (!thinned.next())
                continue;
            Gf2_128 a, b;
            (i < 64 ? a.low : a.high) = std::uint64_t{1} << (i % 64);
            (j < 64 ? b.low : b.high) = std::uint64_t{1} << (j % 64);
            if (element_of(a * b) != svid_model::multiply(element_of(a), element_of(b)))
                FAIL("bits " << i << " and " << j);
        }
    std::mt19937_64 random(2);
    for (unsigned i = 0; i < 1000; ++i)
    {
        const Gf2_128 a = random_element(random), b = random_element(random);
        if (element_of(a * b) != svid_model::multiply(element_of(a), element_of(b)))
            FAIL("random pair " << i);
    }
}

TEST_CASE("GF(2^128): field axioms, and scalars multiply coordinate by coordinate")
{
    std::mt19937_64 random(3);
    const Gf2_128 one = {1, 0};
    for (unsigned i = 0; i < 300; ++i)
    {
        const Gf2_128 a = random_element(random), b = random_element(random),
                      c = random_element(random);
        REQUIRE(a * b == b * a);
        REQUIRE((a * b) * c == a * (b * c));
        REQUIRE(a * (b ^ c) == (a * b ^ a * c));
        REQUIRE(a * one == a);
        REQUIRE(a * Gf2_128{} == Gf2_128{});
        const auto scalar = static_cast<Gf65536>(random());
        const Gf2_128 s = {scalar & 255U, static_cast<std::uint64_t>(scalar >> 8U)};
        for (unsigned t = 0; t < 8; ++t)
            REQUIRE((s * a).coordinate(t) == gf65536_multiply(scalar, a.coordinate(t)));
    }
}

TEST_CASE("GF(2^128): 2^128 elements, none of which is a divisor of zero")
{
    // a^(2^128) = a for all a, and for no smaller subfield: x3 comes back after 128 squarings only.
    std::mt19937_64 random(4);
    for (unsigned trial = 0; trial < 5; ++trial)
    {
        const Gf2_128 a = trial == 0 ? Gf2_128{std::uint64_t{1} << 32, 0} : random_element(random);
        Gf2_128 power = a, product = {1, 0};
        for (unsigned i = 1; i <= 128; ++i)
        {
            power = power * power;
            if (i < 128)
            {
                product = product * power;
                if (i == 64)
                    CHECK(power != a);
            }
        }
        CHECK(power == a);
        // a^(2^128 - 2) is the inverse.
        CHECK(product * a == Gf2_128{1, 0});
    }
}
