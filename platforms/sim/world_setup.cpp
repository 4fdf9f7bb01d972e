// Who takes part in a run, what each of them does wrong, and when.
#include <algorithm>

#include "sim/device.hpp"
#include "sim/follower.hpp"
#include "sim/invariants.hpp"
#include "sim/producer.hpp"
#include "sim/world.hpp"

namespace mote::sim
{
namespace
{
constexpr Time slow_us = 350000;
}  // namespace

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
    give(faults_.bare_leaders, [](Role& r) { r.bare_leader = true; });
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
}  // namespace mote::sim
