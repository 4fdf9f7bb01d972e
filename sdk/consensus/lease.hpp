// Lease: a validator's word that it is there, and what it may be drawn for.
//
//   (validator, key, class, capacity, from, to)      in zone 0; a nonce counts its renewals
//
//   class            root    zone    checkpoint
//   A always on      yes     yes     yes
//   B mostly on      yes     yes     no
//   C intermittent   no      yes     no
//
// A root seat also asks that UPTIME of the last lease's votes came. Whoever misses more loses the lease,
// not stake, and renews when it is back. A key has to outlive the duty, because an epoch may be carried
// over CARRY_MAX times.
//
// Worked case: a key that is valid through epoch 47 serves duties that end with epoch 39 at the latest,
// if CARRY_MAX is 8.
//
// Source  [CONSENSUS] sections 7 and 10.
#pragma once

#include "chain/calendar.hpp"
#include "chain/types.hpp"

namespace mote::consensus
{
enum class LeaseClass : std::uint8_t
{
    always = 1,        ///< A
    mostly = 2,        ///< B
    intermittent = 3,  ///< C
};

/// What seats are drawn for; the kinds of seeds 1 to 3.
enum class Duty : std::uint8_t
{
    root = 1,
    zone = 2,
    checkpoint = 3,
};

struct Lease
{
    std::uint32_t validator_id = 0;
    chain::PublicKey key{};
    LeaseClass lease_class = LeaseClass::intermittent;
    std::uint32_t capacity = 0;  ///< zone seats that it can serve in an epoch
    std::uint64_t from = 0;      ///< first epoch
    std::uint64_t to = 0;        ///< first epoch after it
    std::uint64_t nonce = 0;     ///< of the key, above that of every lease before
};

/// Votes that were asked for during a lease, and those that came.
struct Attendance
{
    std::uint64_t asked = 0;
    std::uint64_t came = 0;

    /// Whether at least `percent` of 100 came; yes if none was asked for, which is so of a first lease.
    [[nodiscard]] constexpr bool reaches(std::uint32_t percent) const noexcept
    {
        // came / asked >= percent / 100 without a product that could overflow.
        return came >= asked ||
               asked - came <= asked / 100 * (100 - percent) + asked % 100 * (100 - percent) / 100;
    }
};

inline constexpr std::uint32_t uptime_percent_default = 90;  ///< UPTIME

[[nodiscard]] constexpr bool active(const Lease& lease, std::uint64_t epoch) noexcept
{
    return lease.from <= epoch && epoch < lease.to;
}

/// Whether a class is drawn for a duty at all.
[[nodiscard]] constexpr bool fits(LeaseClass lease_class, Duty duty) noexcept
{
    switch (duty)
    {
        case Duty::root:
            return lease_class == LeaseClass::always || lease_class == LeaseClass::mostly;
        case Duty::zone:
            return lease_class == LeaseClass::always || lease_class == LeaseClass::mostly ||
                   lease_class == LeaseClass::intermittent;
        case Duty::checkpoint:
            return lease_class == LeaseClass::always;
    }
    return false;
}

/// Gives the last epoch of a duty that is drawn for `epoch`: the period's for checkpoint.
[[nodiscard]] constexpr std::uint64_t last_epoch_of(Duty duty, std::uint64_t epoch,
                                                    const chain::Calendar& calendar) noexcept
{
    if (duty != Duty::checkpoint)
        return epoch;
    const std::uint64_t past = epoch % calendar.period_epochs;
    const std::uint64_t more = calendar.period_epochs - 1 - past;
    return epoch > UINT64_MAX - more ? UINT64_MAX : epoch + more;
}

enum class Ineligible : std::uint8_t
{
    none = 0,
    no_lease,     ///< not active in the epoch of the state that is drawn from
    lease_class,  ///< does not fit the duty
    uptime,       ///< a root or checkpoint seat, and too many votes missed
    key,          ///< expires before the duty and CARRY_MAX more epochs are over
    convicted,    ///< evidence against it, until the period ends
};

/// What a draw asks of a candidate.
struct DrawRules
{
    chain::Calendar calendar;
    std::uint32_t uptime_percent = uptime_percent_default;
    std::uint32_t carry_max = 8;  ///< CARRY_MAX
};

/// Says whether a validator is a candidate.
///
/// Shape   state_epoch: of the state that candidates are taken from. duty_epoch: that is drawn for.
///         key_last_epoch: in which the key may still sign. free_again: first epoch in which evidence
///         against it does not count any more, 0 for none.
[[nodiscard]] Ineligible eligible(const Lease& lease, Duty duty, std::uint64_t state_epoch,
                                  std::uint64_t duty_epoch, std::uint64_t key_last_epoch,
                                  const Attendance& attendance, std::uint64_t free_again,
                                  const DrawRules& rules) noexcept;

/// Gives the first epoch in which evidence of `epoch` does not keep a validator out: the next period's.
[[nodiscard]] constexpr std::uint64_t free_again_after(std::uint64_t epoch,
                                                       const chain::Calendar& calendar) noexcept
{
    const std::uint64_t last = last_epoch_of(Duty::checkpoint, epoch, calendar);
    return last == UINT64_MAX ? last : last + 1;
}
}  // namespace mote::consensus
