// The vote record of one key in a file, and the lock that makes a process its only voter.
//
//   RecordFile file(path, key);                       // throws RecordUnusable, RecordLocked, IoError
//   voter.open(file.record(), key, VoteMode::exact);
//   Step step = voter.on_proposal(...);
//   if (step.write)
//   {
//       if (file.write(step.offset, step.record))     // on the medium
//           step = voter.flushed(step.token);
//       else
//           voter.write_failed();                     // nothing is signed from here on
//   }
//
// Opening writes the record that counts once more, to where it is, and flushes it. What a read gives
// may be in the system's memory only: written by a process that was killed before its flush, or left
// behind by a flush that failed. A voter repeats what its record says without writing again, so the
// record has to be on the medium before that.
//
// After a write or a flush that failed nobody knows what is on the medium, and a second flush that
// succeeds says nothing about the first one's bytes. The file takes no more writes then; opening it
// again finds out.
//
// Source  [CONSENSUS] section 7.
#pragma once

#include <sys/types.h>

#include <array>

#include "consensus/vote_record.hpp"
#include "posix/store/file.hpp"

namespace mote::posix
{
/// There is no record that counts, or it cannot be read: the key must not sign.
class RecordUnusable : public std::runtime_error
{
  public:
    RecordUnusable(const std::string& path, const char* reason)
        : std::runtime_error(path + ": " + reason)
    {
    }
};

/// Another process, or another RecordFile of this one, has it.
class RecordLocked : public std::runtime_error
{
  public:
    explicit RecordLocked(const std::string& path)
        : std::runtime_error(path + ": in use by another voter")
    {
    }
};

/// The calls to the system that can fail while a validator runs; tests make them fail.
class RecordCalls
{
  public:
    virtual ~RecordCalls() = default;
    virtual ssize_t read(int handle, MutableBytes out, off_t offset);
    virtual ssize_t write(int handle, Bytes bytes, off_t offset);
    /// 0, or -1 and errno.
    virtual int flush(int handle);
    /// The calls themselves.
    [[nodiscard]] static RecordCalls& of_system();
};

class RecordFile
{
  public:
    /// Makes the file of a key, flushed: with the first record of a new key, or with one that was
    /// raised to what the key has voted elsewhere.
    ///
    /// Errors  throws IoError, with code EEXIST if there is a file: a record is never replaced.
    static void create(const std::string& path, const consensus::KeyName& key,
                       const consensus::VoteRecord& record = consensus::first_record());

    /// Opens, locks, reads and flushes.
    ///
    /// Errors  throws RecordLocked, RecordUnusable, or IoError if the record cannot be flushed.
    RecordFile(const std::string& path, const consensus::KeyName& key,
               RecordCalls& calls = RecordCalls::of_system());

    /// The record that counts.
    [[nodiscard]] const consensus::VoteRecord& record() const noexcept { return record_; }

    /// Writes the next record and flushes it. False: it may not be on the medium, and no further one is
    /// taken; error() says why.
    ///
    /// Shape   as a Voter's Step says: a record of this key, with the next seq, for its slot (asserted).
    [[nodiscard]] bool write(std::size_t offset, const consensus::RecordBytes& record) noexcept;
    /// The errno of the write that failed, or 0.
    [[nodiscard]] int error() const noexcept { return error_; }

  private:
    [[nodiscard]] bool put(std::size_t offset, Bytes record) noexcept;

    RecordCalls& calls_;
    consensus::KeyName key_;
    Handle handle_;
    consensus::VoteRecord record_;
    int error_ = 0;
};

/// Both slots as they are, without lock: for a look at it while a voter may be writing.
struct RecordSlots
{
    std::array<consensus::RecordBytes, 2> bytes{};
    std::array<bool, 2> readable{};

    /// As consensus::load.
    [[nodiscard]] bool load(const consensus::KeyName& key, consensus::VoteRecord& out) const;
};

/// Errors  throws IoError, or RecordUnusable if it has not the length of a record file.
[[nodiscard]] RecordSlots read_slots(const std::string& path);
}  // namespace mote::posix
