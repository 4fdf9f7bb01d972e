// Committees and certificates of tests/vectors/consensus/certificates.json.
//
// The pairing is not this module's, so it is played by what the vectors themselves know: a signature
// belongs to the digest of the good certificate that carries it, and to its signers. Every fault that
// is not of that kind has to be found without asking.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "chain_support.hpp"

using namespace chain_test;

namespace
{
const Json& vectors()
{
    static const Json json = read("certificates.json");
    return json;
}

ByteVector list_of(const Json& committee)
{
    ByteVector list;
    for (const Json& m : committee["members"])
    {
        const LayoutOf<Member> leaf = encode(member(m));
        list.insert(list.end(), leaf.begin(), leaf.end());
    }
    return list;
}

using KeySet = std::map<std::string, std::uint32_t>;

/// Knows which signatures the good certificates have, over what, by whom.
class Oracle
{
  public:
    Oracle(const Json& committee, const Committee& members) : members_(members)
    {
        for (const Json& vector : committee["certs"])
            if (vector["follower_form"].get<bool>())
                known_[text(vector["follower"]["cert"]["sig"])] = {
                    text(vector["digest"]),
                    signers(from_hex(vector["follower"]["cert"]["signers"]))};
        agg_pk_ = text(committee["agg_pk"]);
    }

    [[nodiscard]] SignatureCheck check()
    {
        return {this, [](void* context, const Digest& digest, const Signature& signature,
                         const SignerKeys& keys)
                { return static_cast<Oracle*>(context)->verify(digest, signature, keys); }};
    }
    [[nodiscard]] int asked() const { return asked_; }

  private:
    [[nodiscard]] KeySet signers(const ByteVector& bitmap) const
    {
        KeySet out;
        for (std::uint32_t i = 0; i < members_.members(); ++i)
        {
            const Member m = members_.member(i);
            if (seat_set(bitmap, m.first_seat))
                out[to_hex(m.public_key)] += m.seats;
        }
        return out;
    }

    bool verify(const Digest& digest, const Signature& signature, const SignerKeys& keys)
    {
        ++asked_;
        KeySet sum;
        if (!keys.from.empty())
        {
            if (to_hex(keys.from) != agg_pk_)
                return false;
            for (std::uint32_t i = 0; i < members_.members(); ++i)
                sum[to_hex(members_.member(i).public_key)] += members_.member(i).seats;
        }
        keys.for_each(
            [&](const PublicKey& key, std::uint32_t seats)
            {
                std::uint32_t& of = sum[to_hex(key)];
                of = keys.from.empty() ? of + seats : of - seats;
                if (of == 0)
                    sum.erase(to_hex(key));
            });
        const auto found = known_.find(to_hex(signature));
        return found != known_.end() && found->second.first == to_hex(digest) &&
               found->second.second == sum;
    }

    const Committee& members_;
    std::map<std::string, std::pair<std::string, KeySet>> known_;
    std::string agg_pk_;
    int asked_ = 0;
};

const std::map<std::string, CertificateFault> member_faults = {
    {"below quorum", CertificateFault::quorum},
    {"spare bit", CertificateFault::spare_bits},
    {"kind changed", CertificateFault::signature},
    {"epoch changed", CertificateFault::signature},
    {"view changed", CertificateFault::signature},
    {"zone in a root certificate", CertificateFault::zone},
    {"bitmap too long", CertificateFault::bitmap_length},
    {"half a member", CertificateFault::partial_member},
    {"other chain", CertificateFault::signature},
};

const std::map<std::string, CertificateFault> follower_faults = {
    {"below quorum", CertificateFault::quorum},
    {"spare bit", CertificateFault::spare_bits},
    {"kind changed", CertificateFault::signature},
    {"epoch changed", CertificateFault::signature},
    {"view changed", CertificateFault::signature},
    {"zone in a root certificate", CertificateFault::zone},
    {"bitmap too long", CertificateFault::bitmap_length},
    {"absent member left out", CertificateFault::absent_seats},
    {"path value too many", CertificateFault::absent_proof},
    {"indices shifted", CertificateFault::absent_proof},
    {"bitmap names other members", CertificateFault::absent_seats},
    {"half a member", CertificateFault::absent_seats},
    {"other chain", CertificateFault::signature},
};
}  // namespace

TEST_CASE("committees have the vectors' roots and commitments")
{
    for (const Json& c : vectors()["committees"])
    {
        const ByteVector list = list_of(c);
        Committee committee;
        REQUIRE(open_committee(list, committee));
        CHECK(committee.seats == integer(c["S"]));
        CHECK(committee.members() == integer(c["M"]));
        CHECK(quorum(committee.seats) == integer(c["q"]));
        CHECK(to_hex(members_root(list)) == text(c["members_root"]));
        const PublicKey agg_pk = fixed<48>(c["agg_pk"]);
        CHECK_FALSE(is_infinity(agg_pk));
        const auto commit =
            [&](std::uint32_t seats, std::uint32_t members, Digest root, PublicKey key)
        { return to_hex(committee_commitment(seats, members, root, key)); };
        const Digest root = members_root(list);
        const std::uint32_t s = committee.seats, m = committee.members();
        CHECK(commit(s, m, root, agg_pk) == text(c["commitment"]));
        CHECK(commit(s + 1, m, root, agg_pk) != text(c["commitment"]));
        CHECK(commit(s, m + 1, root, agg_pk) != text(c["commitment"]));
        CHECK(commit(s, m, Digest{}, agg_pk) != text(c["commitment"]));
        CHECK(commit(s, m, root, PublicKey{}) != text(c["commitment"]));
    }
    CHECK(vectors()["committees"].size() == 3);
}

TEST_CASE("both forms answer as the vectors say, each fault at its own check")
{
    const Digest chain_id = digest(vectors()["chain_id"]);
    int good = 0, bad = 0;
    std::set<std::string> faults;
    for (const Json& c : vectors()["committees"])
    {
        const ByteVector list = list_of(c);
        Committee committee;
        REQUIRE(open_committee(list, committee));
        Oracle oracle(c, committee);
        const Digest commitment = digest(c["commitment"]);
        for (const Json& vector : c["certs"])
        {
            const std::string what = vector["what"];
            CAPTURE(what, text(c["name"]));
            const OwnedFollower owned(vector["follower"]);
            const FollowerCertificate follower = owned.get();
            const bool same_chain = what != "other chain";
            const bool same_digest =
                to_hex(signed_digest(chain_id, follower.certificate)) == text(vector["digest"]);
            CHECK((same_digest || !same_chain));

            const CertificateFault by_commitment =
                verify(follower, commitment, chain_id, oracle.check());
            CHECK((by_commitment == CertificateFault::none) == vector["follower_form"].get<bool>());
            const auto expected = follower_faults.find(what);
            if (expected != follower_faults.end())
                CHECK(static_cast<int>(by_commitment) == static_cast<int>(expected->second));
            if (by_commitment != CertificateFault::none)
                faults.insert(what);
            if (!vector["member_form"].is_null())
            {
                const CertificateFault by_list =
                    verify(follower.certificate, committee, chain_id, oracle.check());
                CHECK((by_list == CertificateFault::none) == vector["member_form"].get<bool>());
                const auto fault = member_faults.find(what);
                CHECK(by_list ==
                      (fault == member_faults.end() ? CertificateFault::none : fault->second));
            }
            (by_commitment == CertificateFault::none ? good : bad) += 1;
        }
        CHECK(oracle.asked() > 0);
    }
    CHECK(good == 21);
    CHECK(bad == 27);
    CHECK(faults.size() ==
          follower_faults.size() + 1);  // "seats of a leaf changed" depends on which
}

TEST_CASE("certificates survive their hashed layout, and no other bytes do")
{
    int count = 0;
    for (const Json& c : vectors()["committees"])
        for (const Json& vector : c["certs"])
        {
            if (!vector["follower_form"].get<bool>())
                continue;
            const OwnedCertificate owned(vector["follower"]["cert"]);
            const Certificate certificate = owned.get();
            ByteVector bytes(encoded_bytes(certificate));
            encode_to(bytes, certificate);
            CHECK(certificate_hash(certificate) == mote::hash::blake3(bytes));
            Certificate decoded;
            REQUIRE(decode(bytes, decoded));
            ByteVector again(encoded_bytes(decoded));
            encode_to(again, decoded);
            CHECK(again == bytes);
            for (std::size_t cut = 0; cut < bytes.size(); ++cut)
                CHECK_FALSE(decode(Bytes(bytes).first(cut), decoded));
            ByteVector longer = bytes;
            longer.push_back(0);
            CHECK_FALSE(decode(longer, decoded));
            for (const std::uint8_t kind : {std::uint8_t{0}, std::uint8_t{7}, std::uint8_t{255}})
            {
                ByteVector changed = bytes;
                changed[0] = kind;
                CHECK_FALSE(decode(changed, decoded));
            }
            // A zone in a kind without one, a block in a nullification and none elsewhere.
            ByteVector changed = bytes;
            changed[17] ^= 1;
            CHECK(decode(changed, decoded) ==
                  (certificate.kind == Kind::avail || certificate.kind == Kind::valid));
            changed = bytes;
            std::fill_n(changed.begin() + 21, 32, std::uint8_t{0});
            CHECK(decode(changed, decoded) == (certificate.kind == Kind::nullify));
            changed[40] = 1;
            CHECK(decode(changed, decoded) == (certificate.kind != Kind::nullify));
            ++count;
        }
    CHECK(count == 21);
}
