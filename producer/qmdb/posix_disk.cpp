#include "qmdb/posix_disk.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace mote::qmdb
{
namespace
{
[[noreturn]] void fail(const std::string& file, std::uint64_t offset, const char* call)
{
    const int error = errno;
    throw IoError(file, offset, error,
                  file + ": " + call + ": " + std::generic_category().message(error));
}

class PosixFile : public File
{
  public:
    PosixFile(std::string path, int handle) : path_(std::move(path)), handle_(handle) {}
    ~PosixFile() override { ::close(handle_); }
    PosixFile(const PosixFile&) = delete;

    std::size_t read(std::uint64_t offset, std::span<std::uint8_t> out) override
    {
        std::size_t done = 0;
        while (done < out.size())
        {
            const ssize_t n = ::pread(handle_, out.data() + done, out.size() - done,
                                      static_cast<off_t>(offset + done));
            if (n == 0)
                break;
            if (n < 0 && errno != EINTR)
                fail(path_, offset + done, "read");
            done += n > 0 ? static_cast<std::size_t>(n) : 0;
        }
        return done;
    }

    void write(std::uint64_t offset, ByteView bytes) override
    {
        std::size_t done = 0;
        while (done < bytes.size())
        {
            const ssize_t n = ::pwrite(handle_, bytes.data() + done, bytes.size() - done,
                                       static_cast<off_t>(offset + done));
            if (n < 0 && errno != EINTR)
                fail(path_, offset + done, "write");
            done += n > 0 ? static_cast<std::size_t>(n) : 0;
        }
    }

    void sync() override
    {
        if (::fdatasync(handle_) != 0)
            fail(path_, 0, "fdatasync");
    }

    std::uint64_t size() override
    {
        struct stat info = {};
        if (::fstat(handle_, &info) != 0)
            fail(path_, 0, "fstat");
        return static_cast<std::uint64_t>(info.st_size);
    }

    void truncate(std::uint64_t bytes) override
    {
        if (::ftruncate(handle_, static_cast<off_t>(bytes)) != 0)
            fail(path_, bytes, "ftruncate");
    }

  private:
    std::string path_;
    int handle_;
};
}  // namespace

PosixDisk::PosixDisk(std::string folder, bool create) : folder_(std::move(folder))
{
    if (create)
    {
        if (::mkdir(folder_.c_str(), 0777) != 0 && errno != EEXIST)
            fail(folder_, 0, "mkdir");
        // The name of a new folder is safe when its parent is.
        const int parent = ::open((folder_ + "/..").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (parent >= 0)
        {
            static_cast<void>(::fsync(parent));
            ::close(parent);
        }
    }
    handle_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle_ < 0)
        fail(folder_, 0, "open");
}

PosixDisk::~PosixDisk() { ::close(handle_); }

std::unique_ptr<File> PosixDisk::open(const std::string& name, bool create)
{
    const int flags = O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0);
    int handle = -1;
#if defined(O_NOATIME)
    // Only the owner may ask for it.
    handle = ::openat(handle_, name.c_str(), flags | O_NOATIME, 0666);
#endif
    if (handle < 0)
        handle = ::openat(handle_, name.c_str(), flags, 0666);
    if (handle < 0)
        fail(folder_ + "/" + name, 0, "open");
    return std::make_unique<PosixFile>(folder_ + "/" + name, handle);
}

bool PosixDisk::exists(const std::string& name)
{
    return ::faccessat(handle_, name.c_str(), F_OK, 0) == 0;
}

void PosixDisk::remove(const std::string& name)
{
    if (::unlinkat(handle_, name.c_str(), 0) != 0 && errno != ENOENT)
        fail(folder_ + "/" + name, 0, "unlink");
}

void PosixDisk::sync_names()
{
    if (::fsync(handle_) != 0)
        fail(folder_, 0, "fsync");
}

std::vector<std::string> PosixDisk::names()
{
    std::vector<std::string> out;
    std::error_code error;
    for (const auto& item : std::filesystem::directory_iterator(folder_, error))
        out.push_back(item.path().filename().string());
    if (error)
        throw IoError(folder_, 0, error.value(), folder_ + ": " + error.message());
    std::sort(out.begin(), out.end());
    return out;
}

std::shared_ptr<void> PosixDisk::lock()
{
    const int handle = ::openat(handle_, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (handle < 0)
        fail(folder_ + "/lock", 0, "open");
    if (::flock(handle, LOCK_EX | LOCK_NB) != 0)
    {
        const int error = errno;
        ::close(handle);
        errno = error;
        if (error == EWOULDBLOCK)
            throw IoError(folder_ + "/lock", 0, error, folder_ + " is in use by another process");
        fail(folder_ + "/lock", 0, "flock");
    }
    return {nullptr, [handle](void*) { ::close(handle); }};
}
}  // namespace mote::qmdb
