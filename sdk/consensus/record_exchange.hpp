// Record exchange: what leaves with a key when it moves to another device, and what an arriving record
// may change.
//
// An export is a position: everything up to (epoch, view) may have been voted. Import takes the higher of
// two positions and never lowers one, so that no order of imports can make a key vote twice. The device
// that exports writes a retired record and stops.
//
//   exported(record) -> position, in a file -> imported(...) -> a record to flush before anything else
//
// A record with a reservation stands at the end of it, because views inside may have been voted. An import
// of exactly the view that the record stands at uses up what is left of it: the other device may have
// voted there, too.
//
// Worked case: reserved up to view 80 of epoch 3; an import of (3, 70) changes nothing, one of (3, 81)
// gives an exact record at (3, 81) whose votes are both used.
//
// Source  [CONSENSUS] section 7, export and import; [EIP3076], whose rules these follow.
#pragma once

#include <span>

#include "consensus/vote_record.hpp"

namespace mote::consensus
{
/// Where a key stands.
struct Position
{
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    /// The second vote of the view, for people; an import does not rely on it.
    Second second = Second::none;

    friend bool operator==(const Position&, const Position&) noexcept = default;
};

/// Whether a is below b.
[[nodiscard]] constexpr bool below(const Position& a, const Position& b) noexcept
{
    return a.epoch != b.epoch ? a.epoch < b.epoch : a.view < b.view;
}

/// Gives the position of a record. A vote that is `used` counts as finalize, the word that forbids most.
[[nodiscard]] Position exported(const VoteRecord& record) noexcept;

/// Gives the highest of several positions of one key; false if there is none.
[[nodiscard]] bool highest(std::span<const Position> positions, Position& out) noexcept;

enum class Imported : std::uint8_t
{
    raised,     ///< `out` is to be written and flushed
    unchanged,  ///< the record is there already
    retired,    ///< the record never signs again, and an import does not change that
    no_seq,     ///< there is no higher seq
};

/// Raises a record. The voter of the key is not running: what it has in memory is not asked.
[[nodiscard]] Imported imported(const VoteRecord& record, const Position& position,
                                VoteRecord& out) noexcept;

/// Makes the first record of a key that arrives on a device without one.
///
/// Shape   the device has no record of this key, rather than one that it cannot read.
[[nodiscard]] VoteRecord arrived(const Position& position) noexcept;
}  // namespace mote::consensus
