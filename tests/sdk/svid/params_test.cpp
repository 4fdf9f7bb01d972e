#include "svid/params.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "support/svid_cases.hpp"
#include "svid/assignment.hpp"
#include "tools/effort.hpp"

using namespace mote::svid;
using mote::Status;

namespace
{
constexpr std::uint64_t top = ~std::uint64_t{0};

/// Integers of 128 bits as digits of 16 bits, least significant first.
using Digits = std::array<std::uint32_t, 8>;

Digits product(std::uint64_t a, std::uint64_t b)
{
    Digits out{};
    for (std::size_t i = 0; i < 4; ++i)
    {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 4; ++j)
        {
            const std::uint64_t sum =
                out[i + j] + ((a >> (16 * i)) & 0xffff) * ((b >> (16 * j)) & 0xffff) + carry;
            out[i + j] = static_cast<std::uint32_t>(sum & 0xffff);
            carry = sum >> 16;
        }
        out[i + 4] = static_cast<std::uint32_t>(carry);
    }
    return out;
}

bool at_least(const Digits& a, const Digits& b)
{
    for (std::size_t i = a.size(); i-- > 0;)
        if (a[i] != b[i])
            return a[i] > b[i];
    return true;
}

/// Whether `rows` is min(k, ceil(3 k stake / total)): the definition, without a division.
bool is_row_count(std::uint32_t rows, std::uint32_t k, std::uint64_t stake, std::uint64_t total)
{
    const Digits wanted = product(stake, std::uint64_t{3} * k);
    const bool enough = rows == k || at_least(product(total, rows), wanted);
    const bool fewest = rows == 0 || !at_least(product(total, rows - 1), wanted);
    return rows <= k && enough && fewest;
}

struct Shape
{
    std::uint64_t block_bytes;
    unsigned row_log2;
    std::uint32_t k, code_rows;
};

std::uint64_t random_stake(std::mt19937_64& random) { return random() >> (random() % 64); }

/// Four or more stakes whose sum fits.
std::vector<std::uint64_t> random_stakes(std::mt19937_64& random)
{
    std::vector<std::uint64_t> stakes(4 + random() % 40);
    switch (random() % 4)
    {
        case 0:  // many of 1, one huge
            std::fill(stakes.begin(), stakes.end(), 1);
            stakes[random() % stakes.size()] = top - stakes.size();
            break;
        case 1:  // a total of exactly 2^64 - 1
        {
            std::uint64_t left = top;
            for (std::size_t v = 0; v + 1 < stakes.size(); ++v)
                left -= stakes[v] = 1 + random() % (top / 64);
            stakes.back() = left;
            break;
        }
        case 2:  // small numbers, which divide evenly now and then
            for (std::uint64_t& stake : stakes)
                stake = 1 + random() % 6;
            break;
        default:
            for (std::uint64_t& stake : stakes)
                stake = 1 + random_stake(random) / 64;
            break;
    }
    return stakes;
}
}  // namespace

TEST_CASE("the table of the specification")
{
    constexpr Shape shapes[] = {{0, 10, 0, 0},
                                {1, 10, 1, 1},
                                {100000, 10, 98, 128},
                                {1 << 20, 12, 256, 256},
                                {4 << 20, 13, 512, 512},
                                {32 << 20, 14, 2048, 2048},
                                {64 << 20, 15, 2048, 2048},
                                {128 << 20, 15, 4096, 4096},
                                {256 << 20, 16, 4096, 4096},
                                {1 << 30, 17, 8192, 8192},
                                // Around rows and around powers of two.
                                {1023, 10, 1, 1},
                                {1024, 10, 1, 1},
                                {1025, 10, 2, 2},
                                {65536, 10, 64, 64},
                                {65537, 10, 65, 128},
                                {262144, 11, 128, 128},
                                {262145, 11, 129, 256},
                                {(1 << 20) + 1, 12, 257, 512},
                                {(1 << 30) - 1, 17, 8192, 8192},
                                {(1 << 29) + 1, 17, 4097, 8192}};
    for (const Shape& shape : shapes)
    {
        INFO(shape.block_bytes << " bytes");
        Params params;
        REQUIRE(derive(shape.block_bytes, params) == Status::ok);
        CHECK(params.row_log2 == shape.row_log2);
        CHECK(params.data_rows == shape.k);
        CHECK(params.code_rows == shape.code_rows);
        CHECK(params.rows == 0);
        CHECK(params.z_bytes() == 16 * shape.k);
        CHECK(params.block_bytes == shape.block_bytes);
        if (shape.k == 0)
            continue;
        std::uint64_t sum = 0;
        for (std::uint32_t r = 0; r < shape.k; ++r)
            sum += params.bytes_of_row(r);
        CHECK(sum == shape.block_bytes);
        CHECK(params.bytes_of_row(shape.k - 1) >= 1);
        CHECK(params.bytes_of_row(shape.k) == params.row_bytes());
    }
}

TEST_CASE(
    "the row length is 2^max(10, floor(ceil(log2 B) / 2) + 2) for every B around powers of two")
{
    for (unsigned power = 0; power <= 30; ++power)
        for (std::int64_t off = -2; off <= 2; ++off)
        {
            const std::int64_t block_bytes = (std::int64_t{1} << power) + off;
            if (block_bytes < 0 || block_bytes > (1 << 30))
                continue;
            unsigned b = 0;
            while ((std::int64_t{1} << b) < block_bytes)
                ++b;
            Params params;
            REQUIRE(derive(static_cast<std::uint64_t>(block_bytes), params) == Status::ok);
            REQUIRE(params.row_log2 == std::max(10U, b / 2 + 2));
            REQUIRE(params.row_log2 <= 17);
            REQUIRE(params.data_rows <= data_rows_max);
            REQUIRE(std::uint64_t{params.data_rows} * params.row_bytes() >=
                    static_cast<std::uint64_t>(block_bytes));
            REQUIRE(std::uint64_t{params.data_rows} * params.row_bytes() <
                    static_cast<std::uint64_t>(block_bytes) + params.row_bytes());
        }
}

TEST_CASE("blocks above the limit have no shape")
{
    for (const std::uint64_t block_bytes :
         {(std::uint64_t{1} << 30) + 1, std::uint64_t{1} << 31, std::uint64_t{1} << 32,
          (std::uint64_t{1} << 32) + 1, std::uint64_t{1} << 63, (std::uint64_t{1} << 63) + 1,
          top - 131072, top})
    {
        Params params;
        CHECK(derive(block_bytes, params) == Status::limit_exceeded);
        const std::vector<std::uint64_t> stakes(4, 1);
        CHECK(derive(block_bytes, stakes, params) == Status::limit_exceeded);
    }
}

TEST_CASE("rows of a stake are the smallest number that is enough")
{
    std::mt19937_64 random(1);
    const unsigned trials = mote::test::emulated ? 2000 : 100000;
    for (unsigned trial = 0; trial < trials; ++trial)
    {
        const auto k = static_cast<std::uint32_t>(trial % 7 == 0   ? 8192
                                                  : trial % 7 == 1 ? 1
                                                                   : 1 + random() % 8192);
        std::uint64_t total = 1 + random_stake(random) / 2;
        if (trial % 5 == 0)
            total = top - random() % 5;
        std::uint64_t stake = 1 + random() % total;
        if (trial % 3 == 0)  // near a number of rows that divides evenly
            stake = std::min(
                total, total / (std::uint64_t{3} * k) * (1 + random() % (std::uint64_t{3} * k)) +
                           random() % 3);
        if (trial % 11 == 0)
            stake = total;
        if (stake == 0)
            stake = 1;
        const std::uint32_t rows = rows_of_stake(k, stake, total);
        if (!is_row_count(rows, k, stake, total))
            FAIL(rows << " rows for " << stake << " of " << total << ", k = " << k);
        REQUIRE(rows >= 1);
    }
    CHECK(rows_of_stake(8192, top, top) == 8192);
    CHECK(rows_of_stake(8192, 1, top) == 1);
    CHECK(rows_of_stake(8192, top / 3, top) == 8192);
    CHECK(rows_of_stake(4096, 1, 1000) == 13);
    CHECK(rows_of_stake(98, 79, 100) == 98);
    CHECK(rows_of_stake(0, 1, 4) == 0);
}

TEST_CASE("sums of stakes: four to 40,960 of them, none zero, below 2^64")
{
    std::uint64_t total = 0;
    const auto status = [&](const std::vector<std::uint64_t>& stakes)
    { return total_stake(stakes, total); };
    CHECK(status({}) == Status::invalid_argument);
    CHECK(status({1, 1, 1}) == Status::invalid_argument);
    CHECK(status({1, 1, 1, 1}) == Status::ok);
    CHECK(total == 4);
    CHECK(status({1, 1, 1, 0}) == Status::invalid_argument);
    CHECK(status({0, 1, 1, 1, 1}) == Status::invalid_argument);
    CHECK(status({top - 3, 1, 1, 1}) == Status::ok);
    CHECK(total == top);
    CHECK(status({top - 2, 1, 1, 1}) == Status::invalid_argument);
    CHECK(status({top, top, top, top}) == Status::invalid_argument);
    CHECK(status({top / 4 + 1, top / 4 + 1, top / 4 + 1, top / 4 + 1}) == Status::invalid_argument);
    CHECK(status(std::vector<std::uint64_t>(40960, 1)) == Status::ok);
    CHECK(status(std::vector<std::uint64_t>(40961, 1)) == Status::invalid_argument);
}

TEST_CASE("the largest set and the largest block stay inside the code")
{
    Params params;
    REQUIRE(derive(std::uint64_t{1} << 30, std::vector<std::uint64_t>(40960, 1), params) ==
            Status::ok);
    CHECK(params.rows == 40960);
    CHECK(params.code_rows + params.parity_rows() <= code_points_max);
    // One stake of nearly everything and the rest of 1: a row each, and all k once.
    std::vector<std::uint64_t> stakes(40960, 1);
    stakes[5] = std::uint64_t{1} << 60;
    REQUIRE(derive(std::uint64_t{1} << 30, stakes, params) == Status::ok);
    CHECK(params.rows == 40959 + 8192);
    // Just above a third of a row's worth each: two rows for all.
    REQUIRE(derive(std::uint64_t{1} << 30, std::vector<std::uint64_t>(24575, 1), params) ==
            Status::ok);
    CHECK(params.rows == 2 * 24575);
    CHECK(params.code_rows + params.parity_rows() <= code_points_max);
}

TEST_CASE("item 24: ranges are disjoint and complete, and every set above a third holds k rows")
{
    std::mt19937_64 random(2);
    const unsigned trials = mote::test::emulated ? 20 : 300;
    for (unsigned trial = 0; trial < trials; ++trial)
    {
        const std::vector<std::uint64_t> stakes = random_stakes(random);
        const auto n = static_cast<std::uint32_t>(stakes.size());
        const std::uint64_t block_bytes =
            trial % 10 == 0 ? std::uint64_t{1} << 30 : 1 + random() % (std::uint64_t{4} << 20);
        Params params;
        REQUIRE(derive(block_bytes, stakes, params) == Status::ok);
        std::uint64_t total = 0;
        REQUIRE(total_stake(stakes, total) == Status::ok);

        std::vector<std::uint8_t> keys(n * public_key_bytes);
        for (std::uint8_t& b : keys)
            b = static_cast<std::uint8_t>(random());
        Digest seed;
        for (std::uint8_t& b : seed)
            b = static_cast<std::uint8_t>(random());
        const ValidatorSet set = {seed, stakes, keys};
        svid_cases::Memory memory(40 * n + 64);
        mote::Arena arena = memory.arena();
        Assignment assignment;
        REQUIRE(assignment.open(set, arena) == Status::ok);
        CHECK(arena.used() <= 40 * n);
        Header header;
        header.zone = static_cast<std::uint32_t>(random());
        header.height = random();
        header.data_rows = params.data_rows;
        header.rows = params.rows;
        std::vector<AssignedRange> ranges(n);
        assignment.ranges(set, header, ranges);

        std::vector<std::uint8_t> owners(params.rows, 0);
        for (std::uint32_t v = 0; v < n; ++v)
        {
            const AssignedRange one = assignment.range(set, header, v);
            REQUIRE(one.first == ranges[v].first);
            REQUIRE(one.count == ranges[v].count);
            REQUIRE(is_row_count(one.count, params.data_rows, stakes[v], total));
            REQUIRE(one.first < params.rows);
            for (std::uint32_t t = 0; t < one.count; ++t)
                ++owners[(one.first + t) % params.rows];
        }
        REQUIRE(std::all_of(owners.begin(), owners.end(), [](std::uint8_t o) { return o == 1; }));

        // Sets just above a third, from members in random order; each alone and none too many.
        std::vector<std::uint32_t> order(n);
        for (std::uint32_t v = 0; v < n; ++v)
            order[v] = v;
        for (unsigned set_trial = 0; set_trial < 20; ++set_trial)
        {
            std::shuffle(order.begin(), order.end(), random);
            if (set_trial == 0)  // those with the fewest rows for their stake
                std::sort(order.begin(), order.end(),
                          [&](std::uint32_t a, std::uint32_t b) { return stakes[a] > stakes[b]; });
            std::uint64_t stake = 0, rows = 0;
            bool capped = false;
            for (const std::uint32_t v : order)
            {
                if (stake > total / 3)
                    break;
                stake += stakes[v];
                rows += ranges[v].count;
                capped = capped || ranges[v].count == params.data_rows;
            }
            REQUIRE(stake > total / 3);
            REQUIRE((capped || rows >= params.data_rows + 1));
            REQUIRE(rows >= params.data_rows);
        }
    }
}

TEST_CASE("the order is by key digest, equal keys by their place, and rotation moves all alike")
{
    const std::vector<std::uint64_t> stakes(9, 5);
    std::vector<std::uint8_t> keys(9 * public_key_bytes, 7);  // one key for all
    const ValidatorSet set = {{}, stakes, keys};
    svid_cases::Memory memory(4096);
    mote::Arena arena = memory.arena();
    Assignment assignment;
    REQUIRE(assignment.open(set, arena) == Status::ok);
    for (std::uint32_t rank = 0; rank < 9; ++rank)
        CHECK(assignment.position(rank) == rank);
    Header header;
    header.data_rows = 10;
    header.rows = 9 * rows_of_stake(10, 5, 45);
    std::vector<std::uint32_t> rotations;
    for (header.height = 0; header.height < 20; ++header.height)
    {
        const std::uint32_t r =
            Assignment::rotation(set.seed, header.zone, header.height, header.rows);
        rotations.push_back(r);
        for (std::uint32_t v = 0; v < 9; ++v)
            CHECK(assignment.range(set, header, v).first == (r + 4 * v) % header.rows);
    }
    std::sort(rotations.begin(), rotations.end());
    CHECK(rotations.front() != rotations.back());
    CHECK(Assignment::rotation(set.seed, 0, 0, 0) == 0);

    // Errors of open.
    mote::Arena again = memory.arena();
    CHECK(assignment.open({{}, stakes, mote::Bytes(keys).first(keys.size() - 1)}, again) ==
          Status::invalid_argument);
    keys.push_back(0);
    CHECK(assignment.open({{}, stakes, keys}, again) == Status::invalid_argument);
    const std::vector<std::uint64_t> three(3, 5);
    CHECK(assignment.open({{}, three, mote::Bytes(keys).first(144)}, again) ==
          Status::invalid_argument);
    keys.pop_back();
    mote::Arena count(nullptr, 0);
    CHECK(assignment.open({{}, stakes, keys}, count) == Status::memory_too_small);
    svid_cases::Memory small(count.used());
    mote::Arena exact(small.arena());
    CHECK(assignment.open({{}, stakes, keys}, exact) == Status::ok);
}
