// Values of the EVM's state: what the entry of an account or of a storage slot holds.
//
//   account  key = address (20)             value = n, b, nonce (n), balance (b), [code hash, code root]
//   slot     key = address (20), slot (32)  value = the word
//
// Numbers are big-endian without leading zeros, so each state has one encoding: an account without nonce,
// balance and code is absent, and so is a slot that is zero. A contract has two hashes of its code:
// Keccak-256, which the EVM shows, and the root over chunks (state::code_root), which a guest checks.
//
// Worked case: an account that sent nothing and has 256 wei is 00 02 01 00.
//
// Source  [QMDB-FORMAT] section 8.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "state/hashing.hpp"

namespace mote::state
{
inline constexpr std::size_t address_bytes = 20, word_bytes = 32;
inline constexpr std::size_t slot_key_bytes = address_bytes + word_bytes;
inline constexpr std::size_t account_value_max = 2 + 8 + word_bytes + 2 * 32;

using BigEndianWord = std::array<std::uint8_t, word_bytes>;

struct AccountValue
{
    std::uint64_t nonce = 0;
    BigEndianWord balance{};
    bool has_code = false;
    Digest code_hash{};  ///< Keccak-256; zero without code
    Digest code_root{};  ///< zero without code

    [[nodiscard]] friend bool operator==(const AccountValue&, const AccountValue&) = default;
};

/// Encodes an account; returns the bytes written, 0 for one that has nothing and is absent.
[[nodiscard]] std::size_t encode(const AccountValue& account,
                                 std::array<std::uint8_t, account_value_max>& out) noexcept;

/// Decodes the value of an account; false unless encode() gives these bytes.
[[nodiscard]] bool decode(Bytes value, AccountValue& out) noexcept;

/// The value of a slot: the end of `word`, empty for zero, which is absent.
[[nodiscard]] Bytes encode_slot(const BigEndianWord& word) noexcept;

/// Decodes the value of a slot; false unless it is 1 to 32 bytes without a leading zero.
[[nodiscard]] bool decode_slot(Bytes value, BigEndianWord& out) noexcept;
}  // namespace mote::state
