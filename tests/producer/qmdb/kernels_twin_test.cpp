// The kernels of this machine's best variant and of the portable one against the core's own hashing.
#include "qmdb/kernels.hpp"

#include <catch2/catch.hpp>

#include "producer/qmdb/qmdb_support.hpp"
#include "state/tree.hpp"

using namespace mote::state;
using mote::test::SplitMix;

namespace
{
std::vector<const mote_qmdb_kernels*> all_kernels()
{
    std::vector<const mote_qmdb_kernels*> out = {mote_qmdb_portable()};
    if (&mote::qmdb::kernels() != out.back())
        out.push_back(&mote::qmdb::kernels());
    return out;
}

Digest random_digest(SplitMix& random)
{
    Digest out;
    const auto bytes = random.bytes(32);
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}
}  // namespace

TEST_CASE("leaves of any lengths, in any order and number")
{
    SplitMix random(1);
    for (const auto* const kernels : all_kernels())
        for (const std::size_t count : {0U, 1U, 2U, 7U, 64U, 65U, 255U, 256U, 257U, 600U})
        {
            INFO(kernels->name << " " << count);
            std::vector<mote::test::model::Octets> entries;
            std::vector<const std::uint8_t*> pointers;
            std::vector<std::uint32_t> blocks;
            for (std::size_t i = 0; i < count; ++i)
            {
                blocks.push_back(static_cast<std::uint32_t>(1 + random.below(4)));
                entries.push_back(random.bytes(64 * blocks.back()));
            }
            for (const auto& entry : entries)
                pointers.push_back(entry.data());
            std::vector<Digest> out(count);
            kernels->leaves(pointers.data(), blocks.data(), count,
                            count == 0 ? nullptr : out[0].data());
            for (std::size_t i = 0; i < count; ++i)
                REQUIRE(out[i] == chain(Domain::leaf, entries[i]));
        }
}

TEST_CASE("S of a chunk with any number of leaves is that of the frontier")
{
    SplitMix random(2);
    for (const auto* const kernels : all_kernels())
    {
        std::vector<Digest> leaves;
        Frontier frontier;
        for (std::size_t used = 1; used <= chunk_entries; ++used)
        {
            leaves.push_back(random_digest(random));
            Digest expected;
            if (!frontier.append(leaves.back(), expected))
                expected = frontier.open_chunk();
            std::vector<std::uint8_t> nodes(32 * chunk_entries, 0xee);
            std::memcpy(nodes.data(), leaves[0].data(), 32 * used);
            Digest s;
            kernels->chunk(nodes.data(), used, s.data());
            INFO(kernels->name << " " << used);
            REQUIRE(s == expected);
        }
    }
}

TEST_CASE("twigs, nodes and keys, in any number")
{
    SplitMix random(3);
    for (const auto* const kernels : all_kernels())
        for (const std::size_t count : {0U, 1U, 3U, 8U, 9U, 63U, 64U, 65U, 130U})
        {
            INFO(kernels->name << " " << count);
            std::vector<mote::test::model::Octets> twigs, pairs, keys;
            std::vector<const std::uint8_t*> twig_at, pair_at, key_at;
            std::vector<std::uint8_t> lengths;
            for (std::size_t i = 0; i < count; ++i)
            {
                twigs.push_back(random.bytes(512));
                pairs.push_back(random.bytes(64));
                keys.push_back(random.bytes(1 + random.below(255)));
                lengths.push_back(static_cast<std::uint8_t>(keys.back().size()));
            }
            for (std::size_t i = 0; i < count; ++i)
            {
                twig_at.push_back(twigs[i].data());
                pair_at.push_back(pairs[i].data());
                key_at.push_back(keys[i].data());
            }
            std::vector<Digest> out(count + 1);
            kernels->twigs(twig_at.data(), count, out[0].data());
            for (std::size_t i = 0; i < count; ++i)
            {
                std::vector<Digest> row;
                for (std::size_t c = 0; c < 8; ++c)
                    row.push_back(kh(Domain::bits, twigs[i].data() + 64 * c));
                while (row.size() > 1)
                {
                    for (std::size_t n = 0; n < row.size() / 2; ++n)
                        row[n] = kh(Domain::node, row[2 * n], row[2 * n + 1]);
                    row.resize(row.size() / 2);
                }
                REQUIRE(out[i] == row[0]);
            }
            kernels->nodes(pair_at.data(), count, out[0].data());
            for (std::size_t i = 0; i < count; ++i)
                REQUIRE(out[i] == kh(Domain::node, pairs[i].data()));
            kernels->keys(key_at.data(), lengths.data(), count, out[0].data());
            for (std::size_t i = 0; i < count; ++i)
                REQUIRE(out[i] == key_hash(keys[i]));
        }
}

TEST_CASE("digests of any length")
{
    SplitMix random(77);
    const auto bytes = random.bytes(70'000);
    for (const auto* const kernels : all_kernels())
        for (const std::size_t size : {0U, 1U, 64U, 1023U, 1024U, 1025U, 4096U, 65'537U, 70'000U})
        {
            std::array<std::uint8_t, 32> out;
            kernels->digest(bytes.data(), size, out.data());
            REQUIRE(out == mote::hash::blake3(mote::Bytes(bytes).first(size)));
        }
}
