// One validator by hand: what it signs and when, what it drops and why.
#include "client/validator.hpp"

#include <catch2/catch.hpp>
#include <functional>

#include "client_support.hpp"

namespace client_test
{
namespace
{
/// An action and its bytes.
struct Done
{
    Action action;
    ByteVector bytes;
};

/// Validator number `who` of the test network, its lists answered, before the first proposal.
class Bench
{
  public:
    explicit Bench(std::size_t who = 3, const std::function<void(Setup&)>& change = {})
    {
        VoteRecord record = first_record();
        Setup setup = setup_of(world, who, record);
        if (change)
            change(setup);
        owned.emplace(setup);
        epoch = world.open_epoch(0, world.genesis.randao);
        state = genesis_state(world);
    }

    std::vector<Done> step(const Event& event)
    {
        std::vector<Done> out;
        for (const Action& action : owned->validator.step(event))
            out.push_back({action, ByteVector(action.bytes.begin(), action.bytes.end())});
        return out;
    }
    /// Entropy, and every list that is asked for.
    void ready()
    {
        const ByteVector entropy = xof("entropy", 32);
        Event event;
        event.kind = EventKind::entropy;
        event.bytes = entropy;
        event.now_ms = now;
        std::vector<Done> done = step(event);
        for (std::size_t i = 0; i < done.size(); ++i)
            if (done[i].action.kind == ActionKind::fetch)
            {
                event.kind = EventKind::fetched;
                event.id = done[i].action.id;
                event.bytes = list_of(world, done[i].action.fetch);
                const std::vector<Done> more = step(event);
                done.insert(done.end(), more.begin(), more.end());
            }
    }
    std::vector<Done> message(const ByteVector& bytes)
    {
        Event event;
        event.kind = EventKind::message;
        event.now_ms = now;
        event.bytes = bytes;
        return step(event);
    }
    std::vector<Done> answer(EventKind kind, std::uint64_t id, bool ok = true)
    {
        Event event;
        event.kind = kind;
        event.now_ms = now;
        event.id = id;
        event.ok = ok;
        return step(event);
    }
    [[nodiscard]] std::uint64_t dropped(Dropped reason) const
    {
        return owned->validator.dropped(reason);
    }
    [[nodiscard]] Maker maker() const { return {world, state->state, *epoch}; }
    [[nodiscard]] Made proposal(std::uint64_t time_ms = genesis_ms + 1000)
    {
        Made made = maker().start(1, 0);
        made.header.time_ms = time_ms;
        OwnedState next;
        maker().finish(made, next.state.zones);
        return made;
    }

    World world;
    std::uint64_t now = 1;
    std::optional<Owned> owned;
    std::unique_ptr<EpochBox> epoch;
    std::unique_ptr<OwnedState> state;
};

[[nodiscard]] const Done* find(const std::vector<Done>& done, ActionKind kind)
{
    for (const Done& one : done)
        if (one.action.kind == kind)
            return &one;
    return nullptr;
}

/// The vote that was sent, if one was.
[[nodiscard]] std::optional<wire::VoteMessage> vote_in(const std::vector<Done>& done)
{
    for (const Done& one : done)
    {
        wire::VoteMessage vote;
        wire::Drop why = wire::Drop::none;
        if (one.action.kind == ActionKind::send &&
            one.bytes[0] == static_cast<std::uint8_t>(MessageKind::vote) &&
            wire::decode(Bytes(one.bytes).subspan(1), vote, why) == Status::ok)
            return vote;
    }
    return {};
}

[[nodiscard]] std::uint32_t evidence_in(const std::vector<Done>& done)
{
    for (const Done& one : done)
    {
        Evidence evidence;
        wire::Drop why = wire::Drop::none;
        if (one.action.kind == ActionKind::send &&
            one.bytes[0] == static_cast<std::uint8_t>(MessageKind::evidence) &&
            wire::decode(Bytes(one.bytes).subspan(1), evidence, why) == Status::ok)
            return evidence.kind;
    }
    return 0;
}

[[nodiscard]] bool reported(const std::vector<Done>& done, ReportKind kind)
{
    for (const Done& one : done)
        if (one.action.kind == ActionKind::report && one.action.report.kind == kind)
            return true;
    return false;
}
}  // namespace

TEST_CASE("a phone's validator fits into a mebibyte")
{
    CHECK(Validator::memory_bytes(Limits()) <= 1048576);
}

TEST_CASE("an open validator took no more memory than it said, and does with no less")
{
    const World world;
    const VoteRecord record = first_record();
    const Setup setup = setup_of(world, 0, record);
    const std::size_t bytes = Validator::memory_bytes(setup.limits);
    std::vector<Owned::Line> memory(bytes / 16 + 1);
    Validator validator;
    CHECK(validator.open(setup, memory.data(), bytes) == Status::ok);
    CHECK(validator.open(setup, memory.data(), bytes - 16) == Status::memory_too_small);
    CHECK(validator.open(setup, memory.data(), 0) == Status::memory_too_small);
}

TEST_CASE("a start that does not fit together is refused")
{
    const World world;
    const VoteRecord record = first_record();
    std::vector<Owned::Line> memory(Validator::memory_bytes(small_limits()) / 16 + 1);
    const auto open = [&](const std::function<void(Setup&)>& change)
    {
        Setup setup = setup_of(world, 0, record);
        change(setup);
        Validator validator;
        return validator.open(setup, memory.data(), memory.size() * 16);
    };
    CHECK(open([](Setup&) {}) == Status::ok);
    CHECK(open([](Setup& s) { s.limits.zones = 0; }) == Status::invalid_argument);
    CHECK(open([](Setup& s) { s.limits.blocks = 0; }) == Status::invalid_argument);
    CHECK(open([](Setup& s) { s.calendar.window_heights = 3; }) == Status::invalid_argument);
    CHECK(open([](Setup& s) { ++s.start.header.zone_table_root[0]; }) == Status::invalid_argument);
    CHECK(open([](Setup& s) { ++s.start.header.zones_root[0]; }) == Status::invalid_argument);
    CHECK(open([](Setup& s) { s.start.records = {}; }) == Status::invalid_argument);
    CHECK(open([](Setup& s) { s.start.header.epoch = 1; }) == Status::invalid_argument);
    CHECK(open([](Setup& s) { s.limits.zones = 1; }) == Status::limit_exceeded);
}

TEST_CASE("nothing exclusive is signed before its record is flushed")
{
    Bench bench;
    bench.ready();
    const Made made = bench.proposal();
    const Digest hash = hash_of(made.header);
    std::vector<Done> done = bench.message(proposal_bytes(made));
    CHECK_FALSE(vote_in(done));
    const Done* write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    CHECK(write->bytes.size() == record_bytes);
    CHECK(bench.owned->validator.busy());
    // Another token confirms nothing; a certificate has to come again.
    CHECK_FALSE(vote_in(bench.answer(EventKind::flushed, write->action.id + 1)));
    const OwnedCertificate notarization = bench.world.certify(Kind::notarize, 0, 1, 0, hash);
    bench.message(certificate_bytes(notarization));
    CHECK(bench.dropped(Dropped::busy) == 1);

    std::optional<wire::VoteMessage> vote =
        vote_in(bench.answer(EventKind::flushed, write->action.id));
    REQUIRE(vote);
    CHECK(vote->kind == Kind::notarize);
    CHECK(vote->subject == hash);
    CHECK(vote->member == 3);
    CHECK(vote->signature ==
          bench.world.sign(3, root_vote_digest(bench.world.chain_id, 0, 1, Kind::notarize, hash)));

    done = bench.message(certificate_bytes(notarization));
    CHECK_FALSE(vote_in(done));
    write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    vote = vote_in(bench.answer(EventKind::flushed, write->action.id));
    REQUIRE(vote);
    CHECK(vote->kind == Kind::finalize);
    CHECK(bench.owned->validator.voter_state().view == 2);
    bench.message(certificate_bytes(notarization));
    CHECK(bench.dropped(Dropped::duplicate) == 1);

    done = bench.message(certificate_bytes(bench.world.certify(Kind::finalize, 0, 1, 0, hash)));
    CHECK(reported(done, ReportKind::finalized));
    CHECK(bench.owned->validator.final_header() == made.header);
}

TEST_CASE("a write that failed is the end of exclusive votes")
{
    Bench bench;
    bench.ready();
    const std::vector<Done> done = bench.message(proposal_bytes(bench.proposal()));
    const Done* write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    CHECK(reported(bench.answer(EventKind::write_failed, write->action.id), ReportKind::closed));
    CHECK_FALSE(vote_in(bench.answer(EventKind::flushed, write->action.id)));
    bench.now += 100000;
    CHECK(find(bench.answer(EventKind::timer, 0), ActionKind::write_and_flush) == nullptr);
    // Nor does sleep heal it: only a start from what the medium says.
    bench.answer(EventKind::wake, 0);
    bench.message(certificate_bytes(bench.world.certify(Kind::nullify, 0, 1, 0, {})));
    bench.now += 100000;
    CHECK(find(bench.answer(EventKind::timer, 0), ActionKind::write_and_flush) == nullptr);
}

TEST_CASE("a proposal that comes before its view waits for it")
{
    Bench bench;
    bench.ready();
    Made made = bench.maker().start(2, 0);
    OwnedState next;
    REQUIRE(bench.maker().finish(made, next.state.zones));
    made.nullifications.clear();
    CHECK(find(bench.message(proposal_bytes(made)), ActionKind::write_and_flush) == nullptr);
    const std::vector<Done> done =
        bench.message(certificate_bytes(bench.world.certify(Kind::nullify, 0, 1, 0, {})));
    const Done* write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    const std::optional<wire::VoteMessage> vote =
        vote_in(bench.answer(EventKind::flushed, write->action.id));
    REQUIRE(vote);
    CHECK(vote->kind == Kind::notarize);
    CHECK(vote->view_or_height == 2);
}

TEST_CASE("who starts from a final block of a later epoch votes in that epoch")
{
    const World world;
    const auto opened = [&](std::uint64_t height)
    {
        VoteRecord record = first_record();
        Setup setup = setup_of(world, 3, record);
        Start& start = setup.start;
        start.header.height = height;
        start.header.epoch = calendar.epoch(height);
        start.header.view = 1;
        start.old_records = world.records;
        start.old_root_committee = world.commitment;
        return std::make_unique<Owned>(setup)->validator.voter_state();
    };
    CHECK(opened(7).epoch == 0);
    CHECK(opened(8).epoch == 1);
    CHECK(opened(8).view == 1);
    CHECK(opened(9).epoch == 1);
    CHECK(opened(16).epoch == 2);
}

TEST_CASE("without a readable record a validator follows and never votes")
{
    Bench bench(3, [](Setup& setup) { setup.record_readable = false; });
    bench.ready();
    const Made made = bench.proposal();
    const Digest hash = hash_of(made.header);
    for (const ByteVector& bytes :
         {proposal_bytes(made),
          certificate_bytes(bench.world.certify(Kind::notarize, 0, 1, 0, hash)),
          certificate_bytes(bench.world.certify(Kind::finalize, 0, 1, 0, hash))})
    {
        const std::vector<Done> done = bench.message(bytes);
        CHECK_FALSE(vote_in(done));
        CHECK(find(done, ActionKind::write_and_flush) == nullptr);
    }
    CHECK(bench.owned->validator.final_header() == made.header);
}

TEST_CASE("a forged proposal is nobody's fault, a bad one its leader's")
{
    Bench bench;
    bench.ready();
    Made forged = bench.proposal();
    forged.signature = bench.world.sign(3, named_digest("something"));
    CHECK(find(bench.message(proposal_bytes(forged)), ActionKind::write_and_flush) == nullptr);
    CHECK(bench.dropped(Dropped::bad_signature) == 1);

    Made bad = bench.proposal();
    ++bad.header.randao[0];
    bench.maker().sign(bad);
    const std::vector<Done> done = bench.message(proposal_bytes(bad));
    CHECK(reported(done, ReportKind::refused));
    const Done* write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    const std::optional<wire::VoteMessage> vote =
        vote_in(bench.answer(EventKind::flushed, write->action.id));
    REQUIRE(vote);
    CHECK(vote->kind == Kind::nullify);
}

TEST_CASE("two proposals of one leader are evidence, and the view is given up")
{
    Bench bench;
    bench.ready();
    std::vector<Done> done = bench.message(proposal_bytes(bench.proposal()));
    const Done* write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    bench.answer(EventKind::flushed, write->action.id);
    done = bench.message(proposal_bytes(bench.proposal(genesis_ms + 2000)));
    CHECK(evidence_in(done) == 3);
    write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    const std::optional<wire::VoteMessage> vote =
        vote_in(bench.answer(EventKind::flushed, write->action.id));
    REQUIRE(vote);
    CHECK(vote->kind == Kind::nullify);
}

TEST_CASE("a proposal from the near future waits for its time")
{
    Bench bench;
    bench.ready();
    const Made made = bench.proposal();
    Event clock;
    clock.kind = EventKind::clock;
    clock.now_ms = bench.now;
    clock.ok = true;
    clock.wall_ms = made.header.time_ms - 2010;
    bench.step(clock);
    std::vector<Done> done = bench.message(proposal_bytes(made));
    CHECK(reported(done, ReportKind::held));
    CHECK(find(done, ActionKind::write_and_flush) == nullptr);
    const Done* deadline = find(done, ActionKind::set_deadline);
    REQUIRE(deadline != nullptr);
    CHECK(deadline->action.at_ms == bench.now + 10);
    bench.now += 10;
    done = bench.answer(EventKind::timer, 0);
    const Done* write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    const std::optional<wire::VoteMessage> vote =
        vote_in(bench.answer(EventKind::flushed, write->action.id));
    REQUIRE(vote);
    CHECK(vote->kind == Kind::notarize);
}

TEST_CASE("what is no message of a validator is counted and dropped")
{
    Bench bench;
    const ByteVector proposal = proposal_bytes(bench.proposal());
    bench.message(proposal);
    CHECK(bench.dropped(Dropped::no_entropy) == 1);
    bench.ready();
    bench.message({});
    bench.message({static_cast<std::uint8_t>(MessageKind::proposal), 1, 2, 3});
    bench.message({static_cast<std::uint8_t>(MessageKind::certificate)});
    bench.message({static_cast<std::uint8_t>(MessageKind::proof), 7});
    CHECK(bench.dropped(Dropped::malformed) == 4);
    bench.message({0});
    bench.message({static_cast<std::uint8_t>(MessageKind::vote)});
    CHECK(bench.dropped(Dropped::unknown_kind) == 2);
    ByteVector too_long(Limits().message_bytes + 1);
    bench.message(too_long);
    CHECK(bench.dropped(Dropped::too_long) == 1);
    bench.answer(EventKind::verified, 1234);
    bench.answer(EventKind::fetched, 1234);
    CHECK(bench.dropped(Dropped::unknown_id) == 2);
    bench.message(
        certificate_bytes(bench.world.certify(Kind::notarize, 5, 1, 0, named_digest("x"))));
    CHECK(bench.dropped(Dropped::future) == 1);
    OwnedCertificate wrong = bench.world.certify(Kind::notarize, 0, 1, 0, named_digest("x"));
    wrong.certificate.signature = bench.world.sign(0, named_digest("y"));
    bench.message(certificate_bytes(wrong));
    CHECK(bench.dropped(Dropped::bad_signature) == 1);
    bench.message(
        certificate_bytes(bench.world.certify(Kind::notarize, 0, 1, 0, named_digest("x"), 12)));
    CHECK(bench.dropped(Dropped::bad_certificate) == 1);
    CHECK(bench.owned->validator.voter_state().view == 1);
}

TEST_CASE("AVAIL is signed when the shards are there, for headers that may follow")
{
    Bench bench;
    bench.ready();
    const auto bytes_of = [&](const ZoneHeader& header)
    {
        wire::SignedZoneHeader message;
        message.header = header;
        message.is_signed = true;
        message.signature =
            bench.world.sign(header.producer % producer_count,
                             zone_header_digest(bench.world.chain_id, hash_of(header)));
        return message_bytes(MessageKind::zone_header, message,
                             wire::zone_header_message_bytes_max);
    };
    const Digest genesis_hash = hash_of(bench.world.genesis);
    const Digest zone_start = bench.world.leaves[0].tip_hash;
    const ZoneHeader good = bench.maker().zone_header(zone_a, 1, zone_start, genesis_hash);

    const std::vector<std::pair<Dropped, std::function<void(ZoneHeader&)>>> changes = {
        {Dropped::future, [](ZoneHeader& h) { h.window += 2; }},
        {Dropped::bad_header, [](ZoneHeader& h) { h.zone = 5; }},
        {Dropped::bad_header, [](ZoneHeader& h) { h.producer = (h.producer + 1) % 3; }},
        {Dropped::bad_header, [](ZoneHeader& h) { h.producer = 3; }},
        {Dropped::bad_header, [](ZoneHeader& h) { h.height = 2; }},
        {Dropped::bad_header, [](ZoneHeader& h) { h.height = 0; }},
        {Dropped::unknown_parent, [](ZoneHeader& h) { ++h.parent[0]; }},
        {Dropped::undecided, [](ZoneHeader& h) { ++h.anchor[0]; }},
        {Dropped::bad_header, [](ZoneHeader& h)
         { h.data_bytes = static_cast<std::uint32_t>(mote::svid::block_bytes_max) + 1; }},
    };
    for (std::size_t i = 0; i < changes.size(); ++i)
    {
        INFO("change " << i);
        ZoneHeader header = good;
        changes[i].second(header);
        const std::uint64_t before = bench.dropped(changes[i].first);
        CHECK(find(bench.message(bytes_of(header)), ActionKind::verify) == nullptr);
        CHECK(bench.dropped(changes[i].first) == before + 1);
    }
    ByteVector forged = bytes_of(good);
    forged[forged.size() - 1] ^= 1;
    CHECK(find(bench.message(forged), ActionKind::verify) == nullptr);
    CHECK(bench.dropped(Dropped::bad_signature) == 1);

    std::vector<Done> done = bench.message(bytes_of(good));
    CHECK_FALSE(vote_in(done));
    const Done* job = find(done, ActionKind::verify);
    REQUIRE(job != nullptr);
    CHECK(job->action.job.kind == JobKind::shares);
    CHECK(job->action.job.member == 3);
    CHECK(job->action.job.header == good);
    const std::uint64_t first_job = job->action.id;
    done = bench.answer(EventKind::verified, first_job);
    std::optional<wire::VoteMessage> vote = vote_in(done);
    REQUIRE(vote);
    CHECK(vote->kind == Kind::avail);
    CHECK(vote->subject == hash_of(good));
    CHECK(vote->signature ==
          bench.world.sign(3, avail_digest(bench.world.chain_id, 0, zone_a, 1, hash_of(good))));
    // Once: the job is over.
    CHECK_FALSE(vote_in(bench.answer(EventKind::verified, first_job)));
    bench.message(bytes_of(good));
    CHECK(bench.dropped(Dropped::duplicate) == 1);

    // The child of what this device holds; shards that do not come are no vote.
    ZoneHeader child = bench.maker().zone_header(zone_a, 2, hash_of(good), genesis_hash);
    ZoneHeader early = child;
    early.time_ms = good.time_ms;
    bench.message(bytes_of(early));
    done = bench.message(bytes_of(child));
    job = find(done, ActionKind::verify);
    REQUIRE(job != nullptr);
    CHECK_FALSE(vote_in(bench.answer(EventKind::verified, job->action.id, false)));

    // A second header for one place convicts its producer; it may still be stored. A third one is too many.
    ZoneHeader twin = good;
    twin.data_commit = named_digest("other data");
    done = bench.message(bytes_of(twin));
    CHECK(evidence_in(done) == 2);
    CHECK(find(done, ActionKind::verify) != nullptr);
    twin.data_commit = named_digest("more data");
    CHECK(find(bench.message(bytes_of(twin)), ActionKind::verify) == nullptr);
    CHECK(bench.dropped(Dropped::full) == 1);
}

TEST_CASE("evidence is checked, and passed on once")
{
    Bench bench;
    bench.ready();
    Evidence e;
    e.votes.view = 2;
    e.votes.member = 1;
    for (std::size_t i = 0; i < 2; ++i)
    {
        VoteEvidence::Vote& vote = e.votes.votes[i];
        vote.kind = 1;
        vote.block = named_digest(i == 0 ? "x" : "y");
        vote.signature = bench.world.sign(
            1, root_vote_digest(bench.world.chain_id, 0, 2, Kind::notarize, vote.block));
    }
    put_in_order(e.votes);
    const auto bytes_of = [](const Evidence& evidence)
    { return message_bytes(MessageKind::evidence, evidence, wire::evidence_message_bytes_max); };
    Evidence wrong = e;
    wrong.votes.member = 2;
    CHECK(evidence_in(bench.message(bytes_of(wrong))) == 0);
    CHECK(bench.dropped(Dropped::bad_evidence) == 1);
    CHECK(evidence_in(bench.message(bytes_of(e))) == 1);
    CHECK(evidence_in(bench.message(bytes_of(e))) == 0);
    CHECK(bench.dropped(Dropped::duplicate) == 1);
}

TEST_CASE("sleep writes what was voted, and a wake asks where the others are")
{
    Bench bench;
    bench.ready();
    std::vector<Done> done = bench.answer(EventKind::sleep, 0);
    const Done* write = find(done, ActionKind::write_and_flush);
    REQUIRE(write != nullptr);
    bench.answer(EventKind::flushed, write->action.id);
    bench.now += 3600000;
    done = bench.answer(EventKind::wake, 0);
    const Done* asked = find(done, ActionKind::fetch);
    REQUIRE(asked != nullptr);
    CHECK(asked->action.fetch.kind == FetchKind::newest);
    // It votes again.
    done = bench.message(proposal_bytes(bench.proposal()));
    CHECK(find(done, ActionKind::write_and_flush) != nullptr);
}

TEST_CASE("lists that lie are not taken, and asked for again")
{
    Bench bench;
    const ByteVector entropy = xof("entropy", 32);
    Event event;
    event.kind = EventKind::entropy;
    event.now_ms = 1;
    event.bytes = entropy;
    const std::vector<Done> done = bench.step(event);
    std::size_t asked = 0;
    const ByteVector junk = xof("junk", 56 * 4);
    for (const Done& one : done)
        if (one.action.kind == ActionKind::fetch)
        {
            ++asked;
            event.kind = EventKind::fetched;
            event.id = one.action.id;
            event.bytes = junk;
            bench.step(event);
        }
    CHECK(asked == 3);
    CHECK(bench.dropped(Dropped::bad_list) == 3);
    bench.now += 400;
    CHECK(find(bench.answer(EventKind::timer, 0), ActionKind::fetch) != nullptr);
}
}  // namespace client_test
