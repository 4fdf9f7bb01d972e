#include "base/assert.hpp"
#include "client/validator_parts.hpp"

namespace mote::client
{
Action& Validator::Parts::add(ActionKind kind) noexcept
{
    // Reports leave room for the others; what an event can lead to besides them is bounded by it.
    MOTE_ASSERT(action_count < actions.size());
    Action& action = actions[action_count < actions.size() ? action_count++ : actions.size() - 1];
    action = {};
    action.kind = kind;
    return action;
}

Report* Validator::Parts::report(ReportKind kind) noexcept
{
    if (action_count + actions_kept >= actions.size())
    {
        drop(Dropped::full);
        return nullptr;
    }
    Report& report = add(ActionKind::report).report;
    report.kind = kind;
    return &report;
}

void Validator::Parts::fetch(FetchKind kind, const Digest& hash, std::uint64_t epoch,
                             std::uint64_t view) noexcept
{
    Action& action = add(ActionKind::fetch);
    action.id = next_id++;
    action.fetch = {kind, ListKind::parameters, hash, epoch, view};
}

template <class Message>
void Validator::Parts::send(MessageKind kind, const Message& message, std::size_t bytes_max,
                            Audience to) noexcept
{
    if (out.size() - out_used < bytes_max + 1)
        return drop(Dropped::full);
    const MutableBytes room = out.subspan(out_used);
    std::size_t written = 0;
    room[0] = static_cast<std::uint8_t>(kind);
    if (wire::encode(message, room.subspan(1), written) != Status::ok)
    {
        MOTE_ASSERT(false);
        return;
    }
    out_used += written + 1;
    Action& action = add(ActionKind::send);
    action.to = to;
    action.bytes = room.first(written + 1);
}

void Validator::Parts::send_vote(Kind kind, std::uint64_t epoch, std::uint64_t view_or_height,
                                 std::uint32_t zone, const Digest& subject, std::uint32_t member,
                                 const chain::Signature& signature) noexcept
{
    wire::VoteMessage message;
    message.kind = kind;
    message.epoch = epoch;
    message.view_or_height = view_or_height;
    message.zone = zone;
    message.subject = subject;
    message.member = member;
    message.signature = signature;
    send(MessageKind::vote, message, wire::vote_message_bytes_max, Audience::relays);
}

void Validator::Parts::send_certificate(const chain::Certificate& certificate, Audience to) noexcept
{
    send(MessageKind::certificate, certificate, wire::cert_message_bytes_max, to);
}

void Validator::Parts::send_evidence(const chain::Evidence& evidence) noexcept
{
    send(MessageKind::evidence, evidence, wire::evidence_message_bytes_max, Audience::all);
}

void KeptCertificate::keep(const chain::Certificate& from) noexcept
{
    MOTE_ASSERT(from.signers.size() <= signers.size());
    certificate = from;
    for (std::size_t i = 0; i < from.signers.size(); ++i)
        signers[i] = from.signers[i];
    certificate.signers = Bytes(signers).first(from.signers.size());
    used = true;
}
}  // namespace mote::client
