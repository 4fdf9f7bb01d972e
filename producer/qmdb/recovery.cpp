// Opening a store: from whatever a crash left to the newest block that is whole.
//
//   1. The newer of the two superblocks names the last safe block.
//   2. The newest checkpoint that is intact, and of a block on the way to that one, gives twigs and
//      index; without one, the log is read from the beginning.
//   3. The log is replayed from there; every record is checked, and at the end the state root.
//   4. Blocks that are complete behind the superblock, because only its write was lost, are taken, too.
//   5. What is left behind them is cut.
#include <algorithm>
#include <chrono>
#include <cstring>

#include "hash/blake3.hpp"
#include "qmdb/store.hpp"

namespace mote::qmdb
{
namespace
{
constexpr std::size_t checkpoint_head_bytes = 64;
constexpr std::size_t piece_bytes = std::size_t{1} << 20;

double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string checkpoint_name(unsigned slot) { return "checkpoint-" + std::to_string(slot); }

std::uint64_t log_bytes(const BlockRecord& record)
{
    std::uint64_t units = 0;
    for (const ShardNumbers& shard : record.shards)
        units += shard.tail;
    return units * record_unit;
}

// What a checkpoint file says about itself.
struct CheckpointHead
{
    std::unique_ptr<File> file;
    std::array<std::uint8_t, checkpoint_head_bytes + block_record_bytes> bytes;
    std::uint64_t body_bytes = 0;
    BlockRecord block;
};

std::optional<CheckpointHead> read_checkpoint_head(Disk& disk, const std::string& name,
                                                   const StoreId& id)
{
    CheckpointHead head;
    head.file = disk.open(name, false);
    if (head.file->read(0, head.bytes) != head.bytes.size() ||
        std::memcmp(head.bytes.data(), "mqck", 4) != 0 || load_le32(head.bytes.data() + 4) != 1 ||
        std::memcmp(head.bytes.data() + 8, id.data(), id.size()) != 0)
        return std::nullopt;
    head.body_bytes = load_le64(head.bytes.data() + 24);
    const auto record = decode_block(ByteView(head.bytes).subspan(checkpoint_head_bytes));
    if (!record || head.body_bytes > head.file->size() ||
        head.file->size() - head.body_bytes < head.bytes.size() + 32)
        return std::nullopt;
    head.block = *record;
    return head;
}

// The bytes between head and digest, if the file is whole.
struct CheckpointBody
{
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t size;
};

std::optional<CheckpointBody> read_checkpoint_body(const CheckpointHead& head)
{
    CheckpointBody body;
    body.size = static_cast<std::size_t>(head.body_bytes);
    body.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(body.size + 32);
    if (head.file->read(head.bytes.size(), {body.bytes.get(), body.size + 32}) != body.size + 32)
        return std::nullopt;
    hash::Blake3 hasher;
    hasher.update(head.bytes);
    hasher.update({body.bytes.get(), body.size});
    std::array<std::uint8_t, 32> digest;
    hasher.finish(digest);
    if (std::memcmp(digest.data(), body.bytes.get() + body.size, 32) != 0)
        return std::nullopt;
    return body;
}
}  // namespace

Store::Store(Disk& disk, const OpenOptions& options)
    : disk_(disk), options_(options), lock_(disk.lock()), workers_(options.workers)
{
    const auto start = std::chrono::steady_clock::now();
    load_superblock();
    blocks_file_ = disk_.open("blocks", options.write);
    make_shards();
    if (!load_checkpoint())
        start_from_creation();
    replay_to(super_.block);
    roll_forward();
    if (options_.write)
        cut_leftovers();
    counters_.appended_entries = counters_.appended_bytes = 0;
    tell(Event::Level::info, "opened",
         {{"height", head().height},
          {"replayed_entries", counters_.replayed_entries},
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

bool Store::load_checkpoint()
{
    struct Candidate
    {
        CheckpointHead head;
        unsigned slot;
    };
    const auto unusable = [&](unsigned slot)
    { tell(Event::Level::warning, "checkpoint_unusable", {{"file", checkpoint_name(slot)}}); };
    std::vector<Candidate> candidates;
    for (unsigned slot = 0; slot < 2; ++slot)
    {
        if (!disk_.exists(checkpoint_name(slot)))
            continue;
        auto head = read_checkpoint_head(disk_, checkpoint_name(slot), super_.id);
        // It must be of this history: the same block stands in the list, or is the last one.
        std::optional<BlockRecord> known;
        if (head && head->block.ordinal == super_.block.ordinal)
            known = super_.block;
        else if (head && head->block.ordinal < super_.block.ordinal)
            known = read_block(head->block.ordinal);
        if (known && known->root == head->block.root)
            candidates.push_back({std::move(*head), slot});
        else
            unusable(slot);
    }
    // The newer one first; the other is read only if that is not whole.
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b)
              { return a.head.block.ordinal > b.head.block.ordinal; });
    for (const Candidate& candidate : candidates)
    {
        const auto body = read_checkpoint_body(candidate.head);
        if (body && load_checkpoint_body({body->bytes.get(), body->size}, candidate.head.block))
        {
            checkpoint_slot_ = candidate.slot;
            return true;
        }
        unusable(candidate.slot);
    }
    return false;
}

bool Store::load_checkpoint_body(ByteView rest, const BlockRecord& block)
{
    const std::size_t size = rest.size();
    std::array<ByteView, state::shard_count> parts;
    for (ByteView& part : parts)
    {
        if (rest.size() < 8 || load_le64(rest.data()) > rest.size() - 8)
            return false;
        part = rest.subspan(8, static_cast<std::size_t>(load_le64(rest.data())));
        rest = rest.subspan(8 + part.size());
    }
    std::array<bool, state::shard_count> good = {};
    workers_.for_each_shard(
        [&](unsigned s)
        {
            shards_[s]->log().extend(block.shards[s].tail);
            good[s] = shards_[s]->load(parts[s], block.shards[s]);
        });
    if (std::find(good.begin(), good.end(), false) != good.end() || fold() != block.root)
    {
        make_shards();
        return false;
    }
    checkpoint_tail_bytes_ = log_bytes(block);
    checkpoint_size_ = size;
    return true;
}

void Store::start_from_creation()
{
    for (const auto& shard : shards_)
        if (!disk_.exists(shard->log().segment_name(0)))
            throw Damage(checkpoint_name(checkpoint_slot_), 0,
                         "no checkpoint is intact, and the beginning of the log is not here");
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
        make_shards();
        if (!load_checkpoint())
            start_from_creation();
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

bool Store::checkpoint()
{
    check_alive();
    wait_final();
    if (!pending_.empty())
        return false;
    const auto start = std::chrono::steady_clock::now();
    const unsigned slot = checkpoint_slot_ ^ 1;
    const auto file = disk_.open(checkpoint_name(slot), true);
    std::array<std::uint8_t, checkpoint_head_bytes + block_record_bytes> head = {};
    // The old content must not look whole while the new one is written.
    file->truncate(0);
    hash::Blake3 hasher;
    std::uint64_t at = head.size();
    std::vector<std::vector<std::uint8_t>> parts(state::shard_count);
    workers_.for_each_shard([&](unsigned s) { shards_[s]->save(parts[s]); });
    std::uint64_t bytes = 0;
    for (const auto& part : parts)
        bytes += 8 + part.size();
    std::copy_n("mqck", 4, head.data());
    store_le(head.data() + 4, std::uint32_t{1});
    std::memcpy(head.data() + 8, super_.id.data(), super_.id.size());
    store_le(head.data() + 24, bytes);
    encode(super_.block, std::span<std::uint8_t, block_record_bytes>(
                             head.data() + checkpoint_head_bytes, block_record_bytes));
    hasher.update(head);
    file->write(0, head);
    const auto write = [&](ByteView all)
    {
        while (!all.empty())
        {
            const ByteView piece = all.first(std::min(all.size(), piece_bytes));
            hasher.update(piece);
            file->write(at, piece);
            at += piece.size();
            all = all.subspan(piece.size());
        }
    };
    for (auto& part : parts)
    {
        std::array<std::uint8_t, 8> length;
        store_le(length.data(), std::uint64_t{part.size()});
        write(length);
        write(part);
        part = {};
    }
    std::array<std::uint8_t, 32> digest;
    hasher.finish(digest);
    file->write(at, digest);
    file->sync();
    disk_.sync_names();
    checkpoint_slot_ = slot;
    checkpoint_tail_bytes_ = log_bytes(super_.block);
    checkpoint_size_ = bytes;
    ++counters_.checkpoints;
    tell(Event::Level::info, "checkpoint_written",
         {{"height", super_.block.height}, {"bytes", bytes}, {"seconds", seconds_since(start)}});
    return true;
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
