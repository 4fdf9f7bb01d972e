// Messages of the test network (sdk/consensus/world.hpp) as bytes, and validators of it.
#pragma once

#include "client/event_log.hpp"
#include "client/validator.hpp"
#include "sdk/consensus/world.hpp"
#include "svid/header.hpp"
#include "wire/consensus_messages.hpp"

namespace client_test
{
using namespace world_test;
using namespace mote::client;
using mote::client::Action;  // not the voter's
using mote::client::ActionKind;
namespace wire = mote::wire;

template <class Message>
ByteVector message_bytes(MessageKind kind, const Message& message, std::size_t bytes_max)
{
    ByteVector out(bytes_max + 1);
    std::size_t written = 0;
    out[0] = static_cast<std::uint8_t>(kind);
    if (wire::encode(message, mote::MutableBytes(out).subspan(1), written) != Status::ok)
        throw std::runtime_error("a message does not encode");
    out.resize(written + 1);
    return out;
}

inline ByteVector certificate_bytes(const OwnedCertificate& certificate)
{
    return message_bytes(MessageKind::certificate, certificate.get(), wire::cert_message_bytes_max);
}

template <class Message>
ByteVector body_bytes(const Message& message, std::size_t bytes_max)
{
    ByteVector out = message_bytes(MessageKind::vote, message, bytes_max);
    out.erase(out.begin());
    return out;
}

inline ByteVector proposal_bytes(const Made& made)
{
    wire::ProposalMessage m;
    m.header = made.header;
    m.view = made.view;
    m.signature = made.signature;
    m.has_reveal = made.has_reveal;
    if (made.has_reveal)
        m.reveal = made.reveal;
    m.has_parent_certificate = made.has_parent_certificate;
    if (made.has_parent_certificate)
        m.parent_certificate = made.parent_certificate.get();
    std::vector<ByteVector> parts;
    parts.reserve(200);
    for (const Made::Update& update : made.updates)
    {
        parts.push_back(body_bytes(update.get(), wire::zone_update_message_bytes_max));
        m.updates[m.update_count++] = parts.back();
    }
    for (const Evidence& piece : made.evidence)
    {
        parts.push_back(body_bytes(piece, wire::evidence_message_bytes_max));
        m.evidence[m.evidence_count++] = parts.back();
    }
    for (const OwnedCertificate& certificate : made.nullifications)
    {
        parts.push_back(body_bytes(certificate.get(), wire::cert_message_bytes_max));
        m.nullifications[m.nullification_count++] = parts.back();
    }
    for (const EpochSet& set : made.sets)
    {
        const auto bytes = mote::chain::encode(set);
        parts.emplace_back(bytes.begin(), bytes.end());
        m.epoch_sets[m.epoch_set_count++] = parts.back();
    }
    for (const ZoneRecord& record : made.records)
    {
        const auto bytes = mote::chain::encode(record);
        parts.emplace_back(bytes.begin(), bytes.end());
        m.zone_records[m.zone_record_count++] = parts.back();
    }
    return message_bytes(MessageKind::proposal, m, wire::proposal_message_bytes_max);
}

/// Limits of a small network, so that tests reach them.
inline Limits small_limits()
{
    Limits limits;
    limits.zones = 4;
    limits.pending = 16;
    limits.blocks = 4;
    limits.ancestors = 64;
    limits.lists = 16;
    limits.producers = 4;
    limits.keys = 16;
    limits.headers = 32;
    return limits;
}

inline Setup setup_of(const World& world, std::size_t who, const VoteRecord& record)
{
    Setup setup;
    setup.limits = small_limits();
    setup.chain_id = world.chain_id;
    setup.calendar = calendar;
    setup.timing = {100, 2000, 400, 16};
    setup.carry_max = world.rules().carry_max;
    setup.empty_state_root = World::empty_root();
    setup.start.header = world.genesis;
    setup.start.zones = world.leaves;
    setup.start.records = world.records;
    setup.start.seed_randao = setup.start.old_seed_randao = world.genesis.randao;
    setup.public_key = world.public_keys[who];
    setup.signer = software_signer(world.key(who));
    setup.record = record;
    setup.record_readable = true;
    return setup;
}

/// A validator with its memory.
struct Owned
{
    explicit Owned(const Setup& setup) : memory(Validator::memory_bytes(setup.limits) / 16 + 1)
    {
        if (validator.open(setup, memory.data(), memory.size() * 16) != Status::ok)
            throw std::runtime_error("a validator does not open");
    }
    struct alignas(16) Line
    {
        std::array<std::uint8_t, 16> bytes;
    };
    std::vector<Line> memory;
    Validator validator;
};

/// The list behind a root, as a host's store has it.
inline Bytes list_of(const World& world, const Fetch& fetch)
{
    if (fetch.list == ListKind::parameters && fetch.hash == world.genesis.params_root)
        return world.parameter_list;
    if (fetch.list == ListKind::producers && fetch.hash == world.producers_root)
        return world.producers;
    if (fetch.list == ListKind::committee && fetch.hash == world.commitment)
        return world.members;
    return {};
}
}  // namespace client_test
