// A block of a workload as JSON, so that other machines execute the very same one.
//
//   {"fork": "Osaka", "workload": "erc20", "seed": 1,
//    "config": {"chainid": "0x1"}, "env": {"currentNumber": ..},       as state tests have them
//    "pre": {ADDRESS: {"balance", "nonce", "code", "storage": {KEY: VALUE}}},
//    "senders": [ADDRESS..],                 one for each transaction, so that none need be recovered
//    "transactions": ["0x.."]}               as they are in a block: RLP, or a type byte and RLP
//
// Numbers are hexadecimal with 0x. Each account, transaction and sender has a line of its own.
#pragma once

#include <ostream>

#include "workload/workload.hpp"

namespace mote::workload
{
/// The block that workloads are executed in unless somebody says otherwise: base fee 7 gwei.
[[nodiscard]] evm::BlockContext first_block(const Options& options, std::uint64_t gas_limit);

/// Writes the state before `block` and its transactions. Errors are the stream's.
void write_json(std::ostream& out, const Options& options,
                const std::vector<GenesisAccount>& genesis, const evm::BlockContext& block,
                const std::vector<SignedTransaction>& transactions);
}  // namespace mote::workload
