// Codes that stay: saved, found again, refused when the file is not what was written.
#include "world_state/code_store.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "hash/keccak.hpp"
#include "state/hashing.hpp"

using namespace mote;
using world_state::Code;
using world_state::CodeStore;
using world_state::CodeStoreError;
using world_state::Hash;

namespace
{
class Folder
{
  public:
    Folder() : path_(std::filesystem::temp_directory_path() / "mote-code-store-test")
    {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file(const char* name = "codes.sqlite") const
    {
        return (path_ / name).string();
    }

  private:
    std::filesystem::path path_;
};

std::vector<std::uint8_t> code(unsigned n)
{
    std::vector<std::uint8_t> out(100 + n);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>(i * 7 + n);
    return out;
}
}  // namespace

TEST_CASE("Codes and block hashes are there again after save, and only then")
{
    const Folder folder;
    {
        CodeStore store(folder.file());
        for (unsigned n = 0; n < 20; ++n)
            store.add(hash::keccak_256(code(n)), code(n));
        for (std::uint64_t number = 1; number <= 300; ++number)
            store.set_block_hash(number, Hash{static_cast<std::uint8_t>(number)});
        store.save();
        store.add(hash::keccak_256(code(99)), code(99));
    }
    CodeStore store(folder.file(), 500);
    for (unsigned n = 0; n < 20; ++n)
    {
        const Code* const found = store.find(hash::keccak_256(code(n)));
        REQUIRE(found != nullptr);
        CHECK(found->bytes == code(n));
        CHECK(found->root == state::code_root(code(n)));
    }
    CHECK(store.find(hash::keccak_256(code(99))) == nullptr);
    CHECK(!store.block_hash(44));
    REQUIRE(store.block_hash(45));
    CHECK((*store.block_hash(300))[0] == 300 % 256);
    CHECK(!store.block_hash(301));
    CHECK(!store.block_hash(~std::uint64_t{0}));
    CHECK_THROWS_AS(store.set_block_hash(~std::uint64_t{0}, {}), CodeStoreError);
    // What is not saved is not forgotten.
    store.add(hash::keccak_256(code(50)), code(50));
    store.trim();
    CHECK(store.find(hash::keccak_256(code(50)))->bytes == code(50));
    CHECK(store.find(hash::keccak_256(code(3)))->bytes == code(3));
}

TEST_CASE("Threads find codes at once")
{
    CodeStore store(":memory:");
    for (unsigned n = 0; n < 30; ++n)
        store.add(hash::keccak_256(code(n)), code(n));
    store.save();
    store.trim();
    std::atomic<unsigned> wrong = 0;
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t)
        threads.emplace_back(
            [&]
            {
                for (unsigned n = 0; n < 30; ++n)
                {
                    const Code* const found = store.find(hash::keccak_256(code(n)));
                    wrong += found == nullptr || found->bytes != code(n) ? 1 : 0;
                }
            });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("A file that is not one of ours, or in use, is refused")
{
    const Folder folder;
    std::ofstream(folder.file("text")) << std::string(5000, 'x');
    CHECK_THROWS_AS(CodeStore(folder.file("text")), CodeStoreError);
    CHECK_THROWS_AS(CodeStore(folder.file("no/such/folder")), CodeStoreError);
    CodeStore first(folder.file());
    CHECK_THROWS_AS(CodeStore(folder.file()), CodeStoreError);
}

TEST_CASE("A code whose bytes rotted is damage, not another code")
{
    const Folder folder;
    const auto original = code(7);
    {
        CodeStore store(folder.file());
        store.add(hash::keccak_256(original), original);
        store.save();
    }
    std::filesystem::remove(folder.file() + "-wal");
    std::string bytes;
    {
        std::ifstream in(folder.file(), std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(in), {});
    }
    const std::string needle(original.begin() + 40, original.begin() + 80);
    const std::size_t at = bytes.find(needle);
    REQUIRE(at != std::string::npos);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    std::ofstream(folder.file(), std::ios::binary) << bytes;
    CodeStore store(folder.file());
    CHECK_THROWS_AS(store.find(hash::keccak_256(original)), CodeStoreError);
}
