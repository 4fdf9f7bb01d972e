// The checks of an aggregator: batches and their halves, second votes, who is to blame.
#include "consensus/aggregator_state.hpp"

namespace mote::consensus
{
Digest Aggregator::digest_of(Kind kind, std::uint64_t view, const Digest& subject) const noexcept
{
    chain::Certificate c;
    c.kind = kind;
    c.epoch = config_.epoch;
    c.view_or_height = view;
    c.zone = config_.zone;
    c.subject = subject;
    return chain::signed_digest(config_.chain_id, c);
}

void Aggregator::draw_factors(std::span<BatchedVote> votes) noexcept
{
    // The entropy is fresh and the counter never repeats, so nobody can know a factor before the
    // signatures that it is for.
    std::array<std::uint8_t, 40> material;
    std::memcpy(material.data(), config_.entropy.data(), 32);
    store_le(material.data() + 32, draws_++);
    constexpr char label[] = "mote vote factors v1";
    hash::Blake3 stream = hash::Blake3::derive_key(
        Bytes(reinterpret_cast<const std::uint8_t*>(label), sizeof label - 1));
    stream.update(material);
    for (std::size_t i = 0; i < votes.size(); ++i)
    {
        std::array<std::uint8_t, 64> block;  // as many as one compression gives
        if (i % 8 == 0)
            stream.finish_xof(block, 8 * i);
        for (std::size_t k = 0; i % 8 == 0 && k < 8 && i + k < votes.size(); ++k)
        {
            const std::uint64_t factor = load_le64(block.data() + 8 * k);
            votes[i + k].factor = factor == 0 ? 1 : factor;
        }
    }
}

bool Aggregator::verify_one(const Digest& digest, std::uint32_t member,
                            const SignaturePoint& point) noexcept
{
    const BatchedVote vote = {member, &point, 1};
    return scheme_.verify_votes(scheme_.context, digest, {&vote, 1});
}

void Aggregator::verify_waiting(Slot& slot, const Digest& subject) noexcept
{
    std::size_t count = 0;
    for (std::uint32_t subnet = 0; subnet < config_.subnets; ++subnet)
    {
        std::uint32_t member = subnet;
        for (const Record& record : records(slot, subnet))
        {
            if (record.state == Record::State::waiting && record.subject == subject)
                batch_[count++] = {member, &record.point, 0};
            member += config_.subnets;
        }
    }
    if (count == 0)
        return;
    static_cast<void>(settle(slot, digest_of(slot.kind, slot.view, subject), 0, count, false));
    note_changed(slot, subject);
}

/// Decides about batch_[first .. first + count); says whether all are good. `known_bad`: the whole
/// contains a wrong one, so that asking about it is in vain.
// NOLINTNEXTLINE(misc-no-recursion): as deep as there are halves, 11 of the largest committee.
bool Aggregator::settle(Slot& slot, const Digest& digest, std::size_t first, std::size_t count,
                        bool known_bad) noexcept
{
    const std::span<BatchedVote> votes(batch_ + first, count);
    if (!known_bad)
    {
        draw_factors(votes);
        if (scheme_.verify_votes(scheme_.context, digest, votes))
        {
            for (const BatchedVote& vote : votes)
                accept(slot, vote.member, record_of(slot, vote.member));
            return true;
        }
    }
    if (count == 1)
    {
        refuse(votes[0].member, record_of(slot, votes[0].member));
        return false;
    }
    const std::size_t half = count / 2;
    const bool first_good = settle(slot, digest, first, half, false);
    static_cast<void>(settle(slot, digest, first + half, count - half, first_good));
    return false;
}

void Aggregator::accept(Slot& slot, std::uint32_t member, Record& record) noexcept
{
    record.state = Record::State::good;
    slot.changed |= std::uint64_t{1} << subnet_of(member, config_.subnets);
    if (slot.kind != Kind::nullify && slot.kind != Kind::finalize)
        return;
    const Kind other = slot.kind == Kind::nullify ? Kind::finalize : Kind::nullify;
    const Slot* against = find_slot(other, slot.view, {});
    if (against == nullptr)
        return;
    Record& first = record_of(*against, member);
    if (first.state != Record::State::good)
        return;
    // Nobody may give up a view and finalize it: the later of the two does not count.
    record.state = Record::State::spent;
    static_cast<void>(count(VoteDrop::second_vote));
    chain::VoteEvidence::Vote a{static_cast<std::uint8_t>(other), first.subject, {}};
    chain::VoteEvidence::Vote b{static_cast<std::uint8_t>(slot.kind), record.subject, {}};
    scheme_.encode(scheme_.context, first.point, a.signature);
    scheme_.encode(scheme_.context, record.point, b.signature);
    if (!first.accused)
        first.accused = accuse(slot.view, member, a, b);
}

void Aggregator::refuse(std::uint32_t member, Record& record) noexcept
{
    record.state = Record::State::empty;
    static_cast<void>(count(VoteDrop::signature));
    name(record.peer, member);
}

/// What is to be done with a vote in a slot where its member may have one; none: take it.
VoteDrop Aggregator::look_again(Slot& slot, const wire::VoteMessage& vote,
                                const SignaturePoint& point, std::uint32_t peer) noexcept
{
    Record& record = record_of(slot, vote.member);
    const bool same = record.subject == vote.subject;
    if (record.state == Record::State::waiting)
    {
        if (same && record.point.bytes == point.bytes)
            return VoteDrop::duplicate;
        // One of the two may be somebody else's work.
        if (verify_one(digest_of(slot.kind, slot.view, record.subject), vote.member, record.point))
        {
            accept(slot, vote.member, record);
            note_changed(slot, record.subject);
        }
        else
            refuse(vote.member, record);
    }
    if (record.state == Record::State::empty)
        return slot.certified ? VoteDrop::certified : VoteDrop::none;
    if (record.state == Record::State::spent)
        return VoteDrop::second_vote;
    if (same)
        return VoteDrop::duplicate;
    const auto kind = static_cast<std::uint8_t>(slot.kind);
    if (record.accused || !chain::conflicts(kind, record.subject, kind, vote.subject))
        return VoteDrop::second_vote;
    if (!verify_one(digest_of(slot.kind, slot.view, vote.subject), vote.member, point))
    {
        name(peer, vote.member);
        return VoteDrop::signature;
    }
    chain::VoteEvidence::Vote first{kind, record.subject, {}};
    scheme_.encode(scheme_.context, record.point, first.signature);
    record.accused = accuse(slot.view, vote.member, first, {kind, vote.subject, vote.signature});
    return VoteDrop::second_vote;
}

bool Aggregator::accuse(std::uint64_t view, std::uint32_t member,
                        const chain::VoteEvidence::Vote& first,
                        const chain::VoteEvidence::Vote& second) noexcept
{
    if (evidence_count_ == evidence_max)
    {
        static_cast<void>(count(VoteDrop::evidence));
        return false;
    }
    chain::VoteEvidence& evidence = evidence_[evidence_count_++];
    evidence = {};
    evidence.epoch = config_.epoch;
    evidence.view = view;
    evidence.member = member;
    evidence.votes = {first, second};
    chain::put_in_order(evidence);
    return true;
}

void Aggregator::name(std::uint32_t peer, std::uint32_t member) noexcept
{
    if (offender_count_ == offenders_max)
        static_cast<void>(count(VoteDrop::offender));
    else
        offenders_[offender_count_++] = {peer, member};
}
}  // namespace mote::consensus
