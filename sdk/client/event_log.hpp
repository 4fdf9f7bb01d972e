// Event log: events as bytes, so that a run can be kept and played again.
//
//   kind u8 | ok u8 | now_ms u64 | peer u64 | id u64 | wall_ms u64 | n u32 | bytes n          little-endian
//
// One after the other. A validator that was opened with the same setup and gets the events of a log gives the
// same actions; absorb() makes two runs comparable. Bytes of lists have to stay where they are, so the log
// has to outlive the validator that it is replayed to.
//
// Source  [CONSENSUS] section 15, and invariant I17 of section 18.2.
#pragma once

#include "base/status.hpp"
#include "client/actions.hpp"

namespace mote::client
{
inline constexpr std::size_t event_head_bytes = 38;

[[nodiscard]] constexpr std::size_t encoded_bytes(const Event& event) noexcept
{
    return event_head_bytes + event.bytes.size();
}

/// Writes an event.
///
/// Errors  memory_too_small; limit_exceeded for bytes of 4 GiB or more.
Status encode(const Event& event, MutableBytes out, std::size_t& written) noexcept;

/// Takes an event from the front of a log.
///
/// Errors  malformed: cut off, no such kind, ok not 0 or 1. `log` is
///         untouched then.
/// Memory  event.bytes points into the log.
Status decode(Bytes& log, Event& out) noexcept;

/// Adds everything that an action says to a hash.
void absorb(const Action& action, hash::Blake3& hash) noexcept;
}  // namespace mote::client
