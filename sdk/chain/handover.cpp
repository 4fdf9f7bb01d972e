#include "chain/handover.hpp"

namespace mote::chain
{
HandoverFault check_checkpoint(const FollowerState& state, const RootHeader& header,
                               const FollowerCertificate& follower, const Digest& chain_id,
                               const Calendar& calendar, const SignatureCheck& signatures) noexcept
{
    if (header.version != header_version || header.epoch != calendar.epoch(header.height) ||
        calendar.period(header.epoch) != state.period)
        return HandoverFault::period;
    if (header.height <= state.newest.height)
        return HandoverFault::height;
    if (header.ckpt_committee != state.committee)
        return HandoverFault::committee;
    const Certificate& certificate = follower.certificate;
    if (certificate.kind != Kind::ckpt || certificate.epoch != state.period ||
        certificate.view_or_height != header.height || certificate.subject != hash_of(header))
        return HandoverFault::subject;
    if (verify(follower, state.committee, chain_id, signatures) != CertificateFault::none)
        return HandoverFault::certificate;
    return HandoverFault::none;
}

HandoverFault follow(FollowerState& state, const RootHeader& header,
                     const FollowerCertificate& certificate, const Digest& chain_id,
                     const Calendar& calendar, const SignatureCheck& signatures) noexcept
{
    const HandoverFault fault =
        check_checkpoint(state, header, certificate, chain_id, calendar, signatures);
    if (fault == HandoverFault::none)
        state.newest = {header.height, certificate.certificate.subject};
    return fault;
}

HandoverFault hand_over(FollowerState& state, const RootHeader& header,
                        const FollowerCertificate& certificate, const Digest& chain_id,
                        const Calendar& calendar, const SignatureCheck& signatures) noexcept
{
    if (is_zero(header.next_ckpt_committee))
        return HandoverFault::next_committee;
    if (!calendar.begins_period(header.epoch + 1))
        return HandoverFault::period;
    const HandoverFault fault =
        check_checkpoint(state, header, certificate, chain_id, calendar, signatures);
    if (fault == HandoverFault::none)
        state = {state.period + 1,
                 header.next_ckpt_committee,
                 {header.height, certificate.certificate.subject}};
    return fault;
}
}  // namespace mote::chain
