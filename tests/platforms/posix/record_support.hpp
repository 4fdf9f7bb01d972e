// A record file in a folder, and a system under it whose writes wait until they are flushed.
#pragma once

#include <cerrno>
#include <cstring>
#include <map>

#include "consensus/voter.hpp"
#include "platforms/platform_support.hpp"
#include "posix/store/record_file.hpp"

namespace record_test
{
using namespace mote::consensus;
using namespace mote::posix;
using namespace platform_test;
using mote::MutableBytes;
using mote::Status;

inline KeyName test_key(std::uint8_t number = 1)
{
    KeyName name{};
    name[0] = number;
    return name;
}

inline Digest block(std::uint8_t number)
{
    Digest out{};
    out[0] = number;
    return out;
}

struct NewFile
{
    NewFile() : path(folder / "record") { RecordFile::create(path, test_key()); }
    Folder folder;
    std::string path;
};

/// Keeps writes from the file until they are flushed, as a system's cache does; a crash loses what it
/// likes of them. One call of each kind can be made to fail.
class CachedCalls : public RecordCalls
{
  public:
    ssize_t read(int handle, MutableBytes out, off_t offset) override
    {
        if (fails(read_error))
            return -1;
        const ssize_t n =
            RecordCalls::read(handle, out.first(std::min(out.size(), bytes_max)), offset);
        for (ssize_t i = 0; i < n; ++i)
            if (const auto found = cache.find(offset + i); found != cache.end())
                out[static_cast<std::size_t>(i)] = found->second;
        return n;
    }
    ssize_t write(int, Bytes bytes, off_t offset) override
    {
        ++writes;
        if (fails(write_error))
            return -1;
        const std::size_t n = std::min(bytes.size(), bytes_max);
        for (std::size_t i = 0; i < n; ++i)
            cache[offset + static_cast<off_t>(i)] = bytes[i];
        return static_cast<ssize_t>(n);
    }
    int flush(int handle) override
    {
        ++flushes;
        if (fails(flush_error))
        {
            // As Linux does: what could not be written is not tried again, and still read.
            clean.insert(cache.begin(), cache.end());
            return -1;
        }
        for (const auto& [offset, byte] : cache)
            REQUIRE(RecordCalls::write(handle, Bytes(&byte, 1), offset) == 1);
        cache.clear();
        return 0;
    }
    /// What is in the cache reaches the file up to `bytes`, the rest is lost.
    void crash(const std::string& path, std::size_t bytes)
    {
        ByteVector content = content_of(path);
        for (const auto& [offset, byte] : cache)
        {
            if (bytes == 0)
                break;
            content[static_cast<std::size_t>(offset)] = byte;
            --bytes;
        }
        overwrite(path, content);
        cache.clear();
    }

    std::map<off_t, std::uint8_t> cache, clean;
    std::size_t bytes_max = SIZE_MAX;  ///< of one call
    int read_error = 0, write_error = 0, flush_error = 0;
    int interruptions = 0;  ///< EINTR this often first
    int writes = 0, flushes = 0;

  private:
    bool fails(int error)
    {
        if (interruptions > 0)
        {
            --interruptions;
            errno = EINTR;
            return true;
        }
        errno = error;
        return error != 0;
    }
};
}  // namespace record_test
