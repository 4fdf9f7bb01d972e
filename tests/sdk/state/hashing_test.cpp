#include "state/hashing.hpp"

#include <catch2/catch.hpp>

#include "sdk/state/state_support.hpp"

using namespace mote::state;
namespace model = mote::test::model;

namespace
{
const std::pair<Domain, const char*> domains[] = {
    {Domain::key, "key"},   {Domain::leaf, "leaf"},   {Domain::node, "node"},
    {Domain::bits, "bits"}, {Domain::shard, "shard"}, {Domain::state, "state"},
    {Domain::code, "code"}};
}  // namespace

TEST_CASE("domain keys are derived from their contexts")
{
    for (const auto& [domain, name] : domains)
    {
        const std::string context = std::string("mote qmdb ") + name + " v1";
        const auto* const p = reinterpret_cast<const std::uint8_t*>(context.data());
        CHECK(domain_key(domain) == mote::hash::blake3_derive_key({p, context.size()}, {}));
        CHECK(domain_key(domain) == model::domain(name));
    }
}

TEST_CASE("null nodes are hashed from one level to the next, with zero bits at level 8")
{
    Digest node = {};
    CHECK(null_node(0) == node);
    for (std::uint32_t level = 1; level <= log_levels_max; ++level)
    {
        node = kh(Domain::node, node, node);
        if (level == 8)
            node = kh(Domain::bits, Digest{}, node);
        REQUIRE(null_node(level) == node);
    }
}

TEST_CASE("KH and Chain agree with the model, in parts and in lanes")
{
    mote::test::SplitMix random(1);
    for (std::size_t bytes = 0; bytes < 300; bytes += bytes < 130 ? 1 : 13)
    {
        const model::Octets text = random.bytes(bytes);
        const Digest whole = chain(Domain::leaf, text);
        REQUIRE(whole == model::chain(model::domain("leaf"), text));
        Chain parts(Domain::leaf);
        for (std::size_t at = 0; at < bytes;)
        {
            const std::size_t n = std::min<std::size_t>(random.below(70), bytes - at);
            parts.update(mote::Bytes(text).subspan(at, n));
            at += n;
        }
        REQUIRE(parts.finish() == whole);
    }
    for (std::size_t count = 0; count < 70; ++count)
        for (std::size_t blocks : {1u, 2u, 5u})
        {
            std::vector<model::Octets> inputs;
            std::vector<const std::uint8_t*> pointers;
            for (std::size_t i = 0; i < count; ++i)
                inputs.push_back(random.bytes(64 * blocks));
            for (const auto& input : inputs)
                pointers.push_back(input.data());
            std::vector<Digest> out(count);
            kh_many(Domain::bits, pointers.data(), blocks, count, out.data());
            for (std::size_t i = 0; i < count; ++i)
                REQUIRE(out[i] == chain(Domain::bits, inputs[i]));
        }
}

TEST_CASE("a key hash binds the length of the key")
{
    const std::uint8_t bytes[255] = {};
    std::set<Digest> seen;
    for (std::size_t n = 1; n <= 255; ++n)
        seen.insert(key_hash({bytes, n}));
    CHECK(seen.size() == 255);
}

TEST_CASE("bounds of shards enclose their hashes")
{
    for (std::uint32_t shard = 0; shard < shard_count; ++shard)
    {
        CHECK(shard_of(lower_bound_of_shard(shard)) == shard);
        CHECK(shard_of(upper_bound_of_shard(shard)) == shard);
        CHECK(lower_bound_of_shard(shard) < upper_bound_of_shard(shard));
    }
}
