// Walking through encoded rounds: every length prefix a decoder lets through, and offsets.
#include <catch2/catch.hpp>

#include "sumcheck_support.hpp"

using namespace sumcheck_test;
using mote::sumcheck::FrView;
using mote::sumcheck::RoundsCursor;

TEST_CASE("cursor visits rounds of all lengths in order", "[sumcheck]")
{
    Random random(1);
    Rounds rounds;
    for (const std::size_t count : {3U, 0U, 1U, 250U, 251U, 255U, 256U, 300U, 2U})
        rounds.push_back(random.elements(count));
    const EncodedRounds encoded(rounds, RoundsView::Form::compressed, 77);

    RoundsCursor cursor(encoded.view);
    for (std::size_t i = 0; i < rounds.size(); ++i)
    {
        CHECK(cursor.offset() == encoded.starts[i]);
        const FrView view = cursor.next();
        REQUIRE(view.count == rounds[i].size());
        for (std::uint32_t j = 0; j < view.count; ++j)
        {
            REQUIRE(view[j] == rounds[i][j]);
            std::uint8_t bytes[32];
            rounds[i][j].to_bytes_le(bytes);
            REQUIRE(mote::equal_vartime(view.bytes(j), bytes));
        }
    }
    CHECK(cursor.offset() == 77 + encoded.view.bytes.size());
}

TEST_CASE("cursor reads the widest prefix a count can have", "[sumcheck]")
{
    // 252 announces four bytes; a round of 65536 coefficients is the smallest that needs it.
    std::vector<std::uint8_t> bytes = {252, 0, 0, 1, 0};
    bytes.resize(bytes.size() + std::size_t{32} * 65536);
    bytes[5 + 32 * 65535] = 9;
    RoundsView view;
    view.form = RoundsView::Form::compressed;
    view.rounds = 1;
    view.bytes = bytes;
    RoundsCursor cursor(view);
    const FrView round = cursor.next();
    REQUIRE(round.count == 65536);
    CHECK(round[65535] == Fr::from_u64(9));
    CHECK(cursor.offset() == bytes.size());
}
