// The contracts of the workloads: code compiled from contracts/*.sol, where their state lies, and calls.
//
// Worked case: balanceOf of Token is its mapping number 0, so the balance of an account is in slot
// keccak256(account padded to 32 bytes || 0 as 32 bytes).
//
// Source  [SOLIDITY].
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "evm/types.hpp"

namespace mote::workload
{
struct Contract
{
    std::vector<std::uint8_t> creation;  ///< what a creation transaction has as data
    std::vector<std::uint8_t> runtime;   ///< what an account has as code
};

/// Token, Pool or Collection. Throws std::invalid_argument for another name.
[[nodiscard]] const Contract& contract(std::string_view name);

/// The slot of an element of a mapping; `base` is the slot of the mapping.
[[nodiscard]] evm::Word mapping_slot(const evm::Word& key, const evm::Word& base);

/// Data of a call: the selector of "name(types)", then arguments of 32 bytes.
[[nodiscard]] std::vector<std::uint8_t> call_data(std::string_view signature,
                                                  std::initializer_list<evm::Word> arguments);

[[nodiscard]] evm::Word token_balance_slot(const evm::Address& owner);
[[nodiscard]] evm::Word token_allowance_slot(const evm::Address& owner,
                                             const evm::Address& spender);
inline constexpr std::uint64_t token_supply_slot = 2;
inline constexpr std::uint64_t pool_token0_slot = 0, pool_token1_slot = 1, pool_reserves_slot = 2;
inline constexpr std::uint64_t collection_next_slot = 0;

/// The two reserves of a Pool, as its slot has them; each below 2^112.
struct Reserves
{
    evm::Word token0, token1;
};
[[nodiscard]] evm::Word pack(const Reserves& reserves);
[[nodiscard]] Reserves unpack_reserves(const evm::Word& slot);
}  // namespace mote::workload
