// Partials with anything changed are refused, and random networks of relays end with certificates that
// both forms accept.
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "follower_support.hpp"
#include "tools/effort.hpp"

using namespace aggregator_test;
using mote::chain::CertificateFault;

namespace
{
const Digest chain_id = digest_of(1);
const Digest block = digest_of(2);

Voters& voters()
{
    static Voters v({1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 2}, 9);
    return v;
}

AggregatorConfig config(std::uint32_t subnets)
{
    AggregatorConfig c;
    c.chain_id = chain_id;
    c.epoch = 1;
    c.subnets = subnets;
    return c;
}

/// Verifies in follower form, as one who has the commitment only.
CertificateFault by_follower(Voters& of, const Certificate& c)
{
    const Follows follows(of, {c, {c.signers.begin(), c.signers.end()}});
    return verify(follows.get(), of.commitment(), chain_id, decoding_check());
}

CertificateFault by_members(Voters& of, const Certificate& c)
{
    return verify(c, of.committee(), chain_id, of.keys().check());
}
}  // namespace

TEST_CASE("every field of a partial counts")
{
    AggregatorConfig c = config(2);
    c.served = 0;
    Relay relay(voters(), c);
    const Voters::Made made =
        voters().certificate(chain_id, {0, 4, 6}, Kind::notarize, 1, 5, block);
    PartialMessage good;
    good.certificate = made.certificate;
    good.certificate.signers = made.signers;
    const auto taken = [&](const auto& change)
    {
        PartialMessage partial = good;
        change(partial);
        return relay.aggregator.on_partial(partial, 1, 0);
    };
    CHECK(taken([](PartialMessage& p) { p.subnet = 1; }) == VoteDrop::subnet);
    CHECK(taken([](PartialMessage& p) { p.subnet = 2; }) == VoteDrop::subnet);
    CHECK(taken([](PartialMessage& p) { p.certificate.kind = Kind::finalize; }) ==
          VoteDrop::signature);
    CHECK(taken([](PartialMessage& p) { p.certificate.kind = Kind::avail; }) == VoteDrop::kind);
    CHECK(taken([](PartialMessage& p) { p.certificate.epoch = 2; }) == VoteDrop::epoch);
    CHECK(taken([](PartialMessage& p) { p.certificate.zone = 2; }) == VoteDrop::epoch);
    CHECK(taken([](PartialMessage& p) { p.certificate.view_or_height = 6; }) ==
          VoteDrop::signature);
    CHECK(taken([](PartialMessage& p) { p.certificate.view_or_height = 60; }) == VoteDrop::too_far);
    CHECK(taken([](PartialMessage& p) { p.certificate.subject[0] ^= 1; }) == VoteDrop::signature);
    CHECK(taken([](PartialMessage& p) { p.certificate.subject = {}; }) == VoteDrop::subject);
    CHECK(taken([](PartialMessage& p)
                { p.certificate.signers = p.certificate.signers.first(2); }) == VoteDrop::form);
    const ByteVector nobody(made.signers.size());
    CHECK(taken([&](PartialMessage& p) { p.certificate.signers = nobody; }) == VoteDrop::form);
    int dropped = 0;
    for (std::size_t bit = 0; bit < 8 * made.signers.size(); ++bit)
    {
        ByteVector changed = made.signers;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
        const VoteDrop reason = taken([&](PartialMessage& p) { p.certificate.signers = changed; });
        CHECK((reason == VoteDrop::form || reason == VoteDrop::subnet ||
               reason == VoteDrop::signature));
        ++dropped;
    }
    CHECK(dropped == 24);
    mote::test::Thinned thinned;
    for (std::size_t bit = 0; bit < 8 * 96; bit += 7)
    {
        if (!thinned.next())
            continue;
        const VoteDrop reason = taken(
            [&](PartialMessage& p)
            {
                p.certificate.signature[bit / 8] =
                    static_cast<std::uint8_t>(p.certificate.signature[bit / 8] ^ 1U << bit % 8);
            });
        CHECK((reason == VoteDrop::point || reason == VoteDrop::signature));
    }
    // However few of the above were tried here: more than there is room for.
    for (std::size_t i = 0; i < Aggregator::offenders_max; ++i)
        CHECK(taken([](PartialMessage& p) { p.certificate.kind = Kind::finalize; }) ==
              VoteDrop::signature);
    CHECK(relay.take().offenders.size() == Aggregator::offenders_max);
    CHECK(relay.aggregator.dropped(VoteDrop::offender) > 0);
    CHECK(taken([](PartialMessage&) {}) == VoteDrop::none);
}

TEST_CASE(
    "random networks of relays: sums are right, and quorums become certificates of both forms")
{
    std::mt19937_64 random(21);
    int certificates = 0, short_of = 0, partials = 0;
    const int rounds = mote::test::emulated || mote::test::sanitized ? 4 : 14;
    for (int round = 0; round < rounds; ++round)
    {
        std::vector<std::uint16_t> seats(1 + random() % 14);
        for (std::uint16_t& s : seats)
            s = static_cast<std::uint16_t>(1 + random() % 4);
        Voters some(seats, static_cast<std::uint8_t>(100 + round));
        const auto subnets = static_cast<std::uint32_t>(1 + random() % 5);
        std::vector<std::unique_ptr<Relay>> relays;
        for (int i = 0; i < 3; ++i)
        {
            AggregatorConfig c = config(subnets);
            c.served = i == 0 ? 0 : random() | 1;
            relays.push_back(std::make_unique<Relay>(some, c));
        }
        std::vector<std::uint32_t> order(some.size());
        std::iota(order.begin(), order.end(), 0U);
        std::shuffle(order.begin(), order.end(), random);
        order.resize(1 + random() % order.size());
        std::uint32_t in_sum = 0;
        std::set<std::uint32_t> reached;
        bool seen = false;
        const auto spread = [&](const Out& out, std::size_t from)
        {
            for (const Out::Sum& sum : out.partials)
            {
                ++partials;
                for (std::size_t to = 0; to < relays.size(); ++to)
                    if (to != from)
                    {
                        const VoteDrop reason =
                            relays[to]->aggregator.on_partial(sum.partial(), 5, 0);
                        CHECK((reason == VoteDrop::none || reason == VoteDrop::not_better ||
                               reason == VoteDrop::certified));
                    }
            }
            for (const Out::Sum& sum : out.certificates)
            {
                CHECK(by_members(some, sum.get()) == CertificateFault::none);
                CHECK(by_follower(some, sum.get()) == CertificateFault::none);
                Certificate wrong = sum.get();
                wrong.view_or_height += 1;
                CHECK(by_members(some, wrong) == CertificateFault::signature);
                CHECK(by_follower(some, wrong) == CertificateFault::signature);
                seen = true;
            }
        };
        std::uint64_t now = 0;
        for (const std::uint32_t member : order)
        {
            const VoteMessage v = some.vote(chain_id, member, Kind::notarize, 1, 5, block);
            for (std::size_t i = 0; i < relays.size(); ++i)
                if (relays[i]->aggregator.on_vote(v, 5, now) == VoteDrop::none)
                    reached.insert(member);
            now += 20;
            for (std::size_t i = 0; i < relays.size(); ++i)
            {
                relays[i]->aggregator.tick(now);
                spread(relays[i]->take(), i);
            }
        }
        for (int again = 0; again < 3; ++again)
            for (std::size_t i = 0; i < relays.size(); ++i)
            {
                relays[i]->aggregator.tick(now += 100);
                spread(relays[i]->take(), i);
            }
        for (const std::uint32_t member : reached)
            in_sum += some.committee().member(member).seats;
        CHECK(seen == (in_sum >= mote::chain::quorum(some.committee().seats)));
        (seen ? certificates : short_of) += 1;
        for (const auto& relay : relays)
            CHECK(relay->take().offenders.empty());
    }
    CHECK(certificates > 0);
    CHECK(short_of > 0);
    CHECK(partials > 0);
}

TEST_CASE(
    "certificates of any signers: the member form accepts if and only if the follower form does")
{
    std::mt19937_64 random(22);
    int good = 0, bad = 0;
    const int rounds = mote::test::emulated || mote::test::sanitized ? 10 : 60;
    for (int round = 0; round < rounds; ++round)
    {
        std::vector<std::uint32_t> members;
        for (std::uint32_t i = 0; i < voters().size(); ++i)
            if (random() % 4 != 0 || members.empty())
                members.push_back(i);
        Voters::Made made = voters().certificate(chain_id, members, Kind::finalize, 1, 5, block);
        made.certificate.signers = made.signers;
        // One in three with another member's seats, or without them.
        if (round % 3 == 0)
        {
            const mote::chain::Member m =
                voters().committee().member(static_cast<std::uint32_t>(round % 12));
            for (std::uint32_t s = 0; s < m.seats; ++s)
            {
                const std::uint32_t seat = std::uint32_t{m.first_seat} + s;
                made.signers[seat / 8] =
                    static_cast<std::uint8_t>(made.signers[seat / 8] ^ 1U << seat % 8);
            }
        }
        const CertificateFault a = by_members(voters(), made.certificate);
        CHECK(a == by_follower(voters(), made.certificate));
        (a == CertificateFault::none ? good : bad) += 1;
    }
    CHECK(good > 2);
    CHECK(bad > 2);
}

TEST_CASE("the keys of a certificate are the same from either side")
{
    Voters& v = voters();
    std::mt19937_64 random(23);
    for (int round = 0; round < 12; ++round)
    {
        ByteVector signers((v.committee().seats + 7) / 8);
        mote::curve::bls12_381::G1Jacobian sum;
        for (std::uint32_t i = 0; i < v.size(); ++i)
        {
            if (random() % 12 >= static_cast<std::uint64_t>(round))
                continue;
            const mote::chain::Member m = v.committee().member(i);
            for (std::uint32_t s = 0; s < m.seats; ++s)
            {
                mote::chain::set_seat(signers, std::uint32_t{m.first_seat} + s);
                sum += v.keys().key(i);
            }
        }
        CHECK(v.keys().sum(signers) == sum.to_affine());
    }
}
