#include "sim/device.hpp"

#include "sim/invariants.hpp"
#include "sim/producer.hpp"

namespace mote::sim
{
namespace
{
using chain::Kind;
using consensus::Action;
using consensus::ActionKind;
using consensus::Actions;
using consensus::Step;
using consensus::Vote;
using consensus::VoteRecord;
using What = CoreEvent::What;

constexpr Time flush_us_min = 300, flush_us_spread = 4000;

CrashRule rule_of(What cause)
{
    return cause == What::proposal      ? CrashRule::notarize
           : cause == What::certificate ? CrashRule::finalize
                                        : CrashRule::nullify;
}
}  // namespace

Device::Device(World& world, const Setup& setup, ContextPtr genesis)
    : world_(world),
      setup_(setup),
      random_(Random::stream(world.config().seed, 0x64657600000000 + setup.node)),
      disk_(consensus::record_file_bytes),
      context_(std::move(genesis))
{
    key_name_ =
        consensus::key_name(world.chain_id(), world.signatures().public_key(setup.validator));
    const VoteRecord record = consensus::first_record();
    disk_.write(consensus::slot_offset(record.seq), consensus::encode(record, key_name_));
    disk_.flush();
}

void Device::become(const Device& other)
{
    disk_ = other.disk_;
    context_ = other.context_;
    ending_ = other.ending_;
    final_height_ = other.final_height_;
}

void Device::start()
{
    if (core_ || setup_.kind == DeviceKind::offline)
        return;
    const Bytes first = disk_.read(0, consensus::record_bytes);
    const Bytes second = disk_.read(consensus::slot_spacing_bytes, consensus::record_bytes);
    VoteRecord record;
    consensus::Voter voter;
    if (!consensus::load({{{!first.empty(), first}, {!second.empty(), second}}}, key_name_, record))
        return;  // never signs again
    if (world_.config().mutant == Mutant::forget_votes)
        record = consensus::first_record();
    if (voter.open(record, key_name_, setup_.mode, reserve_views) != Status::ok)
        return;
    ++world_.counts().restarts;
    core_.emplace(voter, world_.members().calendar, world_.config().timing, context_->start_block(),
                  world_.now_ms(), setup_.logged);
    if (world_.config().mutant == Mutant::hidden_input && setup_.logged)
        core_->hide_input(1 + random_.below(1000));
    act(step(event(What::genesis)));
    // The record may be of an earlier epoch than what the host has followed since.
    if (core_ && ending_ && core_->state().epoch < context_->epoch)
        take_certificate(ending_->certificate, &*ending_->header, ending_);
    ask();
    schedule_tick();
}

void Device::crash()
{
    if (!core_)
        return;
    ++world_.counts().crashes;
    disk_.crash(random_);
    core_.reset();
    writing_.reset();
    waiting_.clear();
    storing_.clear();
    sent_.clear();
    entry_ = first_proposal_ = nullptr;
    newest_ = nullptr;
    proposal_view_ = final_view_ = 0;
    tick_at_ = never;
    stopping_ = false;
    armed_ = CrashPoint::none;
    ++life_;
    world_.schedule(world_.now() + milliseconds(50 + random_.below(3000)), setup_.node,
                    Timer::start);
}

void Device::set_back()
{
    crash();
    if (!image_.empty())
        disk_.restore(image_);
    world_.invariants().forget_position(setup_.node);
}

bool Device::crash_at(CrashPoint point)
{
    if (armed_ != point)
        return false;
    if (armed_rule_ != CrashRule::any && armed_rule_ != rule_of(cause_))
        return false;
    ++world_.counts().planned_crashes;
    if (point == CrashPoint::slot_write || point == CrashPoint::reserve_write)
        disk_.tear(static_cast<std::size_t>(random_.below(consensus::record_bytes)));
    crash();
    return true;
}

void Device::sleep()
{
    if (!core_ || stopping_)
        return;
    if (core_->busy())
        return world_.schedule(world_.now() + milliseconds(20), setup_.node, Timer::sleep);
    ++world_.counts().sleeps;
    stopping_ = true;
    // A view, an epoch, or longer than a period.
    const std::uint64_t views =
        random_.below(3) == 0 ? 1
        : random_.below(2) == 0
            ? world_.config().calendar.epoch_heights
            : world_.config().calendar.epoch_heights * world_.config().calendar.period_epochs;
    wakes_at_ = world_.now() + milliseconds(200 * views);
    if (!world_.calm() && wakes_at_ > world_.calm_from())
        wakes_at_ = std::max(world_.now() + 1, world_.calm_from());
    cause_ = What::stop;
    act(step(event(What::stop)));
}

CoreEvent Device::event(What what) const
{
    CoreEvent out;
    out.what = what;
    out.now_ms = world_.now_ms();
    return out;
}

Actions Device::step(CoreEvent e)
{
    if (e.what != What::flushed && e.what != What::old_nullification)
        cause_ = e.what;
    const Actions actions = core_->step(e);
    if (core_->log_full() && !core_->replay())
        world_.invariants().broken(17, "a replay gives other actions", setup_.node);
    return actions;
}

bool Device::replay() { return !core_ || core_->log_size() == 0 || core_->replay(); }

void Device::schedule_tick()
{
    if (!core_)
        return;
    const std::uint64_t due = core_->deadline_ms();
    if (due == UINT64_MAX)
        return;
    const Time at = std::max(milliseconds(due), world_.now() + 1);
    if (at >= tick_at_)
        return;
    tick_at_ = at;
    world_.schedule(at, setup_.node, Timer::tick, 0, life_);
}

// Acting.

void Device::act(const Actions& actions)
{
    for (const Action& action : actions)
    {
        if (!core_)
            return;  // it crashed on the way
        switch (action.kind)
        {
            case ActionKind::write:
                write(action.step);
                break;
            case ActionKind::sign:
                vote(action.step.permit().vote());
                break;
            case ActionKind::resend:
                resend();
                break;
            case ActionKind::fetch_nullification:
                for (std::uint32_t i = 0; i < 2; ++i)
                    world_.send(
                        setup_.node, relay(setup_.node, i),
                        ask_message(MessageType::ask_nullification, action.epoch, action.view));
                break;
            case ActionKind::entered:
                sent_.clear();
                if (setup_.kind == DeviceKind::nullifier)
                    sign({Kind::nullify, action.epoch, action.view, {}});
                break;
            case ActionKind::forward:  // whoever sent it is a relay and has sent it to all
            case ActionKind::finalized:
                break;
        }
    }
    schedule_tick();
}

void Device::write(const Step& step)
{
    if (crash_at(CrashPoint::before_write))
        return;
    consensus::RecordBytes bytes = step.record;
    VoteRecord record;
    const auto slot = static_cast<std::uint32_t>(step.offset / consensus::slot_spacing_bytes);
    const bool decodes = consensus::decode(bytes, slot, key_name_, record);
    if (decodes && world_.config().mutant == Mutant::old_record && record.view > 3)
    {
        record.view -= 3;
        bytes = consensus::encode(record, key_name_);
    }
    disk_.write(step.offset, bytes);
    writing_ = step;
    if (crash_at(CrashPoint::before_flush) || crash_at(CrashPoint::slot_write) ||
        (record.state == consensus::RecordState::reserve && crash_at(CrashPoint::reserve_write)))
        return;
    if (world_.config().mutant == Mutant::sign_before_flush)
    {
        CoreEvent e = event(What::flushed);
        e.height = step.token;
        writing_.reset();
        const Actions actions = this->step(e);
        act(actions);
        disk_.flush();
        return;
    }
    world_.schedule(world_.now() + flush_us_min + random_.below(flush_us_spread), setup_.node,
                    Timer::flush, step.token, life_);
}

void Device::flushed(std::uint64_t token)
{
    if (!core_ || !writing_ || writing_->token != token)
        return;
    disk_.flush();
    world_.invariants().on_record(*this);
    writing_.reset();
    CoreEvent e = event(What::flushed);
    e.height = token;
    act(step(e));
    if (!core_)
        return;
    if (stopping_)
    {
        // What is closed cleanly may be cut off at any time from now on.
        static_cast<void>(replay());
        if (armed_ == CrashPoint::clean_stop)
        {
            ++world_.counts().planned_crashes;
            armed_ = CrashPoint::none;
        }
        core_.reset();
        waiting_.clear();
        sent_.clear();
        entry_ = first_proposal_ = nullptr;
        newest_ = nullptr;
        proposal_view_ = final_view_ = 0;
        tick_at_ = never;
        stopping_ = false;
        ++life_;
        return world_.schedule(wakes_at_, setup_.node, Timer::start);
    }
    if (world_.config().mutant == Mutant::unbounded_queue)
        return;
    std::deque<MessagePtr> waiting;
    waiting.swap(waiting_);
    for (const MessagePtr& message : waiting)
        receive(message, setup_.node);
}

void Device::vote(const Vote& vote)
{
    if (setup_.kind != DeviceKind::honest ||
        (world_.config().mutant == Mutant::never_finalize && vote.kind == Kind::finalize))
        return;
    cause_ = vote.kind == Kind::notarize   ? What::proposal
             : vote.kind == Kind::finalize ? What::certificate
                                           : What::tick;
    if (crash_at(CrashPoint::before_sign))
        return;
    sign(vote);
}

void Device::sign(const Vote& vote)
{
    const Plan* plan = context_->plan_of(vote.epoch);
    const std::uint32_t member =
        plan == nullptr ? CommitteeList::nobody : plan->root->member(setup_.validator);
    if (member == CommitteeList::nobody)
        return;
    wire::VoteMessage message;
    message.kind = vote.kind;
    message.epoch = vote.epoch;
    message.view_or_height = vote.view;
    message.subject = vote.block;
    message.member = member;
    message.signature = world_.signatures().sign(
        setup_.validator,
        chain::root_vote_digest(world_.chain_id(), vote.epoch, vote.view, vote.kind, vote.block));
    world_.invariants().on_signature(*this, vote);
    if (crash_at(CrashPoint::before_send))
        return;
    world_.invariants().on_vote(*this, vote, *plan);
    ++world_.counts().votes;
    const MessagePtr sent = vote_message(message);
    sent_.push_back(sent);
    const auto producers = world_.config().producers;
    world_.send(setup_.node, relay(member % producers, 0), sent);
    if (crash_at(CrashPoint::sent_to_some))
        return;
    world_.send(setup_.node, relay(member % producers, 1), sent);
    crash_at(CrashPoint::sent_to_all);
}

void Device::send_vote(const wire::VoteMessage& vote, bool to_all)
{
    const MessagePtr sent = vote_message(vote);
    ++world_.counts().votes;
    const std::uint32_t producers = world_.config().producers;
    for (std::uint32_t i = 0; i < (to_all ? producers : std::min(producers, 2U)); ++i)
        world_.send(setup_.node, relay(vote.member % producers, i), sent);
}

std::uint32_t Device::relay(std::uint32_t subnet, std::uint32_t i) const
{
    return world_.producer_node((subnet + i) % world_.config().producers);
}

void Device::ask()
{
    if (world_.now() < asked_at_ + milliseconds(200) && asked_at_ != 0)
        return;
    asked_at_ = world_.now();
    const std::uint64_t view = core_ ? core_->state().view : 0;
    const MessagePtr message = ask_message(MessageType::ask, context_->epoch, view);
    const auto first = static_cast<std::uint32_t>(random_.below(world_.config().producers));
    for (std::uint32_t i = 0; i < 2; ++i)
        world_.send(setup_.node, relay(first, i), message);
}

void Device::resend()
{
    for (const MessagePtr& vote : sent_)
        for (std::uint32_t i = 0; i < world_.config().producers; ++i)
            world_.send(setup_.node, relay(0, i), vote);
    if (entry_)
        for (std::uint32_t i = 0; i < world_.config().producers; ++i)
            world_.send(setup_.node, relay(0, i), entry_);
    ask();
}

void Device::on_timer(Timer timer, std::uint64_t value, std::uint32_t life)
{
    switch (timer)
    {
        case Timer::start:
            return start();
        case Timer::tick:
            if (!core_ || life != life_)
                return;
            tick_at_ = never;
            if (world_.now_ms() >= core_->deadline_ms())
                act(step(event(What::tick)));
            return schedule_tick();
        case Timer::flush:
            if (life == life_)
                flushed(value);
            return;
        case Timer::stored:
            if (life == life_ && core_)
                attest_shares(value);
            return;
        case Timer::crash:
            if (random_.below(2) == 0)
                return crash();
            return arm(static_cast<CrashPoint>(1 + random_.below(8)), CrashRule::any);
        case Timer::snapshot:
            if (value != 0)
                return set_back();
            image_ = disk_.snapshot();
            return;
        case Timer::sleep:
            return sleep();
        case Timer::clock:
            clock_offset_ms_ += random_.below(2) == 0 ? 86400000 : -86400000;
            // A jump drops the trust in the clock, so that it does not make the device nullify.
            clock_trusted_ = false;
            return;
        default:
            return;
    }
}
}  // namespace mote::sim
