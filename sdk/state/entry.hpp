// Entry: one leaf of the log, a key with its value and the hash of the next key.
//
//   offset  size  field
//   0       1     K, length of the key: 1 .. 255, 0 only in a sentry
//   1       1     D, number of deactivated serial numbers
//   2       2     V, length of the value; 0 in a sentry
//   4       4     zero
//   8       8     version: the height of the block in which the content arose
//   16      8     serial number, the position in the shard's log
//   24      32    next key hash
//   56      8 D   deactivated serial numbers
//   ..      K, V  key, value
//
// The active entries of a shard form a list in the order of their key hashes. It starts at the
// shard's sentry, which has no key, and ends at the shard's upper bound. So an active entry proves
// two things: its key has this value, and no key has a hash between its own and the next one.
//
// Source  [QMDB-FORMAT] section 2.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/status.hpp"
#include "state/fault.hpp"
#include "state/hashing.hpp"

namespace mote::state
{
inline constexpr std::size_t entry_head_bytes = 56;
inline constexpr std::size_t entry_sn_offset = 16;
inline constexpr std::size_t key_bytes_max = 255;
inline constexpr std::size_t value_bytes_max = 65535;
inline constexpr std::size_t deactivated_max = 255;
inline constexpr std::size_t entry_bytes_max =
    entry_head_bytes + 8 * deactivated_max + key_bytes_max + value_bytes_max;

/// Serial numbers stay below this.
inline constexpr std::uint64_t sn_end = std::uint64_t{1} << 56;

[[nodiscard]] constexpr std::size_t round_up(std::size_t bytes, std::size_t to) noexcept
{
    return (bytes + to - 1) / to * to;
}

/// An entry as it lies in memory that somebody else owns.
struct Entry
{
    Bytes bytes;        ///< without padding: what is hashed
    Bytes next;         ///< 32 bytes
    Bytes deactivated;  ///< 8 bytes each
    Bytes key, value;
    std::uint64_t version = 0;
    std::uint64_t sn = 0;

    [[nodiscard]] bool sentry() const noexcept { return key.empty(); }
    [[nodiscard]] std::size_t deactivated_count() const noexcept { return deactivated.size() / 8; }
    [[nodiscard]] std::uint64_t deactivated_sn(std::size_t i) const noexcept
    {
        return load_le64(deactivated.data() + 8 * i);
    }
    [[nodiscard]] bool names(std::uint64_t other) const noexcept;
};

/// Gives the bytes of an entry of which the first 4 are there.
[[nodiscard]] constexpr std::size_t entry_bytes(const std::uint8_t* head) noexcept
{
    return entry_head_bytes + 8 * std::size_t{head[1]} + head[0] + load_le16(head + 2);
}

/// Reads the entry at the start of `bytes`; more may follow.
///
/// Errors  malformed: truncated; entry (reserved bytes, a sentry with a value).
/// Memory  `out` points into `bytes`.
Status decode_entry(Bytes bytes, Entry& out, Fault& fault) noexcept;

/// What an entry says, before it has bytes.
struct EntryFields
{
    Bytes key, value;
    Digest next;
    std::uint64_t version = 0;
    std::uint64_t sn = 0;
};

/// Writes an entry; returns its bytes without padding.
///
/// Shape   lengths within the maxima above (asserted); out: room for entry_bytes_max, or for what
///         the lengths make.
std::size_t encode_entry(const EntryFields& fields, const std::uint64_t* deactivated,
                         std::size_t deactivated_count, std::uint8_t* out) noexcept;

/// Gives the leaf hash of the entry that encode_entry would write, without writing it.
[[nodiscard]] Digest leaf_hash(const EntryFields& fields, const std::uint64_t* deactivated,
                               std::size_t deactivated_count) noexcept;

/// Gives the hash of the entry's key; of a sentry the lower bound of `shard`.
[[nodiscard]] Digest hash_of(const Entry& entry, std::uint32_t shard) noexcept;
}  // namespace mote::state
