// The secret half: keys, where they come from, and signing.
//
// Nothing here branches on a secret or reads memory at an address made from one: scalars are cut into
// digits without divisions, table entries are read by scanning the table, curve formulas have no
// exceptions, and field operations select by masks. tests/sdk/signature/secret_key_ctime.cpp runs it
// under valgrind with the secret marked undefined. Key objects and named intermediates are overwritten
// when they end; copies that the compiler left in registers and dead stack frames are not.
//
// Worked case:
//
//   SecretKey key;
//   if (key.derive_master(seed) == Status::ok)        // 32 random bytes or more
//       signature = key.sign(digest);
#pragma once

#include "signature/keys.hpp"

namespace mote::signature
{
/// An integer 0 < k < r, or nothing yet. Cannot be copied; overwritten at its end.
class SecretKey
{
  public:
    SecretKey() noexcept = default;
    ~SecretKey() noexcept { clear(); }
    SecretKey(const SecretKey&) = delete;
    SecretKey& operator=(const SecretKey&) = delete;

    /// Takes a key as 32 big-endian bytes.
    ///
    /// Errors  invalid_argument unless 0 < k < r; the object is empty then.
    [[nodiscard]] Status load(std::span<const std::uint8_t, secret_key_bytes> bytes) noexcept;

    /// Makes the key of a seed: HKDF to 48 bytes, modulo r.
    ///
    /// Shape   seed: 32 bytes of entropy or more.
    /// Errors  invalid_argument if the seed is shorter; the object is empty then.
    /// Source  [EIP2333] derive_master_SK; [BLS-SIG] section 2.3, KeyGen, without key_info.
    [[nodiscard]] Status derive_master(Bytes seed) noexcept;

    /// Makes the child of a key.
    ///
    /// Shape   parent: holds a key (asserted), and is another object.
    /// Cost    about 2,600 compressions of SHA-256.
    /// Source  [EIP2333] derive_child_SK.
    void derive_child(const SecretKey& parent, std::uint32_t index) noexcept;

    [[nodiscard]] bool empty() const noexcept;
    /// Overwrites the key.
    void clear() noexcept;
    /// Writes the key as 32 big-endian bytes; it is the caller's to wipe them.
    void store(std::span<std::uint8_t, secret_key_bytes> out) const noexcept;

    /// The point that belongs to it. The object holds a key (asserted, here and below).
    [[nodiscard]] PublicKey public_key() const noexcept;

    /// Signs a message of any length. The same key and message give the same signature.
    ///
    /// Cost    one hash to G2 and a multiplication there.
    /// Timing  depends on the message and its length, not on the key.
    [[nodiscard]] Signature sign(Bytes message, Bytes tag = message_tag) const noexcept;

    /// Signs the own public key: a sum of keys that all have this is safe.
    ///
    /// Source  [BLS-SIG] section 3.3.2, PopProve.
    [[nodiscard]] Signature prove_possession() const noexcept;

  private:
    field::Limbs<4> value_{};
};
}  // namespace mote::signature
