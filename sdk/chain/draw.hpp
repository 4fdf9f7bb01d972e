// Draw: which candidates hold the seats of a committee, by stake.
//
//   seat t, attempt a:   x = first 16 bytes of DK("mote draw v1", seed || t u32 || a u32)
//                        y = floor(x * T / 2^128)         T: sum of the stakes
//                        the first candidate whose running sum of stakes exceeds y
//
// There is no minimum stake. Zone seats cost bandwidth, so a candidate says how many it can serve;
// one that is full is passed over, seven times at most.
//
// Source  [CONSENSUS] section 10.
#pragma once

#include <span>

#include "base/status.hpp"
#include "chain/types.hpp"

namespace mote::chain
{
inline constexpr std::uint32_t draw_attempts = 8;

struct Candidate
{
    std::uint32_t validator_id = 0;
    std::uint64_t stake = 0;
};

/// Draws `seats` seats; 0 gives one to every candidate.
///
/// Shape   candidates: ascending by id. running: one entry each, working memory. capacity: one entry
///         each, zone seats that are free in this epoch and are used up here, or none at all for root
///         and checkpoint seats. seats_of: one entry each, the result.
/// Errors  invalid_argument: spans of other lengths, ids that do not ascend, no candidate or stakes
///         without sum although there are seats to draw, a sum of 2^64 or more; limit_exceeded: more
///         than seats_max seats. The result is all zero then and capacity as it was.
/// Cost    a hash and a binary search for each seat, eight for one that nobody has room for.
/// Source  [CONSENSUS] section 10, draw.
Status draw(const Digest& seed, std::uint32_t seats, std::span<const Candidate> candidates,
            std::span<std::uint64_t> running, std::span<std::uint32_t> capacity,
            std::span<std::uint16_t> seats_of) noexcept;
}  // namespace mote::chain
