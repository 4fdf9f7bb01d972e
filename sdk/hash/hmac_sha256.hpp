// HMAC with SHA-256, for the key derivations around BLS signatures.
//
// Worked case: with the key "key" the message "The quick brown fox jumps over the lazy dog" has
// f7bc83f430538424 b13298e6aa6fb143 ef4d59a149461759 97479dbc2d1a3cd8.
#pragma once

#include "hash/sha256.hpp"

namespace mote::hash
{
/// Authenticates one message that arrives in parts.
///
/// Memory  224 bytes; nothing is wiped, see wipe() in base/secret.hpp.
/// Timing  depends on lengths only.
/// Source  [RFC2104].
class HmacSha256
{
  public:
    /// Shape   key: at most 64 bytes (asserted); longer ones do not occur here.
    explicit HmacSha256(Bytes key) noexcept;

    /// Appends `part` to the message.
    void update(Bytes part) noexcept { inner_.update(part); }

    /// Ends the message and writes its code. Afterwards the object can only be assigned to.
    void finish(std::span<std::uint8_t, Sha256::digest_bytes> code) noexcept;

  private:
    Sha256 inner_, outer_;
};
}  // namespace mote::hash
