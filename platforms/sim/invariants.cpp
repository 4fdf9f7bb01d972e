#include "sim/invariants.hpp"

#include "sim/device.hpp"
#include "sim/producer.hpp"

namespace mote::sim
{
namespace
{
using chain::Kind;
using consensus::Vote;

constexpr const char* texts[Invariants::count] = {
    "two finalized blocks conflict",
    "two notarized blocks in one view",
    "a view is both nullified and finalized",
    "a notarized block does not descend from a finalized one",
    "a correct key signed what it may not",
    "a vote was signed without a flushed record",
    "a record went back",
    "a proven block does not decode from the shares of honest seats",
    "a proven root is not the reference executor's",
    "an included block moved, vanished, or changed its mark",
    "too many blocks without proof",
    "member form and follower form disagree",
    "a follower went back or left the chain",
    "the committee in force is not the announced one",
    "finality does not grow",
    "a queue or cache is above its bound",
    "a replay gives other bytes",
};
}  // namespace

Invariants::Invariants(World& world)
    : world_(world),
      correct_(world.config().validators, true),
      keys_(world.config().validators),
      final_(world.ledger().find(world.chain_id())),
      included_(world.config().zones)
{
    for (std::uint32_t zone = 0; zone < world.config().zones; ++zone)
        roots_.push_back(genesis_state(zone));
    const Faults& faults = world.faults();
    // Leaders that do not get a block through may follow each other, over the end of an epoch.
    const std::uint32_t bad =
        2 * (faults.silent_leaders + faults.slow_leaders + faults.equivocating_leaders);
    // Behind slow links a hop over two relays takes longer than Delta; timers grow until it does not.
    const std::uint32_t slower = faults.slow_percent == 0 ? 0 : 4;
    for (std::uint32_t k = 0; k <= bad + slower; ++k)
        growth_bound_us_ += milliseconds(5 * consensus::delta_after(world.config().timing, k));
}

const char* Invariants::text(unsigned number)
{
    return number >= 1 && number <= count ? texts[number - 1] : "";
}

bool Invariants::looks_at(unsigned number) const
{
    return world_.config().only_invariant == 0 || world_.config().only_invariant == number;
}

void Invariants::broken(unsigned number, const std::string& what, std::uint32_t node)
{
    if (looks_at(number))
        world_.violate("I" + std::to_string(number) + " " + text(number) + ": " + what + ", " +
                       world_.node_name(node));
}

void Invariants::on_signature(Device& device, const Vote& vote)
{
    if (!looks_at(6) || device.setup().kind != DeviceKind::honest)
        return;
    const Disk& disk = device.disk();
    const Bytes first = disk.read(0, consensus::record_bytes);
    const Bytes second = disk.read(consensus::slot_spacing_bytes, consensus::record_bytes);
    consensus::VoteRecord record;
    bool covered = consensus::load({{{!first.empty(), first}, {!second.empty(), second}}},
                                   device.key_name(), record);
    if (covered && record.state == consensus::RecordState::reserve)
        covered = record.epoch == vote.epoch && record.view <= vote.view &&
                  vote.view <= record.reserved_view;
    else if (covered)
        covered = record.state == consensus::RecordState::exact && record.epoch == vote.epoch &&
                  record.view == vote.view &&
                  (vote.kind == Kind::notarize ? record.notarized == vote.block &&
                                                     record.first == consensus::First::notarize
                   : vote.kind == Kind::nullify ? record.second == consensus::Second::nullify
                                                : record.second == consensus::Second::finalize &&
                                                      record.finalized == vote.block);
    if (!covered)
        broken(6, "view " + std::to_string(vote.view), device.setup().node);
}

void Invariants::check_key(const Device& device, const Vote& vote)
{
    Key& key = keys_[device.setup().validator];
    const Place place = {vote.epoch, vote.view};
    const auto wrong = [&](const char* what)
    {
        broken(5, std::string(what) + " in view " + std::to_string(vote.view), device.setup().node);
    };
    if (place < key.at)
        return wrong("a lower view");
    if (place > key.at)
        key = Key{.at = place};
    if (vote.kind != Kind::nullify)
        if (const StatePtr block = world_.ledger().find(vote.block);
            block && world_.config().calendar.epoch(block->header.height) != vote.epoch)
            wrong("a height beyond the epoch");
    if (vote.kind == Kind::notarize)
    {
        if (key.notarized && key.notarized_block != vote.block)
            wrong("a second notarize");
        key.notarized = true;
        key.notarized_block = vote.block;
        return;
    }
    if (vote.kind == Kind::nullify
            ? key.finalized
            : key.nullified || (key.finalized && key.finalized_block != vote.block))
        wrong("a second last vote");
    (vote.kind == Kind::nullify ? key.nullified : key.finalized) = true;
    key.finalized_block = vote.block;
}

void Invariants::on_vote(const Device& device, const Vote& vote, const Plan& plan)
{
    world_.stir(mix(vote.view) ^ static_cast<std::uint64_t>(vote.kind) ^ device.setup().node);
    if (device.setup().kind == DeviceKind::honest && correct_[device.setup().validator])
        check_key(device, vote);
    const Place place = {vote.epoch, vote.view};
    View& view = views_[place];
    Signers& signers = vote.kind == Kind::notarize   ? view.notarize[vote.block]
                       : vote.kind == Kind::finalize ? view.finalize[vote.block]
                                                     : view.nullify;
    const chain::Committee& committee = plan.root->committee;
    const std::uint32_t member = plan.root->member(device.setup().validator);
    signers.seen.resize(committee.members());
    if (signers.seen[member])
        return;
    signers.seen[member] = true;
    signers.seats += committee.member(member).seats;
    if (signers.complete || signers.seats < chain::quorum(committee.seats))
        return;
    signers.complete = true;
    const std::string where = "view " + std::to_string(vote.view);
    if (vote.kind == Kind::nullify || vote.kind == Kind::finalize)
    {
        bool finalized = vote.kind == Kind::finalize;
        for (const auto& [block, other] : view.finalize)
            finalized = finalized || other.complete;
        if (finalized && view.nullify.complete)
            broken(3, where, device.setup().node);
    }
    if (vote.kind == Kind::notarize)
        on_notarized(place, vote.block);
    if (vote.kind == Kind::finalize)
        on_finalized(place, vote.block);
}

void Invariants::on_notarized(const Place& place, const Digest& block)
{
    unsigned notarized = 0;
    for (const auto& [other, signers] : views_[place].notarize)
        notarized += signers.complete ? 1 : 0;
    if (notarized > 1)
        broken(2, "view " + std::to_string(place.second), 0);
    // The newest finalization below it.
    auto at = finalized_.lower_bound(place);
    if (at == finalized_.begin())
        return;
    --at;
    const StatePtr lower = world_.ledger().find(at->second);
    const StatePtr upper = world_.ledger().find(block);
    if (!lower || !upper)
        return;
    const StatePtr ancestor = world_.ledger().ancestor(upper, lower->header.height);
    if (!ancestor || ancestor->hash != lower->hash)
        broken(4, "view " + std::to_string(place.second), 0);
}

void Invariants::on_finalized(const Place& place, const Digest& block)
{
    finalized_[place] = block;
    const StatePtr lower = world_.ledger().find(block);
    if (!lower)
        return broken(1, "a block that nobody knows", 0);
    for (auto at = views_.upper_bound(place); at != views_.end(); ++at)
        for (const auto& [other, signers] : at->second.notarize)
        {
            if (!signers.complete)
                continue;
            const StatePtr upper = world_.ledger().find(other);
            const StatePtr ancestor =
                upper ? world_.ledger().ancestor(upper, lower->header.height) : nullptr;
            if (upper && (!ancestor || ancestor->hash != block))
                broken(4, "view " + std::to_string(at->first.second), 0);
        }
    take_final(lower);
}

void Invariants::take_final(const StatePtr& block)
{
    const bool newer = block->header.height > final_->header.height;
    const StatePtr& upper = newer ? block : final_;
    const StatePtr& lower = newer ? final_ : block;
    const StatePtr ancestor = world_.ledger().ancestor(upper, lower->header.height);
    if (!ancestor)
    {
        // Long ago; what was final then is remembered by its hash.
        const auto at = final_hashes_.find(block->header.height);
        if (at != final_hashes_.end() && at->second != block->hash)
            broken(1, "height " + std::to_string(block->header.height), 0);
        return;
    }
    if (ancestor->hash != lower->hash)
        return broken(1, "height " + std::to_string(lower->header.height), 0);
    if (!newer)
        return;
    std::vector<StatePtr> path;
    for (StatePtr at = block; at && at->header.height > final_->header.height;
         at = world_.ledger().find(at->header.parent))
        path.push_back(at);
    while (!path.empty())
    {
        final_block(*final_, *path.back());
        final_ = path.back();
        path.pop_back();
    }
    final_at_ = world_.now();
    const std::uint64_t height = final_->header.height;
    const std::uint64_t kept = 3 * world_.config().calendar.epoch_heights + 64;
    if (height > kept && height % 64 == 0)
        world_.ledger().forget_below(height - kept);
    while (final_hashes_.size() > 4 * kept)
        final_hashes_.erase(final_hashes_.begin());
    while (views_.size() > 1024 && views_.begin()->first < finalized_.rbegin()->first)
        views_.erase(views_.begin());
    while (finalized_.size() > 1024)
        finalized_.erase(finalized_.begin());
}

void Invariants::final_block(const BlockState& before, const BlockState& block)
{
    const std::uint64_t height = block.header.height;
    final_hashes_[height] = block.hash;
    if (block.header.epoch != before.header.epoch)
    {
        ++world_.counts().epochs;
        const bool announced = !chain::is_zero(before.header.next_set);
        world_.counts().carried += announced ? 0 : 1;
        const Digest& expected =
            announced ? before.header.next_root_committee : before.header.root_committee;
        if (block.header.root_committee != expected ||
            block.plan->root->commitment != block.header.root_committee)
            broken(14, "height " + std::to_string(height), 0);
    }
    else if (block.header.root_committee != before.header.root_committee)
        broken(14, "height " + std::to_string(height), 0);
    for (std::uint32_t zone = 0; zone < block.zones.size(); ++zone)
        check_zone(before, block, zone);
    world_.note_final(block);
}

void Invariants::check_zone(const BlockState& before, const BlockState& block, std::uint32_t zone)
{
    const ZoneState& state = block.zones[zone];
    const std::string where =
        "zone " + std::to_string(zone) + ", root height " + std::to_string(block.header.height);
    if (state.leaf.tip_height - state.leaf.proven_height > world_.config().limits.unproven_max)
        broken(11, where, 0);
    check_proven(before, block, zone);
    auto& known = included_[zone];
    if (state.leaf.tip_height != state.leaf.proven_height + state.pending.size() ||
        state.leaf.tip_height < before.zones[zone].leaf.tip_height)
        broken(10, where, 0);
    for (std::size_t i = 0; i < state.pending.size(); ++i)
    {
        const chain::PendingBlock& pending = state.pending[i];
        const auto [at, fresh] = known.try_emplace(
            state.leaf.proven_height + 1 + i,
            Included{pending.header_hash, pending.included_at, pending.is_void != 0});
        Included& old = at->second;
        if (fresh)
        {
            ++world_.counts().included;
            if (pending.included_at != block.header.height)
                broken(10, where, 0);
            continue;
        }
        if (old.hash != pending.header_hash || old.at != pending.included_at ||
            (old.is_void && pending.is_void == 0))
            broken(10, where, 0);
        if (!old.is_void && pending.is_void != 0)
        {
            old.is_void = true;
            ++world_.counts().voided;
        }
    }
    known.erase(known.begin(), known.lower_bound(state.leaf.proven_height));
}

void Invariants::check_proven(const BlockState& before, const BlockState& block, std::uint32_t zone)
{
    const ZoneState &old = before.zones[zone], &state = block.zones[zone];
    const std::string where = "zone " + std::to_string(zone) + ", height ";
    if (state.leaf.proven_height < old.leaf.proven_height)
        broken(10, where + std::to_string(state.leaf.proven_height), 0);
    for (std::uint64_t height = old.leaf.proven_height + 1; height <= state.leaf.proven_height;
         ++height)
    {
        const auto i = static_cast<std::size_t>(height - old.leaf.proven_height - 1);
        // One that is included and proven at once was never pending before.
        const bool was_pending = i < old.pending.size();
        const Digest hash = was_pending                          ? old.pending[i].header_hash
                            : height == state.leaf.proven_height ? state.leaf.proven_hash
                                                                 : Digest{};
        const ZoneBlockPtr made = world_.zone_block(hash);
        if (!made)
        {
            broken(9, where + std::to_string(height) + " is unknown", 0);
            continue;
        }
        ++world_.counts().proven;
        if (was_pending && old.pending[i].is_void != 0)
            continue;  // has its place and no effect
        roots_[zone] = execute(roots_[zone], *made);
        if (!looks_at(8))
            continue;
        std::vector<std::uint32_t> holders;
        for (std::uint32_t member = 0; member < made->stored.size(); ++member)
            if (made->stored[member])
                holders.push_back(member);
        std::vector<std::uint8_t> data;
        if (!rebuild_from(*made, holders, data) || data != made->data)
            broken(8, where + std::to_string(height), 0);
    }
    if (state.leaf.proven_height != old.leaf.proven_height &&
        roots_[zone] != state.leaf.proven_root)
        broken(9, where + std::to_string(state.leaf.proven_height), 0);
}

void Invariants::on_record(Device& device)
{
    if (!looks_at(7))
        return;
    const Disk& disk = device.disk();
    consensus::VoteRecord record;
    const Bytes first = disk.read(0, consensus::record_bytes);
    const Bytes second = disk.read(consensus::slot_spacing_bytes, consensus::record_bytes);
    if (!consensus::load({{{!first.empty(), first}, {!second.empty(), second}}}, device.key_name(),
                         record))
        return;
    positions_.resize(std::max<std::size_t>(positions_.size(), world_.device_count()));
    Place& position = positions_[device.setup().node];
    const Place now = {record.epoch, record.view};
    if (now < position)
        broken(7, "view " + std::to_string(record.view), device.setup().node);
    position = std::max(position, now);
}

void Invariants::forget_position(std::uint32_t device)
{
    if (device < positions_.size())
        positions_[device] = {0, 0};
}

void Invariants::on_certificate(const chain::Certificate& certificate,
                                const CommitteeList& committee, bool accepted)
{
    const bool small = committee.committee.members() <= 128;
    ++certificates_;
    if (!looks_at(12) || certificate.signers.size() != (committee.committee.seats + 7) / 8 ||
        (certificates_ % (small ? 8 : 256) != 1 && accepted))
        return;
    std::vector<std::uint32_t> absent;
    std::vector<std::uint8_t> leaves, path;
    chain::FollowerCertificate follower =
        follower_form(certificate, committee, absent, leaves, path);
    const auto ask = [&](bool skip_signature)
    {
        if (skip_signature && world_.config().mutant == Mutant::ignore_absent)
            return chain::check_absent(follower, committee.commitment) ==
                   chain::CertificateFault::none;
        return chain::verify(follower, committee.commitment, world_.chain_id(),
                             world_.signatures().check()) == chain::CertificateFault::none;
    };
    if (ask(false) != accepted)
        broken(12, "a certificate", 0);
    // One with another signature is none in either form.
    chain::Certificate other = certificate;
    other.signature[95] = static_cast<std::uint8_t>(other.signature[95] ^ 1);
    follower.certificate = other;
    if (ask(true) != (chain::verify(other, committee.committee, world_.chain_id(),
                                    world_.signatures().check()) == chain::CertificateFault::none))
        broken(12, "a changed certificate", 0);
}

void Invariants::on_checkpoint(std::uint32_t follower, std::uint64_t height, const Digest& hash)
{
    follower_heights_.resize(std::max<std::size_t>(follower_heights_.size(), follower + 1));
    std::uint64_t& before = follower_heights_[follower];
    const auto at = final_hashes_.find(height);
    const bool known = at != final_hashes_.end();
    if (height < before || height > final_->header.height || (known && at->second != hash))
        broken(13, "height " + std::to_string(height), 0);
    before = std::max(before, height);
}

void Invariants::check_growth()
{
    if (!looks_at(15) || !world_.calm())
        return;
    // A first finalization after the storm may need the longest timers, later ones do not.
    const Time settle = milliseconds(6 * world_.config().timing.delta_ms_max) + growth_bound_us_;
    const bool grown = final_at_ > world_.calm_from() + growth_bound_us_;
    const Time since = std::max(final_at_, world_.calm_from());
    if (world_.now() - since > (grown ? growth_bound_us_ : settle))
        broken(15, "height " + std::to_string(final_->header.height), 0);
}

void Invariants::after_event(std::uint32_t node)
{
    check_growth();
    if (node < world_.device_count())
    {
        if (world_.device(node).waiting() > Device::waiting_max)
            broken(16, "messages that wait", node);
        return;
    }
    const std::uint32_t index = node - world_.device_count();
    if (index < world_.config().producers &&
        world_.producer(index).tallies() > Producer::tallies_max)
        broken(16, "tallies", node);
    if (world_.ledger().blocks() > 8 * world_.config().calendar.epoch_heights + 4096)
        broken(16, "blocks", node);
}

void Invariants::finish()
{
    for (std::uint32_t i = 0; i < world_.device_count(); ++i)
        if (!world_.device(i).replay())
            broken(17, "a log", i);
}
}  // namespace mote::sim
