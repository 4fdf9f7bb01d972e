// A folder of the file system: pread and pwrite in the page cache, and where the system has io_uring,
// many reads at once through it.
#pragma once

#include <mutex>
#include <vector>

#include "qmdb/io.hpp"

namespace mote::qmdb
{
class UringReader;

struct PosixOptions
{
    /// Reads of the logs go past the page cache, and what was written is not kept in it: for a store
    /// that is much larger than memory. Ignored where the file system does not offer it.
    bool direct = false;
    /// Many reads at once through io_uring, if this build and the kernel have it.
    bool io_uring = true;
};

class PosixDisk : public Disk
{
  public:
    /// Shape   folder: must exist, or is made with `create`. Throws IoError.
    explicit PosixDisk(std::string folder, bool create = false, const PosixOptions& options = {});
    ~PosixDisk() override;
    PosixDisk(const PosixDisk&) = delete;

    std::unique_ptr<File> open(const std::string& name, bool create) override;
    bool exists(const std::string& name) override;
    void remove(const std::string& name) override;
    void sync_names() override;
    std::vector<std::string> names() override;
    std::shared_ptr<void> lock() override;
    /// Shape   requests: of files that this disk opened.
    void read_many(std::span<ReadRequest> requests) override;

    /// How reads and writes are done, in words.
    [[nodiscard]] std::string backend();

  private:
    std::unique_ptr<UringReader> take_reader();
    void give_back(std::unique_ptr<UringReader> reader);

    std::string folder_;
    int handle_ = -1;
    PosixOptions options_;
    std::mutex readers_mutex_;
    std::vector<std::unique_ptr<UringReader>> readers_;  // that nobody uses now
};
}  // namespace mote::qmdb
