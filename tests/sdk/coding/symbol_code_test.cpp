#include "coding/symbol_code.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <stdexcept>

#include "tools/effort.hpp"
#include "tools/svid_model.hpp"

using namespace mote::coding;
using mote::field::Gf2_128;
using svid_model::Lagrange;

namespace
{
using Column = std::vector<Gf2_128>;
constexpr Gf2_128 guard = {0x1122334455667788, 0x99aabbccddeeff00};

Column random_column(std::size_t count, std::mt19937_64& random)
{
    Column out(count);
    for (Gf2_128& x : out)
        x = {random(), random()};
    return out;
}

/// Elements as the code has them in memory, with a guard behind.
std::vector<std::uint8_t> packed(const Column& column)
{
    const auto count = static_cast<std::uint32_t>(column.size());
    std::vector<std::uint8_t> out(symbols_bytes(count) + 16, 0xa5);
    for (std::size_t n = 0; n < column.size(); ++n)
        store_symbols(out.data(), n, column[n]);
    return out;
}

Column unpacked(const std::vector<std::uint8_t>& symbols, std::size_t count)
{
    Column out(count);
    for (std::size_t n = 0; n < count; ++n)
        out[n] = load_symbols(symbols.data(), n);
    return out;
}

Column interpolated(const Column& values)
{
    std::vector<std::uint8_t> symbols = packed(values);
    interpolate(symbols.data(), static_cast<std::uint32_t>(values.size()));
    if (std::any_of(symbols.end() - 16, symbols.end(), [](std::uint8_t b) { return b != 0xa5; }))
        throw std::logic_error("written where nothing may be");
    return unpacked(symbols, values.size());
}

/// Values of the model at points, computed once each.
class Model
{
  public:
    Model(const Column& values, std::uint32_t points)
        : code_(svid_model::points(static_cast<std::uint32_t>(values.size()))),
          at_(points),
          known_(points, false)
    {
        for (unsigned t = 0; t < 8; ++t)
            for (const Gf2_128& value : values)
                columns_[t].push_back(value.coordinate(t));
    }

    const Gf2_128& value(std::uint32_t point)
    {
        if (!known_[point])
        {
            const auto weights = code_.weights(svid_model::omega(point));
            Gf2_128 out;
            for (unsigned t = 0; t < 8; ++t)
            {
                const unsigned symbol = svid_model::dot(weights, columns_[t]);
                out.low |= std::uint64_t{symbol & 255U} << (8 * t);
                out.high |= std::uint64_t{symbol >> 8U} << (8 * t);
            }
            at_[point] = out;
            known_[point] = true;
        }
        return at_[point];
    }

  private:
    Lagrange code_;
    std::vector<svid_model::Symbol> columns_[8];
    Column at_;
    std::vector<bool> known_;
};

/// Evaluates with exactly the memory that is needed, and with guards behind it.
Column evaluated(const Column& coefficients, std::uint32_t first, std::uint32_t points)
{
    const auto count = static_cast<std::uint32_t>(coefficients.size());
    const std::vector<std::uint8_t> symbols = packed(coefficients);
    std::vector<std::uint8_t> read = symbols, scratch(evaluate_scratch(count) + 16, 0xa5);
    read.resize(symbols_bytes(count));
    Column out(points + 1, guard);
    evaluate(read.data(), count, first, points, scratch.data(), out.data());
    if (!std::equal(read.begin(), read.end(), symbols.begin()) || out.back() != guard ||
        std::any_of(scratch.end() - 16, scratch.end(), [](std::uint8_t b) { return b != 0xa5; }))
        throw std::logic_error("written where nothing may be");
    out.pop_back();
    return out;
}

bool is_right(const Column& values, std::uint32_t first, Model& model)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != model.value(first + static_cast<std::uint32_t>(i)))
            return false;
    return true;
}
}  // namespace

TEST_CASE("elements lie in memory as the words of a row do")
{
    CHECK(symbols_bytes(0) == 0);
    CHECK(symbols_bytes(1) == 128);
    CHECK(symbols_bytes(8) == 128);
    CHECK(symbols_bytes(9) == 256);
    CHECK(symbols_bytes(8192) == 16 * 8192);
    std::vector<std::uint8_t> row(256);
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = static_cast<std::uint8_t>(7 * i);
    for (std::size_t n = 0; n < 16; ++n)
    {
        const Gf2_128 x = load_symbols(row.data(), n);
        for (unsigned t = 0; t < 8; ++t)
            REQUIRE(x.coordinate(t) == svid_model::symbol_of(row.data(), 8 * n + t));
        std::vector<std::uint8_t> other = row;
        store_symbols(other.data(), n, {});
        store_symbols(other.data(), n, x);
        REQUIRE(other == row);
    }
}

TEST_CASE("every range of points of small codes has the values of Lagrange interpolation")
{
    std::mt19937_64 random(1);
    mote::test::Thinned thinned;
    for (std::uint32_t count = 1; count <= 16; count *= 2)
    {
        const std::uint32_t end = 5 * count + 3;
        const Column values = random_column(count, random);
        Model model(values, end);
        const Column coefficients = interpolated(values);
        for (std::uint32_t first = 0; first < end; ++first)
            for (std::uint32_t points = 0; first + points <= end; ++points)
                if (points < 2 || thinned.next())
                {
                    INFO("K = " << count << ", points " << first << " + " << points);
                    REQUIRE(is_right(evaluated(coefficients, first, points), first, model));
                }
    }
}

TEST_CASE("ranges of larger codes, wherever they are among all points")
{
    std::mt19937_64 random(2);
    const unsigned trials = mote::test::emulated ? 5 : mote::test::sanitized ? 20 : 100;
    for (const std::uint32_t count : {32U, 64U, 128U, 256U, 512U})
    {
        const Column values = random_column(count, random);
        Model model(values, 65536);
        const Column coefficients = interpolated(values);
        for (unsigned trial = 0; trial < trials; ++trial)
        {
            auto first = static_cast<std::uint32_t>(random() % 65536);
            if (trial % 2 == 0)  // around the border of a half coset
                first =
                    std::min<std::uint32_t>(65535, first / (count / 2) * (count / 2) +
                                                       static_cast<std::uint32_t>(random() % 3));
            if (trial % 3 == 0 && first > 0)
                --first;
            const auto points = static_cast<std::uint32_t>(
                1 + random() %
                        std::min<std::uint32_t>(trial % 10 == 0 ? 2 * count : 12, 65536 - first));
            INFO("K = " << count << ", points " << first << " + " << points);
            REQUIRE(is_right(evaluated(coefficients, first, points), first, model));
        }
    }
}

TEST_CASE("a large code at its last points and at those it came from")
{
    std::mt19937_64 random(3);
    const std::uint32_t count = mote::test::emulated || mote::test::sanitized ? 1024 : 4096;
    const Column values = random_column(count, random);
    Model model(values, 65536);
    const Column coefficients = interpolated(values);
    CHECK(evaluated(coefficients, 0, count) == values);
    CHECK(is_right(evaluated(coefficients, 65533, 3), 65533, model));
    CHECK(
        is_right(evaluated(coefficients, count + count / 2 - 2, 4), count + count / 2 - 2, model));
    CHECK(is_right(evaluated(coefficients, 2 * count - 2, 4), 2 * count - 2, model));
}

TEST_CASE("interpolation and evaluation at the same points are inverse")
{
    std::mt19937_64 random(4);
    for (std::uint32_t count = 1; count <= 2048; count *= 2)
    {
        const Column values = random_column(count, random);
        const Column coefficients = interpolated(values);
        REQUIRE(evaluated(coefficients, 0, count) == values);
    }
}

TEST_CASE("one row: its value is everywhere")
{
    const Column value = {{123, 456}};
    const Column coefficients = interpolated(value);
    CHECK(coefficients == value);
    for (const std::uint32_t first : {0U, 1U, 77U, 65530U})
        CHECK(evaluated(coefficients, first, 5) == Column(5, value[0]));
}
