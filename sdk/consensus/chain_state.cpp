#include "consensus/chain_state.hpp"

#include <new>
#include <utility>

#include "base/assert.hpp"
#include "chain/tree.hpp"

namespace mote::consensus
{
namespace
{
template <class T>
[[nodiscard]] bool take(Arena& arena, std::size_t count, std::span<T>& out) noexcept
{
    T* memory = arena.take<T>(count);
    if (memory == nullptr)
        return false;
    for (std::size_t i = 0; i < count; ++i)
        new (memory + i) T();
    out = {memory, count};
    return true;
}

[[nodiscard]] const chain::ZoneRecord* find_record(std::span<const chain::ZoneRecord> records,
                                                   std::uint32_t zone) noexcept
{
    for (const chain::ZoneRecord& record : records)
        if (record.zone == zone)
            return &record;
    return nullptr;
}
}  // namespace

bool ZoneTable::reserve(std::uint32_t zones, std::uint32_t pending, Arena& arena) noexcept
{
    std::span<chain::Zone> slots;
    std::span<chain::PendingBlock> blocks;
    if (!take(arena, zones, slots) || !take(arena, std::size_t{zones} * pending, blocks))
        return false;
    zones_ = slots;
    pending_ = blocks;
    count_ = 0;
    for (std::size_t i = 0; i < zones_.size(); ++i)
        zones_[i].reserve(pending_.subspan(i * pending, pending));
    return true;
}

Status ZoneTable::open(std::span<const chain::ZoneLeaf> leaves,
                       std::span<const chain::PendingBlock> pending) noexcept
{
    count_ = 0;
    if (leaves.size() > zones_.size())
        return Status::limit_exceeded;
    const std::size_t each = zones_.empty() ? 0 : pending_.size() / zones_.size();
    for (std::size_t i = 0; i < zones_.size(); ++i)
    {
        const std::span<chain::PendingBlock> memory = pending_.subspan(i * each, each);
        zones_[i].reserve(memory);
        if (i >= leaves.size())
            continue;
        const chain::ZoneLeaf& leaf = leaves[i];
        if ((i != 0 && leaf.zone <= leaves[i - 1].zone) || leaf.tip_height < leaf.proven_height ||
            leaf.tip_height - leaf.proven_height > pending.size())
            return Status::invalid_argument;
        const auto count = static_cast<std::size_t>(leaf.tip_height - leaf.proven_height);
        if (count > each)
            return Status::limit_exceeded;
        MOTE_TRY(zones_[i].open(leaf, pending.first(count), memory));
        pending = pending.subspan(count);
    }
    if (!pending.empty())
        return Status::invalid_argument;
    count_ = leaves.size();
    return Status::ok;
}

void ZoneTable::copy_from(const ZoneTable& other) noexcept
{
    MOTE_ASSERT(zones_.size() == other.zones_.size() && pending_.size() == other.pending_.size());
    for (std::size_t i = 0; i < other.count_; ++i)
        zones_[i].copy_from(other.zones_[i]);
    count_ = other.count_;
}

Status ZoneTable::adopt(std::span<const chain::ZoneRecord> records,
                        const Digest& empty_state_root) noexcept
{
    // Zones are exchanged, never overwritten: each has memory of its own.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i)
        if (find_record(records, zones_[i].leaf().zone) != nullptr)
            std::swap(zones_[kept++], zones_[i]);
    count_ = kept;
    if (records.size() > zones_.size())
        return Status::limit_exceeded;
    for (std::size_t i = 0; i < records.size(); ++i)
    {
        const chain::ZoneRecord& record = records[i];
        if (i == count_ || zones_[i].leaf().zone != record.zone)
        {
            zones_[count_].start(chain::new_zone(record.zone, record.program_id,
                                                 record.producers_root, empty_state_root));
            for (std::size_t k = count_++; k > i; --k)
                std::swap(zones_[k], zones_[k - 1]);
        }
        zones_[i].adopt(record);
    }
    return Status::ok;
}

const chain::Zone* ZoneTable::find(std::uint32_t zone) const noexcept
{
    for (const chain::Zone& candidate : zones())
        if (candidate.leaf().zone == zone)
            return &candidate;
    return nullptr;
}

chain::Zone* ZoneTable::find(std::uint32_t zone) noexcept
{
    for (chain::Zone& candidate : zones())
        if (candidate.leaf().zone == zone)
            return &candidate;
    return nullptr;
}

Digest ZoneTable::root() const noexcept
{
    chain::TreeBuilder tree;
    for (const chain::Zone& zone : zones())
        tree.add(chain::leaf_hash_of(zone.leaf()));
    return tree.root();
}
}  // namespace mote::consensus
