// Events: everything a validator ever learns.
//
// The host calls step() with one event after the other, each with its monotonic time. Bytes belong to
// the host and are read during the call only, except those of a list (FetchKind::list), which have to
// stay where they are. There is nothing else that a validator reads: no clock, no randomness, no
// storage. So the same events give the same actions, and a log of them (event_log.hpp) replays a run.
//
//   message       something a peer sent: one byte MessageKind, then the body as sdk/wire has it
//   timer         the deadline of the newest set_deadline action has come (early ones do no harm)
//   flushed       the record of write_and_flush `token` is on the medium
//   write_failed  it may not be: nothing exclusive is signed any more until a restart
//   fetched       the answer to fetch `id`; empty if nobody has it
//   verified      the answer to verify `id`: for shares, true once they are verified AND durable
//   wake, sleep   the device slept, or is about to (it then gets the record of a clean stop to flush)
//   clock         wall time; trusted: the device has synchronized it
//   entropy       32 fresh random bytes; the first one comes before any message, more are mixed in
//
// Source  [CONSENSUS] section 15.
#pragma once

#include "base/bytes.hpp"

namespace mote::client
{
using PeerId = std::uint64_t;

/// The byte before the body of a message. Numbers below 32 are those of SVID (wire/limits.hpp).
enum class MessageKind : std::uint8_t
{
    proposal = 32,
    certificate = 33,
    vote = 34,         ///< of relays and aggregators; a validator sends them and drops them
    partial = 35,      ///< of relays
    zone_header = 36,  ///< signed
    evidence = 37,
    follower_certificate = 38,  ///< of followers
    root_header = 39,           ///< of followers
    proof = 40,                 ///< a statement with everything to check it, see attest.hpp
};

enum class EventKind : std::uint8_t
{
    message = 1,
    timer = 2,
    flushed = 3,
    write_failed = 4,
    fetched = 5,
    verified = 6,
    wake = 7,
    sleep = 8,
    clock = 9,
    entropy = 10,
};

/// One event; fields that its kind does not name are zero.
struct Event
{
    EventKind kind = EventKind::timer;
    std::uint64_t now_ms = 0;  ///< monotonic, never decreasing
    PeerId peer = 0;           ///< message
    std::uint64_t id = 0;  ///< flushed, write_failed: token; fetched, verified: id of the action
    bool ok = false;       ///< verified: the answer; clock: trusted
    std::uint64_t wall_ms = 0;  ///< clock: milliseconds since 1970
    Bytes bytes;                ///< message, fetched, entropy
};
}  // namespace mote::client
