// A producer as a relay.
#include "sim/device.hpp"
#include "sim/invariants.hpp"
#include "sim/producer.hpp"

namespace mote::sim
{
namespace
{
using chain::Certificate;
using chain::Kind;

constexpr Time flush_us = 50000;  // FLUSH_MS
constexpr std::size_t endings_sent_max = 16;

/// What a piece of evidence is about: one piece for each deed is enough.
Digest deed_of(const wire::EvidenceMessage& piece)
{
    std::array<std::uint8_t, 24> deed{};
    switch (piece.kind)
    {
        case 1:
            store_le(deed.data(), piece.votes.epoch);
            store_le(deed.data() + 8, piece.votes.view);
            store_le(deed.data() + 16, std::uint64_t{piece.votes.member});
            return hash::blake3(deed);
        case 3:
            store_le(deed.data(), piece.proposals.epoch);
            store_le(deed.data() + 8, piece.proposals.view);
            store_le(deed.data() + 16, UINT64_MAX);
            return hash::blake3(deed);
        case 4:
            return chain::hash_of(piece.bad_row.header);
        default:
            return {};
    }
}
}  // namespace

Producer::Producer(World& world, std::uint32_t index, const Role& role, const ContextPtr& genesis)
    : world_(world),
      index_(index),
      role_(role),
      random_(Random::stream(world.config().seed, 0x70726f00000000 + index)),
      context_(genesis),
      final_(genesis->start),
      notarized_(genesis->start),
      available_(world.config().zones),
      proven_(world.config().zones),
      making_(world.config().zones),
      proving_(world.config().zones)
{
}

void Producer::receive(const MessagePtr& message, std::uint32_t from)
{
    if (!message->valid)
    {
        ++world_.counts().dropped;
        return;
    }
    switch (message->type)
    {
        case MessageType::vote:
            return on_vote(message);
        case MessageType::partial:
            return on_partial(message);
        case MessageType::certificate:
            return on_certificate(message, false);
        case MessageType::proposal:
            return on_proposal(message);
        case MessageType::ask:
        case MessageType::ask_nullification:
            return on_ask(message, from);
        case MessageType::evidence:
            return on_evidence(message);
        default:
            ++world_.counts().dropped;
    }
}

void Producer::on_timer(Timer timer, std::uint64_t value)
{
    switch (timer)
    {
        case Timer::start:
            enter(1);
            return world_.schedule(world_.now() + milliseconds(20), node(), Timer::zone);
        case Timer::propose:
            if (value == view_)
                propose();
            return;
        case Timer::relay:
            relay_due_ = false;
            return send_partials();
        case Timer::zone:
            look_at_zones();
            return world_.schedule(world_.now() + milliseconds(250), node(), Timer::zone);
        case Timer::prove:
            return prove(static_cast<std::uint32_t>(value));
        case Timer::replay:
            return replay_old();
        default:
            return;
    }
}

CommitteePtr Producer::committee_of(const Certificate& place) const
{
    const Plan* plan = nullptr;
    switch (place.kind)
    {
        case Kind::notarize:
        case Kind::nullify:
        case Kind::finalize:
            return place.epoch == context_->epoch ? context_->plan->root : nullptr;
        case Kind::avail:
        case Kind::valid:
            plan = context_->plan_of(place.epoch);
            return plan == nullptr || place.zone >= plan->zones.size() ? nullptr
                                                                       : plan->zones[place.zone];
        case Kind::ckpt:
        {
            const StatePtr block = world_.ledger().find(place.subject);
            return block && block->header.height == place.view_or_height &&
                           world_.members().calendar.period(block->header.epoch) == place.epoch &&
                           block->header.ckpt_committee == block->plan->ckpt->commitment
                       ? block->plan->ckpt
                       : nullptr;
        }
    }
    return nullptr;
}

Tally* Producer::tally_of(const Certificate& place)
{
    const CommitteePtr committee = committee_of(place);
    if (!committee)
        return nullptr;
    if (place.kind <= Kind::finalize)
    {
        // Finalize votes go on counting for old views; the rest is over.
        const bool over = place.kind == Kind::finalize ? place.view_or_height <= final_view_
                                                       : place.view_or_height < view_;
        if (over || place.view_or_height > view_ + lookahead)
            return nullptr;
    }
    const TallyKey key = {place.kind, place.epoch, place.view_or_height, place.zone, place.subject};
    const auto at = tallies_.find(key);
    if (at != tallies_.end())
        return &at->second;
    if (tallies_.size() >= tallies_max)
        return nullptr;
    return &tallies_.try_emplace(key, committee, world_.config().producers).first->second;
}

void Producer::on_vote(const MessagePtr& message)
{
    const wire::VoteMessage& vote = message->vote;
    Certificate place;
    place.kind = vote.kind;
    place.epoch = vote.epoch;
    place.view_or_height = vote.view_or_height;
    place.zone = vote.zone;
    place.subject = vote.subject;
    Tally* const tally = tally_of(place);
    if (tally == nullptr || tally->certified ||
        vote.member >= tally->committee()->committee.members())
        return;
    const chain::Member member = tally->committee()->committee.member(vote.member);
    if (role_.selective_relay && vote.member % 3 == 0)
        return;  // passes on what it likes
    if (!world_.signatures().verify_one(chain::signed_digest(world_.chain_id(), place),
                                        vote.signature, member.public_key))
    {
        ++world_.counts().dropped;
        return;
    }
    if (vote.kind <= Kind::finalize)
        compare_votes(message, member.validator_id);
    if (!tally->add(vote.member, vote.signature))
        return;
    if (tally->complete())
        return try_certify(place, *tally);
    if (!relay_due_)
    {
        relay_due_ = true;
        // Soon, if the subnets of this relay are complete; they have about 2 / P of the members.
        const std::size_t expected =
            2 * tally->committee()->committee.members() / world_.config().producers;
        const bool soon = tally->votes() + 1 >= expected;
        world_.schedule(world_.now() + (soon ? 2000 : flush_us), node(), Timer::relay);
    }
}

/// Keeps the first votes of a member in a view, and makes evidence of one that conflicts.
void Producer::compare_votes(const MessagePtr& message, std::uint32_t validator)
{
    const wire::VoteMessage& vote = message->vote;
    const auto [at, fresh] = first_votes_.try_emplace(
        {vote.view_or_height, vote.member, vote.kind == Kind::notarize}, message);
    const wire::VoteMessage& first = at->second->vote;
    if (fresh || !chain::conflicts(static_cast<std::uint8_t>(first.kind), first.subject,
                                   static_cast<std::uint8_t>(vote.kind), vote.subject))
        return;
    world_.catch_somebody(validator, "two votes of one view that conflict");
    wire::EvidenceMessage piece;
    piece.kind = 1;
    piece.votes.epoch = vote.epoch;
    piece.votes.view = vote.view_or_height;
    piece.votes.member = vote.member;
    piece.votes.votes[0] = {static_cast<std::uint8_t>(first.kind), first.subject, first.signature};
    piece.votes.votes[1] = {static_cast<std::uint8_t>(vote.kind), vote.subject, vote.signature};
    chain::put_in_order(piece.votes);
    on_evidence(evidence_message(piece));
}

void Producer::send_partials()
{
    for (auto& [key, tally] : tallies_)
    {
        if (tally.certified)
            continue;
        Certificate partial;
        partial.kind = key.kind;
        partial.epoch = key.epoch;
        partial.view_or_height = key.view;
        partial.zone = key.zone;
        partial.subject = key.subject;
        for (std::uint32_t i = 0; i < 2; ++i)
        {
            // Relay r serves subnets r and r - 1: their members send to it.
            const std::uint32_t producers = world_.config().producers;
            const std::uint32_t subnet = (index_ + producers - i) % producers;
            std::vector<std::uint8_t> signers;
            if (!tally.take_partial(world_.signatures(), subnet, signers, partial.signature))
                continue;
            if (role_.garbage_relay)
                signers[0] = static_cast<std::uint8_t>(signers[0] ^ 0x5a);
            partial.signers = signers;
            send_to_relays(partial_message(partial, subnet));
        }
    }
}

void Producer::on_partial(const MessagePtr& message)
{
    const Certificate& partial = message->certificate;
    Tally* const tally = tally_of(partial);
    if (tally == nullptr || tally->certified)
        return;
    const chain::Committee& committee = tally->committee()->committee;
    if (partial.signers.size() != (committee.seats + 7) / 8 ||
        !world_.signatures().verify(chain::signed_digest(world_.chain_id(), partial),
                                    partial.signature,
                                    {{}, tally->committee()->list, partial.signers}))
    {
        ++world_.counts().dropped;
        return;
    }
    if (tally->add_partial(message->subnet, partial.signers, partial.signature) &&
        tally->complete())
        try_certify(partial, *tally);
}

void Producer::try_certify(const Certificate& place, Tally& tally)
{
    tally.certified = true;
    std::vector<std::uint8_t> signers;
    Certificate certificate = place;
    tally.sum(world_.signatures(), signers, certificate.signature);
    certificate.signers = signers;
    const bool of_block = place.kind == Kind::notarize || place.kind == Kind::finalize;
    const StatePtr block =
        of_block || place.kind == Kind::ckpt ? world_.ledger().find(place.subject) : nullptr;
    if (of_block && !block)
        return;  // nobody honest would have voted for it
    ++world_.counts().certificates;
    const MessagePtr message = certificate_message(certificate, block ? &block->header : nullptr);
    send_to_relays(message);
    on_certificate(message, true);
}

void Producer::on_certificate(const MessagePtr& message, bool own)
{
    const Certificate& certificate = message->certificate;
    const CommitteePtr committee = committee_of(certificate);
    if (!committee)
    {
        // Of a later epoch: somebody knows how this one ended.
        if (certificate.kind <= Kind::finalize && certificate.epoch > context_->epoch)
            world_.send(node(),
                        world_.producer_node((index_ + 1 +
                                              static_cast<std::uint32_t>(
                                                  random_.below(world_.config().producers - 1))) %
                                             world_.config().producers),
                        ask_message(MessageType::ask, context_->epoch, view_));
        return;
    }
    if (certificate.kind <= Kind::finalize)
    {
        const auto at = certificates_.find(certificate.view_or_height);
        if (at != certificates_.end() &&
            (certificate.kind == Kind::notarize  ? at->second.notarized
             : certificate.kind == Kind::nullify ? at->second.nullified
                                                 : at->second.finalized))
            return;
    }
    if (!world_.verify(certificate, *committee))
    {
        ++world_.counts().dropped;
        return;
    }
    const TallyKey key = {certificate.kind, certificate.epoch, certificate.view_or_height,
                          certificate.zone, certificate.subject};
    if (const auto at = tallies_.find(key); at != tallies_.end())
        at->second.certified = true;
    switch (certificate.kind)
    {
        case Kind::notarize:
        case Kind::nullify:
        case Kind::finalize:
            return root_certificate(message);
        case Kind::avail:
            if (const ZoneBlockPtr block = world_.zone_block(certificate.subject))
            {
                auto& known = available_[certificate.zone];
                if (known.size() < 256)
                    known.try_emplace(certificate.view_or_height, Available{block, message});
                look_at_zones();
            }
            return;
        case Kind::valid:
            // The statement is found by its hash among those whose proofs were published.
            for (Proven& proven : proven_[certificate.zone])
                if (!proven.certificate &&
                    chain::statement_hash(proven.statement) == certificate.subject)
                    proven.certificate = message;
            return;
        case Kind::ckpt:
            if (own)
                checkpoint_certificate(message);
            return;
    }
}

void Producer::root_certificate(const MessagePtr& message)
{
    const Certificate& certificate = message->certificate;
    ViewCertificates& known = certificates_[certificate.view_or_height];
    (certificate.kind == Kind::notarize  ? known.notarized
     : certificate.kind == Kind::nullify ? known.nullified
                                         : known.finalized) = message;
    world_.stir(load_le<std::uint64_t>(certificate.subject.data()) +
                static_cast<std::uint64_t>(certificate.kind) + certificate.view_or_height * 4);
    push_to_devices(message);
    if (role_.replaying_relay && old_certificates_.size() < 64)
        old_certificates_.push_back(message);
    const StatePtr block =
        certificate.kind == Kind::nullify ? nullptr : world_.ledger().find(certificate.subject);
    if (block && block->header.height > notarized_->header.height)
        notarized_ = block;
    if (certificate.kind == Kind::finalize && block)
    {
        final_view_ = std::max(final_view_, certificate.view_or_height);
        if (block->header.height > final_->header.height)
            final_ = block;
        if (world_.members().calendar.ends_epoch(block->header.height))
        {
            endings_[context_->epoch] = message;
            if (endings_.size() > 64)
                endings_.erase(endings_.begin());
            context_ = world_.ledger().context_after(block);
            old_plans_.push_front(context_->old_plan);
            if (old_plans_.size() > 4)
                old_plans_.pop_back();
            certificates_.clear();
            tallies_.clear();
            first_votes_.clear();
            view_ = proposed_view_ = final_view_ = 0;
            notarized_ = final_ = block;
            enter(1);
            return;
        }
        prune();
    }
    if (certificate.view_or_height >= view_)
    {
        world_.note_view(certificate.epoch, certificate.view_or_height,
                         certificate.kind == Kind::nullify);
        enter(certificate.view_or_height + 1);
    }
    look_at_zones();
}

void Producer::prune()
{
    const std::uint64_t low = final_view_ > 40 ? final_view_ - 40 : 0;
    certificates_.erase(certificates_.begin(), certificates_.lower_bound(low));
    std::erase_if(tallies_,
                  [&](const auto& entry)
                  {
                      const TallyKey& key = entry.first;
                      if (key.kind <= Kind::finalize)
                          return key.view + 4 < final_view_ || entry.second.certified;
                      if (key.kind == Kind::ckpt)
                          return key.view + 64 < final_->header.height;
                      return key.epoch + 1 < context_->epoch ||
                             (key.zone < final_->zones.size() &&
                              key.view <= final_->zones[key.zone].leaf.proven_height);
                  });
    first_votes_.erase(first_votes_.begin(),
                       first_votes_.lower_bound({final_view_ > 4 ? final_view_ - 4 : 0, 0, false}));
    for (std::uint32_t zone = 0; zone < available_.size(); ++zone)
    {
        const chain::ZoneLeaf& leaf = final_->zones[zone].leaf;
        auto& known = available_[zone];
        known.erase(known.begin(), known.lower_bound(leaf.tip_height + 1));
        std::erase_if(proven_[zone], [&](const Proven& proven)
                      { return proven.statement.to <= leaf.proven_height; });
    }
}

void Producer::checkpoint_certificate(const MessagePtr& message)
{
    const Certificate& certificate = message->certificate;
    const StatePtr block = world_.ledger().find(certificate.subject);
    if (!block)
        return;
    ++world_.counts().checkpoints;
    std::vector<std::uint32_t> absent;
    std::vector<std::uint8_t> leaves, path;
    const chain::FollowerCertificate follower =
        follower_form(certificate, *block->plan->ckpt, absent, leaves, path);
    const MessagePtr checkpoint = checkpoint_message(block->header, follower);
    for (std::uint32_t i = 0; i < world_.follower_count(); ++i)
        world_.send(node(), world_.producer_node(0) + world_.config().producers + i, checkpoint);
}

void Producer::push_to_devices(const MessagePtr& message)
{
    for (std::size_t i = 0; i < devices_.size(); ++i)
        if (!role_.selective_relay || i % 2 == 0)
            world_.send(node(), devices_[i], message);
}

void Producer::send_to_relays(const MessagePtr& message)
{
    for (std::uint32_t other = 0; other < world_.config().producers; ++other)
        if (other != index_)
            world_.send(node(), world_.producer_node(other), message);
}

void Producer::on_ask(const MessagePtr& message, std::uint32_t from)
{
    if (message->type == MessageType::ask_nullification)
    {
        const auto at = certificates_.find(message->view);
        if (message->epoch == context_->epoch && at != certificates_.end() && at->second.nullified)
            world_.send(node(), from, at->second.nullified);
        return;
    }
    std::size_t sent = 0;
    for (auto at = endings_.lower_bound(message->epoch);
         at != endings_.end() && sent < endings_sent_max; ++at, ++sent)
        world_.send(node(), from, at->second);
    // What led into the current view, and the newest finalization.
    if (view_ > 1)
        if (const auto at = certificates_.find(view_ - 1); at != certificates_.end())
            for (const MessagePtr& one :
                 {at->second.notarized, at->second.nullified, at->second.finalized})
                if (one)
                    world_.send(node(), from, one);
    if (const auto at = certificates_.find(final_view_); at != certificates_.end())
        if (at->second.finalized)
            world_.send(node(), from, at->second.finalized);
}

void Producer::on_evidence(const MessagePtr& message)
{
    if (!world_.check_evidence(message->evidence, *context_))
    {
        ++world_.counts().dropped;
        return;
    }
    // One piece for each deed is enough.
    const wire::EvidenceMessage& piece = message->evidence;
    if (used_evidence_.size() >= evidence_kept_max)
        used_evidence_.clear();
    if (!used_evidence_.insert(deed_of(piece)).second || evidence_.size() >= evidence_kept_max)
        return;
    evidence_.push_back(piece);
    send_to_relays(message);
}

void Producer::on_proposal(const MessagePtr& message)
{
    const Proposal& p = *message->proposal;
    if (p.message.header.epoch != context_->epoch || p.message.view < view_ ||
        p.message.view > view_ + lookahead)
        return;
    if (forwarded_view_ != p.message.view)
    {
        forwarded_.clear();
        forwarded_view_ = p.message.view;
    }
    if (forwarded_.size() >= 2 || !forwarded_.insert(message->id).second)
        return;
    for (const wire::EvidenceMessage& piece : p.evidence)
    {
        const Digest deed = deed_of(piece);
        used_evidence_.insert(deed);
        std::erase_if(evidence_, [&](const auto& own) { return deed_of(own) == deed; });
    }
    push_to_devices(message);
}

void Producer::replay_old()
{
    if (role_.replaying_relay)
        for (const MessagePtr& old : old_certificates_)
            push_to_devices(old);
    if (role_.expired_keys)
        forge_with_old_keys();
    world_.schedule(world_.now() + milliseconds(1500), node(), Timer::replay);
}

/// Whoever got hold of the keys of an epoch that is long over ends it again, with another block.
void Producer::forge_with_old_keys()
{
    if (old_plans_.size() < 2 || !old_plans_[1] || context_->epoch < 3)
        return;
    // The newest entry is of two epochs ago, the next one of three.
    const CommitteeList& committee = *old_plans_[0]->root;
    const std::uint64_t epoch = context_->epoch - 2;
    chain::RootHeader header = context_->start->header;
    header.epoch = epoch;
    header.height = (epoch + 1) * world_.config().calendar.epoch_heights;
    header.time_ms += 1 + random_.below(1000);
    Certificate forged;
    forged.kind = Kind::finalize;
    forged.epoch = epoch;
    forged.view_or_height = 900;
    forged.subject = chain::hash_of(header);
    std::vector<std::uint8_t> signers((committee.committee.seats + 7) / 8);
    const Digest digest = chain::signed_digest(world_.chain_id(), forged);
    std::vector<Signature> signatures;
    std::vector<Weighted> parts;
    for (std::uint32_t i = 0; i < committee.committee.members(); ++i)
        signatures.push_back(
            world_.signatures().sign(committee.committee.member(i).validator_id, digest));
    for (std::uint32_t i = 0; i < committee.committee.members(); ++i)
    {
        const chain::Member member = committee.committee.member(i);
        parts.push_back({&signatures[i], member.seats});
        for (std::uint32_t seat = 0; seat < member.seats; ++seat)
            chain::set_seat(signers, member.first_seat + seat);
    }
    forged.signers = signers;
    forged.signature = world_.signatures().sum(parts);
    push_to_devices(certificate_message(forged, &header));
}
}  // namespace mote::sim
