// BLAKE3's compression: its constants, the scalar form, and many inputs at once.
//
// Internal to this module; blake3.cpp builds the tree from it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "hash/blake3.hpp"

namespace mote::hash::internal
{
// Flags of a compression. [BLAKE3] table 3.
inline constexpr std::uint32_t blake3_chunk_start = 1 << 0;
inline constexpr std::uint32_t blake3_chunk_end = 1 << 1;
inline constexpr std::uint32_t blake3_parent_node = 1 << 2;
inline constexpr std::uint32_t blake3_root = 1 << 3;
inline constexpr std::uint32_t blake3_derive_key_context = 1 << 5;
inline constexpr std::uint32_t blake3_derive_key_material = 1 << 6;

// The initial value of SHA-256. [BLAKE3] table 1.
inline constexpr std::array<std::uint32_t, 8> blake3_initial_value = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

inline constexpr std::size_t blake3_rounds = 7;

using Blake3Schedule = std::array<std::array<std::uint8_t, 16>, blake3_rounds>;

// Which message word each round takes where: the permutation of [BLAKE3] table 2, applied once more
// in every round.
constexpr Blake3Schedule derive_blake3_schedule() noexcept
{
    constexpr std::array<std::uint8_t, 16> permutation = {2, 6,  3,  10, 7, 0,  4,  13,
                                                          1, 11, 12, 5,  9, 14, 15, 8};
    Blake3Schedule schedule = {};
    for (std::uint8_t i = 0; i < 16; ++i)
        schedule[0][i] = i;
    for (std::size_t r = 1; r < blake3_rounds; ++r)
        for (std::size_t i = 0; i < 16; ++i)
            schedule[r][i] = schedule[r - 1][permutation[i]];
    return schedule;
}

inline constexpr Blake3Schedule blake3_schedule = derive_blake3_schedule();

/// Compresses one block.
///
/// Shape   block: 64 readable bytes, any alignment, those from block_bytes on zero. out: the
///         sixteen output words; the first eight are the chaining value.
/// Source  [BLAKE3] section 2.2.
void blake3_compress(std::uint32_t (&out)[16], const std::array<std::uint32_t, 8>& chaining_value,
                     const std::uint8_t* block, std::uint32_t block_bytes, std::uint64_t counter,
                     std::uint32_t flags) noexcept;

/// The scalar form of blake3_compress, which every target has.
void blake3_compress_scalar(std::uint32_t (&out)[16],
                            const std::array<std::uint32_t, 8>& chaining_value,
                            const std::uint8_t* block, std::uint32_t block_bytes,
                            std::uint64_t counter, std::uint32_t flags) noexcept;

/// What inputs that are hashed together have in common: all are full chunks, or all are parents.
struct Blake3Node
{
    const std::array<std::uint32_t, 8>& key;
    std::size_t blocks;         // of 64 bytes; every input is this long
    std::uint32_t flags;        // of every block
    std::uint32_t first_flags;  // besides, of the first block
    std::uint32_t last_flags;   // besides, of the last block

    [[nodiscard]] constexpr std::uint32_t flags_of_block(std::size_t b) const noexcept
    {
        return flags | (b == 0 ? first_flags : 0) | (b + 1 == blocks ? last_flags : 0);
    }
};

/// Hashes one input: out = its chaining value.
///
/// Shape   input: 64 * node.blocks bytes, any alignment. out may lie in it.
void blake3_hash_one(const Blake3Node& node, const std::uint8_t* input, std::uint64_t counter,
                     ChainingValue& out) noexcept;

/// Hashes `count` inputs of the same kind, as many at once as the target has lanes.
///
/// Shape   inputs, counters, out: `count` each, also 0. out[i] may lie in inputs[i] and later ones.
void blake3_hash_many(const Blake3Node& node, const std::uint8_t* const* inputs,
                      const std::uint64_t* counters, std::size_t count,
                      ChainingValue* out) noexcept;

constexpr void blake3_store_words(std::uint8_t* p, const std::uint32_t* words,
                                  std::size_t count) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        store_le(p + 4 * i, words[i]);
}
}  // namespace mote::hash::internal
