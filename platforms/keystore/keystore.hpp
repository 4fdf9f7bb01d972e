// Keystores: a secret key behind a password, in a file that other software of the field reads, too.
//
//   password -> NFKD -> scrypt or PBKDF2 -> 32 bytes: the first 16 encrypt (AES-128-CTR), the last 16
//   and the ciphertext give the checksum (SHA-256), which tells a wrong password from a right one.
//
// The checksum has no key that the password does not give, so it also finds a changed ciphertext, salt
// or cost. It does not cover the IV, the path or the description: a changed IV decrypts to another
// number, which `public_key` betrays if the file has it.
//
// Worked case:
//
//   const Keystore keystore = parse(text);                       // throws json::Error
//   signature::SecretKey key;
//   if (open(keystore, password, {}, key) == OpenResult::opened) // seconds, by design
//       key.sign(...);
//
// Source  [EIP2335].
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "keystore/kdf.hpp"
#include "signature/secret_key.hpp"

namespace mote::keystore
{
inline constexpr std::size_t keystore_text_bytes_max = 16384;

struct Keystore
{
    Kdf kdf;
    std::array<std::uint8_t, 32> checksum{};
    std::array<std::uint8_t, 16> iv{};
    std::array<std::uint8_t, signature::secret_key_bytes> message{};  ///< the encrypted key
    std::optional<std::array<std::uint8_t, signature::public_key_bytes>> public_key;
    std::string description;
    std::string path;  ///< [EIP2334], empty if the key was not derived along one
    std::string uuid;
};

/// Reads the JSON of a keystore of version 4.
///
/// Shape   at most keystore_text_bytes_max bytes. Fields that the standard does not have are ignored.
/// Errors  throws json::Error, which names the field. Costs of the key derivation are not judged here.
[[nodiscard]] Keystore parse(std::string_view text);

/// Writes it, with a line's end.
[[nodiscard]] std::string to_text(const Keystore& keystore);

enum class OpenResult : std::uint8_t
{
    opened,
    bad_password,      ///< not UTF-8, or too long
    bad_parameters,    ///< of the key derivation: not defined
    too_costly,        ///< the key derivation is above the limits
    no_memory,         ///< the system did not give what the limits allow
    wrong_password,    ///< or the file was changed: the checksum does not match
    not_a_key,         ///< what was decrypted is no secret key
    other_public_key,  ///< the file's public key is another one
};

[[nodiscard]] const char* to_text(OpenResult result) noexcept;

/// Decrypts the key. `key` is empty unless the result is opened.
///
/// Cost    a key derivation and a multiplication in G1.
[[nodiscard]] OpenResult open(const Keystore& keystore, Bytes password, const KdfLimits& limits,
                              signature::SecretKey& key);

/// What a new keystore says besides the key.
struct SealOptions
{
    Kdf kdf;  ///< a salt that is empty is drawn
    std::string path;
    std::string description;
};

/// Encrypts a key under a password; salt, IV and UUID are drawn.
///
/// Shape   key: holds one.
/// Errors  as open(): bad_password, bad_parameters, too_costly, no_memory; `out` is empty then.
[[nodiscard]] OpenResult seal(const signature::SecretKey& key, Bytes password,
                              const SealOptions& options, const KdfLimits& limits, Keystore& out);
}  // namespace mote::keystore
