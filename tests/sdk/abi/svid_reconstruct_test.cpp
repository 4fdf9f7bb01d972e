// mote_svid_reconstruct: the block or nothing, from rows of the vectors.
#include <catch2/catch.hpp>

#include "sdk/abi/svid_support.hpp"
#include "tools/effort.hpp"
#include "tools/svid_producer.hpp"

using namespace mote::test;

namespace
{
struct Rebuilding
{
    std::uint32_t result = 99;
    mote_status status = MOTE_OK;
    ByteVector block;
};

Rebuilding rebuild(const mote_svid_core* core, mote::Bytes header, std::size_t block_bytes,
                   const std::vector<mote_svid_row>& rows)
{
    std::size_t bytes = 0;
    REQUIRE(core->reconstruct_size(&bytes, header.data(), header.size()) == MOTE_OK);
    Guarded memory(bytes);
    Guarded block(block_bytes);
    std::fill_n(block.data(), block_bytes, std::uint8_t{0x77});
    Rebuilding out;
    out.status =
        core->reconstruct(&out.result, block.data(), block.bytes(), memory.data(), memory.bytes(),
                          header.data(), header.size(), rows.data(), rows.size());
    REQUIRE(memory.intact());
    REQUIRE(block.intact());
    out.block.assign(block.data(), block.data() + block_bytes);
    return out;
}

std::vector<mote_svid_row> rows_of(const svid_producer::Dispersed& from,
                                   const std::vector<std::uint32_t>& numbers)
{
    std::vector<mote_svid_row> rows;
    for (const std::uint32_t r : numbers)
        rows.push_back({r, span_of(from.rows[r])});
    return rows;
}

bool is_zero(const ByteVector& bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}
}  // namespace

TEST_CASE("Reconstruction: the rows of the vectors rebuild their blocks, or are too few")
{
    const Json file = svid_cases::read("misc.json");
    const Json commits = svid_cases::read("commit.json")["cases"];
    REQUIRE(file["rebuild"].size() >= 4);
    for (const mote_svid_core* core : runnable_svid_cores())
        for (const Json& json : file["rebuild"])
        {
            const Json* commit = nullptr;
            for (const Json& candidate : commits)
                if (candidate["name"] == json["case"])
                    commit = &candidate;
            REQUIRE(commit != nullptr);
            const svid_cases::Input input((*commit)["input"]);
            INFO(core->name << ": " << input.label);
            const auto dispersed = svid_producer::disperse(input.block, input.stakes);
            const ByteVector header = svid_cases::from_hex((*commit)["expect"]["header"]);
            const auto numbers = json["rows"].get<std::vector<std::uint32_t>>();
            const Rebuilding got =
                rebuild(core, header, input.block.size(), rows_of(dispersed, numbers));
            REQUIRE(got.status == MOTE_OK);
            if (json["result"] == "rebuilt")
            {
                CHECK(got.result == MOTE_SVID_REBUILT);
                CHECK(got.block == input.block);
            }
            else
            {
                CHECK(json["result"] == "insufficient");
                CHECK(got.result == MOTE_SVID_INSUFFICIENT);
                CHECK(is_zero(got.block));
            }
        }
}

TEST_CASE("Reconstruction: any k rows in any order, and one wrong row among more than k")
{
    std::mt19937 random(11);
    const std::vector<std::vector<std::uint64_t>> sets = {{10, 20, 30, 5, 5, 7, 23}, {1, 1, 1, 1}};
    const int turns = emulated ? 2 : 12;
    for (const mote_svid_core* core : runnable_svid_cores())
        for (const unsigned size : {1U, 1023U, 1024U, 5000U, 70000U})
        {
            const auto& stakes = sets[size % 2];
            const auto d =
                svid_producer::disperse(svid_producer::random_bytes(size, random), stakes);
            ByteVector block;
            for (std::uint32_t r = 0; r < d.params.data_rows; ++r)
                block.insert(block.end(), d.rows[r].begin(), d.rows[r].end());
            REQUIRE(block.size() == size);
            const std::uint32_t k = d.params.data_rows;
            INFO(core->name << ": " << size << " bytes, k " << k << " of " << d.params.rows);
            std::vector<std::uint32_t> all(d.params.rows);
            for (std::uint32_t r = 0; r < d.params.rows; ++r)
                all[r] = r;
            for (int turn = 0; turn < turns; ++turn)
            {
                std::shuffle(all.begin(), all.end(), random);
                const std::vector<std::uint32_t> some(all.begin(), all.begin() + k);
                Rebuilding got = rebuild(core, d.bytes, size, rows_of(d, some));
                REQUIRE((got.status == MOTE_OK && got.result == MOTE_SVID_REBUILT));
                REQUIRE(got.block == block);

                // A bit of one row, where every block has bytes: with k rows nothing comes out, with
                // one more the block does.
                svid_producer::Dispersed wrong = d;
                wrong.rows[some[0]][0] ^= 1;
                got = rebuild(core, d.bytes, size, rows_of(wrong, some));
                REQUIRE((got.status == MOTE_OK && got.result == MOTE_SVID_MISMATCH));
                REQUIRE(is_zero(got.block));
                if (k == d.params.rows)
                    continue;
                std::vector<std::uint32_t> more = some;
                more.push_back(all[k]);
                got = rebuild(core, d.bytes, size, rows_of(wrong, more));
                REQUIRE((got.status == MOTE_OK && got.result == MOTE_SVID_REBUILT));
                REQUIRE(got.block == block);

                // Two wrong ones, and one row to spare.
                wrong.rows[all[k]][0] ^= 0x80;
                got = rebuild(core, d.bytes, size, rows_of(wrong, more));
                REQUIRE((got.status == MOTE_OK && got.result == MOTE_SVID_MISMATCH));
                REQUIRE(is_zero(got.block));

                more.assign(all.begin(), all.begin() + k - 1);
                got = rebuild(core, d.bytes, size, rows_of(d, more));
                REQUIRE((got.status == MOTE_OK && got.result == MOTE_SVID_INSUFFICIENT));
                REQUIRE(is_zero(got.block));
            }
        }
}

TEST_CASE("Reconstruction: a header of an empty block needs no rows")
{
    const std::vector<std::uint64_t> stakes = {1, 1, 1, 1};
    const auto d = svid_producer::disperse({}, stakes);
    for (const mote_svid_core* core : runnable_svid_cores())
    {
        Rebuilding got = rebuild(core, d.bytes, 0, {});
        CHECK((got.status == MOTE_OK && got.result == MOTE_SVID_REBUILT));
        auto other = d.bytes;
        other[80] ^= 1;
        got = rebuild(core, other, 0, {});
        CHECK((got.status == MOTE_OK && got.result == MOTE_SVID_MISMATCH));
    }
}

TEST_CASE("Reconstruction: rows that cannot be, headers of no block, too little memory")
{
    std::mt19937 random(3);
    const std::vector<std::uint64_t> stakes = {10, 20, 30, 5, 5, 7, 23};
    const auto d = svid_producer::disperse(svid_producer::random_bytes(5000, random), stakes);
    const std::vector<std::uint32_t> five = {1, 4, 7, 9, 17};
    for (const mote_svid_core* core : runnable_svid_cores())
    {
        const auto refused = [&](const std::vector<mote_svid_row>& rows)
        { return rebuild(core, d.bytes, 5000, rows).status == MOTE_INVALID_ARGUMENT; };
        auto rows = rows_of(d, five);
        REQUIRE(rebuild(core, d.bytes, 5000, rows).result == MOTE_SVID_REBUILT);
        rows[0].number = 18;
        CHECK(refused(rows));
        rows[0].number = UINT32_MAX;
        CHECK(refused(rows));
        rows[0].number = 4;  // twice
        CHECK(refused(rows));
        rows = rows_of(d, five);
        rows[1].data.bytes -= 1;  // the last data row has 904 bytes
        CHECK(refused(rows));
        rows = rows_of(d, five);
        rows[1].data.bytes = 1024;
        rows[1].data.data = d.rows[7].data();
        CHECK(refused(rows));
        rows = rows_of(d, five);
        rows[2].data.data = nullptr;
        CHECK(refused(rows));
        rows = rows_of(d, five);
        while (rows.size() < 19)
            rows.push_back(rows[0]);
        CHECK(refused(rows));

        rows = rows_of(d, five);
        std::size_t bytes = 0;
        REQUIRE(core->reconstruct_size(&bytes, d.bytes.data(), d.bytes.size()) == MOTE_OK);
        Guarded memory(bytes + 16);
        ByteVector block(5000);
        std::uint32_t result = 99;
        const auto call = [&](std::uint8_t* out, std::size_t out_bytes, void* at, std::size_t given,
                              const std::uint8_t* header, std::size_t header_bytes,
                              const mote_svid_row* held, std::size_t count)
        {
            result = 99;
            return core->reconstruct(&result, out, out_bytes, at, given, header, header_bytes, held,
                                     count);
        };
        const auto* const header = d.bytes.data();
        CHECK(call(block.data(), 5000, memory.data(), bytes, header, 176, rows.data(), 5) ==
              MOTE_OK);
        CHECK(result == MOTE_SVID_REBUILT);
        CHECK(call(block.data(), 5000, memory.data(), bytes - 1, header, 176, rows.data(), 5) ==
              MOTE_MEMORY_TOO_SMALL);
        CHECK(call(block.data(), 5000, memory.data(), 0, header, 176, rows.data(), 5) ==
              MOTE_MEMORY_TOO_SMALL);
        CHECK(call(block.data(), 4999, memory.data(), bytes, header, 176, rows.data(), 5) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(nullptr, 5000, memory.data(), bytes, header, 176, rows.data(), 5) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(block.data(), 5000, nullptr, bytes, header, 176, rows.data(), 5) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(block.data(), 5000, memory.data() + 8, bytes, header, 176, rows.data(), 5) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(block.data(), 5000, memory.data(), bytes, nullptr, 176, rows.data(), 5) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(block.data(), 5000, memory.data(), bytes, header, 176, nullptr, 5) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(block.data(), 5000, memory.data(), bytes, header, 176, rows.data(), SIZE_MAX) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(result != MOTE_SVID_REBUILT);
        CHECK(core->reconstruct(nullptr, block.data(), 5000, memory.data(), bytes, header, 176,
                                rows.data(), 5) == MOTE_INVALID_ARGUMENT);
        CHECK(memory.intact());

        // What is no header, and shapes that no block has: B, k, N, log2 L.
        CHECK(core->reconstruct_size(nullptr, header, 176) == MOTE_INVALID_ARGUMENT);
        CHECK(core->reconstruct_size(&bytes, nullptr, 176) == MOTE_INVALID_ARGUMENT);
        for (const std::size_t length : {std::size_t{0}, std::size_t{175}})
        {
            CHECK(core->reconstruct_size(&bytes, header, length) == MOTE_MALFORMED);
            CHECK(bytes == 0);
        }
        for (const auto& [at, value] : {std::pair<std::size_t, std::uint8_t>{0, 'X'},
                                        {27, 0xff},
                                        {32, 6},
                                        {36, 4},
                                        {39, 0x80},
                                        {40, 63},
                                        {41, 1}})
        {
            auto other = d.bytes;
            other[at] = value;
            INFO("byte " << at);
            CHECK(core->reconstruct_size(&bytes, other.data(), 176) == MOTE_MALFORMED);
            CHECK(bytes == 0);
            CHECK(call(block.data(), 5000, memory.data(), memory.bytes(), other.data(), 176,
                       rows.data(), 5) == MOTE_MALFORMED);
            mote_svid_header_info info{};
            info.struct_size = sizeof info;
            CHECK(core->header_describe(&info, other.data(), 176) == MOTE_MALFORMED);
        }
    }
}
