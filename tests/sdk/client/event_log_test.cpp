// Events as bytes: every field comes back, every cut is noticed.
#include "client/event_log.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "client_support.hpp"

namespace client_test
{
TEST_CASE("events come back from a log")
{
    const ByteVector payload = xof("payload", 100);
    std::vector<Event> events;
    for (std::uint8_t kind = 1; kind <= 10; ++kind)
        events.push_back({static_cast<EventKind>(kind), 1000U + kind, 7, 8U * kind, kind % 2 == 0,
                          99, Bytes(payload).first(std::size_t{kind} * 9)});
    ByteVector log;
    for (const Event& event : events)
    {
        ByteVector bytes(encoded_bytes(event));
        std::size_t written = 0;
        CHECK(encode(event, mote::MutableBytes(bytes).first(bytes.size() - 1), written) ==
              Status::memory_too_small);
        REQUIRE(encode(event, bytes, written) == Status::ok);
        REQUIRE(written == bytes.size());
        log.insert(log.end(), bytes.begin(), bytes.end());
    }
    Bytes rest = log;
    for (const Event& event : events)
    {
        Event read;
        REQUIRE(decode(rest, read) == Status::ok);
        CHECK(read.kind == event.kind);
        CHECK(read.now_ms == event.now_ms);
        CHECK(read.peer == event.peer);
        CHECK(read.id == event.id);
        CHECK(read.ok == event.ok);
        CHECK(read.wall_ms == event.wall_ms);
        CHECK(std::equal(read.bytes.begin(), read.bytes.end(), event.bytes.begin(),
                         event.bytes.end()));
    }
    CHECK(rest.empty());

    const Bytes first = Bytes(log).first(encoded_bytes(events[0]));
    for (std::size_t size = 0; size < first.size(); ++size)
    {
        Bytes cut = first.first(size);
        Event read;
        CHECK(decode(cut, read) == Status::malformed);
        CHECK(cut.size() == size);
    }
    for (const auto& [at, value] : {std::pair(0, 0), std::pair(0, 11), std::pair(1, 2)})
    {
        ByteVector bad(first.begin(), first.end());
        bad[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(value);
        Bytes cut = bad;
        Event read;
        CHECK(decode(cut, read) == Status::malformed);
    }
}

TEST_CASE("every field of an action is in its hash")
{
    const auto hash_of_action = [](const Action& action)
    {
        mote::hash::Blake3 hash;
        absorb(action, hash);
        Digest digest;
        hash.finish(digest);
        return digest;
    };
    const ByteVector payload = xof("payload", 4);
    const std::vector<std::function<void(Action&)>> changes = {
        [](Action& a) { a.kind = ActionKind::send; },
        [](Action& a) { a.to = Audience::all; },
        [](Action& a) { ++a.peer; },
        [&](Action& a) { a.bytes = payload; },
        [](Action& a) { ++a.at_ms; },
        [](Action& a) { ++a.offset; },
        [](Action& a) { ++a.id; },
        [](Action& a) { a.fetch.kind = FetchKind::list; },
        [](Action& a) { a.fetch.list = ListKind::producers; },
        [](Action& a) { ++a.fetch.hash[3]; },
        [](Action& a) { ++a.fetch.epoch; },
        [](Action& a) { ++a.fetch.view; },
        [](Action& a) { a.job.kind = JobKind::proof; },
        [](Action& a) { ++a.job.epoch; },
        [](Action& a) { ++a.job.zone; },
        [](Action& a) { ++a.job.member; },
        [](Action& a) { ++a.job.header.height; },
        [](Action& a) { ++a.job.seed[0]; },
        [&](Action& a) { a.job.committee = payload; },
        [](Action& a) { ++a.job.statement.to; },
        [&](Action& a) { a.job.input = payload; },
        [&](Action& a) { a.job.output = payload; },
        [&](Action& a) { a.job.proof = payload; },
        [](Action& a) { a.report.kind = ReportKind::voted; },
        [](Action& a) { ++a.report.epoch; },
        [](Action& a) { ++a.report.view; },
        [](Action& a) { ++a.report.height; },
        [](Action& a) { ++a.report.zone; },
        [](Action& a) { ++a.report.hash[0]; },
        [](Action& a) { a.report.vote_kind = Kind::ckpt; },
        [](Action& a) { a.report.level = Level::final; },
        [](Action& a) { ++a.report.evidence_kind; },
        [](Action& a) { a.report.verdict.fault = ProposalFault::randao; },
        [](Action& a) { a.report.verdict.zone_fault = ZoneFault::to; },
        [](Action& a) { a.report.verdict.certificate_fault = CertificateFault::quorum; },
        [](Action& a) { a.report.verdict.epoch_fault = EpochFault::carried; },
        [](Action& a) { ++a.report.verdict.index; },
        [](Action& a) { ++a.report.verdict.needed[9]; },
    };
    std::set<Digest> hashes = {hash_of_action({})};
    for (const auto& change : changes)
    {
        Action action;
        change(action);
        hashes.insert(hash_of_action(action));
    }
    CHECK(hashes.size() == changes.size() + 1);
}
}  // namespace client_test
