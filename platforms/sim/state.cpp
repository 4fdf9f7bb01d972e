#include "sim/state.hpp"

#include <algorithm>
#include <stdexcept>

#include "chain/tree.hpp"

namespace mote::sim
{
namespace
{
constexpr std::uint64_t tip_ahead_ms = 2000;  // [CONSENSUS] section 6.1, rule 4

std::vector<std::uint32_t> order_of(const Digest& seed, std::size_t count)
{
    std::vector<std::uint32_t> order(count);
    chain::permutation(seed, order);
    return order;
}

Digest leaf_of(const wire::EvidenceMessage& piece)
{
    switch (piece.kind)
    {
        case 1:
            return chain::leaf_hash_of(piece.votes);
        case 2:
            return chain::leaf_hash_of(piece.headers);
        case 3:
            return chain::leaf_hash_of(piece.proposals);
        default:
            return chain::leaf_hash_of(piece.bad_row);
    }
}

/// Applies one block to one zone; false if its update breaks a rule.
bool apply_zone(const Rules& rules, ZoneState& zone, std::uint64_t height,
                const chain::ZoneUpdate* update, std::span<const Digest> convicted)
{
    std::vector<chain::PendingBlock> memory(
        std::max<std::size_t>(zone.pending.size(),
                              static_cast<std::size_t>(rules.limits.unproven_max)) +
        chain::skipped_max + 1);
    chain::Zone rule;
    if (rule.open(zone.leaf, zone.pending, memory) != Status::ok)
        throw std::logic_error("a zone's state does not hold");
    std::vector<Digest> hashes, parents;
    chain::NewHeaders headers;
    const bool has_tip = update != nullptr && update->has_tip;
    if (has_tip)
    {
        for (const chain::ZoneHeader& header : update->skipped)
        {
            hashes.push_back(chain::hash_of(header));
            parents.push_back(header.parent);
        }
        hashes.push_back(chain::hash_of(update->tip));
        parents.push_back(update->tip.parent);
        headers = {hashes, parents, update->tip.height};
    }
    const bool has_statement = update != nullptr && update->has_statement;
    chain::ZoneFault fault{};
    if (rule.apply(height, has_tip ? &headers : nullptr,
                   has_statement ? &update->statement : nullptr, convicted, rules.limits,
                   fault) != Status::ok ||
        fault != chain::ZoneFault::none)
        return false;
    zone.leaf = rule.leaf();
    zone.pending.assign(rule.pending().begin(), rule.pending().end());
    if (rules.forget_pending && has_statement && !zone.pending.empty())
    {
        zone.pending.back().included_at += 1;
        zone.leaf.pending_root = chain::root_of(std::span<const chain::PendingBlock>(zone.pending));
    }
    return true;
}

/// The part that builder and checker share: everything in the header that follows from the rest.
bool derive(const Rules& rules, const BlockState& parent,
            std::span<const chain::ZoneUpdate> updates,
            std::span<const wire::EvidenceMessage> evidence, const PlanPtr& announced,
            BlockState& out)
{
    const chain::Calendar& calendar = rules.members->calendar;
    chain::RootHeader& header = out.header;
    header.height = parent.header.height + 1;
    header.epoch = calendar.epoch(header.height);
    header.parent = parent.hash;
    const bool begins = header.epoch != parent.header.epoch;
    const PlanPtr adopted = begins ? parent.next_plan : nullptr;
    chain::EpochFields fields;
    if (chain::next_epoch_fields(parent.header, header.height, adopted ? &adopted->set : nullptr,
                                 announced ? &announced->set : nullptr, calendar, rules.carry_max,
                                 fields) != chain::EpochFault::none)
        return false;
    header.flags = fields.flags;
    header.root_committee =
        rules.keep_old_committee ? parent.header.root_committee : fields.root_committee;
    header.next_root_committee = fields.next_root_committee;
    header.ckpt_committee = fields.ckpt_committee;
    header.next_ckpt_committee = fields.next_ckpt_committee;
    header.zones_root = fields.zones_root;
    header.params_root = fields.params_root;
    header.next_set = fields.next_set;
    header.epoch_randao = fields.epoch_randao;

    out.plan = adopted && !rules.keep_old_committee ? adopted : parent.plan;
    out.next_plan = begins ? nullptr : parent.next_plan;
    if (!out.next_plan && announced && announced->set_hash == header.next_set)
        out.next_plan = announced;

    out.zones = parent.zones;
    std::vector<Digest> convicted;
    chain::TreeBuilder evidence_tree, body, table;
    for (const wire::EvidenceMessage& piece : evidence)
    {
        evidence_tree.add(leaf_of(piece));
        if (piece.kind == 4)
            convicted.push_back(chain::hash_of(piece.bad_row.header));
    }
    std::size_t used = 0;
    for (ZoneState& zone : out.zones)
    {
        if (adopted)
            for (const chain::ZoneRecord& record : adopted->records)
                if (record.zone == zone.leaf.zone)
                {
                    zone.leaf.flags = record.flags;
                    zone.leaf.program_id = record.program_id;
                    zone.leaf.producers_root = record.producers_root;
                }
        const chain::ZoneUpdate* update = nullptr;
        if (used < updates.size() && updates[used].zone == zone.leaf.zone)
            update = &updates[used++];
        if (!apply_zone(rules, zone, header.height, update, convicted))
            return false;
        if (update != nullptr)
            body.add(chain::leaf_hash_of(*update));
        table.add(chain::leaf_hash_of(zone.leaf));
    }
    header.body_root = body.root();
    header.evidence_root = evidence_tree.root();
    header.zone_table_root = table.root();
    return used == updates.size();
}

class Checker
{
  public:
    Checker(Ledger& ledger, const EpochContext& context, const BlockState& parent,
            const Proposal& proposal, const CertificateCheck& certificates)
        : ledger_(ledger),
          rules_(ledger.rules()),
          context_(context),
          parent_(parent),
          header_(proposal.message.header),
          certificates_(certificates)
    {
    }

    [[nodiscard]] bool update_holds(const chain::ZoneUpdate& update) const
    {
        if (update.zone >= parent_.zones.size())
            return false;
        return (!update.has_tip || tip_holds(update)) &&
               (!update.has_statement || statement_holds(update));
    }

  private:
    [[nodiscard]] bool certified(const chain::Certificate& certificate, chain::Kind kind,
                                 std::uint64_t height, std::uint32_t zone,
                                 const Digest& subject) const
    {
        const Plan* plan = context_.plan_of(certificate.epoch);
        return plan != nullptr && certificate.kind == kind && certificate.zone == zone &&
               certificate.view_or_height == height && certificate.subject == subject &&
               certificates_(certificate, *plan->zones[zone]);
    }

    [[nodiscard]] bool anchor_holds(const chain::ZoneHeader& header, std::uint64_t& lowest) const
    {
        const StatePtr anchor = ledger_.find(header.anchor);
        if (!anchor)
            return false;
        const std::uint64_t height = anchor->header.height;
        const std::uint64_t reach = rules_.members->calendar.epoch_heights / 2;
        if (height < lowest || height >= header_.height || header_.height - height > reach)
            return false;
        lowest = height;
        const StatePtr parent = ledger_.find(parent_.hash);
        const StatePtr found = ledger_.ancestor(parent, height);
        return found && found->hash == header.anchor;
    }

    [[nodiscard]] bool tip_holds(const chain::ZoneUpdate& update) const
    {
        const chain::Calendar& calendar = rules_.members->calendar;
        const chain::ZoneHeader& tip = update.tip;
        const std::uint64_t window = calendar.window(header_.height);
        if (tip.zone != update.zone || tip.window > window || tip.window + 1 < window)
            return false;
        std::uint64_t lowest = 0;
        for (const chain::ZoneHeader& header : update.skipped)
            if (header.zone != update.zone || !anchor_holds(header, lowest))
                return false;
        if (!anchor_holds(tip, lowest) || tip.time_ms > header_.time_ms + tip_ahead_ms)
            return false;
        const std::uint64_t epoch = calendar.epoch_of_window(tip.window);
        const Plan* plan = context_.plan_of(epoch);
        const auto& producers = rules_.members->producers;
        if (plan == nullptr || tip.producer >= producers.size() || update.avail.epoch != epoch)
            return false;
        const auto& pending = parent_.zones[update.zone].pending;
        const bool open = std::any_of(pending.begin(), pending.end(),
                                      [](const auto& block) { return block.is_void != 0; });
        if (!open && tip.producer != context_.owner(update.zone, tip.window, epoch))
            return false;
        const Digest hash = chain::hash_of(tip);
        return rules_.members->signatures->verify_one(
                   chain::zone_header_digest(rules_.chain_id, hash), update.tip_signature,
                   producers[tip.producer].public_key) &&
               certified(update.avail, chain::Kind::avail, tip.height, update.zone, hash);
    }

    [[nodiscard]] bool statement_holds(const chain::ZoneUpdate& update) const
    {
        return update.statement.zone == update.zone &&
               certified(update.valid, chain::Kind::valid, update.statement.to, update.zone,
                         chain::statement_hash(update.statement));
    }

    Ledger& ledger_;
    const Rules& rules_;
    const EpochContext& context_;
    const BlockState& parent_;
    const chain::RootHeader& header_;
    const CertificateCheck& certificates_;
};

ProposalFault check_reveal(const Rules& rules, const BlockState& parent, const Proposal& proposal,
                           const PublicKey& leader)
{
    const wire::ProposalMessage& m = proposal.message;
    if (!m.has_reveal || m.header.randao != chain::next_randao(parent.header.randao, m.reveal) ||
        !rules.members->signatures->verify_one(
            chain::reveal_digest(rules.chain_id, m.header.epoch, m.header.view), m.reveal, leader))
        return ProposalFault::reveal;
    return m.header.time_ms > parent.header.time_ms ? ProposalFault::none : ProposalFault::time;
}

/// The sets that a proposal has to bring, adopted first, and the records of the adopted one.
ProposalFault check_sets(Ledger& ledger, const BlockState& parent, const Proposal& proposal,
                         PlanPtr& announced)
{
    std::size_t at = 0;
    const bool begins = proposal.message.header.epoch != parent.header.epoch;
    if (begins && parent.next_plan)
    {
        if (at >= proposal.epoch_sets.size() || proposal.epoch_sets[at] != parent.next_plan->set ||
            !chain::records_hold(proposal.records, parent.next_plan->set.zones_root))
            return ProposalFault::epoch;
        ++at;
    }
    else if (!proposal.records.empty())
        return ProposalFault::epoch;
    for (const chain::ZoneUpdate& update : proposal.updates)
        if (update.zone == 0 && update.has_statement && !chain::is_zero(update.statement.aux_root))
        {
            if (at >= proposal.epoch_sets.size() ||
                chain::hash_of(proposal.epoch_sets[at]) != update.statement.aux_root)
                return ProposalFault::epoch;
            announced = ledger.plan(update.statement.aux_root);
            ++at;
        }
    return at == proposal.epoch_sets.size() ? ProposalFault::none : ProposalFault::epoch;
}
}  // namespace

void Ledger::set_genesis(StatePtr genesis)
{
    rules_.chain_id = genesis->hash;
    add(std::move(genesis));
}

StatePtr Ledger::find(const Digest& hash) const
{
    const auto at = states_.find(hash);
    return at == states_.end() ? nullptr : at->second;
}

PlanPtr Ledger::plan(const Digest& set_hash) const
{
    const auto at = plans_.find(set_hash);
    return at == plans_.end() ? nullptr : at->second;
}

PlanPtr Ledger::plan_for(std::uint64_t epoch, const StatePtr& anchor)
{
    PlanPtr& plan = drawn_[{epoch, anchor->header.epoch_randao}];
    if (!plan)
    {
        plan = draw_plan(*rules_.members, epoch, anchor->header.epoch_randao, anchor->plan.get());
        add_plan(plan);
    }
    return plan;
}

ContextPtr Ledger::context_after(const StatePtr& start)
{
    const auto [at, fresh] = contexts_.try_emplace(start->hash);
    if (!fresh)
        return at->second;
    const Membership& members = *rules_.members;
    auto context = std::make_shared<EpochContext>();
    const bool genesis = start->header.height == 0;
    context->epoch = genesis ? 0 : start->header.epoch + 1;
    context->start = start;
    context->plan =
        !genesis && start->next_plan && !rules_.keep_old_committee ? start->next_plan : start->plan;
    context->randao = start->header.epoch_randao;
    const auto count = members.producers.size();
    const auto seed = [&](chain::SeedKind kind, std::uint32_t zone)
    { return chain::seed(context->randao, context->epoch, kind, zone); };
    context->leaders = order_of(seed(chain::SeedKind::root_turns, 0), count);
    for (std::uint32_t zone = 0; zone < members.programs.size(); ++zone)
        context->zone_owners.push_back(order_of(seed(chain::SeedKind::zone_turns, zone), count));
    if (!genesis)
    {
        context->old_plan = start->plan;
        // The order of the epoch before: its seed is that of the start of that epoch.
        for (const auto& [hash, other] : contexts_)
            if (other && other->epoch + 1 == context->epoch &&
                ancestor(start, other->start->header.height) == other->start)
                context->old_zone_owners = other->zone_owners;
    }
    if (context->old_zone_owners.empty())
        context->old_zone_owners = context->zone_owners;
    at->second = context;
    return context;
}

StatePtr Ledger::ancestor(StatePtr state, std::uint64_t height) const
{
    while (state && state->header.height > height)
        state = find(state->header.parent);
    return state && state->header.height == height ? state : nullptr;
}

void Ledger::forget_below(std::uint64_t height)
{
    std::erase_if(states_, [&](const auto& entry) { return entry.second->header.height < height; });
    std::erase_if(contexts_,
                  [&](const auto& entry)
                  {
                      const std::uint64_t epoch_heights = rules_.members->calendar.epoch_heights;
                      return entry.second->start->header.height + 3 * epoch_heights < height;
                  });
    if (drawn_.size() > 16)
    {
        plans_.erase(drawn_.begin()->second->set_hash);
        drawn_.erase(drawn_.begin());
    }
}

StatePtr make_genesis(const Membership& members, std::uint64_t seed,
                      std::span<const Digest> zone_roots)
{
    auto genesis = std::make_shared<BlockState>();
    chain::RootHeader& header = genesis->header;
    std::array<std::uint8_t, 8> name;
    store_le(name.data(), seed);
    header.parent = hash::blake3(name);
    header.randao = header.epoch_randao =
        hash::blake3_derive_key("mote simulator genesis v1", name);
    header.body_root = header.evidence_root = chain::empty_tree_root();
    const PlanPtr plan = draw_plan(members, 0, header.randao, nullptr);
    const PlanPtr next = draw_plan(members, 1, header.randao, plan.get());
    header.root_committee = plan->set.root_committee;
    header.ckpt_committee = plan->set.ckpt_committee;
    header.zones_root = plan->set.zones_root;
    header.params_root = plan->set.params_root;
    header.next_root_committee = next->set.root_committee;
    if (members.calendar.begins_period(1))
        header.next_ckpt_committee = next->set.ckpt_committee;
    header.next_set = next->set_hash;
    chain::TreeBuilder table;
    for (std::uint32_t zone = 0; zone < members.programs.size(); ++zone)
    {
        genesis->zones.push_back(
            {chain::new_zone(zone, members.programs[zone], plan->records[zone].producers_root,
                             zone_roots[zone]),
             {}});
        table.add(chain::leaf_hash_of(genesis->zones.back().leaf));
    }
    header.zone_table_root = table.root();
    genesis->plan = plan;
    genesis->next_plan = next;
    genesis->hash = chain::hash_of(header);
    return genesis;
}

ProposalFault check_proposal(Ledger& ledger, const EpochContext& context, const Proposal& proposal,
                             const CertificateCheck& certificates, const EvidenceCheck& evidence,
                             StatePtr& out)
{
    const Rules& rules = ledger.rules();
    const wire::ProposalMessage& m = proposal.message;
    out = nullptr;
    const std::uint32_t leader = context.leader(m.view);
    const PublicKey& key = rules.members->producers[leader].public_key;
    if (m.header.epoch != context.epoch ||
        !rules.members->signatures->verify_one(
            chain::proposal_digest(rules.chain_id, m.header.epoch, m.view, proposal.block),
            m.signature, key))
        return ProposalFault::leader;
    if (m.view != m.header.view)
    {
        out = ledger.find(proposal.block);
        const bool bare = proposal.updates.empty() && proposal.evidence.empty() &&
                          proposal.epoch_sets.empty() && proposal.records.empty() && !m.has_reveal;
        return !out   ? ProposalFault::parent
               : bare ? ProposalFault::none
                      : ProposalFault::reproposal;
    }
    if (m.header.proposer != leader)
        return ProposalFault::leader;
    const StatePtr parent = ledger.find(m.header.parent);
    if (!parent)
        return ProposalFault::parent;
    if (const ProposalFault fault = check_reveal(rules, *parent, proposal, key);
        fault != ProposalFault::none)
        return fault;
    PlanPtr announced;
    if (const ProposalFault fault = check_sets(ledger, *parent, proposal, announced);
        fault != ProposalFault::none)
        return fault;
    const Checker checker(ledger, context, *parent, proposal, certificates);
    for (std::size_t i = 0; i < proposal.updates.size(); ++i)
        if ((i != 0 && proposal.updates[i].zone <= proposal.updates[i - 1].zone) ||
            !checker.update_holds(proposal.updates[i]))
            return ProposalFault::update;
    for (const wire::EvidenceMessage& piece : proposal.evidence)
        if (!evidence(piece, context))
            return ProposalFault::evidence;
    auto state = std::make_shared<BlockState>();
    state->header = m.header;
    if (!derive(rules, *parent, proposal.updates, proposal.evidence, announced, *state))
        return ProposalFault::zone;
    if (state->header != m.header)
        return ProposalFault::roots;
    state->hash = proposal.block;
    out = std::move(state);
    return ProposalFault::none;
}

bool build_block(Ledger& ledger, const EpochContext& context, const BlockState& parent,
                 std::uint64_t view, std::uint64_t parent_view, std::uint32_t proposer,
                 std::uint64_t time_ms, const chain::Signature& reveal, const BlockContent& content,
                 BlockState& out)
{
    out = BlockState();
    chain::RootHeader& header = out.header;
    header.view = view;
    header.parent_view = parent_view;
    header.proposer = proposer;
    header.time_ms = std::max(time_ms, parent.header.time_ms + 1);
    header.randao = chain::next_randao(parent.header.randao, reveal);
    if (!derive(ledger.rules(), parent, content.updates, content.evidence, content.announced, out))
        return false;
    out.hash = chain::hash_of(header);
    return header.epoch == context.epoch;
}
}  // namespace mote::sim
