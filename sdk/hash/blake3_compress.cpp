#include "hash/blake3_compress.hpp"

#include <bit>

#include "hash/arch/blake3_target.hpp"
#include "hash/blake3_lanes.hpp"

namespace mote::hash::internal
{
namespace
{
// Least significant byte first; written out, as in block_words.hpp, it is one access.
constexpr std::uint32_t load_word_le32(const std::uint8_t* p) noexcept
{
    return std::uint32_t{p[0]} | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 |
           std::uint32_t{p[3]} << 24;
}

// The quarter round of [BLAKE3] section 2.2.
[[gnu::always_inline]] inline void mix(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c,
                                       std::uint32_t& d, std::uint32_t x, std::uint32_t y) noexcept
{
    a += b + x;
    d = std::rotr(d ^ a, 16);
    c += d;
    b = std::rotr(b ^ c, 12);
    a += b + y;
    d = std::rotr(d ^ a, 8);
    c += d;
    b = std::rotr(b ^ c, 7);
}
}  // namespace

void blake3_compress_scalar(std::uint32_t (&out)[16],
                            const std::array<std::uint32_t, 8>& chaining_value,
                            const std::uint8_t* block, std::uint32_t block_bytes,
                            std::uint64_t counter, std::uint32_t flags) noexcept
{
    std::uint32_t m[16];
    for (std::size_t i = 0; i < 16; ++i)
        m[i] = load_word_le32(block + 4 * i);

    const std::array<std::uint32_t, 8> h = chaining_value;
    std::uint32_t v0 = h[0], v1 = h[1], v2 = h[2], v3 = h[3];
    std::uint32_t v4 = h[4], v5 = h[5], v6 = h[6], v7 = h[7];
    std::uint32_t v8 = blake3_initial_value[0], v9 = blake3_initial_value[1];
    std::uint32_t v10 = blake3_initial_value[2], v11 = blake3_initial_value[3];
    std::uint32_t v12 = static_cast<std::uint32_t>(counter);
    std::uint32_t v13 = static_cast<std::uint32_t>(counter >> 32);
    std::uint32_t v14 = block_bytes, v15 = flags;

    for (const auto& s : blake3_schedule)
    {
        mix(v0, v4, v8, v12, m[s[0]], m[s[1]]);
        mix(v1, v5, v9, v13, m[s[2]], m[s[3]]);
        mix(v2, v6, v10, v14, m[s[4]], m[s[5]]);
        mix(v3, v7, v11, v15, m[s[6]], m[s[7]]);
        mix(v0, v5, v10, v15, m[s[8]], m[s[9]]);
        mix(v1, v6, v11, v12, m[s[10]], m[s[11]]);
        mix(v2, v7, v8, v13, m[s[12]], m[s[13]]);
        mix(v3, v4, v9, v14, m[s[14]], m[s[15]]);
    }

    const std::uint32_t low[8] = {v0, v1, v2, v3, v4, v5, v6, v7};
    const std::uint32_t high[8] = {v8, v9, v10, v11, v12, v13, v14, v15};
    for (std::size_t i = 0; i < 8; ++i)
    {
        out[i] = low[i] ^ high[i];
        out[i + 8] = high[i] ^ h[i];
    }
}

void blake3_compress(std::uint32_t (&out)[16], const std::array<std::uint32_t, 8>& chaining_value,
                     const std::uint8_t* block, std::uint32_t block_bytes, std::uint64_t counter,
                     std::uint32_t flags) noexcept
{
    if constexpr (arch::blake3_compresses_rows)
        Blake3Rows::compress(out, chaining_value, block, block_bytes, counter, flags);
    else
        blake3_compress_scalar(out, chaining_value, block, block_bytes, counter, flags);
}

void blake3_hash_one(const Blake3Node& node, const std::uint8_t* input, std::uint64_t counter,
                     ChainingValue& out) noexcept
{
    std::array<std::uint32_t, 8> value = node.key;
    for (std::size_t b = 0; b < node.blocks; ++b)
    {
        std::uint32_t words[16];
        blake3_compress(words, value, input + 64 * b, 64, counter, node.flags_of_block(b));
        for (std::size_t w = 0; w < value.size(); ++w)
            value[w] = words[w];
    }
    blake3_store_words(out.data(), value.data(), value.size());
}

void blake3_hash_many(const Blake3Node& node, const std::uint8_t* const* inputs,
                      const std::uint64_t* counters, std::size_t count, ChainingValue* out) noexcept
{
    if constexpr (arch::blake3_lane_count > 1)
        blake3_hash_many_in_lanes<arch::blake3_lane_count>(node, inputs, counters, count, out);
    else
        for (std::size_t i = 0; i < count; ++i)
            blake3_hash_one(node, inputs[i], counters[i], out[i]);
}
}  // namespace mote::hash::internal
