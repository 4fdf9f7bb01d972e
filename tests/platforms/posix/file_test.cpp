// New files: whole, for their owner only, and never in the place of another.
#include "posix/store/file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <functional>

#include "platforms/platform_support.hpp"

using namespace mote::posix;
using namespace platform_test;

namespace
{
int code_of(const std::function<void()>& call)
{
    try
    {
        call();
    }
    catch (const IoError& error)
    {
        return error.code;
    }
    return 0;
}
}  // namespace

TEST_CASE("File: a new one is readable by its owner only, and leaves nothing beside it")
{
    const Folder folder;
    const mode_t before = ::umask(0);
    write_file(folder / "a", bytes_of("one"), IfExists::fail);
    ::umask(before);
    CHECK(content_of(folder / "a") == bytes_of("one"));
    struct stat info = {};
    REQUIRE(::stat((folder / "a").c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0600);
    CHECK(folder.entries() == 1);
}

TEST_CASE("File: an old one is kept, or replaced as a whole")
{
    const Folder folder;
    write_file(folder / "a", bytes_of("one"), IfExists::fail);
    CHECK(code_of([&] { write_file(folder / "a", bytes_of("two"), IfExists::fail); }) == EEXIST);
    CHECK(content_of(folder / "a") == bytes_of("one"));
    CHECK(folder.entries() == 1);
    write_file(folder / "a", bytes_of("two"), IfExists::replace);
    CHECK(content_of(folder / "a") == bytes_of("two"));
    CHECK(folder.entries() == 1);
}

TEST_CASE("File: what cannot be written or read says so")
{
    const Folder folder;
    CHECK(code_of([&] { write_file(folder / "no/a", bytes_of("x"), IfExists::fail); }) == ENOENT);
    CHECK(code_of([&] { static_cast<void>(read_file(folder / "no", 10)); }) == ENOENT);
    overwrite(folder / "a", ByteVector(5000, 7));
    CHECK(read_file(folder / "a", 5000) == ByteVector(5000, 7));
    CHECK(code_of([&] { static_cast<void>(read_file(folder / "a", 4999)); }) == EFBIG);
    CHECK(code_of([&] { make_folder(folder / "a"); }) == EEXIST);
    make_folder(folder / "b");
    make_folder(folder / "b");
    CHECK(std::filesystem::is_directory(folder / "b"));
}
