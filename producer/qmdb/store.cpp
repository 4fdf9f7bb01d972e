#include "qmdb/store.hpp"

#include <algorithm>
#include <cstring>
#include <random>

#include "qmdb/kernels.hpp"

namespace mote::qmdb
{
namespace
{
std::uint64_t log_bytes(const BlockRecord& record)
{
    std::uint64_t units = 0;
    for (const ShardNumbers& shard : record.shards)
        units += shard.tail;
    return units * record_unit;
}
}  // namespace

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
        Shard shard(disk, s, options.segment_bytes);
        shard.log().cut(0);
        shard.create();
        shard.log().flush(shard.log().tail());
        shard.log().sync();
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
    for (const char* const name : {"checkpoint-0", "checkpoint-1"})
        disk.remove(name);
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
        while (!failed_ && !pending_.empty())
            undo();
        if (!failed_ && options_.write && options_.checkpoint_on_close &&
            log_bytes(super_.block) != checkpoint_tail_bytes_)
            checkpoint();
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

const BlockRecord& Store::head() const { return pending_.empty() ? super_.block : pending_.back(); }

Digest Store::fold() const
{
    std::array<Digest, state::shard_count> roots;
    for (unsigned s = 0; s < state::shard_count; ++s)
        roots[s] = shards_[s]->root();
    return state::state_root(roots);
}

// Hashes the keys and hands each shard its changes.
void Store::prepare(std::span<const state::Operation> operations)
{
    std::vector<const std::uint8_t*> keys;
    std::vector<std::uint8_t> lengths;
    keys.reserve(operations.size());
    lengths.reserve(operations.size());
    for (const state::Operation& operation : operations)
    {
        const bool may_be = !operation.key.empty() && operation.key.size() <= 255;
        keys.push_back(operation.key.data());
        lengths.push_back(static_cast<std::uint8_t>(may_be ? operation.key.size() : 0));
    }
    std::vector<Digest> hashes(operations.size());
    if (!hashes.empty())
        kernels().keys(keys.data(), lengths.data(), keys.size(), hashes[0].data());
    changes_.resize(state::shard_count);
    for (auto& changes : changes_)
        changes.clear();
    for (std::uint32_t i = 0; i < operations.size(); ++i)
    {
        state::Change change;
        state::Fault fault;
        if (state::prepare_change(operations[i], hashes[i], i, change, fault) != Status::ok)
            throw BatchError(fault, i);
        changes_[state::shard_of(change.hash)].push_back(change);
    }
}

void Store::plan(std::span<const state::Operation> operations)
{
    check_alive();
    prepare(operations);
    workers_.for_each_shard(
        [&](unsigned s)
        {
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
        failed_ = true;
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
    if (pending_.empty())
        throw NotHere("no block can be taken back");
    workers_.for_each_shard([&](unsigned s) { shards_[s]->undo(); });
    pending_.pop_back();
}

void Store::finalize(std::size_t count)
{
    check_alive();
    count = std::min(count, pending_.size());
    if (count == 0)
        return;
    const BlockRecord block = pending_[count - 1];
    try
    {
        std::array<bool, state::shard_count> new_names = {};
        workers_.for_each_shard(
            [&](unsigned s)
            {
                Log& log = shards_[s]->log();
                log.flush(block.shards[s].tail);
                new_names[s] = log.sync();
                for (std::size_t i = 0; i < count; ++i)
                    shards_[s]->keep();
            });
        std::vector<std::uint8_t> records(count * block_record_bytes);
        for (std::size_t i = 0; i < count; ++i)
            encode(pending_[i], std::span<std::uint8_t, block_record_bytes>(
                                    records.data() + i * block_record_bytes, block_record_bytes));
        blocks_file_->write(pending_[0].ordinal * block_record_bytes, records);
        blocks_file_->sync();
        if (std::find(new_names.begin(), new_names.end(), true) != new_names.end())
            disk_.sync_names();
        write_superblock(block, super_.kept_ordinal);
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
        if (pending_.empty() && log_bytes(super_.block) - checkpoint_tail_bytes_ >=
                                    std::max(options_.checkpoint_bytes, 8 * checkpoint_size_))
            checkpoint();
    }
    catch (...)
    {
        failed_ = true;
        throw;
    }
}

void Store::write_superblock(const BlockRecord& block, std::uint64_t kept_ordinal)
{
    Superblock next = super_;
    ++next.generation;
    next.block = block;
    next.kept_ordinal = kept_ordinal;
    std::array<std::uint8_t, superblock_bytes> bytes;
    encode(next, bytes);
    super_file_->write((next.generation & 1) * superblock_bytes, bytes);
    super_file_->sync();
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
    }
    return stats;
}
}  // namespace mote::qmdb
