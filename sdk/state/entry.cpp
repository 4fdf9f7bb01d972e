#include "state/entry.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace mote::state
{
namespace
{
void encode_head(const EntryFields& fields, std::size_t deactivated_count,
                 std::uint8_t (&out)[entry_head_bytes]) noexcept
{
    MOTE_ASSERT(fields.key.size() <= key_bytes_max && fields.value.size() <= value_bytes_max &&
                deactivated_count <= deactivated_max);
    out[0] = static_cast<std::uint8_t>(fields.key.size());
    out[1] = static_cast<std::uint8_t>(deactivated_count);
    store_le(out + 2, static_cast<std::uint16_t>(fields.value.size()));
    store_le(out + 4, std::uint32_t{0});
    store_le(out + 8, fields.version);
    store_le(out + 16, fields.sn);
    std::memcpy(out + 24, fields.next.data(), 32);
}

std::uint8_t* append(std::uint8_t* out, Bytes part) noexcept
{
    if (!part.empty())
        std::memcpy(out, part.data(), part.size());
    return out + part.size();
}
}  // namespace

bool Entry::names(std::uint64_t other) const noexcept
{
    for (std::size_t i = 0; i < deactivated_count(); ++i)
        if (deactivated_sn(i) == other)
            return true;
    return false;
}

Status decode_entry(Bytes bytes, Entry& out, Fault& fault) noexcept
{
    fault = Fault::truncated;
    if (bytes.size() < entry_head_bytes)
        return Status::malformed;
    const std::uint8_t* const p = bytes.data();
    const std::size_t size = entry_bytes(p);
    if (size > bytes.size())
        return Status::malformed;
    const std::size_t key_bytes = p[0], value_bytes = load_le16(p + 2);
    fault = Fault::entry;
    if (load_le32(p + 4) != 0 || (key_bytes == 0 && value_bytes != 0))
        return Status::malformed;
    out.bytes = bytes.first(size);
    out.version = load_le64(p + 8);
    out.sn = load_le64(p + 16);
    out.next = bytes.subspan(24, 32);
    out.deactivated = bytes.subspan(entry_head_bytes, 8 * std::size_t{p[1]});
    out.key = bytes.subspan(size - value_bytes - key_bytes, key_bytes);
    out.value = bytes.subspan(size - value_bytes, value_bytes);
    fault = Fault::none;
    return Status::ok;
}

std::size_t encode_entry(const EntryFields& fields, const std::uint64_t* deactivated,
                         std::size_t deactivated_count, std::uint8_t* out) noexcept
{
    std::uint8_t head[entry_head_bytes];
    encode_head(fields, deactivated_count, head);
    std::uint8_t* at = append(out, head);
    for (std::size_t i = 0; i < deactivated_count; ++i, at += 8)
        store_le(at, deactivated[i]);
    at = append(at, fields.key);
    at = append(at, fields.value);
    return static_cast<std::size_t>(at - out);
}

Digest leaf_hash(const EntryFields& fields, const std::uint64_t* deactivated,
                 std::size_t deactivated_count) noexcept
{
    std::uint8_t head[entry_head_bytes];
    encode_head(fields, deactivated_count, head);
    Chain running(Domain::leaf);
    running.update(head);
    for (std::size_t i = 0; i < deactivated_count; ++i)
    {
        std::uint8_t sn[8];
        store_le(sn, deactivated[i]);
        running.update(sn);
    }
    running.update(fields.key);
    running.update(fields.value);
    return running.finish();
}

Digest hash_of(const Entry& entry, std::uint32_t shard) noexcept
{
    return entry.sentry() ? lower_bound_of_shard(shard) : key_hash(entry.key);
}
}  // namespace mote::state
