// What an aggregator keeps, for the files that it is made of.
#pragma once

#include "consensus/aggregator.hpp"

namespace mote::consensus
{
/// One thing that is voted on. Of the root chain that is (kind, view), whatever the subject: a member
/// has one vote there. Elsewhere it is (kind, height, subject), because two are harmless.
struct Aggregator::Slot
{
    bool used;
    bool certified;  // no more votes are wanted
    bool ready;      // and the certificate of `winner` was not given yet
    Kind kind;
    std::uint32_t opener;
    std::uint32_t seats;  // the most that one subject has
    std::uint32_t rank;   // of the subject that is sent next, in the lowest subnet of `sending`
    std::uint64_t view;
    std::uint64_t age;
    std::uint64_t changed;  // bit s: subnet s has new votes since its last partial
    std::uint64_t sending;  // bit s: its partials are under way
    Digest subject;         // zero for the root chain
    Digest winner;
};

/// A member's vote in a slot.
struct Aggregator::Record
{
    enum class State : std::uint8_t
    {
        empty = 0,
        waiting,  // not checked
        good,
        spent,  // contradicts another vote of the member; it is evidence, and there is no other
    };

    SignaturePoint point;
    Digest subject;
    std::uint32_t peer;
    State state;
    bool accused;  // evidence was made of it
};

/// The best partial of a subnet for one subject. Its bitmap is bits_of().
struct Aggregator::Kept
{
    SignaturePoint point;
    Digest subject;
    std::uint32_t seats;  // 0: none
};

namespace internal
{
/// Subjects for which a subnet keeps and sends partials; the others have fewer seats there.
inline constexpr std::size_t kept_each = 2;
}  // namespace internal
}  // namespace mote::consensus
