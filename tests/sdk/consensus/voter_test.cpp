// What a voter answers where the traces do not go: contracts of the host, ends of numbers, leases.
#include "consensus/voter.hpp"

#include <catch2/catch.hpp>
#include <type_traits>

#include "consensus_support.hpp"

using namespace consensus_test;

namespace
{
constexpr KeyName key = {9};

Digest block(std::uint8_t name)
{
    Digest out{};
    out[0] = name;
    return out;
}

VoteRecord at(std::uint64_t epoch, std::uint64_t view)
{
    VoteRecord record;
    record.seq = 2;
    record.epoch = epoch;
    record.view = view;
    return record;
}

Voter opened(const VoteRecord& record, VoteMode mode = VoteMode::exact, std::uint64_t reserve = 4)
{
    Voter voter;
    REQUIRE(voter.open(record, key, mode, reserve) == Status::ok);
    return voter;
}

/// Confirms a write and takes the record out of its bytes.
VoteRecord written(const Step& step)
{
    REQUIRE(step.write);
    VoteRecord record;
    REQUIRE(decode(step.record, static_cast<std::uint32_t>(step.offset / slot_spacing_bytes), key,
                   record));
    CHECK(record.seq == step.token);
    return record;
}

template <class T>
concept HasDefault = std::is_default_constructible_v<T>;
}  // namespace

TEST_CASE("nobody but a voter can make a permit")
{
    STATIC_REQUIRE_FALSE(HasDefault<Permit>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<Permit, Vote>);
    STATIC_REQUIRE(sizeof(Voter) < 1024);
}

TEST_CASE("a voter that was not opened, or not with a living record, refuses everything")
{
    Voter voter;
    VoteRecord retired = at(1, 5);
    retired.state = RecordState::retired;
    CHECK(voter.open(retired, key, VoteMode::exact) == Status::rejected);
    CHECK(voter.on_proposal(1, 5, block(1)).refusal == Refusal::closed);
    CHECK(voter.on_timeout(1, 5).refusal == Refusal::closed);
    CHECK(voter.on_certificate(Kind::notarize, 1, 5, block(1), false).refusal == Refusal::closed);
    CHECK(voter.on_genesis().refusal == Refusal::closed);
    CHECK(voter.on_lease(9).refusal == Refusal::closed);
    CHECK(voter.stop().refusal == Refusal::closed);
    CHECK(voter.retire().refusal == Refusal::closed);
    CHECK(voter.flushed(1).refusal == Refusal::unknown_token);
    CHECK_FALSE(voter.is_open());

    VoteRecord last = at(1, 5);
    last.seq = UINT64_MAX;
    CHECK(voter.open(last, key, VoteMode::exact) == Status::rejected);
    CHECK(voter.open(at(1, 5), key, VoteMode::reserve, 0) == Status::invalid_argument);
    CHECK_FALSE(voter.is_open());
}

TEST_CASE("the last seq is written, and nothing after it")
{
    VoteRecord record = at(1, 5);
    record.seq = UINT64_MAX - 1;
    Voter voter = opened(record);
    const Step step = voter.on_proposal(1, 5, block(1));
    REQUIRE(step.write);
    CHECK(voter.flushed(step.token).permitted);
    const Step next = voter.on_timeout(1, 5);
    CHECK_FALSE(next.write);
    CHECK_FALSE(next.permitted);
    CHECK(next.refusal == Refusal::closed);
    CHECK_FALSE(voter.is_open());
}

TEST_CASE("while a record is being written every event has to wait, and only its token ends that")
{
    Voter voter = opened(at(1, 5));
    const Step step = voter.on_proposal(1, 5, block(1));
    REQUIRE(step.write);
    CHECK_FALSE(step.permitted);
    CHECK(voter.busy());
    const VoterState before = voter.state();
    CHECK(voter.on_proposal(1, 5, block(1)).refusal == Refusal::busy);
    CHECK(voter.on_timeout(1, 5).refusal == Refusal::busy);
    CHECK(voter.on_certificate(Kind::nullify, 1, 5, {}, false).refusal == Refusal::busy);
    CHECK(voter.on_lease(1).refusal == Refusal::busy);
    CHECK(voter.stop().refusal == Refusal::busy);
    CHECK(voter.retire().refusal == Refusal::busy);
    for (const std::uint64_t token : {step.token - 1, step.token + 1, std::uint64_t{0}})
    {
        const Step wrong = voter.flushed(token);
        CHECK(wrong.refusal == Refusal::unknown_token);
        CHECK_FALSE(wrong.permitted);
    }
    CHECK(voter.state() == before);
    const Step done = voter.flushed(step.token);
    REQUIRE(done.permitted);
    CHECK(done.permit().vote() == Vote{Kind::notarize, 1, 5, block(1)});
    CHECK(voter.flushed(step.token).refusal == Refusal::unknown_token);
}

TEST_CASE("a failed write closes the voter, and nothing is permitted")
{
    Voter voter = opened(at(1, 5));
    const Step step = voter.on_timeout(1, 5);
    REQUIRE(step.write);
    voter.write_failed();
    CHECK_FALSE(voter.is_open());
    CHECK(voter.flushed(step.token).refusal == Refusal::unknown_token);
    CHECK(voter.on_timeout(1, 5).refusal == Refusal::closed);
}

TEST_CASE("certificates of views and epochs without successor are not taken")
{
    Voter voter = opened(at(1, 5));
    const VoterState before = voter.state();
    for (const Kind kind : {Kind::notarize, Kind::nullify, Kind::finalize})
    {
        CHECK(voter.on_certificate(kind, 1, UINT64_MAX, {}, false).refusal == Refusal::other_view);
        CHECK(voter.on_certificate(kind, 1, 0, {}, false).refusal == Refusal::other_view);
        CHECK(voter.on_certificate(kind, UINT64_MAX, 5, {}, true).refusal == Refusal::other_view);
        CHECK(voter.on_certificate(kind, 2, 5, {}, false).refusal == Refusal::other_view);
        CHECK(voter.on_certificate(kind, 0, 5, {}, true).refusal == Refusal::other_view);
        CHECK(voter.on_certificate(kind, 1, 4, {}, false).refusal == Refusal::other_view);
    }
    for (const Kind kind : {Kind::avail, Kind::valid, Kind::ckpt})
        CHECK(voter.on_certificate(kind, 1, 5, block(1), true).refusal == Refusal::other_view);
    // Only a finalization ends an epoch.
    CHECK(voter.on_certificate(Kind::nullify, 2, 5, {}, true).refusal == Refusal::other_view);
    CHECK(voter.state() == before);
}

TEST_CASE("a reservation ends at the last view there is")
{
    Voter voter = opened(at(1, UINT64_MAX - 1), VoteMode::reserve, 64);
    const VoteRecord record = written(voter.on_timeout(1, UINT64_MAX - 1));
    CHECK(record.reserved_view == UINT64_MAX);
}

TEST_CASE("a lease is recorded before it is announced, and a higher one is a clone's")
{
    Voter voter = opened(at(1, 5));
    const Step step = voter.on_lease(7);
    CHECK(written(step).lease_nonce == 7);
    CHECK(written(step).view == 5);
    CHECK_FALSE(voter.finds_clone(7));
    CHECK_FALSE(voter.flushed(step.token).permitted);
    CHECK(voter.on_lease(7).refusal == Refusal::already);
    CHECK(voter.on_lease(6).refusal == Refusal::already);
    CHECK_FALSE(voter.finds_clone(7));
    CHECK(voter.is_open());
    CHECK(voter.finds_clone(8));
    CHECK_FALSE(voter.is_open());
}

TEST_CASE("a clone that is found while a vote is being recorded takes its permit away")
{
    Voter voter = opened(at(1, 5));
    const Step step = voter.on_proposal(1, 5, block(1));
    REQUIRE(step.write);
    CHECK(voter.finds_clone(1));
    CHECK_FALSE(voter.flushed(step.token).permitted);
}

TEST_CASE("a lease inside a reservation keeps the reservation")
{
    Voter voter = opened(at(1, 5), VoteMode::reserve, 4);
    const Step vote = voter.on_proposal(1, 5, block(1));
    CHECK(written(vote).reserved_view == 8);
    REQUIRE(voter.flushed(vote.token).permitted);
    const Step lease = voter.on_lease(3);
    const VoteRecord record = written(lease);
    CHECK(record.state == RecordState::reserve);
    CHECK(record.reserved_view == 8);
    CHECK(record.lease_nonce == 3);
    CHECK_FALSE(voter.flushed(lease.token).permitted);
    // Still inside: the next vote needs no write, and the one before is not forgotten.
    CHECK(voter.on_proposal(1, 5, block(2)).refusal == Refusal::already);
    CHECK(voter.on_timeout(1, 5).permitted);
}

TEST_CASE("a reservation that an earlier start made permits nothing without a write")
{
    VoteRecord record = at(1, 5);
    record.state = RecordState::reserve;
    record.reserved_view = 8;
    Voter voter = opened(record, VoteMode::reserve, 4);
    CHECK(voter.state().view == 8);
    CHECK(voter.on_proposal(1, 8, block(1)).refusal == Refusal::already);
    CHECK(voter.on_timeout(1, 8).refusal == Refusal::already);
    CHECK(voter.on_timeout(1, 6).refusal == Refusal::other_view);
    CHECK(written(voter.on_lease(1)).view == 8);
}

TEST_CASE("the recorded vote can be had again, also after a restart, and a used one cannot")
{
    const auto repeated = [](First first, Second second)
    {
        VoteRecord record = at(1, 5);
        record.first = first;
        record.second = second;
        if (first == First::notarize)
            record.notarized = block(1);
        if (second == Second::finalize)
            record.finalized = block(2);
        Voter voter = opened(record);
        const VoterState before = voter.state();
        const Step step = voter.repeat();
        CHECK(voter.state() == before);
        CHECK_FALSE(step.write);
        return step;
    };
    CHECK(repeated(First::notarize, Second::none).permit().vote() ==
          Vote{Kind::notarize, 1, 5, block(1)});
    CHECK(repeated(First::notarize, Second::nullify).permit().vote() ==
          Vote{Kind::nullify, 1, 5, {}});
    CHECK(repeated(First::none, Second::nullify).permit().vote() == Vote{Kind::nullify, 1, 5, {}});
    CHECK(repeated(First::notarize, Second::finalize).permit().vote() ==
          Vote{Kind::finalize, 1, 5, block(2)});
    CHECK(repeated(First::none, Second::none).refusal == Refusal::already);
    CHECK(repeated(First::used, Second::used).refusal == Refusal::already);
    CHECK(repeated(First::notarize, Second::used).refusal == Refusal::already);
    Voter fresh = opened(first_record());
    CHECK(fresh.repeat().refusal == Refusal::other_view);
    Voter busy = opened(at(1, 5));
    REQUIRE(busy.on_timeout(1, 5).write);
    CHECK(busy.repeat().refusal == Refusal::busy);
    CHECK(Voter().repeat().refusal == Refusal::closed);
}

TEST_CASE("a retired key signs nothing from that moment on")
{
    Voter voter = opened(at(1, 5));
    const Step step = voter.retire();
    CHECK(written(step).state == RecordState::retired);
    CHECK_FALSE(voter.is_open());
    CHECK_FALSE(voter.flushed(step.token).permitted);
    CHECK(voter.on_timeout(1, 5).refusal == Refusal::closed);
    Voter again;
    CHECK(again.open(written(step), key, VoteMode::exact) == Status::rejected);
}
