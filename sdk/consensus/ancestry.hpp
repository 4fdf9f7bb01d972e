// Ancestry: may this block stand in this view, by certificates alone?
//
// A proposal names the view p of its parent's certificate; every view between p and its own has to be
// nullified. Certificates decide, not preference: if a view has both a notarization and a
// nullification, a proposal may build on it or pass over it.
//
//   views      5     6     7     8
//              b     x     x     proposal with parent b, parent_view 5: 6 and 7 need nullifications
//
// An epoch has a last height. A block of that height has no children in its epoch; until it is
// finalized it is proposed again, the same header in a new view. Rule 2 alone decides whether a
// sibling is still possible.
//
// Source  [CONSENSUS] sections 6.1 and 6.6.
#pragma once

#include "chain/calendar.hpp"
#include "chain/types.hpp"

namespace mote::consensus
{
using chain::Digest;

/// The views of one epoch that are known to be nullified.
///
/// Memory  a window of 256 views below the newest one that was added; older ones have to come with the
///         proposal, where they only matter if nothing was notarized since.
class NullifiedViews
{
  public:
    static constexpr std::uint64_t window = 256;

    /// Forgets everything, for a new epoch.
    void clear() noexcept;

    /// Notes a nullification that was verified. One too old for the window is not kept.
    void add(std::uint64_t view) noexcept;

    [[nodiscard]] bool contains(std::uint64_t view) const noexcept;

    /// Gives the lowest view u with after < u < before that is not known to be nullified; `before` if
    /// there is none.
    ///
    /// Cost    at most `window` steps.
    [[nodiscard]] std::uint64_t first_gap(std::uint64_t after, std::uint64_t before) const noexcept;

    /// Counts the nullified views directly below `view`.
    [[nodiscard]] std::uint32_t run_below(std::uint64_t view) const noexcept;

  private:
    std::array<std::uint64_t, window / 64> bits_{};  // view v is bit v % window
    std::uint64_t newest_ = 0;
};

/// What a proposal says of its place, and what the receiver knows of its parent.
struct Place
{
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint64_t header_view = 0;  ///< below view in a re-proposal
    std::uint64_t height = 0;
    Digest block{};
    std::uint64_t parent_view = 0;
    Digest parent{};
    std::uint64_t parent_height = 0;
    /// A notarization or finalization of this epoch that was verified, or none.
    bool has_certificate = false;
    std::uint64_t certificate_view = 0;
    Digest certificate_block{};
};

/// The block that an epoch builds on, finalized in the epoch before; genesis for epoch 0.
struct StartBlock
{
    std::uint64_t height = 0;
    Digest hash{};

    friend bool operator==(const StartBlock&, const StartBlock&) noexcept = default;
};

enum class PlaceFault : std::uint8_t
{
    none = 0,
    epoch,          ///< the height is of another epoch
    view,           ///< view 0, or the header's above the proposal's
    parent,         ///< the parent is neither certified in an earlier view nor the start block
    height,         ///< not the parent's + 1
    beyond_epoch,   ///< a child of the epoch's last block
    reproposal,     ///< the same header again, but not of an epoch's last block that is notarized
    not_nullified,  ///< `gap` is a view in between without nullification: fetch it
};

/// Checks a place; on not_nullified, `gap` is the lowest view that lacks a nullification.
[[nodiscard]] PlaceFault check_place(const Place& place, const StartBlock& start,
                                     const NullifiedViews& nullified,
                                     const chain::Calendar& calendar, std::uint64_t& gap) noexcept;
}  // namespace mote::consensus
