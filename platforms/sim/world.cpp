#include "sim/world.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/device.hpp"
#include "sim/follower.hpp"
#include "sim/invariants.hpp"
#include "sim/producer.hpp"

namespace mote::sim
{
namespace
{
constexpr std::size_t verified_max = 65536;  // answers that are remembered
constexpr std::size_t bad_rows_max = 1024;
constexpr Time storm_us_per_view = 150000;
constexpr Time storm_us_min = 8000000;

/// Whether a profile disturbs the network or the devices for a while.
bool has_storm(const Faults& f)
{
    return f.storm.lost_per_million != 0 || f.partitions || f.crash_percent != 0 ||
           f.sleep_percent != 0 || f.halt || f.late_ends || f.snapshot_percent != 0;
}
}  // namespace

World::World(const Config& config)
    : config_(config),
      faults_(config.faults != nullptr ? *config.faults : fault_profiles()[0]),
      late_(Random::stream(config.seed, 0x6c617465))
{
    if (config_.producers < 3 || config_.validators < 4 || config_.zones < 1 ||
        config_.zones > wire::zones_max || !config_.calendar.holds())
        throw std::invalid_argument("at least 4 validators, 3 producers, 1 zone and at most 64");
    make_members();
    if (has_storm(faults_))
        calm_from_ = std::max(storm_us_min, config_.views * storm_us_per_view);
    ends_at_ = calm_from_ + config_.views * 2000000 + 400000000;
    network_ =
        std::make_unique<Network>(Random::stream(config_.seed, 0x6e6574), faults_.storm,
                                  faults_.name == "thin" ? faults_.storm : LinkModel{}, calm_from_);

    Rules rules;
    rules.members = &members_;
    rules.limits = config_.limits;
    rules.keep_old_committee = config_.mutant == Mutant::keep_old_committee;
    rules.forget_pending = config_.mutant == Mutant::forget_pending;
    if (config_.mutant == Mutant::unlimited_unproven)
        rules.limits.unproven_max = 1000;
    ledger_ = std::make_unique<Ledger>(rules);
    std::vector<Digest> roots;
    for (std::uint32_t zone = 0; zone < config_.zones; ++zone)
        roots.push_back(genesis_state(zone));
    const StatePtr genesis = make_genesis(members_, config_.seed, roots);
    ledger_->set_genesis(genesis);
    ledger_->add_plan(genesis->plan);
    ledger_->add_plan(genesis->next_plan);
    invariants_ = std::make_unique<Invariants>(*this);
    make_nodes();
    make_partitions();
}

World::~World() = default;

std::uint32_t World::device_count() const noexcept
{
    return static_cast<std::uint32_t>(devices_.size());
}

std::uint32_t World::producer_node(std::uint32_t producer) const noexcept
{
    return device_count() + producer;
}

std::string World::node_name(std::uint32_t node) const
{
    if (node < device_count())
        return "device " + std::to_string(node);
    if (node < device_count() + config_.producers)
        return "producer " + std::to_string(node - device_count());
    return "follower " + std::to_string(node - device_count() - config_.producers);
}

/// What goes on top for what is about an epoch's last block. Of half of the views the notarization comes after
/// the timers of the view, so that its block gets a sibling; every finalization takes a while.
Time World::lateness(const Message& message)
{
    const bool is_vote = message.type == MessageType::vote;
    if (!faults_.late_ends || calm() ||
        !(is_vote || message.type == MessageType::partial ||
          message.type == MessageType::certificate))
        return 0;
    const chain::Kind kind = is_vote ? message.vote.kind : message.certificate.kind;
    const bool notarize = kind == chain::Kind::notarize;
    if (!notarize && kind != chain::Kind::finalize)
        return 0;
    const std::uint64_t view =
        is_vote ? message.vote.view_or_height : message.certificate.view_or_height;
    const Digest& block = is_vote ? message.vote.subject : message.certificate.subject;
    const StatePtr state = ledger_->find(block);
    if (!state || !config_.calendar.ends_epoch(state->header.height) ||
        (notarize && mix(config_.seed ^ view << 32) % 2 == 0))
        return 0;
    const Time timers = milliseconds(3 * config_.timing.delta_ms);
    return (notarize ? timers / 2 : 0) + late_.below(timers);
}

void World::send(std::uint32_t from, std::uint32_t to, const MessagePtr& message)
{
    const Network::Arrivals arrivals = network_->send(from, to, message->wire_bytes, now());
    const Time late = lateness(*message);
    for (unsigned i = 0; i < arrivals.count; ++i)
    {
        Event event;
        event.message = message;
        event.node = to;
        event.from = from;
        queue_.push(arrivals.at[i] + late + slow_us_[from] + slow_us_[to], std::move(event));
    }
}

void World::schedule(Time at, std::uint32_t node, Timer timer, std::uint64_t value,
                     std::uint32_t life)
{
    Event event;
    event.node = node;
    event.timer = timer;
    event.value = value;
    event.life = life;
    queue_.push(at, std::move(event));
}

void World::dispatch(const Event& event)
{
    if (event.node < device_count())
    {
        Device& device = *devices_[event.node];
        if (event.message)
            return device.receive(event.message, event.from);
        if (const auto copy = copies_.find(event.node);
            copy != copies_.end() && event.timer == Timer::start)
        {
            device.become(*devices_[copy->second]);
            copies_.erase(copy);
        }
        return device.on_timer(event.timer, event.value, event.life);
    }
    const std::uint32_t index = event.node - device_count();
    if (index < config_.producers)
        return event.message ? producers_[index]->receive(event.message, event.from)
                             : producers_[index]->on_timer(event.timer, event.value);
    if (event.message)
        followers_[index - config_.producers]->receive(event.message);
}

bool World::over()
{
    if (!violation_.empty() || queue_.empty())
        return true;
    if (now() > ends_at_)
    {
        invariants_->broken(15, "the run does not end", 0);
        return true;
    }
    // A run ends when there are views enough and, after a storm, finality again.
    const Time final_at = invariants_->final_at();
    return counts_.views >= config_.views && calm() && final_at + 1000000 > now() &&
           final_at >= calm_from_ + (calm_from_ == 0 ? 1 : 2000000);
}

bool World::step()
{
    if (over())
    {
        if (violation_.empty())
            invariants_->finish();
        stir(network_->sent());
        stir(network_->sent_bytes());
        return false;
    }
    const Event event = queue_.pop();
    ++counts_.events;
    dispatch(event);
    invariants_->after_event(event.node);
    return true;
}

void World::violate(std::string what)
{
    if (violation_.empty())
        violation_ = std::move(what) + ", after " + std::to_string(now_ms()) + " ms";
}

bool World::verify(const chain::Certificate& certificate, const CommitteeList& committee)
{
    // The committee follows from kind, epoch and zone in an honest run; in any run from its commitment.
    hash::Blake3 digest;
    digest.update(chain::certificate_hash(certificate));
    digest.update(committee.commitment);
    Digest key;
    digest.finish(key);
    if (verified_.size() >= verified_max)
        verified_.clear();
    const auto [at, fresh] = verified_.try_emplace(key, false);
    if (fresh)
    {
        const bool good = chain::verify(certificate, committee.committee, chain_id(),
                                        signatures_->check()) == chain::CertificateFault::none;
        at->second = good;
        invariants_->on_certificate(certificate, committee, good);
        return good;
    }
    return at->second;
}

ProposalFault World::check(const MessagePtr& proposal, const EpochContext& context, StatePtr& state)
{
    const auto at = checked_.find(proposal->id);
    if (at != checked_.end())
    {
        state = at->second.state;
        return at->second.fault;
    }
    const ProposalFault fault = check_proposal(
        *ledger_, context, *proposal->proposal,
        [&](const chain::Certificate& certificate, const CommitteeList& committee)
        { return verify(certificate, committee); },
        [&](const wire::EvidenceMessage& piece, const EpochContext& in)
        { return check_evidence(piece, in); }, state);
    if (fault == ProposalFault::parent)
        return fault;  // it may become known
    if (checked_.size() >= 256)
        checked_.clear();
    checked_[proposal->id] = {fault, state};
    if (fault == ProposalFault::none)
    {
        if (const StatePtr known = ledger_->find(state->hash))
            state = known;
        else
        {
            ledger_->add(state);
            proposed_at_[state->hash] = now_ms();
        }
    }
    return fault;
}

bool World::check_evidence(const wire::EvidenceMessage& piece, const EpochContext& context)
{
    if (piece.kind == 1)
    {
        const chain::VoteEvidence& v = piece.votes;
        const Plan* plan = context.plan_of(v.epoch);
        if (!chain::convicts(v) || plan == nullptr || v.member >= plan->root->committee.members())
            return false;
        const PublicKey key = plan->root->committee.member(v.member).public_key;
        for (const chain::VoteEvidence::Vote& vote : v.votes)
            if (!signatures_->verify_one(
                    chain::root_vote_digest(chain_id(), v.epoch, v.view,
                                            static_cast<chain::Kind>(vote.kind), vote.block),
                    vote.signature, key))
                return false;
        return true;
    }
    if (piece.kind == 3)
    {
        const chain::ProposalEvidence& p = piece.proposals;
        if (!chain::convicts(p) || p.epoch != context.epoch || p.view == 0)
            return false;
        const PublicKey& key = members_.producers[context.leader(p.view)].public_key;
        for (std::size_t i = 0; i < 2; ++i)
            if (!signatures_->verify_one(
                    chain::proposal_digest(chain_id(), p.epoch, p.view, p.blocks[i]),
                    p.signatures[i], key))
                return false;
        return true;
    }
    if (piece.kind == 4)
    {
        const ZoneBlockPtr block = zone_block(chain::hash_of(piece.bad_row.header));
        const auto row = bad_rows_.find(piece.bad_row.bad_row);
        return block && row != bad_rows_.end() && context.plan_of(block->epoch) != nullptr &&
               signatures_->verify_one(chain::zone_header_digest(chain_id(), block->hash),
                                       piece.bad_row.signature,
                                       members_.producers[block->header.producer].public_key) &&
               convicts(*row->second, block->header, block->committee->stakes, chain_id());
    }
    return false;
}

void World::catch_somebody(std::uint32_t node, const std::string& what)
{
    if (std::none_of(caught_.begin(), caught_.end(), [&](const Caught& caught)
                     { return caught.node == node && caught.what == what; }))
        caught_.push_back({now_ms(), node, what});
}

void World::note_view(std::uint64_t epoch, std::uint64_t view, bool nullified)
{
    if (!seen_views_.emplace(std::pair(epoch, view), true).second)
        return;
    while (seen_views_.size() > 1024)
        seen_views_.erase(seen_views_.begin());
    ++counts_.views;
    counts_.nullified += nullified ? 1 : 0;
    if (views_.size() < 100000)
        views_.push_back({epoch, view, now_ms(), nullified});
}

void World::note_final(const BlockState& block)
{
    counts_.finalized_height = block.header.height;
    stir(load_le<std::uint64_t>(block.hash.data()));
    const auto at = proposed_at_.find(block.hash);
    if (at != proposed_at_.end() && latencies_.size() < 100000)
        latencies_.push_back({block.header.height, now_ms(), now_ms() - at->second});
    if (block.header.height % 64 == 0)
        proposed_at_.clear();
    // Zone blocks that are proven and final are not asked for again.
    if (block.header.height % 32 == 0)
        std::erase_if(zone_blocks_,
                      [&](const auto& entry)
                      {
                          const chain::ZoneHeader& header = entry.second->header;
                          return header.height + 64 < block.zones[header.zone].leaf.proven_height;
                      });
}

void World::publish(ZoneBlockPtr block)
{
    ++counts_.zone_blocks;
    zone_blocks_.emplace(block->hash, std::move(block));
}

Digest World::publish(BadRowPtr row)
{
    const Digest hash = hash_of(*row);
    if (bad_rows_.size() >= bad_rows_max)
        bad_rows_.clear();
    bad_rows_.emplace(hash, std::move(row));
    return hash;
}

ZoneBlockPtr World::zone_block(const Digest& hash) const
{
    const auto at = zone_blocks_.find(hash);
    return at == zone_blocks_.end() ? nullptr : at->second;
}
}  // namespace mote::sim
