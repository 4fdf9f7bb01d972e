// Digests of a store's files after a fixed history: a changed digest is a changed format, and wants
// another version number.
#include <catch2/catch.hpp>

#include "hash/sha256.hpp"
#include "producer/qmdb/qmdb_support.hpp"

using namespace qmdb_test;

TEST_CASE("the files of a store are what they were")
{
    MemoryDisk disk;
    create(disk);
    {
        OpenOptions options;
        options.checkpoint_on_close = false;
        Store store(disk, options);
        RandomBlocks blocks{SplitMix(71), 200, 400, 10, 60, 0};
        for (std::uint64_t height = 3; height < 60; height += 3)
        {
            apply(store, height, blocks.next());
            store.finalize();
        }
        REQUIRE(store.checkpoint());
        CHECK(hex(store.head().root) ==
              "58ab7681d18e5591a8ade200663b28bb85e43adee54c1256366ac8ea23631c03");
    }
    const std::map<std::string, std::string> expected = {
        {"superblock", "17c9f9eb441880297c915493d2b7b9582da7cdbff23aebc60cafdb787981c5e4"},
        {"blocks", "c5222fe653a776f7ad9638c57f7ec05205c0f55848b46f55535493eb4516471f"},
        {"changes-00000000", "b2b67877a4c9125bec92e4d0c810c2e405bd9cd52b8e3d5d5b518075c3ae3698"},
        {"log-00-00000003", "809f860549bd1acbd9a6b00dfd77ebee38e5b654b7963bb5acd080d42fc37d79"},
        {"log-15-00000000", "30c3e6924111a02c85afa29a04937e3e80517ed703ba12f510277d5f379f9d17"},
    };
    for (const auto& [name, digest] : expected)
    {
        INFO(name);
        CHECK(hex(mote::hash::sha256(disk.content(name))) == digest);
    }
}
