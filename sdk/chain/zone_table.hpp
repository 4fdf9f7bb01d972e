// Zone table: one leaf per zone in every root header, and the blocks that wait for their proof.
//
// Source  [CONSENSUS] section 3.2.
#pragma once

#include "chain/layout.hpp"

namespace mote::chain
{
inline constexpr std::uint32_t zone_paused = 1;  ///< bit of flags: only statements are included

struct ZoneLeaf
{
    std::uint32_t zone = 0;
    std::uint32_t flags = 0;
    Digest program_id{};
    Digest producers_root{};
    std::uint64_t tip_height = 0;
    Digest tip_hash{};
    std::uint64_t proven_height = 0;
    Digest proven_hash{};
    Digest proven_root{};
    Digest msgs_root{};
    Digest pending_root{};  ///< over PendingBlock, ascending from proven_height + 1

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.zone, s.flags, s.program_id, s.producers_root, s.tip_height, s.tip_hash,
           s.proven_height, s.proven_hash, s.proven_root, s.msgs_root, s.pending_root);
    }
    friend bool operator==(const ZoneLeaf&, const ZoneLeaf&) noexcept = default;
};
static_assert(layout_bytes<ZoneLeaf> == 248);

/// An included block without proof.
struct PendingBlock
{
    Digest header_hash{};
    std::uint64_t included_at = 0;  ///< height of the root block
    std::uint8_t is_void = 0;       ///< 0 or 1

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.header_hash, s.included_at, s.is_void);
    }
    friend bool operator==(const PendingBlock&, const PendingBlock&) noexcept = default;
};
static_assert(layout_bytes<PendingBlock> == 41);

/// Gives the leaf of a zone that has no block yet.
[[nodiscard]] ZoneLeaf new_zone(std::uint32_t zone, const Digest& program_id,
                                const Digest& producers_root, const Digest& proven_root) noexcept;
}  // namespace mote::chain
