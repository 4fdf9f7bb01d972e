// The messages about zones and the root chain over any bytes; the first byte chooses the message. With
// them the layouts that are read back: certificates, vote records, lists of members.
//
// Besides the sanitizers the target checks what decoding promises: what is dropped has a reason and
// leaves nothing behind; views lie in the body; what is accepted encodes within its limit to bytes that
// decode and encode to the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "consensus/vote_record.hpp"
#include "wire/consensus_messages.hpp"

namespace
{
using namespace mote;
using namespace mote::wire;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

void check_inside(Bytes part, Bytes whole)
{
    if (!part.empty())
        check(part.data() >= whole.data() &&
              part.data() + part.size() <= whole.data() + whole.size());
}

void check_views(const chain::Certificate& m, Bytes body) { check_inside(m.signers, body); }
void check_views(const SignedZoneHeader&, Bytes) {}
void check_views(const chain::RootHeader&, Bytes) {}
void check_views(const VoteMessage&, Bytes) {}
void check_views(const PartialMessage& m, Bytes body) { check_views(m.certificate, body); }
void check_views(const EvidenceMessage&, Bytes) {}
void check_views(const ProposalMessage& m, Bytes body)
{
    check_views(m.parent_certificate, body);
    for (std::size_t i = 0; i < m.update_count; ++i)
        check_inside(m.updates[i], body);
    for (std::size_t i = 0; i < m.evidence_count; ++i)
        check_inside(m.evidence[i], body);
    for (std::size_t i = 0; i < m.nullification_count; ++i)
        check_inside(m.nullifications[i], body);
    for (std::size_t i = 0; i < m.epoch_set_count; ++i)
        check_inside(m.epoch_sets[i], body);
    for (std::size_t i = 0; i < m.zone_record_count; ++i)
        check_inside(m.zone_records[i], body);
}
void check_views(const chain::ZoneUpdate& m, Bytes body)
{
    check_views(m.avail, body);
    check_views(m.valid, body);
    check(m.skipped.size() <= chain::skipped_max);
}
void check_views(const chain::FollowerCertificate& m, Bytes body)
{
    check_views(m.certificate, body);
    check_inside(m.leaves, body);
    check_inside(m.path, body);
    check(m.absent.size() <= absent_max);
}

/// Decodes into memory of its own, so that two results can be alive at once.
template <class Message>
struct Decoded
{
    Message message;
    Drop why = Drop::none;
    Status status = Status::ok;
    std::array<chain::ZoneHeader, chain::skipped_max> skipped;
    std::array<std::uint32_t, absent_max> absent{};

    explicit Decoded(Bytes body)
    {
        if constexpr (std::is_same_v<Message, chain::ZoneUpdate>)
            status = decode(body, skipped, message, why);
        else if constexpr (std::is_same_v<Message, chain::FollowerCertificate>)
            status = decode(body, absent, message, why);
        else
            status = decode(body, message, why);
        check((status == Status::ok) == (why == Drop::none));
        check(status == Status::ok || status == Status::malformed);
        check_views(message, body);
    }
};

template <class Message>
std::vector<std::uint8_t> encoded(const Message& message, std::size_t bytes_max)
{
    std::vector<std::uint8_t> out(bytes_max);
    std::size_t written = 0;
    check(encode(message, out, written) == Status::ok);
    out.resize(written);
    return out;
}

template <class Message>
void run(Bytes body, std::size_t bytes_max)
{
    const Decoded<Message> first(body);
    if (first.status != Status::ok)
        return;
    const std::vector<std::uint8_t> bytes = encoded(first.message, bytes_max);
    const Decoded<Message> second(bytes);
    check(second.status == Status::ok);
    check(encoded(second.message, bytes_max) == bytes);
}

/// A record with the key and the checksum made right, which no mutation could.
void run_record(Bytes bytes)
{
    constexpr consensus::KeyName key = {'f', 'u', 'z', 'z'};
    std::vector<std::uint8_t> record(bytes.begin(), bytes.end());
    std::copy(key.begin(), key.end(), record.begin() + 48);
    const chain::Digest sum =
        hash::blake3_derive_key("mote vote record v1", Bytes(record).first(128));
    std::copy(sum.begin(), sum.end(), record.begin() + 128);
    consensus::VoteRecord decoded;
    for (const std::uint32_t slot : {0U, 1U})
        if (consensus::decode(record, slot, key, decoded))
            check(equal_vartime(consensus::encode(decoded, key), record));
}

void run_layouts(Bytes bytes)
{
    chain::Certificate certificate;
    if (chain::decode(bytes, certificate))
    {
        check_inside(certificate.signers, bytes);
        std::vector<std::uint8_t> again(encoded_bytes(certificate));
        chain::encode_to(again, certificate);
        check(equal_vartime(again, bytes));
    }
    chain::Committee committee;
    if (chain::open_committee(bytes, committee))
    {
        check(committee.seats >= committee.members() && committee.seats <= chain::seats_max);
        const chain::Member last = committee.member(committee.members() - 1);
        check(last.first_seat + std::uint32_t{last.seats} == committee.seats);
        static_cast<void>(chain::check_members(certificate, committee));
    }
    if (bytes.size() == consensus::record_bytes)
        run_record(bytes);
}

void run_follower(Bytes body)
{
    const Decoded<chain::FollowerCertificate> decoded(body);
    const chain::FollowerCertificate& m = decoded.message;
    static_cast<void>(chain::check_absent(
        m, chain::committee_commitment(m.seats, m.members, m.members_root, m.agg_pk)));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes)
{
    if (bytes == 0)
        return 0;
    const Bytes body(data + 1, bytes - 1);
    switch (data[0] % 10)
    {
        case 0:
            run<chain::Certificate>(body, cert_message_bytes_max);
            break;
        case 1:
            run<SignedZoneHeader>(body, zone_header_message_bytes_max);
            break;
        case 2:
            run<chain::RootHeader>(body, root_header_message_bytes_max);
            break;
        case 3:
            run<VoteMessage>(body, vote_message_bytes_max);
            break;
        case 4:
            run<PartialMessage>(body, partial_message_bytes_max);
            break;
        case 5:
            run<EvidenceMessage>(body, evidence_message_bytes_max);
            break;
        case 6:
            run<ProposalMessage>(body, proposal_message_bytes_max);
            break;
        case 7:
            run<chain::ZoneUpdate>(body, zone_update_message_bytes_max);
            break;
        case 8:
            run<chain::FollowerCertificate>(body, follower_cert_message_bytes_max);
            run_follower(body);
            break;
        default:
            run_layouts(body);
            break;
    }
    return 0;
}
