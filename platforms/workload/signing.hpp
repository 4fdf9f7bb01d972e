// Transactions as wallets make them: legacy (EIP-155), EIP-2930, EIP-1559, signed and encoded.
#pragma once

#include <vector>

#include "evm/transaction.hpp"
#include "workload/keys.hpp"

namespace mote::workload
{
struct AccessedSlots
{
    evm::Address address;
    std::vector<evm::Word> slots;
};

/// What is signed. Amounts are wei.
struct Unsigned
{
    evm::TransactionType type = evm::TransactionType::fee_market;
    bool creates = false;  ///< no recipient: `data` is the code that creates
    std::uint64_t nonce = 0;
    std::uint64_t gas_limit = 21000;
    evm::Word chain_id = 1;
    evm::Word max_fee;           ///< a gas; of the other two types the price
    evm::Word max_priority_fee;  ///< a gas; EIP-1559 only
    evm::Word value;
    evm::Address to;
    std::vector<std::uint8_t> data;
    std::vector<AccessedSlots> access_list;  ///< not of legacy transactions
};

/// Signs a transaction; the result is what a block contains.
///
/// Shape   type: legacy, access_list or fee_market.
/// Errors  throws std::invalid_argument for another type.
/// Cost    one signature.
/// Source  [EIPS] 155, 2718, 2930, 1559.
[[nodiscard]] std::vector<std::uint8_t> sign(const Unsigned& transaction, const KeyPair& key);
}  // namespace mote::workload
