// Block transition: what a root block's body makes of its parent's state, and of its own header.
//
// The leader fills its header from it (build_block.hpp), the voters compare (proposal_check.hpp). Effects come
// in the order of section 5: the epoch's records, then in each zone its headers, its statement, the marks
// of evidence and of the time that is over.
//
//   transition.begin(parent, height, body, next, verdict)
//   transition.convict(hash) ...                   // of each valid piece of evidence 4
//   transition.apply(update, limits, verdict) ...  // ascending by zone
//   transition.finish(limits, header, verdict)
//
// Lists are sources: an element is decoded when its turn comes, so a proposal of a megabyte needs memory for
// one update. Nothing is signed or verified here.
//
// Source  [CONSENSUS] sections 5 and 10.
#pragma once

#include "chain/epoch_rules.hpp"
#include "chain/evidence.hpp"
#include "chain/tree.hpp"
#include "chain/zone_update.hpp"
#include "consensus/chain_state.hpp"
#include "consensus/proposal_fault.hpp"

namespace mote::consensus
{
/// A list whose elements are made when they are asked for.
template <class T>
struct Source
{
    std::size_t count = 0;
    void* context = nullptr;
    /// Gives element `index`, which holds until the next call; false if there is none after all.
    bool (*at)(void* context, std::size_t index, T& out) = nullptr;
};

/// What a root block carries besides its header.
struct BlockBody
{
    Source<chain::ZoneUpdate> updates;
    Source<chain::Evidence> evidence;
    std::span<const chain::EpochSet> sets;  ///< the one to adopt, then the one announced
    std::span<const chain::ZoneRecord> records;
};

struct BlockRules
{
    chain::Calendar calendar;
    std::uint32_t carry_max = chain::carry_max_default;
    Digest empty_state_root{};
};

class BlockTransition
{
  public:
    explicit BlockTransition(const BlockRules& rules) noexcept : rules_(rules) {}

    /// Makes `next` the parent's table, after the records of an epoch that begins.
    ///
    /// Shape   `next` has the dimensions of the parent's table.
    /// Errors  a fault of rule 5, or too_large; always Status::ok.
    ProposalFault begin(const ChainState& parent, std::uint64_t height, const BlockBody& body,
                        ZoneTable& next, ProposalVerdict& verdict) noexcept;

    /// The fields of the epoch after begin(): committees, zones and parameters in force. What the block itself
    /// announces is not in them.
    [[nodiscard]] const chain::EpochFields& fields() const noexcept { return fields_; }

    /// Notes a piece of evidence that was found valid.
    void add(const chain::Evidence& evidence) noexcept;

    /// Whether the next update may be of this zone: they ascend.
    [[nodiscard]] bool in_order(std::uint32_t number) const noexcept
    {
        return number >= next_number_;
    }

    /// The zone of the next update as it is before it; null if there is none in the table.
    [[nodiscard]] const chain::Zone* zone(std::uint32_t number) const noexcept;

    /// Applies an update.
    ProposalFault apply(const chain::ZoneUpdate& update, const chain::ZoneLimits& limits,
                        ProposalVerdict& verdict) noexcept;

    /// Gives the roots and the fields of the epoch; the other fields of `header` stay as they are.
    ProposalFault finish(const chain::ZoneLimits& limits, chain::RootHeader& header,
                         ProposalVerdict& verdict) noexcept;

  private:
    void pass_zones_below(std::uint64_t number, const chain::ZoneLimits& limits) noexcept;

    BlockRules rules_;
    const ChainState* parent_ = nullptr;
    const BlockBody* body_ = nullptr;
    ZoneTable* next_ = nullptr;
    std::uint64_t height_ = 0;
    chain::EpochFields fields_;
    const chain::EpochSet* adopted_ = nullptr;
    const chain::EpochSet* announced_ = nullptr;
    chain::TreeBuilder updates_, evidence_;
    std::array<Digest, chain::evidence_max> convicted_{};
    std::size_t convicted_count_ = 0;
    std::size_t passed_ = 0;         // zones of the table that had this block
    std::uint64_t next_number_ = 0;  // the lowest zone that an update may have
};
}  // namespace mote::consensus
