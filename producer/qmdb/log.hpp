// Log: the append-only file of one shard's entries, in segments.
//
// A record is an entry padded with zeros to 16 bytes, with its CRC-32C in the four bytes that are
// zero in what is hashed: every read is checked, and rot never becomes a root. Positions count units
// of 16 bytes from the beginning of time; segment n holds the bytes from n * segment_bytes on.
//
// What was appended stays in memory until flush(), so that a pending block can be taken back.
#pragma once

#include <map>
#include <string>

#include "qmdb/arena.hpp"
#include "qmdb/io.hpp"
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
    Log(Disk& disk, unsigned shard, std::uint64_t segment_bytes);
    Log(Log&&) = default;

    /// Appends an entry; returns its position.
    ///
    /// Shape   entry: bytes as they are hashed.
    std::uint64_t append(ByteView entry);

    /// Reads the entry at a position; the bytes live in `memory`. Throws Damage, IoError.
    state::Entry read(std::uint64_t position, BlockMemory& memory) const;

    /// A place in a walk from entry to entry; holds what was read ahead.
    struct Cursor
    {
        std::uint64_t position = 0;
        std::vector<std::uint8_t> window;
        std::uint64_t window_start = 0;  // bytes
    };
    /// Gives the entry under the cursor and moves on; valid until the next call. Throws Damage.
    state::Entry next(Cursor& cursor) const;
    /// Moves past one entry without looking into it.
    void skip(Cursor& cursor) const;

    /// Writes what lies before `position`; sync() makes it safe.
    void flush(std::uint64_t position);
    /// Syncs what flush() wrote. Returns true if a file is new: its name is not safe yet.
    bool sync();
    [[nodiscard]] bool unsynced() const { return !touched_.empty(); }

    /// Takes back what was appended after `position`; it must not be flushed.
    void take_back(std::uint64_t position);
    /// Takes the files as a log that ends at `position`.
    void extend(std::uint64_t position);
    /// The same, and cuts what lies after it; the names are not safe yet.
    void cut(std::uint64_t position);
    /// Removes segments that end before `position`.
    void drop_before(std::uint64_t position);

    [[nodiscard]] std::uint64_t tail() const { return tail_; }
    [[nodiscard]] std::uint64_t flushed() const { return flushed_; }
    /// File name and offset of a position.
    [[nodiscard]] std::pair<std::string, std::uint64_t> place(std::uint64_t position) const;
    [[nodiscard]] std::string segment_name(std::uint64_t segment) const;
    /// The first segment that there is.
    [[nodiscard]] std::uint64_t first_segment() const;
    [[nodiscard]] std::uint64_t file_bytes() const;

  private:
    [[nodiscard]] File* segment(std::uint64_t number, bool create) const;
    /// Reads bytes from files and memory; fewer at the tail.
    std::size_t read_bytes(std::uint64_t byte, std::span<std::uint8_t> out) const;
    state::Entry check(std::uint64_t position, std::span<std::uint8_t> record) const;
    std::span<std::uint8_t> window_at(Cursor& cursor, std::size_t bytes) const;

    Disk* disk_;
    unsigned shard_;
    std::uint64_t segment_bytes_;
    std::uint64_t tail_ = 0, flushed_ = 0;  // positions
    std::vector<std::uint8_t> buffer_;      // bytes from flushed_ to tail_
    mutable std::map<std::uint64_t, std::unique_ptr<File>> files_;
    std::map<std::uint64_t, bool> touched_;  // segments to sync; true: new
};
}  // namespace mote::qmdb
