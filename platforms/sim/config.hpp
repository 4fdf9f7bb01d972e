// Config: what a run is made of. Two runs with equal configs are equal, byte for byte.
#pragma once

#include <span>
#include <string_view>

#include "chain/calendar.hpp"
#include "chain/zone_rules.hpp"
#include "consensus/root_voter.hpp"
#include "sim/network.hpp"

namespace mote::sim
{
/// What goes wrong in a run. Percentages are of the validators, counts are of nodes.
struct Faults
{
    std::string_view name;
    std::string_view text;

    // The network, until it calms down.
    LinkModel storm;
    bool partitions = false;

    // Devices.
    std::uint32_t crash_percent = 0;       ///< crash once or twice, at a random point
    std::uint32_t sleep_percent = 0;       ///< go to sleep now and then
    std::uint32_t slow_percent = 0;        ///< everything from and to them takes much longer
    std::uint32_t reserve_percent = 0;     ///< keep their record in reserve mode
    std::uint32_t offline_percent = 0;     ///< never there; 100: exactly S - q
    std::uint32_t read_error_percent = 0;  ///< lose their record, and so never sign again
    std::uint32_t clock_percent = 0;       ///< wall clock jumps by a day
    std::uint32_t clone_percent = 0;       ///< a copy of the image runs beside the device
    std::uint32_t snapshot_percent = 0;    ///< their storage is set back to an older image
    std::uint32_t twin_percent = 0;        ///< two cores with one key
    std::uint32_t everything_percent = 0;  ///< sign all they see
    std::uint32_t nullify_percent = 0;     ///< sign nothing but NULLIFY
    bool halt = false;                     ///< for a while more than S - q are gone
    /// What is said about the last block of an epoch is late, until the network calms down.
    bool late_ends = false;

    // Producers, in their roles.
    std::uint32_t silent_leaders = 0, slow_leaders = 0, equivocating_leaders = 0;
    std::uint32_t withholding_producers = 0, falsifying_producers = 0, lying_producers = 0;
    std::uint32_t bare_leaders =
        0;  ///< re-propose older blocks, without the nullifications between
    std::uint32_t lazy_provers = 0, late_provers = 0, lying_provers = 0;
    std::uint32_t selective_relays = 0, garbage_relays = 0, replaying_relays = 0;
    bool expired_keys = false;  ///< somebody holds the keys of an old committee
};

/// Every profile there is; the first one has no faults.
[[nodiscard]] std::span<const Faults> fault_profiles();
/// Null if there is no such profile.
[[nodiscard]] const Faults* find_profile(std::string_view name);

/// A host or voter that is broken on purpose, to see that an invariant notices.
enum class Mutant : std::uint8_t
{
    none,
    sign_everything,        ///< I1, I2, I3: no voter between events and key
    skip_nullifications,    ///< I4: rule 2 of 6.1 is not checked
    bare_reproposals,       ///< I4: nor for a re-proposal, and for nothing else
    endless_epochs,         ///< I5: blocks beyond the last one of an epoch
    forget_votes,           ///< I5: a restart with a new key's record
    sign_before_flush,      ///< I6
    old_record,             ///< I7: what is written has an older position
    attest_without_shares,  ///< I8
    accept_any_proof,       ///< I9
    forget_pending,         ///< I10
    unlimited_unproven,     ///< I11
    ignore_absent,          ///< I12: the follower form takes any absent members
    follower_goes_back,     ///< I13
    keep_old_committee,     ///< I14
    never_finalize,         ///< I15
    unbounded_queue,        ///< I16
    hidden_input,           ///< I17: a core that sees more than its events
};

enum class SignatureMode : std::uint8_t
{
    by_size,  ///< real for up to 16 validators
    real,
    simulated,
};

struct Config
{
    std::uint32_t validators = 100;
    std::uint32_t producers = 5;
    std::uint32_t zones = 2;
    std::uint32_t followers = 2;
    std::uint64_t views = 100;
    std::uint64_t seed = 1;
    const Faults* faults = nullptr;  ///< null: none
    SignatureMode signatures = SignatureMode::by_size;

    chain::Calendar calendar = {32, 8, 2};
    consensus::Timing timing;
    chain::ZoneLimits limits = {16, 40, 8};
    std::uint32_t seats = 0;  ///< of root and zone committees; 0: one for every validator
    std::uint64_t checkpoint_every = 8;
    std::uint32_t zone_bytes_max = 6000;

    // For tests.
    Mutant mutant = Mutant::none;
    std::uint32_t only_invariant = 0;  ///< number of the only one that is checked; 0: all
    // One planned crash of device 0, see device.hpp.
    std::uint8_t crash_point = 0, crash_rule = 0;
    bool crash_in_reserve = false;

    [[nodiscard]] bool real_signatures() const noexcept
    {
        return signatures == SignatureMode::real ||
               (signatures == SignatureMode::by_size && validators <= 16);
    }
};
}  // namespace mote::sim
