// A folder of the file system through pread and pwrite: the portable backend, in the page cache.
#pragma once

#include "qmdb/io.hpp"

namespace mote::qmdb
{
class PosixDisk : public Disk
{
  public:
    /// Shape   folder: must exist, or is made with `create`. Throws IoError.
    explicit PosixDisk(std::string folder, bool create = false);
    ~PosixDisk() override;
    PosixDisk(const PosixDisk&) = delete;

    std::unique_ptr<File> open(const std::string& name, bool create) override;
    bool exists(const std::string& name) override;
    void remove(const std::string& name) override;
    void sync_names() override;
    std::vector<std::string> names() override;
    std::shared_ptr<void> lock() override;

  private:
    std::string folder_;
    int handle_ = -1;
};
}  // namespace mote::qmdb
