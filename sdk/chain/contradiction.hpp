// Contradiction: two headers that one chain cannot both have.
//
// Certificates of both prove that more than a third of a committee lied, or that keys were stolen. A
// node that sees two such headers, each vouched for, cannot know which one is the others' and stops.
//
// Only what two headers say of themselves is compared, so not every fork shows: two headers of different
// heights may be on different branches and agree in everything that is looked at here.
//
// Source  [CONSENSUS] sections 3.3, 6.1, 10 and 10.2.
#pragma once

#include "chain/calendar.hpp"
#include "chain/headers.hpp"

namespace mote::chain
{
enum class Contradiction : std::uint8_t
{
    none = 0,
    height,      ///< two blocks of one height
    parent,      ///< neighbours, and the upper one has another parent
    order,       ///< the higher one has a lower time, epoch or view of its epoch
    epoch,       ///< fields that all headers of an epoch share
    next,        ///< the set of the next epoch: another one, or gone after it was announced
    adoption,    ///< the next epoch has other committees than were announced
    checkpoint,  ///< two checkpoint committees of one period
};

/// Says how two headers contradict each other; the order of the two does not matter.
///
/// Cost    a hash of each.
[[nodiscard]] Contradiction contradiction(const RootHeader& a, const RootHeader& b,
                                          const Calendar& calendar) noexcept;
}  // namespace mote::chain
