// LogTail: the newest part of a shard's log, in memory.
//
// Entries lie here as they are hashed, one after the other from 16-byte unit to unit; the log's file has
// the same bytes with checksums in them. What is not written yet must be here; older bytes stay as
// long as there is room, so that the entries a block touches are mostly read without a system call.
// Memory comes in pieces that do not move: who writes the log to the disk reads them meanwhile.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "qmdb/arena.hpp"
#include "qmdb/io.hpp"

namespace mote::qmdb
{
class LogTail
{
  public:
    /// Shape   piece_bytes: a multiple of 64.
    explicit LogTail(std::size_t piece_bytes);

    /// Appends a whole entry padded with zeros to `padded` bytes.
    void append(ByteView entry, std::size_t padded);

    /// The bytes from `from` to `to`, in order; they stay valid until dropped or truncated.
    [[nodiscard]] std::vector<ByteView> parts(std::uint64_t from, std::uint64_t to) const;
    /// Bytes at `byte`: where they lie, or in `memory` if they lie in two pieces.
    ///
    /// Shape   first() <= byte, byte + count <= end().
    [[nodiscard]] const std::uint8_t* view(std::uint64_t byte, std::size_t count,
                                           BlockMemory& memory) const
    {
        const std::size_t offset = static_cast<std::size_t>(byte % piece_bytes_);
        if (offset + count <= piece_bytes_)
            return piece(byte).bytes.get() + offset;
        return joined(byte, count, memory);
    }
    /// 16 bytes at a multiple of 16.
    [[nodiscard]] const std::uint8_t* unit(std::uint64_t byte) const
    {
        return piece(byte).bytes.get() + byte % piece_bytes_;
    }
    /// Asks for the memory of the entry at `byte`.
    void prefetch(std::uint64_t byte) const
    {
        const std::uint8_t* const p = piece(byte).bytes.get() + byte % piece_bytes_;
        __builtin_prefetch(p);
        __builtin_prefetch(p + 64);
        __builtin_prefetch(p + 127);  // where entries of accounts mostly end
    }

    /// Forgets everything; the log ends at `byte`.
    void reset(std::uint64_t byte);
    /// Forgets what comes after `byte`, at which an entry ends.
    void truncate(std::uint64_t byte);
    /// Forgets old pieces that end at or before `byte`, until at most `keep_bytes` are left.
    void drop_before(std::uint64_t byte, std::uint64_t keep_bytes);

    /// Where the first entry begins that is here, and where the last one ends.
    [[nodiscard]] std::uint64_t first() const { return first_; }
    [[nodiscard]] std::uint64_t end() const { return end_; }
    [[nodiscard]] std::uint64_t memory_bytes() const { return pieces_.size() * piece_bytes_; }

  private:
    struct Free
    {
        void operator()(std::uint8_t* p) const;
    };
    struct Piece
    {
        std::unique_ptr<std::uint8_t[], Free> bytes;
        std::uint64_t first_entry;  // that begins in it; ~0: none
    };

    [[nodiscard]] const Piece& piece(std::uint64_t byte) const
    {
        return pieces_[static_cast<std::size_t>(byte / piece_bytes_ - first_piece_)];
    }
    [[nodiscard]] const std::uint8_t* joined(std::uint64_t byte, std::size_t count,
                                             BlockMemory& memory) const;
    void add_piece();

    std::size_t piece_bytes_;
    std::deque<Piece> pieces_;
    std::vector<std::unique_ptr<std::uint8_t[], Free>> spare_;  // of dropped pieces, for the next
    std::uint64_t first_piece_ = 0;
    std::uint64_t first_ = 0, end_ = 0;
};
}  // namespace mote::qmdb
