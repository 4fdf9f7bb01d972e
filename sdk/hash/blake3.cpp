#include "hash/blake3.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/assert.hpp"
#include "hash/arch/blake3_target.hpp"
#include "hash/blake3_compress.hpp"

namespace mote::hash
{
namespace
{
using internal::Blake3Node;
using internal::Blake3Progress;
using Words = std::array<std::uint32_t, 8>;

constexpr std::size_t block_bytes = Blake3::block_bytes;
constexpr std::size_t chunk_bytes = Blake3::chunk_bytes;
constexpr std::size_t lanes = arch::blake3_lane_count;

// Chunks that are hashed before their parents: enough that the parents fill the lanes, too.
constexpr std::size_t batch_chunks = 8 * lanes;

Words load_words(const std::uint8_t* p) noexcept
{
    Words words;
    for (std::size_t i = 0; i < words.size(); ++i)
        words[i] = load_le32(p + 4 * i);
    return words;
}

Blake3Node chunk_node(const Words& key, std::uint32_t mode) noexcept
{
    return {.key = key,
            .blocks = chunk_bytes / block_bytes,
            .flags = mode,
            .first_flags = internal::blake3_chunk_start,
            .last_flags = internal::blake3_chunk_end};
}

Blake3Node parent_node(const Words& key, std::uint32_t mode) noexcept
{
    return {.key = key,
            .blocks = 1,
            .flags = mode | internal::blake3_parent_node,
            .first_flags = 0,
            .last_flags = 0};
}

// The last compression of a node, put off until it is known whether the node is the root.
struct Output
{
    Words chaining_value;
    std::uint8_t block[block_bytes];
    std::uint32_t bytes;  // in block
    std::uint64_t counter;
    std::uint32_t flags;

    [[nodiscard]] ChainingValue value() const noexcept { return compress(counter, flags); }
    [[nodiscard]] ChainingValue root() const noexcept
    {
        return compress(0, flags | internal::blake3_root);
    }

    [[nodiscard, gnu::noinline]] ChainingValue compress(std::uint64_t at,
                                                        std::uint32_t with) const noexcept
    {
        std::uint32_t words[16];
        internal::blake3_compress(words, chaining_value, block, bytes, at, with);
        ChainingValue out;
        internal::blake3_store_words(out.data(), words, 8);
        return out;
    }
};

Output parent_output(const Words& key, std::uint32_t mode, const ChainingValue& left,
                     const ChainingValue& right) noexcept
{
    Output output;
    output.chaining_value = key;
    std::memcpy(output.block, left.data(), left.size());
    std::memcpy(output.block + left.size(), right.data(), right.size());
    output.bytes = block_bytes;
    output.counter = 0;
    output.flags = mode | internal::blake3_parent_node;
    return output;
}

// Neither the block nor the stack gets a value: no byte of them is read before it is written.
void start(Blake3Progress& p, const Words& key, std::uint32_t mode,
           std::uint64_t first_chunk) noexcept
{
    p.key = key;
    p.chunk_value = key;
    p.first_chunk = first_chunk;
    p.chunks = 0;
    p.mode = static_cast<std::uint8_t>(mode);
    p.stacked = 0;
    p.chunk_blocks = 0;
    p.buffered = 0;
}

std::size_t open_bytes(const Blake3Progress& p) noexcept
{
    return p.chunk_blocks * block_bytes + p.buffered;
}

std::uint32_t block_flags(const Blake3Progress& p) noexcept
{
    return p.mode | (p.chunk_blocks == 0 ? internal::blake3_chunk_start : 0);
}

void compress_chunk_block(Blake3Progress& p, const std::uint8_t* block) noexcept
{
    std::uint32_t words[16];
    internal::blake3_compress(words, p.chunk_value, block, block_bytes, p.first_chunk + p.chunks,
                              block_flags(p));
    std::copy_n(words, p.chunk_value.size(), p.chunk_value.begin());
    ++p.chunk_blocks;
}

// Appends to the open chunk, which has room for it. Its last block waits for what follows.
void append_to_chunk(Blake3Progress& p, Bytes part) noexcept
{
    MOTE_ASSERT(open_bytes(p) + part.size() <= chunk_bytes);
    if (p.buffered > 0)
    {
        const std::size_t n = std::min(block_bytes - p.buffered, part.size());
        std::memcpy(p.block.data() + p.buffered, part.data(), n);
        p.buffered = static_cast<std::uint8_t>(p.buffered + n);
        part = part.subspan(n);
        if (part.empty())
            return;
        compress_chunk_block(p, p.block.data());
        p.buffered = 0;
    }
    while (part.size() > block_bytes)
    {
        compress_chunk_block(p, part.data());
        part = part.subspan(block_bytes);
    }
    std::memcpy(p.block.data(), part.data(), part.size());
    p.buffered = static_cast<std::uint8_t>(part.size());
}

Output chunk_output(const Blake3Progress& p) noexcept
{
    Output output;
    output.chaining_value = p.chunk_value;
    std::memcpy(output.block, p.block.data(), p.buffered);
    std::memset(output.block + p.buffered, 0, block_bytes - p.buffered);
    output.bytes = p.buffered;
    output.counter = p.first_chunk + p.chunks;
    output.flags = block_flags(p) | internal::blake3_chunk_end;
    return output;
}

// Joins the youngest nodes that belong together. Right only when something follows them: until then
// two of them could be the children of the root.
[[gnu::noinline]] void join_closed(Blake3Progress& p, ChainingValue* stack) noexcept
{
    // Closed chunks as a binary number: each one bit is a subtree that cannot be joined yet.
    unsigned subtrees = 0;
    for (std::uint64_t rest = p.chunks; rest != 0; rest &= rest - 1)
        ++subtrees;
    while (p.stacked > subtrees)
    {
        ChainingValue* left = stack + p.stacked - 2;
        *left = parent_output(p.key, p.mode, left[0], left[1]).value();
        --p.stacked;
    }
}

// Puts a node over the next `chunks` chunks on the stack.
void push(Blake3Progress& p, ChainingValue* stack, const ChainingValue& value,
          std::uint64_t chunks) noexcept
{
    join_closed(p, stack);
    stack[p.stacked++] = value;
    p.chunks += chunks;
}

// Hashes each of `count` inputs that lie one after the other.
void hash_in_a_row(const Blake3Node& node, const std::uint8_t* inputs, std::uint64_t first_counter,
                   std::uint64_t counter_step, std::size_t count, ChainingValue* out) noexcept
{
    const std::uint8_t* pointers[lanes];
    std::uint64_t counters[lanes];
    while (count > 0)
    {
        const std::size_t n = std::min(count, lanes);
        for (std::size_t i = 0; i < n; ++i)
        {
            pointers[i] = inputs;
            counters[i] = first_counter;
            inputs += node.blocks * block_bytes;
            first_counter += counter_step;
        }
        internal::blake3_hash_many(node, pointers, counters, n, out);
        out += n;
        count -= n;
    }
}

// Joins `count` pairs of neighbours, in place or elsewhere.
void join_pairs(const Blake3Node& node, const ChainingValue* in, std::size_t count,
                ChainingValue* out) noexcept
{
    static_assert(sizeof(ChainingValue[2]) == block_bytes);
    hash_in_a_row(node, reinterpret_cast<const std::uint8_t*>(in), 0, 0, count, out);
}

// Closes whole chunks of `part`, many at a time, and returns what is left of it. None is left open,
// so it does nothing if the message could be just one chunk.
[[maybe_unused, gnu::noinline]] Bytes close_chunks(Blake3Progress& p, ChainingValue* stack,
                                                   Bytes part) noexcept
{
    ChainingValue values[batch_chunks];
    while (part.size() >= 2 * chunk_bytes)
    {
        // A batch ends where the next begins in the tree, so that later ones are whole nodes.
        const std::size_t batch = std::min<std::size_t>(part.size() / chunk_bytes,
                                                        batch_chunks - p.chunks % batch_chunks);
        hash_in_a_row(chunk_node(p.key, p.mode), part.data(), p.first_chunk + p.chunks, 1, batch,
                      values);
        part = part.subspan(batch * chunk_bytes);

        // Joins what belongs together down to two nodes for each aligned power of two.
        for (std::size_t at = 0; at < batch;)
        {
            std::size_t nodes = std::bit_floor(batch - at);
            while ((p.chunks & (nodes - 1)) != 0)
                nodes /= 2;
            ChainingValue* first = values + at;
            at += nodes;
            std::size_t node_chunks = 1;
            for (; nodes > 2; nodes /= 2)
            {
                join_pairs(parent_node(p.key, p.mode), first, nodes / 2, first);
                node_chunks *= 2;
            }
            for (std::size_t i = 0; i < nodes; ++i)
                push(p, stack, first[i], node_chunks);
        }
    }
    return part;
}

[[gnu::noinline]] void append(Blake3Progress& p, ChainingValue* stack, Bytes part) noexcept
{
    while (!part.empty())
    {
        // A full chunk was left open for the case that it is the root; now it is known not to be.
        if (open_bytes(p) == chunk_bytes)
        {
            push(p, stack, chunk_output(p).value(), 1);
            p.chunk_value = p.key;
            p.chunk_blocks = 0;
            p.buffered = 0;
        }
        if (open_bytes(p) == 0)
        {
            if constexpr (lanes > 1)
                part = close_chunks(p, stack, part);
            if (part.empty())
                return;
            join_closed(p, stack);
        }
        const std::size_t n = std::min(chunk_bytes - open_bytes(p), part.size());
        append_to_chunk(p, part.first(n));
        part = part.subspan(n);
    }
}

// The last compression of the whole tree so far.
[[gnu::noinline]] Output tree_output(const Blake3Progress& p, const ChainingValue* stack) noexcept
{
    // With no chunk open, the youngest two nodes were kept apart for this moment.
    std::size_t left = p.stacked;
    Output output;
    if (left > 0 && open_bytes(p) == 0)
    {
        left -= 2;
        output = parent_output(p.key, p.mode, stack[left], stack[left + 1]);
    }
    else
        output = chunk_output(p);
    while (left > 0)
        output = parent_output(p.key, p.mode, stack[--left], output.value());
    return output;
}
}  // namespace

// The stacks are left without values, as start leaves the block.
Blake3::Blake3() noexcept { start(progress_, internal::blake3_initial_value, 0, 0); }

Blake3 Blake3::derive_key(Bytes context) noexcept
{
    Blake3 hash;
    hash.progress_.mode = internal::blake3_derive_key_context;
    hash.update(context);
    std::array<std::uint8_t, digest_bytes> key;
    hash.finish(key);
    start(hash.progress_, load_words(key.data()), internal::blake3_derive_key_material, 0);
    return hash;
}

void Blake3::update(Bytes part) noexcept { append(progress_, stack_.data(), part); }

void Blake3::finish(std::span<std::uint8_t, digest_bytes> digest) const noexcept
{
    const ChainingValue value = tree_output(progress_, stack_.data()).root();
    std::memcpy(digest.data(), value.data(), value.size());
}

void Blake3::finish_xof(MutableBytes out, std::uint64_t seek) const noexcept
{
    const Output output = tree_output(progress_, stack_.data());
    std::uint64_t counter = seek / block_bytes;
    std::size_t skip = static_cast<std::size_t>(seek % block_bytes);
    while (!out.empty())
    {
        std::uint32_t words[16];
        std::uint8_t bytes[block_bytes];
        internal::blake3_compress(words, output.chaining_value, output.block, output.bytes, counter,
                                  output.flags | internal::blake3_root);
        internal::blake3_store_words(bytes, words, 16);
        const std::size_t n = std::min(block_bytes - skip, out.size());
        std::memcpy(out.data(), bytes + skip, n);
        out = out.subspan(n);
        skip = 0;
        ++counter;
    }
}

Blake3Subtree::Blake3Subtree(std::uint64_t first_chunk) noexcept
{
    start(progress_, internal::blake3_initial_value, 0, first_chunk);
}

void Blake3Subtree::update(Bytes part) noexcept
{
    const std::uint64_t room = std::uint64_t{chunks_max} * chunk_bytes -
                               progress_.chunks * chunk_bytes - open_bytes(progress_);
    MOTE_ASSERT(part.size() <= room);
    if (part.size() > room)
        part = part.first(static_cast<std::size_t>(room));
    append(progress_, stack_.data(), part);
}

ChainingValue Blake3Subtree::chaining_value() const noexcept
{
    return tree_output(progress_, stack_.data()).value();
}

std::array<std::uint8_t, 32> Blake3Subtree::root() const noexcept
{
    MOTE_ASSERT(progress_.first_chunk == 0);
    return tree_output(progress_, stack_.data()).root();
}

std::array<std::uint8_t, 32> blake3(Bytes message) noexcept
{
    std::array<std::uint8_t, 32> digest;
    Blake3 hash;
    hash.update(message);
    hash.finish(digest);
    return digest;
}

std::array<std::uint8_t, 32> blake3_derive_key(Bytes context, Bytes material) noexcept
{
    std::array<std::uint8_t, 32> digest;
    Blake3 hash = Blake3::derive_key(context);
    hash.update(material);
    hash.finish(digest);
    return digest;
}

ChainingValue blake3_subtree(Bytes bytes, std::uint64_t first_chunk) noexcept
{
    Blake3Subtree subtree(first_chunk);
    subtree.update(bytes);
    return subtree.chaining_value();
}

ChainingValue blake3_parent(const ChainingValue& left, const ChainingValue& right) noexcept
{
    return parent_output(internal::blake3_initial_value, 0, left, right).value();
}

std::array<std::uint8_t, 32> blake3_root_parent(const ChainingValue& left,
                                                const ChainingValue& right) noexcept
{
    return parent_output(internal::blake3_initial_value, 0, left, right).root();
}

void blake3_chunks(const std::uint8_t* const* chunks, const std::uint64_t* counters,
                   std::size_t count, ChainingValue* out) noexcept
{
    internal::blake3_hash_many(chunk_node(internal::blake3_initial_value, 0), chunks, counters,
                               count, out);
}

void blake3_parents(const ChainingValue* in, std::size_t count, ChainingValue* out) noexcept
{
    join_pairs(parent_node(internal::blake3_initial_value, 0), in, count, out);
}
}  // namespace mote::hash
