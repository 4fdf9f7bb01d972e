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
constexpr Time storm_us_per_view = 150000;
constexpr Time storm_us_min = 8000000;
constexpr Time slow_us = 350000;

/// Whether a profile disturbs the network or the devices for a while.
bool has_storm(const Faults& f)
{
    return f.storm.lost_per_million != 0 || f.partitions || f.crash_percent != 0 ||
           f.sleep_percent != 0 || f.halt || f.snapshot_percent != 0;
}
}  // namespace

World::World(const Config& config)
    : config_(config), faults_(config.faults != nullptr ? *config.faults : fault_profiles()[0])
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

void World::make_members()
{
    const std::uint32_t keys = config_.validators + config_.producers;
    signatures_ = config_.real_signatures() ? real_signatures(config_.seed, keys)
                                            : simulated_signatures(config_.seed, keys);
    members_.signatures = signatures_.get();
    members_.calendar = config_.calendar;
    if (config_.mutant == Mutant::endless_epochs)
        members_.calendar.epoch_heights = std::uint64_t{1} << 40;
    members_.root_seats = members_.zone_seats = config_.seats;
    members_.ckpt_seats = config_.seats == 0 ? 0 : std::min(config_.seats, 512U);
    if (config_.seats == 0 && config_.validators > chain::seats_max)
    {
        members_.root_seats = members_.zone_seats = chain::seats_max;
        members_.ckpt_seats = 512;
    }
    Random random = Random::stream(config_.seed, 0x7374616b);
    for (std::uint32_t i = 0; i < config_.validators; ++i)
        members_.stakes.push_back(1 + random.below(100));
    for (std::uint32_t i = 0; i < config_.producers; ++i)
        members_.producers.push_back(
            {config_.validators + i, signatures_->public_key(config_.validators + i)});
    for (std::uint32_t zone = 0; zone < config_.zones; ++zone)
    {
        Digest program{};
        store_le(program.data(), zone + 1);
        members_.programs.push_back(program);
    }
}

void World::make_nodes()
{
    const ContextPtr context = ledger_->context_after(ledger_->find(chain_id()));
    const std::uint32_t n = config_.validators;
    Random random = Random::stream(config_.seed, 0x6e6f6465);
    // Who does not do as it should is drawn; together they are at most S - q where all have one seat.
    std::vector<std::uint32_t> order(n);
    for (std::uint32_t i = 0; i < n; ++i)
        order[i] = i;
    for (std::uint32_t i = n; i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    const std::uint32_t budget = n - chain::quorum(n);
    std::uint32_t used = 0;
    const auto take = [&](std::uint32_t percent, const auto& give)
    {
        const std::uint32_t wanted = percent == 100 ? budget : (n * percent + 99) / 100;
        for (std::uint32_t i = 0; i < wanted && used < budget; ++i)
            give(order[used++]);
    };
    std::vector<Device::Setup> setups(n);
    std::vector<std::uint32_t> twins, clones, losers, set_back;
    for (std::uint32_t i = 0; i < n; ++i)
    {
        setups[i].node = setups[i].validator = i;
        setups[i].logged = i < 4;
    }
    take(faults_.offline_percent, [&](auto i) { setups[i].kind = DeviceKind::offline; });
    take(faults_.everything_percent, [&](auto i) { setups[i].kind = DeviceKind::everything; });
    take(faults_.nullify_percent, [&](auto i) { setups[i].kind = DeviceKind::nullifier; });
    take(faults_.twin_percent, [&](auto i) { twins.push_back(i); });
    take(faults_.clone_percent, [&](auto i) { clones.push_back(i); });
    take(faults_.snapshot_percent, [&](auto i) { set_back.push_back(i); });
    take(faults_.reserve_percent, [&](auto i) { setups[i].mode = consensus::VoteMode::reserve; });
    take(faults_.read_error_percent, [&](auto i) { losers.push_back(i); });
    if (config_.crash_in_reserve)
        setups[0].mode = consensus::VoteMode::reserve;
    for (std::uint32_t i = 0; i < n; ++i)
        if (setups[i].kind == DeviceKind::everything || setups[i].kind == DeviceKind::nullifier)
            invariants_->disqualify(i);
    for (const std::uint32_t twin : twins)
    {
        invariants_->disqualify(twin);
        Device::Setup setup;
        setup.node = static_cast<std::uint32_t>(setups.size());
        setup.validator = twin;
        setups.push_back(setup);
    }
    // A clone takes the image of its original when it starts; until then it is a device of its own disk.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> copies;
    for (const std::uint32_t clone : clones)
    {
        invariants_->disqualify(clone);
        Device::Setup setup;
        setup.node = static_cast<std::uint32_t>(setups.size());
        setup.validator = clone;
        setups.push_back(setup);
        copies.emplace_back(setup.node, clone);
    }
    for (const Device::Setup& setup : setups)
        devices_.push_back(std::make_unique<Device>(*this, setup, context));

    slow_us_.resize(device_count() + config_.producers + config_.followers);
    for (std::uint32_t i = 0; i < n; ++i)
        if (random.below(100) < faults_.slow_percent)
            slow_us_[i] = slow_us;

    std::vector<Role> roles(config_.producers);
    std::uint32_t next = static_cast<std::uint32_t>(random.below(config_.producers));
    const auto give = [&](std::uint32_t count, const auto& set)
    {
        for (std::uint32_t i = 0; i < count && i < config_.producers; ++i)
            set(roles[next++ % config_.producers]);
    };
    give(faults_.silent_leaders, [](Role& r) { r.silent_leader = true; });
    give(faults_.slow_leaders, [](Role& r) { r.slow_leader = true; });
    give(faults_.equivocating_leaders, [](Role& r) { r.equivocating_leader = true; });
    give(faults_.withholding_producers, [](Role& r) { r.withholds = true; });
    give(faults_.falsifying_producers, [](Role& r) { r.falsifies = true; });
    give(faults_.lying_producers, [](Role& r) { r.lies = true; });
    give(faults_.lazy_provers, [](Role& r) { r.lazy_prover = true; });
    give(faults_.late_provers, [](Role& r) { r.late_prover = true; });
    give(faults_.lying_provers, [](Role& r) { r.lying_prover = true; });
    give(faults_.selective_relays, [](Role& r) { r.selective_relay = true; });
    give(faults_.garbage_relays, [](Role& r) { r.garbage_relay = true; });
    give(faults_.replaying_relays, [](Role& r) { r.replaying_relay = true; });
    if (faults_.expired_keys)
        give(1, [](Role& r) { r.expired_keys = true; });
    for (std::uint32_t i = 0; i < config_.producers; ++i)
        producers_.push_back(std::make_unique<Producer>(*this, i, roles[i], context));
    for (std::uint32_t i = 0; i < device_count(); ++i)
    {
        const std::uint32_t first = i % config_.producers;
        const std::uint32_t second =
            (first + 1 + i / config_.producers % (config_.producers - 1)) % config_.producers;
        producers_[first]->attach(i);
        producers_[second]->attach(i);
    }
    for (std::uint32_t i = 0; i < config_.followers; ++i)
        followers_.push_back(std::make_unique<FollowerNode>(*this, i, *context->start));

    for (std::uint32_t i = 0; i < device_count(); ++i)
    {
        const bool is_copy = i >= n + twins.size();
        const Time at = is_copy ? 1000000 + random.below(std::max<Time>(calm_from_, 2000000))
                                : random.below(20000);
        schedule(at, i, Timer::start);
        if (is_copy)
            copies_[i] = copies[i - n - twins.size()].second;
    }
    for (std::uint32_t i = 0; i < config_.producers; ++i)
    {
        schedule(20000 + random.below(5000), producer_node(i), Timer::start);
        if (roles[i].replaying_relay || roles[i].expired_keys)
            schedule(2000000, producer_node(i), Timer::replay);
    }
    // Faults of devices end before the network calms down.
    const Time last = calm_from_ > 4000000 ? calm_from_ - 3500000 : 1;
    for (std::uint32_t i = 0; i < n; ++i)
    {
        if (random.below(100) < faults_.crash_percent)
            for (std::uint64_t k = 1 + random.below(3); k > 0; --k)
                schedule(200000 + random.below(last), i, Timer::crash);
        if (random.below(100) < faults_.sleep_percent)
            schedule(200000 + random.below(last), i, Timer::sleep);
        if (random.below(100) < faults_.clock_percent)
            schedule(200000 + random.below(last), i, Timer::clock);
    }
    for (const std::uint32_t i : set_back)
    {
        // Inside one lease nothing notices it, so such a key is not a correct one.
        invariants_->disqualify(i);
        const Time at = 200000 + random.below(last);
        schedule(at, i, Timer::snapshot, 0);
        for (std::uint64_t k = 1; k <= 3; ++k)
            schedule(at + k * (1 + random.below(1500000)), i, Timer::snapshot, 1);
    }
    for (const std::uint32_t loser : losers)
    {
        devices_[loser]->disk().set_bad(consensus::slot_spacing_bytes + 7, true);
        schedule(200000 + random.below(last), loser, Timer::crash);
    }
    if (config_.crash_point != 0)
    {
        devices_[0]->arm(static_cast<CrashPoint>(config_.crash_point),
                         static_cast<CrashRule>(config_.crash_rule));
        if (config_.crash_point == static_cast<std::uint8_t>(CrashPoint::clean_stop))
            schedule(1500000, 0, Timer::sleep);
    }
}

void World::make_partitions()
{
    Random random = Random::stream(config_.seed, 0x70617274);
    const std::uint32_t nodes = device_count() + config_.producers + config_.followers;
    if (faults_.halt)
    {
        // Half of the devices hear and say nothing.
        Partition partition{1500000, calm_from_, std::vector<bool>(nodes), false};
        for (std::uint32_t i = 0; i < device_count(); ++i)
            partition.second_side[i] = i % 2 == 0;
        network_->add(partition);
    }
    if (!faults_.partitions)
        return;
    for (Time at = 500000; at < calm_from_; at += 1000000 + random.below(4000000))
    {
        Partition partition{at, std::min(calm_from_, at + 500000 + random.below(3000000)),
                            std::vector<bool>(nodes), random.below(3) == 0};
        const std::uint64_t share = 10 + random.below(50);
        for (std::uint32_t i = 0; i < nodes; ++i)
            partition.second_side[i] = random.below(100) < share;
        network_->add(std::move(partition));
    }
}

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

void World::send(std::uint32_t from, std::uint32_t to, const MessagePtr& message)
{
    const Network::Arrivals arrivals = network_->send(from, to, message->wire_bytes, now());
    for (unsigned i = 0; i < arrivals.count; ++i)
    {
        Event event;
        event.message = message;
        event.node = to;
        event.from = from;
        queue_.push(arrivals.at[i] + slow_us_[from] + slow_us_[to], std::move(event));
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
        return block && context.plan_of(block->epoch) != nullptr &&
               piece.bad_row.bad_row == block->wrong_row_hash &&
               signatures_->verify_one(chain::zone_header_digest(chain_id(), block->hash),
                                       piece.bad_row.signature,
                                       members_.producers[block->header.producer].public_key) &&
               convicts(*block, chain_id());
    }
    return false;
}

void World::catch_somebody(std::uint32_t node, const std::string& what)
{
    for (const Caught& caught : caught_)
        if (caught.node == node && caught.what == what)
            return;
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

ZoneBlockPtr World::zone_block(const Digest& hash) const
{
    const auto at = zone_blocks_.find(hash);
    return at == zone_blocks_.end() ? nullptr : at->second;
}
}  // namespace mote::sim
