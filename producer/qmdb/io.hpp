// What the store asks of a disk: files by name in one folder, and when their bytes are safe.
//
// Written bytes may be lost, torn at sectors and reordered until sync() of the file returns; a new
// or removed name until sync_names() returns. The store never relies on more than that, and the
// memory disk (memory_disk.hpp) gives nothing more.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace mote::qmdb
{
using ByteView = std::span<const std::uint8_t>;

/// A call to the disk failed. After one of a write or sync the store must be opened again.
class IoError : public std::runtime_error
{
  public:
    IoError(std::string file_name, std::uint64_t at, int error, const std::string& what)
        : std::runtime_error(what), file(std::move(file_name)), offset(at), code(error)
    {
    }
    std::string file;
    std::uint64_t offset;
    int code;  ///< errno
};

/// Bytes on the disk are not what was written.
class Damage : public std::runtime_error
{
  public:
    Damage(std::string file_name, std::uint64_t at, const std::string& what)
        : std::runtime_error(file_name + " at byte " + std::to_string(at) + ": " + what),
          file(std::move(file_name)),
          offset(at)
    {
    }
    std::string file;
    std::uint64_t offset;
};

class File
{
  public:
    virtual ~File() = default;
    /// Reads as much as is there; returns how much. Throws IoError.
    virtual std::size_t read(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
    /// Writes all, or throws IoError; then any part may be written.
    virtual void write(std::uint64_t offset, ByteView bytes) = 0;
    virtual void sync() = 0;
    virtual std::uint64_t size() = 0;
    virtual void truncate(std::uint64_t bytes) = 0;
};

/// One of several reads at once.
struct ReadRequest
{
    File* file = nullptr;
    std::uint64_t offset = 0;
    std::span<std::uint8_t> out{};
    std::size_t got = 0;  ///< fewer than asked for at the end of the file
};

class Disk
{
  public:
    virtual ~Disk() = default;
    /// Does all of them, in any order. Several threads may call it at once. Throws IoError.
    virtual void read_many(std::span<ReadRequest> requests)
    {
        for (ReadRequest& request : requests)
            request.got = request.file->read(request.offset, request.out);
    }
    /// Opens a file; with `create` it is made if it is not there. Throws IoError.
    virtual std::unique_ptr<File> open(const std::string& name, bool create) = 0;
    virtual bool exists(const std::string& name) = 0;
    virtual void remove(const std::string& name) = 0;
    virtual void sync_names() = 0;
    virtual std::vector<std::string> names() = 0;
    /// Keeps other processes out until the returned object is gone. Throws IoError if one is in.
    virtual std::shared_ptr<void> lock() = 0;
};
}  // namespace mote::qmdb
