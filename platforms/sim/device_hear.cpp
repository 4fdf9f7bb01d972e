// What a device hears: certificates and proposals, in whatever order they come.
#include "sim/device.hpp"
#include "sim/invariants.hpp"
#include "sim/producer.hpp"

namespace mote::sim
{
namespace
{
using chain::Kind;
using consensus::Actions;
using What = CoreEvent::What;

constexpr std::uint64_t drift_ms = 2000;  // DRIFT
}  // namespace

void Device::receive(const MessagePtr& message, std::uint32_t from)
{
    static_cast<void>(from);
    if (!core_ || stopping_)
        return;
    if (!message->valid)
    {
        ++world_.counts().dropped;
        return;
    }
    switch (message->type)
    {
        case MessageType::certificate:
            return on_certificate(message);
        case MessageType::proposal:
            return on_proposal(message);
        case MessageType::shares:
            return on_shares(message);
        case MessageType::proof:
            return on_proof(message);
        default:
            ++world_.counts().dropped;
    }
}

void Device::may_wait(const MessagePtr& message)
{
    if (waiting_.size() >= waiting_max && world_.config().mutant != Mutant::unbounded_queue)
    {
        ++world_.counts().dropped;
        return;
    }
    waiting_.push_back(message);
}

void Device::on_certificate(const MessagePtr& message)
{
    const chain::Certificate& certificate = message->certificate;
    if (certificate.kind > Kind::finalize || certificate.epoch < context_->epoch)
        return;
    if (certificate.epoch > context_->epoch)
        return ask();
    // Who has no seat follows finalizations and nullifications, and records nothing.
    if (certificate.kind == Kind::notarize && !has_seat())
        return;
    if (certificate.kind == Kind::notarize && world_.config().mutant == Mutant::sign_everything)
    {
        sign({Kind::finalize, certificate.epoch, certificate.view_or_height, certificate.subject});
        sign({Kind::nullify, certificate.epoch, certificate.view_or_height, {}});
    }
    const bool old = core_->state().epoch == certificate.epoch &&
                     certificate.view_or_height < core_->state().view;
    if (old && certificate.kind == Kind::notarize)
        return;
    if (old && certificate.kind == Kind::finalize && certificate.view_or_height <= final_view_)
        return;
    if (core_->busy() || world_.config().mutant == Mutant::unbounded_queue)
    {
        may_wait(message);
        if (core_->busy())
            return;
    }
    if (!world_.verify(certificate, *context_->plan->root))
    {
        ++world_.counts().dropped;
        return;
    }
    if (old && certificate.kind == Kind::nullify)
    {
        CoreEvent e = event(What::old_nullification);
        e.epoch = certificate.epoch;
        e.view = certificate.view_or_height;
        static_cast<void>(step(e));
        // A proposal may have waited for it.
        if (first_proposal_ && proposal_view_ == core_->state().view)
            on_proposal(std::exchange(first_proposal_, nullptr));
        return;
    }
    take_certificate(certificate, message->header ? &*message->header : nullptr, message);
}

bool Device::take_certificate(const chain::Certificate& certificate,
                              const chain::RootHeader* header, const MessagePtr& keep)
{
    if (core_->busy())
        return false;
    CoreEvent e = event(What::certificate);
    e.kind = certificate.kind;
    e.epoch = certificate.epoch;
    e.view = certificate.view_or_height;
    e.block = certificate.subject;
    e.height = header == nullptr ? 0 : header->height;
    if (certificate.view_or_height >= core_->state().view)
        entry_ = keep;
    const Actions actions = step(e);
    if (certificate.kind == Kind::finalize)
    {
        final_view_ = std::max(final_view_, certificate.view_or_height);
        on_final(certificate.subject);
        if (world_.members().calendar.ends_epoch(e.height) &&
            certificate.epoch == context_->epoch && core_->state().epoch == certificate.epoch + 1)
            if (const StatePtr end = world_.ledger().find(certificate.subject))
            {
                context_ = world_.ledger().context_after(end);
                ending_ = keep;
                final_view_ = 0;
            }
    }
    act(actions);
    return true;
}

bool Device::is_second_proposal(const MessagePtr& message)
{
    const Proposal& p = *message->proposal;
    if (!first_proposal_ || proposal_epoch_ != p.message.header.epoch ||
        proposal_view_ != p.message.view || first_proposal_->proposal->block == p.block)
        return false;
    StatePtr state;
    if (world_.check(message, *context_, state) == ProposalFault::leader)
        return true;  // not the leader's
    ++world_.counts().equivocations;
    const std::uint32_t leader = context_->leader(p.message.view);
    world_.catch_somebody(world_.producer_node(leader), "two proposals for one view");
    wire::EvidenceMessage piece;
    piece.kind = 3;
    piece.proposals.epoch = p.message.header.epoch;
    piece.proposals.view = p.message.view;
    piece.proposals.blocks = {first_proposal_->proposal->block, p.block};
    piece.proposals.signatures = {first_proposal_->proposal->message.signature,
                                  p.message.signature};
    chain::put_in_order(piece.proposals);
    const MessagePtr evidence = evidence_message(piece);
    for (std::uint32_t i = 0; i < 2; ++i)
        world_.send(setup_.node, relay(setup_.node, i), evidence);
    CoreEvent e = event(What::conflict);
    e.epoch = piece.proposals.epoch;
    e.view = piece.proposals.view;
    act(step(e));
    return true;
}

void Device::on_proposal(const MessagePtr& message)
{
    const Proposal& p = *message->proposal;
    const wire::ProposalMessage& m = p.message;
    if (m.header.epoch > context_->epoch)
        return ask();
    if (m.header.epoch < context_->epoch || m.view < core_->state().view)
        return;
    if (first_proposal_ && first_proposal_->id == message->id)
        return;
    if (core_->busy())
    {
        may_wait(message);
        return;
    }
    if (!has_seat())
    {
        StatePtr state;
        if (world_.check(message, *context_, state) == ProposalFault::none)
            newest_ = state;
        return;
    }
    // The certificates that it brings come first.
    if (m.has_parent_certificate && m.parent_certificate.view_or_height >= core_->state().view)
    {
        const StatePtr block = world_.ledger().find(m.parent_certificate.subject);
        if (!block || m.parent_certificate.kind > Kind::finalize ||
            !world_.verify(m.parent_certificate, *context_->plan->root))
            return;
        take_certificate(m.parent_certificate, &block->header, message);
    }
    for (const chain::Certificate& nullification : p.nullifications)
    {
        if (!core_)
            return;
        if (core_->busy())
        {
            may_wait(message);
            return;
        }
        if (nullification.kind != Kind::nullify || nullification.epoch != context_->epoch ||
            !world_.verify(nullification, *context_->plan->root))
            return;
        if (nullification.view_or_height >= core_->state().view)
        {
            take_certificate(nullification, nullptr, message);
            continue;
        }
        CoreEvent e = event(What::old_nullification);
        e.epoch = nullification.epoch;
        e.view = nullification.view_or_height;
        static_cast<void>(step(e));
    }
    if (!core_)
        return;
    if (core_->busy())
    {
        may_wait(message);
        return;
    }
    if (m.header.epoch != core_->state().epoch || m.view != core_->state().view)
        return;
    const bool everything =
        setup_.kind == DeviceKind::everything || world_.config().mutant == Mutant::sign_everything;
    if (!everything && is_second_proposal(message))
        return;
    StatePtr state;
    const ProposalFault fault = world_.check(message, *context_, state);
    if (fault == ProposalFault::leader || fault == ProposalFault::parent)
        return;
    if (state)
        newest_ = state;
    first_proposal_ = message;
    proposal_epoch_ = m.header.epoch;
    proposal_view_ = m.view;
    if (everything)
    {
        sign({Kind::notarize, m.header.epoch, m.view, p.block});
        if (setup_.kind == DeviceKind::everything)
        {
            sign({Kind::nullify, m.header.epoch, m.view, {}});
            sign({Kind::finalize, m.header.epoch, m.view, p.block});
        }
        return;
    }
    const std::int64_t wall = static_cast<std::int64_t>(world_.now_ms()) + clock_offset_ms_;
    const bool in_time = !clock_trusted_ || static_cast<std::int64_t>(m.header.time_ms) <=
                                                wall + static_cast<std::int64_t>(drift_ms);
    CoreEvent e = event(What::proposal);
    e.valid = fault == ProposalFault::none && in_time;
    consensus::Place& place = e.place;
    place.epoch = m.header.epoch;
    place.view = m.view;
    place.header_view = m.header.view;
    place.height = m.header.height;
    place.block = p.block;
    place.parent_view = m.header.parent_view;
    place.parent = m.header.parent;
    place.parent_height = m.header.height - 1;
    place.has_certificate = m.has_parent_certificate;
    place.certificate_view = m.parent_certificate.view_or_height;
    place.certificate_block = m.parent_certificate.subject;
    if (world_.config().mutant == Mutant::skip_nullifications ||
        (world_.config().mutant == Mutant::bare_reproposals && m.view != m.header.view))
        for (std::uint64_t v = place.certificate_view + 1; v < m.view; ++v)
        {
            CoreEvent pretend = event(What::old_nullification);
            pretend.epoch = m.header.epoch;
            pretend.view = v;
            static_cast<void>(step(pretend));
        }
    act(step(e));
}

void Device::on_final(const Digest& block)
{
    const StatePtr state = world_.ledger().find(block);
    if (!state || state->header.height <= final_height_)
        return;
    sign_checkpoints(state);
    final_height_ = state->header.height;
}

void Device::sign_checkpoints(const StatePtr& newest)
{
    if (setup_.kind != DeviceKind::honest)
        return;
    const chain::Calendar& calendar = world_.members().calendar;
    StatePtr at = newest;
    for (unsigned steps = 0; at && at->header.height > final_height_ && steps < 64; ++steps)
    {
        const std::uint64_t height = at->header.height;
        const bool due =
            height % world_.config().checkpoint_every == 0 || calendar.ends_epoch(height);
        const std::uint32_t member = at->plan->ckpt->member(setup_.validator);
        if (due && member != CommitteeList::nobody &&
            at->header.ckpt_committee == at->plan->ckpt->commitment)
        {
            wire::VoteMessage vote;
            vote.kind = Kind::ckpt;
            vote.epoch = calendar.period(at->header.epoch);
            vote.view_or_height = height;
            vote.subject = at->hash;
            vote.member = member;
            vote.signature = world_.signatures().sign(
                setup_.validator,
                chain::ckpt_digest(world_.chain_id(), vote.epoch, height, at->hash));
            send_vote(vote, false);
        }
        at = world_.ledger().find(at->header.parent);
    }
}
}  // namespace mote::sim
