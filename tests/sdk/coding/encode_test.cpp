#include "coding/encode.hpp"

#include <catch2/catch.hpp>

#include "coding_support.hpp"
#include "tools/effort.hpp"

using namespace coding_test;
using svid_model::Lagrange;

namespace
{
constexpr std::size_t symbols = tile_bytes / 2;

/// Compares `columns` random symbol columns of the parity rows that `wanted` names with Lagrange
/// interpolation.
void compare(
    const CodeShape& shape, std::size_t columns, std::mt19937& random, Show show,
    const std::function<bool(std::uint32_t)>& wanted = [](std::uint32_t) { return true; })
{
    const ByteVector data = random_bytes(shape.data_rows * tile_bytes, random);
    const Lagrange code(svid_model::points(shape.code_rows));
    std::vector<std::size_t> at(columns);
    std::vector<std::vector<svid_model::Symbol>> column(columns);
    for (std::size_t c = 0; c < columns; ++c)
    {
        at[c] = columns == symbols ? c : random() % symbols;
        column[c] = padded_column(shape, data, at[c]);
    }
    std::uint32_t wrong = 0, seen = 0;
    Tile(shape, data, show,
         [&](std::uint32_t row, const std::uint8_t* bytes)
         {
             if (!wanted(row))
                 return;
             ++seen;
             const auto weights = code.weights(svid_model::omega(shape.code_rows + row));
             for (std::size_t c = 0; c < columns; ++c)
                 wrong += svid_model::symbol_of(bytes, at[c]) != svid_model::dot(weights, column[c])
                              ? 1
                              : 0;
         })
        .encode();
    INFO("k = " << shape.data_rows << ", p = " << shape.parity_rows);
    REQUIRE(seen > 0);
    REQUIRE(wrong == 0);
}
}  // namespace

TEST_CASE("parity rows are Lagrange interpolation, for every k up to 20 and p up to 40")
{
    std::mt19937 random(1);
    mote::test::Thinned thinned;
    for (std::uint32_t k = 1; k <= 20; ++k)
        for (std::uint32_t p = 1; p <= 40; ++p)
            if (thinned.next())
                compare(shape_of(k, p), 8, random, p % 2 == 0 ? Show::in_place : Show::copied);
}

TEST_CASE("parity rows are Lagrange interpolation in every symbol column")
{
    std::mt19937 random(2);
    for (const auto& [k, p] : {std::pair{5U, 13U}, std::pair{64U, 3U}, std::pair{1U, 4U}})
        compare(shape_of(k, p), symbols, random, Show::in_place);
    // Points above 255, whose twiddles are no bytes: low and high planes mix.
    compare(shape_of(98, 300), symbols, random, Show::copied,
            [](std::uint32_t row) { return row % 60 == 59; });
}

TEST_CASE("parity rows are Lagrange interpolation at the borders of blocks, cosets and fields")
{
    std::mt19937 random(3);
    mote::test::Thinned thinned(3);
    for (const std::uint32_t k :
         {31U, 32U, 33U, 63U, 64U, 65U, 98U, 127U, 128U, 129U, 200U, 256U, 257U})
        for (const std::uint32_t p : {1U, 2U, 3U, 62U, 63U, 64U, 65U, 66U, 127U, 128U, 129U, 191U,
                                      193U, 255U, 256U, 257U, 300U})
            if (thinned.next())
                compare(shape_of(k, p), 3, random, p % 2 == 0 ? Show::copied : Show::in_place,
                        [&](std::uint32_t row)
                        { return row % 64 < 2 || row % 64 > 61 || row + 2 > p || row % 9 == 0; });
}

TEST_CASE("every number of rows of the last coset of 128 and of 8")
{
    std::mt19937 random(4);
    mote::test::Thinned thinned(4);
    for (const std::uint32_t code_rows : {8U, 128U})
        for (std::uint32_t cosets = 0; cosets < 3; ++cosets)
            for (std::uint32_t last = 1; last <= code_rows; ++last)
            {
                if (!thinned.next() && last != code_rows && last != 1)
                    continue;
                const std::uint32_t p = cosets * code_rows + last;
                compare(shape_of(code_rows - 1, p), 1, random, Show::in_place,
                        [&](std::uint32_t row) { return row + 3 > p || row % 17 == 3; });
            }
}

TEST_CASE("large codes in a few columns")
{
    std::mt19937 random(5);
    const auto some = [](std::uint32_t of, std::uint32_t p)
    {
        return [of, p](std::uint32_t row)
        { return row % of == of / 2 || row == 0 || row + 1 == p; };
    };
    compare(shape_of(513, 1000), 2, random, Show::in_place, some(50, 1000));
    if (mote::test::emulated || mote::test::sanitized)
        return;
    compare(shape_of(1024, 2476), 2, random, Show::in_place, some(100, 2476));
    compare(shape_of(4096, 8904), 2, random, Show::in_place, some(900, 8904));
    compare(shape_of(2049, 2048 + 65), 2, random, Show::copied, some(300, 2048 + 65));
}

TEST_CASE("the largest code, and the last points there are")
{
    std::mt19937 random(6);
    if (mote::test::emulated || mote::test::sanitized)
        return;
    compare(shape_of(8192, 70), 1, random, Show::in_place,
            [](std::uint32_t row) { return row == 0 || row == 64 || row == 69; });
    compare(shape_of(60, 65536 - 64), 1, random, Show::in_place,
            [](std::uint32_t row) { return row % 5000 == 0 || row > 65536 - 64 - 20; });
}

TEST_CASE("an encoder codes one tile after the other")
{
    std::mt19937 random(7);
    for (const auto& [k, p] : {std::pair{5U, 29U}, std::pair{98U, 300U}, std::pair{1U, 3U}})
    {
        ByteVector data = random_bytes(k * tile_bytes, random);
        ByteVector parity(p * tile_bytes);
        Tile tile(shape_of(k, p), data, Show::copied,
                  [&](std::uint32_t row, const std::uint8_t* bytes)
                  { std::copy_n(bytes, tile_bytes, parity.data() + row * tile_bytes); });
        for (unsigned round = 0; round < 3; ++round)
        {
            data = random_bytes(k * tile_bytes, random);
            tile.encode();
            REQUIRE(parity == encode(shape_of(k, p), data));
        }
    }
}

TEST_CASE("K = 1: every parity row is the data row")
{
    std::mt19937 random(8);
    const ByteVector data = random_bytes(tile_bytes, random);
    for (const std::uint32_t p : {1U, 3U, 4U, 63U, 64U, 65U, 999U})
    {
        const ByteVector parity = encode(shape_of(1, p), data);
        for (std::uint32_t row = 0; row < p; ++row)
            REQUIRE(std::equal(data.begin(), data.end(), parity.data() + row * tile_bytes));
    }
}

TEST_CASE("the code is linear, and zeros give zeros")
{
    std::mt19937 random(9);
    const CodeShape shape = shape_of(70, 200);
    const ByteVector a = random_bytes(70 * tile_bytes, random);
    const ByteVector b = random_bytes(70 * tile_bytes, random);
    ByteVector sum(a.size());
    for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] = a[i] ^ b[i];
    const ByteVector of_a = encode(shape, a), of_b = encode(shape, b), of_sum = encode(shape, sum);
    for (std::size_t i = 0; i < of_sum.size(); ++i)
        if (of_sum[i] != (of_a[i] ^ of_b[i]))
            FAIL("byte " << i);
    CHECK(encode(shape, ByteVector(a.size())) == ByteVector(of_a.size()));
}

TEST_CASE("without enough memory an encoder is not ok")
{
    for (const auto& [k, p] : {std::pair{1U, 3U}, std::pair{98U, 63U}, std::pair{4096U, 8904U}})
    {
        mote::Arena count(nullptr, 0);
        CHECK_FALSE(mote::coding::Encoder(shape_of(k, p), count).ok());
        const std::size_t needed = count.used();
        const std::size_t block = std::min<std::size_t>(mote::next_power_of_two(k), 64);
        const std::size_t rows = std::max<std::size_t>(mote::next_power_of_two(k), p) + block;
        CHECK(needed <= (rows + rows / block + 1 + 128) * tile_bytes);
        const auto memory = mote::test::aligned_memory(needed);
        mote::Arena small(memory.get(), needed - 1), exact(memory.get(), needed);
        CHECK_FALSE(mote::coding::Encoder(shape_of(k, p), small).ok());
        CHECK(mote::coding::Encoder(shape_of(k, p), exact).ok());
    }
}
