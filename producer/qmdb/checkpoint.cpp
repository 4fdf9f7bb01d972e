// Writing checkpoints and runs of changes: a moment is taken by the owner, and written beside the blocks
// that follow.
//
// Of a run the owner gives away what blocks left behind when they became final, and copies a few
// kilobytes: S of the chunks that were appended to. Of a checkpoint it copies the index and the twigs, some
// 7 bytes a key, and with every checkpoint goes a run up to the same block, so that the runs before it
// lead past it if it is damaged.
#include <algorithm>
#include <chrono>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
namespace
{
// In units of OpenOptions::checkpoint_bytes, and in units of a checkpoint's size. An update of 112 bytes is 134
// to 141 bytes of log with what compaction appends again, and 9 of a run; a fifteenth of the log for
// checkpoints makes it less than 160.
constexpr std::uint64_t runs_a_checkpoint = 8;
constexpr std::uint64_t sizes_a_checkpoint = 15;
// Changes of all shards that are kept: 128 MiB. A run is due long before, if any is wanted.
constexpr std::uint64_t changes_max = std::uint64_t{1} << 23;
}  // namespace

bool Store::run_is_due(const BlockRecord& block) const
{
    return log_bytes(block) - run_log_bytes_ >= options_.checkpoint_bytes;
}

bool Store::checkpoint_is_due(const BlockRecord& block) const
{
    const std::uint64_t grown = log_bytes(block) - checkpoint_log_bytes_;
    return run_is_due(block) &&
           (!has_changes() || (grown / runs_a_checkpoint >= options_.checkpoint_bytes &&
                               grown / sizes_a_checkpoint >= checkpoint_size_));
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
    const bool checkpoint = checkpoint_is_due(super_.block) && pending_.empty();
    if (!checkpoint && (!run_is_due(super_.block) || !has_changes()))
        return;
    // While a checkpoint is written a run may wait, but not for long: its changes are in memory.
    if (snapshot_.under_way && !checkpointer_.idle() &&
        (log_bytes(super_.block) - run_log_bytes_) / 2 < options_.checkpoint_bytes)
        return;
    start_snapshot(checkpoint);
}

void Store::start_snapshot(bool checkpoint)
{
    finish_snapshot();
    Snapshot& job = snapshot_;
    job = {};
    job.id = super_.id;
    job.block = super_.block;
    job.from = run_from_;
    job.run_slot = run_slot_;
    job.run_offset = run_offset_;
    job.slot = checkpoint_slot_ ^ 1;
    if (has_changes() && run_from_.ordinal < super_.block.ordinal)
        for (unsigned s = 0; s < state::shard_count; ++s)
            job.runs.push_back(shards_[s]->cut(super_.block.shards[s]));
    if (checkpoint)
    {
        for (const auto& shard : shards_)
            shard->start_changes();
        job.parts.resize(state::shard_count);
        workers_.for_each_shard([&](unsigned s) { shards_[s]->save(job.parts[s]); });
    }
    run_from_ = {super_.block.ordinal, super_.block.root};
    run_log_bytes_ = log_bytes(super_.block);
    if (checkpoint)
        checkpoint_log_bytes_ = run_log_bytes_;
    job.under_way = true;
    checkpointer_.start([this] { write_snapshot(); });
}

// In the background.
void Store::write_snapshot()
{
    Snapshot& job = snapshot_;
    const auto start = std::chrono::steady_clock::now();
    if (!job.runs.empty())
    {
        std::vector<std::vector<std::uint8_t>> parts(job.runs.size());
        for (std::size_t s = 0; s < parts.size(); ++s)
        {
            parts[s] = encode_run(job.runs[s]);
            job.runs[s] = {};
        }
        job.run_bytes =
            write_run(disk_, job.run_slot, job.run_offset, job.id, job.from, job.block, parts);
    }
    if (!job.parts.empty())
    {
        job.bytes = write_checkpoint(disk_, job.slot, job.id, job.block, job.parts);
        clear_runs(disk_, job.slot);
    }
    job.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Store::finish_snapshot()
{
    Snapshot& job = snapshot_;
    if (!job.under_way)
        return;
    job.under_way = false;
    checkpointer_.wait();
    if (!job.runs.empty())
    {
        ++counters_.runs;
        run_offset_ = job.run_offset + job.run_bytes;
        counters_.checkpoint_bytes += job.run_bytes;
        tell(Event::Level::info, "changes_written",
             {{"height", job.block.height}, {"bytes", job.run_bytes}, {"seconds", job.seconds}});
    }
    if (!job.parts.empty())
    {
        ++counters_.checkpoints;
        checkpoint_slot_ = run_slot_ = job.slot;
        run_offset_ = 0;
        checkpoint_size_ = job.bytes;
        counters_.checkpoint_bytes += job.bytes;
        tell(Event::Level::info, "checkpoint_written",
             {{"height", job.block.height}, {"bytes", job.bytes}, {"seconds", job.seconds}});
    }
}

bool Store::checkpoint()
{
    check_alive();
    wait_final();
    if (!pending_.empty())
        return false;
    try
    {
        start_snapshot(true);
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
