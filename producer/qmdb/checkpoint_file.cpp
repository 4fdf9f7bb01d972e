#include "qmdb/checkpoint_file.hpp"

#include <algorithm>
#include <cstring>

#include "hash/blake3.hpp"

namespace mote::qmdb
{
namespace
{
constexpr std::uint32_t version = 1;
constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::size_t digest_bytes = 32;
// What is before the block record.
constexpr std::size_t checkpoint_head_bytes = 64;
constexpr std::size_t run_head_bytes = 96;

struct Kind
{
    const char* magic;
    std::size_t head_bytes;
};
constexpr Kind checkpoint_kind = {"mqck", checkpoint_head_bytes};
constexpr Kind run_kind = {"mqcr", run_head_bytes};

using HeadBytes = std::array<std::uint8_t, run_head_bytes + block_record_bytes>;

std::span<std::uint8_t> room(HeadBytes& bytes, const Kind& kind)
{
    return std::span(bytes).first(kind.head_bytes + block_record_bytes);
}

std::optional<CheckpointHead> read_head(File& file, std::uint64_t offset, const Kind& kind,
                                        const StoreId& id)
{
    HeadBytes bytes;
    const std::span<std::uint8_t> head = room(bytes, kind);
    if (file.read(offset, head) != head.size() || std::memcmp(head.data(), kind.magic, 4) != 0 ||
        load_le32(head.data() + 4) != version ||
        std::memcmp(head.data() + 8, id.data(), id.size()) != 0)
        return std::nullopt;
    CheckpointHead out;
    out.body_bytes = load_le64(head.data() + 24);
    const auto record = decode_block(head.subspan(kind.head_bytes));
    const std::uint64_t left = file.size() - offset;
    if (!record || out.body_bytes > left || left - out.body_bytes < head.size() + digest_bytes)
        return std::nullopt;
    out.block = *record;
    return out;
}

// Head, parts and digest at once, and whether the digest is theirs.
std::optional<Parts> read_parts(File& file, const CheckpointHead& head, const Kind& kind)
{
    const std::size_t head_bytes = kind.head_bytes + block_record_bytes;
    const auto body_bytes = static_cast<std::size_t>(head.body_bytes);
    Parts out;
    out.size = head_bytes + body_bytes + digest_bytes;
    out.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(out.size);
    if (file.read(head.offset, {out.bytes.get(), out.size}) != out.size)
        return std::nullopt;
    const auto digest = hash::blake3(ByteView(out.bytes.get(), out.size - digest_bytes));
    if (std::memcmp(digest.data(), out.bytes.get() + out.size - digest_bytes, digest_bytes) != 0)
        return std::nullopt;
    ByteView rest(out.bytes.get() + head_bytes, body_bytes);
    for (ByteView& part : out.shard)
    {
        if (rest.size() < 8 || load_le64(rest.data()) > rest.size() - 8)
            return std::nullopt;
        part = rest.subspan(8, static_cast<std::size_t>(load_le64(rest.data())));
        rest = rest.subspan(8 + part.size());
    }
    return rest.empty() ? std::optional(std::move(out)) : std::nullopt;
}

// Writes and hashes what comes in pieces.
class Writer
{
  public:
    Writer(File& file, std::uint64_t offset) : file_(file), at_(offset) {}

    void put(ByteView all)
    {
        hasher_.update(all);
        write(all);
    }
    void end()
    {
        std::array<std::uint8_t, digest_bytes> digest;
        hasher_.finish(digest);
        write(digest);
    }

  private:
    void write(ByteView all)
    {
        while (!all.empty())
        {
            const ByteView piece = all.first(std::min(all.size(), piece_bytes));
            file_.write(at_, piece);
            at_ += piece.size();
            all = all.subspan(piece.size());
        }
    }

    File& file_;
    std::uint64_t at_;
    hash::Blake3 hasher_;
};

std::uint64_t write_all(File& file, std::uint64_t offset, const Kind& kind, const StoreId& id,
                        const BlockName& from, const BlockRecord& block,
                        std::span<std::vector<std::uint8_t>> parts)
{
    std::uint64_t bytes = 0;
    for (const auto& part : parts)
        bytes += 8 + part.size();
    HeadBytes head_bytes = {};
    const std::span<std::uint8_t> head = room(head_bytes, kind);
    std::copy_n(kind.magic, 4, head.data());
    store_le(head.data() + 4, version);
    std::memcpy(head.data() + 8, id.data(), id.size());
    store_le(head.data() + 24, bytes);
    if (kind.head_bytes == run_head_bytes)
    {
        store_le(head.data() + 32, from.ordinal);
        std::memcpy(head.data() + 40, from.root.data(), from.root.size());
    }
    encode(block, head.subspan(kind.head_bytes).first<block_record_bytes>());
    Writer writer(file, offset);
    writer.put(head);
    for (auto& part : parts)
    {
        std::array<std::uint8_t, 8> length;
        store_le(length.data(), std::uint64_t{part.size()});
        writer.put(length);
        writer.put(part);
        part = {};
    }
    writer.end();
    file.sync();
    return bytes;
}
}  // namespace

std::string checkpoint_name(unsigned slot) { return "checkpoint-" + std::to_string(slot); }

std::string changes_name(unsigned slot) { return "changes-" + std::to_string(slot); }

std::uint64_t CheckpointHead::file_bytes() const
{
    return run_head_bytes + block_record_bytes + body_bytes + digest_bytes;
}

std::optional<CheckpointHead> read_checkpoint_head(Disk& disk, unsigned slot, const StoreId& id)
{
    auto head = read_head(*disk.open(checkpoint_name(slot), false), 0, checkpoint_kind, id);
    if (head)
        head->slot = slot;
    return head;
}

std::vector<CheckpointHead> read_run_heads(Disk& disk, unsigned slot, const StoreId& id)
{
    std::vector<CheckpointHead> out;
    if (!disk.exists(changes_name(slot)))
        return out;
    const auto file = disk.open(changes_name(slot), false);
    const std::uint64_t size = file->size();
    for (std::uint64_t offset = 0; offset < size; offset += out.back().file_bytes())
    {
        auto head = read_head(*file, offset, run_kind, id);
        if (!head)
            break;
        std::array<std::uint8_t, 40> from;
        if (file->read(offset + 32, from) != from.size())
            break;
        head->from.ordinal = load_le64(from.data());
        std::memcpy(head->from.root.data(), from.data() + 8, head->from.root.size());
        head->slot = slot;
        head->offset = offset;
        out.push_back(*head);
    }
    return out;
}

std::optional<Parts> read_checkpoint(Disk& disk, const CheckpointHead& head)
{
    return read_parts(*disk.open(checkpoint_name(head.slot), false), head, checkpoint_kind);
}

std::optional<Parts> read_run(Disk& disk, const CheckpointHead& head)
{
    return read_parts(*disk.open(changes_name(head.slot), false), head, run_kind);
}

std::uint64_t write_checkpoint(Disk& disk, unsigned slot, const StoreId& id,
                               const BlockRecord& block, std::span<std::vector<std::uint8_t>> parts)
{
    const auto file = disk.open(checkpoint_name(slot), true);
    // The old content must not look whole while the new one is written.
    file->truncate(0);
    const std::uint64_t bytes = write_all(*file, 0, checkpoint_kind, id, {}, block, parts);
    disk.sync_names();
    return bytes;
}

std::uint64_t write_run(Disk& disk, unsigned slot, std::uint64_t offset, const StoreId& id,
                        const BlockName& from, const BlockRecord& block,
                        std::span<std::vector<std::uint8_t>> parts)
{
    const auto file = disk.open(changes_name(slot), true);
    if (file->size() > offset)
        file->truncate(offset);
    const std::uint64_t bytes = write_all(*file, offset, run_kind, id, from, block, parts);
    if (offset == 0)
        disk.sync_names();
    return bytes;
}

void clear_runs(Disk& disk, unsigned slot)
{
    if (!disk.exists(changes_name(slot)))
        return;
    const auto file = disk.open(changes_name(slot), false);
    if (file->size() == 0)
        return;
    file->truncate(0);
    file->sync();
}
}  // namespace mote::qmdb
