// The seam between the store, compiled once, and its hashing, compiled for each variant of the core.
//
// Plain data only crosses it: types of the core have another namespace in each variant.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
struct mote_qmdb_kernels
{
    const char* name;
    /// Leaf hashes of entries, zero-padded to 64 * blocks[i] bytes: 32 bytes each at `out`.
    void (*leaves)(const std::uint8_t* const* entries, const std::uint32_t* blocks,
                   std::size_t count, std::uint8_t* out);
    /// S of a chunk from its leaf hashes. nodes: 256 * 32 bytes, of which the first `used` leaves
    /// count; they are overwritten.
    void (*chunk)(std::uint8_t* nodes, std::size_t used, std::uint8_t* s);
    /// Roots of twigs, each given by 8 times (32 bytes of bits, 32 bytes of S).
    void (*twigs)(const std::uint8_t* const* chunks, std::size_t count, std::uint8_t* out);
    /// KH(node, 64 bytes) for each input.
    void (*nodes)(const std::uint8_t* const* inputs, std::size_t count, std::uint8_t* out);
    /// Key hashes: keys of any length up to 255.
    void (*keys)(const std::uint8_t* const* keys, const std::uint8_t* lengths, std::size_t count,
                 std::uint8_t* out);
    /// BLAKE3 of `bytes` bytes: 32 bytes at `out`.
    void (*digest)(const std::uint8_t* data, std::size_t bytes, std::uint8_t* out);
};

const mote_qmdb_kernels* mote_qmdb_portable(void);
const mote_qmdb_kernels* mote_qmdb_x86_64_adx(void);
const mote_qmdb_kernels* mote_qmdb_x86_64_ifma(void);
}

namespace mote::qmdb
{
/// The kernels of the best variant that this processor has.
[[nodiscard]] const mote_qmdb_kernels& kernels();
}  // namespace mote::qmdb
