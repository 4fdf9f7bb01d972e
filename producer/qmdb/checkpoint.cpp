// Writing runs of changes and images: a moment is taken by the owner, and written beside the blocks that
// follow.
//
// Of a run the owner gives away what blocks left behind when they became final, and copies a few
// kilobytes: S of the chunks that were appended to. Of an image it copies a shard's index and twigs, some
// 7 bytes a key; the shards take turns.
#include <algorithm>
#include <chrono>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
namespace
{
// In units of an image's size. An update of 112 bytes is 134 to 141 bytes of log with what compaction
// appends again, and 9 of a run; a fifteenth of the log for images makes it less than 160.
constexpr std::uint64_t sizes_an_image = 15;
// With one run: a turn is eight runs at least.
constexpr std::size_t images_a_run = 2;
// Changes of all shards that are kept: 128 MiB. A run is due long before, if any is wanted.
constexpr std::uint64_t changes_max = std::uint64_t{1} << 23;
constexpr std::uint64_t image_bytes_a_key = 7;
// Behind an image: closing writes a run, and who does so after every few blocks has many small ones.
constexpr std::uint64_t runs_max = 256;
}  // namespace

bool Store::run_is_due(const BlockRecord& block) const
{
    return log_bytes(block) - run_log_bytes_ >= options_.checkpoint_bytes;
}

// The shard whose newest image is the oldest.
unsigned Store::next_image(ShardSet but) const
{
    unsigned oldest = state::shard_count;
    for (unsigned s = 0; s < state::shard_count; ++s)
        if (!but[s] && (oldest == state::shard_count || imaged_[s] < imaged_[oldest]))
            oldest = s;
    return oldest;
}

// How much log there has to be for an image.
std::uint64_t Store::log_bytes_of_image(unsigned s) const
{
    return sizes_an_image * image_bytes_a_key * shards_[s]->index().size();
}

std::uint64_t Store::runs_behind_image(unsigned s) const
{
    std::uint64_t runs = 0;
    for (auto file = run_files_.rbegin(); file != run_files_.rend(); ++file)
    {
        runs += file->runs;
        if (file->images[s])
            break;
    }
    return runs;
}

// Whether a moment without pending blocks is wanted.
bool Store::image_is_due(const BlockRecord& block) const
{
    return run_is_due(block) && (!has_changes() || log_bytes(block) - image_log_bytes_ >=
                                                       log_bytes_of_image(next_image({})));
}

// Those that go with a run now, and takes them off the log that there is for images.
Store::ShardSet Store::images_due()
{
    ShardSet due;
    if (!has_changes())
        return due.set();
    const std::uint64_t log = log_bytes(super_.block);
    std::uint64_t most = options_.checkpoint_bytes;
    while (due.count() < images_a_run)
    {
        const unsigned s = next_image(due);
        const std::uint64_t wanted = log_bytes_of_image(s);
        if (log - image_log_bytes_ >= wanted)
            image_log_bytes_ += wanted;
        else if (runs_behind_image(s) < runs_max)
            break;
        most = std::max(most, wanted);
        due.set(s);
    }
    // What small images leave over is not saved up for large ones.
    image_log_bytes_ = std::max(image_log_bytes_, log - std::min(log, most));
    return due;
}

bool Store::has_changes() const
{
    return std::all_of(shards_.begin(), shards_.end(),
                       [](const auto& shard) { return shard->has_changes(); });
}

void Store::write_what_is_due()
{
    std::uint64_t changes = 0;
    for (const auto& shard : shards_)
        changes += shard->changes_count();
    if (changes > changes_max)
        for (const auto& shard : shards_)
            shard->forget_changes();
    if (!run_is_due(super_.block) || (!has_changes() && !pending_.empty()))
        return;
    // While one is written the next may wait, but not for long: its changes are in memory.
    if (snapshot_.under_way && !checkpointer_.idle() &&
        (log_bytes(super_.block) - run_log_bytes_) / 2 < options_.checkpoint_bytes)
        return;
    start_snapshot(pending_.empty() ? images_due() : ShardSet{});
}

// The files before the second newest image of each shard.
std::vector<std::uint64_t> Store::obsolete_files(std::uint64_t number, ShardSet images) const
{
    std::uint64_t needed = number;
    for (unsigned s = 0; s < state::shard_count; ++s)
    {
        unsigned wanted = images[s] ? 1 : 2;
        auto file = run_files_.rbegin();
        for (; file != run_files_.rend(); ++file)
            if (file->images[s] && --wanted == 0)
                break;
        needed = std::min(needed, file == run_files_.rend() ? 0 : file->number);
    }
    std::vector<std::uint64_t> out;
    for (const RunFile& file : run_files_)
        if (file.number < needed)
            out.push_back(file.number);
    return out;
}

void Store::start_snapshot(ShardSet images)
{
    finish_snapshot();
    Snapshot& job = snapshot_;
    job = {};
    job.id = super_.id;
    job.images = images;
    job.head.block = super_.block;
    for (unsigned s = 0; s < state::shard_count; ++s)
        job.head.roots[s] = shards_[s]->kept_root();
    job.head.from = job.head.name();
    if (has_changes() && run_from_.ordinal < super_.block.ordinal)
    {
        job.head.from = run_from_;
        for (unsigned s = 0; s < state::shard_count; ++s)
            job.runs.push_back(shards_[s]->cut(super_.block.shards[s]));
    }
    if (run_files_.empty() || images.any())
    {
        job.head.file = next_file_++;
        job.obsolete = obsolete_files(job.head.file, images);
    }
    else
    {
        job.head.file = run_files_.back().number;
        job.head.offset = run_files_.back().end;
    }
    if (images.any())
    {
        if (!has_changes())
            for (const auto& shard : shards_)
                shard->start_changes();
        if (images.all())
            image_log_bytes_ = log_bytes(super_.block);
        workers_.for_each_shard(
            [&](unsigned s)
            {
                if (images[s])
                    shards_[s]->save(job.parts.images[s]);
            });
    }
    run_from_ = job.head.name();
    run_log_bytes_ = log_bytes(super_.block);
    job.under_way = true;
    checkpointer_.start([this] { write_snapshot(); });
}

// In the background.
void Store::write_snapshot()
{
    Snapshot& job = snapshot_;
    const auto start = std::chrono::steady_clock::now();
    for (ShardRun& run : job.runs)
    {
        job.parts.changes.push_back(encode_run(run));
        run = {};
    }
    job.bytes = write_run(disk_, job.id, job.head, job.parts);
    for (const std::uint64_t number : job.obsolete)
        disk_.remove(changes_name(number));
    if (!job.obsolete.empty())
        disk_.sync_names();
    job.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Store::finish_snapshot()
{
    Snapshot& job = snapshot_;
    if (!job.under_way)
        return;
    job.under_way = false;
    checkpointer_.wait();
    std::erase_if(run_files_,
                  [&](const RunFile& file)
                  {
                      return std::find(job.obsolete.begin(), job.obsolete.end(), file.number) !=
                             job.obsolete.end();
                  });
    if (job.head.offset == 0)
        run_files_.push_back({job.head.file, 0, 0, job.images});
    run_files_.back().end = job.head.offset + job.bytes;
    ++run_files_.back().runs;
    for (unsigned s = 0; s < state::shard_count; ++s)
        if (job.images[s])
            imaged_[s] = job.head.block.ordinal + 1;
    ++counters_.runs;
    counters_.images += job.images.count();
    counters_.checkpoint_bytes += job.bytes;
    tell(Event::Level::info, "changes_written",
         {{"height", job.head.block.height},
          {"images", std::uint64_t{job.images.count()}},
          {"bytes", job.bytes},
          {"seconds", job.seconds}});
}

bool Store::checkpoint()
{
    check_alive();
    wait_final();
    if (!pending_.empty())
        return false;
    try
    {
        start_snapshot(ShardSet{}.set());
        finish_snapshot();
    }
    catch (...)
    {
        set_failed();
        throw;
    }
    return true;
}
}  // namespace mote::qmdb
