// Aggregators with real signatures: relays, one who adds up, and those who send them nonsense.
#include <catch2/catch.hpp>
#include <map>

#include "aggregator_support.hpp"

using namespace aggregator_test;

namespace
{
const Digest chain_id = digest_of(1);
const Digest block = digest_of(2);
const Digest other_block = digest_of(3);
constexpr std::uint64_t epoch = 6, view = 5;

/// Twelve members with one to three seats, 23 in all; 16 decide.
Voters& voters()
{
    static Voters v({1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 2});
    return v;
}

AggregatorConfig config(std::uint32_t subnets)
{
    AggregatorConfig c;
    c.chain_id = chain_id;
    c.epoch = epoch;
    c.subnets = subnets;
    return c;
}

VoteMessage vote(std::uint32_t member, Kind kind = Kind::notarize, const Digest& subject = block,
                 std::uint64_t at = view)
{
    return voters().vote(chain_id, member, kind, epoch, at, subject);
}

/// The vote of somebody else under this member's name.
VoteMessage forged(std::uint32_t member, Kind kind = Kind::notarize, const Digest& subject = block)
{
    VoteMessage v = vote((member + 1) % voters().size(), kind, subject);
    v.member = member;
    return v;
}

bool verifies(const Certificate& c)
{
    return verify(c, voters().committee(), chain_id, voters().keys().check()) ==
           mote::chain::CertificateFault::none;
}

/// Whether a sum of fewer than a quorum is what it says.
bool adds_up(const Out::Sum& sum)
{
    SignaturePoint point;
    const VoteScheme scheme = voters().keys().scheme();
    return scheme.decode(scheme.context, sum.certificate.signature, point) &&
           scheme.verify_sum(scheme.context, signed_digest(chain_id, sum.get()), point,
                             sum.signers);
}

std::uint32_t seats_of(const ByteVector& signers)
{
    return mote::chain::count_seats(signers, 0, voters().committee().seats);
}
}  // namespace

TEST_CASE("a relay of all subnets makes a certificate with the vote that completes the quorum")
{
    REQUIRE(voters().committee().seats == 23);
    Relay relay(voters(), config(4));
    CHECK(relay.aggregator.deadline_ms() == UINT64_MAX);
    std::uint32_t seats = 0;
    for (std::uint32_t i = 0; i < voters().size(); ++i)
    {
        const bool had = seats >= 16;
        CHECK(relay.aggregator.on_vote(vote(i), 100 + i, 10) ==
              (had ? VoteDrop::certified : VoteDrop::none));
        seats += had ? 0 : voters().committee().member(i).seats;
        const Out out = relay.take();
        CHECK(out.partials.empty());
        CHECK(out.certificates.size() == (!had && seats >= 16 ? 1 : 0));
        for (const Out::Sum& sum : out.certificates)
        {
            CHECK(seats_of(sum.signers) == seats);
            CHECK(verifies(sum.get()));
        }
    }
    // The vote that opened the slot, and the others together.
    CHECK(relay.counting.batches == 2);
    CHECK(relay.aggregator.deadline_ms() == 60);
    relay.aggregator.tick(60);
    CHECK(relay.take().partials.empty());  // nobody needs partials of what is decided
}

TEST_CASE("relays send partials, and who adds them up gets the certificate")
{
    std::vector<std::unique_ptr<Relay>> relays;
    for (std::uint32_t subnet = 0; subnet < 4; ++subnet)
    {
        AggregatorConfig c = config(4);
        c.served = std::uint64_t{1} << subnet;
        relays.push_back(std::make_unique<Relay>(voters(), c));
    }
    AggregatorConfig none = config(4);
    none.served = 0;
    Relay leader(voters(), none);
    for (std::uint32_t i = 0; i < voters().size(); ++i)
    {
        CHECK(relays[(i + 1) % 4]->aggregator.on_vote(vote(i), 1, 0) == VoteDrop::subnet);
        CHECK(relays[i % 4]->aggregator.on_vote(vote(i), 1, 7) == VoteDrop::none);
    }
    std::uint32_t seats = 0;
    std::size_t certificates = 0;
    for (std::uint32_t subnet = 0; subnet < 4; ++subnet)
    {
        Aggregator& relay = relays[subnet]->aggregator;
        CHECK(relay.deadline_ms() == 57);
        relay.tick(56);
        CHECK(relays[subnet]->take().partials.empty());
        relay.tick(57);
        const Out out = relays[subnet]->take();
        REQUIRE(out.partials.size() == 1);
        CHECK(relay.deadline_ms() == UINT64_MAX);
        CHECK(out.partials[0].subnet == subnet);
        CHECK(adds_up(out.partials[0]));
        CHECK(leader.aggregator.on_partial(out.partials[0].partial(), 9, 60) ==
              (seats < 16 ? VoteDrop::none : VoteDrop::certified));
        seats += seats_of(out.partials[0].signers);
        const Out led = leader.take();
        for (const Out::Sum& sum : led.certificates)
            CHECK(verifies(sum.get()));
        certificates += led.certificates.size();
        // The same once more is of no use.
        if (seats < 16)
            CHECK(leader.aggregator.on_partial(out.partials[0].partial(), 9, 60) ==
                  VoteDrop::not_better);
        // Nothing new, nothing sent.
        relay.tick(1000);
        CHECK(relays[subnet]->take().partials.empty());
    }
    CHECK(seats == 23);
    CHECK(certificates == 1);
    CHECK(leader.counting.sums <= 4);
}

TEST_CASE("single votes are added to the best partial of their subnet")
{
    AggregatorConfig c = config(2);
    c.served = 1;
    Relay relay(voters(), c);
    const auto partial = [&](const std::vector<std::uint32_t>& members, std::uint32_t subnet)
    {
        Out::Sum sum;
        const Voters::Made made =
            voters().certificate(chain_id, members, Kind::notarize, epoch, view, block);
        sum.certificate = made.certificate;
        sum.signers = made.signers;
        sum.subnet = subnet;
        return sum;
    };
    REQUIRE(relay.aggregator.on_vote(vote(0), 1, 0) == VoteDrop::none);
    REQUIRE(relay.aggregator.on_vote(vote(2), 1, 0) == VoteDrop::none);
    relay.aggregator.tick(50);
    REQUIRE(relay.take().partials.size() == 1);
    // 4 seats by single votes. A partial of the same members adds nobody, one with another does.
    CHECK(relay.aggregator.on_partial(partial({0, 2}, 0).partial(), 2, 60) == VoteDrop::not_better);
    CHECK(relay.aggregator.on_partial(partial({2, 4}, 0).partial(), 2, 60) == VoteDrop::none);
    REQUIRE(relay.aggregator.on_vote(vote(6), 1, 60) == VoteDrop::none);
    relay.aggregator.tick(200);
    const Out out = relay.take();
    REQUIRE(out.partials.size() == 1);
    CHECK(seats_of(out.partials[0].signers) == 1 + 3 + 2 + 1);
    CHECK(adds_up(out.partials[0]));
    // Fewer than there are, though other ones: the union would shrink.
    CHECK(relay.aggregator.on_partial(partial({10}, 0).partial(), 2, 60) == VoteDrop::not_better);
    // The other subnet completes it.
    CHECK(relay.aggregator.on_partial(partial({1, 3, 5, 7, 9}, 1).partial(), 2, 210) ==
          VoteDrop::none);
    const Out done = relay.take();
    REQUIRE(done.certificates.size() == 1);
    CHECK(seats_of(done.certificates[0].signers) == 7 + 9);
    CHECK(verifies(done.certificates[0].get()));
}

TEST_CASE("a wrong vote is found by halves, its sender named, and the others count")
{
    Relay relay(voters(), config(1));
    REQUIRE(relay.aggregator.on_vote(vote(11), 1, 0) == VoteDrop::none);
    const std::set<std::uint32_t> wrong = {3, 6};
    std::uint32_t seats = 2;
    for (std::uint32_t i = 0; i < 8; ++i)
    {
        const bool bad = wrong.contains(i);
        REQUIRE(relay.aggregator.on_vote(bad ? forged(i) : vote(i), 40 + i, 0) == VoteDrop::none);
        seats += bad ? 0 : voters().committee().member(i).seats;
    }
    relay.counting.batches = 0;
    relay.aggregator.tick(50);
    const Out out = relay.take();
    std::set<std::pair<std::uint32_t, std::uint32_t>> named;
    for (const Offender& o : out.offenders)
        named.insert({o.peer, o.member});
    CHECK(named == std::set<std::pair<std::uint32_t, std::uint32_t>>{{43, 3}, {46, 6}});
    CHECK(relay.aggregator.dropped(VoteDrop::signature) == 2);
    REQUIRE(out.partials.size() == 1);
    CHECK(seats_of(out.partials[0].signers) == seats);
    CHECK(adds_up(out.partials[0]));
    // Two in eight: 1 + 2 halves + 2 * 2 + 2 * 2 at most, the known ones not asked again.
    CHECK(relay.counting.batches <= 11);
    // A member whose name was misused still has its vote.
    CHECK(relay.aggregator.on_vote(vote(3), 2, 60) == VoteDrop::none);
}

TEST_CASE("errors that cancel in a plain sum do not pass")
{
    // sig_0 + e and sig_1 - e: right in sum, wrong each.
    Relay relay(voters(), config(1));
    REQUIRE(relay.aggregator.on_vote(vote(11), 1, 0) == VoteDrop::none);
    VoteMessage a = vote(0), b = vote(3);
    signature::Signature pa, pb, e;
    REQUIRE(signature::decode_signature(a.signature, pa) == mote::Reason::none);
    REQUIRE(signature::decode_signature(b.signature, pb) == mote::Reason::none);
    REQUIRE(signature::decode_signature(vote(5).signature, e) == mote::Reason::none);
    using mote::curve::bls12_381::G2Jacobian;
    signature::encode((G2Jacobian{pa} + e).to_affine(), a.signature);
    signature::encode((G2Jacobian{pb} + -e).to_affine(), b.signature);
    REQUIRE(relay.aggregator.on_vote(a, 70, 0) == VoteDrop::none);
    REQUIRE(relay.aggregator.on_vote(b, 71, 0) == VoteDrop::none);
    relay.aggregator.tick(50);
    const Out out = relay.take();
    CHECK(out.offenders.size() == 2);
    REQUIRE(out.partials.size() == 1);
    CHECK(seats_of(out.partials[0].signers) == 2);
}

TEST_CASE("nonsense under a member's name does not keep its vote out")
{
    Relay relay(voters(), config(1));
    REQUIRE(relay.aggregator.on_vote(vote(11), 1, 0) == VoteDrop::none);
    // The nonsense waits; the real vote differs, so the nonsense is looked at.
    REQUIRE(relay.aggregator.on_vote(forged(2), 66, 0) == VoteDrop::none);
    CHECK(relay.aggregator.on_vote(vote(2), 1, 0) == VoteDrop::none);
    REQUIRE(relay.aggregator.on_vote(forged(5, Kind::notarize, other_block), 67, 0) ==
            VoteDrop::none);
    CHECK(relay.aggregator.on_vote(vote(5), 1, 0) == VoteDrop::none);
    // The other way round the real one is found out to be real.
    REQUIRE(relay.aggregator.on_vote(vote(8), 1, 0) == VoteDrop::none);
    CHECK(relay.aggregator.on_vote(forged(8), 68, 0) == VoteDrop::duplicate);
    CHECK(relay.aggregator.on_vote(vote(8), 1, 0) == VoteDrop::duplicate);
    CHECK(relay.aggregator.on_vote(forged(8, Kind::notarize, other_block), 69, 0) ==
          VoteDrop::signature);
    VoteMessage none = vote(9);
    none.signature[7] ^= 1;
    CHECK(relay.aggregator.on_vote(none, 70, 0) == VoteDrop::point);
    relay.aggregator.tick(50);
    const Out out = relay.take();
    std::set<std::uint32_t> peers;
    for (const Offender& o : out.offenders)
        peers.insert(o.peer);
    CHECK(peers == std::set<std::uint32_t>{66, 67, 69, 70});
    REQUIRE(out.partials.size() == 1);
    CHECK(seats_of(out.partials[0].signers) == 2 + 3 + 3 + 3);
    CHECK(out.evidence.empty());
}

TEST_CASE("a slot is opened by a vote that verifies only")
{
    Relay relay(voters(), config(1));
    CHECK(relay.aggregator.on_vote(forged(2), 66, 0) == VoteDrop::signature);
    CHECK(relay.aggregator.deadline_ms() == UINT64_MAX);
    REQUIRE(relay.take().offenders.size() == 1);
}

TEST_CASE("two votes of one member are evidence, once")
{
    for (const Kind kind : {Kind::notarize, Kind::finalize})
    {
        Relay relay(voters(), config(1));
        REQUIRE(relay.aggregator.on_vote(vote(4, kind), 1, 0) == VoteDrop::none);
        CHECK(relay.aggregator.on_vote(vote(4, kind, other_block), 2, 0) == VoteDrop::second_vote);
        CHECK(relay.aggregator.on_vote(vote(4, kind, digest_of(9)), 2, 0) == VoteDrop::second_vote);
        const Out out = relay.take();
        REQUIRE(out.evidence.size() == 1);
        CHECK(convicts(out.evidence[0]));
        CHECK(out.evidence[0].member == 4);
        for (const mote::chain::VoteEvidence::Vote& v : out.evidence[0].votes)
            CHECK(v.signature == vote(4, kind, v.block).signature);
        CHECK(out.evidence[0].epoch == epoch);
        CHECK(out.evidence[0].view == view);
    }
}

TEST_CASE("to give a view up and to finalize it is evidence, and the later vote does not count")
{
    for (const bool nullify_first : {false, true})
    {
        Relay relay(voters(), config(1));
        const VoteMessage a = vote(4, Kind::nullify, {}), b = vote(4, Kind::finalize);
        // Others have opened both slots, so that both wait for the batch.
        REQUIRE(relay.aggregator.on_vote(vote(0, Kind::nullify, {}), 1, 0) == VoteDrop::none);
        REQUIRE(relay.aggregator.on_vote(vote(1, Kind::finalize), 1, 0) == VoteDrop::none);
        REQUIRE(relay.aggregator.on_vote(nullify_first ? a : b, 1, 0) == VoteDrop::none);
        relay.aggregator.tick(50);
        static_cast<void>(relay.take());
        REQUIRE(relay.aggregator.on_vote(nullify_first ? b : a, 1, 60) == VoteDrop::none);
        relay.aggregator.tick(200);
        const Out out = relay.take();
        REQUIRE(out.evidence.size() == 1);
        CHECK(convicts(out.evidence[0]));
        CHECK(out.evidence[0].votes[0].signature == a.signature);
        CHECK(out.evidence[0].votes[1].signature == b.signature);
        for (const Out::Sum& sum : out.partials)
            CHECK(seats_of(sum.signers) <= 2);  // of the opener only
        CHECK(relay.aggregator.on_vote(nullify_first ? b : a, 1, 210) == VoteDrop::second_vote);
    }
    // A notarize beside either is allowed.
    Relay relay(voters(), config(1));
    for (const VoteMessage& v :
         {vote(4), vote(4, Kind::finalize), vote(5), vote(5, Kind::nullify, {})})
        CHECK(relay.aggregator.on_vote(v, 1, 0) == VoteDrop::none);
    CHECK(relay.take().evidence.empty());
}

TEST_CASE("votes of other places are dropped, each with its reason")
{
    Relay relay(voters(), config(3));
    relay.aggregator.advance(50);
    const auto drop = [&](const auto& change)
    {
        VoteMessage v = vote(4, Kind::notarize, block, 50);
        change(v);
        const VoteDrop reason = relay.aggregator.on_vote(v, 1, 0);
        CHECK((reason == VoteDrop::none || relay.aggregator.dropped(reason) > 0));
        return reason;
    };
    for (const int kind : {0, 4, 5, 6, 7, 255})
        CHECK(drop([&](VoteMessage& v) { v.kind = static_cast<Kind>(kind); }) == VoteDrop::kind);
    CHECK(drop([](VoteMessage& v) { v.epoch += 1; }) == VoteDrop::epoch);
    CHECK(drop([](VoteMessage& v) { v.zone = 1; }) == VoteDrop::epoch);
    CHECK(drop([](VoteMessage& v) { v.subject = {}; }) == VoteDrop::subject);
    CHECK(drop([](VoteMessage& v) { v.kind = Kind::nullify; }) == VoteDrop::subject);
    CHECK(drop([](VoteMessage& v) { v.member = 12; }) == VoteDrop::member);
    CHECK(drop([](VoteMessage& v) { v.member = UINT32_MAX; }) == VoteDrop::member);
    CHECK(drop([](VoteMessage& v) { v.view_or_height = 45; }) == VoteDrop::too_old);
    CHECK(drop([](VoteMessage& v) { v.view_or_height = 0; }) == VoteDrop::too_old);
    CHECK(drop([](VoteMessage& v) { v.view_or_height = 83; }) == VoteDrop::too_far);
    CHECK(drop([](VoteMessage& v) { v.view_or_height = UINT64_MAX; }) == VoteDrop::too_far);
    // What is signed is the vote, so every change that is let through is found by the signature.
    CHECK(drop([](VoteMessage& v) { v.view_or_height = 46; }) == VoteDrop::signature);
    CHECK(drop([](VoteMessage& v) { v.view_or_height = 82; }) == VoteDrop::signature);
    CHECK(drop([](VoteMessage& v) { v.subject[0] ^= 1; }) == VoteDrop::signature);
    CHECK(drop([](VoteMessage& v) { v.member = 5; }) == VoteDrop::signature);
    CHECK(drop([](VoteMessage& v) { v.kind = Kind::finalize; }) == VoteDrop::signature);
    CHECK(drop([](VoteMessage&) {}) == VoteDrop::none);
}

TEST_CASE("the less urgent slot gives way, the current view never does")
{
    AggregatorConfig c = config(1);
    c.slots = 8;
    Relay relay(voters(), c);
    relay.aggregator.advance(100);
    for (std::uint64_t at = 132; at > 124; --at)
        REQUIRE(relay.aggregator.on_vote(vote(0, Kind::notarize, block, at), 1, 0) ==
                VoteDrop::none);
    CHECK(relay.aggregator.on_vote(vote(1, Kind::finalize, block, 132), 1, 0) == VoteDrop::none);
    CHECK(relay.aggregator.on_vote(vote(3, Kind::notarize, block, 132), 1, 0) == VoteDrop::slots);
    for (const Kind kind : {Kind::notarize, Kind::finalize})
        CHECK(relay.aggregator.on_vote(vote(3, kind, block, 100), 1, 0) == VoteDrop::none);
    // They are still there: the same votes are known.
    for (const Kind kind : {Kind::notarize, Kind::finalize})
        CHECK(relay.aggregator.on_vote(vote(3, kind, block, 100), 1, 0) == VoteDrop::duplicate);
    // Below the window everything is given back.
    relay.aggregator.advance(105);
    CHECK(relay.aggregator.on_vote(vote(3, Kind::notarize, block, 100), 1, 0) == VoteDrop::too_old);
    relay.aggregator.advance(90);
    CHECK(relay.aggregator.on_vote(vote(3, Kind::notarize, block, 100), 1, 0) == VoteDrop::too_old);
}

TEST_CASE("attestations may differ, but nobody opens more than two of their slots")
{
    AggregatorConfig c = config(1);
    c.family = Family::zone;
    c.zone = 7;
    Relay relay(voters(), c);
    const auto avail = [&](std::uint32_t member, std::uint8_t subject)
    {
        return relay.aggregator.on_vote(
            voters().vote(chain_id, member, Kind::avail, epoch, view, digest_of(subject), 7), 1, 0);
    };
    CHECK(avail(0, 1) == VoteDrop::none);
    CHECK(avail(0, 2) == VoteDrop::none);
    CHECK(avail(0, 3) == VoteDrop::slots);
    CHECK(avail(1, 3) == VoteDrop::none);
    CHECK(avail(0, 3) == VoteDrop::none);  // it is there now
    CHECK(relay.aggregator.on_vote(
              voters().vote(chain_id, 2, Kind::valid, epoch, view, digest_of(1), 7), 1, 0) ==
          VoteDrop::none);
    CHECK(relay.aggregator.on_vote(
              voters().vote(chain_id, 2, Kind::avail, epoch, view, digest_of(1)), 1, 0) ==
          VoteDrop::epoch);
    for (std::uint32_t i = 1; i < 12; ++i)
        static_cast<void>(avail(i, 1));
    const Out out = relay.take();
    REQUIRE(out.certificates.size() == 1);
    CHECK(out.certificates[0].certificate.zone == 7);
    CHECK(verifies(out.certificates[0].get()));
    CHECK(out.evidence.empty());
}

TEST_CASE("a certificate from elsewhere ends the collection")
{
    Relay relay(voters(), config(1));
    REQUIRE(relay.aggregator.on_vote(vote(0), 1, 0) == VoteDrop::none);
    const Voters::Made made =
        voters().certificate(chain_id, {0, 1, 2}, Kind::notarize, epoch, view, block);
    Certificate wrong = made.certificate;
    wrong.view_or_height = 77;
    relay.aggregator.on_certificate(wrong);
    CHECK(relay.aggregator.on_vote(vote(1), 1, 0) == VoteDrop::none);
    relay.aggregator.on_certificate(made.certificate);
    CHECK(relay.aggregator.on_vote(vote(2), 1, 0) == VoteDrop::certified);
    relay.aggregator.tick(50);
    CHECK(relay.take().partials.empty());
    // Who votes otherwise is still caught.
    CHECK(relay.aggregator.on_vote(vote(0, Kind::notarize, other_block), 1, 60) ==
          VoteDrop::second_vote);
    CHECK(relay.take().evidence.size() == 1);
}

TEST_CASE("contracts of opening")
{
    AggregatorConfig c = config(4);
    c.committee = voters().committee();
    Memory memory(Aggregator::memory_bytes(c));
    Memory less(Aggregator::memory_bytes(c) - 16);
    Aggregator aggregator;
    const auto open = [&](const auto& change)
    {
        AggregatorConfig changed = c;
        change(changed);
        Arena arena = memory.arena();
        return aggregator.open(changed, voters().keys().scheme(), arena);
    };
    CHECK(open([](AggregatorConfig&) {}) == Status::ok);
    CHECK(open([](AggregatorConfig& x) { x.committee = {}; }) == Status::invalid_argument);
    CHECK(open([](AggregatorConfig& x) { x.subnets = 0; }) == Status::invalid_argument);
    CHECK(open([](AggregatorConfig& x) { x.subnets = 65; }) == Status::invalid_argument);
    CHECK(open([](AggregatorConfig& x) { x.slots = 7; }) == Status::invalid_argument);
    CHECK(open([](AggregatorConfig& x) { x.zone = 1; }) == Status::invalid_argument);
    Arena arena = less.arena();
    CHECK(aggregator.open(c, voters().keys().scheme(), arena) == Status::memory_too_small);
    // What the documentation says: one subnet of a full committee in about a megabyte.
    ByteVector list;
    for (std::uint32_t i = 0; i < 2048; ++i)
    {
        const LayoutOf<Member> leaf =
            mote::chain::encode(Member{i, {}, static_cast<std::uint16_t>(i), 1});
        list.insert(list.end(), leaf.begin(), leaf.end());
    }
    AggregatorConfig full;
    REQUIRE(open_committee(list, full.committee));
    full.served = 1;
    CHECK(Aggregator::memory_bytes(full) < 1200000);
}
