// Every layout, digest, piece of evidence and zone update of tests/vectors/consensus/layouts.json.
#include <catch2/catch.hpp>
#include <map>

#include "chain_support.hpp"

using namespace chain_test;

namespace
{
const Json& vectors()
{
    static const Json json = read("layouts.json");
    return json;
}

const Digest& chain_id()
{
    static const Digest id = digest(vectors()["chain_id"]);
    return id;
}

/// Encodes the named fields, decodes the bytes, and compares both with the vector.
template <class T>
T check_layout(const Json& vector, const T& value)
{
    CHECK(hex_of(value) == text(vector["bytes"]));
    T decoded;
    ByteVector bytes = from_hex(vector["bytes"]);
    REQUIRE(decode(bytes, decoded));
    CHECK(hex_of(decoded) == text(vector["bytes"]));
    bytes.push_back(0);
    CHECK_FALSE(decode(bytes, decoded));
    bytes.resize(bytes.size() - 2);
    CHECK_FALSE(decode(bytes, decoded));
    CHECK(hex_of(decoded) == hex_of(T{}));
    return value;
}

/// Every byte of a layout is part of what is hashed.
template <class T, class Hash>
void check_hash(const Json& vector, const T& value, const Hash& hash)
{
    CHECK(to_hex(hash(value)) == text(vector["hash"]));
    const ByteVector bytes = from_hex(vector["bytes"]);
    for (std::size_t i = 0; i < bytes.size(); ++i)
    {
        ByteVector changed = bytes;
        changed[i] ^= 0x10;
        T other;
        REQUIRE(decode(changed, other));
        CHECK(to_hex(encode(other)) == to_hex(changed));
        CHECK(to_hex(hash(other)) != text(vector["hash"]));
    }
}
}  // namespace

TEST_CASE("layouts have the vectors' bytes and hashes")
{
    std::map<std::string, int> seen;
    for (const Json& vector : vectors()["layouts"])
    {
        const std::string name = vector["layout"];
        const Json& fields = vector["fields"];
        CAPTURE(name);
        ++seen[name];
        if (name == "zone_header")
            check_hash(vector, check_layout(vector, zone_header(fields)),
                       [](const ZoneHeader& h) { return hash_of(h); });
        else if (name == "root_header")
            check_hash(vector, check_layout(vector, root_header(fields)),
                       [](const RootHeader& h) { return hash_of(h); });
        else if (name == "statement")
            check_hash(vector, check_layout(vector, statement(fields)),
                       [](const Statement& s) { return statement_hash(s); });
        else if (name == "epoch_set")
            check_hash(vector, check_layout(vector, epoch_set(fields)),
                       [](const EpochSet& s) { return hash_of(s); });
        else if (name == "zone_record")
            check_layout(vector, named<ZoneRecord>(fields, {"zone", "flags", "program_id",
                                                            "producers_root", "committee"}));
        else if (name == "zone_leaf")
            check_layout(vector, zone_leaf(fields));
        else if (name == "pending")
            check_layout(vector,
                         named<PendingBlock>(fields, {"header_hash", "included_at", "void"}));
        else if (name == "member")
            check_layout(vector, member(fields));
        else if (name == "producer")
            check_layout(vector, named<Producer>(fields, {"validator_id", "pk"}));
        else if (name == "parameter")
            check_layout(vector, named<Parameter>(fields, {"key", "value"}));
        else if (name == "notice")
            check_layout(vector, named<Notice>(fields, {"kind", "epoch", "key", "value"}));
        else
            FAIL("a layout that no test knows");
    }
    CHECK(seen.size() == 11);
    for (const auto& [name, count] : seen)
        CHECK(count == 2);
}

TEST_CASE("every tag has the vectors' digest, and no two inputs the same")
{
    std::map<std::string, int> seen;
    for (const Json& vector : vectors()["digests"])
    {
        const std::string tag = vector["tag"];
        const Json& f = vector["fields"];
        CAPTURE(tag);
        ++seen[tag];
        const auto number = [&](const char* name) { return integer(f.at(name)); };
        const auto check = [&](const auto& make)
        {
            CHECK(to_hex(make(chain_id())) == text(vector["digest"]));
            Digest other_chain = chain_id();
            other_chain[31] ^= 1;
            CHECK(to_hex(make(other_chain)) != text(vector["digest"]));
        };
        if (tag == "root")
            check(
                [&](const Digest& chain)
                {
                    return root_vote_digest(chain, number("epoch"), number("view"),
                                            static_cast<Kind>(number("kind")), digest(f["hash"]));
                });
        else if (tag == "avail")
            check(
                [&](const Digest& chain)
                {
                    return avail_digest(chain, number("epoch"),
                                        static_cast<std::uint32_t>(number("zone")),
                                        number("height"), digest(f["hash"]));
                });
        else if (tag == "valid")
            check([&](const Digest& chain)
                  { return valid_digest(chain, number("epoch"), digest(f["hash"])); });
        else if (tag == "ckpt")
            check(
                [&](const Digest& chain)
                {
                    return ckpt_digest(chain, number("period"), number("height"),
                                       digest(f["hash"]));
                });
        else if (tag == "prop")
            check(
                [&](const Digest& chain)
                {
                    return proposal_digest(chain, number("epoch"), number("view"),
                                           digest(f["hash"]));
                });
        else if (tag == "zhdr")
            check([&](const Digest& chain)
                  { return zone_header_digest(chain, digest(f["hash"])); });
        else if (tag == "reveal")
            check([&](const Digest& chain)
                  { return reveal_digest(chain, number("epoch"), number("view")); });
        else if (tag == "svid announce")
            check([&](const Digest& chain)
                  { return mote::svid::announce_digest(chain, digest(f["hash"])); });
        else
            FAIL("a tag that no test knows");
    }
    CHECK(seen.size() == 8);
    CHECK(seen["root"] == 3);
}

TEST_CASE("evidence is put in order and hashed as the vectors say")
{
    TreeBuilder tree;
    for (const Json& vector : vectors()["evidence"])
    {
        const Json& e = vector["evidence"];
        const std::uint64_t kind = integer(e["kind"]);
        CAPTURE(kind);
        const auto check = [&](auto evidence)
        {
            CHECK(hex_of(evidence) == text(vector["bytes"]));
            CHECK(to_hex(leaf_hash_of(evidence)) == text(vector["leaf"]));
            tree.add(leaf_hash_of(evidence));
        };
        const auto check_pair = [&](auto evidence)
        {
            put_in_order(evidence);
            check(evidence);
            CHECK(convicts(evidence));
            auto wrong_tag = evidence;
            wrong_tag.tag ^= 7;
            CHECK_FALSE(convicts(wrong_tag));
        };
        if (kind == 1)
        {
            VoteEvidence evidence;
            evidence.epoch = integer(e["epoch"]);
            evidence.view = integer(e["view"]);
            evidence.member = static_cast<std::uint32_t>(integer(e["member"]));
            for (std::size_t i = 0; i < 2; ++i)
                evidence.votes[i] = {static_cast<std::uint8_t>(integer(e["votes"][i][0])),
                                     digest(e["votes"][i][1]), fixed<96>(e["votes"][i][2])};
            check_pair(evidence);
        }
        else if (kind == 2)
        {
            HeaderEvidence evidence;
            for (std::size_t i = 0; i < 2; ++i)
            {
                evidence.headers[i] = zone_header(e["headers"][i][0]);
                evidence.signatures[i] = fixed<96>(e["headers"][i][1]);
            }
            check_pair(evidence);
        }
        else if (kind == 3)
        {
            ProposalEvidence evidence;
            evidence.epoch = integer(e["epoch"]);
            evidence.view = integer(e["view"]);
            for (std::size_t i = 0; i < 2; ++i)
            {
                evidence.blocks[i] = digest(e["proposals"][i][0]);
                evidence.signatures[i] = fixed<96>(e["proposals"][i][1]);
            }
            check_pair(evidence);
        }
        else
        {
            REQUIRE(kind == 4);
            BadRowEvidence evidence;
            evidence.header = zone_header(e["header"]);
            evidence.signature = fixed<96>(e["sig"]);
            evidence.bad_row = digest(e["bad_row"]);
            check(evidence);
        }
    }
    CHECK(tree.leaves() == 5);
    CHECK(to_hex(tree.root()) == text(vectors()["evidence_root"]));
}

TEST_CASE("pairs of votes conflict as the vectors say, in both orders")
{
    int conflicting = 0;
    for (const Json& pair : vectors()["vote_pairs"])
    {
        const auto kind = [&](const char* name)
        { return static_cast<std::uint8_t>(integer(pair[name][0])); };
        const Digest a = digest(pair["a"][1]), b = digest(pair["b"][1]);
        CAPTURE(pair.dump());
        CHECK(conflicts(kind("a"), a, kind("b"), b) == pair["conflict"].get<bool>());
        CHECK(conflicts(kind("b"), b, kind("a"), a) == pair["conflict"].get<bool>());
        VoteEvidence evidence;
        evidence.votes = {{{kind("a"), a, {}}, {kind("b"), b, {}}}};
        put_in_order(evidence);
        CHECK(convicts(evidence) == pair["conflict"].get<bool>());
        conflicting += pair["conflict"].get<bool>() ? 1 : 0;
    }
    CHECK(vectors()["vote_pairs"].size() == 16);
    CHECK(conflicting > 0);
}

TEST_CASE("zone updates have the vectors' bytes, and their root is the body root")
{
    TreeBuilder tree;
    for (const Json& vector : vectors()["zone_updates"])
    {
        const OwnedUpdate owned(vector["update"]);
        const ZoneUpdate update = owned.get();
        const ByteVector bytes = bytes_of(update);
        CHECK(to_hex(bytes) == text(vector["bytes"]));
        CHECK(leaf_hash_of(update) == leaf_hash(bytes));
        tree.add(leaf_hash_of(update));
    }
    CHECK(tree.leaves() == 3);
    CHECK(to_hex(tree.root()) == text(vectors()["body_root"]));
}
