// What commitments stand for: lists are asked for by their root, and everything is checked against it.
#include <algorithm>

#include "chain/tree.hpp"
#include "client/validator_parts.hpp"

namespace mote::client
{
namespace
{
using chain::SeedKind;

[[nodiscard]] Digest root_of_list(Bytes list, std::size_t each) noexcept
{
    chain::TreeBuilder tree;
    for (; list.size() >= each; list = list.subspan(each))
        tree.add(chain::leaf_hash(list.first(each)));
    return tree.root();
}
}  // namespace

EpochSlot* Validator::Parts::slot_of(std::uint64_t epoch) noexcept
{
    EpochSlot& candidate = epochs[static_cast<std::size_t>(epoch % epochs.size())];
    return candidate.used && candidate.data.epoch == epoch ? &candidate : nullptr;
}

EpochSlot& Validator::Parts::open_slot(std::uint64_t epoch, const Digest& randao,
                                       const Digest& root_committee) noexcept
{
    EpochSlot& slot = epochs[static_cast<std::size_t>(epoch % epochs.size())];
    slot.used = true;
    slot.has_records = slot.complete = false;
    slot.randao = randao;
    slot.record_count = 0;
    slot.checkpoint = nullptr;
    slot.data = {};
    slot.data.epoch = epoch;
    slot.data.root_commitment = root_committee;
    stale_lists = true;
    return slot;
}

void Validator::Parts::set_records(EpochSlot& slot, std::span<const chain::ZoneRecord> records,
                                   const Digest& zones_root, const Digest& params_root) noexcept
{
    slot.record_count = 0;
    for (const chain::ZoneRecord& record : records)
        slot.records[slot.record_count++] = record;
    slot.data.zones_root = zones_root;
    slot.data.params_root = params_root;
    slot.has_records = true;
    slot.complete = false;
    stale_lists = true;
}

/// Gives the list if it is here, else asks for it, once.
ListEntry* Validator::Parts::need(ListKind kind, const Digest& wanted) noexcept
{
    if (chain::is_zero(wanted))
        return nullptr;
    ListEntry* room = nullptr;
    for (ListEntry& entry : known_lists)
    {
        if (entry.state == ListEntry::State::empty)
        {
            room = room == nullptr ? &entry : room;
            continue;
        }
        if (entry.kind != kind || entry.root != wanted)
            continue;
        entry.in_use = true;
        return entry.state == ListEntry::State::here ? &entry : nullptr;
    }
    if (room == nullptr)
    {
        drop(Dropped::full);
        return nullptr;
    }
    // The rest is asked for in the next steps.
    if (action_count + actions_kept >= actions.size())
    {
        stale_lists = true;
        return nullptr;
    }
    *room = {};
    room->state = ListEntry::State::asked;
    room->kind = kind;
    room->in_use = true;
    room->root = wanted;
    room->request = next_id++;
    Action& action = add(ActionKind::fetch);
    action.id = room->request;
    action.fetch = {FetchKind::list, kind, wanted, 0, 0};
    lists_again_ms = std::min(lists_again_ms, now_ms + list_patience * timing.retry_ms);
    return nullptr;
}

/// Finds room for a committee's keys among those that are kept; without room it has none.
bool Validator::Parts::place_keys(ListEntry& entry, Bytes bytes) noexcept
{
    const auto count = static_cast<std::uint32_t>(bytes.size() / chain::member_bytes);
    const auto free = [&](std::uint32_t first)
    {
        if (std::size_t{first} + count > keys.size())
            return false;
        for (const ListEntry& other : known_lists)
            if (&other != &entry && other.key_count != 0 &&
                first < other.first_key + other.key_count && other.first_key < first + count)
                return false;
        return true;
    };
    std::uint32_t first = 0;
    bool found = free(0);
    for (const ListEntry& other : known_lists)
    {
        if (found)
            break;
        first = other.first_key + other.key_count;
        found = other.key_count != 0 && free(first);
    }
    const std::span<signature::PublicKey> room =
        found ? keys.subspan(first, count) : std::span<signature::PublicKey>();
    if (consensus::open_known_committee(bytes, entry.root, room, entry.committee) != Status::ok)
        return false;
    entry.first_key = first;
    entry.key_count = entry.committee.keys.empty() ? 0 : count;
    return true;
}

void Validator::Parts::on_list(ListEntry& entry, Bytes bytes) noexcept
{
    bool good = false;
    switch (entry.kind)
    {
        case ListKind::parameters:
        {
            consensus::Parameters ignored;
            good = consensus::open_parameters(bytes, entry.root, ignored) == Status::ok;
            break;
        }
        case ListKind::producers:
            good = !bytes.empty() && bytes.size() % chain::layout_bytes<chain::Producer> == 0 &&
                   root_of_list(bytes, chain::layout_bytes<chain::Producer>) == entry.root;
            break;
        case ListKind::committee:
            good = place_keys(entry, bytes);
            break;
        case ListKind::records:
            break;
    }
    if (!good)
    {
        // Asked for again after a while, of whoever has it.
        if (!bytes.empty())
            drop(Dropped::bad_list);
        entry = {};
        lists_again_ms = now_ms + timing.retry_ms;
        return;
    }
    entry.state = ListEntry::State::here;
    entry.bytes = bytes;
    something_came = stale_lists = true;
}

/// Fills in what is here of an epoch.
void Validator::Parts::assemble(EpochSlot& slot) noexcept
{
    EpochData& data = slot.data;
    bool complete = slot.has_records;
    const ListEntry* const root_list = need(ListKind::committee, data.root_commitment);
    data.root = root_list == nullptr ? nullptr : &root_list->committee;
    complete = complete && data.root != nullptr;
    if (!slot.has_records)
        return;
    const ListEntry* const parameters = need(ListKind::parameters, data.params_root);
    if (parameters != nullptr && consensus::open_parameters(parameters->bytes, data.params_root,
                                                            data.parameters) == Status::ok)
    {
        const ListEntry* const leaders = need(ListKind::producers, data.parameters.root_leaders);
        const Digest seed = chain::seed(slot.randao, data.epoch, SeedKind::root_turns, 0);
        complete = complete && leaders != nullptr &&
                   consensus::open_producers(leaders->bytes, data.parameters.root_leaders, seed,
                                             slot.orders.first(limits.producers),
                                             data.leaders) == Status::ok;
    }
    else
        complete = false;
    for (std::uint32_t i = 0; i < slot.record_count; ++i)
    {
        const chain::ZoneRecord& record = slot.records[i];
        consensus::ZoneEpoch& zone = slot.zones[i];
        zone = {};
        zone.zone = record.zone;
        zone.commitment = record.committee;
        const ListEntry* const members = need(ListKind::committee, record.committee);
        zone.committee = members == nullptr ? nullptr : &members->committee;
        const ListEntry* const producers = need(ListKind::producers, record.producers_root);
        const Digest seed = chain::seed(slot.randao, data.epoch, SeedKind::zone_turns, record.zone);
        const std::size_t at = (std::size_t{i} + 1) * limits.producers;
        complete = complete && members != nullptr && producers != nullptr &&
                   consensus::open_producers(producers->bytes, record.producers_root, seed,
                                             slot.orders.subspan(at, limits.producers),
                                             zone.producers) == Status::ok;
    }
    data.zones = std::span<const consensus::ZoneEpoch>(slot.zones.first(slot.record_count));
    const Digest& checkpoint = final().state.header.ckpt_committee;
    if (!chain::is_zero(checkpoint) && data.epoch == final().state.header.epoch)
    {
        const ListEntry* const members = need(ListKind::committee, checkpoint);
        slot.checkpoint = members == nullptr ? nullptr : &members->committee;
        complete = complete && members != nullptr;
    }
    slot.complete = complete;
    if (!complete)
        return;
    if (data.epoch == voter_epoch())
        root.set_leaders(data.leaders.size());
    if (data.parameters.protocol_version > protocol_version_max && may_vote)
    {
        may_vote = false;
        static_cast<void>(report(ReportKind::upgrade_required));
    }
}

/// Lists whose answer did not come are asked for again.
void Validator::Parts::ask_for_lists_again() noexcept
{
    if (now_ms < lists_again_ms)
        return;
    lists_again_ms = no_deadline;
    stale_lists = true;
    for (ListEntry& entry : known_lists)
        if (entry.state == ListEntry::State::asked)
            entry = {};
}

void Validator::Parts::assemble() noexcept
{
    if (!stale_lists)
        return;
    stale_lists = false;
    for (EpochSlot& slot : epochs)
        if (slot.used && !slot.complete)
            assemble(slot);
}

/// Lists of epochs that are over make room.
void Validator::Parts::sweep_lists() noexcept
{
    for (ListEntry& entry : known_lists)
        entry.in_use = false;
    for (EpochSlot& slot : epochs)
        if (slot.used)
        {
            slot.complete = false;
            assemble(slot);
        }
    for (ListEntry& entry : known_lists)
        if (!entry.in_use)
            entry = {};
}
}  // namespace mote::client
