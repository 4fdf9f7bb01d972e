// See evm/crypto.hpp: the same functions, without libraries.
#pragma once

#include "evm/types.hpp"

namespace mote::evm::plain
{
[[nodiscard]] bool recover_address(const Hash& hash, const std::array<std::uint8_t, 64>& signature,
                                   std::uint32_t parity, Address& out) noexcept;
/// Whose secret key it is; false if it is none.
[[nodiscard]] bool address_of_secret(const Hash& secret, Address& out) noexcept;
void power_mod(Bytes base, Bytes exponent, Bytes modulus, MutableBytes out) noexcept;
[[nodiscard]] bool verify_p256(const Hash& hash, const std::uint8_t* r, const std::uint8_t* s,
                               const std::uint8_t* x, const std::uint8_t* y) noexcept;
}  // namespace mote::evm::plain
