#include "qmdb/store.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

#include "qmdb/kernels.hpp"

namespace mote::qmdb
{
void Store::create(Disk& disk, const CreateOptions& options)
{
    const auto lock = disk.lock();
    if (disk.exists("superblock"))
    {
        std::vector<std::uint8_t> bytes(2 * superblock_bytes);
        bytes.resize(disk.open("superblock", false)->read(0, bytes));
        for (std::size_t at = 0; at + superblock_bytes <= bytes.size(); at += superblock_bytes)
            if (decode_superblock(ByteView(bytes).subspan(at, superblock_bytes)))
                throw NotHere("there is a store already");
    }
    Superblock super;
    super.generation = 1;
    super.id = options.id;
    if (super.id == StoreId{})
    {
        std::random_device random;
        for (std::uint8_t& byte : super.id)
            byte = static_cast<std::uint8_t>(random());
    }
    super.segment_bytes = options.segment_bytes;
    std::array<Digest, state::shard_count> roots;
    for (unsigned s = 0; s < state::shard_count; ++s)
    {
        Shard shard(disk, s, options.segment_bytes, 0);
        shard.log().cut(0);
        shard.create();
        static_cast<void>(shard.log().write(shard.log().unwritten(shard.log().tail())));
        super.block.shards[s] = shard.numbers();
        roots[s] = shard.root();
    }
    super.block.root = state::state_root(roots);
    std::array<std::uint8_t, block_record_bytes> record;
    encode(super.block, record);
    const auto blocks = disk.open("blocks", true);
    blocks->truncate(0);
    blocks->write(0, record);
    blocks->sync();
    for (const std::uint64_t number : changes_numbers(disk))
        disk.remove(changes_name(number));
    // A superblock whose name survives must not name files whose names do not.
    disk.sync_names();
    std::array<std::uint8_t, 2 * superblock_bytes> slots = {};
    encode(super, std::span<std::uint8_t, superblock_bytes>(
                      slots.data() + (super.generation & 1) * superblock_bytes, superblock_bytes));
    const auto file = disk.open("superblock", true);
    file->write(0, slots);
    file->sync();
    disk.sync_names();
}

Store::~Store()
{
    try
    {
        wait_final();
        while (!failed_ && !pending_.empty())
            undo();
        finish_snapshot();
        if (!failed_ && options_.write && options_.checkpoint_on_close &&
            log_bytes(super_.block) != run_log_bytes_)
        {
            start_snapshot(images_due());
            finish_snapshot();
        }
    }
    catch (...)
    {
        failed_ = true;  // nobody can be told; the log has everything that is final
    }
}

void Store::check_alive() const
{
    if (failed_)
        throw std::logic_error("the store failed and must be opened again");
}

void Store::tell(Event::Level level, std::string_view name,
                 std::vector<std::pair<std::string_view, Event::Value>> fields) const
{
    if (options_.events)
        options_.events({level, name, std::move(fields)});
}

// In a handler of the exception that makes it so.
void Store::set_failed()
{
    failed_ = true;
    std::string what = "of an unknown kind";
    try
    {
        throw;
    }
    catch (const std::exception& error)
    {
        what = error.what();
    }
    catch (...)
    {
    }
    tell(Event::Level::error, "failed", {{"what", what}});
}

const BlockRecord& Store::head() const { return pending_.empty() ? super_.block : pending_.back(); }

Digest Store::fold() const
{
    std::array<Digest, state::shard_count> roots;
    for (unsigned s = 0; s < state::shard_count; ++s)
        roots[s] = shards_[s]->root();
    return state::state_root(roots);
}

// Hashes the keys and hands each shard its changes: each worker a part of the batch, and then each
// shard's changes are put together in the order of the batch.
void Store::prepare(std::span<const state::Operation> operations)
{
    constexpr std::size_t at_once = 64;
    const std::size_t workers = workers_.count();
    parts_.resize(workers);
    workers_.for_each_worker(
        [&](unsigned worker)
        {
            auto& lists = parts_[worker];
            for (auto& list : lists)
                list.clear();
            const std::size_t end = operations.size() * (worker + 1) / workers;
            for (std::size_t first = operations.size() * worker / workers; first < end;
                 first += at_once)
            {
                const std::size_t count = std::min(at_once, end - first);
                std::array<const std::uint8_t*, at_once> keys;
                std::array<std::uint8_t, at_once> lengths;
                std::array<Digest, at_once> hashes;
                for (std::size_t i = 0; i < count; ++i)
                {
                    const ByteView key = operations[first + i].key;
                    const bool may_be = !key.empty() && key.size() <= state::key_bytes_max;
                    keys[i] = key.data();
                    lengths[i] = static_cast<std::uint8_t>(may_be ? key.size() : 0);
                }
                kernels().keys(keys.data(), lengths.data(), count, hashes[0].data());
                for (std::size_t i = 0; i < count; ++i)
                {
                    state::Change change;
                    state::Fault fault;
                    if (state::prepare_change(operations[first + i], hashes[i],
                                              static_cast<std::uint32_t>(first + i), change,
                                              fault) != Status::ok)
                        throw BatchError(fault, first + i);
                    lists[state::shard_of(change.hash)].push_back(change);
                }
            }
        });
    changes_.resize(state::shard_count);
}

void Store::plan(std::span<const state::Operation> operations)
{
    check_alive();
    prepare(operations);
    workers_.for_each_shard(
        [&](unsigned s)
        {
            changes_[s].clear();
            for (const auto& lists : parts_)
                changes_[s].insert(changes_[s].end(), lists[s].begin(), lists[s].end());
            std::size_t count = 0;
            state::Fault fault;
            if (state::settle_changes(changes_[s], count, fault) != Status::ok)
                throw BatchError(fault, changes_[s].front().order);
            changes_[s].resize(count);
            shards_[s]->plan(changes_[s]);
        });
}

Digest Store::apply(std::uint64_t height, std::span<const state::Operation> operations)
{
    check_alive();
    if (height == no_height || (head().height != no_height && height <= head().height))
        throw NotHere("height " + std::to_string(height) + " is not above the newest block's");
    plan(operations);
    try
    {
        workers_.for_each_shard([&](unsigned s) { shards_[s]->apply(height); });
    }
    catch (...)
    {
        set_failed();
        throw;
    }
    BlockRecord record;
    record.ordinal = head().ordinal + 1;
    record.height = height;
    record.parent_root = head().root;
    for (unsigned s = 0; s < state::shard_count; ++s)
    {
        record.shards[s] = shards_[s]->numbers();
        counters_.appended_entries += record.shards[s].next_sn - head().shards[s].next_sn;
        counters_.appended_bytes += (record.shards[s].tail - head().shards[s].tail) * record_unit;
    }
    record.root = fold();
    pending_.push_back(record);
    return record.root;
}

void Store::undo()
{
    check_alive();
    if (finalization_.count >= pending_.size())
        wait_final();
    if (pending_.empty())
        throw NotHere("no block can be taken back");
    workers_.for_each_shard([&](unsigned s) { shards_[s]->undo(); });
    pending_.pop_back();
}

void Store::finalize(std::size_t count)
{
    start_finalize(count);
    wait_final();
}

void Store::start_finalize(std::size_t count)
{
    check_alive();
    wait_final();
    count = std::min(count, pending_.size());
    if (count == 0)
        return;
    Finalization& job = finalization_;
    job.count = count;
    job.block = pending_[count - 1];
    job.superblock = super_;
    ++job.superblock.generation;
    job.superblock.block = job.block;
    for (unsigned s = 0; s < state::shard_count; ++s)
        job.logs[s] = shards_[s]->log().unwritten(job.block.shards[s].tail);
    job.records_at = pending_[0].ordinal * block_record_bytes;
    job.records.resize(count * block_record_bytes);
    for (std::size_t i = 0; i < count; ++i)
        encode(pending_[i], std::span<std::uint8_t, block_record_bytes>(
                                job.records.data() + i * block_record_bytes, block_record_bytes));
    background_.start([this] { make_safe(); });
    // An image is of a moment without pending blocks: who always has one gets it now and then.
    if (count == pending_.size() && image_is_due(job.block))
        wait_final();
}

// In the background: nothing here touches what the owner may change meanwhile.
void Store::make_safe()
{
    const Finalization& job = finalization_;
    std::array<bool, state::shard_count> new_names = {};
    if (!writers_)
        writers_.emplace(writer_count);
    writers_->for_each_shard([&](unsigned s)
                             { new_names[s] = shards_[s]->log().write(job.logs[s]); });
    blocks_file_->write(job.records_at, job.records);
    blocks_file_->sync();
    if (std::find(new_names.begin(), new_names.end(), true) != new_names.end())
        disk_.sync_names();
    write_slot(job.superblock);
}

void Store::wait_final()
{
    if (finalization_.count == 0)
        return;
    try
    {
        background_.wait();
        const std::size_t count = std::exchange(finalization_.count, 0);
        super_ = finalization_.superblock;
        for (unsigned s = 0; s < state::shard_count; ++s)
        {
            for (std::size_t i = 0; i < count; ++i)
                shards_[s]->keep();
            shards_[s]->log().written(finalization_.logs[s],
                                      finalization_.block.shards[s].floor_position);
        }
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
        write_what_is_due();
    }
    catch (...)
    {
        finalization_.count = 0;
        set_failed();
        throw;
    }
}

void Store::write_slot(const Superblock& superblock)
{
    std::array<std::uint8_t, superblock_bytes> bytes;
    encode(superblock, bytes);
    super_file_->write((superblock.generation & 1) * superblock_bytes, bytes);
    super_file_->sync();
}

void Store::write_superblock(const BlockRecord& block, std::uint64_t kept_ordinal)
{
    Superblock next = super_;
    ++next.generation;
    next.block = block;
    next.kept_ordinal = kept_ordinal;
    write_slot(next);
    super_ = next;
}

std::optional<std::vector<std::uint8_t>> Store::get(ByteView key)
{
    check_alive();
    if (key.empty() || key.size() > state::key_bytes_max)
        return std::nullopt;
    const Digest hash = state::key_hash(key);
    BlockMemory memory;
    const Shard::Found found = shards_[state::shard_of(hash)]->find(hash, key, memory);
    if (!found.own || !equal_vartime(found.entry.key, key))
        return std::nullopt;
    return std::vector<std::uint8_t>(found.entry.value.begin(), found.entry.value.end());
}

std::optional<BlockRecord> Store::read_block(std::uint64_t ordinal)
{
    std::array<std::uint8_t, block_record_bytes> bytes;
    if (blocks_file_->read(ordinal * block_record_bytes, bytes) != bytes.size())
        return std::nullopt;
    const auto record = decode_block(bytes);
    return record && record->ordinal == ordinal ? record : std::nullopt;
}

BlockRecord Store::block_of_ordinal(std::uint64_t ordinal)
{
    check_alive();
    if (ordinal > super_.block.ordinal)
    {
        const std::uint64_t i = ordinal - super_.block.ordinal - 1;
        if (i >= pending_.size())
            throw NotHere("there is no block " + std::to_string(ordinal));
        return pending_[static_cast<std::size_t>(i)];
    }
    if (ordinal == super_.block.ordinal)
        return super_.block;
    const auto record = read_block(ordinal);
    if (!record)
        throw Damage("blocks", ordinal * block_record_bytes, "not a block record");
    return *record;
}

BlockRecord Store::block_at(std::uint64_t height)
{
    // Heights grow with ordinals; record 0, the creation, is before every height.
    std::uint64_t low = 0, high = head().ordinal;
    while (low < high)
    {
        const std::uint64_t middle = low + (high - low + 1) / 2;
        if (block_of_ordinal(middle).height <= height)
            low = middle;
        else
            high = middle - 1;
    }
    if (low < super_.kept_ordinal)
        throw NotHere("height " + std::to_string(height) + " is pruned");
    return block_of_ordinal(low);
}

StoreStats Store::stats() const
{
    StoreStats stats = counters_;
    stats.blocks = head().ordinal;
    stats.pending = pending_.size();
    for (const auto& shard : shards_)
    {
        stats.keys += shard->numbers().active_count - 1;
        stats.entries += shard->numbers().next_sn;
        stats.index_bytes += shard->index().memory_bytes();
        stats.twig_bytes += shard->twigs().memory_bytes();
        stats.log_bytes += shard->log().file_bytes();
        stats.log_memory_bytes += shard->log().memory_bytes();
    }
    return stats;
}
}  // namespace mote::qmdb
