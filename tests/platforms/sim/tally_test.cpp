// A relay's sums: votes and partials in any order give a certificate that verifies, at q seats and not
// before.
#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "sim/tally.hpp"

using namespace mote::sim;

TEST_CASE("votes and partials in any order make a certificate that verifies")
{
    const auto scheme = simulated_signatures(1, 40);
    Membership members;
    members.signatures = scheme.get();
    for (std::uint64_t seed = 1; seed <= 200; ++seed)
    {
        Random random(seed);
        std::vector<std::uint16_t> seats(4 + random.below(36));
        std::uint32_t all = 0;
        for (std::uint16_t& count : seats)
            all += count = static_cast<std::uint16_t>(1 + random.below(3));
        const CommitteePtr committee = make_committee(members, seats);
        REQUIRE(committee->committee.seats == all);
        const auto subnets = static_cast<std::uint32_t>(1 + random.below(5));
        Digest digest{};
        digest[0] = static_cast<std::uint8_t>(seed);
        Tally relay(committee, subnets), leader(committee, subnets);
        std::vector<bool> at_relay(seats.size()), at_leader(seats.size()), covered(seats.size());
        std::vector<std::uint8_t> signers;
        Signature sum;
        for (int step = 0; step < 120; ++step)
        {
            const auto member = static_cast<std::uint32_t>(random.below(seats.size()));
            const Signature vote = scheme->sign(member, digest);
            if (random.below(2) == 0)
            {
                CHECK(relay.add(member, vote) == !at_relay[member]);
                at_relay[member] = true;
            }
            else
            {
                CHECK(leader.add(member, vote) == !at_leader[member]);
                at_leader[member] = true;
            }
            const auto subnet = static_cast<std::uint32_t>(random.below(subnets));
            if (random.below(6) == 0 && relay.take_partial(*scheme, subnet, signers, sum))
            {
                CHECK(scheme->verify(digest, sum, {{}, committee->list, signers}));
                leader.add_partial(subnet, signers, sum);
                for (std::uint32_t i = subnet; i < seats.size(); i += subnets)
                    covered[i] = at_relay[i];
                // A smaller or foreign one changes nothing.
                CHECK_FALSE(leader.add_partial(subnet, signers, sum));
                CHECK_FALSE(leader.add_partial(subnets, signers, sum));
            }
            std::vector<std::uint8_t> bits;
            leader.sum(*scheme, bits, sum);
            const std::uint32_t set = mote::chain::count_seats(bits, 0, all);
            CHECK(leader.complete() == (set >= mote::chain::quorum(all)));
            if (set != 0)
                CHECK(scheme->verify(digest, sum, {{}, committee->list, bits}));
            // Single votes count beside the best part, nobody counts twice.
            std::uint32_t expected = 0;
            for (std::size_t i = 0; i < seats.size(); ++i)
                expected += at_leader[i] || covered[i] ? seats[i] : 0;
            CHECK(set == expected);
        }
    }
}

TEST_CASE("partials of foreign members, of parts of members or of another length are refused")
{
    const auto scheme = simulated_signatures(1, 8);
    Membership members;
    members.signatures = scheme.get();
    const std::vector<std::uint16_t> seats(8, 2);
    const CommitteePtr committee = make_committee(members, seats);
    Tally tally(committee, 4);
    const Signature any{};
    CHECK_FALSE(tally.add_partial(0, std::vector<std::uint8_t>{3}, any));      // one byte of two
    CHECK_FALSE(tally.add_partial(0, std::vector<std::uint8_t>{1, 0}, any));   // half of member 0
    CHECK_FALSE(tally.add_partial(0, std::vector<std::uint8_t>{12, 0}, any));  // member 1
    CHECK_FALSE(tally.add_partial(0, std::vector<std::uint8_t>{0, 0}, any));   // nobody
    CHECK(tally.add_partial(0, std::vector<std::uint8_t>{3, 0}, any));
    CHECK(tally.add_partial(0, std::vector<std::uint8_t>{3, 3}, any));  // member 4, too
}

TEST_CASE("the follower form of a certificate verifies, and names the absent")
{
    const auto scheme = simulated_signatures(2, 60);
    Membership members;
    members.signatures = scheme.get();
    for (std::uint64_t seed = 1; seed <= 60; ++seed)
    {
        Random random(seed);
        const std::vector<std::uint16_t> seats(static_cast<std::size_t>(1 + random.below(60)), 1);
        const CommitteePtr committee = make_committee(members, seats);
        const std::uint32_t all = committee->committee.seats;
        mote::chain::Certificate certificate;
        certificate.kind = mote::chain::Kind::ckpt;
        certificate.view_or_height = seed;
        certificate.subject[0] = 1;
        const Digest chain{};
        const Digest digest = mote::chain::signed_digest(chain, certificate);
        Tally tally(committee, 1);
        const std::uint32_t missing =
            static_cast<std::uint32_t>(random.below(all - mote::chain::quorum(all) + 1));
        for (std::uint32_t i = 0; i < all - missing; ++i)
            tally.add((i * 7 + static_cast<std::uint32_t>(seed)) % all,
                      scheme->sign((i * 7 + static_cast<std::uint32_t>(seed)) % all, digest));
        std::vector<std::uint8_t> signers, leaves, path;
        std::vector<std::uint32_t> absent;
        tally.sum(*scheme, signers, certificate.signature);
        certificate.signers = signers;
        const auto follower = follower_form(certificate, *committee, absent, leaves, path);
        const bool enough = mote::chain::count_seats(signers, 0, all) >= mote::chain::quorum(all);
        CHECK((mote::chain::verify(follower, committee->commitment, chain, scheme->check()) ==
               mote::chain::CertificateFault::none) == enough);
        CHECK(absent.size() == all - mote::chain::count_seats(signers, 0, all));
    }
}
