// KH and Chain of the state commitment, written from the BLAKE3 paper and apart from sdk/hash: what
// the model of tests/tools/state_model.hpp hashes with.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace mote::test::model
{
using Hash = std::array<std::uint8_t, 32>;
using Octets = std::vector<std::uint8_t>;

// Compresses 64 bytes; returns the first 32 bytes of output.
inline Hash compress(const Hash& value, const std::uint8_t* block, std::uint32_t bytes,
                     std::uint32_t flags)
{
    static constexpr std::uint32_t iv[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    static constexpr int permutation[16] = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
    const auto word = [](const std::uint8_t* p)
    {
        return static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
               static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
    };
    std::uint32_t v[16], m[16];
    for (int i = 0; i < 8; ++i)
        v[i] = word(value.data() + 4 * i);
    for (int i = 0; i < 4; ++i)
        v[8 + i] = iv[i];
    v[12] = v[13] = 0;
    v[14] = bytes;
    v[15] = flags;
    for (int i = 0; i < 16; ++i)
        m[i] = word(block + 4 * i);
    const auto g = [&](int a, int b, int c, int d, std::uint32_t x, std::uint32_t y)
    {
        v[a] += v[b] + x, v[d] = std::rotr(v[d] ^ v[a], 16), v[c] += v[d];
        v[b] = std::rotr(v[b] ^ v[c], 12), v[a] += v[b] + y, v[d] = std::rotr(v[d] ^ v[a], 8);
        v[c] += v[d], v[b] = std::rotr(v[b] ^ v[c], 7);
    };
    for (int round = 0; round < 7; ++round)
    {
        for (int i = 0; i < 4; ++i)
            g(i, 4 + i, 8 + i, 12 + i, m[2 * i], m[2 * i + 1]);
        for (int i = 0; i < 4; ++i)
            g(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[8 + 2 * i], m[9 + 2 * i]);
        std::uint32_t old[16];
        std::memcpy(old, m, sizeof m);
        for (int i = 0; i < 16; ++i)
            m[i] = old[permutation[i]];
    }
    Hash out;
    for (int i = 0; i < 8; ++i)
        for (int b = 0; b < 4; ++b)
            out[static_cast<std::size_t>(4 * i + b)] =
                static_cast<std::uint8_t>((v[i] ^ v[i + 8]) >> 8 * b);
    return out;
}

inline Hash kh(const Hash& key, const Hash& left, const Hash& right)
{
    std::uint8_t block[64];
    std::memcpy(block, left.data(), 32);
    std::memcpy(block + 32, right.data(), 32);
    return compress(key, block, 64, 27);
}

inline Hash chain(const Hash& key, Octets bytes)
{
    while (bytes.size() % 64 != 0)
        bytes.push_back(0);
    Hash value = key;
    for (std::size_t at = 0; at < bytes.size(); at += 64)
        value = compress(value, bytes.data() + at, 64, 27);
    return value;
}

// BLAKE3 derive_key("mote qmdb <name> v1", ""): one block of context, one empty block.
inline const Hash& domain(const std::string& name)
{
    static std::map<std::string, Hash> keys;
    if (const auto found = keys.find(name); found != keys.end())
        return found->second;
    const std::string context = "mote qmdb " + name + " v1";
    std::uint8_t block[64] = {};
    std::memcpy(block, context.data(), context.size());
    Hash value;
    static constexpr std::uint32_t iv[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (int i = 0; i < 8; ++i)
        for (int b = 0; b < 4; ++b)
            value[static_cast<std::size_t>(4 * i + b)] = static_cast<std::uint8_t>(iv[i] >> 8 * b);
    const std::uint8_t empty[64] = {};
    const Hash context_key =
        compress(value, block, static_cast<std::uint32_t>(context.size()), 1 | 2 | 8 | 32);
    return keys[name] = compress(context_key, empty, 0, 1 | 2 | 8 | 64);
}
}  // namespace mote::test::model
