#include "consensus/voter.hpp"

#include "base/assert.hpp"

namespace mote::consensus
{
namespace
{
/// The state that a record leads to on start.
VoterState state_of(const VoteRecord& record) noexcept
{
    VoterState state;
    state.epoch = record.epoch;
    if (record.state == RecordState::reserve)
    {
        state.view = record.reserved_view;
        return state;
    }
    state.view = record.view;
    state.first = record.first;
    state.second = record.second;
    state.notarized = record.notarized;
    state.finalized = record.finalized;
    return state;
}

VoterState entering(std::uint64_t epoch, std::uint64_t view) noexcept
{
    return {epoch, view, First::none, Second::none, {}, {}};
}
}  // namespace

const Permit& Step::permit() const noexcept
{
    MOTE_ASSERT(permitted);
    return permit_;
}

Status Voter::open(const VoteRecord& record, const KeyName& key, VoteMode mode,
                   std::uint64_t reserve_views) noexcept
{
    *this = Voter();
    if (reserve_views == 0)
        return Status::invalid_argument;
    record_ = record;
    if (record.state == RecordState::retired || record.seq == UINT64_MAX)
        return Status::rejected;
    key_ = key;
    mode_ = mode;
    reserve_views_ = reserve_views;
    state_ = state_of(record);
    open_ = true;
    return Status::ok;
}

Step Voter::refuse(Refusal refusal) const noexcept
{
    Step step;
    step.refusal = refusal;
    if (busy())
        step.refusal = Refusal::busy;
    if (!open_)
        step.refusal = Refusal::closed;
    return step;
}

bool Voter::at(std::uint64_t epoch, std::uint64_t view) const noexcept
{
    return open_ && !busy() && state_.view >= 1 && epoch == state_.epoch && view == state_.view;
}

VoteRecord Voter::exact_record(const VoterState& state) const noexcept
{
    VoteRecord record;
    record.first = state.first;
    record.second = state.second;
    record.seq = record_.seq + 1;
    record.epoch = state.epoch;
    record.view = state.view;
    record.lease_nonce = record_.lease_nonce;
    record.notarized = state.notarized;
    record.finalized = state.finalized;
    return record;
}

bool Voter::reserved(const VoterState& state) const noexcept
{
    // A reservation of an earlier start says nothing: what was voted in it is forgotten.
    return reservation_is_ours_ && record_.epoch == state.epoch &&
           state.view <= record_.reserved_view;
}

Step Voter::write(const VoteRecord& record, Pending pending) noexcept
{
    if (record_.seq == UINT64_MAX)
    {
        open_ = false;
        return refuse(Refusal::closed);
    }
    next_record_ = record;
    pending_ = pending;
    Step step;
    step.write = true;
    step.token = record.seq;
    step.offset = slot_offset(record.seq);
    step.record = encode(record, key_);
    return step;
}

/// Asks for the record of a vote, or permits it if a record covers it. `next` is the state after the
/// vote has been signed.
Step Voter::vote(const VoterState& after_vote, const Vote& vote, const VoterState& next) noexcept
{
    if (reserved(after_vote))
    {
        state_ = next;
        Step step;
        step.permitted = true;
        step.permit_ = Permit(vote);
        return step;
    }
    VoteRecord record = exact_record(after_vote);
    if (mode_ == VoteMode::reserve)
    {
        record.state = RecordState::reserve;
        record.first = First::none;
        record.second = Second::none;
        record.notarized = record.finalized = {};
        const std::uint64_t more = reserve_views_ - 1;
        record.reserved_view = record.view > UINT64_MAX - more ? UINT64_MAX : record.view + more;
    }
    pending_vote_ = vote;
    next_state_ = next;
    return write(record, Pending::vote);
}

Step Voter::on_genesis() noexcept
{
    if (!open_ || busy() || state_.epoch != 0 || state_.view != 0)
        return refuse(Refusal::other_view);
    state_ = entering(0, 1);
    return {};
}

Step Voter::on_proposal(std::uint64_t epoch, std::uint64_t view, const Digest& block) noexcept
{
    if (!at(epoch, view))
        return refuse(Refusal::other_view);
    const Vote wanted = {Kind::notarize, epoch, view, block};
    if (state_.first == First::notarize && state_.notarized == block)
    {
        Step again;
        again.permitted = true;
        again.permit_ = Permit(wanted);
        return again;
    }
    if (state_.first != First::none || state_.second != Second::none)
        return refuse(Refusal::already);
    VoterState after = state_;
    after.first = First::notarize;
    after.notarized = block;
    return vote(after, wanted, after);
}

Step Voter::on_timeout(std::uint64_t epoch, std::uint64_t view) noexcept
{
    if (!at(epoch, view))
        return refuse(Refusal::other_view);
    const Vote wanted = {Kind::nullify, epoch, view, {}};
    if (state_.second == Second::nullify)
    {
        Step again;
        again.permitted = true;
        again.permit_ = Permit(wanted);
        return again;
    }
    if (state_.second != Second::none)
        return refuse(Refusal::already);
    VoterState after = state_;
    after.second = Second::nullify;
    return vote(after, wanted, after);
}

Step Voter::on_certificate(Kind kind, std::uint64_t epoch, std::uint64_t view, const Digest& block,
                           bool ends_epoch) noexcept
{
    if (!open_ || busy())
        return refuse(Refusal::closed);
    // The last number has no successor; no honest quorum gets there.
    if (view == 0 || view == UINT64_MAX || epoch == UINT64_MAX)
        return refuse(Refusal::other_view);
    if (kind == Kind::finalize && ends_epoch && epoch >= state_.epoch)
    {
        state_ = entering(epoch + 1, 1);
        return {};
    }
    if (epoch != state_.epoch || view < state_.view || kind > Kind::finalize)
        return refuse(Refusal::other_view);
    const VoterState next = entering(epoch, view + 1);
    if (kind == Kind::notarize && view == state_.view)
    {
        const Vote wanted = {Kind::finalize, epoch, view, block};
        if (state_.second == Second::finalize && state_.finalized == block)
        {
            state_ = next;
            Step again;
            again.permitted = true;
            again.permit_ = Permit(wanted);
            return again;
        }
        if (state_.second == Second::none)
        {
            VoterState after = state_;
            after.second = Second::finalize;
            after.finalized = block;
            return vote(after, wanted, next);
        }
    }
    state_ = next;
    return {};
}

Step Voter::repeat() noexcept
{
    if (!at(state_.epoch, state_.view))
        return refuse(Refusal::other_view);
    Vote recorded = {Kind::notarize, state_.epoch, state_.view, state_.notarized};
    if (state_.second == Second::nullify)
        recorded = {Kind::nullify, state_.epoch, state_.view, {}};
    else if (state_.second == Second::finalize)
        recorded = {Kind::finalize, state_.epoch, state_.view, state_.finalized};
    else if (state_.second == Second::used || state_.first != First::notarize)
        return refuse(Refusal::already);
    Step again;
    again.permitted = true;
    again.permit_ = Permit(recorded);
    return again;
}

Step Voter::on_lease(std::uint64_t nonce) noexcept
{
    if (!open_ || busy())
        return refuse(Refusal::closed);
    if (nonce <= record_.lease_nonce)
        return refuse(Refusal::already);
    VoteRecord record = exact_record(state_);
    if (reserved(state_))
    {
        // What was voted in the reservation is in memory only; the reservation has to stay.
        record = record_;
        record.seq = record_.seq + 1;
    }
    record.lease_nonce = nonce;
    next_state_ = state_;
    return write(record, Pending::lease);
}

bool Voter::finds_clone(std::uint64_t nonce_on_chain) noexcept
{
    const std::uint64_t known =
        pending_ == Pending::lease ? next_record_.lease_nonce : record_.lease_nonce;
    if (nonce_on_chain <= known)
        return false;
    open_ = false;
    return true;
}

Step Voter::stop() noexcept
{
    if (!open_ || busy())
        return refuse(Refusal::closed);
    next_state_ = state_;
    return write(exact_record(state_), Pending::close);
}

Step Voter::retire() noexcept
{
    if (!open_ || busy())
        return refuse(Refusal::closed);
    VoteRecord record = exact_record(state_);
    record.state = RecordState::retired;
    next_state_ = state_;
    const Step step = write(record, Pending::close);
    open_ = false;
    return step;
}

Step Voter::flushed(std::uint64_t token) noexcept
{
    Step step;
    if (!busy() || token != next_record_.seq)
    {
        step.refusal = Refusal::unknown_token;
        return step;
    }
    record_ = next_record_;
    reservation_is_ours_ = record_.state == RecordState::reserve;
    state_ = next_state_;
    // A clone was found, or the key retired, while the record was under way.
    if (pending_ == Pending::vote && open_)
    {
        step.permitted = true;
        step.permit_ = Permit(pending_vote_);
    }
    if (pending_ == Pending::close)
        open_ = false;
    pending_ = Pending::none;
    return step;
}

void Voter::write_failed() noexcept
{
    pending_ = Pending::none;
    open_ = false;
}
}  // namespace mote::consensus
