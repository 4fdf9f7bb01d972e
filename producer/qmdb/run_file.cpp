#include "qmdb/run_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "qmdb/kernels.hpp"

namespace mote::qmdb
{
namespace
{
constexpr std::uint32_t version = 3;
constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t from_at = 24;
constexpr std::size_t block_at = 64;
constexpr std::size_t roots_at = block_at + block_record_bytes;
constexpr std::size_t changes_at = roots_at + state::shard_count * digest_bytes;
constexpr std::size_t part_bytes = 8 + digest_bytes;
constexpr std::size_t images_at = changes_at + state::shard_count * part_bytes;
constexpr std::size_t digest_at = images_at + state::shard_count * part_bytes;
constexpr std::size_t head_bytes = digest_at + digest_bytes;
constexpr const char* magic = "mqcr";
constexpr std::string_view prefix = "changes-";
constexpr std::size_t digits = 8;

Digest digest_of(ByteView bytes)
{
    Digest out;
    kernels().digest(bytes.data(), bytes.size(), out.data());
    return out;
}

// Places the parts one behind the other; false if they do not fit in the file.
bool read_parts(const std::uint8_t* p, std::uint64_t size, std::uint64_t& end,
                std::array<RunHead::Part, state::shard_count>& parts)
{
    for (RunHead::Part& part : parts)
    {
        part.bytes = load_le64(p);
        std::memcpy(part.digest.data(), p + 8, digest_bytes);
        part.offset = end;
        if (end > size || part.bytes > size - end)
            return false;
        end += part.bytes;
        p += part_bytes;
    }
    return true;
}

std::optional<RunHead> read_head(File& file, std::uint64_t offset, const StoreId& id)
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
    RunHead out;
    out.block = *record;
    out.from.ordinal = load_le64(p + from_at);
    std::memcpy(out.from.root.data(), p + from_at + 8, out.from.root.size());
    for (std::size_t s = 0; s < out.roots.size(); ++s)
        std::memcpy(out.roots[s].data(), p + roots_at + s * digest_bytes, digest_bytes);
    out.offset = offset;
    out.end = offset + head_bytes;
    const std::uint64_t size = file.size();
    if (state::state_root(out.roots) != out.block.root ||
        !read_parts(p + changes_at, size, out.end, out.changes) ||
        !read_parts(p + images_at, size, out.end, out.images))
        return std::nullopt;
    return out;
}

void put_part(std::uint8_t* at, const std::vector<std::uint8_t>& part)
{
    store_le(at, std::uint64_t{part.size()});
    if (part.empty())
        return;
    const Digest digest = digest_of(part);
    std::memcpy(at + 8, digest.data(), digest_bytes);
}
}  // namespace

std::string changes_name(std::uint64_t number)
{
    std::string text = std::to_string(number);
    text.insert(0, digits - std::min(digits, text.size()), '0');
    return std::string(prefix) + text;
}

std::vector<std::uint64_t> changes_numbers(Disk& disk)
{
    std::vector<std::uint64_t> out;
    for (const std::string& name : disk.names())
    {
        std::uint64_t number = 0;
        const char* const end = name.data() + name.size();
        if (name.starts_with(prefix) &&
            std::from_chars(name.data() + prefix.size(), end, number).ptr == end &&
            changes_name(number) == name)
            out.push_back(number);
    }
    std::sort(out.begin(), out.end());
    return out;
}

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

std::vector<RunHead> read_run_heads(Disk& disk, std::uint64_t number, const StoreId& id)
{
    std::vector<RunHead> out;
    const std::string name = changes_name(number);
    if (!disk.exists(name))
        return out;
    const auto file = disk.open(name, false);
    for (std::uint64_t offset = 0; auto head = read_head(*file, offset, id);)
    {
        head->file = number;
        offset = head->end;
        out.push_back(*head);
    }
    return out;
}

std::optional<ByteView> read_part(File& file, const RunHead::Part& part, PartBuffer& buffer)
{
    const std::span<std::uint8_t> bytes = buffer.room(static_cast<std::size_t>(part.bytes));
    if (part.bytes == 0 || file.read(part.offset, bytes) != bytes.size() ||
        digest_of(bytes) != part.digest)
        return std::nullopt;
    return bytes;
}

std::uint64_t write_run(Disk& disk, const StoreId& id, const RunHead& head, RunParts& parts)
{
    std::array<std::uint8_t, head_bytes> bytes = {};
    std::uint8_t* const p = bytes.data();
    std::copy_n(magic, 4, p);
    store_le(p + 4, version);
    std::memcpy(p + 8, id.data(), id.size());
    store_le(p + from_at, head.from.ordinal);
    std::memcpy(p + from_at + 8, head.from.root.data(), head.from.root.size());
    encode(head.block, std::span(bytes).subspan<block_at, block_record_bytes>());
    for (std::size_t s = 0; s < state::shard_count; ++s)
    {
        std::memcpy(p + roots_at + s * digest_bytes, head.roots[s].data(), digest_bytes);
        if (!parts.changes.empty())
            put_part(p + changes_at + s * part_bytes, parts.changes[s]);
        put_part(p + images_at + s * part_bytes, parts.images[s]);
    }
    const Digest digest = digest_of(ByteView(bytes).first(digest_at));
    std::memcpy(p + digest_at, digest.data(), digest_bytes);
    const auto file = disk.open(changes_name(head.file), true);
    if (file->size() > head.offset)
        file->truncate(head.offset);
    file->write(head.offset, bytes);
    std::uint64_t at = head.offset + head_bytes;
    const auto append = [&](std::vector<std::uint8_t>& part)
    {
        for (std::size_t done = 0; done < part.size();)
        {
            const std::size_t n = std::min(part.size() - done, piece_bytes);
            file->write(at, ByteView(part).subspan(done, n));
            done += n;
            at += n;
        }
        part = {};
    };
    std::for_each(parts.changes.begin(), parts.changes.end(), append);
    std::for_each(parts.images.begin(), parts.images.end(), append);
    file->sync();
    if (head.offset == 0)
        disk.sync_names();
    return at - head.offset;
}
}  // namespace mote::qmdb
