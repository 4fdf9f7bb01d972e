// The keys of the EVM's state, as the scheduler has them.
//
//   identity   nonce and code of an account: who calls reads it, who sends writes it
//   balance    of an account, apart: who pays it reads neither, so payments to one account commute
//   slot       one word of an account's storage
#pragma once

#include "evm/types.hpp"
#include "fafo/state_key.hpp"

namespace mote::block
{
enum class KeyKind : std::uint8_t
{
    identity = 0,
    slot = 1,  ///< the number that fafo::StateKey::slot has
    balance = 2,
    gas = 3,  ///< gas used by the transactions before; never in an access list
};
inline constexpr std::size_t key_slot_offset = 20, key_kind_offset = 52;

[[nodiscard]] inline fafo::StateKey identity_key(const evm::Address& address) noexcept
{
    return fafo::StateKey::account(address.bytes);
}
[[nodiscard]] inline fafo::StateKey balance_key(const evm::Address& address) noexcept
{
    fafo::StateKey key = fafo::StateKey::account(address.bytes);
    reinterpret_cast<std::uint8_t*>(key.words.data())[key_kind_offset] =
        static_cast<std::uint8_t>(KeyKind::balance);
    return key;
}
[[nodiscard]] inline fafo::StateKey slot_key(const evm::Address& address,
                                             const evm::Word& slot) noexcept
{
    return fafo::StateKey::slot(address.bytes, evm::to_hash(slot));
}
[[nodiscard]] inline fafo::StateKey gas_key() noexcept
{
    fafo::StateKey key;
    reinterpret_cast<std::uint8_t*>(key.words.data())[key_kind_offset] =
        static_cast<std::uint8_t>(KeyKind::gas);
    return key;
}

[[nodiscard]] inline const std::uint8_t* bytes_of(const fafo::StateKey& key) noexcept
{
    return reinterpret_cast<const std::uint8_t*>(key.words.data());
}
[[nodiscard]] inline KeyKind kind_of(const fafo::StateKey& key) noexcept
{
    return static_cast<KeyKind>(bytes_of(key)[key_kind_offset]);
}
[[nodiscard]] inline evm::Address address_of(const fafo::StateKey& key) noexcept
{
    evm::Address address;
    std::memcpy(address.bytes.data(), bytes_of(key), address.bytes.size());
    return address;
}
[[nodiscard]] inline evm::Word slot_of(const fafo::StateKey& key) noexcept
{
    return evm::load_word(bytes_of(key) + key_slot_offset);
}

[[nodiscard]] inline bool is_same(const fafo::StateKey& a, const fafo::StateKey& b) noexcept
{
    std::uint64_t difference = 0;
    for (std::size_t i = 0; i < a.words.size(); ++i)
        difference |= a.words[i] ^ b.words[i];
    return difference == 0;
}

/// The first eight bytes of the address: what decides the order of nearly all pairs of keys.
[[nodiscard]] inline std::uint64_t prefix_of(const fafo::StateKey& key) noexcept
{
    return load_be<std::uint64_t>(bytes_of(key));
}

/// The order of access lists: address, kind, slot.
[[nodiscard]] inline bool is_before(const fafo::StateKey& a, const fafo::StateKey& b) noexcept
{
    const std::uint8_t *x = bytes_of(a), *y = bytes_of(b);
    if (const std::uint64_t p = prefix_of(a), q = prefix_of(b); p != q)
        return p < q;
    if (const int order = std::memcmp(x + 8, y + 8, key_slot_offset - 8); order != 0)
        return order < 0;
    if (x[key_kind_offset] != y[key_kind_offset])
        return x[key_kind_offset] < y[key_kind_offset];
    return std::memcmp(x + key_slot_offset, y + key_slot_offset, 32) < 0;
}
}  // namespace mote::block
