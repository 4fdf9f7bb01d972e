#include "consensus/root_voter.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace mote::consensus
{
namespace
{
/// A time later, or the end of time.
[[nodiscard]] std::uint64_t later(std::uint64_t now_ms, std::uint64_t by_ms) noexcept
{
    return by_ms > UINT64_MAX - now_ms ? UINT64_MAX : now_ms + by_ms;
}
}  // namespace

std::uint64_t delta_after(const Timing& timing, std::uint32_t nullified_views) noexcept
{
    std::uint64_t delta = std::min(timing.delta_ms, timing.delta_ms_max);
    for (std::uint32_t i = 0; i < nullified_views && delta < timing.delta_ms_max; ++i)
    {
        // At least one more, so that the loop ends however small D_0 is.
        const std::uint64_t more = std::max<std::uint64_t>(delta / 2, 1);
        delta = more > timing.delta_ms_max - delta ? timing.delta_ms_max : delta + more;
    }
    return delta;
}

RootVoter::RootVoter(const Voter& voter, const chain::Calendar& calendar, const Timing& timing,
                     const StartBlock& start, std::uint64_t now_ms) noexcept
    : voter_(voter), calendar_(calendar), timing_(timing), start_(start)
{
    Actions ignored;
    epoch_ = voter.state().epoch;
    view_ = UINT64_MAX;  // no view yet, so that the timers start
    note_entry(ignored, now_ms);
}

std::uint64_t RootVoter::deadline_ms() const noexcept
{
    if (!voter_.is_open() || voter_.busy())
        return UINT64_MAX;
    if (voter_.state().second != Second::none)
        return resend_at_;
    const std::uint64_t vote_at =
        proposal_seen_ ? notarization_at_ : std::min(proposal_at_, notarization_at_);
    return std::min(vote_at, resend_at_);
}

void RootVoter::add(Actions& actions, ActionKind kind, std::uint64_t view,
                    const Digest& block) noexcept
{
    MOTE_ASSERT(actions.count < Actions::max);
    Action& action = actions.list[actions.count++];
    action.kind = kind;
    action.epoch = voter_.state().epoch;
    action.view = view;
    action.block = block;
}

void RootVoter::carry_out(Actions& actions, const Step& step) noexcept
{
    if (step.refusal == Refusal::busy || step.refusal == Refusal::closed)
        actions.refusal = step.refusal;
    if (!step.write && !step.permitted)
        return;
    add(actions, step.write ? ActionKind::write : ActionKind::sign, voter_.state().view, {});
    actions.list[actions.count - 1].step = step;
}

/// Starts the timers if the voter is in another view than before.
void RootVoter::note_entry(Actions& actions, std::uint64_t now_ms) noexcept
{
    const VoterState& state = voter_.state();
    if (!voter_.is_open() || (state.epoch == epoch_ && state.view == view_))
        return;
    if (state.epoch != epoch_)
    {
        nullified_.clear();
        leaders_.begin(leaders_.count(), state.view);
        finalized_view_ = 0;
    }
    epoch_ = state.epoch;
    view_ = state.view;
    proposal_seen_ = state.first == First::notarize;
    // A run that reaches below the newest finalization counts from there.
    const std::uint64_t above = view_ > finalized_view_ ? view_ - 1 - finalized_view_ : 0;
    const auto run =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(nullified_.run_below(view_), above));
    const std::uint64_t delta = delta_after(timing_, run);
    proposal_at_ = later(now_ms, 2 * delta);
    notarization_at_ = later(now_ms, 3 * delta);
    resend_at_ = later(now_ms, timing_.retry_ms);
    if (leaders_.silent(view_, timing_.skip_after))
        proposal_at_ = notarization_at_ = now_ms;
    add(actions, ActionKind::entered, view_, {});
}

Actions RootVoter::on_genesis(std::uint64_t now_ms) noexcept
{
    Actions actions;
    carry_out(actions, voter_.on_genesis());
    note_entry(actions, now_ms);
    return actions;
}

void RootVoter::set_leaders(std::uint32_t leaders) noexcept
{
    if (leaders != leaders_.count())
        leaders_.begin(leaders, voter_.state().view);
}

void RootVoter::on_leader_heard(std::uint64_t epoch, std::uint64_t view) noexcept
{
    if (epoch == epoch_)
        leaders_.heard(view);
}

void RootVoter::on_old_nullification(std::uint64_t epoch, std::uint64_t view) noexcept
{
    if (epoch == epoch_)
        nullified_.add(view);
}

Actions RootVoter::on_proposal(const Place& place, bool valid, std::uint64_t now_ms) noexcept
{
    Actions actions;
    if (voter_.busy() || !voter_.is_open())
    {
        actions.refusal = voter_.busy() ? Refusal::busy : Refusal::closed;
        return actions;
    }
    const VoterState& state = voter_.state();
    if (place.epoch != state.epoch || place.view != state.view)
    {
        actions.refusal = Refusal::other_view;
        return actions;
    }
    std::uint64_t gap = 0;
    const PlaceFault fault = check_place(place, start_, nullified_, calendar_, gap);
    if (fault == PlaceFault::not_nullified)
    {
        // Not the leader's fault yet: what is missing may exist. The timer decides.
        add(actions, ActionKind::fetch_nullification, gap, {});
        return actions;
    }
    if (valid && fault == PlaceFault::none)
    {
        const Step step = voter_.on_proposal(place.epoch, place.view, place.block);
        proposal_seen_ = true;
        carry_out(actions, step);
    }
    else
        carry_out(actions, voter_.on_timeout(place.epoch, place.view));
    note_entry(actions, now_ms);
    return actions;
}

Actions RootVoter::on_conflict(std::uint64_t epoch, std::uint64_t view) noexcept
{
    Actions actions;
    carry_out(actions, voter_.on_timeout(epoch, view));
    return actions;
}

Actions RootVoter::on_certificate(Kind kind, std::uint64_t epoch, std::uint64_t view,
                                  const Digest& block, std::uint64_t height,
                                  std::uint64_t now_ms) noexcept
{
    Actions actions;
    if (voter_.busy() || !voter_.is_open())
    {
        actions.refusal = voter_.busy() ? Refusal::busy : Refusal::closed;
        return actions;
    }
    const VoterState before = voter_.state();
    const bool ends_epoch = kind == Kind::finalize && calendar_.ends_epoch(height);
    if (epoch == before.epoch && kind == Kind::nullify)
        nullified_.add(view);
    if (epoch == before.epoch && kind == Kind::finalize)
        finalized_view_ = std::max(finalized_view_, view);
    if (epoch == before.epoch && kind != Kind::nullify)
        leaders_.heard(view);
    if (epoch == before.epoch && kind == Kind::finalize)
        leaders_.finalized(view);
    // Blocks of old views become final as well: votes for them go on counting.
    if (kind == Kind::finalize && (epoch == before.epoch || (ends_epoch && epoch > before.epoch)))
        add(actions, ActionKind::finalized, view, block);
    const Step step = voter_.on_certificate(kind, epoch, view, block, ends_epoch);
    if (step.refusal != Refusal::none)
        return actions;
    add(actions, ActionKind::forward, view, block);
    if (ends_epoch && voter_.state().epoch == epoch + 1)
        start_ = {height, block};
    carry_out(actions, step);
    note_entry(actions, now_ms);
    return actions;
}

Actions RootVoter::tick(std::uint64_t now_ms) noexcept
{
    Actions actions;
    if (voter_.busy() || !voter_.is_open())
    {
        actions.refusal = voter_.busy() ? Refusal::busy : Refusal::closed;
        return actions;
    }
    const bool gave_up = now_ms >= notarization_at_ || (!proposal_seen_ && now_ms >= proposal_at_);
    if (gave_up && voter_.state().second == Second::none)
        carry_out(actions, voter_.on_timeout(epoch_, view_));
    if (now_ms >= resend_at_)
    {
        resend_at_ = later(now_ms, timing_.retry_ms);
        if (actions.count == 0)
            carry_out(actions, voter_.repeat());
        add(actions, ActionKind::resend, view_, {});
    }
    return actions;
}

Actions RootVoter::flushed(std::uint64_t token, std::uint64_t now_ms) noexcept
{
    Actions actions;
    const Step step = voter_.flushed(token);
    actions.refusal = step.refusal;
    carry_out(actions, step);
    note_entry(actions, now_ms);
    return actions;
}

void RootVoter::write_failed() noexcept { voter_.write_failed(); }

Actions RootVoter::stop() noexcept
{
    Actions actions;
    carry_out(actions, voter_.stop());
    return actions;
}
}  // namespace mote::consensus
