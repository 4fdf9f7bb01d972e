#include "field/gf256.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tools/svid_model.hpp"

using namespace mote::field;

TEST_CASE("GF(2^8): the worked case")
{
    CHECK(gf256_multiply(0x53, 0xca) == 1);
    CHECK(svid_model::byte_product(0x53, 0xca) == 1);
}

TEST_CASE("GF(2^8): all products, bit by bit and from nibbles, are those of long division")
{
    for (unsigned a = 0; a < 256; ++a)
        for (unsigned b = 0; b < 256; ++b)
        {
            const std::uint8_t expected = svid_model::byte_product(a, b);
            const auto x = static_cast<std::uint8_t>(a), y = static_cast<std::uint8_t>(b);
            if (gf256_multiply(x, y) != expected)
                FAIL(a << " * " << b);
            if ((gf256_nibbles[a][b & 15] ^ gf256_nibbles[a][16 + (b >> 4)]) != expected)
                FAIL(a << " * " << b << " from nibbles");
        }
    CHECK(make_gf256_nibbles() == gf256_nibbles);
}

TEST_CASE("GF(2^8): the model is a field")
{
    const auto& times = svid_model::byte_products();
    for (unsigned a = 0; a < 256; ++a)
    {
        unsigned inverses = 0, zeros = 0;
        for (unsigned b = 0; b < 256; ++b)
        {
            inverses += times[a][b] == 1 ? 1 : 0;
            zeros += times[a][b] == 0 ? 1 : 0;
            if (times[a][b] != times[b][a])
                FAIL(a << " and " << b << " do not commute");
        }
        REQUIRE(inverses == (a == 0 ? 0 : 1));
        REQUIRE(zeros == (a == 0 ? 256 : 1));
        REQUIRE(times[a][1] == a);
    }
    std::mt19937 random(1);
    for (unsigned i = 0; i < 20000; ++i)
    {
        const unsigned a = random() % 256, b = random() % 256, c = random() % 256;
        if (times[times[a][b]][c] != times[a][times[b][c]] ||
            times[a][b ^ c] != (times[a][b] ^ times[a][c]))
            FAIL(a << ", " << b << ", " << c);
    }
}

TEST_CASE("GF(2^8): times 32 is five doublings at once")
{
    for (unsigned x = 0; x < 256; ++x)
        if (gf256_times_32(static_cast<std::uint8_t>(x)) != svid_model::byte_product(x, 0x20))
            FAIL(x);
}

TEST_CASE("GF(2^8): eight lanes are doubled without touching each other")
{
    std::mt19937_64 random(2);
    for (unsigned i = 0; i < 1000; ++i)
    {
        std::uint64_t lanes = random();
        if (i < 256)
            lanes = i * 0x0101010101010101ULL;
        else if (i < 320)
            lanes = std::uint64_t{1} << (i - 256);
        std::uint64_t expected = 0;
        for (unsigned shift = 0; shift < 64; shift += 8)
            expected |= std::uint64_t{svid_model::byte_product((lanes >> shift) & 255, 2)} << shift;
        REQUIRE(gf256_double_lanes(lanes) == expected);
    }
}
