#include "consensus/aggregator.hpp"

#include "base/assert.hpp"
#include "consensus/aggregator_state.hpp"

namespace mote::consensus
{
namespace
{
[[nodiscard]] bool signs(Family family, Kind kind) noexcept
{
    switch (family)
    {
        case Family::root:
            return kind == Kind::notarize || kind == Kind::nullify || kind == Kind::finalize;
        case Family::zone:
            return kind == Kind::avail || kind == Kind::valid;
        case Family::checkpoint:
            return kind == Kind::ckpt;
    }
    return false;
}
}  // namespace

bool Aggregator::take(Arena& arena) noexcept
{
    using internal::kept_each;
    const std::size_t records = std::size_t{served_count_} * stride_;
    const std::size_t partials = std::size_t{config_.slots} * config_.subnets * kept_each;
    slots_ = arena.take<Slot>(config_.slots);
    records_ = arena.take<Record>(config_.slots * records);
    kept_ = arena.take<Kept>(partials);
    bits_ = arena.take<std::uint64_t>(partials * words_);
    batch_ = arena.take<BatchedVote>(records);
    return slots_ != nullptr && records_ != nullptr && kept_ != nullptr && bits_ != nullptr &&
           batch_ != nullptr;
}

std::size_t Aggregator::memory_bytes(const AggregatorConfig& config) noexcept
{
    Aggregator sized;
    Arena counting(nullptr, 0);
    static_cast<void>(sized.open(config, {}, counting));
    return counting.used();
}

Status Aggregator::open(const AggregatorConfig& config, const VoteScheme& scheme,
                        Arena& arena) noexcept
{
    *this = Aggregator();
    if (config.committee.seats < 1 || config.committee.seats > chain::seats_max ||
        config.committee.list.empty() || config.subnets < 1 || config.subnets > subnets_max ||
        config.slots < 8 || (config.family != Family::zone && config.zone != 0))
        return Status::invalid_argument;
    config_ = config;
    scheme_ = scheme;
    members_ = config.committee.members();
    stride_ = (members_ + config.subnets - 1) / config.subnets;
    words_ = (stride_ + 63) / 64;
    if (config.subnets < 64)
        config_.served &= (std::uint64_t{1} << config.subnets) - 1;
    for (std::uint32_t subnet = 0; subnet < config.subnets; ++subnet)
        served_count_ += served(subnet) ? 1 : 0;
    if (!take(arena))
        return Status::memory_too_small;
    for (std::uint32_t i = 0; i < config_.slots; ++i)
        slots_[i] = Slot{};
    return Status::ok;
}

VoteDrop Aggregator::count(VoteDrop reason) noexcept
{
    ++dropped_[static_cast<std::size_t>(reason)];
    return reason;
}

VoteDrop Aggregator::check_place(Kind kind, std::uint64_t epoch, std::uint64_t view,
                                 std::uint32_t zone, const Digest& subject) const noexcept
{
    if (!signs(config_.family, kind))
        return VoteDrop::kind;
    if (epoch != config_.epoch || zone != config_.zone)
        return VoteDrop::epoch;
    if (chain::is_zero(subject) != (kind == Kind::nullify))
        return VoteDrop::subject;
    if (view == 0 || (view < current_ && current_ - view > config_.behind))
        return VoteDrop::too_old;
    if (view > current_ && view - current_ > config_.lookahead)
        return VoteDrop::too_far;
    return VoteDrop::none;
}

std::uint64_t Aggregator::distance(std::uint64_t view) const noexcept
{
    return view > current_ ? view - current_ : current_ - view;
}

Aggregator::Slot* Aggregator::find_slot(Kind kind, std::uint64_t view,
                                        const Digest& subject) const noexcept
{
    for (std::uint32_t i = 0; i < config_.slots; ++i)
    {
        Slot& slot = slots_[i];
        if (slot.used && slot.kind == kind && slot.view == view &&
            (config_.family == Family::root || slot.subject == subject))
            return &slot;
    }
    return nullptr;
}

Aggregator::Slot* Aggregator::open_slot(Kind kind, std::uint64_t view, const Digest& subject,
                                        std::uint32_t opener, std::uint32_t seats) noexcept
{
    Slot* best = nullptr;
    std::uint32_t by_opener = 0;
    for (std::uint32_t i = 0; i < config_.slots; ++i)
    {
        Slot& slot = slots_[i];
        by_opener += slot.used && slot.opener == opener ? 1 : 0;
        if (best != nullptr && !best->used)
            continue;
        // The least urgent one goes: far from the current view, then few seats, then old.
        const auto less_urgent = [&](const Slot& a, const Slot& b)
        {
            const std::uint64_t da = distance(a.view), db = distance(b.view);
            return da != db ? da > db : a.seats != b.seats ? a.seats < b.seats : a.age < b.age;
        };
        if (best == nullptr || !slot.used || less_urgent(slot, *best))
            best = &slot;
    }
    if (config_.family != Family::root && by_opener >= slots_by_one_max)
        return nullptr;
    MOTE_ASSERT(best != nullptr);  // there are at least eight slots
    if (best->used && (distance(best->view) < distance(view) ||
                       (distance(best->view) == distance(view) && best->seats > seats)))
        return nullptr;
    *best = Slot{};
    best->used = true;
    best->kind = kind;
    best->view = view;
    best->opener = opener;
    best->age = opened_++;
    if (config_.family != Family::root)
        best->subject = subject;
    for (std::uint32_t subnet = 0; subnet < config_.subnets; ++subnet)
    {
        for (Record& record : records(*best, subnet))
        {
            record.state = Record::State::empty;
            record.accused = false;
        }
        for (Kept& partial : kept(*best, subnet))
            partial.seats = 0;
    }
    return best;
}

void Aggregator::advance(std::uint64_t current) noexcept
{
    if (current <= current_)
        return;
    current_ = current;
    for (std::uint32_t i = 0; i < config_.slots; ++i)
        if (slots_[i].view < current && current - slots_[i].view > config_.behind)
            slots_[i].used = false;
}

void Aggregator::on_certificate(const chain::Certificate& certificate) noexcept
{
    if (check_place(certificate.kind, certificate.epoch, certificate.view_or_height,
                    certificate.zone, certificate.subject) != VoteDrop::none)
        return;
    Slot* slot = find_slot(certificate.kind, certificate.view_or_height, certificate.subject);
    if (slot == nullptr || slot->certified)
        return;
    slot->certified = true;
    slot->changed = slot->sending = 0;
}

VoteDrop Aggregator::on_vote(const wire::VoteMessage& vote, std::uint32_t peer,
                             std::uint64_t now_ms) noexcept
{
    if (const VoteDrop reason =
            check_place(vote.kind, vote.epoch, vote.view_or_height, vote.zone, vote.subject);
        reason != VoteDrop::none)
        return count(reason);
    if (vote.member >= members_)
        return count(VoteDrop::member);
    if (!served(subnet_of(vote.member, config_.subnets)))
        return count(VoteDrop::subnet);
    Slot* slot = find_slot(vote.kind, vote.view_or_height, vote.subject);
    if (slot != nullptr && record_of(*slot, vote.member).state == Record::State::spent)
        return count(VoteDrop::second_vote);
    if (slot != nullptr && slot->certified &&
        record_of(*slot, vote.member).state == Record::State::empty)
        return count(VoteDrop::certified);
    SignaturePoint point{};
    if (!scheme_.decode(scheme_.context, vote.signature, point))
    {
        name(peer, vote.member);
        return count(VoteDrop::point);
    }
    const bool is_new = slot == nullptr;
    if (is_new)
    {
        // Only who verifies takes a slot from others.
        if (!verify_one(digest_of(vote.kind, vote.view_or_height, vote.subject), vote.member,
                        point))
        {
            name(peer, vote.member);
            return count(VoteDrop::signature);
        }
        slot = open_slot(vote.kind, vote.view_or_height, vote.subject, vote.member,
                         config_.committee.seats_of(vote.member).count);
        if (slot == nullptr)
            return count(VoteDrop::slots);
    }
    else if (const VoteDrop reason = look_again(*slot, vote, point, peer); reason != VoteDrop::none)
        return count(reason);
    Record& record = record_of(*slot, vote.member);
    record.point = point;
    record.subject = vote.subject;
    record.peer = peer;
    record.state = Record::State::waiting;
    due(now_ms);
    if (is_new)
    {
        accept(*slot, vote.member, record);
        note_changed(*slot, vote.subject);
    }
    else if (!slot->certified &&
             covered(*slot, vote.subject, true) >= chain::quorum(config_.committee.seats))
        verify_waiting(*slot, vote.subject);
    return VoteDrop::none;
}

VoteDrop Aggregator::on_partial(const wire::PartialMessage& partial, std::uint32_t peer,
                                std::uint64_t now_ms) noexcept
{
    static_cast<void>(now_ms);
    const chain::Certificate& c = partial.certificate;
    if (const VoteDrop reason = check_place(c.kind, c.epoch, c.view_or_height, c.zone, c.subject);
        reason != VoteDrop::none)
        return count(reason);
    if (partial.subnet >= config_.subnets)
        return count(VoteDrop::subnet);
    const std::uint32_t all = config_.committee.seats;
    if (c.signers.size() != (all + 7) / 8 || (all % 8 != 0 && c.signers.back() >> (all % 8) != 0))
        return count(VoteDrop::form);
    std::array<std::uint64_t, chain::seats_max / 64> bits{};
    std::uint32_t seats = 0, first = 0;
    for (std::uint32_t i = 0; i < members_; ++i)
    {
        const chain::SeatRange range = config_.committee.seats_of(i);
        const std::uint32_t set = chain::count_seats(c.signers, range.first, range.count);
        if (set == 0)
            continue;
        if (set != range.count)
            return count(VoteDrop::form);
        if (subnet_of(i, config_.subnets) != partial.subnet)
            return count(VoteDrop::subnet);
        first = seats == 0 ? i : first;
        seats += set;
        const std::uint32_t local = i / config_.subnets;
        bits[local / 64] |= std::uint64_t{1} << local % 64;
    }
    if (seats == 0)
        return count(VoteDrop::form);
    const std::span<const std::uint64_t> signers(bits.data(), words_);
    Slot* slot = find_slot(c.kind, c.view_or_height, c.subject);
    if (slot != nullptr)
    {
        if (slot->certified)
            return count(VoteDrop::certified);
        const std::uint32_t with_it =
            covered(*slot, partial.subnet, c.subject, false, signers, seats);
        if (with_it <= covered(*slot, partial.subnet, c.subject, false))
            return count(VoteDrop::not_better);
    }
    SignaturePoint point{};
    if (!scheme_.decode(scheme_.context, c.signature, point))
    {
        name(peer, Offender::no_member);
        return count(VoteDrop::point);
    }
    // Of two subjects the one with more seats stays beside the newcomer.
    Kept* place = nullptr;
    if (slot != nullptr)
    {
        place = kept_for(*slot, partial.subnet, c.subject);
        for (Kept& other : kept(*slot, partial.subnet))
            if (place == nullptr || (place->subject != c.subject && other.seats < place->seats))
                place = &other;
        if (place->seats != 0 && place->subject != c.subject && place->seats >= seats)
            return count(VoteDrop::not_better);
    }
    if (!scheme_.verify_sum(scheme_.context, digest_of(c.kind, c.view_or_height, c.subject), point,
                            c.signers))
    {
        name(peer, Offender::no_member);
        return count(VoteDrop::signature);
    }
    if (slot == nullptr)
    {
        slot = open_slot(c.kind, c.view_or_height, c.subject, first, seats);
        if (slot == nullptr)
            return count(VoteDrop::slots);
        place = kept(*slot, partial.subnet).data();
    }
    place->point = point;
    place->subject = c.subject;
    place->seats = seats;
    const std::span<std::uint64_t> stored = bits_of(*place);
    for (std::size_t i = 0; i < stored.size(); ++i)
        stored[i] = bits[i];
    note_changed(*slot, c.subject);
    return VoteDrop::none;
}
}  // namespace mote::consensus
