// The store of headers, certificates, shards and status.
#include "posix/store/chain_store.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <functional>
#include <random>

#include "platforms/platform_support.hpp"

using namespace mote::posix;
using namespace platform_test;
using Kind = StoreError::Kind;

namespace
{
std::optional<Kind> kind_of(const std::function<void()>& call)
{
    try
    {
        call();
    }
    catch (const StoreError& error)
    {
        return error.kind;
    }
    return std::nullopt;
}

ItemKey shard(std::uint64_t height, std::uint32_t row)
{
    ItemKey key = {.kind = ItemKind::shard, .zone = 3, .epoch = 1, .height = height, .part = row};
    key.subject.fill(static_cast<std::uint8_t>(height));
    return key;
}

/// Runs a statement on the file, as another program would.
void execute(const std::string& path, const char* sql)
{
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    REQUIRE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_close(database) == SQLITE_OK);
}
}  // namespace

TEST_CASE("Store: what was put is there, also after it is opened again")
{
    const Folder folder;
    const std::string path = folder / "chain.db";
    const ByteVector value = {1, 2, 3};
    {
        ChainStore store(path);
        store.put(shard(7, 0), value);
        store.put(shard(7, 1), ByteVector(100000, 9));
        store.put({.kind = ItemKind::header, .height = INT64_MAX}, {});
        store.put_status("finalized", value);
        CHECK(store.get(shard(7, 0)) == value);
        CHECK_FALSE(store.get(shard(7, 2)));
        CHECK_FALSE(store.get_status("other"));
    }
    struct stat info = {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0600);
    ChainStore store(path, {.check = true});
    CHECK(store.get(shard(7, 0)) == value);
    CHECK(store.get(shard(7, 1)) == ByteVector(100000, 9));
    CHECK(store.get({.kind = ItemKind::header, .height = INT64_MAX}) == ByteVector{});
    CHECK(store.get_status("finalized") == value);
    store.put(shard(7, 0), ByteVector{4});
    CHECK(store.get(shard(7, 0)) == ByteVector{4});
    store.put_status("finalized", ByteVector{5});
    CHECK(store.get_status("finalized") == ByteVector{5});
}

TEST_CASE("Store: every part of a key tells items apart")
{
    const Folder folder;
    ChainStore store(folder / "chain.db");
    std::vector<ItemKey> keys(7, shard(7, 1));
    keys[1].kind = ItemKind::certificate;
    keys[2].zone = ItemKey::root_chain;
    keys[3].epoch = 2;
    keys[4].height = 8;
    keys[5].subject[31] ^= 1;
    keys[6].part = UINT32_MAX;
    for (std::size_t i = 0; i < keys.size(); ++i)
        store.put(keys[i], ByteVector{static_cast<std::uint8_t>(i)});
    for (std::size_t i = 0; i < keys.size(); ++i)
        CHECK(store.get(keys[i]) == ByteVector{static_cast<std::uint8_t>(i)});
    CHECK(store.at_height(ItemKind::shard, 3, 7, 10) ==
          std::vector<ItemKey>{keys[5], keys[0], keys[6], keys[3]});
    CHECK(store.at_height(ItemKind::shard, 3, 7, 2).size() == 2);
    CHECK(store.newest(ItemKind::shard, 3) == keys[4]);
    CHECK_FALSE(store.newest(ItemKind::header, 3));
}

TEST_CASE("Store: a transaction is all or nothing")
{
    const Folder folder;
    ChainStore store(folder / "chain.db");
    {
        ChainStore::Transaction all(store);
        store.put(shard(1, 0), ByteVector{1});
        store.put_status("a", ByteVector{1});
    }
    CHECK_FALSE(store.get(shard(1, 0)));
    CHECK_FALSE(store.get_status("a"));
    {
        ChainStore::Transaction all(store);
        store.put(shard(1, 0), ByteVector{1});
        store.put_status("a", ByteVector{1});
        all.commit();
    }
    CHECK(store.get(shard(1, 0)));
    CHECK(store.get_status("a"));
}

TEST_CASE("Store: a full one refuses, keeps what it has, and has room again after pruning")
{
    const Folder folder;
    ChainStore store(folder / "chain.db", {.bytes_max = 1 << 20});
    std::uint64_t height = 0;
    const auto fill = [&]
    {
        while (true)
        {
            ChainStore::Transaction all(store);
            store.put(shard(height, 0), ByteVector(10000, 1));
            all.commit();
            ++height;
            REQUIRE(height < 1000);
        }
    };
    CHECK(kind_of(fill) == Kind::full);
    CHECK(height > 80);
    CHECK(store.bytes() <= 1 << 20);
    CHECK(store.get(shard(0, 0)));
    CHECK(store.get(shard(height - 1, 0)));
    CHECK_FALSE(store.get(shard(height, 0)));
    store.check();
    CHECK(store.prune(ItemKind::shard, 4, height) == 0);
    CHECK(store.prune(ItemKind::header, 3, height) == 0);
    CHECK(store.prune(ItemKind::shard, 3, 50) == 50);
    CHECK_FALSE(store.get(shard(49, 0)));
    CHECK(store.get(shard(50, 0)));
    const std::uint64_t before = height;
    CHECK(kind_of(fill) == Kind::full);
    CHECK(height > before + 40);
    CHECK(store.bytes() <= 1 << 20);
}

TEST_CASE("Store: arguments that it cannot keep")
{
    const Folder folder;
    ChainStore store(folder / "chain.db");
    ItemKey key = shard(1, 0);
    key.height = std::uint64_t{1} << 63;
    CHECK(kind_of([&] { store.put(key, {}); }) == Kind::argument);
    CHECK(kind_of([&] { static_cast<void>(store.get(key)); }) == Kind::argument);
    CHECK(kind_of([&] { store.prune(ItemKind::shard, 3, key.height); }) == Kind::argument);
    key = shard(1, 0);
    key.epoch = UINT64_MAX;
    CHECK(kind_of([&] { store.put(key, {}); }) == Kind::argument);
    const ByteVector large(ChainStore::value_bytes_max + 1);
    CHECK(kind_of([&] { store.put(shard(1, 0), large); }) == Kind::argument);
    store.put(shard(1, 0), Bytes(large).first(ChainStore::value_bytes_max));
    CHECK(kind_of([&] { store.put_status("", {}); }) == Kind::argument);
    CHECK(kind_of([&] { store.put_status(std::string(65, 'x'), {}); }) == Kind::argument);
}

TEST_CASE("Store: one process has it, and databases of others are left alone")
{
    const Folder folder;
    const std::string path = folder / "chain.db";
    {
        ChainStore store(path);
        CHECK(kind_of([&] { ChainStore second(path); }) == Kind::locked);
    }
    CHECK_FALSE(kind_of([&] { ChainStore second(path); }));
    execute(path, "PRAGMA user_version = 2");
    CHECK(kind_of([&] { ChainStore newer(path); }) == Kind::version);
    execute(path, "PRAGMA user_version = 1; PRAGMA application_id = 5");
    CHECK(kind_of([&] { ChainStore foreign(path); }) == Kind::foreign);
    execute(folder / "other.db", "CREATE TABLE item (x)");
    CHECK(kind_of([&] { ChainStore foreign(folder / "other.db"); }) == Kind::foreign);
    overwrite(folder / "text.db", bytes_of(std::string(5000, 'x')));
    CHECK(kind_of([&] { ChainStore text(folder / "text.db"); }) == Kind::damaged);
    CHECK(kind_of([&] { ChainStore none(folder / "no/chain.db"); }) == Kind::io);
}

TEST_CASE("Store: a value that rotted is not returned")
{
    const Folder folder;
    const std::string path = folder / "chain.db";
    {
        ChainStore store(path);
        store.put(shard(1, 0), ByteVector{1, 2, 3});
        store.put(shard(2, 0), ByteVector{1, 2, 3});
        store.put_status("a", ByteVector{1, 2, 3});
    }
    execute(path, "UPDATE item SET value = x'010204' WHERE height = 1");
    execute(path, "UPDATE status SET value = x'010204'");
    ChainStore store(path);
    CHECK(kind_of([&] { static_cast<void>(store.get(shard(1, 0))); }) == Kind::damaged);
    CHECK(store.get(shard(2, 0)));
    CHECK(kind_of([&] { static_cast<void>(store.get_status("a")); }) == Kind::damaged);
    CHECK(kind_of([&] { store.check(); }) == Kind::damaged);
}

TEST_CASE("Store: a value under another key is not returned")
{
    const Folder folder;
    const std::string path = folder / "chain.db";
    {
        ChainStore store(path);
        store.put(shard(1, 0), ByteVector{1, 2, 3});
    }
    execute(path, "UPDATE item SET height = 2, subject = zeroblob(32)");
    ChainStore store(path);
    ItemKey moved = shard(2, 0);
    moved.subject.fill(0);
    CHECK(kind_of([&] { static_cast<void>(store.get(moved)); }) == Kind::damaged);
}

TEST_CASE("Store: a file with any damage gives what was put, nothing, or an error")
{
    const Folder folder;
    const std::string path = folder / "chain.db";
    {
        ChainStore store(path);
        for (std::uint64_t height = 0; height < 40; ++height)
            store.put(shard(height, 0), ByteVector(300, static_cast<std::uint8_t>(height)));
    }
    const ByteVector good = content_of(path);
    std::mt19937 random(3);
    int errors = 0;
    for (int round = 0; round < 150; ++round)
    {
        ByteVector damaged = good;
        const int changes = round % 2 == 0 ? 1 : 50;
        for (int i = 0; i < changes; ++i)
            damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
        if (round % 10 == 0)
            damaged.resize(random() % damaged.size());
        std::filesystem::remove(path + "-wal");
        overwrite(path, damaged);
        const auto use = [&]
        {
            ChainStore store(path);
            for (std::uint64_t height = 0; height < 40; ++height)
            {
                const auto value = store.get(shard(height, 0));
                CHECK((!value || *value == ByteVector(300, static_cast<std::uint8_t>(height))));
            }
            store.put(shard(99, 0), ByteVector{1});
            store.check();
        };
        errors += kind_of(use) ? 1 : 0;
    }
    CHECK(errors > 20);
}
