// Key derivation functions: a password becomes 32 bytes, slowly.
//
// Both functions take their cost from the file, so a hostile file could ask for all memory, or for a
// year. `check` refuses before anything is spent.
//
// Source  [RFC7914] scrypt; [RFC8018] PBKDF2, with HMAC-SHA-256.
#pragma once

#include "keystore/secret_bytes.hpp"

namespace mote::keystore
{
inline constexpr std::size_t derived_key_bytes = 32;
inline constexpr std::size_t salt_bytes_max = 128;

enum class KdfFunction : std::uint8_t
{
    scrypt,
    pbkdf2,
};

/// A function and its parameters; the defaults are those of [EIP2335]'s examples.
struct Kdf
{
    KdfFunction function = KdfFunction::scrypt;
    std::uint64_t n = 262144;       ///< scrypt: blocks, a power of two
    std::uint64_t r = 8;            ///< scrypt: size of a block in units of 128 bytes
    std::uint64_t p = 1;            ///< scrypt: how often
    std::uint64_t rounds = 262144;  ///< pbkdf2
    std::vector<std::uint8_t> salt;
};

/// What a derivation may cost.
///
/// The defaults are eight times the work, and twice the memory, of the parameters above: seconds.
struct KdfLimits
{
    std::uint64_t memory_bytes = std::uint64_t{512} << 20;
    std::uint64_t scrypt_work = std::uint64_t{1} << 24;  ///< n * r * p
    std::uint64_t pbkdf2_rounds = std::uint64_t{1} << 24;
};

enum class KdfResult : std::uint8_t
{
    ok,
    bad_parameters,  ///< the function is not defined for them
    too_costly,      ///< above the limits
    no_memory,       ///< the system did not give what the limits allow
};

/// Whether the function is defined for its parameters and stays within the limits.
[[nodiscard]] KdfResult check(const Kdf& kdf, const KdfLimits& limits) noexcept;

/// Derives 32 bytes. `out` is zeroed unless the result is ok.
///
/// Memory  128 * n * r bytes for scrypt.
/// Cost    as `check` allows.
[[nodiscard]] KdfResult derive(const Kdf& kdf, Bytes password, const KdfLimits& limits,
                               std::span<std::uint8_t, derived_key_bytes> out);
}  // namespace mote::keystore
