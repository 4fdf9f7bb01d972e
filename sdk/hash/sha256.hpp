// SHA-256: fixed by RFC 9380 (hash to curve) and by the key formats around BLS signatures.
//
// Nothing of our own design hashes with it, so this is the portable form only: small code, 64 rounds
// over a schedule of sixteen words.
//
// Worked case: sha256("abc") = ba7816bf8f01cfea 414140de5dae2223 b00361a396177a9c b410ff61f20015ad.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace mote::hash
{
/// Hashes one message that arrives in parts.
///
/// Errors  none.
/// Memory  112 bytes, no pointers into the parts. Nothing is wiped.
/// Cost    one compression per 64 bytes of (message + 9 bytes of padding), rounded up. Whole blocks
///         are read where they lie.
/// Timing  depends on lengths only.
/// Source  [FIPS180] sections 5.1.1, 5.3.3 and 6.2.
class Sha256
{
  public:
    static constexpr std::size_t digest_bytes = 32;
    static constexpr std::size_t block_bytes = 64;

    Sha256() noexcept;

    /// Appends `part` to the message.
    ///
    /// Shape   any length, also 0; all parts together less than 2^61 bytes.
    void update(Bytes part) noexcept;

    /// Ends the message and writes its digest. Afterwards the object can only be assigned to.
    void finish(std::span<std::uint8_t, digest_bytes> digest) noexcept;

  private:
    std::array<std::uint32_t, 8> state_;
    std::uint64_t message_bytes_ = 0;               // modulo block_bytes: how many are in buffer_
    std::array<std::uint8_t, block_bytes> buffer_;  // never full between calls
};

/// Hashes `message`.
///
/// Errors  none.
/// Source  [FIPS180] section 6.2.
[[nodiscard]] std::array<std::uint8_t, 32> sha256(Bytes message) noexcept;
}  // namespace mote::hash
