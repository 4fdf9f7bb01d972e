// What is final, what follows from it, and which blocks are still candidates.
#include "base/assert.hpp"
#include "client/validator_parts.hpp"

namespace mote::client
{
Block* Validator::Parts::find_block(const Digest& hash) noexcept
{
    for (Block& block : blocks)
        if (block.used && block.state.hash == hash)
            return &block;
    return nullptr;
}

/// A place for a block over `parent`. A block without children makes room if there is none, the newest one
/// that is not notarized first: a gap in the ancestry of one that stays would make it useless.
Block* Validator::Parts::free_block(const Block& parent) noexcept
{
    Block* leaf = nullptr;
    const auto is_parent = [&](const Block& block)
    {
        for (const Block& other : blocks)
            if (other.used && other.state.header.parent == block.state.hash)
                return true;
        return false;
    };
    for (Block& block : blocks)
    {
        if (!block.used)
            return &block;
        if (&block == &blocks[final_block] || &block == &parent || is_parent(block))
            continue;
        if (leaf == nullptr || (leaf->notarized && !block.notarized) ||
            (leaf->notarized == block.notarized &&
             block.state.header.height > leaf->state.header.height))
            leaf = &block;
    }
    return leaf;
}

bool Validator::Parts::descends(const Block& block, const Digest& from) noexcept
{
    const Block* at = &block;
    for (std::size_t i = 0; at != nullptr && i <= blocks.size(); ++i)
    {
        if (at->state.hash == from)
            return true;
        if (at == &blocks[final_block])
            return false;
        at = find_block(at->state.header.parent);
    }
    return false;
}

/// The height of `block` if it is `tip` or one of its ancestors.
Lookup Validator::Parts::height_of(const Digest& block, const Digest& tip,
                                   std::uint64_t& height) noexcept
{
    const Block* at = find_block(tip);
    for (std::size_t i = 0; at != nullptr && i <= blocks.size(); ++i)
    {
        if (at->state.hash == block)
        {
            height = at->state.header.height;
            return Lookup::found;
        }
        if (at == &blocks[final_block])
            break;
        at = find_block(at->state.header.parent);
    }
    const std::uint64_t top = final().state.header.height;
    for (std::uint64_t h = top + 1; h-- > ancestors_from;)
        if (ancestors[static_cast<std::size_t>(h % ancestors.size())] == block)
        {
            height = h;
            return Lookup::found;
        }
    // Further down than any anchor may be, or the beginning: then nothing is missing.
    const bool whole = ancestors_from == 0 || top - ancestors_from >= calendar.epoch_heights / 2;
    return whole ? Lookup::not_found : Lookup::unknown;
}

std::uint64_t Validator::Parts::newest_height() const noexcept
{
    std::uint64_t height = 0;
    for (const Block& block : blocks)
        if (block.used && block.state.header.height > height)
            height = block.state.header.height;
    return height;
}

/// A final block that does not lead to ours: one that is final already, a gap, or a fork.
void Validator::Parts::on_final_without_path(const Block& block) noexcept
{
    std::uint64_t height = 0;
    if (height_of(block.state.hash, final().state.hash, height) == Lookup::found)
        return;
    const Block* lowest = &block;
    for (const Block* at = lowest; at != nullptr; at = find_block(at->state.header.parent))
        lowest = at;
    if (lowest->state.header.height > final().state.header.height + 1)
    {
        if (catch_up.count == 0)
            follow_down(lowest->state.header.parent);
        return;
    }
    // Two quorums signed blocks that exclude each other.
    if (Report* const r = report(ReportKind::conflict); r != nullptr)
        r->hash = block.state.hash;
}

/// Takes the news that a block is final, perhaps before the block is here.
void Validator::Parts::on_final(const Digest& hash) noexcept
{
    if (hash == final().state.hash)
        return;
    Block* const block = find_block(hash);
    if (block == nullptr)
    {
        // One after the other; the newest one is kept in pending_final.
        if (catch_up.count == 0)
            follow_down(hash);
        return;
    }
    if (!descends(*block, final().state.hash))
        return on_final_without_path(*block);
    // Ancestors first: the lowest one that is not final, again and again.
    while (hash != final().state.hash)
    {
        Block* lowest = find_block(hash);
        while (lowest->state.header.parent != final().state.hash)
            lowest = find_block(lowest->state.header.parent);
        make_final(*lowest);
    }
    if (pending_final.used && pending_final.certificate.subject == hash)
        pending_final.used = false;
    for (Block& other : blocks)
        if (other.used && &other != &blocks[final_block] && !descends(other, hash))
            other.used = false;
}

void Validator::Parts::make_final(Block& block) noexcept
{
    const Block& before = final();
    MOTE_ASSERT(block.state.header.parent == before.state.hash);
    const chain::RootHeader& header = block.state.header;
    if (Report* const r = report(ReportKind::finalized); r != nullptr)
    {
        r->epoch = header.epoch;
        r->view = header.view;
        r->height = header.height;
        r->hash = block.state.hash;
    }
    report_levels(before.state.zones, block.state.zones, true);
    ancestors[static_cast<std::size_t>(header.height % ancestors.size())] = block.state.hash;
    if (header.height - ancestors_from >= ancestors.size())
        ancestors_from = header.height - ancestors.size() + 1;
    blocks[final_block].used = false;
    final_block = static_cast<std::size_t>(&block - blocks.data());
    attest_checkpoint(block);
    if (calendar.ends_epoch(header.height))
        begin_epoch(block);
}

/// Opens the epoch after a final block, as far as its header says what it is.
void Validator::Parts::begin_epoch(const Block& last) noexcept
{
    const chain::RootHeader& header = last.state.header;
    const EpochSlot* const old = slot_of(header.epoch);
    const bool announced = !chain::is_zero(header.next_set);
    EpochSlot& next = open_slot(header.epoch + 1, header.epoch_randao,
                                announced ? header.next_root_committee : header.root_committee);
    if (!announced && old != nullptr)
        set_records(next, old->records.first(old->record_count), header.zones_root,
                    header.params_root);
    // With a set that was announced the records are not known before its first block.
    if (!announced)
        sweep_lists();
}

void Validator::Parts::attest_checkpoint(const Block& block) noexcept
{
    const chain::RootHeader& header = block.state.header;
    EpochSlot* const epoch = slot_of(header.epoch);
    if (epoch != nullptr && !chain::is_zero(header.ckpt_committee) &&
        (epoch->checkpoint == nullptr || epoch->checkpoint->commitment != header.ckpt_committee))
        assemble(*epoch);
    if (epoch == nullptr || epoch->checkpoint == nullptr ||
        epoch->checkpoint->commitment != header.ckpt_committee)
        return;
    if (header.height % epoch->data.parameters.checkpoint_every != 0 &&
        !calendar.ends_epoch(header.height))
        return;
    const std::uint32_t member = epoch->checkpoint->find(public_key);
    if (member == epoch->checkpoint->committee.members())
        return;
    const std::uint64_t period = calendar.period(header.epoch);
    chain::Signature signature{};
    if (!key.sign_ckpt(period, header.height, block.state.hash, signature))
        return;
    send_vote(Kind::ckpt, period, header.height, 0, block.state.hash, member, signature);
    if (Report* const r = report(ReportKind::attested); r != nullptr)
    {
        r->vote_kind = Kind::ckpt;
        r->height = header.height;
        r->hash = block.state.hash;
    }
}

void Validator::Parts::on_notarized(const Digest& hash) noexcept
{
    Block* const block = find_block(hash);
    if (block == nullptr)
        return want_block(hash);
    if (block->notarized)
        return;
    block->notarized = true;
    const Block* const parent = find_block(block->state.header.parent);
    if (parent != nullptr && descends(*block, final().state.hash))
        report_levels(parent->state.zones, block->state.zones, false);
}

/// Says what a root block did to the blocks of each zone.
void Validator::Parts::report_levels(const consensus::ZoneTable& before,
                                     const consensus::ZoneTable& after, bool is_final) noexcept
{
    const auto say =
        [&](const chain::Zone& zone, std::uint64_t height, const Digest& hash, chain::Level level)
    {
        if (Report* const r = report(ReportKind::level); r != nullptr)
        {
            r->zone = zone.leaf().zone;
            r->height = height;
            r->hash = hash;
            r->level = level;
        }
    };
    for (const chain::Zone& zone : after.zones())
    {
        const chain::Zone* const old = before.find(zone.leaf().zone);
        const std::uint64_t old_tip = old == nullptr ? 0 : old->leaf().tip_height;
        const std::uint64_t old_proven = old == nullptr ? 0 : old->leaf().proven_height;
        const std::uint64_t proven = zone.leaf().proven_height;
        // A void block that a statement passes over stays void.
        for (std::uint64_t height = old_proven + 1; height <= proven; ++height)
        {
            const std::size_t at = static_cast<std::size_t>(height - old_proven - 1);
            const bool was_pending = old != nullptr && at < old->pending().size();
            if (was_pending && old->pending()[at].is_void != 0)
                continue;
            const Digest hash = was_pending ? old->pending()[at].header_hash
                                : height == zone.leaf().proven_height ? zone.leaf().proven_hash
                                                                      : Digest{};
            say(zone, height, hash, is_final ? chain::Level::final : chain::Level::proven);
        }
        if (!is_final)
            continue;
        for (std::size_t i = 0; i < zone.pending().size(); ++i)
        {
            const chain::PendingBlock& block = zone.pending()[i];
            const std::uint64_t height = proven + 1 + i;
            const std::size_t at = static_cast<std::size_t>(height - old_proven - 1);
            const bool was_void =
                old != nullptr && at < old->pending().size() && old->pending()[at].is_void != 0;
            if (block.is_void != 0 && !was_void)
                say(zone, height, block.header_hash, chain::Level::is_void);
            else if (height > old_tip)
                say(zone, height, block.header_hash, chain::Level::ordered);
        }
    }
}
}  // namespace mote::client
