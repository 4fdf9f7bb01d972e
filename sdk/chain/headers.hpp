// Headers: of a zone's block and of a block of the root chain.
//
// A header's hash is its block's name. The root header commits to everything a follower needs: the
// committees of its epoch, the table of zones, and the set that rules the next epoch.
//
// Source  [CONSENSUS] sections 3 and 3.3.
#pragma once

#include "chain/layout.hpp"

namespace mote::chain
{
inline constexpr std::uint32_t header_version = 1;

struct ZoneHeader
{
    std::uint32_t version = header_version;
    std::uint32_t zone = 0;
    std::uint64_t height = 0;
    Digest parent{};
    std::uint32_t producer = 0;  ///< index in the zone's list of producers
    std::uint64_t window = 0;
    std::uint64_t time_ms = 0;
    std::uint32_t data_bytes = 0;  ///< B of the SVID header
    Digest anchor{};               ///< root block that this block may read
    Digest data_commit{};          ///< svid_root
    Digest claimed_root{};         ///< the producer's word, until it is proven
    Digest out_msgs_root{};        ///< the same

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.version, s.zone, s.height, s.parent, s.producer, s.window, s.time_ms, s.data_bytes,
           s.anchor, s.data_commit, s.claimed_root, s.out_msgs_root);
    }
    friend bool operator==(const ZoneHeader&, const ZoneHeader&) noexcept = default;
};
static_assert(layout_bytes<ZoneHeader> == 200);

struct RootHeader
{
    std::uint32_t version = header_version;
    std::uint32_t flags = 0;  ///< epochs carried over in a row
    std::uint64_t epoch = 0;
    std::uint64_t height = 0;
    std::uint64_t view = 0;
    Digest parent{};
    std::uint64_t parent_view = 0;
    std::uint32_t proposer = 0;  ///< index in the list of root leaders
    std::uint64_t time_ms = 0;
    Digest body_root{};
    Digest zone_table_root{};
    Digest root_committee{};       ///< commitment of this epoch's
    Digest next_root_committee{};  ///< of the next epoch's; zero until known
    Digest ckpt_committee{};       ///< of this period's; zero if it has none
    Digest next_ckpt_committee{};  ///< of the next period's; zero until known
    Digest zones_root{};
    Digest params_root{};
    Digest randao{};
    Digest evidence_root{};
    Digest next_set{};      ///< hash of the epoch set of the next epoch; zero until known
    Digest epoch_randao{};  ///< randao of the last block of the epoch before

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.version, s.flags, s.epoch, s.height, s.view, s.parent, s.parent_view, s.proposer,
           s.time_ms, s.body_root, s.zone_table_root, s.root_committee, s.next_root_committee,
           s.ckpt_committee, s.next_ckpt_committee, s.zones_root, s.params_root, s.randao,
           s.evidence_root, s.next_set, s.epoch_randao);
    }
    friend bool operator==(const RootHeader&, const RootHeader&) noexcept = default;
};
static_assert(layout_bytes<RootHeader> == 468);

/// Names a block.
///
/// Cost    4 and 8 compressions, and one for the context.
[[nodiscard]] Digest hash_of(const ZoneHeader& header) noexcept;
[[nodiscard]] Digest hash_of(const RootHeader& header) noexcept;

/// Gives the randao of a block from its parent's and its leader's reveal.
///
/// Source  [CONSENSUS] section 6.1, rule 3.
[[nodiscard]] Digest next_randao(const Digest& parent_randao, const Signature& reveal) noexcept;
}  // namespace mote::chain
