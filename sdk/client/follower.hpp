// Follower: a wallet that knows what is final and never signs anything.
//
// It starts from a checkpoint that somebody vouches for and takes headers with certificates in follower
// form. A header in its hands names the committees that certify the next ones:
//
//   checkpoint of period p      root header + ckpt certificate             under p's checkpoint committee
//   handover to p + 1           such a header of p's last epoch, which names the committee of p + 1
//   finalization of epoch e     root header + finalize certificate         under e's root committee
//
// One handover a period is enough; finalizations take over where a period has no checkpoint committee.
//
//   Follower follower;
//   follower.start(config, header, checkpoint, clock, vouched);
//   follower.take(header, certificate, clock, keys);     // decoded by sdk/wire, from anybody
//   check_account(*follower.newest(), zone, key, proof, ...)
//
// It keeps the newest headers it took with their certificates (without the proofs, which anybody with the
// list can do without). Two that contradict each other, each certified, are a FAULT: both are kept as
// evidence, nothing is taken any more, and questions are answered below both only.
//
// Source  [CONSENSUS] sections 8, 10.1, 10.2, 12 and 13.
#pragma once

#include "base/status.hpp"
#include "chain/contradiction.hpp"
#include "chain/epoch_set.hpp"
#include "client/freshness.hpp"

namespace mote::client
{
/// What this code understands.
inline constexpr std::uint64_t protocol_version_max = 1;

struct FollowerConfig
{
    chain::Digest chain_id{};
    chain::Calendar calendar;
    std::uint64_t trust_period_ms = trust_period_ms_default;
};

/// Who vouches for a checkpoint that is too old to be believed by its age.
enum class Vouched : std::uint8_t
{
    nobody,
    confirmed,  ///< user or embedder, just now
    agreed,     ///< independent sources, see agree()
};

enum class FollowerPhase : std::uint8_t
{
    closed,
    following,
    stale,             ///< the newest header is too old: confirm() or start again
    upgrade_required,  ///< the chain has left what this code understands; queries still work
    fault,             ///< two certificates exclude each other
};

/// Why a header was not taken.
enum class FollowFault : std::uint8_t
{
    none = 0,
    closed,       ///< not started, stale or in FAULT
    upgrade,      ///< of an epoch or version beyond this code
    place,        ///< epoch and height do not belong together
    subject,      ///< the certificate is of another kind, place or block
    old,          ///< not above the newest, and nothing against it
    committee,    ///< its committee is not known from here
    certificate,  ///< it does not verify
    conflict,     ///< it verifies and contradicts what is known: FAULT
};

/// A header and what certifies it.
struct Certified
{
    chain::RootHeader header;
    chain::Digest hash{};
    chain::Kind kind = chain::Kind::ckpt;
    bool has_certificate = false;  ///< false for the checkpoint that was started from
    std::uint64_t epoch = 0, view_or_height = 0;
    std::uint32_t signer_bytes = 0;
    std::array<std::uint8_t, chain::signer_bytes_max> signers{};
    chain::Signature signature{};

    /// Gives the certificate; its bitmap points into this object.
    [[nodiscard]] chain::Certificate certificate() const noexcept;
};

/// Follows finality.
///
/// Memory  sizeof(Follower), less than 128 KiB; no pointers.
/// Cost    of take(): a follower form certificate; for a header that is refused, less.
class Follower
{
  public:
    static constexpr std::size_t kept_max = 64;

    /// Is closed until start() succeeds.
    Follower() noexcept = default;

    /// Starts from a checkpoint, one that comes with the application or the newest() of an earlier run.
    ///
    /// Shape   header: the one whose hash the checkpoint names.
    /// Errors  invalid_argument: no calendar, or the header is not the checkpoint's or not of its height;
    ///         rejected: too old, or no clock, and nobody vouches. Closed then.
    Status start(const FollowerConfig& config, const chain::RootHeader& header,
                 const chain::Checkpoint& checkpoint, const WallClock& now,
                 Vouched vouched) noexcept;

    [[nodiscard]] FollowerPhase phase() const noexcept { return phase_; }

    /// Takes the passing of time: a follower that slept longer than the trust period is stale.
    void on_clock(const WallClock& now) noexcept;

    /// Takes somebody's word that the newest header is still on the chain, when stale. It holds until
    /// the next header is taken.
    void confirm() noexcept;

    /// Takes a header and its certificate, from anybody.
    FollowFault take(const chain::RootHeader& header, const chain::FollowerCertificate& follower,
                     const WallClock& now, const chain::SignatureCheck& signatures) noexcept;

    /// Takes an announced epoch set with its notices, which tell of versions to come.
    ///
    /// Shape   notices: all of them, in the order of notice_root.
    /// Errors  rejected: no header that was taken announces this set, or it has other notices.
    Status on_epoch_set(const chain::EpochSet& set,
                        std::span<const chain::Notice> notices) noexcept;

    /// Takes the parameters of the newest header, which tell the version in force.
    ///
    /// Shape   parameters: all of them, ascending by key.
    /// Errors  rejected: not those of the newest header.
    Status on_parameters(std::span<const chain::Parameter> parameters) noexcept;

    /// The newest header that questions may be answered from, and what to store for the next start; null
    /// if there is none. In FAULT that is the newest one below both that contradict each other.
    ///
    /// Memory  holds until the next call of take() or start().
    [[nodiscard]] const Certified* newest() const noexcept;

    /// The two that contradict each other.
    ///
    /// Shape   phase is fault (asserted).
    [[nodiscard]] const std::array<Certified, 2>& evidence() const noexcept;

    /// First epoch that this code does not understand; UINT64_MAX if none is announced.
    [[nodiscard]] std::uint64_t supported_before_epoch() const noexcept { return stop_epoch_; }

  private:
    [[nodiscard]] bool commitment_for(chain::Kind kind, std::uint64_t epoch,
                                      chain::Digest& out) const noexcept;
    [[nodiscard]] const Certified* contradicted_by(const chain::RootHeader& header) const noexcept;
    void keep(const Certified& certified) noexcept;
    void stop_at(std::uint64_t epoch) noexcept;

    FollowerConfig config_;
    std::array<Certified, kept_max> kept_{};  // ascending by height, newest last
    std::size_t count_ = 0;
    std::array<Certified, 2> evidence_{};
    std::uint64_t stop_epoch_ = UINT64_MAX;
    FollowerPhase phase_ = FollowerPhase::closed;
    bool confirmed_ = false;  // somebody vouches for the newest header, whatever its age
};
static_assert(sizeof(Follower) <= std::size_t{128} * 1024);
}  // namespace mote::client
