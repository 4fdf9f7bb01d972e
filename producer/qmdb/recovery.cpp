// Opening a store: from whatever a crash left to the newest block that is whole.
//
//   1. The newer of the two superblocks names the last safe block.
//   2. The newest checkpoint that is intact, and of a block on the way to that one, gives twigs and
//      index; without one, the state after creation.
//   3. The runs of changes that follow it, as many as are intact, bring both nearer to that block; the
//      rest of the log is replayed; every record is checked, and at the end the state root.
//   4. Blocks that are complete behind the superblock, because only its write was lost, are taken, too.
//   5. What is left behind them is cut.
#include <algorithm>
#include <chrono>
#include <cstring>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
namespace
{
// Of 5 MiB by default: so much memory for a moment, and the index is walked through once for all of
// them.
constexpr std::size_t runs_at_once = 16;

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

void Store::make_shards()
{
    shards_.clear();
    for (unsigned s = 0; s < state::shard_count; ++s)
        shards_.push_back(std::make_unique<Shard>(disk_, s, super_.segment_bytes,
                                                  options_.memory_bytes / state::shard_count));
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

void Store::load_state()
{
    std::vector<CheckpointHead> candidates;
    const auto unusable = [&](unsigned slot)
    { tell(Event::Level::warning, "checkpoint_unusable", {{"file", checkpoint_name(slot)}}); };
    for (unsigned slot = 0; slot < 2; ++slot)
    {
        if (!disk_.exists(checkpoint_name(slot)))
            continue;
        // It must be of this history: the same block stands in the list, or is the last one.
        const auto head = read_checkpoint_head(disk_, slot, super_.id);
        if (head && is_of_this_history(head->block))
            candidates.push_back(*head);
        else
            unusable(slot);
    }
    // The newer one first; the other is read only if that is not whole.
    std::sort(candidates.begin(), candidates.end(),
              [](const CheckpointHead& a, const CheckpointHead& b)
              { return a.block.ordinal > b.block.ordinal; });
    for (const CheckpointHead& head : candidates)
    {
        if (load_checkpoint(head, true) || load_checkpoint(head, false))
            return;
        unusable(head.slot);
    }
    start_from_creation();
}

bool Store::load_checkpoint(const CheckpointHead& head, bool with_runs)
{
    make_shards();
    const auto file = disk_.open(checkpoint_name(head.slot), false);
    std::array<bool, state::shard_count> good = {};
    workers_.for_each_worker(
        [&](unsigned worker)
        {
            PartBuffer buffer;
            for (unsigned s = worker; s < state::shard_count; s += workers_.count())
            {
                const auto part = read_part(*file, head, s, buffer);
                good[s] = part && shards_[s]->load(*part, head.block.shards[s]);
                if (!good[s])
                    return;
            }
        });
    if (std::find(good.begin(), good.end(), false) != good.end())
        return false;
    checkpoint_slot_ = run_slot_ = head.slot;
    run_offset_ = 0;
    run_from_ = {head.block.ordinal, head.block.root};
    checkpoint_log_bytes_ = run_log_bytes_ = log_bytes(head.block);
    checkpoint_size_ = head.end;
    return (!with_runs || apply_runs()) && finish_load();
}

// Makes the logs as long as the shards say, and computes the roots: they must lead to the block's.
bool Store::finish_load()
{
    workers_.for_each_shard([&](unsigned s) { shards_[s]->finish_load(); });
    return fold() == run_from_.root;
}

// The runs that follow the block run_from_, one after the other.
std::vector<CheckpointHead> Store::chain_of_runs()
{
    std::vector<CheckpointHead> chain, all = read_run_heads(disk_, 0, super_.id);
    const std::vector<CheckpointHead> others = read_run_heads(disk_, 1, super_.id);
    all.insert(all.end(), others.begin(), others.end());
    BlockName at = run_from_;
    for (;;)
    {
        const auto next = std::find_if(all.begin(), all.end(),
                                       [&](const CheckpointHead& run)
                                       {
                                           return run.from == at &&
                                                  run.block.ordinal > at.ordinal &&
                                                  is_of_this_history(run.block);
                                       });
        if (next == all.end())
            return chain;
        at = {next->block.ordinal, next->block.root};
        chain.push_back(*next);
    }
}

// Applies the runs that are whole, up to the first that is not. Returns false if one says what cannot
// be: then the shards are of no use.
bool Store::apply_runs()
{
    const std::vector<CheckpointHead> chain = chain_of_runs();
    counters_.applied_runs = 0;
    for (std::size_t first = 0; first < chain.size(); first += runs_at_once)
    {
        std::vector<std::optional<Run>> read(std::min(runs_at_once, chain.size() - first));
        workers_.for_each_worker(
            [&](unsigned worker)
            {
                for (std::size_t i = worker; i < read.size(); i += workers_.count())
                    read[i] = read_run(disk_, chain[first + i]);
            });
        const auto whole = static_cast<std::size_t>(
            std::find_if(read.begin(), read.end(), [](const auto& run) { return !run; }) -
            read.begin());
        std::array<bool, state::shard_count> bad = {};
        workers_.for_each_shard(
            [&](unsigned s)
            {
                std::vector<Shard::NextRun> runs;
                for (std::size_t i = 0; i < whole; ++i)
                    runs.push_back({read[i]->part[s], chain[first + i].block.shards[s]});
                bad[s] = !shards_[s]->apply_runs(runs);
            });
        counters_.applied_runs += whole;
        if (whole != 0)
        {
            const CheckpointHead& last = chain[first + whole - 1];
            run_from_ = {last.block.ordinal, last.block.root};
            run_log_bytes_ = log_bytes(last.block);
            run_slot_ = last.slot;
            run_offset_ = last.end;
        }
        const bool stops = whole != read.size();
        if (stops || std::find(bad.begin(), bad.end(), true) != bad.end())
        {
            const CheckpointHead& run = chain[std::min(first + whole, chain.size() - 1)];
            tell(Event::Level::warning, "changes_unusable",
                 {{"file", changes_name(run.slot)}, {"offset", run.offset}});
        }
        if (std::find(bad.begin(), bad.end(), true) != bad.end())
            return false;
        if (stops)
            return true;
    }
    return true;
}

// The creation is a block like others, and runs follow it until there is a checkpoint.
void Store::start_from_creation()
{
    const auto creation = read_block(0);
    checkpoint_log_bytes_ = checkpoint_size_ = 0;
    checkpoint_slot_ = run_slot_ = 0;
    for (const bool with_runs : {true, false})
    {
        make_shards();
        for (const auto& shard : shards_)
            if (!disk_.exists(shard->log().segment_name(0)))
                throw Damage(checkpoint_name(0), 0,
                             "no checkpoint is intact, and the beginning of the log is not here");
        run_from_ = {};
        run_log_bytes_ = run_offset_ = 0;
        if (!creation)
            return;  // its record rotted: the log is read in one go
        replay_to(*creation);
        for (const auto& shard : shards_)
            shard->start_changes();
        counters_.replayed_entries = 0;
        run_from_ = {0, creation->root};
        run_log_bytes_ = log_bytes(*creation);
        if (!with_runs || (apply_runs() && finish_load()))
            return;
    }
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
    if (disk_.exists(changes_name(run_slot_)))
    {
        const auto runs = disk_.open(changes_name(run_slot_), true);
        if (runs->size() > run_offset_)
        {
            runs->truncate(run_offset_);
            runs->sync();
        }
    }
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
        // What opens the store without the dropped files must be safe before they go: both
        // checkpoints are of this state, so that either may be lost.
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
