// Certificates: checked once, then the voter's. And what the voter wants done.
#include "base/assert.hpp"
#include "client/validator_parts.hpp"

namespace mote::client
{
namespace
{
[[nodiscard]] SeenCertificate key_of(const chain::Certificate& certificate) noexcept
{
    return {certificate.kind, certificate.epoch, certificate.view_or_height, certificate.zone,
            certificate.subject};
}

[[nodiscard]] bool of_root_chain(Kind kind) noexcept { return kind <= Kind::finalize; }
}  // namespace

bool Validator::Parts::seen(const chain::Certificate& certificate) const noexcept
{
    const SeenCertificate wanted = key_of(certificate);
    for (const SeenCertificate& known : certificates)
        if (known == wanted)
            return true;
    return false;
}

void Validator::Parts::note(const chain::Certificate& certificate) noexcept
{
    if (seen(certificate))
        return;
    certificates[next_certificate] = key_of(certificate);
    next_certificate = (next_certificate + 1) % certificates.size();
}

/// The committee that a certificate is of, if its list is here.
const KnownCommittee* Validator::Parts::committee_of(const chain::Certificate& certificate) noexcept
{
    const EpochSlot* const epoch = slot_of(certificate.epoch);
    if (epoch == nullptr)
        return nullptr;
    if (of_root_chain(certificate.kind))
        return epoch->data.root;
    const consensus::ZoneEpoch* const zone = epoch->data.find(certificate.zone);
    return zone == nullptr ? nullptr : zone->committee;
}

void Validator::Parts::on_certificate(Bytes body) noexcept
{
    chain::Certificate certificate;
    wire::Drop why = wire::Drop::none;
    if (wire::decode(body, certificate, why) != Status::ok)
        return drop(Dropped::malformed);
    if (certificate.kind == Kind::ckpt)
        return drop(Dropped::unknown_kind);
    if (seen(certificate))
        return drop(Dropped::duplicate);
    const bool root_kind = of_root_chain(certificate.kind);
    if (root_kind && root.voter().busy())
        return drop(Dropped::busy);
    if (slot_of(certificate.epoch) == nullptr)
    {
        const bool old = certificate.epoch < voter_epoch();
        if (!old && root_kind)
            ask_the_way(certificate.epoch);
        return drop(old ? Dropped::old : Dropped::future);
    }
    const consensus::VoterState& state = root.voter().state();
    const Block* const block = find_block(certificate.subject);
    const bool of_the_past =
        certificate.epoch < state.epoch ||
        (certificate.epoch == state.epoch && certificate.view_or_height < state.view);
    // An old notarization says nothing that is not known, unless its block waits for it.
    if (certificate.kind == Kind::notarize && root.voter().is_open() && of_the_past &&
        (block == nullptr || block->notarized))
        return drop(Dropped::old);
    const KnownCommittee* const committee = committee_of(certificate);
    if (committee == nullptr)
        return drop(Dropped::no_committee);
    consensus::SignatureClaims claims(draw(), consensus::SignatureClaims::Mode::one_by_one,
                                      signatures);
    const chain::CertificateFault fault =
        consensus::check_certificate(certificate, *committee, chain_id, {}, claims);
    if (fault != chain::CertificateFault::none)
        return drop(fault == chain::CertificateFault::signature ? Dropped::bad_signature
                                                                : Dropped::bad_certificate);
    if (!root_kind)
    {
        note(certificate);
        return on_zone_certificate(certificate);
    }
    if (take_root_certificate(certificate))
        note(certificate);
}

/// Gives a verified certificate to the voter; false if it has to come again.
bool Validator::Parts::take_root_certificate(const chain::Certificate& certificate) noexcept
{
    if (root.voter().busy())
    {
        drop(Dropped::busy);
        return false;
    }
    if (certificate.kind == Kind::nullify)
        something_came = true;
    else if (certificate.kind == Kind::notarize)
        on_notarized(certificate.subject);
    const Block* const block = find_block(certificate.subject);
    if (certificate.kind == Kind::finalize)
        pending_final.keep(certificate);
    if (!root.voter().is_open())
    {
        if (certificate.kind == Kind::finalize)
            on_final(certificate.subject);
        return true;
    }
    const std::uint64_t height = block == nullptr ? 0 : block->state.header.height;
    carry_out(root.on_certificate(certificate.kind, certificate.epoch, certificate.view_or_height,
                                  certificate.subject, height, now_ms),
              &certificate);
    return true;
}

/// An AVAIL certificate covers its header and, by their parent hashes, the headers before.
void Validator::Parts::on_zone_certificate(const chain::Certificate& certificate) noexcept
{
    if (certificate.kind != Kind::avail)
        return;
    Digest hash = certificate.subject;
    SeenHeader* header = find_header(hash);
    for (std::size_t i = 0; header != nullptr && !header->certified && i < headers.size(); ++i)
    {
        header->certified = true;
        if (!header->included)
            if (Report* const r = report(ReportKind::level); r != nullptr)
            {
                r->zone = certificate.zone;
                r->height = header->header.height;
                r->hash = hash;
                r->level = chain::Level::available;
            }
        hash = header->header.parent;
        header = find_header(hash);
    }
}

/// Does what the voter decided. `certificate` is the one that it was given, if any.
void Validator::Parts::carry_out(const consensus::Actions& list,
                                 const chain::Certificate* certificate) noexcept
{
    if (list.refusal == consensus::Refusal::busy)
        drop(Dropped::busy);
    for (const consensus::Action& action : list)
        switch (action.kind)
        {
            case consensus::ActionKind::write:
            {
                record_out = action.step.record;
                Action& write = add(ActionKind::write_and_flush);
                write.bytes = record_out;
                write.offset = action.step.offset;
                write.id = action.step.token;
                break;
            }
            case consensus::ActionKind::sign:
                sign(action.step.permit());
                break;
            case consensus::ActionKind::forward:
                if (certificate != nullptr)
                {
                    led_here.keep(*certificate);
                    send_certificate(*certificate, Audience::relays);
                }
                break;
            case consensus::ActionKind::resend:
                if (led_here.used)
                    send_certificate(led_here.certificate, Audience::relays);
                break;
            case consensus::ActionKind::fetch_nullification:
                fetch(FetchKind::nullification, {}, action.epoch, action.view);
                break;
            case consensus::ActionKind::entered:
                if (Report* const r = report(ReportKind::entered); r != nullptr)
                {
                    r->epoch = action.epoch;
                    r->view = action.view;
                }
                break;
            case consensus::ActionKind::finalized:
                on_final(action.block);
                break;
        }
}

/// The only way to the key for exclusive votes: the record covers what the permit says.
void Validator::Parts::sign(const consensus::Permit& permit) noexcept
{
    const consensus::Vote& vote = permit.vote();
    const EpochSlot* const epoch = slot_of(vote.epoch);
    if (epoch == nullptr || epoch->data.root == nullptr)
        return drop(Dropped::no_committee);
    const std::uint32_t member = epoch->data.root->find(public_key);
    if (member == epoch->data.root->committee.members())
        return drop(Dropped::no_seat);
    chain::Signature signature{};
    if (!key.sign(permit, signature))
        return;
    send_vote(vote.kind, vote.epoch, vote.view, 0, vote.block, member, signature);
    if (Report* const r = report(ReportKind::voted); r != nullptr)
    {
        r->vote_kind = vote.kind;
        r->epoch = vote.epoch;
        r->view = vote.view;
        r->hash = vote.block;
    }
}
}  // namespace mote::client
