// The messages about zones and the root chain: against a writer that knows no schema, with every field
// left out, shortened and lengthened, and on the vectors' certificates and updates.
#include "wire/consensus_messages.hpp"

#include <catch2/catch.hpp>
#include <functional>

#include "sdk/chain/chain_support.hpp"
#include "wire_support.hpp"

using namespace mote::wire;
using namespace wire_test;
using chain_test::Json;
using mote::MutableBytes;
using mote::Status;
namespace chain = mote::chain;

namespace
{
/// What decoding said, and what encoding made of the result.
struct Outcome
{
    Drop why = Drop::none;
    ByteVector again;
};

template <class T>
Outcome finish(Status status, Drop why, const T& value, std::size_t bytes_max)
{
    CHECK((status == Status::ok) == (why == Drop::none));
    CHECK((status == Status::ok || status == Status::malformed));
    ByteVector memory(bytes_max);
    std::size_t written = 0;
    const Status encoded = encode(value, memory, written);
    if (status != Status::ok)
        return {why, {}};
    REQUIRE(encoded == Status::ok);
    memory.resize(written);
    // One byte less is too little, and nothing is left behind.
    ByteVector small(written - 1);
    std::size_t none = 7;
    CHECK(encode(value, small, none) == Status::memory_too_small);
    CHECK(none == 0);
    return {why, memory};
}

template <class T>
Outcome run_as(Bytes body, std::size_t bytes_max)
{
    const Exact exact(body);
    T value;
    Drop why = Drop::nested;
    const Status status = decode(exact.view(), value, why);
    return finish(status, why, value, bytes_max);
}

Outcome run_update(Bytes body)
{
    const Exact exact(body);
    std::array<chain::ZoneHeader, chain::skipped_max> skipped;
    chain::ZoneUpdate value;
    Drop why = Drop::nested;
    const Status status = decode(exact.view(), skipped, value, why);
    return finish(status, why, value, zone_update_message_bytes_max);
}

Outcome run_follower(Bytes body)
{
    const Exact exact(body);
    std::array<std::uint32_t, absent_max> absent;
    chain::FollowerCertificate value;
    Drop why = Drop::nested;
    const Status status = decode(exact.view(), absent, value, why);
    return finish(status, why, value, follower_cert_message_bytes_max);
}

// The fields of one good message of each kind, in the order of their numbers, without zeros.

Fields cert_fields(std::uint32_t kind)
{
    Fields out = {number_field(1, kind), number_field(2, 8), number_field(3, 1ULL << 40)};
    if (kind == 4 || kind == 5)
        out.push_back(number_field(4, 300));
    if (kind != 2)
        out.push_back(bytes_field(5, counting(32, 1)));
    out.push_back(bytes_field(6, counting(25, 0x30)));
    out.push_back(bytes_field(7, counting(96, 0x40)));
    return out;
}

Fields zone_header_fields(bool is_signed, std::uint8_t first = 1, std::uint32_t zone = 300)
{
    Fields out = {number_field(1, 1),
                  number_field(2, zone),
                  number_field(3, 1ULL << 50),
                  bytes_field(4, counting(32, first)),
                  number_field(5, 7),
                  number_field(6, 1ULL << 63),
                  number_field(7, 1700000000000),
                  number_field(8, UINT32_MAX),
                  bytes_field(9, counting(32, 0x10)),
                  bytes_field(10, counting(32, 0x20)),
                  bytes_field(11, counting(32, 0x30)),
                  bytes_field(12, counting(32, 0x40))};
    if (is_signed)
        out.push_back(bytes_field(13, counting(96, 0x50)));
    return out;
}

Fields statement_fields()
{
    Fields out = {number_field(1, 300), bytes_field(2, counting(32, 2)), number_field(3, 9),
                  number_field(4, 12)};
    for (std::uint32_t i = 5; i <= 10; ++i)
        out.push_back(bytes_field(i, counting(32, static_cast<std::uint8_t>(8 * i))));
    out.push_back(number_field(11, 5));
    return out;
}

Fields update_fields(int skipped)
{
    Fields out = {bytes_field(1, joined(zone_header_fields(true)))};
    for (int i = 0; i < skipped; ++i)
        out.push_back(
            bytes_field(2, joined(zone_header_fields(false, static_cast<std::uint8_t>(i)))));
    out.push_back(bytes_field(3, joined(cert_fields(4))));
    out.push_back(bytes_field(4, joined(statement_fields())));
    out.push_back(bytes_field(5, joined(cert_fields(5))));
    return out;
}

Fields root_header_fields()
{
    Fields out = {number_field(1, 1), number_field(2, 3), number_field(3, 11000),
                  number_field(4, 17)};
    out.push_back(bytes_field(5, counting(32, 5)));
    out.push_back(number_field(6, 16));
    out.push_back(number_field(7, 2));
    out.push_back(number_field(8, 1700000000001));
    for (std::uint32_t i = 9; i <= 18; ++i)
        out.push_back(bytes_field(i, counting(32, static_cast<std::uint8_t>(10 * i))));
    out.push_back(number_field(19, 1));
    out.push_back(bytes_field(20, counting(32, 0xd0)));
    out.push_back(bytes_field(21, counting(32, 0xe0)));
    return out;
}

Fields vote_fields(std::uint32_t kind, std::uint8_t first = 1)
{
    Fields out = {number_field(1, kind), number_field(2, 8), number_field(3, 21)};
    if (kind != 2)
        out.push_back(bytes_field(5, counting(32, first)));
    out.push_back(number_field(6, 1000));
    out.push_back(bytes_field(7, counting(96, static_cast<std::uint8_t>(first + 1))));
    return out;
}

Fields partial_fields() { return {bytes_field(1, joined(cert_fields(1))), number_field(2, 15)}; }

ByteVector proposal_signature(std::uint8_t first)
{
    return joined({number_field(2, 8), number_field(3, 21), bytes_field(5, counting(32, first)),
                   bytes_field(7, counting(96, first))});
}

Fields evidence_fields(std::uint32_t kind)
{
    Fields out = {number_field(1, kind)};
    if (kind == 1)
    {
        out.push_back(bytes_field(2, joined(vote_fields(2))));
        out.push_back(bytes_field(3, joined(vote_fields(3))));
    }
    if (kind == 2 || kind == 4)
        out.push_back(bytes_field(4, joined(zone_header_fields(true, 2))));
    if (kind == 2)  // the first has the lower hash
        out.push_back(bytes_field(5, joined(zone_header_fields(true, 1))));
    if (kind == 3)
    {
        out.push_back(bytes_field(6, proposal_signature(1)));
        out.push_back(bytes_field(7, proposal_signature(2)));
    }
    if (kind == 4)
        out.push_back(bytes_field(8, counting(32, 9)));
    return out;
}

Fields proposal_fields()
{
    return {bytes_field(1, joined(root_header_fields())),
            bytes_field(2, joined(update_fields(2))),
            bytes_field(2, joined(update_fields(0))),
            bytes_field(3, joined(evidence_fields(1))),
            bytes_field(3, joined(evidence_fields(4))),
            bytes_field(4, counting(96, 0x11)),
            bytes_field(5, joined(cert_fields(1))),
            bytes_field(6, joined(cert_fields(2))),
            bytes_field(6, joined(cert_fields(2))),
            bytes_field(7, counting(96, 0x22)),
            number_field(8, 18),
            bytes_field(9, counting(168, 0x33)),
            bytes_field(9, counting(168, 0x44)),
            bytes_field(10, counting(104, 0x55)),
            bytes_field(10, counting(104, 0x66))};
}

Fields follower_fields()
{
    return {bytes_field(1, joined(cert_fields(6))),
            number_field(2, 200),
            number_field(3, 150),
            bytes_field(4, counting(32, 4)),
            bytes_field(5, counting(48, 5)),
            bytes_field(6, joined({varint(3), varint(140), varint(300)})),
            bytes_field(7, counting(168, 7)),
            bytes_field(8, counting(96, 8))};
}

struct Kind
{
    const char* name;
    Fields fields;
    std::function<Outcome(Bytes)> run;
    std::size_t bytes_max;
    std::vector<std::size_t> may_be_absent;  ///< positions in `fields`
};

const std::vector<Kind>& kinds()
{
    const auto as = []<class T>(T, std::size_t bytes_max)
    { return [=](Bytes body) { return run_as<T>(body, bytes_max); }; };
    const auto cert = as(chain::Certificate(), cert_message_bytes_max);
    const auto header = as(SignedZoneHeader(), zone_header_message_bytes_max);
    const auto root_header = as(chain::RootHeader(), root_header_message_bytes_max);
    const auto vote = as(VoteMessage(), vote_message_bytes_max);
    const auto partial = as(PartialMessage(), partial_message_bytes_max);
    const auto evidence = as(EvidenceMessage(), evidence_message_bytes_max);
    const auto proposal = as(ProposalMessage(), proposal_message_bytes_max);
    // Numbers that are 0 are absent, except a kind and a version, which are never 0.
    static const std::vector<Kind> all = {
        {"notarize", cert_fields(1), cert, cert_message_bytes_max, {1, 2}},
        {"nullify", cert_fields(2), cert, cert_message_bytes_max, {1, 2}},
        {"avail", cert_fields(4), cert, cert_message_bytes_max, {1, 2, 3}},
        {"ckpt", cert_fields(6), cert, cert_message_bytes_max, {1, 2}},
        {"zone header",
         zone_header_fields(true),
         header,
         zone_header_message_bytes_max,
         {1, 2, 4, 5, 6, 7, 12}},
        {"root header",
         root_header_fields(),
         root_header,
         root_header_message_bytes_max,
         {1, 2, 3, 5, 6, 7, 11, 12, 13, 18, 19}},
        {"vote", vote_fields(1), vote, vote_message_bytes_max, {1, 2, 4}},
        {"nullify vote", vote_fields(2), vote, vote_message_bytes_max, {1, 2, 3}},
        {"partial", partial_fields(), partial, partial_message_bytes_max, {1}},
        {"votes", evidence_fields(1), evidence, evidence_message_bytes_max, {}},
        {"headers", evidence_fields(2), evidence, evidence_message_bytes_max, {}},
        {"proposals", evidence_fields(3), evidence, evidence_message_bytes_max, {}},
        {"bad row", evidence_fields(4), evidence, evidence_message_bytes_max, {}},
        {"update", update_fields(2), run_update, zone_update_message_bytes_max, {1, 2}},
        {"proposal",
         proposal_fields(),
         proposal,
         proposal_message_bytes_max,
         {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14}},
        {"follower certificate",
         follower_fields(),
         run_follower,
         follower_cert_message_bytes_max,
         {1, 2, 7}},
    };
    return all;
}

bool contains(const std::vector<std::size_t>& set, std::size_t value)
{
    return std::find(set.begin(), set.end(), value) != set.end();
}
}  // namespace

TEST_CASE("each message decodes and encodes to the bytes of a writer that knows no schema")
{
    for (const Kind& kind : kinds())
    {
        CAPTURE(kind.name);
        const ByteVector body = joined(kind.fields);
        const Outcome outcome = kind.run(body);
        CHECK(outcome.why == Drop::none);
        CHECK(chain_test::to_hex(outcome.again) == chain_test::to_hex(body));
        CHECK(body.size() <= kind.bytes_max);
    }
}

TEST_CASE("fields may come in any order, and unknown ones are skipped")
{
    for (const Kind& kind : kinds())
    {
        CAPTURE(kind.name);
        Fields fields = kind.fields;
        // Lists keep their order; everything else is turned around.
        if (std::string(kind.name) != "proposal" && std::string(kind.name) != "update")
            std::reverse(fields.begin(), fields.end());
        fields.insert(fields.begin(), bytes_field(30, counting(9, 0)));
        fields.push_back(number_field(31, 5));
        const Outcome outcome = kind.run(joined(fields));
        CHECK(outcome.why == Drop::none);
        CHECK(chain_test::to_hex(outcome.again) == chain_test::to_hex(joined(kind.fields)));
    }
}

TEST_CASE("a message without a field is dropped unless the field may be absent")
{
    for (const Kind& kind : kinds())
        for (std::size_t i = 0; i < kind.fields.size(); ++i)
        {
            CAPTURE(kind.name, i);
            Fields fields = kind.fields;
            fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(i));
            const Outcome outcome = kind.run(joined(fields));
            if (contains(kind.may_be_absent, i))
                CHECK(outcome.again == joined(fields));
            else
                CHECK(outcome.why != Drop::none);
        }
}

TEST_CASE("a message whose value is a byte longer or shorter is dropped")
{
    for (const Kind& kind : kinds())
        for (std::size_t i = 0; i < kind.fields.size(); ++i)
        {
            const ByteVector& field = kind.fields[i];
            // Tags up to 15 are one byte, up to 31 two; a length of up to two bytes follows.
            const std::size_t tag_bytes = (field[0] & 0x80) != 0 ? 2 : 1;
            if ((field[0] & 7) != 2)
                continue;
            const std::size_t prefix_bytes = (field[tag_bytes] & 0x80) != 0 ? 2 : 1;
            const std::uint32_t number =
                (tag_bytes == 2 ? (field[0] & 0x7fU) | std::uint32_t{field[1]} << 7
                                : std::uint32_t{field[0]}) >>
                3;
            const ByteVector value(
                field.begin() + static_cast<std::ptrdiff_t>(tag_bytes + prefix_bytes), field.end());
            if (std::string(kind.name) != "update" && number == 6 && value.size() == 25)
                continue;  // a bitmap has no length of its own
            for (const int change : {-1, 1})
            {
                CAPTURE(kind.name, number, change);
                ByteVector changed = value;
                changed.resize(changed.size() + static_cast<std::size_t>(change + 2) - 2);
                Fields fields = kind.fields;
                fields[i] = bytes_field(number, changed);
                CHECK(kind.run(joined(fields)).why != Drop::none);
            }
        }
}

TEST_CASE("a body that is cut anywhere decodes to nothing or to less, never beyond its end")
{
    for (const Kind& kind : kinds())
    {
        CAPTURE(kind.name);
        const ByteVector body = joined(kind.fields);
        for (std::size_t cut = 0; cut < body.size(); ++cut)
        {
            const Outcome outcome = kind.run(Bytes(body).first(cut));
            if (outcome.why == Drop::none)
                CHECK(outcome.again ==
                      ByteVector(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(cut)));
        }
        ByteVector longer(kind.bytes_max + 1);
        CHECK(kind.run(longer).why == Drop::too_long);
    }
}

namespace
{
/// A message with one field in the place of another.
Drop drop_of(const Kind& kind, std::size_t at, const ByteVector& field)
{
    Fields fields = kind.fields;
    fields[at] = field;
    return kind.run(joined(fields)).why;
}

const Kind& kind_named(const std::string& name)
{
    for (const Kind& kind : kinds())
        if (kind.name == name)
            return kind;
    throw std::runtime_error("no message " + name);
}

Drop drop_with(const std::string& name, const ByteVector& more)
{
    Fields fields = kind_named(name).fields;
    fields.push_back(more);
    return kind_named(name).run(joined(fields)).why;
}
}  // namespace

TEST_CASE("fields that a kind does not use have to be absent")
{
    CHECK(drop_with("notarize", number_field(4, 1)) == Drop::unused);
    CHECK(drop_with("ckpt", number_field(4, 1)) == Drop::unused);
    CHECK(drop_with("nullify", bytes_field(5, counting(32, 1))) == Drop::unused);
    CHECK(drop_with("nullify vote", bytes_field(5, counting(32, 1))) == Drop::unused);
    CHECK(drop_with("vote", number_field(4, 1)) == Drop::unused);
    CHECK(drop_with("votes", bytes_field(8, counting(32, 1))) == Drop::unused);
    CHECK(drop_with("votes", bytes_field(4, joined(zone_header_fields(true)))) == Drop::unused);
    CHECK(drop_with("headers", bytes_field(2, joined(vote_fields(1)))) == Drop::unused);
    CHECK(drop_with("bad row", bytes_field(5, joined(zone_header_fields(true)))) == Drop::unused);
    CHECK(drop_with("proposals", bytes_field(3, joined(vote_fields(1)))) == Drop::unused);
    // A proposal's signature is no certificate: kind 0, no signers.
    const Kind& proposals = kind_named("proposals");
    CHECK(drop_of(proposals, 1,
                  bytes_field(6, joined({proposal_signature(1), number_field(1, 1)}))) ==
          Drop::unused);
    CHECK(drop_of(proposals, 1,
                  bytes_field(6, joined({proposal_signature(1), bytes_field(6, {1})}))) ==
          Drop::unused);
}

TEST_CASE("kinds, versions and numbers out of range are dropped")
{
    for (const std::uint64_t kind : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{257}})
    {
        CHECK(drop_of(kind_named("notarize"), 0, number_field(1, kind)) == Drop::kind);
        CHECK(drop_of(kind_named("vote"), 0, number_field(1, kind)) == Drop::kind);
    }
    for (const std::uint64_t kind : {std::uint64_t{0}, std::uint64_t{5}})
        CHECK(drop_of(kind_named("votes"), 0, number_field(1, kind)) == Drop::kind);
    for (const std::uint64_t version : {std::uint64_t{0}, std::uint64_t{2}})
    {
        CHECK(drop_of(kind_named("zone header"), 0, number_field(1, version)) == Drop::version);
        CHECK(drop_of(kind_named("root header"), 0, number_field(1, version)) == Drop::version);
    }
    CHECK(drop_of(kind_named("zone header"), 1, number_field(2, 1ULL << 32)) == Drop::syntax);
    CHECK(drop_of(kind_named("vote"), 4, number_field(6, 1ULL << 32)) == Drop::syntax);
    // A bitmap has 1 to 256 bytes.
    CHECK(drop_of(kind_named("notarize"), 4, bytes_field(6, counting(256, 1))) == Drop::none);
    CHECK(drop_of(kind_named("notarize"), 4, bytes_field(6, counting(257, 1))) != Drop::none);
    CHECK(drop_of(kind_named("notarize"), 4, bytes_field(6, {})) == Drop::missing);
    // Votes of evidence are about one view, by one member, of the root chain.
    Fields other = vote_fields(3);
    other[2] = number_field(3, 22);
    CHECK(drop_of(kind_named("votes"), 2, bytes_field(3, joined(other))) == Drop::unused);
    other = vote_fields(3);
    other[4] = number_field(6, 999);
    CHECK(drop_of(kind_named("votes"), 2, bytes_field(3, joined(other))) == Drop::unused);
    CHECK(drop_of(kind_named("votes"), 2, bytes_field(3, joined(vote_fields(6)))) == Drop::kind);
    // A certificate in the place of another one.
    const std::size_t avail = 3, valid = 5;
    CHECK(drop_of(kind_named("update"), avail, bytes_field(3, joined(cert_fields(1)))) ==
          Drop::kind);
    CHECK(drop_of(kind_named("update"), valid, bytes_field(5, joined(cert_fields(4)))) ==
          Drop::kind);
    CHECK(drop_of(kind_named("proposal"), 6, bytes_field(5, joined(cert_fields(2)))) == Drop::kind);
    CHECK(drop_of(kind_named("proposal"), 7, bytes_field(6, joined(cert_fields(1)))) ==
          Drop::nested);
    // Headers of an update: the tip has a signature, the others have none, one zone.
    CHECK(drop_of(kind_named("update"), 0, bytes_field(1, joined(zone_header_fields(false)))) ==
          Drop::missing);
    CHECK(drop_of(kind_named("update"), 1, bytes_field(2, joined(zone_header_fields(true)))) ==
          Drop::unused);
    CHECK(drop_of(kind_named("update"), 0,
                  bytes_field(1, joined(zone_header_fields(true, 1, 301)))) == Drop::unused);
}

TEST_CASE("lists have a maximum")
{
    const auto update = [](int skipped) { return run_update(joined(update_fields(skipped))).why; };
    CHECK(update(32) == Drop::none);
    CHECK(update(33) == Drop::syntax);

    struct List
    {
        ByteVector element;
        std::size_t there, max;
    };
    for (const List& list : {List{bytes_field(2, joined(update_fields(0))), 2, zones_max},
                             List{bytes_field(3, joined(evidence_fields(3))), 2, 16},
                             List{bytes_field(6, joined(cert_fields(2))), 2, nullifications_max},
                             List{bytes_field(9, counting(168, 1)), 2, epoch_sets_max},
                             List{bytes_field(10, counting(104, 1)), 2, zones_max}})
    {
        Fields fields = proposal_fields();
        for (std::size_t i = list.there; i < list.max; ++i)
            fields.push_back(list.element);
        CHECK(kind_named("proposal").run(joined(fields)).why == Drop::none);
        fields.push_back(list.element);
        CHECK(kind_named("proposal").run(joined(fields)).why == Drop::syntax);
    }

    // Absent members: one by one, in pieces, and as many as there can be.
    Fields fields = follower_fields();
    fields[5] = joined({number_field(6, 3), number_field(6, 140), number_field(6, 300)});
    const Outcome one_by_one = run_follower(joined(fields));
    CHECK(one_by_one.why == Drop::none);
    CHECK(one_by_one.again == joined(follower_fields()));
    for (const std::size_t count : {absent_max, absent_max + 1})
    {
        ByteVector indices;
        for (std::size_t i = 0; i < count; ++i)
        {
            const ByteVector index = varint(i);
            indices.insert(indices.end(), index.begin(), index.end());
        }
        fields[5] = bytes_field(6, indices);
        fields[6] = bytes_field(7, counting(56 * count, 1));
        CHECK((run_follower(joined(fields)).why == Drop::none) == (count == absent_max));
    }
}

TEST_CASE("encoding refuses what decoding would drop, and leaves nothing")
{
    ByteVector memory(proposal_message_bytes_max, 0);
    std::size_t written = 7;
    const auto refused = [&](const auto& message)
    {
        CHECK(encode(message, memory, written) == Status::invalid_argument);
        CHECK(written == 0);
        CHECK(std::all_of(memory.begin(), memory.end(), [](std::uint8_t b) { return b == 0; }));
    };
    refused(chain::Certificate());
    SignedZoneHeader header;
    header.header.version = 2;
    refused(header);
    refused(chain::ZoneUpdate());
    EvidenceMessage evidence;
    evidence.kind = 5;
    refused(evidence);
    ProposalMessage proposal;
    proposal.update_count = zones_max + 1;
    refused(proposal);
    const std::vector<chain::ZoneHeader> many(33);
    chain::ZoneUpdate update;
    update.skipped = many;
    refused(update);
}

TEST_CASE("the vectors' updates and certificates travel unchanged")
{
    ByteVector memory(follower_cert_message_bytes_max + zone_update_message_bytes_max);
    std::size_t written = 0, count = 0;
    Drop why = Drop::none;
    const Json layouts = chain_test::read("layouts.json");
    const Json certificates = chain_test::read("certificates.json");
    for (const Json& vector : layouts["zone_updates"])
    {
        const chain_test::OwnedUpdate owned(vector["update"]);
        // Their zones are arbitrary; a message has one.
        chain::ZoneUpdate update = owned.get();
        update.tip.zone = update.statement.zone = update.zone;
        REQUIRE(encode(update, memory, written) == Status::ok);
        std::array<chain::ZoneHeader, chain::skipped_max> skipped;
        chain::ZoneUpdate again;
        REQUIRE(decode(Bytes(memory).first(written), skipped, again, why) == Status::ok);
        CHECK(chain_test::bytes_of(again) == chain_test::bytes_of(update));
        ++count;
    }
    CHECK(count == 3);
    for (const Json& committee : certificates["committees"])
        for (const Json& vector : committee["certs"])
        {
            const chain_test::OwnedFollower owned(vector["follower"]);
            const chain::FollowerCertificate follower = owned.get();
            const bool fits = chain_test::text(vector["what"]) != "zone in a root certificate";
            REQUIRE((encode(follower, memory, written) == Status::ok) == fits);
            if (!fits)
                continue;
            std::array<std::uint32_t, absent_max> absent;
            chain::FollowerCertificate again;
            REQUIRE(decode(Bytes(memory).first(written), absent, again, why) == Status::ok);
            CHECK(chain::certificate_hash(again.certificate) ==
                  chain::certificate_hash(follower.certificate));
            CHECK(again.seats == follower.seats);
            CHECK(again.members == follower.members);
            CHECK(again.members_root == follower.members_root);
            CHECK(again.agg_pk == follower.agg_pk);
            CHECK(std::equal(again.absent.begin(), again.absent.end(), follower.absent.begin(),
                             follower.absent.end()));
            CHECK(to_vector(again.leaves) == to_vector(follower.leaves));
            CHECK(to_vector(again.path) == to_vector(follower.path));
            ++count;
        }
    CHECK(count == 3 + 46);
}
