// The clock of a voter: when it gives up, what it sends again, how long it waits.
#include "consensus/root_voter.hpp"

#include <catch2/catch.hpp>

#include "consensus_support.hpp"

using namespace consensus_test;

namespace
{
constexpr mote::chain::Calendar calendar = {4, 2, 2};
constexpr Timing timing = {100, 1000, 450};
constexpr StartBlock genesis = {0, {7}};
constexpr KeyName key = {5};

RootVoter fresh(VoteMode mode = VoteMode::exact)
{
    Voter voter;
    REQUIRE(voter.open(first_record(), key, mode, 8) == Status::ok);
    RootVoter root(voter, calendar, timing, genesis, 0);
    const Actions actions = root.on_genesis(1000);
    REQUIRE(actions.count == 1);
    CHECK(actions.list[0].kind == ActionKind::entered);
    CHECK(actions.list[0].view == 1);
    return root;
}

Place first_block(std::uint64_t view, std::uint8_t name = 1)
{
    Place p;
    p.view = p.header_view = view;
    p.height = 1;
    p.block = {name};
    p.parent = genesis.hash;
    return p;
}

const Action* find(const Actions& actions, ActionKind kind)
{
    for (const Action& action : actions)
        if (action.kind == kind)
            return &action;
    return nullptr;
}

/// Confirms the write that was asked for; gives the vote that may be signed.
Vote confirmed(RootVoter& root, const Actions& actions, std::uint64_t now)
{
    const Action* write = find(actions, ActionKind::write);
    REQUIRE(write != nullptr);
    CHECK(find(actions, ActionKind::sign) == nullptr);
    const Actions done = root.flushed(write->step.token, now);
    const Action* sign = find(done, ActionKind::sign);
    REQUIRE(sign != nullptr);
    return sign->step.permit().vote();
}
}  // namespace

TEST_CASE("timeouts grow by half with every nullified view, up to their maximum")
{
    CHECK(delta_after(timing, 0) == 100);
    CHECK(delta_after(timing, 1) == 150);
    CHECK(delta_after(timing, 2) == 225);
    CHECK(delta_after(timing, 3) == 337);
    CHECK(delta_after(timing, 6) == 1000);
    CHECK(delta_after(timing, UINT32_MAX) == 1000);
    CHECK(delta_after({0, 5, 1}, UINT32_MAX) == 5);
    CHECK(delta_after({9, 5, 1}, 3) == 5);
    CHECK(delta_after({1, UINT64_MAX, 1}, 1000) == UINT64_MAX);
    const Timing defaults;
    CHECK(delta_after(defaults, 8) == 17934);  // 700, 1050, 1575, 2362, 3543, 5314, 7971, 11956
    CHECK(delta_after(defaults, 9) == 20000);
}

TEST_CASE("without a proposal a voter gives up after two deltas, with one after three")
{
    RootVoter silent = fresh();
    CHECK(silent.deadline_ms() == 1200);
    CHECK(silent.tick(1199).count == 0);
    const Actions actions = silent.tick(1200);
    CHECK(silent.deadline_ms() == UINT64_MAX);  // a record is being written
    CHECK(silent.tick(1201).refusal == Refusal::busy);
    CHECK(confirmed(silent, actions, 1205) == Vote{Kind::nullify, 0, 1, {}});
    CHECK(silent.deadline_ms() == 1450);  // now only to send again

    RootVoter proposed = fresh();
    CHECK(confirmed(proposed, proposed.on_proposal(first_block(1), true, 1100), 1105) ==
          Vote{Kind::notarize, 0, 1, {1}});
    CHECK(proposed.deadline_ms() == 1300);
    CHECK(proposed.tick(1299).count == 0);
    CHECK(confirmed(proposed, proposed.tick(1300), 1301) == Vote{Kind::nullify, 0, 1, {}});
}

TEST_CASE("an invalid proposal, a wrong place or a leader caught are given up at once")
{
    RootVoter invalid = fresh();
    CHECK(confirmed(invalid, invalid.on_proposal(first_block(1), false, 1001), 1001).kind ==
          Kind::nullify);
    RootVoter misplaced = fresh();
    Place place = first_block(1);
    place.parent = {8};
    CHECK(confirmed(misplaced, misplaced.on_proposal(place, true, 1001), 1001).kind ==
          Kind::nullify);
    RootVoter caught = fresh();
    static_cast<void>(confirmed(caught, caught.on_proposal(first_block(1), true, 1001), 1001));
    CHECK(confirmed(caught, caught.on_conflict(0, 1), 1002).kind == Kind::nullify);
    // Nothing of another view is the current leader's fault.
    RootVoter other = fresh();
    CHECK(other.on_proposal(first_block(2), false, 1001).refusal == Refusal::other_view);
    CHECK(other.on_conflict(0, 2).count == 0);
    CHECK(other.voter().state().second == Second::none);
}

TEST_CASE("a missing nullification is asked for, and the proposal counts when it is there")
{
    RootVoter root = fresh();
    const Actions skipped =
        root.on_certificate(Kind::nullify, 0, 3, {}, 0, 1010);  // views 1 and 2 were missed
    CHECK(find(skipped, ActionKind::forward) != nullptr);
    CHECK(find(skipped, ActionKind::entered)->view == 4);
    const Place place = first_block(4);
    const Actions asks = root.on_proposal(place, true, 1020);
    REQUIRE(find(asks, ActionKind::fetch_nullification) != nullptr);
    CHECK(find(asks, ActionKind::fetch_nullification)->view == 1);
    CHECK(asks.count == 1);
    root.on_old_nullification(0, 1);
    root.on_old_nullification(1, 2);  // of another epoch
    CHECK(find(root.on_proposal(place, true, 1021), ActionKind::fetch_nullification)->view == 2);
    root.on_old_nullification(0, 2);
    CHECK(confirmed(root, root.on_proposal(place, true, 1022), 1023).kind == Kind::notarize);
}

TEST_CASE("a voter waits longer after nullified views, and not after a finalization")
{
    RootVoter root = fresh();
    static_cast<void>(root.on_certificate(Kind::nullify, 0, 1, {}, 0, 2000));
    CHECK(root.deadline_ms() == 2300);  // one nullified view: 2 * 150
    static_cast<void>(root.on_certificate(Kind::nullify, 0, 2, {}, 0, 3000));
    CHECK(root.deadline_ms() == 3450);  // two: 2 * 225
    static_cast<void>(root.on_certificate(Kind::finalize, 0, 2, {1}, 1, 4000));
    static_cast<void>(root.on_certificate(Kind::nullify, 0, 3, {}, 0, 4000));
    CHECK(root.deadline_ms() == 4300);  // view 3 alone counts
    static_cast<void>(root.on_certificate(Kind::finalize, 0, 4, {1}, 1, 5000));
    CHECK(root.deadline_ms() == 5200);
}

TEST_CASE("certificates are passed on, finalize first, and lead to the next view")
{
    RootVoter root = fresh();
    const Actions notarized = root.on_certificate(Kind::notarize, 0, 1, {1}, 1, 1100);
    CHECK(find(notarized, ActionKind::forward) != nullptr);
    CHECK(find(notarized, ActionKind::entered) == nullptr);  // the record comes first
    CHECK(root.on_certificate(Kind::nullify, 0, 1, {}, 0, 1100).refusal == Refusal::busy);
    const Action* write = find(notarized, ActionKind::write);
    REQUIRE(write != nullptr);
    const Actions done = root.flushed(write->step.token, 1110);
    REQUIRE(done.count == 2);
    CHECK(done.list[0].kind == ActionKind::sign);
    CHECK(done.list[0].step.permit().vote() == Vote{Kind::finalize, 0, 1, {1}});
    CHECK(done.list[1].kind == ActionKind::entered);
    CHECK(done.list[1].view == 2);
    CHECK(root.deadline_ms() == 1310);

    // A finalization of a view left behind still finalizes, and is not passed on.
    const Actions late = root.on_certificate(Kind::finalize, 0, 1, {1}, 1, 1120);
    REQUIRE(late.count == 1);
    CHECK(late.list[0].kind == ActionKind::finalized);
    CHECK(late.list[0].block == Digest{1});
    CHECK(root.voter().state().view == 2);
}

TEST_CASE("the finalization of an epoch's last block starts the next epoch on it")
{
    RootVoter root = fresh();
    const Actions ends = root.on_certificate(Kind::finalize, 0, 9, {4}, 4, 1100);
    CHECK(find(ends, ActionKind::finalized)->view == 9);
    const Action* entered = find(ends, ActionKind::entered);
    REQUIRE(entered != nullptr);
    CHECK(entered->epoch == 1);
    CHECK(entered->view == 1);
    Place place = first_block(1);
    place.epoch = 1;
    place.height = 5;
    place.parent = {4};
    place.parent_height = 4;
    CHECK(confirmed(root, root.on_proposal(place, true, 1101), 1102).kind == Kind::notarize);
    // A block that is not the last ends nothing.
    RootVoter other = fresh();
    const Actions goes_on = other.on_certificate(Kind::finalize, 0, 9, {3}, 3, 1100);
    CHECK(find(goes_on, ActionKind::entered)->epoch == 0);
    CHECK(find(goes_on, ActionKind::entered)->view == 10);
}

TEST_CASE("what was sent is sent again until something happens")
{
    RootVoter root = fresh();
    static_cast<void>(confirmed(root, root.tick(1200), 1200));
    CHECK(find(root.tick(1449), ActionKind::resend) == nullptr);
    const Actions again = root.tick(1450);
    CHECK(find(again, ActionKind::resend) != nullptr);
    REQUIRE(find(again, ActionKind::sign) != nullptr);
    CHECK(find(again, ActionKind::sign)->step.permit().vote() == Vote{Kind::nullify, 0, 1, {}});
    CHECK(root.deadline_ms() == 1900);
    CHECK(find(root.tick(5000), ActionKind::resend) != nullptr);
    CHECK(root.deadline_ms() == 5450);
}

TEST_CASE("a closed voter has no deadline and refuses")
{
    RootVoter root = fresh();
    const Actions actions = root.on_proposal(first_block(1), true, 1001);
    REQUIRE(find(actions, ActionKind::write) != nullptr);
    root.write_failed();
    CHECK(root.deadline_ms() == UINT64_MAX);
    CHECK(root.tick(9999).refusal == Refusal::closed);
    CHECK(root.on_proposal(first_block(1), true, 1001).refusal == Refusal::closed);
    CHECK(root.on_certificate(Kind::nullify, 0, 1, {}, 0, 1).refusal == Refusal::closed);
    RootVoter stopped = fresh();
    const Actions stops = stopped.stop();
    REQUIRE(find(stops, ActionKind::write) != nullptr);
    CHECK(stopped.flushed(find(stops, ActionKind::write)->step.token, 1).count == 0);
    CHECK(stopped.deadline_ms() == UINT64_MAX);
}
