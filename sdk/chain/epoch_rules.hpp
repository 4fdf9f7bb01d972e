// Epoch rules: which committees, zones and parameters a root header has to name.
//
// Zone 0 proves the set of the next epoch. The first root block that includes it announces it; the
// first block of the next epoch adopts it. If none came in time, everything carries over, for a
// number of epochs, and only the checkpoint committee ends with its period.
//
//   epoch e      ... next_set = 0 | announced: next_set, next_root_committee, maybe next_ckpt_committee
//   epoch e+1    adopted: root_committee, zones_root, params_root, maybe ckpt_committee; next_* = 0
//             or carried over: flags + 1
//
// The first block of an epoch can do both: adopt one set and announce the next.
//
// Source  [CONSENSUS] section 10.
#pragma once

#include <span>

#include "chain/calendar.hpp"
#include "chain/epoch_set.hpp"
#include "chain/headers.hpp"

namespace mote::chain
{
inline constexpr std::uint32_t carry_max_default = 8;  ///< CARRY_MAX

/// The fields of a root header that follow from its parent and from the sets it carries.
struct EpochFields
{
    std::uint32_t flags = 0;
    Digest root_committee{};
    Digest next_root_committee{};
    Digest ckpt_committee{};
    Digest next_ckpt_committee{};
    Digest zones_root{};
    Digest params_root{};
    Digest next_set{};
    Digest epoch_randao{};

    friend bool operator==(const EpochFields&, const EpochFields&) noexcept = default;
};

enum class EpochFault : std::uint8_t
{
    none = 0,
    height,   ///< not the parent's + 1, or a parent of another epoch than its height's
    adopted,  ///< the set to adopt is missing, another one, or not due
    carried,  ///< carried over too often: no block is valid
    fields,   ///< the header says otherwise
};

/// Takes the fields out of a header.
[[nodiscard]] EpochFields epoch_fields(const RootHeader& header) noexcept;

/// Gives the fields of the block after `parent`.
///
/// Shape   adopted: the set that the block carries for its own epoch, or null. announced: the set that
///         its zone 0 statement brings (its hash is the statement's aux_root), or null.
/// Errors  height, adopted, carried; `out` is empty then.
[[nodiscard]] EpochFault next_epoch_fields(const RootHeader& parent, std::uint64_t height,
                                           const EpochSet* adopted, const EpochSet* announced,
                                           const Calendar& calendar, std::uint32_t carry_max,
                                           EpochFields& out) noexcept;

/// Checks a header against its parent.
[[nodiscard]] EpochFault check_epoch_fields(const RootHeader& parent, const RootHeader& header,
                                            const EpochSet* adopted, const EpochSet* announced,
                                            const Calendar& calendar,
                                            std::uint32_t carry_max = carry_max_default) noexcept;

/// Whether records ascend by zone and have this root.
[[nodiscard]] bool records_hold(std::span<const ZoneRecord> records,
                                const Digest& zones_root) noexcept;

/// What a voter knows of a block beyond its hash.
struct BlockFacts
{
    bool has_producer_signature = false;
    bool has_avail = false;      ///< AVAIL certificate of the block or of a descendant
    bool in_final_root = false;  ///< included by a finalized root block
    bool void_in_final_root = false;
    bool proven_in_notarized = false;  ///< in a notarized root block that descends from the newest
                                       ///< finalized one
    bool proven_in_final = false;
};

/// How far a block has come, lowest first; is_void stands apart and is for good.
enum class Level : std::uint8_t
{
    unknown = 0,
    seen,
    available,
    ordered,
    proven,
    final,
    is_void,
};

/// Source  [CONSENSUS] section 5, the table of levels.
[[nodiscard]] constexpr Level level_of(const BlockFacts& facts) noexcept
{
    if (facts.void_in_final_root)
        return Level::is_void;
    if (facts.proven_in_final)
        return Level::final;
    if (facts.proven_in_notarized)
        return Level::proven;
    if (facts.in_final_root)
        return Level::ordered;
    if (facts.has_avail)
        return Level::available;
    return facts.has_producer_signature ? Level::seen : Level::unknown;
}
}  // namespace mote::chain
