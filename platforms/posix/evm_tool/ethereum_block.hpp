// Ethereum's own blocks, header and body, from their RLP, and what a header must say given the one before.
//
// The chain of this project has other headers (producer/block/block.hpp). These are here because their tests
// are the largest there are of whole blocks: transactions, fees, withdrawals, system contracts, receipts.
//
// Source  [YP] section 4.4; [EIPS] 1559, 3675, 4399, 4844, 4788, 4895, 7685, 7691, 7918, 7934.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evm/fork.hpp"
#include "evm/types.hpp"

namespace mote::evm_tool
{
struct EthereumHeader
{
    evm::Hash parent{}, uncles{}, state_root{}, transactions_root{}, receipts_root{}, mix{};
    evm::Address coinbase;
    std::vector<std::uint8_t> bloom, extra, nonce;
    evm::Word difficulty;
    std::uint64_t number = 0, gas_limit = 0, gas_used = 0, timestamp = 0;
    std::optional<evm::Word> base_fee;                            ///< from London
    std::optional<evm::Hash> withdrawals_root;                    ///< from Shanghai
    std::optional<std::uint64_t> blob_gas_used, excess_blob_gas;  ///< from Cancun
    std::optional<evm::Hash> beacon_root;                         ///< from Cancun
    std::optional<evm::Hash> requests_hash;                       ///< from Prague
    evm::Hash hash{};                                             ///< of the header itself
};

struct Withdrawal
{
    std::uint64_t index = 0, validator = 0, gwei = 0;
    evm::Address address;
    std::vector<std::uint8_t> encoded;
};

struct EthereumBlock
{
    EthereumHeader header;
    std::vector<std::vector<std::uint8_t>> transactions;  ///< as they are hashed
    std::vector<Withdrawal> withdrawals;
    bool has_withdrawals = false;
    bool has_uncles = false;
    evm::Hash uncles_hash{};  ///< of the list of uncles
};

/// How many blobs a block has, and how their price moves.
struct BlobRules
{
    std::uint64_t target = 0, max = 0, fraction = 1;
};

/// Reads a header; false if the bytes are none.
[[nodiscard]] bool decode_header(Bytes rlp, EthereumHeader& out);
[[nodiscard]] bool decode_block(Bytes rlp, EthereumBlock& out);

/// Why a header cannot follow `parent`, called as execution-spec-tests do; empty if it can.
[[nodiscard]] std::string check_header(const EthereumHeader& header, const EthereumHeader& parent,
                                       evm::Fork fork, const BlobRules& blobs);
}  // namespace mote::evm_tool
