// Limits: how much of everything a validator keeps. Its memory is a function of these and nothing else.
//
// The defaults are those of a phone with 16 zones; Validator::memory_bytes says what they come to.
// Whatever does not fit is dropped with a counted reason or asked for again, never grown for.
#pragma once

#include <cstdint>

namespace mote::client
{
struct Limits
{
    std::uint32_t zones = 16;          ///< in the zone table
    std::uint32_t pending = 64;        ///< unproven blocks of one zone, MAX_UNPROVEN or more
    std::uint32_t blocks = 7;          ///< root blocks that are not final, with their states
    std::uint32_t ancestors = 1824;    ///< hashes of final root blocks; EPOCH_LEN / 2 and some
    std::uint32_t lists = 96;          ///< lists of members, producers and parameters in use
    std::uint32_t producers = 64;      ///< of one list
    std::uint32_t keys = 2048;         ///< keys that are kept decoded; the others cost time
    std::uint32_t certificates = 64;   ///< hashes of certificates that were verified
    std::uint32_t headers = 128;       ///< zone headers seen in the current windows
    std::uint32_t jobs = 16;           ///< verify(job) that have no answer yet
    std::uint32_t held_bytes = 32768;  ///< of a proposal that waits for its time or its parent
    std::uint32_t message_bytes =
        1048576;  ///< longer messages are dropped unread; they are the host's
};
}  // namespace mote::client
