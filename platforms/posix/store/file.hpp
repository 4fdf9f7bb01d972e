// Files that are there whole or not at all.
//
// A new file is written under another name, flushed, given its name, and the folder is flushed: after a
// crash the name stands for all of the content or for what it stood for before.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace mote::posix
{
/// A call to the system failed.
class IoError : public std::runtime_error
{
  public:
    /// Shape   error: an errno.
    IoError(const std::string& path, const char* call, int error);
    int code;
};

/// An open file. Closes itself.
class Handle
{
  public:
    Handle() noexcept = default;
    explicit Handle(int number) noexcept : number_(number) {}
    ~Handle();
    Handle(Handle&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Handle& operator=(Handle&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }

  private:
    int number_ = -1;
};

/// Waits until what was written is on the medium: fdatasync, or F_FULLFSYNC on Apple's systems, where
/// fsync leaves it in the drive's memory. 0, or -1 and errno.
int flush_data(int handle) noexcept;

enum class IfExists : std::uint8_t
{
    fail,  ///< throws IoError with code EEXIST
    replace,
};

/// Makes a file that only its owner may read (0600).
///
/// Errors  throws IoError; the name stands for what it stood for before, then.
void write_file(const std::string& path, Bytes content, IfExists if_exists);

/// Reads a file; "-" is standard input.
///
/// Errors  throws IoError, with code EFBIG if it has more than `bytes_max` bytes.
[[nodiscard]] std::vector<std::uint8_t> read_file(const std::string& path, std::size_t bytes_max);

/// Makes a folder that only its owner may enter (0700) unless it is there, and flushes its name.
void make_folder(const std::string& path);
}  // namespace mote::posix
