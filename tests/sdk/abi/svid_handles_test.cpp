// The C++ handles of SVID replay what every binding replays, and are empty where they cannot be opened.
#include <catch2/catch.hpp>

#include "mote/mote_svid.hpp"
#include "sdk/abi/svid_support.hpp"

using namespace mote::test;

namespace
{
mote::View view(const ByteVector& bytes) { return {bytes.data(), bytes.size()}; }

ByteVector hex(const Json& text) { return svid_cases::from_hex(text.get<std::string>()); }

const Json& cases()
{
    static const Json all = svid_cases::read("../bindings/svid.json");
    return all;
}

mote::SvidEpoch open_epoch(const Json& given, bool with_keys = true)
{
    const ByteVector seed = hex(given["seed"]), keys = hex(given["public_keys"]);
    std::vector<std::uint64_t> stakes;
    for (const Json& stake : given["stakes"])
        stakes.push_back(svid_cases::integer(stake));
    mote_svid_validators v{};
    v.struct_size = sizeof v;
    v.count = static_cast<std::uint32_t>(stakes.size());
    v.stakes = stakes.data();
    v.public_keys = with_keys ? keys.data() : nullptr;
    v.public_keys_bytes = with_keys ? keys.size() : 0;
    std::copy(seed.begin(), seed.end(), v.seed);
    return mote::SvidEpoch::open(v);
}

mote::SvidEpoch epoch_of(const Json& test, bool with_keys = true)
{
    return open_epoch(cases()["epochs"][test["epoch"].get<std::size_t>()], with_keys);
}

/// A share with the bytes it has.
struct Share
{
    explicit Share(const Json& test) : header(hex(test["header"])), has_z(!test["z"].is_null())
    {
        const Json& e = test["expected"];
        expected.struct_size = sizeof expected;
        expected.zone = e["zone"];
        expected.height = svid_cases::integer(e["height"]);
        expected.epoch = svid_cases::integer(e["epoch"]);
        expected.block_bytes_max = svid_cases::integer(e["block_bytes_max"]);
        const ByteVector chain = hex(e["chain_id"]), root = hex(e["svid_root"]);
        std::copy(chain.begin(), chain.end(), expected.chain_id);
        std::copy(root.begin(), root.end(), expected.svid_root);
        request.struct_size = sizeof request;
        request.validator = MOTE_SVID_NO_VALIDATOR;
        if (test["rows"].is_null())
            request.validator = test["validator"];
        else
        {
            rows = test["rows"].get<std::vector<std::uint32_t>>();
            request.rows = rows.data();
            request.row_count = rows.size();
        }
        if (has_z)
            z = hex(test["z"]);
        for (const Json& m : test["messages"])
        {
            for (const char* const part : {"rows", "data_path", "parity_path"})
                bytes.push_back(hex(m[part]));
            messages.push_back({m["first"], m["count"], {}, {}, {}});
        }
        for (std::size_t i = 0; i < messages.size(); ++i)
        {
            messages[i].rows = span_of(bytes[3 * i]);
            messages[i].data_path = span_of(bytes[3 * i + 1]);
            messages[i].parity_path = span_of(bytes[3 * i + 2]);
        }
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    [[nodiscard]] mote::ShareOutcome at_once(const mote::SvidEpoch& epoch) const
    {
        const mote::View z_view = view(z);
        return mote::check_share(epoch, expected, request, view(header), has_z ? &z_view : nullptr,
                                 messages.data(), messages.size());
    }

    [[nodiscard]] mote::ShareOutcome in_pieces(mote::SvidShare share, std::size_t piece) const
    {
        if (!share)
            return share.outcome();
        const auto feed = [&](mote_span all, auto append)
        {
            for (std::size_t at = 0; at < all.bytes; at += piece)
                REQUIRE(append(nullptr, share.get(), all.data + at,
                               std::min(piece, all.bytes - at)) == MOTE_OK);
        };
        for (const mote_svid_rows& m : messages)
        {
            REQUIRE(mote_svid_share_begin_rows(nullptr, share.get(), m.first, m.count, m.rows.bytes,
                                               m.data_path.data, m.data_path.bytes,
                                               m.parity_path.data, m.parity_path.bytes) == MOTE_OK);
            feed(m.rows, mote_svid_share_append_rows);
            REQUIRE(mote_svid_share_end_rows(nullptr, share.get()) == MOTE_OK);
        }
        if (has_z)
        {
            feed(span_of(z), mote_svid_share_append_z);
            REQUIRE(mote_svid_share_end_z(nullptr, share.get()) == MOTE_OK);
        }
        return share.outcome();
    }

    ByteVector header, z;
    bool has_z;
    std::vector<std::uint32_t> rows;
    std::vector<ByteVector> bytes;
    std::vector<mote_svid_rows> messages;
    mote_svid_expected expected{};
    mote_svid_request request{};
};

void require_answer(const mote::ShareOutcome& o, const Json& answer)
{
    REQUIRE(o.status == MOTE_OK);
    REQUIRE(mote_svid_outcome_text(o.verdict.outcome) == answer["outcome"].get<std::string>());
    REQUIRE(o.provisional() == (answer["outcome"] == "provisional"));
    REQUIRE(o.rejected() == (answer["outcome"] == "rejected"));
    REQUIRE(o.incomplete() == (answer["outcome"] == "incomplete"));
    REQUIRE(o.verdict.step == answer["step"]);
    const std::string fault = o.verdict.fault == 0 ? "" : mote_svid_fault_text(o.verdict.fault);
    REQUIRE(fault == answer["fault"].get<std::string>());
    if (!answer["row"].is_null())
        REQUIRE(o.verdict.row == answer["row"]);
}

const Json& honest()
{
    for (const Json& test : cases()["shares"])
        if (test["name"] == "honest unequal, validator 0")
            return test;
    throw std::runtime_error("no honest share");
}
}  // namespace

TEST_CASE("Outcomes of SVID that nobody filled say nothing")
{
    const mote::ShareOutcome share;
    REQUIRE(share.verdict.struct_size == sizeof(mote_svid_verdict));
    REQUIRE((!share.provisional() && !share.rejected() && !share.incomplete()));
    REQUIRE(!mote::BadRowOutcome().convicts());
    REQUIRE(!mote::RebuildOutcome().rebuilt());
}

TEST_CASE("Handles of SVID: every share of the bindings, as a whole and in pieces")
{
    REQUIRE(cases()["shares"].size() >= 98);
    for (const Json& test : cases()["shares"])
    {
        INFO(test["name"].get<std::string>());
        const Share share(test);
        require_answer(share.at_once(epoch_of(test)), test["answer"]);
        for (const std::size_t piece : {std::size_t{1000}, std::size_t{13}})
        {
            // The epoch is gone before the first piece comes.
            auto opened = mote::SvidShare::open(epoch_of(test), share.expected, share.request,
                                                view(share.header));
            mote::SvidShare moved = std::move(opened);
            REQUIRE(opened.get() == nullptr);
            require_answer(share.in_pieces(std::move(moved), piece), test["answer"]);
        }
    }
}

TEST_CASE("Handles of SVID: every reconstruction of the bindings")
{
    REQUIRE(cases()["reconstructions"].size() >= 21);
    for (const Json& test : cases()["reconstructions"])
    {
        INFO(test["name"].get<std::string>());
        std::vector<ByteVector> bytes;
        std::vector<mote_svid_row> rows;
        for (const Json& row : test["rows"])
        {
            bytes.push_back(hex(row["bytes"]));
            rows.push_back({row["number"], span_of(bytes.back())});
        }
        const ByteVector header = hex(test["header"]);
        const mote::RebuildOutcome o = mote::reconstruct(view(header), rows.data(), rows.size());
        const std::string said = o.status == MOTE_MALFORMED          ? "malformed"
                                 : o.status == MOTE_INVALID_ARGUMENT ? "invalid_argument"
                                 : o.rebuilt()                       ? "rebuilt"
                                 : o.result == MOTE_SVID_MISMATCH    ? "mismatch"
                                                                     : "insufficient";
        REQUIRE(said == test["answer"].get<std::string>());
        REQUIRE((o.block != nullptr) == o.rebuilt());
        if (o.rebuilt())
            REQUIRE(ByteVector(o.block.get(), o.block.get() + o.block_bytes) == hex(test["block"]));
    }
}

TEST_CASE("Handles of SVID: evidence")
{
    const Json file = svid_cases::read("misc.json");
    REQUIRE(file["evidence"].size() >= 4);
    for (const Json& json : file["evidence"])
    {
        INFO(json["name"].get<std::string>());
        const svid_cases::Input input(json["input"]);
        mote_svid_validators v{};
        v.struct_size = sizeof v;
        v.count = static_cast<std::uint32_t>(input.stakes.size());
        v.stakes = input.stakes.data();
        const auto epoch = mote::SvidEpoch::open(v);
        REQUIRE(epoch);
        const ByteVector header = hex(json["header"]), z = hex(json["z"]);
        const ByteVector row = hex(json["row"]["rows"]);
        const ByteVector data_path = svid_cases::from_hex(json["row"].value("data_path", ""));
        const ByteVector parity_path = svid_cases::from_hex(json["row"].value("parity_path", ""));
        mote_svid_rows message = {json["row"]["first_row"], json["row"]["count"], span_of(row),
                                  span_of(data_path), span_of(parity_path)};
        const auto found =
            mote::check_bad_row(epoch, input.chain_id.data(), view(header), message, view(z));
        REQUIRE(found.status == MOTE_OK);
        REQUIRE(found.convicts() == (json["result"] == "valid"));
        message.count = 2;
        const auto two =
            mote::check_bad_row(epoch, input.chain_id.data(), view(header), message, view(z));
        REQUIRE(two.status == MOTE_INVALID_ARGUMENT);
        REQUIRE(!two.convicts());
    }
}

TEST_CASE("A handle of SVID that cannot be opened is empty and says why")
{
    const Share share(honest());
    mote_svid_validators none{};
    none.struct_size = sizeof none;
    const auto no_epoch = mote::SvidEpoch::open(none);
    REQUIRE(!no_epoch);
    REQUIRE(no_epoch.get() == nullptr);
    REQUIRE(no_epoch.status() == MOTE_INVALID_ARGUMENT);

    const auto closed =
        mote::SvidShare::open(no_epoch, share.expected, share.request, view(share.header));
    REQUIRE(!closed);
    REQUIRE(closed.outcome().status == MOTE_INVALID_ARGUMENT);
    REQUIRE(share.at_once(no_epoch).status == MOTE_INVALID_ARGUMENT);
    REQUIRE(share.at_once(epoch_of(honest(), false)).status == MOTE_INVALID_ARGUMENT);

    const auto epoch = epoch_of(honest());
    auto other = share.expected;
    other.zone = 1;
    const auto refused = mote::SvidShare::open(epoch, other, share.request, view(share.header));
    REQUIRE(!refused);
    REQUIRE(refused.outcome().rejected());
    REQUIRE(refused.outcome().verdict.fault == MOTE_SVID_E_HEADER);

    // Bytes that cannot be read are no bytes that were not received.
    const mote::View unreadable{nullptr, 5};
    REQUIRE(mote::check_share(epoch, share.expected, share.request, view(share.header), &unreadable,
                              nullptr, 0)
                .status == MOTE_INVALID_ARGUMENT);
    REQUIRE(mote::reconstruct({}, nullptr, 0).status == MOTE_MALFORMED);
}
