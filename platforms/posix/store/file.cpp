#include "posix/store/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace mote::posix
{
namespace
{
[[noreturn]] void fail(const std::string& path, const char* call)
{
    throw IoError(path, call, errno);
}

std::string folder_of(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// Makes the names in a folder durable.
void flush_folder(const std::string& path)
{
    const Handle folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open())
        fail(path, "open");
    // Some file systems do not offer it for folders, and need it no less or not at all.
    if (::fsync(folder.number()) != 0 && errno != EINVAL)
        fail(path, "fsync");
}

/// A file without its final name; unlinked unless it got one.
class Draft
{
  public:
    explicit Draft(const std::string& path) : name_(path + ".XXXXXX")
    {
        handle_ = Handle(::mkostemp(name_.data(), O_CLOEXEC));  // 0600
        if (!handle_.is_open())
            fail(path, "create");
    }
    ~Draft()
    {
        if (!name_.empty())
            static_cast<void>(::unlink(name_.c_str()));
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    void write(Bytes content)
    {
        while (!content.empty())
        {
            const ssize_t n = ::write(handle_.number(), content.data(), content.size());
            if (n < 0 && errno != EINTR)
                fail(name_, "write");
            content = content.subspan(n > 0 ? static_cast<std::size_t>(n) : 0);
        }
        if (flush_data(handle_.number()) != 0)
            fail(name_, "flush");
    }

    void name(const std::string& path, IfExists if_exists)
    {
        if (if_exists == IfExists::replace)
        {
            if (::rename(name_.c_str(), path.c_str()) != 0)
                fail(path, "rename");
            name_.clear();
            return;
        }
        // A link, unlike a rename, does not replace.
        if (::link(name_.c_str(), path.c_str()) == 0)
            return;
#if defined(RENAME_NOREPLACE)
        // There are no links on FAT.
        if (errno == EPERM &&
            ::renameat2(AT_FDCWD, name_.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0)
        {
            name_.clear();
            return;
        }
#endif
        fail(path, "create");
    }

  private:
    std::string name_;
    Handle handle_;
};
}  // namespace

IoError::IoError(const std::string& path, const char* call, int error)
    : std::runtime_error(path + ": " + call + ": " + std::generic_category().message(error)),
      code(error)
{
}

Handle::~Handle()
{
    if (number_ >= 0)
        static_cast<void>(::close(number_));
}

int flush_data(int handle) noexcept
{
    int result;
    do
    {
#if defined(__APPLE__)
        result = ::fcntl(handle, F_FULLFSYNC);
#else
        result = ::fdatasync(handle);
#endif
    } while (result != 0 && errno == EINTR);
    return result;
}

void write_file(const std::string& path, Bytes content, IfExists if_exists)
{
    {
        Draft draft(path);
        draft.write(content);
        draft.name(path, if_exists);
    }
    flush_folder(folder_of(path));
}

std::vector<std::uint8_t> read_file(const std::string& path, std::size_t bytes_max)
{
    Handle opened;
    int number = STDIN_FILENO;
    if (path != "-")
    {
        opened = Handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        number = opened.number();
        if (!opened.is_open())
            fail(path, "open");
    }
    std::vector<std::uint8_t> out;
    std::array<std::uint8_t, 4096> part;
    while (true)
    {
        const ssize_t n = ::read(number, part.data(), part.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            fail(path, "read");
        if (n == 0)
            return out;
        if (out.size() + static_cast<std::size_t>(n) > bytes_max)
            throw IoError(path, "read", EFBIG);
        out.insert(out.end(), part.begin(), part.begin() + n);
    }
}

void make_folder(const std::string& path)
{
    if (::mkdir(path.c_str(), 0700) != 0)
    {
        struct stat info = {};
        if (errno != EEXIST || ::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
            fail(path, "mkdir");
        return;
    }
    flush_folder(path + "/..");
}
}  // namespace mote::posix
