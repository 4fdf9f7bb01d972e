// Every dispersal of tests/vectors/svid/commit.json, byte for byte, and the rebuilds of misc.json.
#include <catch2/catch.hpp>

#include "disperse/dispersal.hpp"
#include "disperse/rebuild.hpp"
#include "support/svid_cases.hpp"
#include "svid/fingerprint.hpp"

using namespace mote;
using svid_cases::ByteVector;
using svid_cases::Json;
using svid_cases::to_hex;

namespace
{
disperse::Dispersal encode(const svid_cases::Input& input, unsigned threads = 1)
{
    return {input.block,
            {input.chain_id, input.zone, input.height, input.epoch, {}},
            input.stakes,
            {threads, {}}};
}

std::string hash_of(Bytes bytes) { return to_hex(hash::blake3(bytes)); }
}  // namespace

TEST_CASE("dispersals are those of the vectors")
{
    const Json file = svid_cases::read("commit.json");
    for (const Json& test : file["cases"])
    {
        INFO(test["name"].get<std::string>());
        const svid_cases::Input input(test["input"]);
        const Json& expect = test["expect"];
        const disperse::Dispersal dispersal = encode(input, 2);
        const svid::Params& params = dispersal.params();
        CHECK(params.row_bytes() == expect["L"].get<std::size_t>());
        CHECK(params.data_rows == expect["k"].get<std::uint32_t>());
        CHECK(params.code_rows == expect["K"].get<std::uint32_t>());
        CHECK(params.rows == expect["N"].get<std::uint32_t>());
        CHECK(params.parity_rows() == expect["p"].get<std::uint32_t>());
        CHECK(to_hex(dispersal.header().data_root) == expect["data_root"].get<std::string>());
        CHECK(to_hex(dispersal.header().parity_root) == expect["parity_root"].get<std::string>());
        CHECK(to_hex(dispersal.header().z_digest) == expect["z_digest"].get<std::string>());
        CHECK(to_hex(dispersal.header_bytes()) == expect["header"].get<std::string>());
        CHECK(to_hex(dispersal.svid_root()) == expect["svid_root"].get<std::string>());
        CHECK(to_hex(svid::announce_digest(input.chain_id, dispersal.svid_root())) ==
              expect["announce_digest"].get<std::string>());
        CHECK(hash_of(input.block) == to_hex(dispersal.header().data_root));
        std::array<std::uint8_t, 16> rho;
        svid::challenge(dispersal.header_bytes()).store(rho.data());
        CHECK(to_hex(rho) == expect["rho"].get<std::string>());

        svid_cases::Memory memory(4 << 20);
        Arena arena = memory.arena();
        svid::Assignment assignment;
        REQUIRE(assignment.open(input.set(), arena) == Status::ok);
        const auto n = static_cast<std::uint32_t>(input.stakes.size());
        std::vector<svid::AssignedRange> ranges(n);
        assignment.ranges(input.set(), dispersal.header(), ranges);
        ByteVector order_bytes, range_bytes;
        const auto put = [](ByteVector& to, std::uint32_t value)
        {
            for (unsigned i = 0; i < 4; ++i)
                to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        };
        for (std::uint32_t v = 0; v < n; ++v)
        {
            put(order_bytes, assignment.position(v));
            put(range_bytes, ranges[v].first);
            put(range_bytes, ranges[v].count);
        }
        CHECK(hash_of(order_bytes) == expect["order_digest"].get<std::string>());
        CHECK(hash_of(range_bytes) == expect["ranges_digest"].get<std::string>());
        CHECK(svid::Assignment::rotation(input.seed, input.zone, input.height, params.rows) ==
              expect["r"].get<std::uint32_t>());

        if (params.rows > 0)
        {
            CHECK(hash_of(dispersal.row(params.data_rows)) ==
                  expect["parity_row_first"].get<std::string>());
            CHECK(hash_of(dispersal.row(params.rows - 1)) ==
                  expect["parity_row_last"].get<std::string>());
            ByteVector values, fingerprints;
            const svid::Challenge challenge(svid::challenge(dispersal.header_bytes()));
            for (std::uint32_t r = 0; r < params.rows; ++r)
            {
                const auto& value = dispersal.row_value(r);
                values.insert(values.end(), value.begin(), value.end());
                std::array<std::uint8_t, 16> fingerprint;
                svid::fingerprint(challenge, dispersal.row(r), params.row_bytes())
                    .store(fingerprint.data());
                fingerprints.insert(fingerprints.end(), fingerprint.begin(), fingerprint.end());
            }
            CHECK(hash_of(values) == expect["row_values_digest"].get<std::string>());
            CHECK(hash_of(fingerprints) == expect["fingerprints_digest"].get<std::string>());
        }
        for (const Json& share : test["shares"])
        {
            const auto v = share["validator"].get<std::uint32_t>();
            const auto runs = dispersal.runs(ranges[v]);
            REQUIRE(runs.size() == share["messages"].size());
            for (std::size_t i = 0; i < runs.size(); ++i)
            {
                const Json& message = share["messages"][i];
                CHECK(runs[i].first == message["first_row"].get<std::uint32_t>());
                CHECK(runs[i].count == message["count"].get<std::uint32_t>());
                CHECK(to_hex(runs[i].data_path) == message["data_path"].get<std::string>());
                CHECK(to_hex(runs[i].parity_path) == message["parity_path"].get<std::string>());
                ByteVector rows;
                for (std::uint32_t r = 0; r < runs[i].count; ++r)
                {
                    const auto row = dispersal.row(runs[i].first + r);
                    rows.insert(rows.end(), row.begin(), row.end());
                }
                CHECK(hash_of(rows) == message["rows_digest"].get<std::string>());
            }
        }
    }
}

TEST_CASE("any k rows rebuild, fewer do not")
{
    const Json commits = svid_cases::read("commit.json")["cases"];
    const Json file = svid_cases::read("misc.json");
    for (const Json& test : file["rebuild"])
    {
        const auto found = std::find_if(commits.begin(), commits.end(),
                                        [&](const Json& c) { return c["name"] == test["case"]; });
        REQUIRE(found != commits.end());
        const svid_cases::Input input((*found)["input"]);
        const disperse::Dispersal dispersal = encode(input);
        std::vector<std::span<const std::uint8_t>> rows(dispersal.params().rows);
        for (const Json& r : test["rows"])
            rows[r.get<std::uint32_t>()] = dispersal.row(r.get<std::uint32_t>());
        disperse::Buffer block;
        const auto result =
            disperse::rebuild(dispersal.header(), dispersal.params(), rows, {1, {}}, block);
        CHECK((result == disperse::RebuildResult::rebuilt) == (test["result"] == "rebuilt"));
        if (result == disperse::RebuildResult::rebuilt)
            CHECK(std::equal(input.block.begin(), input.block.end(), block.data()));
        else
            CHECK(block.size() == 0);
    }
}

TEST_CASE("random rows of every vector block rebuild it, with any number of threads")
{
    std::mt19937 random(7);
    const Json file = svid_cases::read("commit.json");
    for (const Json& test : file["cases"])
    {
        const svid_cases::Input input(test["input"]);
        const disperse::Dispersal dispersal = encode(input);
        const svid::Params& params = dispersal.params();
        std::vector<std::uint32_t> order(params.rows);
        for (std::uint32_t r = 0; r < params.rows; ++r)
            order[r] = r;
        for (unsigned trial = 0; trial < 3 && params.rows > 0; ++trial)
        {
            INFO(test["name"].get<std::string>() << " trial " << trial);
            std::shuffle(order.begin(), order.end(), random);
            std::vector<std::span<const std::uint8_t>> rows(params.rows);
            for (std::uint32_t i = 0; i < params.data_rows; ++i)
                rows[order[i]] = dispersal.row(order[i]);
            disperse::Buffer block;
            REQUIRE(disperse::rebuild(dispersal.header(), params, rows, {1 + trial, {}}, block) ==
                    disperse::RebuildResult::rebuilt);
            CHECK(std::equal(input.block.begin(), input.block.end(), block.data()));
            rows[order[0]] = {};
            CHECK(disperse::rebuild(dispersal.header(), params, rows, {1, {}}, block) ==
                  disperse::RebuildResult::insufficient);
        }
    }
}
