// Life cycle: may this device vote now?
//
//   OFFLINE --connected--> SYNCING --newest known from 2 relays--> FOLLOWING --everything holds--> VOTING
//      ^                      ^                                        ^                             |
//      |                      +---- wake ---- (asleep) <--- sleep -----+-----------------------------+
//      +---- disconnected                    network change, clock jump, storage error: back to FOLLOWING,
//                                            and VOTING only after a new synchronization
//
// VOTING wants all of these at once: an active lease, a readable record, the lock that makes this process
// the key's only one, a key that has not expired, and on a host whose storage can be set back a lease that
// was renewed since the start and is in a finalized block.
//
// Three things end voting for good, until the device is set up anew: a clone of the key, a FAULT of the chain,
// and a protocol version that this code does not know.
//
// Missed views are not replayed: the newest finalization or nullification says where to go on (R4).
//
// Source  [CONSENSUS] sections 7, 11 and 13.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mote::client
{
enum class DeviceState : std::uint8_t
{
    offline,
    asleep,
    syncing,
    following,
    voting,
};

/// Why a device that follows does not vote, first reason first.
enum class NotVoting : std::uint8_t
{
    none = 0,
    not_following,     ///< offline, asleep or syncing
    clone,             ///< a lease nonce on chain above the recorded one: for good
    chain_fault,       ///< for good
    upgrade_required,  ///< for good
    storage,           ///< an error since the last synchronization
    no_record,         ///< not readable
    no_lock,           ///< another process has the key
    no_key,            ///< expired, or none yet
    no_lease,
    lease_not_renewed,  ///< this host's storage can be set back
};

/// What may be true of a device besides its connection; see NotVoting.
struct VotingConditions
{
    bool record_readable = false;
    bool lock_held = false;
    bool key_valid = false;
    bool lease_active = false;
    bool lease_renewed = false;  ///< since the start, in a finalized block
};

/// Where a device that was away goes on: the highest (epoch, view) that somebody certified.
struct NewestCertificate
{
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
};

/// One device's state.
///
/// Memory  a few words, no pointers. Everything is an event; nothing here has a clock.
class LifeCycle
{
  public:
    static constexpr std::uint32_t relays_default = 2;
    static constexpr std::uint32_t relays_max = 8;

    /// Shape   storage_can_be_set_back: of virtual machines and restored backups. relays: whose word
    ///         a synchronization needs, 1 .. relays_max (asserted).
    explicit LifeCycle(bool storage_can_be_set_back,
                       std::uint32_t relays = relays_default) noexcept;

    [[nodiscard]] DeviceState state() const noexcept;
    [[nodiscard]] NotVoting reason() const noexcept;
    /// Whether the voter is to be stopped cleanly now: the record is open, and the state is not VOTING.
    [[nodiscard]] bool must_stop_voter() const noexcept;

    void on_connected() noexcept;
    void on_disconnected() noexcept;
    void on_sleep() noexcept;
    void on_wake() noexcept;
    void on_network_change() noexcept;
    void on_clock_jump() noexcept;
    void on_storage_error() noexcept;

    /// Takes a relay's newest finalization or nullification, verified. Repeats of one relay count once.
    void on_newest(std::uint64_t relay, const NewestCertificate& certificate) noexcept;
    /// The newest of what relays said since the last synchronization began.
    [[nodiscard]] const NewestCertificate& newest() const noexcept { return newest_; }

    void set_conditions(const VotingConditions& conditions) noexcept { conditions_ = conditions; }
    [[nodiscard]] const VotingConditions& conditions() const noexcept { return conditions_; }

    /// Takes a lease of this key seen in a finalized block. One above the record's is a clone's.
    void on_lease_seen(std::uint64_t nonce_on_chain, std::uint64_t recorded_nonce) noexcept;
    void on_chain_fault() noexcept { chain_fault_ = true; }
    void on_upgrade_required() noexcept { upgrade_required_ = true; }

    /// Takes the news that the voter was opened, or is closed.
    void set_voter_open(bool open) noexcept { voter_open_ = open; }

  private:
    enum class Link : std::uint8_t
    {
        offline,
        asleep,
        syncing,
        synced,
        unsure,  ///< follows what comes, and needs a new synchronization to vote
    };

    void begin_sync(Link link) noexcept;

    VotingConditions conditions_;
    NewestCertificate newest_;
    std::array<std::uint64_t, relays_max> heard_{};
    std::uint32_t heard_count_ = 0;
    std::uint32_t relays_;
    Link link_ = Link::offline;
    bool storage_can_be_set_back_;
    bool storage_failed_ = false;
    bool clone_ = false;
    bool chain_fault_ = false;
    bool upgrade_required_ = false;
    bool voter_open_ = false;
};
}  // namespace mote::client
