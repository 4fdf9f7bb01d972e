// Leaders that are silent while others go on, and timers that do not wait for them.
#include "consensus/leader_watch.hpp"

#include <catch2/catch.hpp>

#include "consensus/root_voter.hpp"
#include "consensus_support.hpp"

using namespace consensus_test;

TEST_CASE("a leader is skipped after its turns passed in silence, and others' became final")
{
    LeaderWatch watch;
    watch.begin(4, 1);
    watch.heard(3);
    CHECK_FALSE(watch.silent(23, 16));
    watch.finalized(2);
    CHECK_FALSE(watch.silent(23, 16));
    watch.finalized(22);
    CHECK_FALSE(watch.silent(7, 16));
    CHECK_FALSE(watch.silent(19, 16));
    CHECK(watch.silent(23, 16));
    CHECK_FALSE(watch.silent(23, 0));
    CHECK_FALSE(watch.silent(0, 16));
    watch.heard(23);
    CHECK_FALSE(watch.silent(27, 16));
}

TEST_CASE("one leader alone, too many, or a start late in an epoch skip nobody at once")
{
    LeaderWatch watch;
    CHECK_FALSE(watch.silent(100, 16));
    watch.begin(LeaderWatch::leaders_max + 1, 1);
    watch.finalized(90);
    CHECK_FALSE(watch.silent(200, 16));
    watch.begin(4, 1000);
    watch.finalized(1001);
    CHECK_FALSE(watch.silent(1003, 16));
    CHECK_FALSE(watch.silent(1015, 16));
    CHECK(watch.silent(1019, 16));
}

TEST_CASE("the view of a silent leader is given up as soon as it is entered")
{
    const KeyName key = {};
    VoteRecord record = first_record();
    Voter voter;
    REQUIRE(voter.open(record, key, VoteMode::reserve) == Status::ok);
    Timing timing;
    timing.skip_after = 2;
    RootVoter root(voter, {1000, 4, 2}, timing, {}, 0);
    root.set_leaders(3);
    std::uint64_t now = 0;
    root.on_genesis(now);
    // Leaders of views 1 and 2 are heard, that of 3 and 6 is not.
    const Digest block = {1};
    for (std::uint64_t view = 1; view <= 6; ++view)
    {
        now += 10;
        const bool dead = view % 3 == 0;
        if (!dead)
        {
            root.on_leader_heard(0, view);
            root.on_certificate(Kind::finalize, 0, view, block, 1, now);
        }
        else
        {
            const std::uint64_t due = root.deadline_ms();
            // Its first turn is waited for; by its second it was silent for six views.
            CHECK(due == (view == 3 ? now - 10 + 2 * timing.delta_ms : now - 10));
            root.on_certificate(Kind::nullify, 0, view, {}, 0, now);
        }
    }
    // A sign of life: its next turn is waited for again.
    root.on_leader_heard(0, 6);
    for (std::uint64_t view = 7; view <= 8; ++view)
        root.on_certificate(Kind::finalize, 0, view, block, 1, now);
    CHECK(root.voter().state().view == 9);
    CHECK(root.deadline_ms() == now + 2 * timing.delta_ms);
}
