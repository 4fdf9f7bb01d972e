// Opening a store: from whatever a crash left to the newest block that is whole.
//
//   1. The newer of the two superblocks names the last safe block.
//   2. Each shard by itself: its newest image that is intact gives twigs and index; without one, the
//      state after creation.
//   3. The runs of changes that follow, as many as are intact, bring both nearer to that block; the
//      shard's root must be the one that stands in the last of them.
//   4. The rest of the log is replayed; every record is checked, and at the end the state root.
//   5. Blocks that are complete behind the superblock, because only its write was lost, are taken, too.
//   6. What is left behind them is cut.
// Steps 2 and 3 are in loading.cpp.
#include <algorithm>
#include <chrono>
#include <cstring>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
namespace
{
double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Store::Store(Disk& disk, const OpenOptions& options)
    : disk_(disk), options_(options), lock_(disk.lock()), workers_(options.workers)
{
    const auto start = std::chrono::steady_clock::now();
    load_superblock();
    blocks_file_ = disk_.open("blocks", options.write);
    make_shards();
    load_state();
    if (!options_.write)
        for (const auto& shard : shards_)
            shard->forget_changes();
    replay_to(super_.block);
    roll_forward();
    if (options_.write)
        cut_leftovers();
    counters_.appended_entries = counters_.appended_bytes = 0;
    tell(Event::Level::info, "opened",
         {{"height", head().height},
          {"replayed_entries", counters_.replayed_entries},
          {"applied_runs", counters_.applied_runs},
          {"seconds", seconds_since(start)}});
}

void Store::load_superblock()
{
    if (!disk_.exists("superblock"))
        throw NotHere("there is no store here");
    super_file_ = disk_.open("superblock", false);
    std::array<std::uint8_t, 2 * superblock_bytes> bytes = {};
    super_file_->read(0, bytes);
    std::optional<Superblock> newest;
    for (std::size_t i = 0; i < 2; ++i)
    {
        const auto slot =
            decode_superblock(ByteView(bytes).subspan(i * superblock_bytes, superblock_bytes));
        repair_superblocks_ = repair_superblocks_ || !slot;
        // The second slot of a new store was never written.
        const auto written = [&](std::uint8_t byte) { return byte != 0; };
        const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(i * superblock_bytes);
        superblock_damaged_ =
            superblock_damaged_ || (!slot && std::any_of(first, first + superblock_bytes, written));
        if (slot && (!newest || slot->generation > newest->generation))
            newest = slot;
    }
    if (!newest)
        throw Damage("superblock", 0, "neither slot is intact");
    super_ = *newest;
}

void Store::make_shard(unsigned s)
{
    shards_[s] = std::make_unique<Shard>(disk_, s, super_.segment_bytes,
                                         options_.memory_bytes / state::shard_count);
}

void Store::make_shards()
{
    shards_.resize(state::shard_count);
    for (unsigned s = 0; s < state::shard_count; ++s)
        make_shard(s);
}

bool Store::is_of_this_history(const BlockRecord& block)
{
    if (block.ordinal == super_.block.ordinal)
        return super_.block.root == block.root;
    if (block.ordinal > super_.block.ordinal)
        return false;
    const auto known = read_block(block.ordinal);
    return known && known->root == block.root;
}

void Store::replay_to(const BlockRecord& record)
{
    std::array<std::uint64_t, state::shard_count> counts = {};
    workers_.for_each_shard(
        [&](unsigned s)
        {
            counts[s] = record.shards[s].next_sn - shards_[s]->numbers().next_sn;
            shards_[s]->log().extend(record.shards[s].tail);
            shards_[s]->replay(record.shards[s]);
        });
    for (const std::uint64_t count : counts)
        counters_.replayed_entries += count;
    if (fold() != record.root)
        throw Damage("blocks", record.ordinal * block_record_bytes,
                     "the log leads to another root than the block's");
}

void Store::roll_forward()
{
    const std::uint64_t known = super_.block.ordinal;
    while (roll_forward_one())
    {
    }
    if (super_.block.ordinal != known)
        tell(Event::Level::warning, "rolled_forward", {{"blocks", super_.block.ordinal - known}});
}

// Takes the block behind the newest one, if it is whole.
bool Store::roll_forward_one()
{
    const auto next = read_block(super_.block.ordinal + 1);
    if (!next || next->parent_root != super_.block.root ||
        (super_.block.height != no_height && next->height <= super_.block.height))
        return false;
    for (unsigned s = 0; s < state::shard_count; ++s)
        if (next->shards[s].next_sn < super_.block.shards[s].next_sn ||
            next->shards[s].tail < super_.block.shards[s].tail)
            return false;
    bool whole = true;
    try
    {
        replay_to(*next);
    }
    catch (const Damage&)
    {
        whole = false;
    }
    catch (const IoError&)  // a segment that was never there
    {
        whole = false;
    }
    if (!whole)
    {
        load_state();
        replay_to(super_.block);
        return false;
    }
    super_.block = *next;
    repair_superblocks_ = true;
    return true;
}

void Store::cut_leftovers()
{
    workers_.for_each_shard([&](unsigned s)
                            { shards_[s]->log().cut(super_.block.shards[s].tail); });
    cut_runs();
    const std::uint64_t end = (super_.block.ordinal + 1) * block_record_bytes;
    if (blocks_file_->size() > end)
    {
        blocks_file_->truncate(end);
        blocks_file_->sync();
    }
    else if (!read_block(super_.block.ordinal))
    {
        // The last record is the superblock's own.
        std::array<std::uint8_t, block_record_bytes> record;
        encode(super_.block, record);
        blocks_file_->write(super_.block.ordinal * block_record_bytes, record);
        blocks_file_->sync();
    }
    disk_.sync_names();
    // Twice: each slot gets a good copy.
    if (repair_superblocks_)
    {
        write_superblock(super_.block, super_.kept_ordinal);
        write_superblock(super_.block, super_.kept_ordinal);
        repair_superblocks_ = false;
        if (superblock_damaged_)
            tell(Event::Level::warning, "superblock_repaired");
    }
}

void Store::prune(std::uint64_t height)
{
    check_alive();
    wait_final();
    if (!pending_.empty())
        throw NotHere("blocks are pending");
    const BlockRecord kept = block_at(height);
    if (kept.ordinal <= super_.kept_ordinal)
        return;
    try
    {
        // What opens the store without the dropped files must be safe before they go: two images of each
        // shard are of this state, so that either may be lost.
        write_superblock(super_.block, kept.ordinal);
        finish_snapshot();
        // A run would have entries of twigs that go.
        for (const auto& shard : shards_)
            shard->forget_changes();
        workers_.for_each_shard([&](unsigned s) { shards_[s]->twigs_drop_before(kept.shards[s]); });
        checkpoint();
        checkpoint();
        workers_.for_each_shard([&](unsigned s) { shards_[s]->log_drop_before(); });
        disk_.sync_names();
    }
    catch (...)
    {
        set_failed();
        throw;
    }
    tell(Event::Level::info, "pruned", {{"height", kept.height}});
}
}  // namespace mote::qmdb
