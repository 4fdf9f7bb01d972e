// BLAKE3: the hash of the trees over blocks, and a key derivation.
//
// The input is cut into chunks of 1,024 bytes, the leaves of a binary tree; a node's chaining value
// is 32 bytes. Two properties carry everything built on it here. Chunks do not depend on each
// other, so a vector register hashes one chunk in each lane. And an aligned power of two of chunks
// is a node of the tree whatever surrounds it, so rows of a block are hashed apart and joined
// later:
//
//     row 0 = chunks 0 .. 31        row 1 = chunks 32 .. 63
//     ChainingValue left  = blake3_subtree(row_0, 0);
//     ChainingValue right = blake3_subtree(row_1, 32);
//     blake3_root_parent(left, right);              // the same digest as blake3(row_0 || row_1)
//
// The keyed mode is not offered: nothing here authenticates with a shared key. sdk/state hashes under fixed
// keys that keep its kinds of node apart, with blake3_compress.
//
// Worked case: blake3({}) = af1349b9f5f9a1a6 a0404dea36dcc949 9bcb25c9adc112b7 cc9a93cae41f3262.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace mote::hash
{
/// The value of a node that is not the root: eight words, least significant byte first.
using ChainingValue = std::array<std::uint8_t, 32>;

namespace internal
{
/// What every streaming form keeps beside its stack of chaining values.
struct Blake3Progress
{
    std::array<std::uint32_t, 8> key;          // the initial value, or a derived key
    std::array<std::uint32_t, 8> chunk_value;  // after the compressed blocks of the open chunk
    std::uint64_t first_chunk;                 // counter of the first chunk
    std::uint64_t chunks;                      // how many chunks were closed
    std::uint8_t mode;                         // flags that every compression has
    std::uint8_t stacked;                      // chaining values on the stack
    std::uint8_t chunk_blocks;                 // compressed blocks of the open chunk, at most 15
    std::uint8_t buffered;                     // bytes in `block`; 64 only while more may follow
    alignas(4) std::array<std::uint8_t, 64> block;  // only the first `buffered` bytes have a value
};
}  // namespace internal

/// Hashes one message that arrives in parts.
///
/// Errors  none.
/// Memory  1.9 KiB, most of it a stack of 54 chaining values; no pointers into the parts. Nothing
///         is wiped. update and finish use less than 8 KiB of stack.
/// Cost    one compression per started 64 bytes, at least one; one per 1,024 bytes for the tree.
///         Parts of several chunks are hashed where they lie, as many chunks at once as the
///         instruction set has lanes; larger parts are faster up to 64 KiB.
/// Timing  depends on lengths only.
/// Source  [BLAKE3] sections 2 and 5.1.
class Blake3
{
  public:
    static constexpr std::size_t digest_bytes = 32;
    static constexpr std::size_t block_bytes = 64;
    static constexpr std::size_t chunk_bytes = 1024;

    Blake3() noexcept;

    /// Starts a key derivation: update takes the key material.
    ///
    /// Shape   context: any length; a constant of the program, globally unique and not secret.
    /// Source  [BLAKE3] section 2.3.
    [[nodiscard]] static Blake3 derive_key(Bytes context) noexcept;

    /// Appends `part` to the message.
    ///
    /// Shape   any length, also 0; all parts together less than 2^64 bytes.
    void update(Bytes part) noexcept;

    /// Writes the digest of the message so far. More parts may follow.
    void finish(std::span<std::uint8_t, digest_bytes> digest) const noexcept;

    /// Writes bytes seek .. seek + out.size() - 1 of the output, whose first 32 are the digest.
    ///
    /// Shape   out: any length, also 0; seek + out.size() at most 2^64 - 1.
    /// Cost    one compression per 64 bytes of output touched.
    void finish_xof(MutableBytes out, std::uint64_t seek = 0) const noexcept;

  private:
    // 2^54 - 1 closed chunks at most, so 54 subtrees of which no two can be joined.
    static constexpr std::size_t depth = 54;

    internal::Blake3Progress progress_;
    std::array<ChainingValue, depth> stack_;  // only the first progress_.stacked have a value
};

/// Hashes `message`.
///
/// Errors  none.
/// Source  [BLAKE3] section 2.
[[nodiscard]] std::array<std::uint8_t, 32> blake3(Bytes message) noexcept;

/// Derives 32 bytes from `material` for the purpose that `context` names.
///
/// Errors  none.
/// Source  [BLAKE3] section 2.3.
[[nodiscard]] std::array<std::uint8_t, 32> blake3_derive_key(Bytes context,
                                                             Bytes material) noexcept;

/// The same for a string literal; its terminator is not part of the context.
template <std::size_t n>
[[nodiscard]] std::array<std::uint8_t, 32> blake3_derive_key(const char (&context)[n],
                                                             Bytes material) noexcept
{
    static_assert(n > 0);
    return blake3_derive_key(Bytes(reinterpret_cast<const std::uint8_t*>(context), n - 1),
                             material);
}

/// Hashes one subtree whose bytes arrive in parts: those from chunk `first_chunk` on.
///
/// The bytes form a left-balanced tree of their own. It is a node of the whole message's tree if
/// first_chunk is a multiple of next_power_of_two(chunks) and either the bytes are that power of
/// two of full chunks or they are the end of the message.
///
/// Errors  none. A length out of range is the caller's bug: asserted, and cut to the maximum where
///         assertions are off, so that memory stays safe.
/// Memory  about 820 bytes (less than 1 KiB, asserted at compile time), no pointers into the parts.
/// Cost    as Blake3.
/// Timing  depends on lengths only.
/// Source  [BLAKE3] sections 2.1 and 5.1.
class Blake3Subtree
{
  public:
    static constexpr std::size_t chunks_max = std::size_t{1} << 20;

    explicit Blake3Subtree(std::uint64_t first_chunk) noexcept;

    /// Appends `part`.
    ///
    /// Shape   any length, also 0; all parts together at most chunks_max chunks (asserted).
    void update(Bytes part) noexcept;

    /// Gives the chaining value of the subtree so far, as a node that is not the root. More parts
    /// may follow. Without any bytes it is that of an empty chunk.
    [[nodiscard]] ChainingValue chaining_value() const noexcept;

    /// Gives the digest of the bytes so far, taken for the whole message.
    ///
    /// Shape   first_chunk is 0 (asserted).
    [[nodiscard]] std::array<std::uint8_t, 32> root() const noexcept;

  private:
    // chunks_max - 1 closed chunks are at most 20 subtrees; the last chunk makes one more.
    static constexpr std::size_t depth = 21;

    internal::Blake3Progress progress_;
    std::array<ChainingValue, depth> stack_;  // only the first progress_.stacked have a value
};
static_assert(sizeof(Blake3Subtree) < 1024);

/// Gives the chaining value of one subtree, see Blake3Subtree.
///
/// Shape   bytes: at most Blake3Subtree::chunks_max chunks (asserted).
[[nodiscard]] ChainingValue blake3_subtree(Bytes bytes, std::uint64_t first_chunk) noexcept;

/// Gives the chaining value of a parent that is not the root.
///
/// Source  [BLAKE3] section 2.5.
[[nodiscard]] ChainingValue blake3_parent(const ChainingValue& left,
                                          const ChainingValue& right) noexcept;

/// Gives the digest of a message from the two children of its root.
///
/// Source  [BLAKE3] section 2.5.
[[nodiscard]] std::array<std::uint8_t, 32> blake3_root_parent(const ChainingValue& left,
                                                              const ChainingValue& right) noexcept;

/// Hashes full chunks that lie anywhere: out[i] = chaining value of chunks[i], not as the root.
///
/// Shape   chunks, counters, out: `count` each, also 0; chunks[i]: 1,024 bytes, any alignment.
///         Chunks may overlap each other but not `out`. Counters in any order.
/// Cost    as many chunks at once as the instruction set has lanes (16, 8, 4, else 1). A rest of
///         two or more costs as much as a full set.
/// Timing  depends on count only.
void blake3_chunks(const std::uint8_t* const* chunks, const std::uint64_t* counters,
                   std::size_t count, ChainingValue* out) noexcept;

/// Joins pairs of nodes: out[i] = blake3_parent(in[2i], in[2i + 1]).
///
/// Shape   in: 2 * count, out: count. out may be in; else they do not overlap.
/// Cost    as blake3_chunks, with a sixteenth of the work per parent.
void blake3_parents(const ChainingValue* in, std::size_t count, ChainingValue* out) noexcept;
}  // namespace mote::hash
