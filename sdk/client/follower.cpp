#include "client/follower.hpp"

#include <algorithm>

#include "client/notices.hpp"

namespace mote::client
{
using chain::Kind;

namespace
{
/// Whether a certificate is about this header, before anybody asks who signed it.
[[nodiscard]] bool is_about(const chain::Certificate& c, const chain::RootHeader& header,
                            const chain::Digest& hash, const chain::Calendar& calendar) noexcept
{
    if (c.subject != hash)
        return false;
    if (c.kind == Kind::ckpt)
        return c.epoch == calendar.period(header.epoch) && c.view_or_height == header.height;
    // An epoch's last block may be finalized in a later view than it was proposed in.
    return c.kind == Kind::finalize && c.epoch == header.epoch && c.view_or_height >= header.view;
}
}  // namespace

chain::Certificate Certified::certificate() const noexcept
{
    chain::Certificate c;
    c.kind = kind;
    c.epoch = epoch;
    c.view_or_height = view_or_height;
    c.subject = hash;
    c.signers = Bytes(signers).first(signer_bytes);
    c.signature = signature;
    return c;
}

Status Follower::start(const FollowerConfig& config, const chain::RootHeader& header,
                       const chain::Checkpoint& checkpoint, const WallClock& now,
                       Vouched vouched) noexcept
{
    // Field by field: a whole Follower is more than a stack should hold.
    count_ = 0;
    stop_epoch_ = UINT64_MAX;
    phase_ = FollowerPhase::closed;
    confirmed_ = false;
    const chain::Digest hash = hash_of(header);
    if (!config.calendar.holds() || hash != checkpoint.hash || header.height != checkpoint.height ||
        header.version != chain::header_version ||
        header.epoch != config.calendar.epoch(header.height))
        return Status::invalid_argument;
    if (vouched == Vouched::nobody &&
        freshness(header.time_ms, now, config.trust_period_ms) != Freshness::fresh)
        return Status::rejected;
    config_ = config;
    kept_[0] = Certified{};
    kept_[0].header = header;
    kept_[0].hash = hash;
    count_ = 1;
    phase_ = FollowerPhase::following;
    confirmed_ = vouched != Vouched::nobody;
    return Status::ok;
}

void Follower::on_clock(const WallClock& now) noexcept
{
    // Without a trusted clock the certified times are a lower bound, and no age follows from them.
    if (phase_ == FollowerPhase::following && !confirmed_ &&
        freshness(kept_[count_ - 1].header.time_ms, now, config_.trust_period_ms) ==
            Freshness::too_old)
        phase_ = FollowerPhase::stale;
}

void Follower::confirm() noexcept
{
    if (phase_ != FollowerPhase::stale)
        return;
    phase_ = FollowerPhase::following;
    confirmed_ = true;
}

bool Follower::commitment_for(Kind kind, std::uint64_t epoch, chain::Digest& out) const noexcept
{
    const chain::Calendar& calendar = config_.calendar;
    for (std::size_t i = count_; i-- > 0;)
    {
        const chain::RootHeader& h = kept_[i].header;
        const bool root = kind == Kind::finalize;
        const std::uint64_t own = root ? h.epoch : calendar.period(h.epoch);
        out = root ? h.root_committee : h.ckpt_committee;
        if (own == epoch && !chain::is_zero(out))
            return true;
        // What the header announces is of the next epoch; of the next period if that begins one.
        const bool announces = !chain::is_zero(h.next_set);
        out = root ? h.next_root_committee : h.next_ckpt_committee;
        const std::uint64_t next = root ? h.epoch + 1 : calendar.period(h.epoch + 1);
        if (announces && next == epoch && !chain::is_zero(out))
            return true;
        // Nothing was announced to the end of the epoch: the root committee is carried over.
        out = h.root_committee;
        if (root && !announces && h.epoch + 1 == epoch && calendar.ends_epoch(h.height))
            return true;
    }
    out = {};
    return false;
}

const Certified* Follower::contradicted_by(const chain::RootHeader& header) const noexcept
{
    for (std::size_t i = count_; i-- > 0;)
        if (chain::contradiction(kept_[i].header, header, config_.calendar) !=
            chain::Contradiction::none)
            return &kept_[i];
    return nullptr;
}

void Follower::keep(const Certified& certified) noexcept
{
    if (count_ == kept_max)
    {
        for (std::size_t i = 1; i < kept_max; ++i)
            kept_[i - 1] = kept_[i];
        --count_;
    }
    kept_[count_++] = certified;
    confirmed_ = false;
}

FollowFault Follower::take(const chain::RootHeader& header,
                           const chain::FollowerCertificate& follower, const WallClock& now,
                           const chain::SignatureCheck& signatures) noexcept
{
    on_clock(now);
    if (phase_ != FollowerPhase::following && phase_ != FollowerPhase::upgrade_required)
        return FollowFault::closed;
    if (header.version != chain::header_version)
        return FollowFault::upgrade;
    if (header.epoch != config_.calendar.epoch(header.height) || header.epoch == UINT64_MAX)
        return FollowFault::place;
    const chain::Digest hash = hash_of(header);
    const chain::Certificate& c = follower.certificate;
    if (!is_about(c, header, hash, config_.calendar))
        return FollowFault::subject;
    const Certified& newest = kept_[count_ - 1];
    const Certified* against = contradicted_by(header);
    if (against == nullptr && header.height <= newest.header.height)
        return FollowFault::old;
    chain::Digest commitment;
    if (!commitment_for(c.kind, c.epoch, commitment))
        return FollowFault::committee;
    if (verify(follower, commitment, config_.chain_id, signatures) != chain::CertificateFault::none)
        return FollowFault::certificate;

    Certified certified;
    certified.header = header;
    certified.hash = hash;
    certified.kind = c.kind;
    certified.has_certificate = true;
    certified.epoch = c.epoch;
    certified.view_or_height = c.view_or_height;
    certified.signer_bytes = static_cast<std::uint32_t>(c.signers.size());
    std::memcpy(certified.signers.data(), c.signers.data(), c.signers.size());
    certified.signature = c.signature;
    if (against != nullptr)
    {
        evidence_[0] = *against;
        evidence_[1] = certified;
        phase_ = FollowerPhase::fault;
        return FollowFault::conflict;
    }
    if (header.epoch >= stop_epoch_)
    {
        phase_ = FollowerPhase::upgrade_required;
        return FollowFault::upgrade;
    }
    keep(certified);
    return FollowFault::none;
}

void Follower::stop_at(std::uint64_t epoch) noexcept
{
    stop_epoch_ = std::min(stop_epoch_, epoch);
    if (phase_ == FollowerPhase::following && kept_[count_ - 1].header.epoch >= stop_epoch_)
        phase_ = FollowerPhase::upgrade_required;
}

Status Follower::on_epoch_set(const chain::EpochSet& set,
                              std::span<const chain::Notice> notices) noexcept
{
    if (phase_ == FollowerPhase::closed || !notices_hold(notices, set.notice_root))
        return Status::rejected;
    const chain::Digest hash = hash_of(set);
    for (std::size_t i = 0; i < count_; ++i)
        if (kept_[i].header.next_set == hash)
        {
            stop_at(first_unsupported_epoch(notices, protocol_version_max));
            return Status::ok;
        }
    return Status::rejected;
}

Status Follower::on_parameters(std::span<const chain::Parameter> parameters) noexcept
{
    if (phase_ == FollowerPhase::closed ||
        chain::root_of(parameters) != kept_[count_ - 1].header.params_root)
        return Status::rejected;
    for (const chain::Parameter& parameter : parameters)
        if (parameter.key == static_cast<std::uint32_t>(chain::ParameterKey::protocol_version) &&
            !supports(parameter.value, protocol_version_max))
            stop_at(kept_[count_ - 1].header.epoch);
    return Status::ok;
}

const Certified* Follower::newest() const noexcept
{
    if (phase_ == FollowerPhase::closed || phase_ == FollowerPhase::stale)
        return nullptr;
    std::uint64_t below = UINT64_MAX;
    if (phase_ == FollowerPhase::fault)
        for (const Certified& one : evidence_)
            below = std::min(below, one.header.height);
    for (std::size_t i = count_; i-- > 0;)
        if (phase_ != FollowerPhase::fault || kept_[i].header.height < below)
            return &kept_[i];
    return nullptr;
}

const std::array<Certified, 2>& Follower::evidence() const noexcept
{
    MOTE_ASSERT(phase_ == FollowerPhase::fault);
    return evidence_;
}

}  // namespace mote::client
