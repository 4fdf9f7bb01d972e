// Certificates of committees made here: both forms agree on every bitmap, and a follower's certificate
// with any bit of any part changed is refused.
#include <catch2/catch.hpp>
#include <map>

#include "chain/certificate.hpp"
#include "chain_support.hpp"
#include "tools/effort.hpp"

using namespace chain_test;

namespace
{
/// A committee whose members have 1 to 3 seats, and what a follower is told of it.
struct Made
{
    ByteVector list;
    Committee committee;
    PublicKey agg_pk{};
    Digest root{}, commitment{};
    std::vector<Digest> leaves;

    Made(std::uint32_t members, std::mt19937_64& random)
    {
        std::uint32_t seat = 0, id = 0;
        for (std::uint32_t i = 0; i < members; ++i)
        {
            id += 1 + static_cast<std::uint32_t>(random() % 100);
            const auto count = static_cast<std::uint16_t>(1 + random() % 3);
            const LayoutOf<Member> leaf = encode(
                Member{id, random_array<48>(random), static_cast<std::uint16_t>(seat), count});
            list.insert(list.end(), leaf.begin(), leaf.end());
            leaves.push_back(leaf_hash(leaf));
            seat += count;
        }
        REQUIRE(open_committee(list, committee));
        agg_pk = random_array<48>(random);
        root = members_root(list);
        commitment = committee_commitment(committee.seats, members, root, agg_pk);
    }
};

/// The values that a proof of the absent members needs, by the definition.
void walk(const Made& made, std::uint32_t start, std::uint32_t end,
          const std::vector<std::uint32_t>& absent, ByteVector& path)
{
    const bool any = std::any_of(absent.begin(), absent.end(),
                                 [&](std::uint32_t i) { return i >= start && i < end; });
    if (!any)
    {
        const auto top_of = [&](const auto& self, std::uint32_t s, std::uint32_t e) -> Digest
        {
            if (e - s == 1)
                return made.leaves[s];
            const std::uint32_t m = s + mote::chain::internal::left_leaves(e - s);
            return node_hash(self(self, s, m), self(self, m, e));
        };
        const Digest top = top_of(top_of, start, end);
        path.insert(path.end(), top.begin(), top.end());
        return;
    }
    if (end - start == 1)
        return;
    const std::uint32_t middle = start + mote::chain::internal::left_leaves(end - start);
    walk(made, start, middle, absent, path);
    walk(made, middle, end, absent, path);
}

/// A certificate with these members absent, in both forms.
struct Signed
{
    ByteVector signers, leaves, path;
    std::vector<std::uint32_t> absent;
    Certificate certificate;
    FollowerCertificate follower;

    Signed(const Made& made, const std::vector<std::uint32_t>& missing)
        : signers((made.committee.seats + 7) / 8), absent(missing)
    {
        for (std::uint32_t i = 0; i < made.committee.members(); ++i)
        {
            const Member m = made.committee.member(i);
            if (std::find(absent.begin(), absent.end(), i) == absent.end())
                for (std::uint32_t seat = 0; seat < m.seats; ++seat)
                    set_seat(signers, m.first_seat + seat);
            else
                leaves.insert(leaves.end(), made.list.begin() + std::ptrdiff_t{56} * i,
                              made.list.begin() + std::ptrdiff_t{56} * (i + 1));
        }
        if (!absent.empty())
            walk(made, 0, made.committee.members(), absent, path);
        certificate.kind = Kind::notarize;
        certificate.epoch = 3;
        certificate.view_or_height = 9;
        certificate.subject[0] = 1;
        certificate.signers = signers;
        follower = {certificate,
                    made.committee.seats,
                    made.committee.members(),
                    made.root,
                    made.agg_pk,
                    absent,
                    leaves,
                    path};
    }
};

std::vector<std::uint32_t> random_absent(std::uint32_t members, std::mt19937_64& random)
{
    std::vector<std::uint32_t> absent;
    const std::uint64_t one_in = 1 + random() % 8;
    for (std::uint32_t i = 0; i < members; ++i)
        if (random() % (one_in + 1) == 0)
            absent.push_back(i);
    return absent;
}
}  // namespace

TEST_CASE("the member form accepts a certificate if and only if the follower form does")
{
    std::mt19937_64 random(11);
    int good = 0, bad = 0;
    for (int round = 0; round < 300; ++round)
    {
        const Made made(1 + static_cast<std::uint32_t>(random() % 40), random);
        const Signed cert(made, random_absent(made.committee.members(), random));
        const CertificateFault by_list = check_members(cert.certificate, made.committee);
        CHECK(by_list == check_absent(cert.follower, made.commitment));
        std::uint32_t set = 0;
        for (std::uint32_t i = 0; i < made.committee.seats; ++i)
            set += seat_set(cert.signers, i) ? 1 : 0;
        CHECK((by_list == CertificateFault::none) == (3 * set > 2 * made.committee.seats));
        (by_list == CertificateFault::none ? good : bad) += 1;
    }
    CHECK(good > 50);
    CHECK(bad > 50);
}

TEST_CASE("the keys that count are the same in both forms")
{
    std::mt19937_64 random(12);
    const Made made(20, random);
    const Signed cert(made, {2, 7, 19});
    std::map<std::string, std::uint32_t> by_list, by_absence;
    SignerKeys{{}, made.list, cert.signers}.for_each([&](const PublicKey& key, std::uint32_t n)
                                                     { by_list[to_hex(key)] += n; });
    SignerKeys{{}, made.list, ByteVector(cert.signers.size(), 0xff)}.for_each(
        [&](const PublicKey& key, std::uint32_t n) { by_absence[to_hex(key)] += n; });
    SignerKeys{made.agg_pk, cert.leaves, cert.signers}.for_each(
        [&](const PublicKey& key, std::uint32_t n)
        {
            if ((by_absence[to_hex(key)] -= n) == 0)
                by_absence.erase(to_hex(key));
        });
    CHECK(by_list.size() == 17);
    CHECK(by_list == by_absence);
}

TEST_CASE("every bit of a follower's certificate counts")
{
    std::mt19937_64 random(13);
    const Made made(21, random);
    const Signed good(made, {0, 5, 6, 20});
    REQUIRE(check_absent(good.follower, made.commitment) == CertificateFault::none);
    mote::test::Thinned thinned;
    const auto refused = [&](const FollowerCertificate& changed)
    { CHECK(check_absent(changed, made.commitment) != CertificateFault::none); };
    const auto each_bit = [&](const ByteVector& bytes, Bytes FollowerCertificate::* field)
    {
        for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit)
        {
            if (!thinned.next())
                continue;
            ByteVector changed = bytes;
            changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
            FollowerCertificate follower = good.follower;
            follower.*field = changed;
            refused(follower);
        }
    };
    each_bit(good.leaves, &FollowerCertificate::leaves);
    each_bit(good.path, &FollowerCertificate::path);
    for (std::size_t bit = 0; bit < 8 * good.signers.size(); ++bit)
    {
        ByteVector changed = good.signers;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
        FollowerCertificate follower = good.follower;
        follower.certificate.signers = changed;
        refused(follower);
    }
    for (std::size_t bit = 0; bit < 8 * 32; ++bit)
    {
        FollowerCertificate follower = good.follower;
        follower.members_root[bit / 8] =
            static_cast<std::uint8_t>(follower.members_root[bit / 8] ^ 1U << bit % 8);
        refused(follower);
    }
    for (std::size_t bit = 0; bit < 8 * 48; ++bit)
    {
        FollowerCertificate follower = good.follower;
        follower.agg_pk[bit / 8] =
            static_cast<std::uint8_t>(follower.agg_pk[bit / 8] ^ 1U << bit % 8);
        refused(follower);
    }
    for (const std::uint32_t change : {1U, 2U, 16U, 1U << 31})
    {
        FollowerCertificate follower = good.follower;
        follower.seats ^= change;
        refused(follower);
        follower = good.follower;
        follower.members ^= change;
        refused(follower);
        for (std::size_t i = 0; i < good.absent.size(); ++i)
        {
            std::vector<std::uint32_t> absent = good.absent;
            absent[i] ^= change;
            follower = good.follower;
            follower.absent = absent;
            refused(follower);
        }
    }
    // Lists of other lengths.
    FollowerCertificate follower = good.follower;
    follower.absent = std::span(good.absent).first(3);
    refused(follower);
    follower = good.follower;
    follower.leaves = Bytes(good.leaves).first(56 * 3);
    refused(follower);
    follower.absent = std::span(good.absent).first(3);
    refused(follower);
    follower = good.follower;
    follower.path = Bytes(good.path).first(good.path.size() - 32);
    refused(follower);
    // The committee has to be committed to, and its sum is a point.
    Digest other = made.commitment;
    other[0] ^= 1;
    CHECK(check_absent(good.follower, other) == CertificateFault::commitment);
    follower = good.follower;
    follower.agg_pk = {};
    follower.agg_pk[0] = 0xc0;
    CHECK(check_absent(follower, committee_commitment(follower.seats, follower.members,
                                                      follower.members_root, follower.agg_pk)) ==
          CertificateFault::commitment);
}

TEST_CASE("fields of a certificate are held against its kind")
{
    std::mt19937_64 random(14);
    const Made made(5, random);
    const Signed good(made, {});
    const auto fault = [&](const auto& change)
    {
        Certificate certificate = good.certificate;
        change(certificate);
        return check_members(certificate, made.committee);
    };
    CHECK(fault([](Certificate&) {}) == CertificateFault::none);
    for (const int kind : {0, 7, 255})
        CHECK(fault([&](Certificate& c) { c.kind = static_cast<Kind>(kind); }) ==
              CertificateFault::kind);
    CHECK(fault([](Certificate& c) { c.zone = 1; }) == CertificateFault::zone);
    CHECK(fault([](Certificate& c) { c.subject = {}; }) == CertificateFault::subject);
    CHECK(fault([](Certificate& c) { c.kind = Kind::nullify; }) == CertificateFault::subject);
    for (const Kind kind : {Kind::avail, Kind::valid})
        CHECK(fault(
                  [&](Certificate& c)
                  {
                      c.kind = kind;
                      c.zone = 1;
                  }) == CertificateFault::none);
    CHECK(fault([](Certificate& c) { c.signers = {}; }) == CertificateFault::bitmap_length);
    CHECK(check_form(good.certificate, 0) == CertificateFault::committee_size);
    CHECK(check_form(good.certificate, seats_max + 1) == CertificateFault::committee_size);
}
