#include "qmdb/checkpoint_file.hpp"

#include <algorithm>
#include <cstring>

#include "qmdb/kernels.hpp"

namespace mote::qmdb
{
namespace
{
constexpr std::uint32_t version = 2;
constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t from_at = 24;
constexpr std::size_t block_at = 64;
constexpr std::size_t parts_at = block_at + block_record_bytes;
constexpr std::size_t part_bytes = 8 + digest_bytes;
constexpr std::size_t digest_at = parts_at + state::shard_count * part_bytes;
constexpr std::size_t head_bytes = digest_at + digest_bytes;
constexpr const char* checkpoint_magic = "mqck";
constexpr const char* run_magic = "mqcr";

Digest digest_of(ByteView bytes)
{
    Digest out;
    kernels().digest(bytes.data(), bytes.size(), out.data());
    return out;
}

std::optional<CheckpointHead> read_head(File& file, std::uint64_t offset, const char* magic,
                                        const StoreId& id)
{
    std::array<std::uint8_t, head_bytes> bytes;
    const std::uint8_t* const p = bytes.data();
    if (file.read(offset, bytes) != bytes.size() || std::memcmp(p, magic, 4) != 0 ||
        load_le32(p + 4) != version || std::memcmp(p + 8, id.data(), id.size()) != 0)
        return std::nullopt;
    const Digest digest = digest_of(ByteView(bytes).first(digest_at));
    const auto record = decode_block(ByteView(bytes).subspan(block_at));
    if (std::memcmp(digest.data(), p + digest_at, digest_bytes) != 0 || !record)
        return std::nullopt;
    CheckpointHead out;
    out.block = *record;
    out.from.ordinal = load_le64(p + from_at);
    std::memcpy(out.from.root.data(), p + from_at + 8, out.from.root.size());
    out.offset = offset;
    out.end = offset + head_bytes;
    const std::uint64_t size = file.size();
    for (std::size_t s = 0; s < out.parts.size(); ++s)
    {
        CheckpointHead::Part& part = out.parts[s];
        const std::uint8_t* const at = p + parts_at + s * part_bytes;
        part.bytes = load_le64(at);
        std::memcpy(part.digest.data(), at + 8, digest_bytes);
        part.offset = out.end;
        if (out.end > size || part.bytes > size - out.end)
            return std::nullopt;
        out.end += part.bytes;
    }
    return out;
}

std::uint64_t write_all(File& file, std::uint64_t offset, const char* magic, const StoreId& id,
                        const BlockName& from, const BlockRecord& block,
                        std::span<std::vector<std::uint8_t>> parts)
{
    std::array<std::uint8_t, head_bytes> head = {};
    std::uint8_t* const p = head.data();
    std::copy_n(magic, 4, p);
    store_le(p + 4, version);
    std::memcpy(p + 8, id.data(), id.size());
    store_le(p + from_at, from.ordinal);
    std::memcpy(p + from_at + 8, from.root.data(), from.root.size());
    encode(block, std::span(head).subspan<block_at, block_record_bytes>());
    for (std::size_t s = 0; s < parts.size(); ++s)
    {
        std::uint8_t* const at = p + parts_at + s * part_bytes;
        store_le(at, std::uint64_t{parts[s].size()});
        const Digest digest = digest_of(parts[s]);
        std::memcpy(at + 8, digest.data(), digest_bytes);
    }
    const Digest digest = digest_of(ByteView(head).first(digest_at));
    std::memcpy(p + digest_at, digest.data(), digest_bytes);
    file.write(offset, head);
    std::uint64_t at = offset + head_bytes;
    for (auto& part : parts)
    {
        for (std::size_t done = 0; done < part.size();)
        {
            const std::size_t n = std::min(part.size() - done, piece_bytes);
            file.write(at, ByteView(part).subspan(done, n));
            done += n;
            at += n;
        }
        part = {};
    }
    file.sync();
    return at - offset;
}
}  // namespace

std::string checkpoint_name(unsigned slot) { return "checkpoint-" + std::to_string(slot); }

std::string changes_name(unsigned slot) { return "changes-" + std::to_string(slot); }

std::span<std::uint8_t> PartBuffer::room(std::size_t bytes)
{
    if (size_ < bytes)
    {
        bytes_ = nullptr;
        bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(bytes);
        size_ = bytes;
    }
    return {bytes_.get(), bytes};
}

std::optional<CheckpointHead> read_checkpoint_head(Disk& disk, unsigned slot, const StoreId& id)
{
    const auto file = disk.open(checkpoint_name(slot), false);
    auto head = read_head(*file, 0, checkpoint_magic, id);
    if (head && head->end != file->size())
        return std::nullopt;
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
    for (std::uint64_t offset = 0; auto head = read_head(*file, offset, run_magic, id);)
    {
        head->slot = slot;
        offset = head->end;
        out.push_back(*head);
    }
    return out;
}

std::optional<ByteView> read_part(File& file, const CheckpointHead& head, unsigned s,
                                  PartBuffer& buffer)
{
    const CheckpointHead::Part& part = head.parts[s];
    const std::span<std::uint8_t> bytes = buffer.room(static_cast<std::size_t>(part.bytes));
    if (file.read(part.offset, bytes) != bytes.size() || digest_of(bytes) != part.digest)
        return std::nullopt;
    return bytes;
}

std::optional<Run> read_run(Disk& disk, const CheckpointHead& head)
{
    Run run;
    const std::uint64_t first = head.parts[0].offset;
    const std::span<std::uint8_t> bytes =
        run.buffer.room(static_cast<std::size_t>(head.end - first));
    if (disk.open(changes_name(head.slot), false)->read(first, bytes) != bytes.size())
        return std::nullopt;
    for (std::size_t s = 0; s < run.part.size(); ++s)
    {
        const CheckpointHead::Part& part = head.parts[s];
        run.part[s] = bytes.subspan(static_cast<std::size_t>(part.offset - first),
                                    static_cast<std::size_t>(part.bytes));
        if (digest_of(run.part[s]) != part.digest)
            return std::nullopt;
    }
    return run;
}

std::uint64_t write_checkpoint(Disk& disk, unsigned slot, const StoreId& id,
                               const BlockRecord& block, std::span<std::vector<std::uint8_t>> parts)
{
    const auto file = disk.open(checkpoint_name(slot), true);
    // The old content must not look whole while the new one is written.
    file->truncate(0);
    const std::uint64_t bytes = write_all(*file, 0, checkpoint_magic, id, {}, block, parts);
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
    const std::uint64_t bytes = write_all(*file, offset, run_magic, id, from, block, parts);
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
