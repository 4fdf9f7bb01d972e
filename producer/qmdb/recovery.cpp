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
#include <algorithm>
#include <chrono>
#include <cstring>
#include <tuple>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
namespace
{
// Of a shard, 350 KB each by default: so much memory for a moment, and the index is walked through once for
// all of them.
constexpr std::size_t runs_at_once = 32;

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

// The runs of this history, of all files, by their blocks.
std::vector<RunHead> Store::usable_runs()
{
    std::vector<RunHead> runs;
    run_files_.clear();
    next_file_ = 0;
    for (const std::uint64_t number : changes_numbers(disk_))
    {
        next_file_ = number + 1;
        std::vector<RunHead> heads = read_run_heads(disk_, number, super_.id);
        // The block of a run stands in the list, or is the last one.
        const std::size_t found = heads.size();
        std::erase_if(heads, [&](const RunHead& head) { return !is_of_this_history(head.block); });
        if (heads.empty() || heads.size() != found)
            tell(Event::Level::warning, "changes_unusable",
                 {{"file", changes_name(number)}, {"offset", std::uint64_t{0}}});
        runs.insert(runs.end(), heads.begin(), heads.end());
    }
    std::sort(runs.begin(), runs.end(),
              [](const RunHead& a, const RunHead& b)
              {
                  return std::tie(a.block.ordinal, a.file, a.offset) <
                         std::tie(b.block.ordinal, b.file, b.offset);
              });
    return runs;
}

void Store::load_state()
{
    make_shards();
    const std::vector<RunHead> runs = usable_runs();
    std::array<std::optional<std::size_t>, state::shard_count> reached;
    std::array<std::uint64_t, state::shard_count> applied = {};
    workers_.for_each_shard([&](unsigned s) { reached[s] = load_shard(s, runs, applied[s]); });
    counters_.applied_runs = *std::max_element(applied.begin(), applied.end());
    go_on_behind(runs, reached);
}

// Gives how many of the runs lead to where the shard is now; nothing if not even the creation is there.
std::optional<std::size_t> Store::load_shard(unsigned s, const std::vector<RunHead>& runs,
                                             std::uint64_t& applied)
{
    // What is right is what the last run says: an image, and then the changes, may be left out.
    const auto leads_to = [&](std::size_t reached)
    {
        shards_[s]->finish_load();
        return shards_[s]->root() == runs[reached - 1].roots[s];
    };
    for (std::size_t i = runs.size(); i > 0; --i)
        for (const bool with_changes : {true, false})
        {
            if (runs[i - 1].images[s].bytes == 0 || !load_image(s, runs[i - 1]))
                break;
            std::size_t reached = i;
            applied = 0;
            if (with_changes && !apply_runs(s, runs, runs[i - 1].name(), reached, applied))
                continue;
            if (leads_to(reached))
                return reached;
        }
    for (const bool with_changes : {true, false})
    {
        const auto creation = load_creation(s);
        if (!creation)
            return std::nullopt;
        std::size_t reached = 0;
        applied = 0;
        if (with_changes && !apply_runs(s, runs, *creation, reached, applied))
            continue;
        if (reached == 0 || leads_to(reached))
            return reached;
    }
    return std::nullopt;
}

bool Store::load_image(unsigned s, const RunHead& run)
{
    make_shard(s);
    PartBuffer buffer;
    const auto file = disk_.open(changes_name(run.file), false);
    const auto image = read_part(*file, run.images[s], buffer);
    return image && shards_[s]->load(*image, run.block.shards[s]);
}

// The creation is a block like others, and runs follow it until there are images.
std::optional<BlockName> Store::load_creation(unsigned s)
{
    make_shard(s);
    Shard& shard = *shards_[s];
    if (!disk_.exists(shard.log().segment_name(0)))
        throw Damage(shard.log().segment_name(0), 0,
                     "no image of the shard is intact, and the beginning of its log is not here");
    const auto creation = read_block(0);
    if (!creation)
        return std::nullopt;  // its record rotted: the log is read in one go
    shard.log().extend(creation->shards[s].tail);
    shard.replay(creation->shards[s]);
    shard.start_changes();
    return BlockName{0, creation->root};
}

// Applies the runs that follow a block and are whole, up to the first that is not; `reached` is how many there
// are up to the last of them. Returns false if one says what cannot be: then the shard is of no use.
bool Store::apply_runs(unsigned s, const std::vector<RunHead>& runs, BlockName at,
                       std::size_t& reached, std::uint64_t& applied)
{
    std::vector<PartBuffer> buffers(runs_at_once);
    std::unique_ptr<File> file;
    std::uint64_t opened = 0;
    for (std::size_t i = reached; i < runs.size();)
    {
        std::vector<Shard::NextRun> parts;
        for (; i < runs.size() && parts.size() < runs_at_once; ++i)
        {
            const RunHead& run = runs[i];
            if (run.name() == at)
                reached = i + 1;  // only images
            if (!run.has_changes() || run.from != at)
                continue;
            if (!file || opened != run.file)
                file = disk_.open(changes_name(run.file), false);
            opened = run.file;
            const auto part = read_part(*file, run.changes[s], buffers[parts.size()]);
            if (!part)
            {
                i = runs.size();
                break;
            }
            parts.push_back({*part, run.block.shards[s]});
            at = run.name();
            reached = i + 1;
        }
        if (!parts.empty() && !shards_[s]->apply_runs(parts))
            return false;
        applied += parts.size();
    }
    return true;
}

// Where the next run begins, if all shards are where one of them ends. If not, or if there is not even a
// record of the creation, all shards will have images instead.
void Store::go_on_behind(const std::vector<RunHead>& runs,
                         const std::array<std::optional<std::size_t>, state::shard_count>& reached)
{
    run_from_ = {};
    run_log_bytes_ = image_log_bytes_ = 0;
    imaged_ = {};
    const bool together = reached[0] && std::all_of(reached.begin(), reached.end(),
                                                    [&](const auto& r) { return r == reached[0]; });
    const std::size_t count = together ? *reached[0] : runs.size();
    for (std::size_t i = 0; i < count; ++i)
    {
        const RunHead& run = runs[i];
        auto file = std::find_if(run_files_.begin(), run_files_.end(),
                                 [&](const RunFile& f) { return f.number == run.file; });
        if (file == run_files_.end())
            file = run_files_.insert(run_files_.end(), RunFile{run.file, 0, {}});
        file->end = std::max(file->end, run.end);
        for (unsigned s = 0; s < state::shard_count; ++s)
            if (run.images[s].bytes != 0)
            {
                file->images.set(s);
                imaged_[s] = run.block.ordinal + 1;
                image_log_bytes_ = log_bytes(run.block);
            }
    }
    std::sort(run_files_.begin(), run_files_.end(),
              [](const RunFile& a, const RunFile& b) { return a.number < b.number; });
    const auto least = *std::min_element(reached.begin(), reached.end());
    if (least && *least != runs.size())
        tell(Event::Level::warning, "changes_unusable",
             {{"file", changes_name(runs[*least].file)}, {"offset", runs[*least].offset}});
    if (!together)
    {
        for (const auto& shard : shards_)
            shard->forget_changes();
        return;
    }
    const auto creation = count == 0 ? read_block(0) : std::nullopt;
    const BlockRecord& at = count == 0 ? *creation : runs[count - 1].block;
    run_from_ = {at.ordinal, at.root};
    run_log_bytes_ = log_bytes(at);
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

// What is behind the runs that can be used.
void Store::cut_runs()
{
    for (const std::uint64_t number : changes_numbers(disk_))
    {
        const auto used = std::find_if(run_files_.begin(), run_files_.end(),
                                       [&](const RunFile& f) { return f.number == number; });
        if (used == run_files_.end())
        {
            disk_.remove(changes_name(number));
            continue;
        }
        const auto file = disk_.open(changes_name(number), true);
        if (file->size() > used->end)
        {
            file->truncate(used->end);
            file->sync();
        }
    }
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
