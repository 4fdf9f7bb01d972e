// Blake2b: the hash behind Jolt's transcript and its program digests.
//
// Jolt uses Blake2b with a 32-byte digest and no key. The digest length is a parameter of the hash:
// Blake2b-256 is not Blake2b-512 cut short. Verifying one proof hashes about 2,000 short strings (64
// to 500 bytes) in about 2,300 compressions, so what matters is the cost of a first and last block.
//
// A message in parts is hashed without joining them; the parts leave no trace in the digest:
//
//     Blake2b h(32);
//     h.update(state);                 // the same digest as
//     h.update(message);               // blake2b_256(state || message)
//     h.finish(digest);
//
// Worked case: blake2b_256({}) = 0e5751c026e543b2 e8ab2eb06099daa1 d1e5df47778f7787 faab45cdf12fe3a8.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace mote::hash
{
/// States everything that can set one Blake2b function apart from another.
///
/// Units   bytes; a salt or personal string shorter than 16 is padded with zero bytes.
/// Source  [RFC7693] section 2.5 (digest_bytes, key); [BLAKE2] section 2.5 (salt, personal), which
///         the RFC leaves out. Tree hashing is not offered: fanout and depth are 1.
struct Blake2bParameters
{
    std::size_t digest_bytes = 64;  ///< 1 to 64
    Bytes key = {};                 ///< 0 to 64
    Bytes salt = {};                ///< 0 to 16
    Bytes personal = {};            ///< 0 to 16
};

/// Hashes one message that arrives in parts.
///
/// Errors  none. Lengths out of range are the caller's bug: asserted, and cut to the maximum where
///         assertions are off, so that memory stays safe.
/// Memory  about 220 bytes, no pointers into the parts. Nothing is wiped, not even the key.
/// Cost    one compression per started 128 bytes, at least one; a key adds one. Whole blocks are read
///         where they lie; less than a block is copied once.
/// Timing  depends on lengths only.
class Blake2b
{
  public:
    static constexpr std::size_t digest_bytes_max = 64;
    static constexpr std::size_t key_bytes_max = 64;
    static constexpr std::size_t salt_bytes_max = 16;
    static constexpr std::size_t personal_bytes_max = 16;
    static constexpr std::size_t block_bytes = 128;

    /// Starts an unkeyed hash.
    ///
    /// Units   digest_bytes: 1 to 64.
    explicit Blake2b(std::size_t digest_bytes) noexcept;

    /// Starts a hash with a key, salt or personal string. The spans are not kept.
    explicit Blake2b(const Blake2bParameters& parameters) noexcept;

    /// Appends `part` to the message.
    ///
    /// Shape   any length, also 0; all parts together less than 2^64 bytes.
    void update(Bytes part) noexcept;

    /// Ends the message and writes its digest. Afterwards the object can only be assigned to.
    ///
    /// Shape   digest: exactly digest_bytes bytes (asserted); it may overlap the parts.
    void finish(MutableBytes digest) noexcept;

  private:
    std::array<std::uint64_t, 8> state_;
    std::uint64_t compressed_bytes_ = 0;  // message bytes before buffer_
    std::uint32_t buffered_bytes_ = 0;    // 0 to block_bytes; the last block waits here for finish
    std::uint32_t digest_bytes_;
    std::array<std::uint8_t, block_bytes> buffer_;  // only the first buffered_bytes_ have a value
};

/// Hashes `message` with Blake2b, 32-byte digest, no key, salt or personal string.
///
/// Errors  none.
/// Source  [RFC7693] section 3.3 with nn = 32; [JOLT] uses it for every transcript step.
[[nodiscard]] std::array<std::uint8_t, 32> blake2b_256(Bytes message) noexcept;
}  // namespace mote::hash
