// What opening a store starts from: each shard's newest image that is intact, and the runs of changes that
// lead on from it.
#include <algorithm>
#include <tuple>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
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
    workers_.for_each_worker(
        [&](unsigned worker)
        {
            LoadMemory memory;
            for (unsigned s = worker; s < state::shard_count; s += workers_.count())
                reached[s] = load_shard(s, runs, memory, applied[s]);
        });
    counters_.applied_runs = *std::max_element(applied.begin(), applied.end());
    go_on_behind(runs, reached);
}

// Gives how many of the runs lead to where the shard is now; nothing if not even the creation is there.
std::optional<std::size_t> Store::load_shard(unsigned s, const std::vector<RunHead>& runs,
                                             LoadMemory& memory, std::uint64_t& applied)
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
            if (runs[i - 1].images[s].bytes == 0 || !load_image(s, runs[i - 1], memory.image))
                break;
            std::size_t reached = i;
            applied = 0;
            if (with_changes && !apply_runs(s, runs, runs[i - 1].name(), memory, reached, applied))
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
        if (with_changes && !apply_runs(s, runs, *creation, memory, reached, applied))
            continue;
        if (reached == 0 || leads_to(reached))
            return reached;
    }
    return std::nullopt;
}

bool Store::load_image(unsigned s, const RunHead& run, PartBuffer& buffer)
{
    make_shard(s);
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
                       LoadMemory& memory, std::size_t& reached, std::uint64_t& applied)
{
    std::unique_ptr<File> file;
    std::uint64_t opened = 0;
    for (std::size_t i = reached; i < runs.size();)
    {
        std::vector<Shard::NextRun> parts;
        for (; i < runs.size() && parts.size() < memory.runs.size(); ++i)
        {
            const RunHead& run = runs[i];
            if (run.name() == at)
                reached = i + 1;  // only images
            if (!run.has_changes() || run.from != at)
                continue;
            if (!file || opened != run.file)
                file = disk_.open(changes_name(run.file), false);
            opened = run.file;
            const auto part = read_part(*file, run.changes[s], memory.runs[parts.size()]);
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
            file = run_files_.insert(run_files_.end(), RunFile{run.file, 0, 0, {}});
        file->end = std::max(file->end, run.end);
        ++file->runs;
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
}  // namespace mote::qmdb
