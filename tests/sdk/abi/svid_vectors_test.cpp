// The vectors of tests/vectors/svid through mote_svid.h, in every variant.
#include <catch2/catch.hpp>

#include <map>

#include "sdk/abi/svid_support.hpp"

using namespace mote::test;

namespace
{
/// Hands a share over in pieces of at most `piece` bytes.
mote_svid_verdict in_pieces(const mote_svid_core* core, const ShareCase& test, std::size_t piece,
                            bool rows_first)
{
    const OpenEpoch opened(core, test.validators);
    mote_svid_verdict verdict = stale_svid_verdict();
    std::size_t bytes = 99;
    REQUIRE(core->share_size(&bytes, &verdict, opened.epoch, &test.expected, &test.request,
                             test.header.data(), test.header.size()) == MOTE_OK);
    REQUIRE((bytes == 0) == (verdict.outcome == MOTE_SVID_REJECTED));
    Guarded memory(bytes);
    mote_svid_share* share = nullptr;
    verdict = stale_svid_verdict();
    REQUIRE(core->share_open(&share, &verdict, memory.data(), memory.bytes(), opened.epoch,
                             &test.expected, &test.request, test.header.data(),
                             test.header.size()) == MOTE_OK);
    REQUIRE((share == nullptr) == (verdict.outcome == MOTE_SVID_REJECTED));
    if (share == nullptr)
        return verdict;

    const auto feed = [&](const std::uint8_t* data, std::size_t size, auto append)
    {
        for (std::size_t at = 0; at < size; at += std::min(piece, size - at))
            REQUIRE(append(data + at, std::min(piece, size - at)) == MOTE_OK);
    };
    std::uint32_t fault = 0;
    const auto z = [&]
    {
        if (!test.has_z)
            return;
        feed(test.z.data(), test.z.size(), [&](const std::uint8_t* data, std::size_t size)
             { return core->share_append_z(&fault, share, data, size); });
        REQUIRE(core->share_end_z(nullptr, share) == MOTE_OK);
    };
    if (!rows_first)
        z();
    for (const mote_svid_rows& m : test.messages)
    {
        REQUIRE(core->share_begin_rows(&fault, share, m.first, m.count, m.rows.bytes,
                                       m.data_path.data, m.data_path.bytes, m.parity_path.data,
                                       m.parity_path.bytes) == MOTE_OK);
        feed(m.rows.data, m.rows.bytes, [&](const std::uint8_t* data, std::size_t size)
             { return core->share_append_rows(&fault, share, data, size); });
        REQUIRE(core->share_end_rows(&fault, share) == MOTE_OK);
    }
    if (rows_first)
        z();
    verdict = stale_svid_verdict();
    REQUIRE(core->share_verdict(&verdict, share) == MOTE_OK);
    // Every row of an accepted share holds, and no other one does.
    std::uint32_t held = 0;
    for (std::uint32_t row = 0; row < 64; ++row)
    {
        std::uint32_t holds = 99;
        REQUIRE(core->share_holds(&holds, share, row) == MOTE_OK);
        held += holds;
    }
    if (verdict.outcome == MOTE_SVID_PROVISIONAL)
    {
        std::uint32_t sent = 0;
        for (const mote_svid_rows& m : test.messages)
            sent += m.count;
        REQUIRE(held == sent);
    }
    REQUIRE(memory.intact());
    REQUIRE(opened.intact());
    return verdict;
}

mote_svid_verdict at_once(const mote_svid_core* core, const ShareCase& test)
{
    const OpenEpoch opened(core, test.validators);
    std::size_t bytes = 0;
    REQUIRE(core->share_size(&bytes, nullptr, opened.epoch, &test.expected, &test.request,
                             test.header.data(), test.header.size()) == MOTE_OK);
    Guarded memory(bytes);
    mote_svid_verdict verdict = stale_svid_verdict();
    REQUIRE(core->check_share(&verdict, memory.data(), memory.bytes(), opened.epoch, &test.expected,
                              &test.request, test.header.data(), test.header.size(), test.z_data(),
                              test.z.size(), test.messages.data(),
                              test.messages.size()) == MOTE_OK);
    REQUIRE(memory.intact());
    return verdict;
}
}  // namespace

TEST_CASE("Shares: every vector gets its verdict, as a whole and in pieces")
{
    REQUIRE(share_cases().size() >= 31);
    for (const mote_svid_core* core : runnable_svid_cores())
        for (const Json& json : share_cases())
        {
            const ShareCase test(json);
            INFO(core->name << ": " << test.name);
            const auto right = [&](const mote_svid_verdict& v)
            { return name_of(v) == test.verdict && v.step == test.step; };
            CHECK(right(at_once(core, test)));
            for (const bool rows_first : {false, true})
                for (const std::size_t piece : {SIZE_MAX, std::size_t{1000}, std::size_t{7}})
                    CHECK(right(in_pieces(core, test, piece, rows_first)));
        }
}

TEST_CASE("Epochs: parameters and assigned rows of all dispersals of the vectors")
{
    const Json commits = svid_cases::read("commit.json")["cases"];
    REQUIRE(commits.size() >= 16);
    for (const mote_svid_core* core : runnable_svid_cores())
        for (const Json& json : commits)
        {
            const svid_cases::Input input(json["input"]);
            const Json& expect = json["expect"];
            INFO(core->name << ": " << input.label);
            mote_svid_validators validators{};
            validators.struct_size = sizeof validators;
            validators.count = static_cast<std::uint32_t>(input.stakes.size());
            validators.stakes = input.stakes.data();
            validators.public_keys = input.keys.data();
            validators.public_keys_bytes = input.keys.size();
            std::copy(input.seed.begin(), input.seed.end(), validators.seed);
            const OpenEpoch opened(core, validators);
            REQUIRE(opened.intact());

            mote_svid_params params{};
            params.struct_size = sizeof params;
            REQUIRE(core->params_of(&params, opened.epoch, input.block.size()) == MOTE_OK);
            CHECK(params.row_bytes == expect["L"]);
            CHECK(params.data_rows == expect["k"]);
            CHECK(params.code_rows == expect["K"]);
            CHECK(params.rows == expect["N"]);
            CHECK(params.z_bytes == 16 * params.data_rows);
            CHECK(params.block_bytes == input.block.size());

            ByteVector all;
            for (std::uint32_t v = 0; v < validators.count; ++v)
            {
                mote_svid_range range{};
                range.struct_size = sizeof range;
                REQUIRE(core->assigned_rows(&range, opened.epoch, input.block.size(), input.zone,
                                            input.height, v) == MOTE_OK);
                for (const std::uint32_t number : {range.first, range.count})
                    for (unsigned i = 0; i < 4; ++i)
                        all.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
            }
            CHECK(svid_cases::to_hex(mote::hash::blake3(all)) ==
                  expect["ranges_digest"].get<std::string>());

            const ByteVector header = svid_cases::from_hex(expect["header"]);
            mote_svid_header_info info{};
            info.struct_size = sizeof info;
            REQUIRE(core->header_describe(&info, header.data(), header.size()) == MOTE_OK);
            const auto hex = [](const std::uint8_t* bytes)
            { return svid_cases::to_hex(mote::Bytes(bytes, 32)); };
            CHECK(info.zone == input.zone);
            CHECK(info.height == input.height);
            CHECK(info.epoch == input.epoch);
            CHECK(info.block_bytes == input.block.size());
            CHECK(info.rows == params.rows);
            CHECK(info.data_rows == params.data_rows);
            CHECK(info.row_bytes == params.row_bytes);
            CHECK(hex(info.chain_id) == svid_cases::to_hex(input.chain_id));
            for (const auto& [digest, name] : {std::pair{info.data_root, "data_root"},
                                               {info.parity_root, "parity_root"},
                                               {info.z_digest, "z_digest"},
                                               {info.svid_root, "svid_root"},
                                               {info.announce_digest, "announce_digest"}})
                CHECK(hex(digest) == expect[name].get<std::string>());
        }
}

TEST_CASE("Evidence: the vectors' claims and two headers of one place")
{
    const Json file = svid_cases::read("misc.json");
    REQUIRE(file["evidence"].size() >= 4);
    for (const mote_svid_core* core : runnable_svid_cores())
        for (const Json& json : file["evidence"])
        {
            INFO(core->name << ": " << json["name"].get<std::string>());
            const svid_cases::Input input(json["input"]);
            mote_svid_validators validators{};
            validators.struct_size = sizeof validators;
            validators.count = static_cast<std::uint32_t>(input.stakes.size());
            validators.stakes = input.stakes.data();
            const OpenEpoch opened(core, validators);
            const ByteVector header = svid_cases::from_hex(json["header"]);
            const ByteVector z = svid_cases::from_hex(json["z"]);
            const ByteVector row = svid_cases::from_hex(json["row"]["rows"]);
            const ByteVector data_path = svid_cases::from_hex(json["row"].value("data_path", ""));
            const ByteVector parity_path =
                svid_cases::from_hex(json["row"].value("parity_path", ""));
            const mote_svid_rows message = {json["row"]["first_row"], json["row"]["count"],
                                            span_of(row), span_of(data_path), span_of(parity_path)};
            std::size_t bytes = 0;
            REQUIRE(core->bad_row_size(&bytes) == MOTE_OK);
            Guarded memory(bytes);
            mote_svid_finding found{};
            found.struct_size = sizeof found;
            REQUIRE(core->check_bad_row(&found, memory.data(), memory.bytes(), opened.epoch,
                                        input.chain_id.data(), header.data(), header.size(),
                                        &message, z.data(), z.size()) == MOTE_OK);
            REQUIRE(memory.intact());
            const std::string result = found.finding == MOTE_SVID_CONVICTS ? "valid"
                                       : found.finding == MOTE_SVID_ROW_IS_CORRECT
                                           ? "row is correct"
                                           : mote_svid_fault_text(found.fault);
            CHECK(result == json["result"].get<std::string>());
            mote_svid_header_info info{};
            info.struct_size = sizeof info;
            if (found.finding == MOTE_SVID_CONVICTS)
            {
                REQUIRE(core->header_describe(&info, header.data(), header.size()) == MOTE_OK);
                CHECK(std::memcmp(found.svid_root, info.svid_root, 32) == 0);
                CHECK(std::memcmp(found.announce_digest, info.announce_digest, 32) == 0);
            }

            // The same header twice is no equivocation; one with another data_root is.
            std::uint32_t answer = 99;
            std::uint8_t announces[64];
            REQUIRE(core->equivocates(&answer, announces, input.chain_id.data(), header.data(),
                                      header.size(), header.data(), header.size()) == MOTE_OK);
            CHECK(answer == 0);
            CHECK(std::all_of(announces, announces + 64, [](std::uint8_t b) { return b == 0; }));
            ByteVector other = header;
            other[80] ^= 1;
            REQUIRE(core->equivocates(&answer, announces, input.chain_id.data(), header.data(),
                                      header.size(), other.data(), other.size()) == MOTE_OK);
            CHECK(answer == 1);
            REQUIRE(core->header_describe(&info, other.data(), other.size()) == MOTE_OK);
            CHECK(std::memcmp(announces + 32, info.announce_digest, 32) == 0);
        }
}

TEST_CASE("Sampling: bounds of the vectors, distinct rows in order")
{
    const Json file = svid_cases::read("misc.json");
    for (const mote_svid_core* core : runnable_svid_cores())
    {
        for (const Json& json : file["sampling"])
        {
            double bound = 0;
            REQUIRE(core->sample_bound(&bound, json["k"], json["N"], json["s"]) == MOTE_OK);
            CHECK(bound == Approx(std::stod(json["bound"].get<std::string>())).epsilon(1e-6));
        }
        std::vector<std::vector<std::uint32_t>> draws;
        for (std::uint8_t seed = 0; seed < 8; ++seed)
        {
            const ByteVector entropy(32, seed);
            std::vector<std::uint32_t> rows(16, 99999);
            REQUIRE(core->sample_rows(rows.data(), rows.size(), 13000, entropy.data(), 32) ==
                    MOTE_OK);
            for (std::size_t i = 0; i < rows.size(); ++i)
                REQUIRE((rows[i] < 13000 && (i == 0 || rows[i] > rows[i - 1])));
            draws.push_back(rows);
        }
        std::sort(draws.begin(), draws.end());
        CHECK(std::unique(draws.begin(), draws.end()) == draws.end());
        // All of them, and none.
        const ByteVector entropy(32, 1);
        std::vector<std::uint32_t> rows(18);
        REQUIRE(core->sample_rows(rows.data(), 18, 18, entropy.data(), 32) == MOTE_OK);
        for (std::uint32_t i = 0; i < 18; ++i)
            CHECK(rows[i] == i);
        REQUIRE(core->sample_rows(nullptr, 0, 18, entropy.data(), 32) == MOTE_OK);
    }
}
