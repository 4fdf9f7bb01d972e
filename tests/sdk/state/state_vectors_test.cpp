// tests/vectors/qmdb: formats, proofs and witnesses through sdk/state; histories through the model,
// so that what the other tests compare with is itself compared.
#include <catch2/catch.hpp>

#include "hash/sha256.hpp"
#include "sdk/state/state_support.hpp"
#include "tools/effort.hpp"

using namespace mote::state;
using namespace state_test;
using mote::test::Blocks;
namespace model = mote::test::model;

namespace
{

std::string sha(const std::string& text)
{
    return hex(
        mote::hash::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

void check_shards(const model::State& state, const Json& shards)
{
    for (const auto& [number, expect] : shards.items())
    {
        const model::Shard& shard = state.shards[std::stoul(number)];
        REQUIRE(shard.next_sn() == expect[0]);
        REQUIRE(shard.floor == expect[1]);
        REQUIRE(shard.list.size() == expect[2]);
    }
}
}  // namespace

TEST_CASE("constants")
{
    const Json file = read("constants.json");
    CHECK(hex(domain_key(Domain::key)) == text(file["domains"]["key"]));
    CHECK(hex(domain_key(Domain::leaf)) == text(file["domains"]["leaf"]));
    CHECK(hex(domain_key(Domain::node)) == text(file["domains"]["node"]));
    CHECK(hex(domain_key(Domain::bits)) == text(file["domains"]["bits"]));
    CHECK(hex(domain_key(Domain::shard)) == text(file["domains"]["shard"]));
    CHECK(hex(domain_key(Domain::state)) == text(file["domains"]["state"]));
    CHECK(hex(domain_key(Domain::code)) == text(file["domains"]["code"]));
    CHECK(hex(model::compress(digest(file["kh"]["key"]), unhex(file["kh"]["message"]).data(), 64,
                              27)) == text(file["kh"]["out"]));
    for (std::uint32_t level = 0; level <= log_levels_max; ++level)
        CHECK(hex(null_node(level)) == text(file["null"][std::to_string(level)]));
    for (const Json& item : file["key_hash"])
        CHECK(hex(key_hash(unhex(item["key"]))) == text(item["hash"]));
    for (const Json& item : file["code_root"])
        CHECK(hex(code_root(unhex(item["code"]))) == text(item["root"]));
    for (const Json& item : file["entries"])
    {
        const Octets key = unhex(item["key"]), value = unhex(item["value"]);
        const std::vector<std::uint64_t> names = item["dsn"];
        const EntryFields fields = {key, value, digest(item["next"]), item["version"], item["sn"]};
        Octets bytes(entry_bytes_max);
        bytes.resize(encode_entry(fields, names.data(), names.size(), bytes.data()));
        CHECK(hex(bytes) == text(item["bytes"]));
        CHECK(hex(chain(Domain::leaf, bytes)) == text(item["leaf"]));
    }
    const model::State created;
    for (unsigned i = 0; i < 16; ++i)
        CHECK(hex(created.shards[i].root()) == text(file["creation"]["shards"][i]));
    CHECK(hex(created.root()) == text(file["creation"]["state"]));
    std::array<Digest, shard_count> roots;
    for (std::size_t i = 0; i < roots.size(); ++i)
        roots[i] = digest(file["creation"]["shards"][i]);
    CHECK(hex(state_root(roots)) == text(file["creation"]["state"]));
}

TEST_CASE("proofs give the answers that are written beside them")
{
    const Json file = read("proofs.json");
    REQUIRE(file["proofs"].size() == 17);
    for (const Json& item : file["proofs"])
    {
        INFO(item["note"].get<std::string>());
        const Holder proof(unhex(item["proof"]), digest(item["root"]));
        REQUIRE(proof.status == Status::ok);
        for (const Json& question : item["questions"])
        {
            Octets value;
            CHECK(answer_text(proof.opened, unhex(question["key"]), question["height"], value) ==
                  text(question["answer"]));
            if (question["answer"] == "present")
                CHECK(hex(value) == text(question["value"]));
        }
    }
    const Holder stale(unhex(file["proofs"][0]["proof"]), digest(file["stale"]["root"]));
    CHECK(stale.status == Status::rejected);
    CHECK(stale.defect.fault == Fault::root);
}

TEST_CASE("damaged proofs are refused for their reason")
{
    const Json file = read("proofs.json");
    const Digest root = digest(file["refused"]["root"]);
    const Octets key = unhex(file["refused"]["key"]);
    REQUIRE(file["refused"]["cases"].size() == 38);
    for (const Json& item : file["refused"]["cases"])
    {
        INFO(item["note"].get<std::string>());
        const Holder proof(unhex(item["proof"]), root);
        const std::string reason = item["reason"];
        if (reason == "root" && item["note"] != "witness magic")
        {
            CHECK(proof.status == Status::rejected);
            CHECK(proof.defect.fault == Fault::root);
        }
        else
            CHECK(proof.status == Status::malformed);
        if (reason == "short")
            CHECK(proof.defect.fault == Fault::truncated);
        if (reason == "trailing bytes")
            CHECK(proof.defect.fault == Fault::trailing);
        if (reason == "serial numbers")
            CHECK(proof.defect.fault == Fault::entry_order);
        Octets value;
        CHECK(answer_text(proof.opened, key, nullptr, value) == "unproven");
    }
}

TEST_CASE("witnesses lead from the old root to the new one")
{
    const Json file = read("witnesses.json");
    for (const Json& item : file)
    {
        INFO(item["history"].get<std::string>());
        const Blocks blocks = mote::test::parse_batch_text(item["batch"].get<std::string>());
        REQUIRE(blocks.size() == 1);
        const Replay replay(unhex(item["witness"]), digest(item["old_root"]), item["height"],
                            blocks[0]);
        REQUIRE(replay.status == Status::ok);
        CHECK(hex(replay.root) == text(item["new_root"]));
    }
}

TEST_CASE("the model: edge cases")
{
    for (const Json& item : read("edge.json"))
    {
        const std::string note = item["note"];
        INFO(note);
        Blocks blocks;
        if (item.contains("text"))
            blocks = mote::test::parse_batch_text(item["text"].get<std::string>());
        else
        {
            if (mote::test::emulated)
                continue;
            blocks = mote::test::long_edge_case(note);
            REQUIRE(sha(mote::test::batch_text(blocks)) == text(item["text_sha256"]));
        }
        REQUIRE(blocks.size() == item["roots"].size());
        model::State state;
        for (std::size_t i = 0; i < blocks.size(); ++i)
            REQUIRE(hex(state.apply(i + 1, blocks[i])) == text(item["roots"][i]));
        check_shards(state, item["shards"]);
    }
}

TEST_CASE("the model: histories")
{
    for (const Json& item : read("histories.json"))
    {
        INFO(item["name"].get<std::string>());
        // Elsewhere the store runs them all (tests/producer/qmdb).
        if (item["name"] != "mixed" || mote::test::emulated)
            continue;
        const Blocks blocks = mote::test::generate_history(item["history"]);
        REQUIRE(blocks.size() == item["blocks"]);
        REQUIRE(sha(mote::test::batch_text(blocks)) == text(item["text_sha256"]));
        model::State state;
        std::string roots;
        for (std::size_t i = 0; i < blocks.size(); ++i)
        {
            const model::Hash root = state.apply(i + 1, blocks[i]);
            roots.append(root.begin(), root.end());
            if (const std::string height = std::to_string(i + 1); item["roots"].contains(height))
                REQUIRE(hex(root) == text(item["roots"][height]));
        }
        CHECK(sha(roots) == text(item["roots_sha256"]));
        for (unsigned s = 0; s < 16; ++s)
        {
            REQUIRE(state.shards[s].next_sn() == item["shards"][s][0]);
            REQUIRE(state.shards[s].floor == item["shards"][s][1]);
            REQUIRE(state.shards[s].list.size() == item["shards"][s][2]);
        }
    }
}
