#include "posix/store/record_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/assert.hpp"

namespace mote::posix
{
namespace
{
using namespace mote::consensus;

Handle open_file(const std::string& path, int flags)
{
    Handle handle(::open(path.c_str(), flags | O_CLOEXEC));
    if (!handle.is_open())
        throw IoError(path, "open", errno);
    struct stat info = {};
    if (::fstat(handle.number(), &info) != 0)
        throw IoError(path, "fstat", errno);
    if (!S_ISREG(info.st_mode) || info.st_size != static_cast<off_t>(record_file_bytes))
        throw RecordUnusable(path, "not a vote record file: another length");
    return handle;
}

void lock(const Handle& handle, const std::string& path)
{
    int result;
    do
        result = ::flock(handle.number(), LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    if (result != 0 && errno == EWOULDBLOCK)
        throw RecordLocked(path);
    if (result != 0)
        throw IoError(path, "flock", errno);
    // The lock belongs to the file, not to its name, which may have gone to another one meanwhile.
    struct stat locked = {}, named = {};
    if (::fstat(handle.number(), &locked) != 0 || ::stat(path.c_str(), &named) != 0)
        throw IoError(path, "stat", errno);
    if (locked.st_ino != named.st_ino || locked.st_dev != named.st_dev)
        throw RecordUnusable(path, "the file was replaced while it was opened");
}

/// Reads a slot; false if any of it cannot be read.
bool read_slot(RecordCalls& calls, int handle, std::size_t index, RecordBytes& out)
{
    std::size_t done = 0;
    while (done < out.size())
    {
        const ssize_t n = calls.read(handle, MutableBytes(out).subspan(done),
                                     static_cast<off_t>(slot_spacing_bytes * index + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

RecordSlots read_both(RecordCalls& calls, int handle)
{
    RecordSlots slots;
    for (std::size_t i = 0; i < 2; ++i)
        slots.readable[i] = read_slot(calls, handle, i, slots.bytes[i]);
    return slots;
}
}  // namespace

ssize_t RecordCalls::read(int handle, MutableBytes out, off_t offset)
{
    return ::pread(handle, out.data(), out.size(), offset);
}

ssize_t RecordCalls::write(int handle, Bytes bytes, off_t offset)
{
    return ::pwrite(handle, bytes.data(), bytes.size(), offset);
}

int RecordCalls::flush(int handle) { return flush_data(handle); }

RecordCalls& RecordCalls::of_system()
{
    static RecordCalls calls;
    return calls;
}

bool RecordSlots::load(const KeyName& key, VoteRecord& out) const
{
    return consensus::load({{{readable[0], bytes[0]}, {readable[1], bytes[1]}}}, key, out);
}

RecordSlots read_slots(const std::string& path)
{
    const Handle handle = open_file(path, O_RDONLY);
    return read_both(RecordCalls::of_system(), handle.number());
}

void RecordFile::create(const std::string& path, const KeyName& key, const VoteRecord& record)
{
    // All of it is written, so that no later write has to ask the file system for room.
    std::vector<std::uint8_t> content(record_file_bytes);
    const RecordBytes bytes = encode(record, key);
    std::copy(bytes.begin(), bytes.end(),
              content.begin() + static_cast<std::ptrdiff_t>(slot_offset(record.seq)));
    write_file(path, content, IfExists::fail);
}

RecordFile::RecordFile(const std::string& path, const KeyName& key, RecordCalls& calls)
    : calls_(calls), key_(key), handle_(open_file(path, O_RDWR))
{
    lock(handle_, path);
    const RecordSlots slots = read_both(calls_, handle_.number());
    if (!slots.readable[0] || !slots.readable[1])
        throw RecordUnusable(path, "a slot cannot be read, and may hold the newer record");
    if (!slots.load(key_, record_))
        throw RecordUnusable(path, "no record of this key");
    if (!put(slot_offset(record_.seq), slots.bytes[record_.seq & 1]))
        throw IoError(path, "flush", error_);
}

bool RecordFile::put(std::size_t offset, Bytes record) noexcept
{
    std::size_t done = 0;
    while (done < record.size())
    {
        const ssize_t n =
            calls_.write(handle_.number(), record.subspan(done), static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
        {
            error_ = n < 0 ? errno : EIO;
            return false;
        }
        done += static_cast<std::size_t>(n);
    }
    if (calls_.flush(handle_.number()) == 0)
        return true;
    error_ = errno;
    return false;
}

bool RecordFile::write(std::size_t offset, const RecordBytes& record) noexcept
{
    if (error_ != 0)
        return false;
    VoteRecord decoded;
    const bool fits =
        decode(record, static_cast<std::uint32_t>(offset / slot_spacing_bytes), key_, decoded) &&
        decoded.seq == record_.seq + 1 && offset == slot_offset(decoded.seq);
    MOTE_ASSERT(fits);
    if (!fits)
    {
        error_ = EINVAL;
        return false;
    }
    if (!put(offset, record))
        return false;
    record_ = decoded;
    return true;
}
}  // namespace mote::posix
