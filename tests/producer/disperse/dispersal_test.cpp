// Dispersals and rebuilds of random blocks for random sets ([SVID] section 19, items 22 and 23).
#include "disperse/dispersal.hpp"

#include <catch2/catch.hpp>

#include "disperse/rebuild.hpp"
#include "disperse_support.hpp"
#include "svid/chunks.hpp"
#include "tools/effort.hpp"
#include "tools/svid_model.hpp"

using namespace disperse_test;
using namespace mote::svid;
using mote::Bytes;
using mote::disperse::Buffer;
using mote::disperse::rebuild;
using mote::disperse::RebuildResult;
using svid_producer::answer_of;
using svid_producer::provisional;
using svid_producer::Receiver;

namespace
{
using RowSpans = std::vector<std::span<const std::uint8_t>>;

/// Spans of some rows of a dispersal.
RowSpans some_rows(const Dispersal& from, const std::vector<std::uint32_t>& which)
{
    RowSpans out(from.params().rows);
    for (const std::uint32_t r : which)
        out[r] = from.row(r);
    return out;
}

std::vector<std::uint32_t> shuffled(std::uint32_t rows, std::mt19937& random)
{
    std::vector<std::uint32_t> out(rows);
    for (std::uint32_t r = 0; r < rows; ++r)
        out[r] = r;
    std::shuffle(out.begin(), out.end(), random);
    return out;
}

bool is_block(const Buffer& out, const ByteVector& block)
{
    return out.size() == block.size() &&
           std::equal(block.begin(), block.end(), out.bytes().begin());
}

std::vector<std::uint64_t> random_stakes(std::mt19937& random, std::size_t most)
{
    std::vector<std::uint64_t> stakes(4 + random() % (most - 3));
    const auto kind = static_cast<unsigned>(random() % 3);
    for (std::uint64_t& stake : stakes)
        stake = kind == 0 ? 1 : 1 + random() % (kind == 1 ? 10 : 1000000);
    if (random() % 4 == 0)
        stakes[random() % stakes.size()] = std::uint64_t{1} << 40;
    return stakes;
}

/// Hands the rows of one validator over in random pieces and order.
int receive(const Dispersal& from, const AssignedRange& range, std::mt19937& random)
{
    Dispersed head;
    head.params = from.params();
    head.header = from.header();
    head.bytes = from.header_bytes();
    Receiver receiver(head, svid_cases::rows_of(range, head.params.rows));
    // The limit of a message splits a range into several now and then.
    auto runs = from.runs(range, random() % 3 == 0 ? head.params.row_bytes() * (1 + random() % 5)
                                                   : std::size_t{2} << 20);
    std::shuffle(runs.begin(), runs.end(), random);
    const std::size_t z_after = random() % (runs.size() + 1);
    const ByteVector z(from.z().begin(), from.z().end());
    for (std::size_t i = 0; i <= runs.size(); ++i)
    {
        const std::size_t piece = 1 + random() % 5000;
        if (i == z_after)
            receiver.give_z(z, piece);
        if (i == runs.size())
            break;
        svid_producer::Message message{
            runs[i].first, runs[i].count, {}, runs[i].data_path, runs[i].parity_path};
        for (std::uint32_t r = message.first; r < message.first + message.count; ++r)
            message.rows.insert(message.rows.end(), from.row(r).begin(), from.row(r).end());
        receiver.give(message, piece);
    }
    return answer_of(receiver.verdict());
}
}  // namespace

TEST_CASE("random blocks for random sets: all validators accept, any k rows rebuild")
{
    std::mt19937 random(1);
    const unsigned trials = mote::test::emulated || mote::test::sanitized ? 6 : 40;
    for (unsigned trial = 0; trial < trials; ++trial)
    {
        const std::size_t edge[] = {0, 1, 1023, 1024, 1025, 2048, 65536, 65537};
        const std::size_t bytes =
            trial < 8 ? edge[trial] : random() % (trial % 2 == 0 ? 70000 : 9000);
        const ByteVector block = random_bytes(bytes, random);
        const auto stakes = random_stakes(random, bytes > 10000 ? 30 : 60);
        INFO(bytes << " bytes, " << stakes.size() << " validators, trial " << trial);
        const Dispersal dispersal = encode(block, stakes, 1 + trial % 2);
        const Params& params = dispersal.params();
        if (params.rows == 0)
        {
            Buffer out(7);
            REQUIRE(rebuild(dispersal.header(), params, {}, {1, {}}, out) ==
                    RebuildResult::rebuilt);
            REQUIRE(out.size() == 0);
            continue;
        }
        const Validators validators(stakes, dispersal.header());
        for (const AssignedRange& range : validators.ranges)
            REQUIRE(receive(dispersal, range, random) == provisional);

        // A few symbols against the model.
        const svid_model::Lagrange code(svid_model::points(params.code_rows));
        for (unsigned i = 0; i < 3; ++i)
        {
            const auto j = static_cast<std::uint32_t>(random() % params.parity_rows());
            const std::size_t s = random() % (params.row_bytes() / 2);
            std::vector<svid_model::Symbol> column(params.code_rows, 0);
            for (std::uint32_t r = 0; r < params.data_rows; ++r)
            {
                ByteVector row(dispersal.row(r).begin(), dispersal.row(r).end());
                row.resize(params.row_bytes());
                column[r] = svid_model::symbol_of(row.data(), s);
            }
            REQUIRE(svid_model::symbol_of(dispersal.row(params.data_rows + j).data(), s) ==
                    svid_model::dot(code.weights(svid_model::omega(params.code_rows + j)), column));
        }

        auto which = shuffled(params.rows, random);
        which.resize(params.data_rows);
        Buffer out;
        REQUIRE(rebuild(dispersal.header(), params, some_rows(dispersal, which), {1, {}}, out) ==
                RebuildResult::rebuilt);
        REQUIRE(is_block(out, block));
    }
}

TEST_CASE("any number of threads gives the same dispersal and the same block")
{
    std::mt19937 random(2);
    for (const std::size_t bytes : {5000U, 300000U, 1100000U})
    {
        const ByteVector block = random_bytes(bytes, random);
        const std::vector<std::uint64_t> stakes = {3, 1, 4, 1, 5, 9, 2, 6};
        const Dispersal one = encode(block, stakes, 1);
        auto which = shuffled(one.params().rows, random);
        which.resize(one.params().data_rows);
        for (const unsigned threads : {1U, 2U, 3U, 7U})
        {
            const Dispersal many = encode(block, stakes, threads);
            REQUIRE(many.header_bytes() == one.header_bytes());
            for (std::uint32_t r = 0; r < one.params().rows; ++r)
                REQUIRE(std::equal(one.row(r).begin(), one.row(r).end(), many.row(r).begin(),
                                   many.row(r).end()));
            Buffer out;
            REQUIRE(rebuild(one.header(), one.params(), some_rows(many, which), {threads, {}},
                            out) == RebuildResult::rebuilt);
            REQUIRE(is_block(out, block));
        }
    }
}

TEST_CASE("progress of a dispersal and of a rebuild never falls and ends at all")
{
    std::mt19937 random(3);
    const ByteVector block = random_bytes(300000, random);
    const std::vector<std::uint64_t> stakes = {3, 1, 4, 1, 5};
    std::vector<std::uint64_t> seen;
    std::uint64_t all = 0;
    const mote::disperse::Effort effort = {2, [&](std::uint64_t done, std::uint64_t of)
                                           {
                                               seen.push_back(done);
                                               all = of;
                                           }};
    const Dispersal dispersal(block, subject(), stakes, effort);
    REQUIRE_FALSE(seen.empty());
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(seen.back() == all);
    seen.clear();
    auto which = shuffled(dispersal.params().rows, random);
    which.resize(dispersal.params().data_rows);
    Buffer out;
    REQUIRE(rebuild(dispersal.header(), dispersal.params(), some_rows(dispersal, which), effort,
                    out) == RebuildResult::rebuilt);
    REQUIRE_FALSE(seen.empty());
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(seen.back() == all);
}

TEST_CASE("item 22: with N - k rows withheld the block rebuilds, with one more it does not")
{
    std::mt19937 random(4);
    const ByteVector block = random_bytes(100000, random);
    const std::vector<std::uint64_t> stakes = {1, 2, 3, 4, 5, 6, 79};
    const Dispersal dispersal = encode(block, stakes);
    const Params& params = dispersal.params();
    REQUIRE(params.data_rows == 98);
    for (unsigned trial = 0; trial < 3; ++trial)
    {
        auto which = shuffled(params.rows, random);
        which.resize(params.data_rows);
        Buffer out;
        CHECK(rebuild(dispersal.header(), params, some_rows(dispersal, which), {1, {}}, out) ==
              RebuildResult::rebuilt);
        CHECK(is_block(out, block));
        which.pop_back();
        CHECK(rebuild(dispersal.header(), params, some_rows(dispersal, which), {1, {}}, out) ==
              RebuildResult::insufficient);
        CHECK(out.size() == 0);
    }
    Buffer out(10);
    CHECK(rebuild(dispersal.header(), params, RowSpans(params.rows), {1, {}}, out) ==
          RebuildResult::insufficient);
    CHECK(out.size() == 0);
}

TEST_CASE("item 23: every k rows of N up to 12 rebuild the block")
{
    std::mt19937 random(5);
    mote::test::Thinned thinned(3);
    for (const std::size_t bytes : {700U, 2000U, 3000U, 3072U})
    {
        const ByteVector block = random_bytes(bytes, random);
        const Dispersal dispersal = encode(block, {1, 1, 1, 1});
        const Params& params = dispersal.params();
        REQUIRE(params.rows <= 12);
        for (std::uint32_t subset = 0; subset < 1U << params.rows; ++subset)
        {
            std::vector<std::uint32_t> which;
            for (std::uint32_t r = 0; r < params.rows; ++r)
                if ((subset >> r & 1U) != 0)
                    which.push_back(r);
            if (which.size() != params.data_rows || !thinned.next())
                continue;
            Buffer out;
            REQUIRE(rebuild(dispersal.header(), params, some_rows(dispersal, which), {1, {}},
                            out) == RebuildResult::rebuilt);
            REQUIRE(is_block(out, block));
        }
    }
}

TEST_CASE("item 23: one wrong row never leads to other bytes, and with k + 1 rows to the block")
{
    std::mt19937 random(6);
    const ByteVector block = random_bytes(5000, random);
    const Dispersal dispersal = encode(block, {10, 20, 30, 5, 5, 7, 23});
    const Params& params = dispersal.params();
    mote::test::Thinned thinned;
    for (unsigned trial = 0; trial < 60; ++trial)
    {
        if (!thinned.next())
            continue;
        // k rows, k + 1 rows, more, all; also with every data row among them.
        const std::uint32_t count = trial % 4 == 0   ? params.data_rows
                                    : trial % 4 == 1 ? params.data_rows + 1
                                    : trial % 4 == 2 ? params.data_rows + 3
                                                     : params.rows;
        auto which = shuffled(params.rows, random);
        if (trial % 5 == 0)
            std::sort(which.begin(), which.end());
        which.resize(count);
        RowSpans rows = some_rows(dispersal, which);
        const std::uint32_t bad = which[random() % count];
        ByteVector wrong(rows[bad].begin(), rows[bad].end());
        wrong[random() % wrong.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
        rows[bad] = wrong;
        INFO("trial " << trial << ", " << count << " rows, row " << bad << " wrong");
        Buffer out;
        const RebuildResult result = rebuild(dispersal.header(), params, rows, {2, {}}, out);
        // All data rows there and a parity row wrong: nobody needs it.
        const bool unused =
            bad >= params.data_rows && std::all_of(rows.begin(), rows.begin() + params.data_rows,
                                                   [](const auto& row) { return !row.empty(); });
        if (count == params.data_rows && !unused)
        {
            CHECK(result == RebuildResult::mismatch);
            CHECK(out.size() == 0);
        }
        else
        {
            CHECK(result == RebuildResult::rebuilt);
            CHECK(is_block(out, block));
        }
    }
}

TEST_CASE("item 23: random rows of the code of 4096 rebuild a block of 128 MiB")
{
    // 700 MiB of memory: only where a machine of the size of a producer can be expected.
    if (mote::test::effort_stride() > 1)
        return;
    std::mt19937_64 random(23);
    Buffer block((std::size_t{128} << 20) - 12345);
    for (std::size_t i = 0; i + 8 <= block.size(); i += 8)
        mote::store_le(block.data() + i, static_cast<std::uint64_t>(random()));
    const Dispersal dispersal(block.bytes(), subject(), std::vector<std::uint64_t>(1000, 1),
                              {2, {}});
    const Params& params = dispersal.params();
    REQUIRE(params.code_rows == 4096);
    std::mt19937 order(24);
    for (unsigned trial = 0; trial < 2; ++trial)
    {
        auto which = shuffled(params.rows, order);
        which.resize(params.data_rows);
        Buffer out;
        REQUIRE(rebuild(dispersal.header(), params, some_rows(dispersal, which), {2, {}}, out) ==
                RebuildResult::rebuilt);
        REQUIRE(out.size() == block.size());
        CHECK(std::memcmp(out.data(), block.data(), block.size()) == 0);
        which.pop_back();
        CHECK(rebuild(dispersal.header(), params, some_rows(dispersal, which), {2, {}}, out) ==
              RebuildResult::insufficient);
    }
}

TEST_CASE("item 23: two wrong rows are too many for leaving one out, and nothing comes out")
{
    std::mt19937 random(7);
    const ByteVector block = random_bytes(5000, random);
    const Dispersal dispersal = encode(block, {10, 20, 30, 5, 5, 7, 23});
    const Params& params = dispersal.params();
    auto which = shuffled(params.rows, random);
    which.resize(params.data_rows + 2);
    RowSpans rows = some_rows(dispersal, which);
    ByteVector a(rows[which[0]].begin(), rows[which[0]].end());
    ByteVector b(rows[which[1]].begin(), rows[which[1]].end());
    a[0] ^= 1;
    b[0] ^= 2;
    rows[which[0]] = a;
    rows[which[1]] = b;
    Buffer out;
    CHECK(rebuild(dispersal.header(), params, rows, {1, {}}, out) == RebuildResult::mismatch);
    CHECK(out.size() == 0);
}

TEST_CASE("item 23: random rows of a code of 512 and of one with short last rows")
{
    std::mt19937 random(8);
    if (mote::test::emulated || mote::test::sanitized)
        return;
    const ByteVector block = random_bytes((4 << 20) - 5000, random);
    const Dispersal dispersal = encode(block, std::vector<std::uint64_t>(100, 1), 2);
    const Params& params = dispersal.params();
    REQUIRE(params.code_rows == 512);
    auto which = shuffled(params.rows, random);
    which.resize(params.data_rows);
    Buffer out;
    REQUIRE(rebuild(dispersal.header(), params, some_rows(dispersal, which), {2, {}}, out) ==
            RebuildResult::rebuilt);
    CHECK(is_block(out, block));
}

TEST_CASE("sets and blocks beyond the limits are refused")
{
    const ByteVector block(10);
    CHECK_THROWS_AS(encode(block, {1, 1, 1}), std::invalid_argument);
    CHECK_THROWS_AS(encode(block, {1, 1, 1, 0}), std::invalid_argument);
    CHECK_THROWS_AS(encode(block, {~std::uint64_t{0}, 1, 1, 1}), std::invalid_argument);
    CHECK_THROWS_AS(encode(block, std::vector<std::uint64_t>(40961, 1)), std::invalid_argument);
}

TEST_CASE("runs cover a range in order, without wrapping and within the limit of a message")
{
    std::mt19937 random(9);
    const ByteVector block = random_bytes(100000, random);
    const Dispersal dispersal = encode(block, {1, 2, 3, 4, 5, 6, 79});
    const std::uint32_t n = dispersal.params().rows;
    for (unsigned trial = 0; trial < 200; ++trial)
    {
        const AssignedRange range = {static_cast<std::uint32_t>(random() % n),
                                     static_cast<std::uint32_t>(1 + random() % n)};
        const std::size_t limit = trial % 3 == 0 ? 1 : 1024 * (1 + random() % 50);
        std::uint32_t next = range.first, count = 0;
        for (const auto& run : dispersal.runs(range, limit))
        {
            REQUIRE(run.first == next);
            REQUIRE(run.count >= 1);
            REQUIRE(run.first + run.count <= n);
            REQUIRE((run.count == 1 || run.count * 1024 <= limit));
            REQUIRE(run.data_path.size() <= 2048);
            REQUIRE(run.parity_path.size() <= 2048);
            next = (next + run.count) % n;
            count += run.count;
        }
        REQUIRE(count == range.count);
    }
}

TEST_CASE("paths of chunks are those of the tree over chunks, wherever rows begin and end")
{
    std::mt19937 random(81);
    // One row, rows of one chunk, rows of four with a short last one, of four and full.
    for (const std::size_t bytes : {std::size_t{700}, std::size_t{1024}, std::size_t{5000},
                                    std::size_t{300000}, std::size_t{1} << 18})
    {
        const ByteVector block = random_bytes(bytes, random);
        const std::vector<std::uint64_t> stakes = {10, 20, 30, 5, 5, 7, 23};
        const Dispersal dispersal = encode(block, stakes);
        const std::size_t chunks = (bytes + 1023) / 1024;
        for (std::size_t trial = 0; trial < 40; ++trial)
        {
            const std::size_t first = random() % chunks;
            const std::size_t end = first + 1 + random() % (chunks - first);
            const std::uint64_t offset = 1024 * first;
            const std::uint64_t length = std::min<std::uint64_t>(1024 * end, bytes) - offset;
            INFO(bytes << " bytes, chunks " << first << " to " << end);
            const ByteVector path = dispersal.chunk_path(offset, length);
            std::vector<mote::hash::ChainingValue> values(mote::merkle::chunk_path_values_max);
            values.resize(mote::merkle::chunk_path(block, offset, length, values.data()));
            ByteVector expected;
            for (const auto& value : values)
                expected.insert(expected.end(), value.begin(), value.end());
            REQUIRE(path == expected);
            REQUIRE(mote::svid::check_chunks(dispersal.header(), offset,
                                             mote::Bytes(block).subspan(offset, length),
                                             path) == mote::svid::Fault::none);
        }
        CHECK_THROWS_AS(dispersal.chunk_path(1, 1), std::invalid_argument);
        CHECK_THROWS_AS(dispersal.chunk_path(0, bytes + 1), std::invalid_argument);
    }
}
