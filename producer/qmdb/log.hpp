// Log: the append-only file of one shard's entries, in segments.
//
// A record is an entry padded with zeros to 16 bytes, with its CRC-32C in the four bytes that are
// zero in what is hashed: every read from a file is checked, and rot never becomes a root. Positions
// count units of 16 bytes from the beginning of time; segment n holds the bytes from n * segment_bytes
// on.
//
// What was appended stays in memory until it is written, so that a pending block can be taken back,
// and after that as long as there is room. Writing takes three calls: the middle one may run beside
// reads and appends of the owner.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "qmdb/arena.hpp"
#include "qmdb/io.hpp"
#include "qmdb/log_tail.hpp"
#include "state/entry.hpp"

namespace mote::qmdb
{
inline constexpr std::uint64_t record_unit = 16;

[[nodiscard]] constexpr std::uint64_t record_units(std::size_t entry_bytes)
{
    return (entry_bytes + record_unit - 1) / record_unit;
}

class Log
{
  public:
    /// Shape   memory_bytes: of written entries that stay in memory, about.
    Log(Disk& disk, unsigned shard, std::uint64_t segment_bytes, std::uint64_t memory_bytes);

    /// Appends an entry; returns its position.
    ///
    /// Shape   entry: bytes as they are hashed.
    std::uint64_t append(ByteView entry);

    /// Reads the entry at a position; the bytes live in `memory` or in the log, until it is written or
    /// shortened. Throws Damage, IoError.
    state::Entry read(std::uint64_t position, BlockMemory& memory) const;
    /// Reads the beginnings of the entries that are not in memory, all at once, for reads that follow.
    /// Throws IoError.
    void fetch(std::span<const std::uint64_t> positions, BlockMemory& memory);
    /// Before the memory of fetch() goes.
    void forget_fetched() { fetched_.clear(); }
    /// Whether an entry is in memory, and asking for its place there.
    [[nodiscard]] bool in_memory(std::uint64_t position) const
    {
        return position * record_unit >= tail_.first();
    }
    void prefetch(std::uint64_t position) const { tail_.prefetch(position * record_unit); }
    [[nodiscard]] std::uint64_t sn_in_memory(std::uint64_t position) const
    {
        return load_le64(tail_.unit(position * record_unit + state::entry_sn_offset));
    }

    /// A place in a walk from entry to entry; holds what was read ahead.
    struct Cursor
    {
        std::uint64_t position = 0;
        std::vector<std::uint8_t> window;
        std::uint64_t window_start = 0;  // bytes
        BlockMemory memory;              // for an entry of the tail in two pieces
    };
    /// Gives the entry under the cursor and moves on; valid until the next call. Throws Damage.
    state::Entry next(Cursor& cursor) const;
    /// Moves past one entry without looking into it.
    void skip(Cursor& cursor) const;

    /// What lies before `position` and is in no file yet; for write().
    struct Unwritten
    {
        std::uint64_t from = 0, to = 0;  ///< bytes
        std::vector<ByteView> parts{};
    };
    [[nodiscard]] Unwritten unwritten(std::uint64_t position) const;
    /// Writes it, with checksums, and makes it safe. Returns true if a file is new: its name is not
    /// safe yet. Others may read and append meanwhile.
    bool write(const Unwritten& what);
    /// Takes it as written, and forgets old entries for which there is no room, or which lie below the
    /// floor, where nothing is active.
    void written(const Unwritten& what, std::uint64_t floor_position);

    /// Takes back what was appended after `position`; it must not be written.
    void take_back(std::uint64_t position);
    /// Takes the files as a log that ends at `position`.
    void extend(std::uint64_t position);
    /// The same, and cuts what lies after it; the names are not safe yet.
    void cut(std::uint64_t position);
    /// Removes segments that end before `position`.
    void drop_before(std::uint64_t position);

    [[nodiscard]] std::uint64_t tail() const { return tail_.end() / record_unit; }
    [[nodiscard]] std::uint64_t memory_bytes() const { return tail_.memory_bytes(); }
    /// File name and offset of a position.
    [[nodiscard]] std::pair<std::string, std::uint64_t> place(std::uint64_t position) const;
    [[nodiscard]] std::string segment_name(std::uint64_t segment) const;
    /// The first segment that there is.
    [[nodiscard]] std::uint64_t first_segment() const;
    [[nodiscard]] std::uint64_t file_bytes() const;

  private:
    [[nodiscard]] File* segment(std::uint64_t number, bool create) const;
    void close_segment(std::uint64_t number);
    /// Reads bytes from files; fewer at the end of what is written.
    std::size_t read_bytes(std::uint64_t byte, std::span<std::uint8_t> out) const;
    state::Entry check(std::uint64_t position, std::span<std::uint8_t> record) const;
    state::Entry read_file(std::uint64_t position, BlockMemory& memory) const;
    struct Fetched
    {
        std::uint64_t position;
        std::uint8_t* bytes;
        std::size_t count;
        bool checked;  // then the checksum is no longer in it
    };
    [[nodiscard]] Fetched* fetched(std::uint64_t position) const;
    /// The first bytes of a record, of which there are record_unit, and then the whole.
    ByteView window_at(Cursor& cursor, std::size_t bytes) const;

    Disk* disk_;
    unsigned shard_;
    std::uint64_t segment_bytes_, memory_bytes_;
    LogTail tail_;
    std::uint64_t written_ = 0;             // bytes
    mutable std::vector<Fetched> fetched_;  // by position
    mutable std::mutex files_mutex_;
    mutable std::map<std::uint64_t, std::unique_ptr<File>> files_;
};
}  // namespace mote::qmdb
