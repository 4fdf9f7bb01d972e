#include "qmdb/posix_disk.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "producer/qmdb/qmdb_support.hpp"

#if defined(MOTE_HAVE_LIBURING)
#include <fcntl.h>

#include "qmdb/uring_reader.hpp"
#endif

using namespace qmdb_test;
using mote::qmdb::PosixDisk;
using mote::qmdb::PosixOptions;
using mote::qmdb::ReadRequest;

namespace
{
// A folder that goes away with its user.
struct Folder
{
    std::string path;
    Folder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "mote-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error("no temporary folder");
        path = pattern;
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

std::vector<PosixOptions> all_options()
{
    return {{false, false}, {false, true}, {true, false}, {true, true}};
}
}  // namespace

TEST_CASE("many reads at once are the same as one after the other")
{
    for (const PosixOptions& options : all_options())
    {
        const Folder folder;
        PosixDisk disk(folder.path, false, options);
        INFO(disk.backend());
        SplitMix random(1);
        std::vector<std::unique_ptr<mote::qmdb::File>> files;
        std::vector<Octets> contents;
        for (int i = 0; i < 3; ++i)
        {
            contents.push_back(random.bytes(1 + random.below(200'000)));
            files.push_back(disk.open("log-0" + std::to_string(i) + "-00000000", true));
            files.back()->write(0, contents.back());
            files.back()->sync();
        }
        for (const std::size_t count : {0U, 1U, 2U, 127U, 128U, 129U, 1000U})
        {
            std::vector<Octets> bytes(count);
            std::vector<ReadRequest> requests;
            std::vector<std::size_t> of;
            for (Octets& one : bytes)
            {
                of.push_back(random.below(files.size()));
                const std::size_t size = contents[of.back()].size();
                // Across blocks, across the end, behind it, longer than a block.
                const std::uint64_t offset = random.below(size + 5000);
                one.assign(random.below(30) == 0 ? 1 + random.below(20'000) : 1 + random.below(200),
                           0xee);
                requests.push_back({files[of.back()].get(), offset, one});
            }
            disk.read_many(requests);
            for (std::size_t i = 0; i < count; ++i)
            {
                const Octets& content = contents[of[i]];
                const std::size_t offset =
                    std::min<std::size_t>(requests[i].offset, content.size());
                const std::size_t got = std::min(bytes[i].size(), content.size() - offset);
                REQUIRE(requests[i].got == got);
                REQUIRE(std::equal(bytes[i].begin(), bytes[i].begin() + static_cast<int>(got),
                                   content.begin() + static_cast<int>(offset)));
            }
        }
    }
}

TEST_CASE("a store on a folder is the store in memory, however it reads")
{
    RandomBlocks source{SplitMix(9), 300, 400, 20, 300};
    std::vector<std::vector<Op>> blocks;
    for (int i = 0; i < 30; ++i)
        blocks.push_back(source.next());
    for (PosixOptions options : all_options())
    {
        const Folder folder;
        PosixDisk disk(folder.path, false, options);
        INFO(disk.backend());
        create(disk, 65536);
        model::State state;
        for (std::size_t i = 0; i < blocks.size();)
        {
            OpenOptions open;
            open.workers = 2;
            open.memory_bytes = 0;
            Store store(disk, open);
            check_equal(store, state);
            for (const std::size_t end = i + 10; i < end; ++i)
            {
                const auto root = state.apply(i + 1, blocks[i]);
                REQUIRE(hex(apply(store, i + 1, blocks[i])) == hex(root));
                if (i % 3 != 0)
                    store.start_finalize();
            }
            store.finalize();
        }
    }
}

#if defined(MOTE_HAVE_LIBURING)
TEST_CASE("a read that fails is named, and what was in flight does no harm")
{
    const auto reader = mote::qmdb::UringReader::make();
    if (reader == nullptr)
    {
        WARN("the kernel offers no io_uring: not tested");
        return;
    }
    const Folder folder;
    const std::string name = folder.path + "/file";
    const int handle = open(name.c_str(), O_RDWR | O_CREAT, 0600);
    REQUIRE(handle >= 0);
    const Octets content(100'000, 7);
    REQUIRE(write(handle, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    std::vector<Octets> bytes(500, Octets(100));
    std::vector<ReadRequest> requests;
    for (Octets& one : bytes)
        requests.push_back({nullptr, 50, one});
    for (const std::size_t bad : {0U, 3U, 130U, 499U})
    {
        std::vector<mote::qmdb::UringRead> reads;
        for (std::size_t i = 0; i < requests.size(); ++i)
            reads.push_back({i == bad ? -1 : handle, false, &requests[i]});
        std::size_t failed = 0;
        REQUIRE(reader->read(reads, failed) == EBADF);
        REQUIRE(failed == bad);
        // The ring works on.
        reads[bad].handle = handle;
        REQUIRE(reader->read(reads, failed) == 0);
        for (const Octets& one : bytes)
            REQUIRE(one == Octets(100, 7));
    }
    close(handle);
}
#endif
