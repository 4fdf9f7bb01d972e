// Journal: what the pool took, on a disk, so that a restart does not lose it.
//
//   Journal journal(disk);                    reads what is there; a torn end is cut
//   for (const auto& bytes : journal.take_found()) pool.add(...)
//   journal.add(bytes); journal.sync();       safe now
//   journal.remove(hash)                      need not be safe: what is used up is refused later anyway
//
// One file, pool.0 or pool.1, is appended to. When more than half of it is of what has gone the rest is written to
// the other one, which counts from the moment it is complete; then the first is removed.
//
// One process at a time: who owns the disk locks it. The bytes are those of docs/formats/txpool.md.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "evm/types.hpp"
#include "qmdb/io.hpp"

namespace mote::txpool
{
class Journal
{
  public:
    /// Errors  throws qmdb::IoError.
    /// Shape   record_max: longest transaction; longer ones in a file are damage. waste_max: bytes of what has
    ///         gone that are worth a new file.
    explicit Journal(qmdb::Disk& disk, std::size_t record_max = std::size_t{128} << 10,
                     std::uint64_t waste_max = std::uint64_t{64} << 20);

    /// What was there when it was opened, in the order in which it was added.
    [[nodiscard]] std::vector<std::vector<std::uint8_t>> take_found() { return std::move(found_); }
    /// Bytes that were cut off as they were no records.
    [[nodiscard]] std::uint64_t cut_bytes() const { return cut_; }

    /// Appends a transaction. Throws qmdb::IoError, and then the journal must be opened again.
    void add(Bytes transaction);
    /// Appends that one has gone; nothing if it is not here.
    void remove(const evm::Hash& hash);
    /// Returns when the disk has everything.
    void sync();

    [[nodiscard]] std::uint64_t file_bytes() const { return end_; }
    [[nodiscard]] std::size_t size() const { return held_.size(); }

  private:
    struct Held
    {
        std::uint64_t offset;
        std::size_t bytes;
    };
    [[nodiscard]] bool load(const std::string& name, std::uint64_t& generation);
    void append(std::uint8_t kind, Bytes payload);
    void start(std::uint64_t generation);
    void compact_if_worth();

    qmdb::Disk& disk_;
    std::size_t record_max_;
    std::uint64_t waste_max_;
    std::string name_;
    std::unique_ptr<qmdb::File> file_;
    std::uint64_t generation_ = 0, end_ = 0, waste_ = 0, cut_ = 0;
    std::map<evm::Hash, Held> held_;
    std::vector<std::vector<std::uint8_t>> found_;
};
}  // namespace mote::txpool
