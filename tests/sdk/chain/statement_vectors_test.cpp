// Statements of tests/vectors/consensus/zones.json: hash, public input and output, refusals.
#include <catch2/catch.hpp>

#include "chain/statement_check.hpp"
#include "chain_support.hpp"
#include "svid/params.hpp"

using namespace chain_test;

namespace
{
struct Case
{
    explicit Case(const Json& json) : statement(chain_test::statement(json["statement"]))
    {
        for (const Json& header : json["headers"])
            headers.push_back(zone_header(header));
        for (const Json& header : json["svid_headers"])
            svid.push_back(header.is_null() ? ByteVector() : from_hex(header));
    }
    [[nodiscard]] StatementStep check(const Digest& chain_id) const
    {
        const std::vector<Bytes> views(svid.begin(), svid.end());
        return check_statement(statement, headers, views, chain_id, Calendar());
    }
    [[nodiscard]] std::size_t first_with_data() const
    {
        std::size_t i = 0;
        while (i < svid.size() && svid[i].empty())
            ++i;
        return i;
    }

    Statement statement;
    std::vector<ZoneHeader> headers;
    std::vector<ByteVector> svid;
};

/// The change that a case of `rejects` names.
void change(Case& c, const std::string& what)
{
    if (what == "mask bit beyond the blocks")
        c.statement.void_mask |= std::uint64_t{1} << c.headers.size();
    else if (what == "prev_header changed")
        c.statement.prev_header[0] ^= 1;
    else if (what == "last_header changed")
        c.statement.last_header[0] ^= 1;
    else if (what == "first header's time changed")
        c.headers[0].time_ms += 1;
    else if (what == "a header missing")
        c.headers.pop_back();
    else if (what == "SVID header of a non-void block changed (data_root)")
        c.svid[c.first_with_data()][80] ^= 1;
    else if (what == "SVID header of a non-void block missing")
        c.svid[c.first_with_data()].clear();
    else
        FAIL("a change that no test knows: " << what);
}
}  // namespace

TEST_CASE("statements have the vectors' hash, input and output, and are refused at their step")
{
    const Json vectors = read("zones.json");
    const Digest chain_id = digest(vectors["chain_id"]);
    std::size_t rejects = 0;
    for (const Json& vector : vectors["statements"])
    {
        const Case good(vector);
        CHECK(to_hex(statement_hash(good.statement)) == text(vector["statement_hash"]));
        CHECK(good.check(chain_id) == StatementStep::none);
        Digest other_chain = chain_id;
        other_chain[0] ^= 1;
        if (good.first_with_data() != good.svid.size())
            CHECK(good.check(other_chain) == StatementStep::svid_headers);

        const std::vector<Bytes> svid(good.svid.begin(), good.svid.end());
        ByteVector input(statement_input_bytes_max), output(statement_output_bytes_max);
        input.resize(write_input(good.statement, good.headers, svid, chain_id, input));
        output.resize(write_output(good.statement, svid, output));
        CHECK(to_hex(input) == text(vector["input"]));
        CHECK(to_hex(output) == text(vector["output"]));
        CHECK(to_hex(mote::hash::blake3(input)) == text(vector["input_hash"]));
        CHECK(to_hex(mote::hash::blake3(output)) == text(vector["output_hash"]));
        CHECK(output.back() != 0);

        for (const Json& reject : vector["rejects"])
        {
            const std::string what = reject["what"];
            CAPTURE(what);
            Case bad(vector);
            change(bad, what);
            CHECK(static_cast<std::uint64_t>(bad.check(chain_id)) == integer(reject["step"]));
            ++rejects;
        }
    }
    CHECK(vectors["statements"].size() == 3);
    CHECK(rejects == 19);
    CHECK(statement_input_bytes_max == 6272);
    CHECK(statement_output_bytes_max == 4200);
}

namespace
{
/// A statement over `blocks` blocks made here, so that headers can be changed and linked again.
struct Made
{
    Digest chain_id{7};
    std::vector<ZoneHeader> headers;
    std::vector<mote::svid::Header> svid;
    Statement statement;

    explicit Made(std::size_t blocks)
    {
        std::mt19937_64 random(8);
        statement.zone = 4;
        statement.from = 10;
        statement.to = 10 + blocks - 1;
        statement.prev_header = random_array<32>(random);
        for (std::size_t i = 0; i < blocks; ++i)
        {
            ZoneHeader h;
            h.zone = 4;
            h.height = 10 + i;
            h.window = 225 * 3 + i;  // epoch 3 of the default calendar
            h.data_bytes = static_cast<std::uint32_t>(5000 * (i + 1));
            mote::svid::Header s;
            s.zone = 4;
            s.height = h.height;
            s.epoch = 3;
            s.block_bytes = h.data_bytes;
            mote::svid::Params params;
            REQUIRE(mote::svid::derive(s.block_bytes, params) == mote::Status::ok);
            s.data_rows = params.data_rows;
            s.row_log2 = params.row_log2;
            s.rows = 99;
            s.chain_id = chain_id;
            headers.push_back(h);
            svid.push_back(s);
        }
    }
    /// Commits to the SVID headers, links the headers and checks.
    StatementStep check()
    {
        std::vector<mote::svid::HeaderBytes> bytes;
        for (const mote::svid::Header& s : svid)
            bytes.push_back(mote::svid::encode(s));
        Digest parent = statement.prev_header;
        for (std::size_t i = 0; i < headers.size(); ++i)
        {
            headers[i].data_commit = mote::svid::svid_root(bytes[i]);
            headers[i].parent = parent;
            parent = hash_of(headers[i]);
        }
        statement.last_header = parent;
        const std::vector<Bytes> views(bytes.begin(), bytes.end());
        return check_statement(statement, headers, views, chain_id, Calendar());
    }
};
}  // namespace

TEST_CASE("a header or SVID header that does not fit is found even if it is committed to")
{
    CHECK(Made(1).check() == StatementStep::none);
    CHECK(Made(64).check() == StatementStep::none);
    CHECK(Made(65).check() == StatementStep::range);
    const auto changed = [](const auto& change)
    {
        Made made(3);
        change(made);
        return made.check();
    };
    using enum StatementStep;
    CHECK(changed([](Made& m) { m.statement.from = m.statement.to + 1; }) == range);
    CHECK(changed([](Made& m) { m.headers[1].version = 2; }) == StatementStep::headers);
    CHECK(changed([](Made& m) { m.headers[1].zone = 5; }) == StatementStep::headers);
    CHECK(changed([](Made& m) { m.headers[2].height = 11; }) == StatementStep::headers);
    CHECK(changed([](Made& m) { m.statement.zone = 5; }) == StatementStep::headers);
    CHECK(changed([](Made& m) { m.svid[1].zone = 5; }) == svid_headers);
    CHECK(changed([](Made& m) { m.svid[1].height = 12; }) == svid_headers);
    CHECK(changed([](Made& m) { m.svid[1].epoch = 2; }) == svid_headers);
    CHECK(changed([](Made& m) { m.svid[1].chain_id[9] ^= 1; }) == svid_headers);
    CHECK(changed([](Made& m) { m.svid[1].block_bytes += 1; }) == svid_headers);
    CHECK(changed([](Made& m) { m.svid[1].data_rows += 1; }) == svid_headers);
    CHECK(changed([](Made& m) { m.svid[1].row_log2 += 1; }) == svid_headers);
    CHECK(changed([](Made& m) { m.headers[1].window = 225 * 4; }) == svid_headers);
    // The number of rows needs the committee, and a void block has no data.
    CHECK(changed([](Made& m) { m.svid[1].rows += 1; }) == none);
    CHECK(changed(
              [](Made& m)
              {
                  m.svid[1].data_rows += 1;
                  m.statement.void_mask = 2;
              }) == none);
}
