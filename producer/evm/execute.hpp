// Executes a transaction on the journal's state: checks, gas, fees, and the machine in between.
//
// Worked case: a transfer of 1 wei costs 21,000 gas; the sender pays 21,000 times the price and the value,
// the coinbase gets 21,000 times what is above the base fee, the rest is burnt.
#pragma once

#include "evm/machine.hpp"
#include "evm/transaction.hpp"

namespace mote::evm
{
/// EIP-7825, from Osaka.
inline constexpr std::uint64_t transaction_gas_max = 16'777'216;
inline constexpr std::uint64_t blob_gas = 131'072;
/// EIP-7594, from Osaka: in one transaction.
inline constexpr std::uint32_t transaction_blobs_max = 6;

struct Receipt
{
    Halt halt = Halt::success;
    std::uint64_t gas_used = 0;
    std::uint64_t gas_refunded = 0;
    Bytes output;     ///< valid until the machine runs again
    Address created;  ///< when a creation succeeded
};

struct IntrinsicGas
{
    std::uint64_t gas = 0;    ///< before the first instruction
    std::uint64_t floor = 0;  ///< at least this in the end (EIP-7623, from Prague); else 0
};

/// What a transaction costs whatever it does.
///
/// Source  [YP] section 6.2; [EIPS] 2, 2028, 2930, 3860, 7623, 7702.
[[nodiscard]] IntrinsicGas intrinsic_gas(const Transaction& transaction, Fork fork) noexcept;

/// Executes `transaction` of `sender` in machine.block, on machine.journal().
///
/// Errors  a Refusal, and the state is as before. Otherwise the receipt is filled, whatever the
///         transaction came to. machine.journal().fault() must be asked first: after a fault neither means
///         anything and the journal must be cleared.
/// Source  [YP] section 6; [EIPS] 1559, 2681, 3529, 3607, 3651, 4844, 7623, 7702, 7825.
[[nodiscard]] Refusal execute(Machine& machine, const Transaction& transaction,
                              const Address& sender, Receipt& receipt) noexcept;
}  // namespace mote::evm
