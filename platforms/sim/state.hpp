// State: what a root block leads to, how a leader makes one, and whether a proposal is good.
//
// A BlockState is a function of the blocks up to it, so all nodes of a run share one copy, found by the
// block's hash (Ledger). Fetching a block by its hash therefore costs a node nothing here; what the
// simulation is about is votes, certificates and what a crash forgets.
//
//   proposal -> check_proposal(parent's state) -> fault, or the new state
//   leader   -> build_proposal(parent's state) -> proposal          the same derive() below both
#pragma once

#include <functional>
#include <map>
#include <unordered_map>

#include "chain/epoch_rules.hpp"
#include "chain/zone_rules.hpp"
#include "consensus/ancestry.hpp"
#include "sim/committees.hpp"
#include "sim/message.hpp"

namespace mote::sim
{
struct ZoneState
{
    chain::ZoneLeaf leaf;
    std::vector<chain::PendingBlock> pending;
};

struct BlockState
{
    chain::RootHeader header;
    Digest hash{};
    std::vector<ZoneState> zones;
    PlanPtr plan;       ///< in force in the block's epoch
    PlanPtr next_plan;  ///< announced for the next one, or null
};
using StatePtr = std::shared_ptr<const BlockState>;

struct DigestHash
{
    std::size_t operator()(const Digest& digest) const noexcept
    {
        return static_cast<std::size_t>(load_le<std::uint64_t>(digest.data()));
    }
};

/// What is fixed by the last block of the epoch before.
struct EpochContext
{
    std::uint64_t epoch = 0;
    StatePtr start;
    PlanPtr plan;
    std::vector<std::uint32_t> leaders;                   ///< order of root turns
    std::vector<std::vector<std::uint32_t>> zone_owners;  ///< order of windows, by zone
    Digest randao{};                                      ///< R(epoch)
    PlanPtr old_plan;                                     ///< of the epoch before, or null
    std::vector<std::vector<std::uint32_t>> old_zone_owners;

    [[nodiscard]] consensus::StartBlock start_block() const noexcept
    {
        return {start->header.height, start->hash};
    }
    [[nodiscard]] std::uint32_t leader(std::uint64_t view) const noexcept
    {
        return chain::root_leader(leaders, view);
    }
    /// The plan of this epoch or the one before; null for any other.
    [[nodiscard]] const Plan* plan_of(std::uint64_t of_epoch) const noexcept
    {
        return of_epoch == epoch ? plan.get() : of_epoch + 1 == epoch ? old_plan.get() : nullptr;
    }
    /// The producer that owns a window of this epoch or the one before.
    [[nodiscard]] std::uint32_t owner(std::uint32_t zone, std::uint64_t window,
                                      std::uint64_t of_epoch) const noexcept
    {
        return chain::window_owner(of_epoch == epoch ? zone_owners[zone] : old_zone_owners[zone],
                                   window);
    }
};
using ContextPtr = std::shared_ptr<const EpochContext>;

/// The rules of a run; mutants break one on purpose.
struct Rules
{
    const Membership* members = nullptr;
    Digest chain_id{};
    chain::ZoneLimits limits;
    std::uint32_t carry_max = chain::carry_max_default;
    bool keep_old_committee = false;  ///< mutant: an adopted set changes nothing
    bool forget_pending = false;      ///< mutant: a statement takes one pending block too many
};

/// Finds what a hash names.
class Ledger
{
  public:
    explicit Ledger(Rules rules) : rules_(rules) {}

    [[nodiscard]] const Rules& rules() const noexcept { return rules_; }
    void set_genesis(StatePtr genesis);
    void add(StatePtr state) { states_.emplace(state->hash, std::move(state)); }
    [[nodiscard]] StatePtr find(const Digest& hash) const;
    /// The epoch after a last block; epoch 0 for genesis.
    [[nodiscard]] ContextPtr context_after(const StatePtr& start);
    /// The ancestor of `state` at a height, or null if it is not kept any more.
    [[nodiscard]] StatePtr ancestor(StatePtr state, std::uint64_t height) const;
    /// Forgets blocks below a height.
    void forget_below(std::uint64_t height);
    [[nodiscard]] std::size_t blocks() const noexcept { return states_.size(); }

    void add_plan(PlanPtr plan) { plans_.emplace(plan->set_hash, std::move(plan)); }
    [[nodiscard]] PlanPtr plan(const Digest& set_hash) const;
    /// The plan of `epoch`, the one after that of the block `anchor`; drawn once.
    [[nodiscard]] PlanPtr plan_for(std::uint64_t epoch, const StatePtr& anchor);

  private:
    Rules rules_;
    std::unordered_map<Digest, StatePtr, DigestHash> states_;
    std::unordered_map<Digest, ContextPtr, DigestHash> contexts_;
    std::unordered_map<Digest, PlanPtr, DigestHash> plans_;
    std::map<std::pair<std::uint64_t, Digest>, PlanPtr> drawn_;  // by epoch and randomness
};

/// Makes the genesis of a run.
[[nodiscard]] StatePtr make_genesis(const Membership& members, std::uint64_t seed,
                                    std::span<const Digest> zone_roots);

enum class ProposalFault : std::uint8_t
{
    none = 0,
    leader,      ///< not signed by the view's leader, or another proposer
    parent,      ///< unknown
    reveal,      ///< missing, wrong, or another randao
    time,        ///< not above the parent's
    update,      ///< order, zone, window, owner, anchor or certificate of an update
    zone,        ///< chain::ZoneFault
    evidence,    ///< does not convict
    epoch,       ///< chain::EpochFault, or records that do not hold
    roots,       ///< a field of the header is not what follows from the rest
    reproposal,  ///< brings more than a re-proposal may
};

/// Says whether a certificate verifies under a committee.
using CertificateCheck =
    std::function<bool(const chain::Certificate&, const CommitteeList& committee)>;
/// Says whether a piece of evidence is of this chain and its signatures verify.
using EvidenceCheck = std::function<bool(const wire::EvidenceMessage&, const EpochContext&)>;

/// Checks everything of section 6.1 but the place; on none, `out` is the state after it.
[[nodiscard]] ProposalFault check_proposal(Ledger& ledger, const EpochContext& context,
                                           const Proposal& proposal,
                                           const CertificateCheck& certificates,
                                           const EvidenceCheck& evidence, StatePtr& out);

/// What a leader puts into a block.
struct BlockContent
{
    std::vector<chain::ZoneUpdate> updates;
    std::vector<wire::EvidenceMessage> evidence;
    PlanPtr announced;  ///< the plan whose set zone 0's statement brings, or null
};

/// Makes the state and header of a block; false if the content breaks a rule.
[[nodiscard]] bool build_block(Ledger& ledger, const EpochContext& context,
                               const BlockState& parent, std::uint64_t view,
                               std::uint64_t parent_view, std::uint32_t proposer,
                               std::uint64_t time_ms, const chain::Signature& reveal,
                               const BlockContent& content, BlockState& out);
}  // namespace mote::sim
