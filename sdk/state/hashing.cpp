#include "state/hashing.hpp"

#include <cstring>

#include "base/assert.hpp"
#include "hash/blake3_compress.hpp"

namespace mote::state
{
namespace
{
using Words = std::array<std::uint32_t, 8>;

// The keyed hash of one block: first, last and only block of the only chunk of the root.
constexpr std::uint32_t keyed_hash = 1 << 4;
constexpr std::uint32_t kh_flags = hash::internal::blake3_chunk_start |
                                   hash::internal::blake3_chunk_end | hash::internal::blake3_root |
                                   keyed_hash;

// BLAKE3 derive_key("mote qmdb <t> v1", ""), as words. tests/sdk/state/hashing_test.cpp derives them.
constexpr Words keys[domain_count] = {
    {0x483c2f52, 0xe468bb18, 0x5e93b7cb, 0xe69fc5c4, 0x6f26c165, 0xb83c765f, 0xf0146095,
     0xcc674530},  // key
    {0xa8dfe721, 0xb8967e7e, 0xa07eb582, 0x4530efcb, 0x080ebb56, 0xfff519a6, 0x4925c656,
     0x3c77fe16},  // leaf
    {0x3183cfce, 0x59dcdeb9, 0xee3aa972, 0xdd3b5112, 0x1186cbd9, 0xcd27b776, 0x5fea750f,
     0x79cb6def},  // node
    {0x3678ae50, 0xf51210a4, 0xe2622c65, 0x6901b9ea, 0xa503de27, 0xae02ebb7, 0x0c89043b,
     0x0d9f2e47},  // bits
    {0x84d41d11, 0x0333c694, 0xf6c9f480, 0x8399b132, 0x2be47143, 0xe304127f, 0x66e6751c,
     0xe45a0cc0},  // shard
    {0x08fbc03a, 0xa9708c7b, 0x8d692b19, 0x78ab3105, 0xcc2985e9, 0xc71a3d0f, 0x9ccd08ae,
     0x7812b371},  // state
    {0xfc23fb68, 0x9069c86f, 0x02da2faf, 0x1d1276ae, 0x3ea86ff9, 0xb8193870, 0x3e3abffa,
     0x4811c8eb},  // code
};

constexpr Words null_nodes[log_levels_max + 1] = {
#define MOTE_NULL(a, b, c, d, e, f, g, h) {a, b, c, d, e, f, g, h},
#include "state/null_node_table.inc"
#undef MOTE_NULL
};

Digest to_bytes(const Words& words) noexcept
{
    Digest out;
    hash::internal::blake3_store_words(out.data(), words.data(), words.size());
    return out;
}

const Words& key_of(Domain domain) noexcept { return keys[static_cast<std::size_t>(domain)]; }
}  // namespace

Digest domain_key(Domain domain) noexcept { return to_bytes(key_of(domain)); }

Digest kh(Domain domain, const std::uint8_t* block) noexcept
{
    std::uint32_t words[16];
    hash::internal::blake3_compress(words, key_of(domain), block, 64, 0, kh_flags);
    Digest out;
    hash::internal::blake3_store_words(out.data(), words, 8);
    return out;
}

Digest kh(Domain domain, const Digest& left, const Digest& right) noexcept
{
    std::uint8_t block[64];
    std::memcpy(block, left.data(), 32);
    std::memcpy(block + 32, right.data(), 32);
    return kh(domain, block);
}

void kh_many(Domain domain, const std::uint8_t* const* inputs, std::size_t blocks,
             std::size_t count, Digest* out) noexcept
{
    constexpr std::uint64_t counters[64] = {};
    const hash::internal::Blake3Node node = {.key = key_of(domain),
                                             .blocks = blocks,
                                             .flags = kh_flags,
                                             .first_flags = 0,
                                             .last_flags = 0};
    while (count > 0)
    {
        const std::size_t n = count < 64 ? count : 64;
        hash::internal::blake3_hash_many(node, inputs, counters, n, out);
        inputs += n;
        out += n;
        count -= n;
    }
}

Chain::Chain(Domain domain) noexcept : value_(key_of(domain)) {}

void Chain::compress(const std::uint8_t* block) noexcept
{
    std::uint32_t words[16];
    hash::internal::blake3_compress(words, value_, block, 64, 0, kh_flags);
    std::memcpy(value_.data(), words, sizeof value_);
}

void Chain::update(Bytes part) noexcept
{
    if (buffered_ != 0)
    {
        const std::size_t room = block_.size() - buffered_;
        const std::size_t n = part.size() < room ? part.size() : room;
        if (n != 0)
            std::memcpy(block_.data() + buffered_, part.data(), n);
        buffered_ += n;
        part = part.subspan(n);
        if (buffered_ < block_.size())
            return;
        compress(block_.data());
        buffered_ = 0;
    }
    while (part.size() >= block_.size())
    {
        compress(part.data());
        part = part.subspan(block_.size());
    }
    if (!part.empty())
        std::memcpy(block_.data(), part.data(), part.size());
    buffered_ = part.size();
}

Digest Chain::finish() noexcept
{
    if (buffered_ != 0)
    {
        std::memset(block_.data() + buffered_, 0, block_.size() - buffered_);
        compress(block_.data());
        buffered_ = 0;
    }
    return to_bytes(value_);
}

Digest chain(Domain domain, Bytes bytes) noexcept
{
    Chain running(domain);
    running.update(bytes);
    return running.finish();
}

Digest key_hash(Bytes key) noexcept
{
    MOTE_ASSERT(!key.empty() && key.size() <= 255);
    const std::uint8_t length = static_cast<std::uint8_t>(key.size());
    Chain running(Domain::key);
    running.update({&length, 1});
    running.update(key);
    return running.finish();
}

Digest null_node(std::uint32_t level) noexcept
{
    MOTE_ASSERT(level <= log_levels_max);
    return to_bytes(null_nodes[level <= log_levels_max ? level : log_levels_max]);
}

Digest shard_root(const Digest& log_root, std::uint64_t next_sn, std::uint64_t floor,
                  std::uint64_t active_count) noexcept
{
    std::uint8_t block[64] = {};
    std::memcpy(block, log_root.data(), 32);
    store_le(block + 32, next_sn);
    store_le(block + 40, floor);
    store_le(block + 48, active_count);
    return kh(Domain::shard, block);
}

Digest state_root(const std::array<Digest, shard_count>& shards) noexcept
{
    std::array<Digest, shard_count> row = shards;
    for (std::size_t n = shard_count / 2; n != 0; n /= 2)
        for (std::size_t i = 0; i < n; ++i)
            row[i] = kh(Domain::state, row[2 * i], row[2 * i + 1]);
    return row[0];
}

Digest code_root(Bytes code) noexcept
{
    // Levels that wait for their right half; zero leaves fill the tree up.
    Digest waiting[64];
    std::uint64_t leaves = 0;
    const auto push = [&](Digest node)
    {
        std::size_t level = 0;
        for (std::uint64_t n = leaves++; (n & 1) != 0; n >>= 1)
            node = kh(Domain::node, waiting[level++], node);
        waiting[level] = node;
    };
    const std::uint64_t length = code.size();
    while (!code.empty())
    {
        std::uint8_t block[64] = {};
        const std::size_t n = code.size() < sizeof block ? code.size() : sizeof block;
        std::memcpy(block, code.data(), n);
        push(kh(Domain::code, block));
        code = code.subspan(n);
    }
    if (leaves == 0)
        push({});
    // The top of a tree of 2^k leaves is what the last push left at level k.
    const std::uint32_t top = ceil_log2(leaves);
    while (leaves != std::uint64_t{1} << top)
        push({});
    Digest size = {};
    store_le(size.data(), length);
    return kh(Domain::node, waiting[top], size);
}

Digest lower_bound_of_shard(std::uint32_t shard) noexcept
{
    Digest hash = {};
    hash[0] = static_cast<std::uint8_t>(shard << 4);
    return hash;
}

Digest upper_bound_of_shard(std::uint32_t shard) noexcept
{
    Digest hash;
    hash.fill(0xff);
    hash[0] = static_cast<std::uint8_t>(shard << 4 | 0x0f);
    return hash;
}
}  // namespace mote::state
