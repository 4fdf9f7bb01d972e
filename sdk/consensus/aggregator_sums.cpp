// The sums of an aggregator: who is covered, partials, certificates.
#include "consensus/aggregator_state.hpp"

#include <algorithm>

namespace mote::consensus
{
namespace
{
[[nodiscard]] bool has(std::span<const std::uint64_t> bits, std::size_t i) noexcept
{
    return !bits.empty() && (bits[i / 64] >> i % 64 & 1) != 0;
}
}  // namespace

bool Aggregator::served(std::uint32_t subnet) const noexcept
{
    return (config_.served >> subnet & 1) != 0;
}

std::uint32_t Aggregator::members_of(std::uint32_t subnet) const noexcept
{
    return subnet >= members_ ? 0 : (members_ - 1 - subnet) / config_.subnets + 1;
}

std::span<Aggregator::Record> Aggregator::records(const Slot& slot,
                                                  std::uint32_t subnet) const noexcept
{
    if (!served(subnet))
        return {};
    std::size_t place = static_cast<std::size_t>(&slot - slots_) * served_count_;
    for (std::uint32_t lower = 0; lower < subnet; ++lower)
        place += served(lower) ? 1 : 0;
    return {records_ + place * stride_, members_of(subnet)};
}

Aggregator::Record& Aggregator::record_of(const Slot& slot, std::uint32_t member) const noexcept
{
    return records(slot, subnet_of(member, config_.subnets))[member / config_.subnets];
}

std::span<Aggregator::Kept> Aggregator::kept(const Slot& slot, std::uint32_t subnet) const noexcept
{
    const std::size_t place = static_cast<std::size_t>(&slot - slots_) * config_.subnets + subnet;
    return {kept_ + place * internal::kept_each, internal::kept_each};
}

Aggregator::Kept* Aggregator::kept_for(const Slot& slot, std::uint32_t subnet,
                                       const Digest& subject) const noexcept
{
    for (Kept& partial : kept(slot, subnet))
        if (partial.seats != 0 && partial.subject == subject)
            return &partial;
    return nullptr;
}

std::span<std::uint64_t> Aggregator::bits_of(const Kept& partial) const noexcept
{
    return {bits_ + static_cast<std::size_t>(&partial - kept_) * words_, words_};
}

/// Seats that have voted for a subject in a subnet: a partial's and those of single votes beside it.
std::uint32_t Aggregator::covered(const Slot& slot, std::uint32_t subnet, const Digest& subject,
                                  bool waiting, std::span<const std::uint64_t> partial,
                                  std::uint32_t partial_seats) const noexcept
{
    std::uint32_t seats = partial_seats, member = subnet;
    std::size_t local = 0;
    for (const Record& record : records(slot, subnet))
    {
        const bool counts = record.state == Record::State::good ||
                            (waiting && record.state == Record::State::waiting);
        if (counts && record.subject == subject && !has(partial, local))
            seats += config_.committee.seats_of(member).count;
        ++local;
        member += config_.subnets;
    }
    return seats;
}

std::uint32_t Aggregator::covered(const Slot& slot, std::uint32_t subnet, const Digest& subject,
                                  bool waiting) const noexcept
{
    const Kept* partial = kept_for(slot, subnet, subject);
    if (partial == nullptr)
        return covered(slot, subnet, subject, waiting, {}, 0);
    return covered(slot, subnet, subject, waiting, bits_of(*partial), partial->seats);
}

std::uint32_t Aggregator::covered(const Slot& slot, const Digest& subject,
                                  bool waiting) const noexcept
{
    std::uint32_t seats = 0;
    for (std::uint32_t subnet = 0; subnet < config_.subnets; ++subnet)
        seats += covered(slot, subnet, subject, waiting);
    return seats;
}

void Aggregator::note_changed(Slot& slot, const Digest& subject) noexcept
{
    const std::uint32_t seats = covered(slot, subject, false);
    slot.seats = std::max(slot.seats, seats);
    if (slot.certified || seats < chain::quorum(config_.committee.seats))
        return;
    slot.certified = slot.ready = true;
    slot.winner = subject;
    slot.changed = slot.sending = 0;
}

void Aggregator::due(std::uint64_t now_ms) noexcept
{
    if (deadline_ms_ == UINT64_MAX)
        deadline_ms_ =
            now_ms > UINT64_MAX - config_.flush_ms ? UINT64_MAX - 1 : now_ms + config_.flush_ms;
}

void Aggregator::tick(std::uint64_t now_ms) noexcept
{
    if (now_ms < deadline_ms_)
        return;
    deadline_ms_ = UINT64_MAX;
    for (std::uint32_t i = 0; i < config_.slots; ++i)
    {
        Slot& slot = slots_[i];
        if (!slot.used)
            continue;
        for (std::uint32_t subnet = 0; subnet < config_.subnets; ++subnet)
            for (const Record& record : records(slot, subnet))
                if (record.state == Record::State::waiting)
                {
                    const Digest subject = record.subject;
                    verify_waiting(slot, subject);
                }
        if (!slot.certified)
            slot.sending |= slot.changed;
        slot.changed = 0;
        slot.rank = 0;
    }
}

/// The subject with most or second most seats of those that a single vote of this subnet is for.
bool Aggregator::subject_by_seats(const Slot& slot, std::uint32_t subnet, std::uint32_t rank,
                                  Digest& out) const noexcept
{
    Digest best{};
    bool found = false;
    for (std::uint32_t pass = 0; pass <= rank; ++pass)
    {
        const Digest before = best;
        std::uint32_t most = 0;
        const Record* last = nullptr;
        for (const Record& record : records(slot, subnet))
        {
            if (record.state != Record::State::good ||
                (last != nullptr && record.subject == last->subject) ||
                (pass != 0 && record.subject == before))
                continue;
            last = &record;
            const std::uint32_t seats = covered(slot, subnet, record.subject, false);
            if (seats > most)
            {
                most = seats;
                best = record.subject;
            }
        }
        found = most != 0;
        if (!found)
            break;
    }
    out = best;
    return found;
}

void Aggregator::clear_signers() noexcept
{
    for (std::uint8_t& byte : signers_)
        byte = 0;
}

void Aggregator::collect(const Slot& slot, std::uint32_t subnet, const Digest& subject,
                         SignatureSum& sum) noexcept
{
    const Kept* partial = kept_for(slot, subnet, subject);
    std::span<const std::uint64_t> bits;
    if (partial != nullptr)
    {
        bits = bits_of(*partial);
        scheme_.add(scheme_.context, sum, partial->point, 1);
    }
    const std::span<const Record> singles = records(slot, subnet);
    for (std::uint32_t local = 0; local < members_of(subnet); ++local)
    {
        const chain::SeatRange seats = config_.committee.seats_of(subnet + local * config_.subnets);
        const bool inside = has(bits, local);
        if (!inside)
        {
            if (local >= singles.size() || singles[local].state != Record::State::good ||
                singles[local].subject != subject)
                continue;
            scheme_.add(scheme_.context, sum, singles[local].point, seats.count);
        }
        for (std::uint32_t seat = 0; seat < seats.count; ++seat)
            chain::set_seat(signers_, seats.first + seat);
    }
}

void Aggregator::give(const Slot& slot, const Digest& subject, const SignatureSum& sum,
                      AggregatorOutput& out) noexcept
{
    SignaturePoint point;
    scheme_.finish(scheme_.context, sum, point);
    chain::Certificate& c = out.certificate;
    c.kind = slot.kind;
    c.epoch = config_.epoch;
    c.view_or_height = slot.view;
    c.zone = config_.zone;
    c.subject = subject;
    c.signers = Bytes(signers_).first((config_.committee.seats + 7) / 8);
    scheme_.encode(scheme_.context, point, c.signature);
}

bool Aggregator::next_certificate(AggregatorOutput& out) noexcept
{
    for (std::uint32_t i = 0; i < config_.slots; ++i)
    {
        Slot& slot = slots_[i];
        if (!slot.used || !slot.ready)
            continue;
        slot.ready = false;
        clear_signers();
        SignatureSum sum;
        scheme_.clear(scheme_.context, sum);
        for (std::uint32_t subnet = 0; subnet < config_.subnets; ++subnet)
            collect(slot, subnet, slot.winner, sum);
        out.kind = AggregatorOutputKind::certificate;
        give(slot, slot.winner, sum, out);
        return true;
    }
    return false;
}

bool Aggregator::next_partial(AggregatorOutput& out) noexcept
{
    for (std::uint32_t i = 0; i < config_.slots; ++i)
    {
        Slot& slot = slots_[i];
        while (slot.used && slot.sending != 0)
        {
            std::uint32_t subnet = 0;
            while ((slot.sending >> subnet & 1) == 0)
                ++subnet;
            Digest subject;
            const bool more = slot.rank < internal::kept_each &&
                              subject_by_seats(slot, subnet, slot.rank, subject);
            if (!more)
            {
                slot.sending &= slot.sending - 1;
                slot.rank = 0;
                continue;
            }
            ++slot.rank;
            clear_signers();
            SignatureSum sum;
            scheme_.clear(scheme_.context, sum);
            collect(slot, subnet, subject, sum);
            out.kind = AggregatorOutputKind::partial;
            out.subnet = subnet;
            give(slot, subject, sum, out);
            return true;
        }
    }
    return false;
}

bool Aggregator::next(AggregatorOutput& out) noexcept
{
    out = {};
    if (evidence_count_ != 0)
    {
        out.kind = AggregatorOutputKind::evidence;
        out.evidence = evidence_[--evidence_count_];
        return true;
    }
    if (offender_count_ != 0)
    {
        out.kind = AggregatorOutputKind::offender;
        out.offender = offenders_[--offender_count_];
        return true;
    }
    return next_certificate(out) || next_partial(out);
}
}  // namespace mote::consensus
