#include "client/life_cycle.hpp"

#include "base/assert.hpp"

namespace mote::client
{
LifeCycle::LifeCycle(bool storage_can_be_set_back, std::uint32_t relays) noexcept
    : relays_(relays), storage_can_be_set_back_(storage_can_be_set_back)
{
    MOTE_ASSERT(relays >= 1 && relays <= relays_max);
}

NotVoting LifeCycle::reason() const noexcept
{
    if (clone_)
        return NotVoting::clone;
    if (chain_fault_)
        return NotVoting::chain_fault;
    if (upgrade_required_)
        return NotVoting::upgrade_required;
    if (storage_failed_)
        return NotVoting::storage;
    if (link_ != Link::synced)
        return NotVoting::not_following;
    if (!conditions_.record_readable)
        return NotVoting::no_record;
    if (!conditions_.lock_held)
        return NotVoting::no_lock;
    if (!conditions_.key_valid)
        return NotVoting::no_key;
    if (!conditions_.lease_active)
        return NotVoting::no_lease;
    if (storage_can_be_set_back_ && !conditions_.lease_renewed)
        return NotVoting::lease_not_renewed;
    return NotVoting::none;
}

DeviceState LifeCycle::state() const noexcept
{
    switch (link_)
    {
        case Link::offline:
            return DeviceState::offline;
        case Link::asleep:
            return DeviceState::asleep;
        case Link::syncing:
            return DeviceState::syncing;
        case Link::synced:
        case Link::unsure:
            break;
    }
    return reason() == NotVoting::none ? DeviceState::voting : DeviceState::following;
}

bool LifeCycle::must_stop_voter() const noexcept
{
    return voter_open_ && state() != DeviceState::voting;
}

void LifeCycle::begin_sync(Link link) noexcept
{
    link_ = link;
    heard_count_ = 0;
    newest_ = {};
    storage_failed_ = false;
}

void LifeCycle::on_connected() noexcept
{
    if (link_ == Link::offline)
        begin_sync(Link::syncing);
}

void LifeCycle::on_disconnected() noexcept
{
    if (link_ != Link::asleep)
        begin_sync(Link::offline);
}

void LifeCycle::on_sleep() noexcept { link_ = Link::asleep; }

void LifeCycle::on_wake() noexcept
{
    if (link_ == Link::asleep)
        begin_sync(Link::syncing);
}

void LifeCycle::on_network_change() noexcept
{
    if (link_ == Link::syncing)
        begin_sync(Link::syncing);
    else if (link_ == Link::synced || link_ == Link::unsure)
        begin_sync(Link::unsure);
}

void LifeCycle::on_clock_jump() noexcept { on_network_change(); }

void LifeCycle::on_storage_error() noexcept
{
    on_network_change();
    // What is on the medium is read again before the record counts as readable.
    conditions_.record_readable = false;
    storage_failed_ = true;
}

void LifeCycle::on_newest(std::uint64_t relay, const NewestCertificate& certificate) noexcept
{
    if (link_ != Link::syncing && link_ != Link::unsure)
        return;
    if (certificate.epoch > newest_.epoch ||
        (certificate.epoch == newest_.epoch && certificate.view > newest_.view))
        newest_ = certificate;
    for (std::uint32_t i = 0; i < heard_count_; ++i)
        if (heard_[i] == relay)
            return;
    heard_[heard_count_++] = relay;
    if (heard_count_ >= relays_)
    {
        link_ = Link::synced;
        storage_failed_ = false;
    }
}

void LifeCycle::on_lease_seen(std::uint64_t nonce_on_chain, std::uint64_t recorded_nonce) noexcept
{
    clone_ = clone_ || nonce_on_chain > recorded_nonce;
}
}  // namespace mote::client
