// A producer as a root leader.
#include <algorithm>

#include "sim/producer.hpp"

namespace mote::sim
{
namespace
{
using chain::Certificate;
}  // namespace

void Producer::enter(std::uint64_t view)
{
    view_ = view;
    if (context_->leader(view) != index_ || role_.silent_leader)
        return;
    const Time delay = role_.slow_leader ? milliseconds(3 * world_.config().timing.delta_ms)
                                         : 1000 + random_.below(2000);
    world_.schedule(world_.now() + delay, node(), Timer::propose, view);
}

bool Producer::find_parent(StatePtr& parent, const Certificate*& certificate,
                           std::vector<Certificate>& nullifications) const
{
    for (std::uint64_t u = view_; u-- > 1;)
    {
        const auto at = certificates_.find(u);
        if (at == certificates_.end())
            return false;
        const MessagePtr& block =
            at->second.notarized ? at->second.notarized : at->second.finalized;
        // Where both exist, either ancestry is legal.
        const bool passes_over = role_.bare_leader && at->second.nullified != nullptr;
        if (block && !passes_over)
        {
            parent = world_.ledger().find(block->certificate.subject);
            certificate = &block->certificate;
            return parent != nullptr;
        }
        if (!at->second.nullified)
            return false;
        if (nullifications.size() < wire::nullifications_max)
            nullifications.push_back(at->second.nullified->certificate);
    }
    parent = context_->start;
    return true;
}

void Producer::zone_content(const BlockState& parent, std::uint32_t zone, BlockContent& content)
{
    const chain::Calendar& calendar = world_.members().calendar;
    const ZoneState& state = parent.zones[zone];
    const std::uint64_t height = parent.header.height + 1, window = calendar.window(height);
    chain::ZoneUpdate update;
    update.zone = zone;
    for (const Proven& proven : proven_[zone])
    {
        const chain::Statement& s = proven.statement;
        if (!proven.certificate || s.from != state.leaf.proven_height + 1 ||
            s.pre_root != state.leaf.proven_root || s.prev_header != state.leaf.proven_hash ||
            s.to > state.leaf.tip_height ||
            context_->plan_of(proven.certificate->certificate.epoch) == nullptr)
            continue;
        std::uint64_t marks = 0;
        for (std::size_t i = 0; i <= s.to - s.from; ++i)
            marks |= std::uint64_t{state.pending[i].is_void} << i;
        if (marks != s.void_mask)
            continue;
        update.has_statement = true;
        update.statement = s;
        update.valid = proven.certificate->certificate;
        if (zone == 0 && !chain::is_zero(s.aux_root))
            content.announced = world_.ledger().plan(s.aux_root);
        break;
    }
    const std::size_t proven =
        update.has_statement
            ? static_cast<std::size_t>(update.statement.to - update.statement.from + 1)
            : 0;
    // The highest certified header whose ancestors lead to the tip.
    // NOLINTNEXTLINE(modernize-loop-convert): backwards.
    for (auto at = available_[zone].rbegin(); at != available_[zone].rend(); ++at)
    {
        const chain::ZoneHeader& tip = at->second.block->header;
        if (tip.window > window || tip.window + 1 < window)
            continue;
        std::vector<ZoneBlockPtr> skipped;
        Digest before = tip.parent;
        while (before != state.leaf.tip_hash && skipped.size() <= 8)
        {
            const ZoneBlockPtr block = world_.zone_block(before);
            if (!block || block->header.height <= state.leaf.tip_height)
                break;
            skipped.push_back(block);
            before = block->header.parent;
        }
        if (before != state.leaf.tip_hash || state.pending.size() - proven + skipped.size() + 1 >
                                                 world_.ledger().rules().limits.unproven_max)
            continue;
        update.has_tip = true;
        update.tip = tip;
        update.tip_signature = at->second.block->signature;
        update.avail = at->second.certificate->certificate;
        std::reverse(skipped.begin(), skipped.end());
        skipped_.emplace_back();
        for (const ZoneBlockPtr& block : skipped)
            skipped_.back().push_back(block->header);
        update.skipped = skipped_.back();
        break;
    }
    if (update.has_tip || update.has_statement)
        content.updates.push_back(update);
}

BlockContent Producer::content_for(const BlockState& parent)
{
    BlockContent content;
    skipped_.clear();
    for (std::uint32_t zone = 0; zone < parent.zones.size(); ++zone)
        zone_content(parent, zone, content);
    while (!evidence_.empty() && content.evidence.size() < 4)
    {
        const wire::EvidenceMessage piece = evidence_.front();
        evidence_.pop_front();
        if (world_.check_evidence(piece, *context_))
            content.evidence.push_back(piece);
    }
    world_.counts().evidence += content.evidence.size();
    return content;
}

MessagePtr Producer::make_proposal(const StatePtr& parent, const Certificate* certificate,
                                   const std::vector<Certificate>& nullifications,
                                   const BlockContent& content, std::uint64_t time_ms)
{
    ProposalParts parts;
    const std::uint64_t epoch = context_->epoch;
    parts.reveal =
        world_.signatures().sign(key(), chain::reveal_digest(world_.chain_id(), epoch, view_));
    BlockState block;
    if (!build_block(world_.ledger(), *context_, *parent, view_,
                     certificate == nullptr ? 0 : certificate->view_or_height, index_, time_ms,
                     *parts.reveal, content, block))
        return nullptr;
    parts.header = block.header;
    parts.view = view_;
    parts.signature = world_.signatures().sign(
        key(), chain::proposal_digest(world_.chain_id(), epoch, view_, block.hash));
    parts.parent_certificate = certificate;
    parts.nullifications = nullifications;
    parts.updates = content.updates;
    parts.evidence = content.evidence;
    if (block.header.epoch != parent->header.epoch && parent->next_plan)
    {
        parts.epoch_sets.push_back(parent->next_plan->set);
        parts.records = parent->next_plan->records;
    }
    if (content.announced)
        parts.epoch_sets.push_back(content.announced->set);
    const MessagePtr message = proposal_message(parts);
    StatePtr state;
    return world_.check(message, *context_, state) == ProposalFault::none ? message : nullptr;
}

MessagePtr Producer::make_reproposal(const StatePtr& block, const Certificate* certificate,
                                     const std::vector<Certificate>& nullifications)
{
    ++world_.counts().reproposals;
    ProposalParts parts;
    parts.header = block->header;
    parts.view = view_;
    parts.signature = world_.signatures().sign(
        key(), chain::proposal_digest(world_.chain_id(), context_->epoch, view_, block->hash));
    parts.parent_certificate = certificate;
    parts.nullifications = nullifications;
    return proposal_message(parts);
}

/// Another last block of the epoch, certified earlier than the newest notarization, and not one of the
/// nullifications that would show that it may still be final. Null if there is none.
MessagePtr Producer::make_bare_reproposal(const Certificate* newest)
{
    if (newest == nullptr)
        return nullptr;
    for (const auto& [view, known] : certificates_)
    {
        if (view >= newest->view_or_height)
            break;
        if (!known.notarized || known.notarized->certificate.subject == newest->subject)
            continue;
        const StatePtr block = world_.ledger().find(known.notarized->certificate.subject);
        if (block && world_.members().calendar.ends_epoch(block->header.height))
            return make_reproposal(block, &known.notarized->certificate, {});
    }
    return nullptr;
}

void Producer::propose()
{
    if (proposed_view_ >= view_)
        return;
    StatePtr parent;
    const Certificate* certificate = nullptr;
    std::vector<Certificate> nullifications;
    if (!find_parent(parent, certificate, nullifications))
        return;
    proposed_view_ = view_;
    ++world_.counts().proposals;
    if (role_.bare_leader && !world_.calm())
        if (const MessagePtr bare = make_bare_reproposal(certificate))
            return broadcast_proposals({bare});
    if (certificate != nullptr && world_.members().calendar.ends_epoch(parent->header.height))
        return broadcast_proposals({make_reproposal(parent, certificate, nullifications)});
    const std::uint64_t now = world_.now_ms() + 1;
    MessagePtr proposal =
        make_proposal(parent, certificate, nullifications, content_for(*parent), now);
    if (!proposal)
        proposal = make_proposal(parent, certificate, nullifications, {}, now);
    if (!proposal)
        return;
    std::vector<MessagePtr> proposals = {proposal};
    const bool equivocates =
        role_.equivocating_leader || world_.config().mutant == Mutant::sign_everything;
    if (equivocates)
        if (const MessagePtr other =
                make_proposal(parent, certificate, nullifications, {}, now + 1))
            proposals.push_back(other);
    // A leader that lies about its place passes over a block that it has no right to pass over.
    if (world_.config().mutant == Mutant::skip_nullifications && certificate != nullptr &&
        view_ % 3 == 0)
        for (const auto& [older_view, known] : certificates_)
            if (older_view + 1 < certificate->view_or_height && known.notarized)
                if (const StatePtr older =
                        world_.ledger().find(known.notarized->certificate.subject);
                    older && older->header.height + 4 > parent->header.height)
                    if (const MessagePtr lie =
                            make_proposal(older, &known.notarized->certificate, {}, {}, now))
                    {
                        proposals = {lie};
                        break;
                    }
    broadcast_proposals(proposals);
}

void Producer::broadcast_proposals(const std::vector<MessagePtr>& proposals)
{
    for (std::uint32_t other = 0; other < world_.config().producers; ++other)
    {
        const MessagePtr& proposal = proposals[other % proposals.size()];
        if (other == index_)
            on_proposal(proposal);
        else
            world_.send(node(), world_.producer_node(other), proposal);
    }
}
}  // namespace mote::sim
