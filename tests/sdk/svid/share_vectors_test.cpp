// Every share of tests/vectors/svid/share.json, as a whole and in pieces, gets its verdict.
#include <catch2/catch.hpp>

#include "support/svid_cases.hpp"
#include "svid/check_header.hpp"
#include "svid/proof_statement.hpp"
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
    for (const Json& test : file["evidence"])
    {
        INFO(test["name"].get<std::string>());
        const svid_cases::Input input(test["input"]);
        const ByteVector raw_header = svid_cases::from_hex(test["header"]);
        Header header;
        Params params;
        Fault fault = Fault::none;
        REQUIRE(check_foreign_header(raw_header, input.chain_id, input.stakes, header, params,
                                     fault) == mote::Status::ok);
        REQUIRE(fault == Fault::none);
        HeaderBytes fixed;
        std::copy(raw_header.begin(), raw_header.end(), fixed.begin());
        const Json& row = test["row"];
        const std::uint32_t requested[] = {row["first_row"]};
        svid_cases::Memory memory(1 << 20);
        mote::Arena arena = memory.arena();
        ShareCheck share;
        REQUIRE(share.open(header, params, fixed, requested, arena) == mote::Status::ok);
        const ByteVector z = svid_cases::from_hex(test["z"]);
        static_cast<void>(share.append_z(z));
        static_cast<void>(share.end_z());
        const ByteVector rows = svid_cases::from_hex(row["rows"]);
        const ByteVector data_path = svid_cases::from_hex(row.value("data_path", ""));
        const ByteVector parity_path = svid_cases::from_hex(row.value("parity_path", ""));
        static_cast<void>(share.begin_rows(
            {row["first_row"], row["count"], rows.size(), data_path, parity_path}));
        static_cast<void>(share.append_rows(rows));
        const Verdict verdict = share.verdict();
        const std::string result = verdict.outcome == Outcome::provisional ? "row is correct"
                                   : verdict.fault == Fault::fingerprint   ? "valid"
                                                                           : name_of(verdict.fault);
        CHECK(result == test["result"].get<std::string>());
    }
}
