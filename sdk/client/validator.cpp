#include "client/validator.hpp"

#include <algorithm>
#include <new>

#include "base/assert.hpp"
#include "chain/tree.hpp"
#include "client/validator_parts.hpp"

namespace mote::client
{
namespace
{
template <class T>
[[nodiscard]] bool take(Arena& arena, std::size_t count, std::span<T>& out) noexcept
{
    T* const memory = arena.take<T>(count);
    if (memory == nullptr)
        return false;
    for (std::size_t i = 0; i < count; ++i)
        new (memory + i) T();
    out = {memory, count};
    return true;
}

[[nodiscard]] bool sensible(const Limits& limits) noexcept
{
    return limits.zones != 0 && limits.zones <= wire::zones_max && limits.pending != 0 &&
           limits.blocks != 0 && limits.ancestors != 0 && limits.lists != 0 &&
           limits.producers != 0 && limits.certificates != 0 && limits.headers != 0 &&
           limits.jobs != 0;
}

/// Messages that one step can send: a vote, certificates of a proposal that are passed on, evidence.
inline constexpr std::size_t out_bytes = 4 * (wire::vote_message_bytes_max + 1) +
                                         8 * (wire::cert_message_bytes_max + 1) +
                                         2 * (wire::evidence_message_bytes_max + 1);
}  // namespace

bool Validator::Parts::take_memory(Arena& arena) noexcept
{
    bool good = take(arena, std::size_t{limits.blocks} + 1, blocks) &&
                take(arena, limits.ancestors, ancestors) &&
                take(arena, limits.lists, known_lists) && take(arena, limits.keys, keys) &&
                take(arena, limits.certificates, certificates) &&
                take(arena, limits.headers, headers) && take(arena, limits.jobs, jobs) &&
                take(arena, limits.held_bytes, held) && take(arena, actions_max, actions) &&
                take(arena, out_bytes, out) && take(arena, limits.zones, scratch_records);
    for (EpochSlot& epoch : epochs)
        good = good && take(arena, limits.zones, epoch.records) &&
               take(arena, limits.zones, epoch.zones) &&
               take(arena, (std::size_t{limits.zones} + 1) * limits.producers, epoch.orders);
    // Not before all of it is known to fit: a counting arena gives nothing.
    if (!good)
        return false;
    for (Block& block : blocks)
        good = good && block.state.zones.reserve(limits.zones, limits.pending, arena);
    return good && scratch_table.reserve(limits.zones, limits.pending, arena);
}

std::size_t Validator::memory_bytes(const Limits& limits) noexcept
{
    // The sum of what take_memory takes, each rounded up.
    const auto rounded = [](std::size_t bytes)
    { return (bytes + Arena::alignment - 1) / Arena::alignment * Arena::alignment; };
    const std::size_t table =
        rounded(limits.zones * sizeof(chain::Zone)) +
        rounded(std::size_t{limits.zones} * limits.pending * sizeof(chain::PendingBlock));
    const std::size_t epoch =
        rounded(limits.zones * sizeof(chain::ZoneRecord)) +
        rounded(limits.zones * sizeof(consensus::ZoneEpoch)) +
        rounded((std::size_t{limits.zones} + 1) * limits.producers * sizeof(std::uint32_t));
    return rounded(sizeof(Parts)) + rounded((std::size_t{limits.blocks} + 1) * sizeof(Block)) +
           (std::size_t{limits.blocks} + 2) * table +
           rounded(std::size_t{limits.ancestors} * sizeof(Digest)) +
           rounded(limits.lists * sizeof(ListEntry)) +
           rounded(std::size_t{limits.keys} * sizeof(signature::PublicKey)) +
           rounded(limits.certificates * sizeof(SeenCertificate)) +
           rounded(limits.headers * sizeof(SeenHeader)) + rounded(limits.jobs * sizeof(OpenJob)) +
           rounded(limits.held_bytes) + rounded(actions_max * sizeof(Action)) + rounded(out_bytes) +
           rounded(limits.zones * sizeof(chain::ZoneRecord)) +
           std::tuple_size_v<decltype(Parts::epochs)> * epoch;
}

Status Validator::open(const Setup& setup, void* memory, std::size_t bytes) noexcept
{
    parts_ = nullptr;
    if (!sensible(setup.limits) || !setup.calendar.holds())
        return Status::invalid_argument;
    Arena arena(memory, bytes);
    Parts* const parts = arena.take<Parts>(1);
    if (parts == nullptr)
        return Status::memory_too_small;
    new (parts) Parts();
    parts->limits = setup.limits;
    if (!parts->take_memory(arena))
        return Status::memory_too_small;
    MOTE_ASSERT(arena.used() <= memory_bytes(setup.limits));
    MOTE_TRY(parts->start(setup));
    parts_ = parts;
    return Status::ok;
}

Status Validator::Parts::start(const Setup& setup) noexcept
{
    const Start& from = setup.start;
    chain_id = setup.chain_id;
    calendar = setup.calendar;
    rules = {setup.calendar, setup.carry_max, setup.empty_state_root};
    timing = setup.timing;
    drift_ms = setup.drift_ms;
    public_key = setup.public_key;
    key = KeyHolder(setup.signer, setup.chain_id);
    signatures = setup.signatures;
    mode = setup.mode;
    reserve_views = setup.reserve_views;
    key_name = consensus::key_name(chain_id, public_key);

    Block& block = blocks[0];
    block.used = block.notarized = true;
    block.state.header = from.header;
    block.state.hash = chain::hash_of(from.header);
    MOTE_TRY(block.state.zones.open(from.zones, from.pending));
    if (block.state.zones.root() != from.header.zone_table_root ||
        from.header.epoch != calendar.epoch(from.header.height) ||
        from.records.size() > limits.zones || from.old_records.size() > limits.zones ||
        !chain::records_hold(from.records, from.header.zones_root))
        return Status::invalid_argument;

    const std::uint64_t height = from.header.height;
    const std::size_t known = std::min<std::size_t>(
        {from.ancestors.size(), ancestors.size() - 1, static_cast<std::size_t>(height)});
    ancestors_from = height - known;
    for (std::size_t i = 0; i < known; ++i)
        ancestors[static_cast<std::size_t>((ancestors_from + i) % ancestors.size())] =
            from.ancestors[from.ancestors.size() - known + i];
    ancestors[static_cast<std::size_t>(height % ancestors.size())] = block.state.hash;

    const std::uint64_t epoch = from.header.epoch;
    if (epoch != 0)
    {
        EpochSlot& old = open_slot(epoch - 1, from.old_seed_randao, from.old_root_committee);
        set_records(old, from.old_records, {}, from.header.params_root);
    }
    EpochSlot& current = open_slot(epoch, from.seed_randao, from.header.root_committee);
    set_records(current, from.records, from.header.zones_root, from.header.params_root);

    consensus::Voter voter;
    may_vote = setup.record_readable &&
               voter.open(setup.record, key_name, mode, reserve_views) == Status::ok;
    const consensus::StartBlock start = {height, block.state.hash};
    root = consensus::RootVoter(voter, calendar, timing, start, 0);
    if (calendar.ends_epoch(height))
        begin_epoch(block);
    deadline = no_deadline;
    return Status::ok;
}

std::span<const Action> Validator::step(const Event& event) noexcept
{
    MOTE_ASSERT(parts_ != nullptr);
    Parts& p = *parts_;
    MOTE_ASSERT(event.now_ms >= p.now_ms);
    p.now_ms = std::max(p.now_ms, event.now_ms);
    p.action_count = 0;
    p.out_used = 0;
    switch (event.kind)
    {
        case EventKind::message:
            p.on_message(event.bytes);
            break;
        case EventKind::timer:
            p.ask_for_lists_again();
            p.catch_up_again();
            if (p.may_vote)
                p.carry_out(p.root.tick(p.now_ms), nullptr);
            break;
        case EventKind::flushed:
            p.carry_out(p.root.flushed(event.id, p.now_ms), nullptr);
            break;
        case EventKind::write_failed:
            p.root.write_failed();
            break;
        case EventKind::fetched:
            p.on_fetched(event.id, event.bytes);
            break;
        case EventKind::verified:
            p.on_verified(event.id, event.ok);
            break;
        case EventKind::wake:
            p.on_wake();
            break;
        case EventKind::sleep:
            p.carry_out(p.root.stop(), nullptr);
            break;
        case EventKind::clock:
            p.clock_trusted = event.ok;
            p.clock_wall_ms = event.wall_ms;
            p.clock_at_ms = p.now_ms;
            break;
        case EventKind::entropy:
            p.on_entropy(event.bytes);
            break;
    }
    p.resume();
    p.update_deadline();
    return p.actions.first(p.action_count);
}

void Validator::Parts::on_message(Bytes message) noexcept
{
    if (message.empty())
        return drop(Dropped::malformed);
    if (message.size() > limits.message_bytes)
        return drop(Dropped::too_long);
    if (!has_entropy)
        return drop(Dropped::no_entropy);
    const Bytes body = message.subspan(1);
    switch (static_cast<MessageKind>(message[0]))
    {
        case MessageKind::proposal:
            return on_proposal(message, body);
        case MessageKind::certificate:
            return on_certificate(body);
        case MessageKind::zone_header:
            return on_zone_header(body);
        case MessageKind::evidence:
            return on_evidence(body);
        case MessageKind::proof:
            return on_proof(body);
        case MessageKind::vote:
        case MessageKind::partial:
        case MessageKind::follower_certificate:
        case MessageKind::root_header:
            break;
    }
    drop(Dropped::unknown_kind);
}

void Validator::Parts::on_fetched(std::uint64_t id, Bytes bytes) noexcept
{
    for (ListEntry& entry : known_lists)
        if (entry.state == ListEntry::State::asked && entry.request == id)
            return on_list(entry, bytes);
    for (OpenJob& job : jobs)
        if (job.used && job.kind == JobKind::bad_row && !job.answered && job.id == id)
            return on_bad_row(job, bytes);
    // Everything else that is fetched is a message, and stands for itself.
    if (id == 0 || id >= next_id)
        return drop(Dropped::unknown_id);
    if (bytes.empty())
        return;
    if (bytes.size() > limits.message_bytes)
        return drop(Dropped::too_long);
    if (!has_entropy)
        return drop(Dropped::no_entropy);
    on_message(bytes);
}

/// After sleep the voter is what its last flushed record says; where the others are, relays know.
void Validator::Parts::on_wake() noexcept
{
    const consensus::Voter& old = root.voter();
    if (may_vote && !old.is_open() && !old.busy())
    {
        consensus::Voter voter;
        may_vote = voter.open(old.record(), key_name, mode, reserve_views) == Status::ok;
        const consensus::StartBlock start = root.start();
        root = consensus::RootVoter(voter, calendar, timing, start, now_ms);
        closed_reported = false;
    }
    fetch(FetchKind::newest, {}, voter_epoch(), 0);
}

std::uint64_t Validator::Parts::voter_epoch() const noexcept
{
    return std::max(root.voter().state().epoch, final().state.header.epoch);
}

void Validator::Parts::on_entropy(Bytes bytes) noexcept
{
    if (bytes.size() != entropy.size())
        return drop(Dropped::malformed);
    std::array<std::uint8_t, 64> both;
    chain::internal::WriteFields write{both.data()};
    Digest fresh{};
    std::copy(bytes.begin(), bytes.end(), fresh.begin());
    write(entropy, fresh);
    entropy = hash::blake3_derive_key("mote client entropy v1", both);
    has_entropy = true;
}

Digest Validator::Parts::draw() noexcept
{
    std::array<std::uint8_t, 40> message;
    chain::internal::WriteFields write{message.data()};
    write(entropy, ++draws);
    return hash::blake3_derive_key("mote client draw v1", message);
}

/// What could not be done before may be done now.
void Validator::Parts::resume() noexcept
{
    if (!has_entropy)
        return;
    assemble();
    if (may_vote && !root.voter().busy() && root.voter().state().epoch == 0 &&
        root.voter().state().view == 0 && root.voter().is_open())
        carry_out(root.on_genesis(now_ms), nullptr);
    const bool due = (held_for == Held::time && now_ms >= held_until_ms) ||
                     (held_for == Held::fetched && something_came) || held_for == Held::flush;
    if (due && !root.voter().busy())
    {
        held_for = Held::nothing;
        something_came = false;
        const Bytes message = Bytes(held).first(held_bytes);
        on_proposal(message, message.subspan(1));
    }
    if (may_vote && !root.voter().is_open() && !root.voter().busy() && !closed_reported)
    {
        closed_reported = true;
        static_cast<void>(report(ReportKind::closed));
    }
}

void Validator::Parts::update_deadline() noexcept
{
    std::uint64_t next = may_vote ? root.deadline_ms() : no_deadline;
    if (held_for == Held::time)
        next = std::min(next, held_until_ms);
    next = std::min(next, lists_again_ms);
    if (catch_up.count != 0)
        next = std::min(next, catch_up.again_ms);
    if (next == deadline)
        return;
    deadline = next;
    add(ActionKind::set_deadline).at_ms = next;
}

std::uint64_t Validator::dropped(Dropped reason) const noexcept
{
    return parts_->dropped[static_cast<std::size_t>(reason)];
}

const chain::RootHeader& Validator::final_header() const noexcept
{
    return parts_->final().state.header;
}

const consensus::ChainState* Validator::state_of(const chain::Digest& block) const noexcept
{
    const Block* const found = parts_->find_block(block);
    return found == nullptr ? nullptr : &found->state;
}

const consensus::VoterState& Validator::voter_state() const noexcept
{
    return parts_->root.voter().state();
}

bool Validator::busy() const noexcept { return parts_->root.voter().busy(); }
}  // namespace mote::client
