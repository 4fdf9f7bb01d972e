#include "coding/rebuild.hpp"

#include <catch2/catch.hpp>

#include "coding/locator.hpp"
#include "coding/strips.hpp"
#include "coding_support.hpp"
#include "tools/effort.hpp"

using namespace coding_test;
using mote::coding::Rebuilder;
using mote::coding::strip_bytes;
using svid_model::Symbol;

namespace
{
/// All rows of one tile and which of them are there.
struct Rows
{
    CodeShape shape;
    ByteVector data, parity;
    std::vector<std::uint8_t> known;  // by row number
    ByteVector rebuilt;
    std::vector<std::uint32_t> strips_stored;

    Rows(const CodeShape& with, std::mt19937& random)
        : shape(with),
          data(random_bytes(with.data_rows * tile_bytes, random)),
          parity(encode(with, data)),
          known(with.data_rows + with.parity_rows, 0),
          rebuilt(data.size(), 0xee),
          strips_stored(with.data_rows, 0)
    {
    }

    [[nodiscard]] std::uint32_t points() const
    {
        return mote::coding::domain_points(shape.code_rows, shape.parity_rows);
    }

    /// Row number of a point; rows without a number are zeros below K and nothing above the last.
    [[nodiscard]] std::vector<std::uint8_t> missing() const
    {
        std::vector<std::uint8_t> out(points(), 1);
        for (std::uint32_t i = 0; i < shape.code_rows; ++i)
            out[i] = i < shape.data_rows && known[i] == 0 ? 1 : 0;
        for (std::uint32_t j = 0; j < shape.parity_rows; ++j)
            out[shape.code_rows + j] = known[shape.data_rows + j] == 0 ? 1 : 0;
        return out;
    }

    static const std::uint8_t* row(void* opaque, std::uint32_t point, std::size_t column)
    {
        const Rows& rows = *static_cast<const Rows*>(opaque);
        if (point >= rows.points() || column % strip_bytes != 0)
            throw std::logic_error("no such strip");
        if (point < rows.shape.data_rows)
            return rows.known[point] != 0 ? rows.data.data() + point * tile_bytes + column
                                          : nullptr;
        if (point < rows.shape.code_rows || point - rows.shape.code_rows >= rows.shape.parity_rows)
            return nullptr;
        const std::uint32_t j = point - rows.shape.code_rows;
        return rows.known[rows.shape.data_rows + j] != 0
                   ? rows.parity.data() + j * tile_bytes + column
                   : nullptr;
    }
    static void store(void* opaque, std::uint32_t row, std::size_t column,
                      const std::uint8_t* strip)
    {
        Rows& rows = *static_cast<Rows*>(opaque);
        if (row >= rows.shape.data_rows || rows.known[row] != 0)
            throw std::logic_error("a row that is not missing");
        ++rows.strips_stored[row];
        std::copy_n(strip, strip_bytes, rows.rebuilt.data() + row * tile_bytes + column);
    }

    /// Rebuilds with the given factors, in exactly the memory that it counted.
    bool rebuild(const std::vector<Symbol>& factors)
    {
        const std::vector<std::uint8_t> gone = missing();
        mote::Arena count(nullptr, 0);
        static_cast<void>(Rebuilder(shape, factors.data(), gone.data(), count));
        const auto memory = mote::test::aligned_memory(count.used());
        mote::Arena small(memory.get(), count.used() - 1);
        if (Rebuilder(shape, factors.data(), gone.data(), small).ok())
            throw std::logic_error("less memory is enough");
        mote::Arena arena(memory.get(), count.used());
        const Rebuilder rebuilder(shape, factors.data(), gone.data(), arena);
        if (!rebuilder.ok())
            throw std::logic_error("the rebuilder needs more memory than it said");
        std::fill(rebuilt.begin(), rebuilt.end(), std::uint8_t{0xee});
        std::fill(strips_stored.begin(), strips_stored.end(), 0U);
        rebuilder.rebuild({this, row, store}, 0);
        for (std::uint32_t r = 0; r < shape.data_rows; ++r)
        {
            if (known[r] != 0)
                continue;
            if (strips_stored[r] != tile_bytes / strip_bytes ||
                !std::equal(rebuilt.begin() + r * tile_bytes,
                            rebuilt.begin() + (r + 1) * tile_bytes, data.begin() + r * tile_bytes))
                return false;
        }
        return true;
    }

    bool rebuild()
    {
        const std::vector<std::uint8_t> gone = missing();
        std::vector<Symbol> factors(gone.size());
        mote::Arena count(nullptr, 0);
        const unsigned log_points = mote::ceil_log2(gone.size());
        static_cast<void>(mote::coding::locate(gone.data(), log_points, factors.data(), count));
        const auto memory = mote::test::aligned_memory(count.used());
        mote::Arena arena(memory.get(), count.used());
        if (!mote::coding::locate(gone.data(), log_points, factors.data(), arena))
            throw std::logic_error("the locator needs more memory than it said");
        return rebuild(factors);
    }

    /// The model's factors, which for small domains are faster to have.
    [[nodiscard]] std::vector<Symbol> slow_factors() const
    {
        const std::vector<std::uint8_t> gone = missing();
        const auto& log = svid_model::logarithms();
        std::vector<Symbol> factors(gone.size());
        for (std::uint32_t i = 0; i < gone.size(); ++i)
        {
            std::uint64_t sum = 0;
            for (std::uint32_t e = 0; e < gone.size(); ++e)
                if (gone[e] != 0 && e != i)
                    sum += log.of[svid_model::omega(i ^ e)];
            factors[i] = log.powers[gone[i] == 0 ? sum % log.order
                                                 : (log.order - sum % log.order) % log.order];
        }
        return factors;
    }

    /// Keeps `count` random rows.
    void keep(std::uint32_t count, std::mt19937& random)
    {
        std::vector<std::uint32_t> order(known.size());
        for (std::uint32_t r = 0; r < order.size(); ++r)
            order[r] = r;
        std::shuffle(order.begin(), order.end(), random);
        std::fill(known.begin(), known.end(), std::uint8_t{0});
        for (std::uint32_t i = 0; i < count; ++i)
            known[order[i]] = 1;
    }
};
}  // namespace

TEST_CASE("item 23: every k rows of N rebuild the others, for all N up to 12")
{
    std::mt19937 random(1);
    mote::test::Thinned thinned, with_locator(40);
    for (std::uint32_t n = 4; n <= 12; ++n)
        for (std::uint32_t k = 1; k + 3 <= n; ++k)
        {
            Rows rows(shape_of(k, n - k), random);
            for (std::uint32_t subset = 0; subset < 1U << n; ++subset)
            {
                std::uint32_t size = 0;
                for (std::uint32_t r = 0; r < n; ++r)
                    size += rows.known[r] = static_cast<std::uint8_t>(subset >> r & 1U);
                if (size != k || !thinned.next())
                    continue;
                const bool ok =
                    with_locator.next() ? rows.rebuild() : rows.rebuild(rows.slow_factors());
                if (!ok)
                    FAIL("k = " << k << ", N = " << n << ", rows " << subset);
            }
        }
}

TEST_CASE("more than k rows rebuild as well, up to all but one")
{
    std::mt19937 random(2);
    for (const auto& [k, p] : {std::pair{5U, 13U}, std::pair{8U, 8U}, std::pair{9U, 3U},
                               std::pair{64U, 100U}, std::pair{65U, 9U}})
    {
        Rows rows(shape_of(k, p), random);
        for (std::uint32_t count = k; count < k + p; count += 1 + p / 3)
        {
            rows.keep(count, random);
            INFO("k = " << k << ", p = " << p << ", " << count << " rows");
            REQUIRE(rows.rebuild());
        }
        // All but one data row, each in turn.
        for (std::uint32_t r = 0; r < k; r += 1 + k / 4)
        {
            std::fill(rows.known.begin(), rows.known.end(), std::uint8_t{1});
            rows.known[r] = 0;
            REQUIRE(rows.rebuild());
        }
    }
}

TEST_CASE("random rows at K = 128, at the borders of blocks and with points above 255")
{
    std::mt19937 random(3);
    mote::test::Thinned thinned;
    for (const auto& [k, p] :
         {std::pair{98U, 63U}, std::pair{128U, 300U}, std::pair{127U, 128U}, std::pair{129U, 3U},
          std::pair{65U, 9U}, std::pair{64U, 183U}, std::pair{63U, 65U}, std::pair{2U, 300U},
          std::pair{1U, 999U}, std::pair{257U, 543U}})
    {
        Rows rows(shape_of(k, p), random);
        for (unsigned trial = 0; trial < 3; ++trial)
        {
            if (!thinned.next() && trial > 0)
                continue;
            rows.keep(k, random);
            if (trial == 1)  // as much parity as there is
                for (std::uint32_t r = 0; r < k + p; ++r)
                    rows.known[r] = r >= p ? 1 : 0;
            if (trial == 2)  // data rows first
                for (std::uint32_t r = 0; r < k + p; ++r)
                    rows.known[r] = r != 0 && r <= k ? 1 : 0;
            INFO("k = " << k << ", p = " << p << ", trial " << trial);
            REQUIRE(rows.rebuild());
        }
    }
}

TEST_CASE("a code of 4096 rows")
{
    if (mote::test::emulated || mote::test::sanitized)
        return;
    std::mt19937 random(4);
    Rows rows(shape_of(4096, 8904), random);
    rows.keep(4096, random);
    CHECK(rows.rebuild());
}

TEST_CASE("three of the last points there are rebuild three rows")
{
    if (mote::test::emulated || mote::test::sanitized)
        return;
    struct Context
    {
        ByteVector data = ByteVector(3 * tile_bytes), parity = data, rebuilt = data;
        std::uint32_t points[3] = {65535, 65535 - 300, 21};
    } context;
    std::mt19937 random(5);
    context.data = random_bytes(context.data.size(), random);
    const CodeShape shape = shape_of(3, 65536 - 4);
    const svid_model::Lagrange code(svid_model::points(4));
    std::vector<std::uint8_t> missing(65536, 1);
    missing[3] = 0;  // a row of zeros
    for (std::size_t i = 0; i < 3; ++i)
    {
        missing[context.points[i]] = 0;
        const auto weights = code.weights(svid_model::omega(context.points[i]));
        for (std::size_t s = 0; s < tile_bytes / 2; ++s)
            svid_model::put_symbol(context.parity.data() + i * tile_bytes, s,
                                   svid_model::dot(weights, padded_column(shape, context.data, s)));
    }
    std::vector<Symbol> factors(missing.size());
    const std::size_t bytes = std::size_t{256} << 20;
    mote::Arena count(nullptr, 0);
    static_cast<void>(mote::coding::locate(missing.data(), 16, factors.data(), count));
    static_cast<void>(Rebuilder(shape, factors.data(), missing.data(), count));
    REQUIRE(count.used() < bytes);
    const auto memory = mote::test::aligned_memory(count.used());
    mote::Arena arena(memory.get(), count.used());
    REQUIRE(mote::coding::locate(missing.data(), 16, factors.data(), arena));
    const Rebuilder rebuilder(shape, factors.data(), missing.data(), arena);
    REQUIRE(rebuilder.ok());
    rebuilder.rebuild(
        {&context,
         [](void* opaque, std::uint32_t point, std::size_t column) -> const std::uint8_t*
         {
             const Context& c = *static_cast<const Context*>(opaque);
             for (std::size_t i = 0; i < 3; ++i)
                 if (c.points[i] == point)
                     return c.parity.data() + i * tile_bytes + column;
             return nullptr;
         },
         [](void* opaque, std::uint32_t row, std::size_t column, const std::uint8_t* strip)
         {
             Context& c = *static_cast<Context*>(opaque);
             std::copy_n(strip, strip_bytes, c.rebuilt.data() + row * tile_bytes + column);
         }},
        0);
    CHECK(context.rebuilt == context.data);
}

TEST_CASE("with fewer than k rows something else comes out")
{
    std::mt19937 random(6);
    Rows rows(shape_of(5, 13), random);
    rows.keep(4, random);
    CHECK_FALSE(rows.rebuild());
}
