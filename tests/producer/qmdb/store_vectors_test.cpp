// tests/vectors/qmdb through the store, with 1, 2 and 8 workers: roots, numbers, the bytes of the
// logs, proofs and witnesses.
#include <catch2/catch.hpp>

#include "hash/sha256.hpp"
#include "producer/qmdb/qmdb_support.hpp"

using namespace qmdb_test;
using state_test::Json;
using state_test::read;
using state_test::text;
using state_test::unhex;

namespace
{
std::string sha(const std::string& bytes)
{
    return hex(
        mote::hash::sha256({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}));
}

// A store after one of the histories, as long as proofs and witnesses need it.
struct Run
{
    MemoryDisk disk;
    std::unique_ptr<Store> store;
    std::string roots;

    explicit Run(unsigned workers)
    {
        create(disk, std::uint64_t{1} << 16);
        store = std::make_unique<Store>(disk, with_workers(workers));
    }
    void apply(const std::vector<Op>& ops)
    {
        const auto root =
            qmdb_test::apply(*store, store->head().height + 1, ops);  // the creation's wraps to 0
        roots.append(root.begin(), root.end());
    }
};

void check_numbers(Store& store, unsigned s, const Json& expect)
{
    const auto& numbers = store.head().shards[s];
    REQUIRE(numbers.next_sn == expect[0]);
    REQUIRE(numbers.floor == expect[1]);
    REQUIRE(numbers.active_count == expect[2]);
}

std::vector<std::uint8_t> logs(MemoryDisk& disk)
{
    std::vector<std::uint8_t> all;
    for (const std::string& name : disk.names())
        if (name.rfind("log-", 0) == 0 || name == "blocks")
        {
            const auto bytes = disk.content(name);
            all.insert(all.end(), bytes.begin(), bytes.end());
        }
    return all;
}

Json history(const Json& file, const std::string& name)
{
    for (const Json& item : file)
        if (item["name"] == name)
            return item;
    throw std::runtime_error("no history " + name);
}
}  // namespace

TEST_CASE("the store: creation")
{
    MemoryDisk disk;
    create(disk);
    const Store store(disk);
    const Json file = read("constants.json");
    CHECK(hex(store.head().root) == text(file["creation"]["state"]));
    CHECK(store.head().height == mote::qmdb::no_height);
}

TEST_CASE("the store: edge cases")
{
    for (const Json& item : read("edge.json"))
    {
        const std::string note = item["note"];
        INFO(note);
        const Blocks blocks = item.contains("text")
                                  ? mote::test::parse_batch_text(text(item["text"]))
                                  : mote::test::long_edge_case(note);
        Run run(1);
        for (std::size_t i = 0; i < blocks.size(); ++i)
        {
            REQUIRE(hex(qmdb_test::apply(*run.store, i + 1, blocks[i])) == text(item["roots"][i]));
            run.store->finalize();
        }
        for (const auto& [number, expect] : item["shards"].items())
            check_numbers(*run.store, static_cast<unsigned>(std::stoul(number)), expect);
    }
}

TEST_CASE("the store: histories, the same bytes for any number of workers")
{
    for (const Json& item : read("histories.json"))
    {
        INFO(text(item["name"]));
        const std::size_t ops = item["ops"];
        if (mote::test::sanitized && ops > 20000)
            continue;
        const Blocks blocks = mote::test::generate_history(item["history"]);
        REQUIRE(blocks.size() == item["blocks"]);
        REQUIRE(sha(mote::test::batch_text(blocks)) == text(item["text_sha256"]));
        std::vector<std::uint8_t> bytes;
        for (const unsigned workers : {1U, 2U, 8U})
        {
            if (workers != 1 && ops > 20000)
                continue;
            Run run(workers);
            std::string roots;
            for (std::size_t i = 0; i < blocks.size(); ++i)
            {
                const auto root = qmdb_test::apply(*run.store, i + 1, blocks[i]);
                roots.append(root.begin(), root.end());
                if (const std::string height = std::to_string(i + 1);
                    item["roots"].contains(height))
                    REQUIRE(hex(root) == text(item["roots"][height]));
                if (i % 3 == 0)
                    run.store->finalize();
            }
            run.store->finalize();
            CHECK(sha(roots) == text(item["roots_sha256"]));
            for (unsigned s = 0; s < 16; ++s)
                check_numbers(*run.store, s, item["shards"][s]);
            if (workers == 1)
                bytes = logs(run.disk);
            else
                REQUIRE(logs(run.disk) == bytes);
        }
    }
}

TEST_CASE("the store: proofs of the vectors, byte for byte")
{
    const Json histories = read("histories.json"), proofs = read("proofs.json");
    for (const std::string name : {"mixed", "one-shard"})
    {
        Run run(2);
        const Blocks blocks = mote::test::generate_history(history(histories, name)["history"]);
        for (std::size_t i = 0; i < blocks.size(); ++i)
            qmdb_test::apply(*run.store, i + 1, blocks[i]);
        run.store->finalize();
        std::size_t compared = 0;
        for (const Json& item : proofs["proofs"])
        {
            if (item["state"] != name)
                continue;
            INFO(text(item["note"]));
            REQUIRE(hex(run.store->head().root) == text(item["root"]));
            mote::qmdb::Selection selection;
            bool all_proven = true;
            for (const Json& question : item["questions"])
            {
                const Octets key = unhex(text(question["key"]));
                all_proven = all_proven && question["answer"] != "unproven";
                if (question["answer"] == "unproven")
                    continue;
                if (question["height"].is_null())
                    select_key(*run.store, key, selection);
                else
                    select_past(*run.store, key, question["height"], selection);
            }
            // One opens an entry that answers nothing; the batch asks of keys it does not open.
            if (!all_proven && item["note"] != "batch")
                continue;
            CHECK(hex(build_proof(*run.store, selection)) == text(item["proof"]));
            ++compared;
        }
        CHECK(compared >= (name == "mixed" ? 11U : 4U));
    }
}

TEST_CASE("the store: witnesses of the vectors, byte for byte")
{
    const Json histories = read("histories.json");
    for (const Json& item : read("witnesses.json"))
    {
        const std::string name = text(item["history"]);
        INFO(name);
        const std::uint64_t height = item["height"];
        const bool edge = name.find("neighbours") != std::string::npos;
        const Blocks blocks =
            edge ? mote::test::long_edge_case(name)
                 : mote::test::generate_history(history(histories, name)["history"]);
        Run run(1);
        for (std::uint64_t i = 0; i + 1 < height; ++i)
            qmdb_test::apply(*run.store, i + 1, blocks[i]);
        REQUIRE(hex(run.store->head().root) == text(item["old_root"]));
        const Blocks batch = mote::test::parse_batch_text(text(item["batch"]));
        std::vector<Octets> keys;
        if (item.contains("reads"))
            for (const Json& key : item["reads"])
                keys.push_back(unhex(text(key)));
        const std::vector<mote::qmdb::ByteView> reads(keys.begin(), keys.end());
        CHECK(hex(build_witness(*run.store, operations(batch[0]), reads)) == text(item["witness"]));
        CHECK(hex(qmdb_test::apply(*run.store, height, batch[0])) == text(item["new_root"]));
    }
}
