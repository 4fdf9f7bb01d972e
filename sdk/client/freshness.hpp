// Freshness: may a checkpoint be started from, or is it too old to be believed alone?
//
// Keys of old committees are erased after KEY_EPOCHS, which nobody can verify; a checkpoint is believed
// while it is young enough that erasure hardly matters. An older one needs somebody who knows: the
// user or embedder confirms it, or most of the independent sources that the caller names agree.
//
//   now - time <= trust_period_ms     believed by its age
//   confirmed, or agree(...)          believed by somebody's word
//   no clock that can be trusted      no age: somebody's word
//
// Worked case: 14 days are 1,209,600,000 ms; a checkpoint of that age is believed, one a millisecond
// older is not.
//
// Source  [CONSENSUS] sections 10.2 and 12.
#pragma once

#include <span>

#include "chain/handover.hpp"

namespace mote::client
{
inline constexpr std::uint64_t trust_period_ms_default = 1209600000;  ///< TRUST_PERIOD, 14 days

/// Wall time as the device knows it.
struct WallClock
{
    std::uint64_t ms = 0;  ///< since 1970
    bool trusted = false;  ///< synchronized, or set by a clock that runs while the device is off
};

enum class Freshness : std::uint8_t
{
    fresh,
    too_old,
    unknown,  ///< no trusted clock
};

/// Says how old something certified is. A time after now counts as fresh: the certificate is a better
/// witness than the clock.
[[nodiscard]] constexpr Freshness freshness(std::uint64_t time_ms, const WallClock& now,
                                            std::uint64_t trust_period_ms) noexcept
{
    if (!now.trusted)
        return Freshness::unknown;
    return now.ms > time_ms && now.ms - time_ms > trust_period_ms ? Freshness::too_old
                                                                  : Freshness::fresh;
}

/// What a source says the chain is.
struct Opinion
{
    std::uint32_t source = 0;  ///< index in the caller's list
    chain::Checkpoint checkpoint;
};

inline constexpr std::uint32_t sources_max = 32;

/// Whether enough of `sources` independent ones name this checkpoint: quorum(sources).
///
/// Shape   sources: how many the caller named, 1 .. sources_max, else no. A source that names two different
///         ones counts for none, one that is not on the list does not count.
[[nodiscard]] bool agree(const chain::Checkpoint& checkpoint, std::span<const Opinion> opinions,
                         std::uint32_t sources) noexcept;
}  // namespace mote::client
