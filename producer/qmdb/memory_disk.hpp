// A disk in memory that loses what it may lose: for simulated crashes and faults.
//
// It keeps to the letter of io.hpp. Writes go to a cache of sectors of 512 bytes; sync() makes the
// file's sectors durable. A crash keeps of everything unsynced an arbitrary part: each sector and
// each size on its own, each new or removed name on its own. Every call that changes something is
// numbered, and at a chosen number the disk can fail, write short, or crash.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>

#include "qmdb/io.hpp"

namespace mote::qmdb
{
/// Thrown by the call during which the power goes off. Later calls throw it, too.
class PowerOff : public std::runtime_error
{
  public:
    PowerOff() : std::runtime_error("power off") {}
};

class MemoryDisk : public Disk
{
  public:
    enum class Fault : std::uint8_t
    {
        none,
        crash,        ///< before the call has any effect, or after part of it
        io_error,     ///< EIO; nothing is written
        short_write,  ///< ENOSPC after half of the bytes
        disk_full,    ///< ENOSPC, and for every later write, until free_space()
    };

    /// Lets the call number `at` (0 is the next one) fail.
    void plan(Fault fault, std::uint64_t at);
    void free_space();
    /// Calls that changed something since the last plan().
    [[nodiscard]] std::uint64_t calls() const { return calls_; }

    /// Turns the power off and on: what was not synced survives in part, as `seed` decides.
    void crash(std::uint64_t seed);
    /// Turns the power off and on, and nothing is lost.
    void restart();

    /// Flips one bit of a file, behind everybody's back.
    void flip(const std::string& name, std::uint64_t byte, unsigned bit);
    [[nodiscard]] std::vector<std::uint8_t> content(const std::string& name);
    [[nodiscard]] std::uint64_t written_bytes() const { return written_bytes_; }
    /// Calls of read() so far.
    [[nodiscard]] std::uint64_t reads() const { return reads_; }

    std::unique_ptr<File> open(const std::string& name, bool create) override;
    bool exists(const std::string& name) override;
    void remove(const std::string& name) override;
    void sync_names() override;
    std::vector<std::string> names() override;
    std::shared_ptr<void> lock() override;

  private:
    friend class MemoryFile;
    static constexpr std::uint64_t sector = 512;

    struct Node
    {
        std::vector<std::uint8_t> durable;
        std::vector<std::uint8_t> cached;
        std::set<std::uint64_t> dirty;  // sectors
    };
    using NodePointer = std::shared_ptr<Node>;

    Fault next_call();
    void check_power() const;

    std::mutex mutex_;
    std::map<std::string, NodePointer> names_, durable_names_;
    std::weak_ptr<void> lock_;
    Fault planned_ = Fault::none;
    std::uint64_t planned_at_ = 0, calls_ = 0, written_bytes_ = 0, reads_ = 0;
    bool off_ = false, full_ = false;
    std::uint64_t generation_ = 0;  // files opened before a crash are dead
};
}  // namespace mote::qmdb
