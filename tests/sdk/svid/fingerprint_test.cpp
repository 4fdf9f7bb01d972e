#include "svid/fingerprint.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tools/effort.hpp"
#include "tools/svid_model.hpp"

using namespace mote::svid;
using mote::Bytes;
using mote::field::Gf2_128;
using ByteVector = std::vector<std::uint8_t>;

namespace
{
ByteVector random_bytes(std::size_t bytes, std::mt19937& random)
{
    ByteVector out(bytes);
    for (std::uint8_t& b : out)
        b = static_cast<std::uint8_t>(random());
    return out;
}

svid_model::Element element_of(const Gf2_128& x)
{
    std::uint8_t bytes[16];
    x.store(bytes);
    return svid_model::element_of(bytes, bytes + 8);
}

Gf2_128 random_element(std::mt19937& random)
{
    return Gf2_128::load(random_bytes(16, random).data());
}
}  // namespace

TEST_CASE("multiplication by a table is the model's product, for every bit of both factors")
{
    mote::test::Thinned thinned;
    for (unsigned i = 0; i < 128; ++i)
    {
        Gf2_128 factor;
        (i < 64 ? factor.low : factor.high) = std::uint64_t{1} << (i % 64);
        const MultiplyTable table(factor);
        for (unsigned j = 0; j < 128; ++j)
        {
            if (!thinned.next())
                continue;
            Gf2_128 x;
            (j < 64 ? x.low : x.high) = std::uint64_t{1} << (j % 64);
            REQUIRE(element_of(table.multiply(x)) ==
                    svid_model::multiply(element_of(factor), element_of(x)));
        }
    }
    std::mt19937 random(1);
    for (unsigned i = 0; i < 100; ++i)
    {
        const Gf2_128 factor = random_element(random), x = random_element(random);
        const MultiplyTable table(factor);
        REQUIRE(table.multiply(x) == factor * x);
        REQUIRE(element_of(table.multiply(x)) ==
                svid_model::multiply(element_of(factor), element_of(x)));
        REQUIRE(table.multiply(Gf2_128{}) == Gf2_128{});
        const MultiplyTable::Pair pair = table.multiply(x.low, x.high);
        REQUIRE(Gf2_128{pair[0], pair[1]} == factor * x);
    }
}

TEST_CASE("fingerprints are Horner's rule of the model, whole and in pieces, short rows too")
{
    std::mt19937 random(2);
    for (const std::size_t row_bytes : {1024U, 2048U})
        for (const std::size_t there :
             {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{63},
              std::size_t{64}, std::size_t{65}, std::size_t{127}, std::size_t{128},
              std::size_t{129}, std::size_t{904}, row_bytes - 129, row_bytes - 128, row_bytes - 1,
              row_bytes})
        {
            const ByteVector row = random_bytes(there, random);
            const Gf2_128 factor = random_element(random);
            const Challenge rho(factor);
            const svid_model::Element expected =
                svid_model::fingerprint(element_of(factor), row, row_bytes);
            REQUIRE(element_of(fingerprint(rho, row, row_bytes)) == expected);
            for (const std::size_t piece : {1U, 7U, 64U, 100U, 128U, 130U, 1000U})
            {
                Fingerprint sum;
                for (std::size_t at = 0; at < there; at += piece)
                {
                    sum.update(rho, Bytes(row).subspan(at, std::min(piece, there - at)));
                    sum.update(rho, {});
                }
                REQUIRE(element_of(sum.finish(rho, row_bytes)) == expected);
            }
            for (unsigned trial = 0; trial < 5; ++trial)
            {
                Fingerprint sum;
                for (std::size_t at = 0; at < there;)
                {
                    const std::size_t piece = std::min<std::size_t>(random() % 300, there - at);
                    sum.update(rho, Bytes(row).subspan(at, piece));
                    at += piece;
                }
                REQUIRE(element_of(sum.finish(rho, row_bytes)) == expected);
            }
        }
}

TEST_CASE("fingerprints are linear, and every symbol of a row counts")
{
    std::mt19937 random(3);
    const Challenge rho(random_element(random));
    const ByteVector a = random_bytes(1024, random), b = random_bytes(1024, random);
    ByteVector sum(1024);
    for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] = a[i] ^ b[i];
    CHECK(fingerprint(rho, sum, 1024) == (fingerprint(rho, a, 1024) ^ fingerprint(rho, b, 1024)));
    for (std::size_t i = 0; i < 1024; ++i)
    {
        ByteVector one(1024);
        one[i] = 0x40;
        REQUIRE(fingerprint(rho, one, 1024) != Gf2_128{});
    }
    // The challenges 0 and 1: the last word, and the sum of all words.
    CHECK(fingerprint(Challenge(Gf2_128{}), a, 1024) ==
          Gf2_128{mote::load_le64(a.data() + 896 + 56), mote::load_le64(a.data() + 896 + 120)});
    Gf2_128 all;
    for (std::size_t group = 0; group < 1024; group += 128)
        for (std::size_t e = 0; e < 8; ++e)
            all = all ^ Gf2_128 {
                mote::load_le64(a.data() + group + 8 * e),
                    mote::load_le64(a.data() + group + 64 + 8 * e)
            };
    CHECK(fingerprint(Challenge(Gf2_128{1, 0}), a, 1024) == all);
}
