// Hashing of the state commitment: one primitive, KH, under seven keys.
//
// KH(k, m) is BLAKE3's keyed hash of a 64-byte message: one compression, which a guest program has
// as one instruction. Longer strings are chained block by block; each string hashed that way fixes
// its own length within its first block, so zero padding cannot confuse two of them.
//
// Worked case: the log tree of a shard without entries has height 8 and the null root N_8 =
// fd411693b0e8f8f0 f4979c209e119ddf d9171fe98a1dc1ec 6a3483deb286f91c.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "hash/blake3.hpp"

namespace mote::state
{
using Digest = hash::ChainingValue;

/// What is hashed; each has its own key, derived from the context "mote qmdb <name> v1".
enum class Domain : std::uint8_t
{
    key,
    leaf,
    node,
    bits,
    shard,
    state,
    code,
};
inline constexpr std::size_t domain_count = 7;

inline constexpr std::uint32_t shard_count = 16;

/// Levels that a log tree can have: 8 + the bit length of ((2^56 - 1) >> 8).
inline constexpr std::uint32_t log_levels_max = 56;

/// Gives the key of a domain.
///
/// Source  [QMDB-FORMAT] section 1.
[[nodiscard]] Digest domain_key(Domain domain) noexcept;

/// Hashes one block of 64 bytes.
///
/// Cost    one compression.
/// Source  [QMDB-FORMAT] section 1, KH.
[[nodiscard]] Digest kh(Domain domain, const std::uint8_t* block) noexcept;
[[nodiscard]] Digest kh(Domain domain, const Digest& left, const Digest& right) noexcept;

/// Hashes many inputs of the same number of blocks, each as Chain does, as many at once as the
/// instruction set has lanes.
///
/// Shape   inputs, out: `count` each, also 0; inputs[i]: 64 * blocks bytes, any alignment. out[i]
///         may lie in inputs[i] and later ones.
void kh_many(Domain domain, const std::uint8_t* const* inputs, std::size_t blocks,
             std::size_t count, Digest* out) noexcept;

/// Hashes a string of any length that arrives in parts.
///
/// Cost    one compression per started 64 bytes.
/// Source  [QMDB-FORMAT] section 1, Chain.
class Chain
{
  public:
    explicit Chain(Domain domain) noexcept;
    void update(Bytes part) noexcept;
    /// Pads with zeros and ends. An empty string gives the key.
    [[nodiscard]] Digest finish() noexcept;

  private:
    void compress(const std::uint8_t* block) noexcept;

    std::array<std::uint32_t, 8> value_;
    std::size_t buffered_ = 0;
    std::array<std::uint8_t, 64> block_;
};

[[nodiscard]] Digest chain(Domain domain, Bytes bytes) noexcept;

/// Gives the hash that a key is ordered and found by.
///
/// Shape   key: 1 to 255 bytes.
/// Source  [QMDB-FORMAT] section 1.
[[nodiscard]] Digest key_hash(Bytes key) noexcept;

/// Gives the root of a subtree of `level` without entries.
///
/// Shape   level: at most log_levels_max.
[[nodiscard]] Digest null_node(std::uint32_t level) noexcept;

/// Binds a shard's log to its three numbers.
///
/// Source  [QMDB-FORMAT] section 1.
[[nodiscard]] Digest shard_root(const Digest& log_root, std::uint64_t next_sn, std::uint64_t floor,
                                std::uint64_t active_count) noexcept;

/// Gives the root over the roots of all shards.
///
/// Cost    15 compressions.
[[nodiscard]] Digest state_root(const std::array<Digest, shard_count>& shards) noexcept;

/// Gives the root of a contract's code, so that a guest hashes only the chunks that it runs.
///
/// Source  [QMDB-FORMAT] section 8.
[[nodiscard]] Digest code_root(Bytes code) noexcept;

/// Gives the lowest and the highest hash of a shard: the bounds of its list, which no key may have.
[[nodiscard]] Digest lower_bound_of_shard(std::uint32_t shard) noexcept;
[[nodiscard]] Digest upper_bound_of_shard(std::uint32_t shard) noexcept;

[[nodiscard]] constexpr std::uint32_t shard_of(const Digest& hash) noexcept { return hash[0] >> 4; }
}  // namespace mote::state
