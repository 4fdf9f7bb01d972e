#include "svid/evidence.hpp"

#include <catch2/catch.hpp>

#include "share_support.hpp"

using namespace share_test;
using namespace mote::svid;

namespace
{
/// A dispersal whose parity row 9 is not the code's, sealed as if it were.
const Dispersed& cheat()
{
    static const Dispersed from = []
    {
        Dispersed edited = sample();
        edited.rows[9][100] ^= 1;
        edited.seal();
        return edited;
    }();
    return from;
}

struct Claim
{
    Claim(const Dispersed& from, std::uint32_t row)
        : header(from.bytes.begin(), from.bytes.end()), message(from.message(row, 1)), z(from.z)
    {
    }
    [[nodiscard]] BadRow claim() const
    {
        return {header, message.first, message.rows, message.data_path, message.parity_path, z};
    }
    ByteVector header;
    Message message;
    ByteVector z;
};

constexpr int convicts = 100, correct = 101;

BadRowFinding find(const Claim& claim, const Digest& chain_id = sample().header.chain_id)
{
    svid_cases::Memory memory(bad_row_memory_bytes());
    mote::Arena arena = memory.arena();
    BadRowFinding found;
    REQUIRE(check_bad_row(claim.claim(), chain_id, seven_stakes, arena, found) == mote::Status::ok);
    return found;
}

/// The failing step, or one of the above.
int judge(const Claim& claim, const Digest& chain_id = sample().header.chain_id)
{
    const BadRowFinding found = find(claim, chain_id);
    REQUIRE((found.finding == Finding::rejected) == (found.fault != Fault::none));
    return found.finding == Finding::convicts         ? convicts
           : found.finding == Finding::row_is_correct ? correct
                                                      : static_cast<int>(found.fault);
}
}  // namespace

TEST_CASE("item 21: only the wrong row of a dispersal convicts, and names its producer's signature")
{
    for (std::uint32_t r = 0; r < cheat().params.rows; ++r)
    {
        INFO("row " << r);
        const BadRowFinding found = find(Claim(cheat(), r));
        CHECK(found.finding == (r == 9 ? Finding::convicts : Finding::row_is_correct));
        CHECK(found.svid_root == cheat().svid_root());
        CHECK(found.announce_digest ==
              announce_digest(sample().header.chain_id, cheat().svid_root()));
        CHECK(judge(Claim(sample(), r)) == correct);
    }
}

TEST_CASE("item 21: false evidence fails at the step that shows it")
{
    const Claim good(cheat(), 9);
    REQUIRE(judge(good) == convicts);

    Digest other_chain = sample().header.chain_id;
    other_chain[31] ^= 1;
    CHECK(judge(good, other_chain) == 1);
    Claim bad = good;
    bad.header.pop_back();
    CHECK(judge(bad) == 1);
    bad.header.clear();
    CHECK(judge(bad) == 1);

    // The honest dispersal does not contain the row, and the cheat's Z is not its Z.
    bad = good;
    bad.header.assign(sample().bytes.begin(), sample().bytes.end());
    CHECK(judge(bad) == 4);
    bad.z = sample().z;
    CHECK(judge(bad) == 6);

    for (const std::size_t bytes : {std::size_t{0}, good.z.size() - 16, good.z.size() - 1})
    {
        bad = good;
        bad.z.resize(bytes);
        CHECK(judge(bad) == 4);
    }
    bad = good;
    bad.z.resize(bad.z.size() + 16);
    CHECK(judge(bad) == 4);

    // A number that no row has, with and without a good Z; another row's number.
    bad = good;
    bad.message.first = cheat().params.rows;
    CHECK(judge(bad) == 5);
    bad.message.first = 0xFFFFFFFF;
    CHECK(judge(bad) == 5);
    bad.z[0] ^= 1;
    CHECK(judge(bad) == 4);
    bad = good;
    bad.message.first = 10;
    CHECK(judge(bad) == 6);
    bad.message.first = 1;  // a data row has the other path
    CHECK(judge(bad) == 6);

    bad = good;
    bad.message.rows.pop_back();
    CHECK(judge(bad) == 5);
    bad.message.rows.clear();
    CHECK(judge(bad) == 5);
    bad = good;
    bad.message.rows.push_back(0);
    CHECK(judge(bad) == 5);
    bad = good;
    bad.message.data_path = bad.message.parity_path;
    CHECK(judge(bad) == 6);
    bad = good;
    bad.message.parity_path.pop_back();
    CHECK(judge(bad) == 6);
    bad.message.parity_path.resize(32 * 100);
    CHECK(judge(bad) == 6);
}

TEST_CASE("item 21: no byte of evidence can be changed")
{
    const Claim good(cheat(), 9);
    const auto changed = [&](ByteVector& part, std::size_t i, const Claim& claim)
    {
        part[i] ^= 0x10;
        const int answer = judge(claim);
        part[i] ^= 0x10;
        return answer;
    };
    Claim bad = good;
    // Zone, height, epoch and the low bytes of B are the header's own and lead to another challenge,
    // for which any row is "wrong". Against that stands only the signature, which is over them.
    for (std::size_t i = 0; i < bad.header.size(); ++i)
    {
        INFO("header byte " << i);
        const int answer = changed(bad.header, i, bad);
        const bool place = i >= 4 && i < 24;
        const bool may_convict = (i >= 24 && i < 32) || i >= 80;
        if (place)
        {
            CHECK(answer == convicts);
        }
        else if (may_convict)
            CHECK(((answer >= 2 && answer <= 6) || answer == convicts));
        else
            CHECK((answer >= 1 && answer <= 6));
        if (answer != convicts)
            continue;
        bad.header[i] ^= 0x10;
        CHECK(find(bad).announce_digest != find(good).announce_digest);
        bad.header[i] ^= 0x10;
    }
    for (std::size_t i = 0; i < bad.z.size(); ++i)
        REQUIRE(changed(bad.z, i, bad) == 4);
    for (std::size_t i = 0; i < bad.message.rows.size(); ++i)
        REQUIRE(changed(bad.message.rows, i, bad) == 6);
    for (std::size_t i = 0; i < bad.message.parity_path.size(); ++i)
        REQUIRE(changed(bad.message.parity_path, i, bad) == 6);
}

TEST_CASE("evidence about an empty block, and with too little memory")
{
    Header header;
    header.chain_id = sample().header.chain_id;
    header.row_log2 = 10;
    header.data_root = mote::hash::blake3({});
    header.z_digest = mote::hash::blake3({});
    Claim claim(cheat(), 9);
    const auto set_header = [&]
    {
        const HeaderBytes bytes = encode(header);
        claim.header.assign(bytes.begin(), bytes.end());
    };
    set_header();
    CHECK(judge(claim) == 4);  // it has no Z to hand over
    claim.z.clear();
    CHECK(judge(claim) == 5);
    header.z_digest[0] ^= 1;
    set_header();
    CHECK(judge(claim) == 4);

    const Claim good(cheat(), 9);
    const std::size_t need = ShareCheck::memory_bytes(cheat().params, 1);
    for (const std::size_t bytes : {std::size_t{0}, need - 16, need})
    {
        svid_cases::Memory memory(bytes);
        mote::Arena arena = memory.arena();
        BadRowFinding found;
        const mote::Status status =
            check_bad_row(good.claim(), sample().header.chain_id, seven_stakes, arena, found);
        CHECK(status == (bytes == need ? mote::Status::ok : mote::Status::memory_too_small));
        CHECK((found.finding == Finding::convicts) == (bytes == need));
    }
    CHECK(need < bad_row_memory_bytes());
    svid_cases::Memory memory(bad_row_memory_bytes());
    mote::Arena arena = memory.arena();
    BadRowFinding found;
    CHECK(check_bad_row(good.claim(), sample().header.chain_id, {}, arena, found) ==
          mote::Status::invalid_argument);
}

TEST_CASE("item 20: two dispersals for one place convict; one twice, or two places, do not")
{
    const auto bytes_of = [](const Header& header)
    {
        const HeaderBytes bytes = encode(header);
        return ByteVector(bytes.begin(), bytes.end());
    };
    const Digest& chain = sample().header.chain_id;
    const ByteVector first = bytes_of(sample().header), second = bytes_of(cheat().header);
    std::array<Digest, 2> announces{};
    REQUIRE(equivocates(first, second, chain, announces));
    CHECK(announces[0] == announce_digest(chain, sample().svid_root()));
    CHECK(announces[1] == announce_digest(chain, cheat().svid_root()));
    REQUIRE(equivocates(second, first, chain, announces));
    CHECK(announces[0] == announce_digest(chain, cheat().svid_root()));

    const auto refused = [&](const ByteVector& a, const ByteVector& b)
    {
        announces[0].fill(1);
        const bool refuses = !equivocates(a, b, chain, announces);
        return refuses && announces[0] == Digest{} && announces[1] == Digest{};
    };
    CHECK(refused(first, first));
    // Any other place: zone, height, epoch; and any chain but ours.
    for (const std::size_t at : {4U, 8U, 15U, 16U, 23U, 48U, 79U})
    {
        ByteVector other = second;
        other[at] ^= 1;
        CHECK(refused(first, other));
        CHECK(refused(other, first));
    }
    ByteVector foreign = first, foreign_too = second;
    foreign[50] ^= 1;
    foreign_too[50] ^= 1;
    CHECK(refused(foreign, foreign_too));
    // No headers.
    for (const std::size_t at : {0U, 41U, 47U})
    {
        ByteVector other = second;
        other[at] ^= 1;
        CHECK(refused(first, other));
    }
    CHECK(refused(first, {}));
    CHECK(refused({}, {}));
    ByteVector longer = second;
    longer.push_back(0);
    CHECK(refused(first, longer));
    // Everything else makes another dispersal.
    for (std::size_t at = 24; at < first.size(); ++at)
    {
        if (at >= 41 && at < 80)
            continue;
        ByteVector other = first;
        other[at] ^= 1;
        INFO("byte " << at);
        CHECK(equivocates(first, other, chain, announces));
    }
}
