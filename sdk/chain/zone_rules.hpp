// Zone rules: what a root block of height h does to one zone.
//
//   (1) new headers become pending, included at h
//   (2) a statement takes the oldest pending blocks away and moves the proven state
//   (3) evidence marks blocks void that were included at most evidence_window heights ago
//   (4) whatever is pending for prove_timeout heights is void
//
// In that order, so a statement meets the marks of the parent block, and a block that is proven and
// convicted in one root block ends up proven. A void block keeps its place and has no effect; which
// blocks are void follows from root blocks alone.
//
// Worked case: included at 1 with a timeout of 120, a block can be proven in block 121, and is void
// after it if it was not.
//
// Signatures, certificates, windows and anchors are not looked at here.
//
// Source  [CONSENSUS] section 5.
#pragma once

#include <span>

#include "base/status.hpp"
#include "chain/epoch_set.hpp"
#include "chain/statement.hpp"
#include "chain/zone_table.hpp"

namespace mote::chain
{
struct ZoneLimits
{
    std::uint64_t unproven_max = 64;
    std::uint64_t prove_timeout = 120;
    std::uint64_t evidence_window = 8;
};

/// The headers of an update, skipped ones first.
struct NewHeaders
{
    std::span<const Digest> hashes;
    std::span<const Digest> parents;  ///< as many
    std::uint64_t tip_height = 0;     ///< of the last one
};

/// The rule that an update breaks.
enum class ZoneFault : std::uint8_t
{
    none = 0,
    paused,      ///< headers for a zone that takes only statements
    tip_height,  ///< heights do not follow the old tip
    parent,      ///< a parent is not the hash before
    range,       ///< from and to are no range of blocks, or the mask is beyond it
    from,        ///< not the first block without proof
    to,          ///< above the tip
    program,
    pre_root,
    header,  ///< prev_header or last_header
    void_mask,
    unproven,  ///< too many blocks without proof
};

/// One zone: its leaf and its pending blocks.
class Zone
{
  public:
    /// Starts from a leaf and the blocks that it has pending.
    ///
    /// Shape   memory: room for limits.unproven_max blocks, or for those there are if they are more.
    /// Errors  invalid_argument: the number of blocks, their root or the last hash is not the leaf's;
    ///         memory_too_small.
    /// Memory  keeps `memory`.
    Status open(const ZoneLeaf& leaf, std::span<const PendingBlock> pending,
                std::span<PendingBlock> memory) noexcept;

    /// Gives a zone without blocks memory for its pending ones.
    ///
    /// Memory  keeps `memory`.
    void reserve(std::span<PendingBlock> memory) noexcept { memory_ = memory; }

    /// Becomes equal to another zone, in its own memory.
    ///
    /// Shape   there is room for the other's pending blocks (asserted).
    void copy_from(const Zone& other) noexcept;

    /// Becomes a zone that has no block yet, in the memory that it has.
    void start(const ZoneLeaf& leaf) noexcept;

    [[nodiscard]] const ZoneLeaf& leaf() const noexcept { return leaf_; }
    [[nodiscard]] std::span<const PendingBlock> pending() const noexcept
    {
        return memory_.first(count_);
    }
    /// Whether any producer may use the zone's windows: a pending block is void.
    [[nodiscard]] bool windows_open() const noexcept;

    /// Takes a root block of height `height`; every zone takes every one.
    ///
    /// Shape   headers, statement: null if the block has none for this zone. evidence: header hashes of
    ///         its valid evidence 4, of any zone. Heights ascend.
    /// Errors  memory_too_small: more blocks would be pending than `memory` holds; the zone is as before.
    ///         A fault is an answer: `fault` says which, and the zone is as before.
    /// Cost    a tree over the pending blocks if they changed.
    Status apply(std::uint64_t height, const NewHeaders* headers, const Statement* statement,
                 std::span<const Digest> evidence, const ZoneLimits& limits,
                 ZoneFault& fault) noexcept;

    /// Takes flags, program and producers from the record that an epoch begins with.
    ///
    /// Shape   record.zone is the leaf's (asserted).
    void adopt(const ZoneRecord& record) noexcept;

  private:
    [[nodiscard]] ZoneFault check_headers(const NewHeaders& headers) const noexcept;
    [[nodiscard]] ZoneFault check_statement(const Statement& statement,
                                            const NewHeaders* headers) const noexcept;
    bool mark(std::uint64_t height, std::span<const Digest> evidence,
              const ZoneLimits& limits) noexcept;
    void update_root() noexcept;

    ZoneLeaf leaf_;
    std::span<PendingBlock> memory_;
    std::size_t count_ = 0;
};
}  // namespace mote::chain
