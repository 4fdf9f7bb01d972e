#include "qmdb/posix_disk.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#if defined(MOTE_HAVE_LIBURING)
#include "qmdb/uring_reader.hpp"
#else
namespace mote::qmdb
{
class UringReader
{
};
}  // namespace mote::qmdb
#endif

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
    /// Shape   direct_handle: the same file past the page cache, or -1.
    PosixFile(std::string path, int handle, int direct_handle)
        : path_(std::move(path)), handle_(handle), direct_handle_(direct_handle)
    {
    }
    ~PosixFile() override
    {
        ::close(handle_);
        if (direct_handle_ >= 0)
            ::close(direct_handle_);
    }
    PosixFile(const PosixFile&) = delete;

    [[nodiscard]] bool direct() const { return direct_handle_ >= 0; }
    [[nodiscard]] int read_handle() const { return direct() ? direct_handle_ : handle_; }
    [[nodiscard]] const std::string& path() const { return path_; }

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
#if defined(POSIX_FADV_DONTNEED)
        if (direct())
            static_cast<void>(::posix_fadvise(handle_, 0, 0, POSIX_FADV_DONTNEED));
#endif
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
    int handle_, direct_handle_;
};
}  // namespace

PosixDisk::PosixDisk(std::string folder, bool create, const PosixOptions& options)
    : folder_(std::move(folder)), options_(options)
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
    int direct_handle = -1;
#if defined(O_DIRECT)
    if (options_.direct && name.starts_with("log-"))
        direct_handle = ::openat(handle_, name.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
#endif
    return std::make_unique<PosixFile>(folder_ + "/" + name, handle, direct_handle);
}

#if defined(MOTE_HAVE_LIBURING)
std::unique_ptr<UringReader> PosixDisk::take_reader()
{
    {
        const std::lock_guard guard(readers_mutex_);
        if (!options_.io_uring)
            return nullptr;
        if (!readers_.empty())
        {
            auto reader = std::move(readers_.back());
            readers_.pop_back();
            return reader;
        }
    }
    auto reader = UringReader::make();
    if (reader == nullptr)
    {
        // Not offered, or forbidden: it will not be asked for again.
        const std::lock_guard guard(readers_mutex_);
        options_.io_uring = false;
    }
    return reader;
}

void PosixDisk::give_back(std::unique_ptr<UringReader> reader)
{
    const std::lock_guard guard(readers_mutex_);
    readers_.push_back(std::move(reader));
}

void PosixDisk::read_many(std::span<ReadRequest> requests)
{
    auto reader = requests.size() > 1 ? take_reader() : nullptr;
    if (reader == nullptr)
        return Disk::read_many(requests);
    std::vector<UringRead> reads;
    reads.reserve(requests.size());
    for (ReadRequest& request : requests)
    {
        const auto& file = static_cast<const PosixFile&>(*request.file);
        request.got = 0;
        if (request.out.size() <= UringReader::request_bytes_max)
            reads.push_back({file.read_handle(), file.direct(), &request});
    }
    std::size_t failed = 0;
    if (const int error = reader->read(reads, failed); error != 0)
    {
        const ReadRequest& request = *reads[failed].request;
        errno = error;
        fail(static_cast<const PosixFile&>(*request.file).path(), request.offset, "read");
    }
    give_back(std::move(reader));
    // Long ones, and what came short: at the end of a file, or for no reason.
    for (ReadRequest& request : requests)
        if (request.got < request.out.size())
            request.got +=
                request.file->read(request.offset + request.got, request.out.subspan(request.got));
}

std::string PosixDisk::backend()
{
    std::string text = "pread and pwrite";
    if (auto reader = take_reader())
    {
        text =
            std::string("io_uring, buffers ") + (reader->registered() ? "" : "not ") + "registered";
        give_back(std::move(reader));
    }
    return text + (options_.direct ? ", past the page cache" : ", in the page cache");
}
#else
std::unique_ptr<UringReader> PosixDisk::take_reader() { return nullptr; }
void PosixDisk::give_back(std::unique_ptr<UringReader>) {}
void PosixDisk::read_many(std::span<ReadRequest> requests) { Disk::read_many(requests); }
std::string PosixDisk::backend()
{
    return std::string("pread and pwrite") +
           (options_.direct ? ", past the page cache" : ", in the page cache");
}
#endif

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
