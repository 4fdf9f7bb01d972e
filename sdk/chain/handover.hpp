// Handover: how a follower gets from one period's checkpoint committee to the next one's.
//
// A follower that never votes keeps 80 bytes: the period, the commitment of its committee, the newest
// checkpoint. A header of the period's last epoch names the committee of the next period; a
// certificate of the committee that is trusted vouches for it. One handover per period.
//
// Source  [CONSENSUS] section 10.1.
#pragma once

#include "chain/calendar.hpp"
#include "chain/certificate.hpp"
#include "chain/headers.hpp"

namespace mote::chain
{
struct Checkpoint
{
    std::uint64_t height = 0;
    Digest hash{};

    friend bool operator==(const Checkpoint&, const Checkpoint&) noexcept = default;
};

struct FollowerState
{
    std::uint64_t period = 0;
    Digest committee{};  ///< commitment of the period's checkpoint committee
    Checkpoint newest;

    friend bool operator==(const FollowerState&, const FollowerState&) noexcept = default;
};

enum class HandoverFault : std::uint8_t
{
    none = 0,
    period,          ///< the header is of another period, or not of its last epoch
    height,          ///< not above the newest checkpoint
    committee,       ///< another checkpoint committee than the one that is trusted
    next_committee,  ///< the next one is not known yet
    subject,         ///< the certificate is of another kind, period, height or block
    certificate,     ///< it does not verify
};

/// Whether a checkpoint certificate vouches for a header under the committee that is trusted.
///
/// Cost    a follower form certificate.
/// Source  [CONSENSUS] sections 8 and 10.1.
[[nodiscard]] HandoverFault check_checkpoint(const FollowerState& state, const RootHeader& header,
                                             const FollowerCertificate& follower,
                                             const Digest& chain_id, const Calendar& calendar,
                                             const SignatureCheck& signatures) noexcept;

/// Moves a follower to a newer checkpoint of its period; `state` stays as it is on a fault.
[[nodiscard]] HandoverFault follow(FollowerState& state, const RootHeader& header,
                                   const FollowerCertificate& certificate, const Digest& chain_id,
                                   const Calendar& calendar,
                                   const SignatureCheck& signatures) noexcept;

/// Moves a follower to the next period; `state` stays as it is on a fault.
[[nodiscard]] HandoverFault hand_over(FollowerState& state, const RootHeader& header,
                                      const FollowerCertificate& certificate,
                                      const Digest& chain_id, const Calendar& calendar,
                                      const SignatureCheck& signatures) noexcept;
}  // namespace mote::chain
