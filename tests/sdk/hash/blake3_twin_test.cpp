// The vector forms of BLAKE3 against the scalar one, for every number of lanes: the compiler splits
// vectors that the target does not have.
#include <catch2/catch.hpp>

#include "blake3_model.hpp"
#include "hash/arch/blake3_target.hpp"
#include "hash/blake3_lanes.hpp"

using namespace hash_test;
using namespace mote::hash;
namespace internal = mote::hash::internal;

namespace
{
using Words = std::array<std::uint32_t, 8>;

Words random_words(std::mt19937& random)
{
    Words words;
    for (std::uint32_t& w : words)
        w = static_cast<std::uint32_t>(random());
    return words;
}

ByteVector random_bytes(std::size_t bytes, std::mt19937& random)
{
    ByteVector out(bytes);
    for (std::uint8_t& b : out)
        b = static_cast<std::uint8_t>(random());
    return out;
}

ChainingValue scalar(const internal::Blake3Node& node, const std::uint8_t* input,
                     std::uint64_t counter)
{
    Words value = node.key;
    for (std::size_t b = 0; b < node.blocks; ++b)
    {
        std::uint32_t out[16];
        internal::blake3_compress_scalar(out, value, input + 64 * b, 64, counter,
                                         node.flags_of_block(b));
        std::copy_n(out, value.size(), value.begin());
    }
    ChainingValue out;
    internal::blake3_store_words(out.data(), value.data(), value.size());
    return out;
}

// A hash of many inputs, compared for every count and both kinds of node.
template <class Many>
void compare_with_scalar(Many&& many)
{
    std::mt19937 random(9);
    const ByteVector memory = random_bytes(40000, random);
    for (const std::size_t blocks : std::initializer_list<std::size_t>{1, 2, 16})
        for (std::size_t count = 0; count <= 40; ++count)
        {
            const Words key = random_words(random);
            const internal::Blake3Node node = {.key = key,
                                               .blocks = blocks,
                                               .flags = static_cast<std::uint32_t>(random() % 128),
                                               .first_flags = internal::blake3_chunk_start,
                                               .last_flags = internal::blake3_chunk_end};
            std::vector<const std::uint8_t*> inputs(count);
            std::vector<std::uint64_t> counters(count);
            for (std::size_t i = 0; i < count; ++i)
            {
                inputs[i] = memory.data() + random() % (memory.size() - 64 * blocks + 1);
                counters[i] = std::uint64_t{random()} << (random() % 33);
            }
            std::vector<ChainingValue> out(count + 1, ChainingValue{7});
            many(node, inputs.data(), counters.data(), count, out.data());
            for (std::size_t i = 0; i < count; ++i)
                REQUIRE(to_hex(out[i]) == to_hex(scalar(node, inputs[i], counters[i])));
            REQUIRE(out[count] == ChainingValue{7});
        }
}

// Targets without vectors would need minutes to compile what they never run.
template <std::size_t lanes, bool here = (arch::blake3_lane_count > 1)>
void compare_lanes()
{
    if constexpr (here)
        compare_with_scalar(internal::blake3_hash_many_in_lanes<lanes>);
}

template <bool here = (arch::blake3_lane_count > 1)>
void compare_rows()
{
    if constexpr (here)
    {
        std::mt19937 random(10);
        for (int i = 0; i < 1000; ++i)
        {
            const Words value = random_words(random);
            const ByteVector block = random_bytes(64 + 1, random);
            const auto bytes = static_cast<std::uint32_t>(random() % 65);
            const std::uint64_t counter = std::uint64_t{random()} << (random() % 33);
            const auto flags = static_cast<std::uint32_t>(random());
            std::uint32_t expected[16], out[16];
            internal::blake3_compress_scalar(expected, value, block.data() + 1, bytes, counter,
                                             flags);
            internal::Blake3Rows::compress(out, value, block.data() + 1, bytes, counter, flags);
            REQUIRE(std::equal(out, out + 16, expected));
        }
    }
}
}  // namespace

TEST_CASE("BLAKE3 scalar compression is the model's")
{
    std::mt19937 random(11);
    for (int i = 0; i < 200; ++i)
    {
        const Words value = random_words(random);
        const ByteVector block = random_bytes(random() % 65, random);
        ByteVector padded = block;
        padded.resize(64);
        const std::uint64_t counter = std::uint64_t{random()} << (random() % 33);
        const auto flags = static_cast<std::uint32_t>(random());
        std::uint32_t out[16];
        internal::blake3_compress_scalar(out, value, padded.data(),
                                         static_cast<std::uint32_t>(block.size()), counter, flags);
        const blake3_model::Words expected = blake3_model::compress(
            blake3_model::Words(value.begin(), value.end()), block, counter, flags);
        REQUIRE(blake3_model::Words(out, out + 16) == expected);
    }
}

TEST_CASE("BLAKE3 one block in rows of vectors equals the scalar form") { compare_rows(); }

TEST_CASE("BLAKE3 in 4 lanes equals the scalar form") { compare_lanes<4>(); }

TEST_CASE("BLAKE3 in 8 lanes equals the scalar form") { compare_lanes<8>(); }

TEST_CASE("BLAKE3 in 16 lanes equals the scalar form") { compare_lanes<16>(); }

TEST_CASE("BLAKE3 as this target hashes many inputs, and one, equals the scalar form")
{
    compare_with_scalar(internal::blake3_hash_many);
    compare_with_scalar(
        [](const internal::Blake3Node& node, const std::uint8_t* const* inputs,
           const std::uint64_t* counters, std::size_t count, ChainingValue* out)
        {
            for (std::size_t i = 0; i < count; ++i)
                internal::blake3_hash_one(node, inputs[i], counters[i], out[i]);
        });
}

TEST_CASE("BLAKE3 places of the inputs may be those of the outputs")
{
    std::mt19937 random(12);
    const ByteVector memory = random_bytes(80 * 32, random);
    for (std::size_t count = 0; count <= 40; ++count)
    {
        std::vector<ChainingValue> values(80);
        std::memcpy(values.data(), memory.data(), memory.size());
        blake3_parents(values.data(), count, values.data());
        for (std::size_t i = 0; i < count; ++i)
        {
            ChainingValue left, right;
            std::memcpy(left.data(), memory.data() + 64 * i, 32);
            std::memcpy(right.data(), memory.data() + 64 * i + 32, 32);
            REQUIRE(to_hex(values[i]) == to_hex(blake3_parent(left, right)));
        }
    }
}
