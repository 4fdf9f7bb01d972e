// The published profile: known answers of the original, and histories through the model.
#include <catch2/catch.hpp>

#include "hash/sha256.hpp"
#include "sdk/state/state_support.hpp"
#include "tools/effort.hpp"
#include "tools/state_published_model.hpp"

namespace published = mote::state::published;
using namespace state_test;
using mote::test::PublishedShard;
using mote::test::model::Hash;

namespace
{
Hash key_hash_of(const Octets& key) { return mote::hash::sha256(key); }
}  // namespace

TEST_CASE("known answers of the original")
{
    const Json known = read("published.json")["known"];
    CHECK(hex(published::null_leaf()) == text(known["null leaf"]));
    CHECK(hex(published::null_left(11)) == text(known["null left root"]));
    CHECK(hex(published::null_twig(12)) == text(known["null twig root"]));
    CHECK(hex(published::null_twig(63)) == text(known["null node 63"]));
    std::uint8_t bits[published::active_bytes];
    for (std::size_t i = 0; i < sizeof bits; ++i)
        bits[i] = static_cast<std::uint8_t>(i);
    bits[255] = 0;
    const Digest right = published::bits_root(bits);
    CHECK(hex(right) == text(known["bits root"]));
    Digest left;
    left.fill(0x58);
    CHECK(hex(published::twig_root(left, right)) == text(known["twig root"]));
}

TEST_CASE("an entry's bytes hash to its leaf")
{
    mote::test::SplitMix random(3);
    for (std::size_t names : {0u, 1u, 2u})
    {
        const Octets key = random.bytes(52), value = random.bytes(32),
                     dsn = random.bytes(8 * names);
        published::Entry entry = {key, value, {}, -7, 99, dsn};
        Octets bytes(published::fixed_bytes + key.size() + value.size() + dsn.size());
        REQUIRE(published::encode_entry(entry, bytes.data()) == bytes.size());
        CHECK(mote::hash::sha256(bytes) == published::leaf_hash(entry));
        CHECK(mote::load_le32(bytes.data()) == 32 * 256 + 52);
        CHECK(bytes[4] == names);
    }
}

TEST_CASE("change sets lead to the shards' roots, and a proof holds only as it is")
{
    if (mote::test::emulated)
        return;
    const Json file = read("published.json");
    std::vector<PublishedShard> shards;
    for (unsigned i = 0; i < 16; ++i)
        shards.emplace_back(i);
    for (const auto& [number, root] : file["creation"].items())
        CHECK(hex(shards[std::stoul(number)].root()) == root.get<std::string>());
    for (const Json& block : file["blocks"])
    {
        const std::int64_t version = block["height"].get<std::int64_t>() << 24;
        for (const Json& op : block["change_set"])
        {
            const Octets key = unhex(op[1]);
            const Hash hash = key_hash_of(key);
            PublishedShard& shard = shards[hash[0] >> 4];
            if (op[0] == "create")
                shard.create(hash, key, unhex(op[2]), version);
            else if (op[0] == "write")
                shard.write(hash, unhex(op[2]), version);
            else
                shard.remove(hash, version);
        }
        for (const auto& [number, root] : block["shard_roots"].items())
            CHECK(hex(shards[std::stoul(number)].root()) == root.get<std::string>());
    }

    const PublishedShard& shard = shards[file["proof"]["shard"].get<unsigned>()];
    const std::uint64_t sn = file["proof"]["sn"];
    const Octets proof = unhex(file["proof"]["bytes"]);
    CHECK(hex(shard.prove(sn)) == text(file["proof"]["bytes"]));
    const Digest leaf = shard.leaves[sn], root = shard.root();
    Fault fault;
    REQUIRE(published::verify(proof, leaf, root, fault) == Status::ok);
    CHECK(published::verify(proof, shard.leaves[sn - 1], root, fault) == Status::rejected);
    CHECK(published::verify(proof, leaf, shards[1].root(), fault) == Status::rejected);
    // The upper bits of the number decide nothing: the path ends before them.
    const std::size_t upper = (proof.size() - 8) / 32 - 17;
    for (std::size_t bit = 0; bit < 8 * proof.size(); ++bit)
    {
        Octets changed = proof;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        const bool beyond = bit >= 11 + upper && bit < 64;
        const Status status = published::verify(changed, leaf, root, fault);
        // Another bit of the page changes the root; only the entry's own is looked at besides.
        REQUIRE((status == Status::ok) == beyond);
    }
    for (std::size_t n = 0; n < proof.size(); ++n)
        REQUIRE(published::verify(Bytes(proof).first(n), leaf, root, fault) != Status::ok);
}

TEST_CASE("compaction of the original")
{
    if (mote::test::emulated || mote::test::sanitized)
        return;
    const Json run = read("published.json")["compaction"];
    std::vector<Octets> keys;
    for (const Json& key : run["keys"])
        keys.push_back(unhex(key));
    const unsigned number = key_hash_of(keys[0])[0] >> 4;
    PublishedShard shard(number);
    const auto compact = [&](unsigned steps)
    { shard.compact(steps, run["thres"], run["ratio"], run["div"]); };
    for (const Octets& key : keys)
    {
        shard.create(key_hash_of(key), key, Octets(32, 1), 1 << 24);
        compact(2);
    }
    for (std::int64_t n = 0; n < 2000; ++n)
    {
        Octets value;
        mote::test::model::put(value, static_cast<std::uint64_t>(n), 8);
        value.resize(32);
        const Octets& key = keys[static_cast<std::size_t>(n) % keys.size()];
        shard.write(key_hash_of(key), value, (std::int64_t{2} << 24) + n);
        compact(1);
    }
    CHECK(shard.start == run["start"]);
    CHECK(shard.next_sn() == run["next"]);
    CHECK(hex(shard.root()) == text(run["root"]));
}
