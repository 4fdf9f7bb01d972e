// Vote record: what one key has voted, kept where a crash cannot take it away.
//
// A file of 8,192 bytes has two slots, at 0 and at 4096, so that a write never touches the block of
// the record that still counts. Each write takes the next seq and goes to slot seq & 1. On start the
// good slot with the higher seq counts; one bad slot beside a good one is a write that was torn.
//
//   seq   slot   epoch, view   nz     two                    may happen next
//    1     1     0, 0          used   used                   key registered; nothing to sign yet
//    2     0     0, 1          hash   none                   NOTARIZE(0, 1) leaves the device
//    3     1     0, 1          hash   nullify                NULLIFY(0, 1)
//
// Source  [CONSENSUS] section 7; docs/formats/consensus.md has the bytes.
#pragma once

#include "base/status.hpp"
#include "chain/types.hpp"

namespace mote::consensus
{
using chain::Digest;

inline constexpr std::size_t record_bytes = 160;
inline constexpr std::size_t record_file_bytes = 8192;
inline constexpr std::size_t slot_spacing_bytes = 4096;

using RecordBytes = std::array<std::uint8_t, record_bytes>;
using KeyName = std::array<std::uint8_t, 16>;

/// The first vote of a view. `used`: it may have been made, nobody knows for what.
enum class First : std::uint8_t
{
    none = 0,
    notarize = 1,
    used = 255,
};

/// The second vote of a view.
enum class Second : std::uint8_t
{
    none = 0,
    nullify = 2,
    finalize = 3,
    used = 255,
};

enum class RecordState : std::uint8_t
{
    exact = 0,    ///< says what was voted
    reserve = 1,  ///< anything up to reserved_view may have been voted
    retired = 2,  ///< exported or expired: never signs again
};

struct VoteRecord
{
    First first = First::none;
    Second second = Second::none;
    RecordState state = RecordState::exact;
    std::uint64_t seq = 0;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint64_t reserved_view = 0;  ///< 0 unless state is reserve
    std::uint64_t lease_nonce = 0;
    Digest notarized{};  ///< zero unless first is notarize
    Digest finalized{};  ///< zero unless second is finalize

    friend bool operator==(const VoteRecord&, const VoteRecord&) noexcept = default;
};

/// Names a key on a chain.
[[nodiscard]] KeyName key_name(const Digest& chain_id, const chain::PublicKey& key) noexcept;

/// Gives the record that is flushed before a new key is registered: it has nothing to sign at (0, 0).
[[nodiscard]] VoteRecord first_record() noexcept;

[[nodiscard]] constexpr std::size_t slot_offset(std::uint64_t seq) noexcept
{
    return slot_spacing_bytes * static_cast<std::size_t>(seq & 1);
}

/// Writes a record.
[[nodiscard]] RecordBytes encode(const VoteRecord& record, const KeyName& key) noexcept;

/// Reads the record of slot 0 or 1; false, and `out` empty, if the slot does not count: length,
/// magic, checksum, key, a kind or state that there is not, a field that should be zero, a reservation
/// that ends before its view, or a seq of the other slot.
[[nodiscard]] bool decode(Bytes bytes, std::uint32_t slot, const KeyName& key,
                          VoteRecord& out) noexcept;

/// What reading one slot gave.
struct Slot
{
    bool readable = false;
    Bytes bytes;  ///< record_bytes
};

/// Picks the record that counts; false if there is none, or if a slot could not be read: what it
/// holds might be the newer one.
[[nodiscard]] bool load(const std::array<Slot, 2>& slots, const KeyName& key,
                        VoteRecord& out) noexcept;

/// Raises a record to a position of another store of the same key, as after an import; false if it is
/// there already or retired. The result has the next seq, both votes used, and is to be written.
///
/// A record with a reservation stands at the end of it. A position that is equal to an exact record's
/// uses up the votes that are left there: the other store may have made them.
/// Source  [CONSENSUS] section 7, export and import.
[[nodiscard]] bool raise(const VoteRecord& record, std::uint64_t epoch, std::uint64_t view,
                         VoteRecord& out) noexcept;
}  // namespace mote::consensus
