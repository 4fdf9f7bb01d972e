// Every share of tests/vectors/svid/share.json, as a whole and in pieces, gets its verdict.
#include <catch2/catch.hpp>

#include "support/svid_cases.hpp"
#include "svid/check_header.hpp"
#include "svid/chunks.hpp"
#include "svid/evidence.hpp"
#include "svid/proof_statement.hpp"
#include "svid/sampling.hpp"
#include "svid/share.hpp"

using namespace mote::svid;
using svid_cases::ByteVector;
using svid_cases::Json;

namespace
{
const char* name_of(Fault fault)
{
    static constexpr const char* names[] = {"none",     "E_HEADER",      "E_PARAMS",
                                            "E_COMMIT", "E_Z",           "E_ROW_SHAPE",
                                            "E_PATH",   "E_FINGERPRINT", "E_PROOF"};
    return names[static_cast<unsigned>(fault)];
}

struct Answer
{
    std::string verdict;
    unsigned step;
};

Answer to_answer(const Verdict& verdict)
{
    switch (verdict.outcome)
    {
        case Outcome::rejected:
            return {name_of(verdict.fault), verdict.step};
        case Outcome::incomplete:
            return {"incomplete", verdict.step};
        default:
            return {"provisional", verdict.step};
    }
}

/// Hands over the share with pieces of at most `piece` bytes; rows before Z if `rows_first`.
Answer check(const Json& test, std::size_t piece, bool rows_first)
{
    const svid_cases::Input input(test["input"]);
    const ByteVector raw_header = svid_cases::from_hex(test["header"]);
    Expected expected = input.expected(svid_cases::digest(test["svid_root"]));
    if (test.contains("block_limit"))
        expected.block_bytes_max = svid_cases::integer(test["block_limit"]);

    Header header;
    Params params;
    Fault fault = Fault::none;
    REQUIRE(check_header(raw_header, expected, header, params, fault) == mote::Status::ok);
    if (fault != Fault::none)
        return to_answer(rejected(fault));

    svid_cases::Memory memory(1 << 20);
    mote::Arena arena = memory.arena();
    Assignment assignment;
    REQUIRE(assignment.open(input.set(), arena) == mote::Status::ok);
    const auto validator = test["validator"].get<std::uint32_t>();
    const auto requested =
        svid_cases::rows_of(assignment.range(input.set(), header, validator), header.rows);

    HeaderBytes fixed;
    std::copy(raw_header.begin(), raw_header.end(), fixed.begin());
    ShareCheck share;
    REQUIRE(share.open(header, params, fixed, requested, arena) == mote::Status::ok);
    share.begin_source();
    const auto in_pieces = [&](mote::Bytes bytes, auto append)
    {
        for (; !bytes.empty(); bytes = bytes.subspan(std::min(piece, bytes.size())))
            append(bytes.first(std::min(piece, bytes.size())));
    };
    const auto give_z = [&]
    {
        if (test["z"].is_null())
            return;
        const ByteVector z = svid_cases::from_hex(test["z"]);
        in_pieces(z, [&](mote::Bytes part) { static_cast<void>(share.append_z(part)); });
        static_cast<void>(share.end_z());
    };
    if (!rows_first)
        give_z();
    for (const Json& message : test["rows"])
    {
        const ByteVector rows = svid_cases::from_hex(message["rows"]);
        const ByteVector data_path = svid_cases::from_hex(message.value("data_path", ""));
        const ByteVector parity_path = svid_cases::from_hex(message.value("parity_path", ""));
        static_cast<void>(share.begin_rows(
            {message["first_row"], message["count"], rows.size(), data_path, parity_path}));
        in_pieces(rows, [&](mote::Bytes part) { static_cast<void>(share.append_rows(part)); });
        static_cast<void>(share.end_rows());
    }
    if (rows_first)
        give_z();

    const Answer answer = to_answer(share.verdict());
    if (test["proof_public"].is_null() || share.verdict().step < 7)
        return answer;
    const Json& stated = test["proof_public"];
    const ByteVector rho = svid_cases::from_hex(stated["rho"]);
    const ProofStatement claimed = {
        svid_cases::integer(stated["B"]), mote::field::Gf2_128::load(rho.data()),
        svid_cases::digest(stated["data_root"]), svid_cases::digest(stated["z_digest"])};
    // The vectors' word for a proof that holds; the core itself never says it yet.
    return claimed == proof_statement(header) ? Answer{"bound", 8} : Answer{"E_PROOF", 8};
}
}  // namespace

TEST_CASE("shares get the verdicts of the vectors")
{
    const Json cases = svid_cases::read("share.json")["cases"];
    REQUIRE(cases.size() >= 31);
    for (const Json& test : cases)
        for (const bool rows_first : {false, true})
            for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{100}, std::size_t{1}})
            {
                INFO(test["name"].get<std::string>() << ", pieces of " << piece);
                const Answer answer = check(test, piece, rows_first);
                CHECK(answer.verdict == test["verdict"].get<std::string>());
                CHECK(answer.step == test["step"].get<unsigned>());
            }
}

TEST_CASE("evidence: a single row, its path and Z give the results of the vectors")
{
    const Json file = svid_cases::read("misc.json");
    REQUIRE(file["evidence"].size() >= 4);
    for (const Json& test : file["evidence"])
    {
        INFO(test["name"].get<std::string>());
        const svid_cases::Input input(test["input"]);
        const ByteVector header = svid_cases::from_hex(test["header"]);
        const ByteVector z = svid_cases::from_hex(test["z"]);
        const Json& row = test["row"];
        REQUIRE(row["count"] == 1);
        const ByteVector bytes = svid_cases::from_hex(row["rows"]);
        const ByteVector data_path = svid_cases::from_hex(row.value("data_path", ""));
        const ByteVector parity_path = svid_cases::from_hex(row.value("parity_path", ""));
        svid_cases::Memory memory(mote::svid::bad_row_memory_bytes());
        mote::Arena arena = memory.arena();
        mote::svid::BadRowFinding found;
        REQUIRE(mote::svid::check_bad_row(
                    {header, row["first_row"], bytes, data_path, parity_path, z}, input.chain_id,
                    input.stakes, arena, found) == mote::Status::ok);
        using mote::svid::Finding;
        const std::string result = found.finding == Finding::convicts ? "valid"
                                   : found.finding == Finding::row_is_correct
                                       ? "row is correct"
                                       : name_of(found.fault);
        CHECK(result == test["result"].get<std::string>());
    }
}

TEST_CASE("sampling: bounds and probabilities are those of the vectors")
{
    const Json file = svid_cases::read("misc.json");
    REQUIRE(file["sampling"].size() >= 7);
    for (const Json& test : file["sampling"])
    {
        const std::uint32_t k = test["k"], rows = test["N"], samples = test["s"];
        INFO("k " << k << ", N " << rows << ", s " << samples);
        // Seven digits are given.
        CHECK(mote::svid::failure_probability(k, rows, samples) ==
              Approx(std::stod(test["exact"].get<std::string>())).epsilon(1e-6));
        CHECK(mote::svid::failure_bound(k, rows, samples) ==
              Approx(std::stod(test["bound"].get<std::string>())).epsilon(1e-6));
    }
}

TEST_CASE("chunks: answers to GetChunks are those of the vectors")
{
    const Json file = svid_cases::read("misc.json");
    const Json commits = svid_cases::read("commit.json")["cases"];
    REQUIRE(file["chunks"].size() >= 4);
    for (const Json& test : file["chunks"])
    {
        const Json* commit = nullptr;
        for (const Json& candidate : commits)
            if (candidate["name"] == test["case"])
                commit = &candidate;
        REQUIRE(commit != nullptr);
        const svid_cases::Input input((*commit)["input"]);
        const std::uint64_t offset = test["offset"], length = test["length"];
        INFO(test["case"].get<std::string>() << ", " << offset << " + " << length);
        const mote::Bytes data = mote::Bytes(input.block).subspan(offset, length);
        const ByteVector path = svid_cases::from_hex(test["path"]);
        CHECK(svid_cases::to_hex(mote::hash::blake3(data)) ==
              test["data_digest"].get<std::string>());
        Header header;
        REQUIRE(decode(svid_cases::from_hex((*commit)["expect"]["header"]), header));
        CHECK(mote::svid::check_chunks(header, offset, data, path) == Fault::none);

        std::vector<mote::hash::ChainingValue> values(mote::merkle::chunk_path_values_max);
        values.resize(mote::merkle::chunk_path(input.block, offset, length, values.data()));
        ByteVector ours;
        for (const auto& value : values)
            ours.insert(ours.end(), value.begin(), value.end());
        CHECK(ours == path);

        // Other bytes, another place, no whole chunks.
        ByteVector wrong(data.begin(), data.end());
        wrong[length / 2] ^= 1;
        CHECK(mote::svid::check_chunks(header, offset, wrong, path) == Fault::path);
        CHECK(mote::svid::check_chunks(header, offset + 1, data, path) == Fault::row_shape);
        CHECK(mote::svid::check_chunks(header, offset, {}, path) == Fault::row_shape);
    }
}
