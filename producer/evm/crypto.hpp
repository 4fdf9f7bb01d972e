// The arithmetic that the machine leaves to its host: three functions, linked in.
//
// crypto_hosted.cpp has them through libsecp256k1, GMP and OpenSSL's libcrypto; a guest of a zkVM brings
// its own.
#pragma once

#include "evm/types.hpp"

namespace mote::evm::crypto
{
/// Recovers who signed a hash on secp256k1: the last 20 bytes of keccak256 of the public key.
///
/// Shape   signature: r and s, 32 bytes each, big-endian; parity: 0 or 1, of the y of the point r names.
/// Errors  false if r or s is 0 or not below the group's order, or no key fits. Any s is taken.
[[nodiscard]] bool recover_address(const Hash& hash, const std::array<std::uint8_t, 64>& signature,
                                   std::uint32_t parity, Address& out) noexcept;

/// out = base^exponent mod modulus, all big-endian.
///
/// Shape   out: as long as modulus, which has at least one byte. A zero modulus gives zeros.
/// Cost    the caller's to bound: it grows with the product of the lengths.
void power_mod(Bytes base, Bytes exponent, Bytes modulus, MutableBytes out) noexcept;

/// Whether (r, s) is an ECDSA signature of a hash under the key (x, y) on P-256.
///
/// Shape   all 32 bytes, big-endian.
/// Errors  false for values out of range, a point off the curve, infinity.
[[nodiscard]] bool verify_p256(const Hash& hash, const std::uint8_t* r, const std::uint8_t* s,
                               const std::uint8_t* x, const std::uint8_t* y) noexcept;
}  // namespace mote::evm::crypto
