#include "sim/message.hpp"

#include <stdexcept>

namespace mote::sim
{
namespace
{
using wire::Drop;
using ByteVector = std::vector<std::uint8_t>;

template <class T>
ByteVector encoded(const T& value, std::size_t bytes_max)
{
    ByteVector out(bytes_max);
    std::size_t written = 0;
    if (wire::encode(value, out, written) != Status::ok)
        throw std::logic_error("a message does not encode");
    out.resize(written);
    return out;
}

Bytes part(Bytes& rest)
{
    if (rest.size() < 4)
        return {};
    const std::uint32_t length = load_le<std::uint32_t>(rest.data());
    rest = rest.subspan(4);
    const Bytes out = rest.first(std::min<std::size_t>(length, rest.size()));
    rest = rest.subspan(out.size());
    return out;
}

void append_part(ByteVector& out, Bytes bytes)
{
    std::array<std::uint8_t, 4> length;
    store_le(length.data(), static_cast<std::uint32_t>(bytes.size()));
    out.insert(out.end(), length.begin(), length.end());
    out.insert(out.end(), bytes.begin(), bytes.end());
}

template <class T>
bool decode_all(std::span<const Bytes> bodies, std::vector<T>& out, Drop& why)
{
    for (const Bytes body : bodies)
    {
        out.emplace_back();
        if (wire::decode(body, out.back(), why) != Status::ok)
            return false;
    }
    return true;
}

template <class T>
bool decode_layouts(std::span<const Bytes> bodies, std::vector<T>& out)
{
    for (const Bytes body : bodies)
    {
        out.emplace_back();
        if (!chain::decode(body, out.back()))
            return false;
    }
    return true;
}

bool decode_proposal(Bytes body, Proposal& out, Drop& why)
{
    wire::ProposalMessage& m = out.message;
    if (wire::decode(body, m, why) != Status::ok)
        return false;
    out.block = chain::hash_of(m.header);
    out.skipped.resize(m.update_count);  // the updates point into it
    for (std::size_t i = 0; i < m.update_count; ++i)
    {
        out.updates.emplace_back();
        if (wire::decode(m.updates[i], out.skipped[i], out.updates.back(), why) != Status::ok)
            return false;
    }
    return decode_all(std::span(m.nullifications).first(m.nullification_count), out.nullifications,
                      why) &&
           decode_all(std::span(m.evidence).first(m.evidence_count), out.evidence, why) &&
           decode_layouts(std::span(m.epoch_sets).first(m.epoch_set_count), out.epoch_sets) &&
           decode_layouts(std::span(m.zone_records).first(m.zone_record_count), out.records);
}

bool decode_body(Message& m)
{
    Bytes rest = m.bytes;
    switch (m.type)
    {
        case MessageType::proposal:
        {
            auto proposal = std::make_unique<Proposal>();
            const bool good = decode_proposal(rest, *proposal, m.why);
            m.proposal = std::move(proposal);
            return good;
        }
        case MessageType::vote:
            return wire::decode(rest, m.vote, m.why) == Status::ok;
        case MessageType::certificate:
        {
            if (wire::decode(part(rest), m.certificate, m.why) != Status::ok)
                return false;
            if (rest.empty())
                return m.certificate.kind != chain::Kind::notarize &&
                       m.certificate.kind != chain::Kind::finalize;
            chain::RootHeader header;
            if (wire::decode(part(rest), header, m.why) != Status::ok)
                return false;
            m.header = header;
            return chain::hash_of(header) == m.certificate.subject;
        }
        case MessageType::partial:
        {
            wire::PartialMessage partial;
            if (wire::decode(rest, partial, m.why) != Status::ok)
                return false;
            m.certificate = partial.certificate;
            m.subnet = partial.subnet;
            return true;
        }
        case MessageType::ask:
        case MessageType::ask_nullification:
            if (rest.size() != 16)
                return false;
            m.epoch = load_le<std::uint64_t>(rest.data());
            m.view = load_le<std::uint64_t>(rest.data() + 8);
            return true;
        case MessageType::checkpoint:
        {
            chain::RootHeader header;
            if (wire::decode(part(rest), header, m.why) != Status::ok)
                return false;
            m.header = header;
            m.absent.resize(wire::absent_max);
            return wire::decode(part(rest),
                                std::span<std::uint32_t, wire::absent_max>(m.absent.data(),
                                                                           wire::absent_max),
                                m.follower, m.why) == Status::ok;
        }
        case MessageType::evidence:
            return wire::decode(rest, m.evidence, m.why) == Status::ok;
        case MessageType::shares:
        case MessageType::proof:
            return false;  // made with what they carry, see below
    }
    return false;
}

std::shared_ptr<Message> make(MessageType type, ByteVector bytes)
{
    auto message = std::make_shared<Message>();
    message->type = type;
    message->bytes = std::move(bytes);
    message->wire_bytes = message->bytes.size() + 5;
    return message;
}

MessagePtr must_decode(MessageType type, ByteVector bytes)
{
    MessagePtr message = decode_message(type, std::move(bytes));
    if (!message->valid)
        throw std::logic_error("a message does not decode");
    return message;
}
}  // namespace

MessagePtr decode_message(MessageType type, ByteVector bytes)
{
    std::shared_ptr<Message> message = make(type, std::move(bytes));
    if (type == MessageType::proposal || type == MessageType::certificate)
        message->id = hash::blake3(message->bytes);
    message->valid = decode_body(*message);
    return message;
}

MessagePtr vote_message(const wire::VoteMessage& vote)
{
    return must_decode(MessageType::vote, encoded(vote, wire::vote_message_bytes_max));
}

MessagePtr certificate_message(const chain::Certificate& certificate,
                               const chain::RootHeader* header)
{
    ByteVector bytes;
    append_part(bytes, encoded(certificate, wire::cert_message_bytes_max));
    if (header != nullptr)
        append_part(bytes, encoded(*header, wire::root_header_message_bytes_max));
    return must_decode(MessageType::certificate, std::move(bytes));
}

MessagePtr partial_message(const chain::Certificate& certificate, std::uint32_t subnet)
{
    return must_decode(MessageType::partial, encoded(wire::PartialMessage{certificate, subnet},
                                                     wire::partial_message_bytes_max));
}

MessagePtr ask_message(MessageType type, std::uint64_t epoch, std::uint64_t view)
{
    ByteVector bytes(16);
    store_le(bytes.data(), epoch);
    store_le(bytes.data() + 8, view);
    return must_decode(type, std::move(bytes));
}

MessagePtr shares_message(std::shared_ptr<const ZoneBlock> block, std::uint32_t member,
                          std::size_t bytes)
{
    std::shared_ptr<Message> message = make(MessageType::shares, {});
    message->block = std::move(block);
    message->member = member;
    message->wire_bytes = bytes;
    message->valid = true;
    return message;
}

MessagePtr proof_message(std::shared_ptr<const ProofPackage> proof, std::size_t bytes)
{
    std::shared_ptr<Message> message = make(MessageType::proof, {});
    message->proof = std::move(proof);
    message->wire_bytes = bytes;
    message->valid = true;
    return message;
}

MessagePtr checkpoint_message(const chain::RootHeader& header,
                              const chain::FollowerCertificate& follower)
{
    ByteVector bytes;
    append_part(bytes, encoded(header, wire::root_header_message_bytes_max));
    append_part(bytes, encoded(follower, wire::follower_cert_message_bytes_max));
    return must_decode(MessageType::checkpoint, std::move(bytes));
}

MessagePtr evidence_message(const wire::EvidenceMessage& evidence)
{
    return must_decode(MessageType::evidence, encoded(evidence, wire::evidence_message_bytes_max));
}

MessagePtr proposal_message(const ProposalParts& parts)
{
    if (parts.updates.size() > wire::zones_max || parts.evidence.size() > chain::evidence_max ||
        parts.nullifications.size() > wire::nullifications_max ||
        parts.epoch_sets.size() > wire::epoch_sets_max || parts.records.size() > wire::zones_max)
        throw std::logic_error("a proposal is too long");
    auto m = std::make_unique<wire::ProposalMessage>();
    std::vector<ByteVector> held;
    held.reserve(3 * wire::zones_max + chain::evidence_max + wire::nullifications_max);
    const auto hold = [&](ByteVector bytes) -> Bytes
    {
        held.push_back(std::move(bytes));
        return held.back();
    };
    const auto hold_layout = [&](const auto& value)
    {
        const auto layout = chain::encode(value);
        return hold({layout.begin(), layout.end()});
    };
    m->header = parts.header;
    m->view = parts.view;
    m->signature = parts.signature;
    m->has_reveal = parts.reveal.has_value();
    if (parts.reveal)
        m->reveal = *parts.reveal;
    m->has_parent_certificate = parts.parent_certificate != nullptr;
    if (parts.parent_certificate != nullptr)
        m->parent_certificate = *parts.parent_certificate;
    for (const chain::ZoneUpdate& update : parts.updates)
        m->updates[m->update_count++] = hold(encoded(update, wire::zone_update_message_bytes_max));
    for (const wire::EvidenceMessage& piece : parts.evidence)
        m->evidence[m->evidence_count++] = hold(encoded(piece, wire::evidence_message_bytes_max));
    for (const chain::Certificate& certificate : parts.nullifications)
        m->nullifications[m->nullification_count++] =
            hold(encoded(certificate, wire::cert_message_bytes_max));
    for (const chain::EpochSet& set : parts.epoch_sets)
        m->epoch_sets[m->epoch_set_count++] = hold_layout(set);
    for (const chain::ZoneRecord& record : parts.records)
        m->zone_records[m->zone_record_count++] = hold_layout(record);
    return must_decode(MessageType::proposal, encoded(*m, wire::proposal_message_bytes_max));
}
}  // namespace mote::sim
