// BLAKE3 as the paper defines it: a recursion over the tree, word by word, nothing put off.
#pragma once

#include <bit>
#include <span>
#include <string>
#include <vector>

#include "hash/blake3.hpp"
#include "hash_support.hpp"

namespace blake3_model
{
using hash_test::ByteVector;
using mote::Bytes;
using Words = std::vector<std::uint32_t>;

enum Flag : std::uint32_t
{
    chunk_start = 1,
    chunk_end = 2,
    parent = 4,
    root = 8,
    keyed_hash = 16,
    derive_key_context = 32,
    derive_key_material = 64
};

inline const Words initial_value = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

inline Words words_of(Bytes bytes)
{
    Words words(bytes.size() / 4);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        words[i / 4] |= std::uint32_t{bytes[i]} << (8 * (i % 4));
    return words;
}

inline ByteVector bytes_of(const Words& words)
{
    ByteVector bytes;
    for (const std::uint32_t w : words)
        for (unsigned shift = 0; shift < 32; shift += 8)
            bytes.push_back(static_cast<std::uint8_t>(w >> shift));
    return bytes;
}

/// The sixteen words that come out of one compression.
inline Words compress(const Words& chaining_value, Bytes block, std::uint64_t counter,
                      std::uint32_t flags)
{
    static constexpr std::size_t permutation[16] = {2, 6,  3,  10, 7, 0,  4,  13,
                                                    1, 11, 12, 5,  9, 14, 15, 8};
    ByteVector padded(block.begin(), block.end());
    padded.resize(64);
    Words m = words_of(padded);
    Words v = chaining_value;
    v.insert(v.end(), initial_value.begin(), initial_value.begin() + 4);
    v.push_back(static_cast<std::uint32_t>(counter));
    v.push_back(static_cast<std::uint32_t>(counter >> 32));
    v.push_back(static_cast<std::uint32_t>(block.size()));
    v.push_back(flags);
    for (int round = 0; round < 7; ++round)
    {
        for (std::size_t g = 0; g < 8; ++g)
        {
            const std::size_t turn = g / 4;
            std::uint32_t& a = v[g % 4];
            std::uint32_t& b = v[4 + (g + turn) % 4];
            std::uint32_t& c = v[8 + (g + 2 * turn) % 4];
            std::uint32_t& d = v[12 + (g + 3 * turn) % 4];
            a = a + b + m[2 * g];
            d = std::rotr(d ^ a, 16);
            c = c + d;
            b = std::rotr(b ^ c, 12);
            a = a + b + m[2 * g + 1];
            d = std::rotr(d ^ a, 8);
            c = c + d;
            b = std::rotr(b ^ c, 7);
        }
        Words permuted;
        for (const std::size_t from : permutation)
            permuted.push_back(m[from]);
        m = permuted;
    }
    for (std::size_t i = 0; i < 8; ++i)
    {
        v[i] ^= v[i + 8];
        v[i + 8] ^= chaining_value[i];
    }
    return v;
}

/// The last compression of a node, ready for any counter and more flags.
struct Node
{
    Words chaining_value;
    ByteVector block;
    std::uint64_t counter;
    std::uint32_t flags;

    Words value() const
    {
        Words out = compress(chaining_value, block, counter, flags);
        out.resize(8);
        return out;
    }
    ByteVector output(std::size_t bytes) const
    {
        ByteVector out;
        for (std::uint64_t i = 0; out.size() < bytes; ++i)
        {
            const ByteVector more = bytes_of(compress(chaining_value, block, i, flags | root));
            out.insert(out.end(), more.begin(), more.end());
        }
        out.resize(bytes);
        return out;
    }
};

inline Node parent_of(const Words& left, const Words& right, const Words& key, std::uint32_t mode)
{
    ByteVector block = bytes_of(left);
    const ByteVector second = bytes_of(right);
    block.insert(block.end(), second.begin(), second.end());
    return {key, block, 0, mode | parent};
}

/// The node over `bytes`, whose first chunk has the number `chunk`.
inline Node tree(Bytes bytes, std::uint64_t chunk, const Words& key = initial_value,
                 std::uint32_t mode = 0)
{
    if (bytes.size() <= 1024)
    {
        Words h = key;
        std::uint32_t start = chunk_start;
        while (bytes.size() > 64)
        {
            h = compress(h, bytes.first(64), chunk, mode | start);
            h.resize(8);
            start = 0;
            bytes = bytes.subspan(64);
        }
        return {h, ByteVector(bytes.begin(), bytes.end()), chunk, mode | start | chunk_end};
    }
    // The left side is the largest power of two of chunks that leaves something for the right.
    std::size_t left_chunks = 1;
    while (2 * left_chunks * 1024 < bytes.size())
        left_chunks *= 2;
    const Bytes left = bytes.first(left_chunks * 1024);
    const Bytes right = bytes.subspan(left.size());
    return parent_of(tree(left, chunk, key, mode).value(),
                     tree(right, chunk + left_chunks, key, mode).value(), key, mode);
}

inline std::string digest(Bytes message) { return hash_test::to_hex(tree(message, 0).output(32)); }

inline std::string chaining_value(Bytes bytes, std::uint64_t first_chunk)
{
    return hash_test::to_hex(bytes_of(tree(bytes, first_chunk).value()));
}

inline ByteVector derived(Bytes context, Bytes material, std::size_t bytes)
{
    const ByteVector key = tree(context, 0, initial_value, derive_key_context).output(32);
    return tree(material, 0, words_of(key), derive_key_material).output(bytes);
}
}  // namespace blake3_model
