#include "wire/consensus_messages.hpp"

#include <pb_decode.h>
#include <pb_encode.h>

#include <cstring>
#include <type_traits>

#include "base/assert.hpp"
#include "wire/consensus.pb.h"

namespace mote::wire
{
namespace
{
using namespace chain;

// Reading. The stream's state is the address of the next byte, which substreams share: a callback can
// tell where its bytes lie and step over them.

bool read(pb_istream_t* stream, pb_byte_t* buffer, std::size_t count)
{
    const auto*& next = *static_cast<const std::uint8_t**>(stream->state);
    if (count != 0)
        std::memcpy(buffer, next, count);
    next += count;
    return true;
}

/// Takes the rest of a field as a view. A field sent with another wire type comes as a stream over a
/// copy on nanopb's stack; it is refused.
bool take_view(pb_istream_t* stream, Bytes& out) noexcept
{
    if (stream->callback != &read)
        return false;
    const auto*& next = *static_cast<const std::uint8_t**>(stream->state);
    out = {next, stream->bytes_left};
    next += stream->bytes_left;
    stream->bytes_left = 0;
    return true;
}

bool read_view(pb_istream_t* stream, const pb_field_t*, void** arg)
{
    return take_view(stream, *static_cast<Bytes*>(*arg));
}

bool write_view(pb_ostream_t* stream, const pb_field_t* field, void* const* arg)
{
    const Bytes bytes = *static_cast<const Bytes*>(*arg);
    return bytes.empty() || (pb_encode_tag_for_field(stream, field) &&
                             pb_encode_string(stream, bytes.data(), bytes.size()));
}

/// A list of views with a maximum.
struct Views
{
    Bytes* first;
    std::size_t* count;
    std::size_t max;
};

bool read_views(pb_istream_t* stream, const pb_field_t*, void** arg)
{
    const Views& views = *static_cast<Views*>(*arg);
    if (*views.count == views.max || !take_view(stream, views.first[*views.count]))
        return false;
    ++*views.count;
    return true;
}

bool write_views(pb_ostream_t* stream, const pb_field_t* field, void* const* arg)
{
    const Views& views = *static_cast<const Views*>(*arg);
    for (std::size_t i = 0; i < *views.count; ++i)
        if (!pb_encode_tag_for_field(stream, field) ||
            !pb_encode_string(stream, views.first[i].data(), views.first[i].size()))
            return false;
    return true;
}

void on_views(pb_callback_t& field, Views& views, bool reading) noexcept
{
    if (reading)
        field.funcs.decode = read_views;
    else
        field.funcs.encode = write_views;
    field.arg = &views;
}

/// Whether a value has to be there.
enum class Presence : std::uint8_t
{
    required,
    zero_if_absent,
    unused,
};

/// Takes values out of a decoded message; the first complaint counts.
class Take
{
  public:
    explicit Take(Drop& why) noexcept : why_(&why) {}

    void complain(Drop why) noexcept
    {
        if (*why_ == Drop::none)
            *why_ = why;
    }
    void demand(bool condition, Drop why) noexcept
    {
        if (!condition)
            complain(why);
    }

    template <class Pb, std::size_t n>
    void bytes(const Pb& field, std::array<std::uint8_t, n>& out, Presence presence) noexcept
    {
        out = {};
        if (field.size == 0)
            return demand(presence != Presence::required, Drop::missing);
        if (presence == Presence::unused)
            return complain(Drop::unused);
        if (field.size != n)
            return complain(Drop::length);
        std::memcpy(out.data(), field.bytes, n);
    }
    template <class Int>
    void number(const Int& field, Int& out) noexcept
    {
        out = field;
    }

  private:
    Drop* why_;
};

/// Puts values into a message that is to be encoded.
class Give
{
  public:
    void complain(Drop) noexcept {}
    void demand(bool, Drop) noexcept {}

    template <class Pb, std::size_t n>
    void bytes(Pb& field, const std::array<std::uint8_t, n>& value, Presence presence) noexcept
    {
        static_assert(sizeof(field.bytes) == n);
        constexpr std::array<std::uint8_t, n> zero{};
        if (presence == Presence::unused || (presence != Presence::required && value == zero))
            return;
        field.size = n;
        std::memcpy(field.bytes, value.data(), n);
    }
    template <class Int>
    void number(Int& field, const Int& value) noexcept
    {
        field = value;
    }
};

// The fields of each message, once for both directions.

template <class On, class Pb, class Header>
void visit(On& on, Pb& pb, Header& h, bool& is_signed, Signature& signature)
    requires std::is_same_v<std::remove_const_t<Pb>, mote_consensus_ZoneHeader>
{
    on.number(pb.version, h.version);
    on.number(pb.zone, h.zone);
    on.number(pb.height, h.height);
    on.bytes(pb.parent, h.parent, Presence::required);
    on.number(pb.producer, h.producer);
    on.number(pb.window, h.window);
    on.number(pb.time_ms, h.time_ms);
    on.number(pb.data_bytes, h.data_bytes);
    on.bytes(pb.anchor, h.anchor, Presence::required);
    on.bytes(pb.data_commit, h.data_commit, Presence::required);
    on.bytes(pb.claimed_root, h.claimed_root, Presence::required);
    on.bytes(pb.out_msgs_root, h.out_msgs_root, Presence::required);
    on.demand(h.version == header_version, Drop::version);
    if constexpr (std::is_same_v<On, Take>)
        is_signed = pb.sig.size != 0;
    on.bytes(pb.sig, signature, is_signed ? Presence::required : Presence::unused);
}

template <class On, class S>
void visit(On& on, mote_consensus_Statement& pb, S& s) noexcept
{
    on.number(pb.zone, s.zone);
    on.bytes(pb.program_id, s.program_id, Presence::required);
    on.number(pb.from, s.from);
    on.number(pb.to, s.to);
    on.number(pb.void_mask, s.void_mask);
    on.bytes(pb.prev_header, s.prev_header, Presence::required);
    on.bytes(pb.last_header, s.last_header, Presence::required);
    on.bytes(pb.pre_root, s.pre_root, Presence::required);
    on.bytes(pb.post_root, s.post_root, Presence::required);
    on.bytes(pb.out_msgs_root, s.out_msgs_root, Presence::required);
    on.bytes(pb.aux_root, s.aux_root, Presence::zero_if_absent);
}

template <class On, class H>
void visit(On& on, mote_consensus_RootHeader& pb, H& h) noexcept
{
    on.number(pb.version, h.version);
    on.number(pb.flags, h.flags);
    on.number(pb.epoch, h.epoch);
    on.number(pb.height, h.height);
    on.number(pb.view, h.view);
    on.bytes(pb.parent, h.parent, Presence::required);
    on.number(pb.parent_view, h.parent_view);
    on.number(pb.proposer, h.proposer);
    on.number(pb.time_ms, h.time_ms);
    on.bytes(pb.body_root, h.body_root, Presence::required);
    on.bytes(pb.zone_table_root, h.zone_table_root, Presence::required);
    on.bytes(pb.root_committee, h.root_committee, Presence::required);
    on.bytes(pb.next_root_committee, h.next_root_committee, Presence::zero_if_absent);
    on.bytes(pb.ckpt_committee, h.ckpt_committee, Presence::zero_if_absent);
    on.bytes(pb.next_ckpt_committee, h.next_ckpt_committee, Presence::zero_if_absent);
    on.bytes(pb.zones_root, h.zones_root, Presence::required);
    on.bytes(pb.params_root, h.params_root, Presence::required);
    on.bytes(pb.randao, h.randao, Presence::required);
    on.bytes(pb.evidence_root, h.evidence_root, Presence::required);
    on.bytes(pb.next_set, h.next_set, Presence::zero_if_absent);
    on.bytes(pb.epoch_randao, h.epoch_randao, Presence::required);
    on.demand(h.version == header_version, Drop::version);
}

// Kinds, and the fields that they do not use.

[[nodiscard]] bool has_zone(std::uint32_t kind) noexcept
{
    return kind == static_cast<std::uint32_t>(Kind::avail) ||
           kind == static_cast<std::uint32_t>(Kind::valid);
}

[[nodiscard]] Presence presence_of_subject(std::uint32_t kind) noexcept
{
    return kind == static_cast<std::uint32_t>(Kind::nullify) ? Presence::unused
                                                             : Presence::required;
}

[[nodiscard]] bool is_kind(std::uint32_t kind) noexcept
{
    return kind >= static_cast<std::uint32_t>(Kind::notarize) &&
           kind <= static_cast<std::uint32_t>(Kind::ckpt);
}

/// What certificates and votes have in common; T is one of the two.
template <class On, class Pb, class T>
void visit_vote(On& on, Pb& pb, T& t) noexcept
{
    auto kind = static_cast<std::uint32_t>(t.kind);  // NOLINT(misc-const-correctness): Take writes
    on.number(pb.kind, kind);
    on.demand(is_kind(kind), Drop::kind);
    if constexpr (std::is_same_v<On, Take>)
        t.kind = is_kind(kind) ? static_cast<Kind>(kind) : Kind::notarize;
    on.number(pb.epoch, t.epoch);
    on.number(pb.view_or_height, t.view_or_height);
    on.number(pb.zone, t.zone);
    on.demand(has_zone(kind) || t.zone == 0, Drop::unused);
    on.bytes(pb.subject, t.subject, presence_of_subject(kind));
    on.bytes(pb.sig, t.signature, Presence::required);
}

template <class On, class V>
void visit(On& on, mote_consensus_Vote& pb, V& vote) noexcept
{
    visit_vote(on, pb, vote);
    on.number(pb.member, vote.member);
}

void attach(mote_consensus_Cert& pb, Bytes& signers) noexcept
{
    pb.signers.funcs.decode = read_view;
    pb.signers.arg = &signers;
}

void take(Take& on, mote_consensus_Cert& pb, Certificate& certificate) noexcept
{
    visit_vote(on, pb, certificate);
    on.demand(!certificate.signers.empty(), Drop::missing);
    on.demand(certificate.signers.size() <= signer_bytes_max, Drop::length);
}

void give(Give& on, mote_consensus_Cert& pb, const Certificate& certificate) noexcept
{
    visit_vote(on, pb, certificate);
    pb.signers.funcs.encode = write_view;
    pb.signers.arg = const_cast<Bytes*>(&certificate.signers);  // one type for both directions
}

bool parse(Bytes body, const pb_msgdesc_t* fields, void* pb) noexcept
{
    const std::uint8_t* next = body.data();
    pb_istream_t stream = PB_ISTREAM_EMPTY;
    stream.callback = &read;
    stream.state = static_cast<void*>(&next);
    stream.bytes_left = body.size();
    return pb_decode(&stream, fields, pb);
}

/// Parses, takes and checks: `attach` says where callbacks put things, `take` takes the rest.
template <class Pb, class T, class AttachTo, class TakeFrom>
Status decode_as(Bytes body, std::size_t bytes_max, const pb_msgdesc_t* fields, T& out, Drop& why,
                 const AttachTo& attach_to, const TakeFrom& take_from) noexcept
{
    out = T{};
    why = Drop::none;
    if (body.size() > bytes_max)
        why = Drop::too_long;
    Pb pb{};
    if (why == Drop::none)
    {
        attach_to(pb);
        if (!parse(body, fields, &pb))
            why = Drop::syntax;
    }
    if (why == Drop::none)
    {
        Take on(why);
        take_from(on, pb);
    }
    if (why == Drop::none)
        return Status::ok;
    out = T{};
    return Status::malformed;
}

/// Encodes; the result must be what decoding accepts, which `accepted` says.
template <class Pb>
Status encode_pb(const pb_msgdesc_t* fields, const Pb& pb, std::size_t bytes_max, MutableBytes out,
                 std::size_t& written) noexcept
{
    written = 0;
    std::size_t bytes = 0;
    if (!pb_get_encoded_size(&bytes, fields, &pb) || bytes > bytes_max)
        return Status::invalid_argument;
    if (bytes > out.size())
        return Status::memory_too_small;
    pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
    if (!pb_encode(&stream, fields, &pb))
        return Status::invalid_argument;
    written = bytes;
    return Status::ok;
}

/// Takes back what was written if it would be dropped.
Status keep_if(bool decodes, MutableBytes out, std::size_t& written) noexcept
{
    if (decodes)
        return Status::ok;
    std::memset(out.data(), 0, written);
    written = 0;
    return Status::invalid_argument;
}

template <class T>
Status encoded_if_decodes(Status status, MutableBytes out, std::size_t& written) noexcept
{
    if (status != Status::ok)
        return status;
    T again;
    Drop why;
    return keep_if(decode(out.first(written), again, why) == Status::ok, out, written);
}
}  // namespace

Status decode(Bytes body, Certificate& out, Drop& why) noexcept
{
    return decode_as<mote_consensus_Cert>(
        body, cert_message_bytes_max, mote_consensus_Cert_fields, out, why,
        [&](mote_consensus_Cert& pb) { attach(pb, out.signers); },
        [&](Take& on, mote_consensus_Cert& pb) { take(on, pb, out); });
}

Status encode(const Certificate& message, MutableBytes out, std::size_t& written) noexcept
{
    mote_consensus_Cert pb{};
    Give on;
    give(on, pb, message);
    return encoded_if_decodes<Certificate>(
        encode_pb(mote_consensus_Cert_fields, pb, cert_message_bytes_max, out, written), out,
        written);
}

Status decode(Bytes body, SignedZoneHeader& out, Drop& why) noexcept
{
    return decode_as<mote_consensus_ZoneHeader>(
        body, zone_header_message_bytes_max, mote_consensus_ZoneHeader_fields, out, why,
        [](mote_consensus_ZoneHeader&) {}, [&](Take& on, mote_consensus_ZoneHeader& pb)
        { visit(on, pb, out.header, out.is_signed, out.signature); });
}

Status encode(const SignedZoneHeader& message, MutableBytes out, std::size_t& written) noexcept
{
    mote_consensus_ZoneHeader pb{};
    Give on;
    SignedZoneHeader copy = message;
    visit(on, pb, copy.header, copy.is_signed, copy.signature);
    return encoded_if_decodes<SignedZoneHeader>(
        encode_pb(mote_consensus_ZoneHeader_fields, pb, zone_header_message_bytes_max, out,
                  written),
        out, written);
}

Status decode(Bytes body, RootHeader& out, Drop& why) noexcept
{
    return decode_as<mote_consensus_RootHeader>(
        body, root_header_message_bytes_max, mote_consensus_RootHeader_fields, out, why,
        [](mote_consensus_RootHeader&) {},
        [&](Take& on, mote_consensus_RootHeader& pb) { visit(on, pb, out); });
}

Status encode(const RootHeader& message, MutableBytes out, std::size_t& written) noexcept
{
    mote_consensus_RootHeader pb{};
    Give on;
    visit(on, pb, message);
    return encoded_if_decodes<RootHeader>(encode_pb(mote_consensus_RootHeader_fields, pb,
                                                    root_header_message_bytes_max, out, written),
                                          out, written);
}

Status decode(Bytes body, VoteMessage& out, Drop& why) noexcept
{
    return decode_as<mote_consensus_Vote>(
        body, vote_message_bytes_max, mote_consensus_Vote_fields, out, why,
        [](mote_consensus_Vote&) {},
        [&](Take& on, mote_consensus_Vote& pb) { visit(on, pb, out); });
}

Status encode(const VoteMessage& message, MutableBytes out, std::size_t& written) noexcept
{
    mote_consensus_Vote pb{};
    Give on;
    visit(on, pb, message);
    return encoded_if_decodes<VoteMessage>(
        encode_pb(mote_consensus_Vote_fields, pb, vote_message_bytes_max, out, written), out,
        written);
}

Status decode(Bytes body, PartialMessage& out, Drop& why) noexcept
{
    return decode_as<mote_consensus_Partial>(
        body, partial_message_bytes_max, mote_consensus_Partial_fields, out, why,
        [&](mote_consensus_Partial& pb) { attach(pb.cert, out.certificate.signers); },
        [&](Take& on, mote_consensus_Partial& pb)
        {
            on.demand(pb.has_cert, Drop::missing);
            take(on, pb.cert, out.certificate);
            on.number(pb.subnet, out.subnet);
        });
}

Status encode(const PartialMessage& message, MutableBytes out, std::size_t& written) noexcept
{
    mote_consensus_Partial pb{};
    Give on;
    pb.has_cert = true;
    give(on, pb.cert, message.certificate);
    pb.subnet = message.subnet;
    return encoded_if_decodes<PartialMessage>(
        encode_pb(mote_consensus_Partial_fields, pb, partial_message_bytes_max, out, written), out,
        written);
}

namespace
{
/// A proposal's block and signature, sent as a certificate of kind 0 without signers.
struct ProposalSignature
{
    std::uint64_t epoch = 0, view = 0;
    Digest block{};
    Signature signature{};
};

template <class On, class P>
void visit_proposal(On& on, mote_consensus_Cert& pb, P& p) noexcept
{
    if constexpr (std::is_same_v<On, Take>)
        on.demand(pb.kind == 0 && pb.zone == 0, Drop::unused);
    on.number(pb.epoch, p.epoch);
    on.number(pb.view_or_height, p.view);
    on.bytes(pb.subject, p.block, Presence::required);
    on.bytes(pb.sig, p.signature, Presence::required);
}

void take_votes(Take& on, mote_consensus_Evidence& pb, VoteEvidence& out) noexcept
{
    VoteMessage a, b;
    visit(on, pb.a, a);
    visit(on, pb.b, b);
    on.demand(a.kind <= Kind::finalize && b.kind <= Kind::finalize, Drop::kind);
    on.demand(a.epoch == b.epoch && a.view_or_height == b.view_or_height && a.member == b.member,
              Drop::unused);
    out.epoch = a.epoch;
    out.view = a.view_or_height;
    out.member = a.member;
    out.votes = {{{static_cast<std::uint8_t>(a.kind), a.subject, a.signature},
                  {static_cast<std::uint8_t>(b.kind), b.subject, b.signature}}};
    put_in_order(out);
}

void give_votes(Give& on, const VoteEvidence& votes, mote_consensus_Evidence& pb) noexcept
{
    for (std::size_t i = 0; i < 2; ++i)
    {
        const VoteMessage vote = {static_cast<Kind>(votes.votes[i].kind),
                                  votes.epoch,
                                  votes.view,
                                  0,
                                  votes.votes[i].block,
                                  votes.member,
                                  votes.votes[i].signature};
        visit(on, i == 0 ? pb.a : pb.b, vote);
    }
    pb.has_a = pb.has_b = true;
}

void take_headers(Take& on, mote_consensus_Evidence& pb, HeaderEvidence& out) noexcept
{
    bool first = false, second = false;
    visit(on, pb.ha, out.headers[0], first, out.signatures[0]);
    visit(on, pb.hb, out.headers[1], second, out.signatures[1]);
    on.demand(first && second, Drop::missing);
    put_in_order(out);
}

void take_proposals(Take& on, mote_consensus_Evidence& pb, ProposalEvidence& out) noexcept
{
    ProposalSignature a, b;
    visit_proposal(on, pb.pa, a);
    visit_proposal(on, pb.pb, b);
    on.demand(a.epoch == b.epoch && a.view == b.view, Drop::unused);
    out.epoch = a.epoch;
    out.view = a.view;
    out.blocks = {a.block, b.block};
    out.signatures = {a.signature, b.signature};
    put_in_order(out);
}

/// The parts that a kind of evidence has: two votes, one header, both headers, two proposals, a row.
struct Parts
{
    bool votes, header, second_header, proposals, bad_row;
};

[[nodiscard]] bool parts_of(std::uint32_t kind, Parts& out) noexcept
{
    out = {kind == 1, kind == 2 || kind == 4, kind == 2, kind == 3, kind == 4};
    return kind >= 1 && kind <= 4;
}

void take_evidence(Take& on, mote_consensus_Evidence& pb, const Bytes& signers_a,
                   const Bytes& signers_b, EvidenceMessage& out) noexcept
{
    Parts parts{};
    if (!parts_of(pb.kind, parts))
        return on.complain(Drop::kind);
    out.kind = pb.kind;
    const auto part = [&](bool wanted, bool there)
    {
        on.demand(there || !wanted, Drop::missing);
        on.demand(wanted || !there, Drop::unused);
    };
    part(parts.votes, pb.has_a);
    part(parts.votes, pb.has_b);
    part(parts.header, pb.has_ha);
    part(parts.second_header, pb.has_hb);
    part(parts.proposals, pb.has_pa);
    part(parts.proposals, pb.has_pb);
    on.demand(signers_a.empty() && signers_b.empty(), Drop::unused);
    on.bytes(pb.bad_row, out.bad_row.bad_row,
             parts.bad_row ? Presence::required : Presence::unused);
    if (parts.votes)
        take_votes(on, pb, out.votes);
    else if (parts.second_header)
        take_headers(on, pb, out.headers);
    else if (parts.proposals)
        take_proposals(on, pb, out.proposals);
    else
    {
        bool is_signed = false;
        visit(on, pb.ha, out.bad_row.header, is_signed, out.bad_row.signature);
        on.demand(is_signed, Drop::missing);
    }
}
}  // namespace

Status decode(Bytes body, EvidenceMessage& out, Drop& why) noexcept
{
    Bytes signers_a, signers_b;
    return decode_as<mote_consensus_Evidence>(
        body, evidence_message_bytes_max, mote_consensus_Evidence_fields, out, why,
        [&](mote_consensus_Evidence& pb)
        {
            attach(pb.pa, signers_a);
            attach(pb.pb, signers_b);
        },
        [&](Take& on, mote_consensus_Evidence& pb)
        { take_evidence(on, pb, signers_a, signers_b, out); });
}

Status encode(const EvidenceMessage& message, MutableBytes out, std::size_t& written) noexcept
{
    written = 0;
    Parts parts{};
    if (!parts_of(message.kind, parts))
        return Status::invalid_argument;
    mote_consensus_Evidence pb{};
    Give on;
    pb.kind = message.kind;
    bool is_signed = true;
    if (parts.votes)
        give_votes(on, message.votes, pb);
    if (parts.second_header)
    {
        HeaderEvidence copy = message.headers;
        pb.has_ha = pb.has_hb = true;
        visit(on, pb.ha, copy.headers[0], is_signed, copy.signatures[0]);
        visit(on, pb.hb, copy.headers[1], is_signed, copy.signatures[1]);
    }
    if (parts.proposals)
    {
        const ProposalEvidence& p = message.proposals;
        pb.has_pa = pb.has_pb = true;
        const ProposalSignature a = {p.epoch, p.view, p.blocks[0], p.signatures[0]};
        const ProposalSignature b = {p.epoch, p.view, p.blocks[1], p.signatures[1]};
        visit_proposal(on, pb.pa, a);
        visit_proposal(on, pb.pb, b);
    }
    if (parts.bad_row)
    {
        BadRowEvidence copy = message.bad_row;
        pb.has_ha = true;
        visit(on, pb.ha, copy.header, is_signed, copy.signature);
        on.bytes(pb.bad_row, copy.bad_row, Presence::required);
    }
    return encoded_if_decodes<EvidenceMessage>(
        encode_pb(mote_consensus_Evidence_fields, pb, evidence_message_bytes_max, out, written),
        out, written);
}

namespace
{
/// The headers between two tips, where they are decoded to.
struct SkippedHeaders
{
    ZoneHeader* first;
    std::size_t count;
    Drop why;
};

bool read_skipped(pb_istream_t* stream, const pb_field_t*, void** arg)
{
    auto& skipped = *static_cast<SkippedHeaders*>(*arg);
    mote_consensus_ZoneHeader pb{};
    if (stream->callback != &read || skipped.count == skipped_max ||
        !pb_decode(stream, mote_consensus_ZoneHeader_fields, &pb))
        return false;
    bool is_signed = false;
    Signature none;
    Take on(skipped.why);
    visit(on, pb, skipped.first[skipped.count], is_signed, none);
    on.demand(!is_signed, Drop::unused);
    ++skipped.count;
    return true;
}

bool write_skipped(pb_ostream_t* stream, const pb_field_t* field, void* const* arg)
{
    for (const ZoneHeader& header : *static_cast<const std::span<const ZoneHeader>*>(*arg))
    {
        mote_consensus_ZoneHeader pb{};
        Give on;
        ZoneHeader copy = header;
        bool is_signed = false;
        Signature none{};
        visit(on, pb, copy, is_signed, none);
        if (!pb_encode_tag_for_field(stream, field) ||
            !pb_encode_submessage(stream, mote_consensus_ZoneHeader_fields, &pb))
            return false;
    }
    return true;
}

void take_update(Take& on, mote_consensus_ZoneUpdate& pb, const SkippedHeaders& skipped,
                 ZoneUpdate& out) noexcept
{
    on.demand(pb.has_tip || pb.has_stmt, Drop::missing);
    on.demand(pb.has_tip == pb.has_avail && pb.has_stmt == pb.has_valid, Drop::missing);
    on.demand(pb.has_tip || skipped.count == 0, Drop::unused);
    on.demand(skipped.why == Drop::none, skipped.why);
    out.skipped = {skipped.first, skipped.count};
    if (pb.has_tip)
    {
        bool is_signed = false;
        out.has_tip = true;
        visit(on, pb.tip, out.tip, is_signed, out.tip_signature);
        on.demand(is_signed, Drop::missing);
        take(on, pb.avail, out.avail);
        on.demand(out.avail.kind == Kind::avail, Drop::kind);
        out.zone = out.tip.zone;
    }
    if (pb.has_stmt)
    {
        out.has_statement = true;
        visit(on, pb.stmt, out.statement);
        take(on, pb.valid, out.valid);
        on.demand(out.valid.kind == Kind::valid, Drop::kind);
        on.demand(!pb.has_tip || out.zone == out.statement.zone, Drop::unused);
        out.zone = out.statement.zone;
    }
}
}  // namespace

Status decode(Bytes body, std::span<ZoneHeader, skipped_max> skipped, ZoneUpdate& out,
              Drop& why) noexcept
{
    SkippedHeaders headers = {skipped.data(), 0, Drop::none};
    return decode_as<mote_consensus_ZoneUpdate>(
        body, zone_update_message_bytes_max, mote_consensus_ZoneUpdate_fields, out, why,
        [&](mote_consensus_ZoneUpdate& pb)
        {
            attach(pb.avail, out.avail.signers);
            attach(pb.valid, out.valid.signers);
            pb.skipped.funcs.decode = read_skipped;
            pb.skipped.arg = &headers;
        },
        [&](Take& on, mote_consensus_ZoneUpdate& pb) { take_update(on, pb, headers, out); });
}

Status encode(const ZoneUpdate& message, MutableBytes out, std::size_t& written) noexcept
{
    written = 0;
    if (message.skipped.size() > skipped_max)
        return Status::invalid_argument;
    mote_consensus_ZoneUpdate pb{};
    Give on;
    pb.has_tip = pb.has_avail = message.has_tip;
    pb.has_stmt = pb.has_valid = message.has_statement;
    ZoneHeader tip = message.tip;
    Signature signature = message.tip_signature;
    bool is_signed = true;
    if (message.has_tip)
    {
        visit(on, pb.tip, tip, is_signed, signature);
        give(on, pb.avail, message.avail);
    }
    if (message.has_statement)
    {
        visit(on, pb.stmt, message.statement);
        give(on, pb.valid, message.valid);
    }
    pb.skipped.funcs.encode = write_skipped;
    pb.skipped.arg = const_cast<std::span<const ZoneHeader>*>(&message.skipped);
    const Status status = encode_pb(mote_consensus_ZoneUpdate_fields, pb,
                                    zone_update_message_bytes_max, out, written);
    if (status != Status::ok)
        return status;
    std::array<ZoneHeader, skipped_max> memory;
    ZoneUpdate again;
    Drop why;
    return keep_if(
        decode(out.first(written), memory, again, why) == Status::ok && again.zone == message.zone,
        out, written);
}

namespace
{
/// Views of a proposal's lists, for both directions.
struct ProposalLists
{
    explicit ProposalLists(ProposalMessage& m) noexcept
        : updates{m.updates.data(), &m.update_count, m.updates.size()},
          evidence{m.evidence.data(), &m.evidence_count, m.evidence.size()},
          nullifications{m.nullifications.data(), &m.nullification_count, m.nullifications.size()},
          epoch_sets{m.epoch_sets.data(), &m.epoch_set_count, m.epoch_sets.size()},
          zone_records{m.zone_records.data(), &m.zone_record_count, m.zone_records.size()}
    {
    }
    void attach_to(mote_consensus_Proposal& pb, bool reading) noexcept
    {
        on_views(pb.updates, updates, reading);
        on_views(pb.evidence, evidence, reading);
        on_views(pb.nullifications, nullifications, reading);
        on_views(pb.epoch_set, epoch_sets, reading);
        on_views(pb.zone_records, zone_records, reading);
    }

    Views updates, evidence, nullifications, epoch_sets, zone_records;
};

// Each in a frame of its own: together they would be most of the stack that a call may have.
[[gnu::noinline]] bool update_decodes(Bytes body) noexcept
{
    std::array<ZoneHeader, skipped_max> skipped;
    ZoneUpdate update;
    Drop why;
    return decode(body, skipped, update, why) == Status::ok;
}

[[gnu::noinline]] bool evidence_decodes(Bytes body) noexcept
{
    EvidenceMessage evidence;
    Drop why;
    return decode(body, evidence, why) == Status::ok;
}

[[gnu::noinline]] bool nullification_decodes(Bytes body) noexcept
{
    Certificate certificate;
    Drop why;
    return decode(body, certificate, why) == Status::ok && certificate.kind == Kind::nullify;
}

bool elements_decode(const ProposalMessage& m) noexcept
{
    for (std::size_t i = 0; i < m.update_count; ++i)
        if (!update_decodes(m.updates[i]))
            return false;
    for (std::size_t i = 0; i < m.evidence_count; ++i)
        if (!evidence_decodes(m.evidence[i]))
            return false;
    for (std::size_t i = 0; i < m.nullification_count; ++i)
        if (!nullification_decodes(m.nullifications[i]))
            return false;
    for (std::size_t i = 0; i < m.epoch_set_count; ++i)
        if (m.epoch_sets[i].size() != layout_bytes<EpochSet>)
            return false;
    for (std::size_t i = 0; i < m.zone_record_count; ++i)
        if (m.zone_records[i].size() != layout_bytes<ZoneRecord>)
            return false;
    return true;
}

void take_proposal(Take& on, mote_consensus_Proposal& pb, ProposalMessage& out) noexcept
{
    on.demand(pb.has_header, Drop::missing);
    visit(on, pb.header, out.header);
    on.number(pb.view, out.view);
    on.bytes(pb.sig, out.signature, Presence::required);
    out.has_reveal = pb.reveal.size != 0;
    on.bytes(pb.reveal, out.reveal, Presence::zero_if_absent);
    out.has_parent_certificate = pb.has_parent_cert;
    if (pb.has_parent_cert)
    {
        take(on, pb.parent_cert, out.parent_certificate);
        on.demand(out.parent_certificate.kind == Kind::notarize ||
                      out.parent_certificate.kind == Kind::finalize,
                  Drop::kind);
    }
    on.demand(elements_decode(out), Drop::nested);
}
}  // namespace

Status decode(Bytes body, ProposalMessage& out, Drop& why) noexcept
{
    ProposalLists lists(out);
    return decode_as<mote_consensus_Proposal>(
        body, proposal_message_bytes_max, mote_consensus_Proposal_fields, out, why,
        [&](mote_consensus_Proposal& pb)
        {
            attach(pb.parent_cert, out.parent_certificate.signers);
            lists.attach_to(pb, true);
        },
        [&](Take& on, mote_consensus_Proposal& pb) { take_proposal(on, pb, out); });
}

Status encode(const ProposalMessage& message, MutableBytes out, std::size_t& written) noexcept
{
    written = 0;
    if (message.update_count > message.updates.size() ||
        message.evidence_count > message.evidence.size() ||
        message.nullification_count > message.nullifications.size() ||
        message.epoch_set_count > message.epoch_sets.size() ||
        message.zone_record_count > message.zone_records.size())
        return Status::invalid_argument;
    mote_consensus_Proposal pb{};
    Give on;
    pb.has_header = true;
    visit(on, pb.header, message.header);
    pb.view = message.view;
    on.bytes(pb.sig, message.signature, Presence::required);
    on.bytes(pb.reveal, message.reveal, message.has_reveal ? Presence::required : Presence::unused);
    pb.has_parent_cert = message.has_parent_certificate;
    if (pb.has_parent_cert)
        give(on, pb.parent_cert, message.parent_certificate);
    ProposalLists lists(const_cast<ProposalMessage&>(message));  // only read when encoding
    lists.attach_to(pb, false);
    return encoded_if_decodes<ProposalMessage>(
        encode_pb(mote_consensus_Proposal_fields, pb, proposal_message_bytes_max, out, written),
        out, written);
}

namespace
{
/// Indices of absent members, packed or one by one.
struct Absent
{
    std::uint32_t* first;
    std::size_t count;
};

bool read_absent(pb_istream_t* stream, const pb_field_t*, void** arg)
{
    auto& absent = *static_cast<Absent*>(*arg);
    while (stream->bytes_left != 0)
    {
        std::uint32_t index = 0;
        if (absent.count == absent_max || !pb_decode_varint32(stream, &index))
            return false;
        absent.first[absent.count++] = index;
    }
    return true;
}

bool write_absent(pb_ostream_t* stream, const pb_field_t* field, void* const* arg)
{
    const auto& absent = *static_cast<const std::span<const std::uint32_t>*>(*arg);
    if (absent.empty())
        return true;
    std::size_t bytes = 0;
    for (const std::uint32_t index : absent)
        for (std::uint32_t rest = index, more = 1; more != 0; rest >>= 7, more = rest)
            ++bytes;
    if (!pb_encode_tag(stream, PB_WT_STRING, field->tag) || !pb_encode_varint(stream, bytes))
        return false;
    for (const std::uint32_t index : absent)
        if (!pb_encode_varint(stream, index))
            return false;
    return true;
}
}  // namespace

Status decode(Bytes body, std::span<std::uint32_t, absent_max> absent, FollowerCertificate& out,
              Drop& why) noexcept
{
    Absent indices = {absent.data(), 0};
    return decode_as<mote_consensus_FollowerCert>(
        body, follower_cert_message_bytes_max, mote_consensus_FollowerCert_fields, out, why,
        [&](mote_consensus_FollowerCert& pb)
        {
            attach(pb.cert, out.certificate.signers);
            pb.absent.funcs.decode = read_absent;
            pb.absent.arg = &indices;
            pb.leaves.funcs.decode = read_view;
            pb.leaves.arg = &out.leaves;
            pb.path.funcs.decode = read_view;
            pb.path.arg = &out.path;
        },
        [&](Take& on, mote_consensus_FollowerCert& pb)
        {
            on.demand(pb.has_cert, Drop::missing);
            take(on, pb.cert, out.certificate);
            on.number(pb.seats, out.seats);
            on.number(pb.members, out.members);
            on.bytes(pb.members_root, out.members_root, Presence::required);
            on.bytes(pb.agg_pk, out.agg_pk, Presence::required);
            out.absent = {indices.first, indices.count};
            on.demand(out.leaves.size() == member_bytes * indices.count, Drop::length);
            on.demand(out.path.size() % 32 == 0 && out.path.size() <= absent_path_bytes_max,
                      Drop::length);
        });
}

Status encode(const FollowerCertificate& message, MutableBytes out, std::size_t& written) noexcept
{
    mote_consensus_FollowerCert pb{};
    Give on;
    pb.has_cert = true;
    give(on, pb.cert, message.certificate);
    pb.seats = message.seats;
    pb.members = message.members;
    on.bytes(pb.members_root, message.members_root, Presence::required);
    on.bytes(pb.agg_pk, message.agg_pk, Presence::required);
    pb.absent.funcs.encode = write_absent;
    pb.absent.arg = const_cast<std::span<const std::uint32_t>*>(&message.absent);
    pb.leaves.funcs.encode = write_view;
    pb.leaves.arg = const_cast<Bytes*>(&message.leaves);
    pb.path.funcs.encode = write_view;
    pb.path.arg = const_cast<Bytes*>(&message.path);
    const Status status = encode_pb(mote_consensus_FollowerCert_fields, pb,
                                    follower_cert_message_bytes_max, out, written);
    if (status != Status::ok)
        return status;
    std::array<std::uint32_t, absent_max> memory;
    FollowerCertificate again;
    Drop why;
    return keep_if(decode(out.first(written), memory, again, why) == Status::ok, out, written);
}
}  // namespace mote::wire
