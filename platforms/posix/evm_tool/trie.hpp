// The root of a Merkle Patricia trie over hashed keys, as Ethereum's states have it. Only to compare with
// published roots: nothing here keeps a trie.
#pragma once

#include <vector>

#include "evm/types.hpp"

namespace mote::evm_tool
{
struct TrieEntry
{
    evm::Hash key;                    ///< already hashed
    std::vector<std::uint8_t> value;  ///< RLP
};

/// The root of the trie that holds just these entries, in any order, keys distinct.
///
/// Source  [YP] appendix D.
[[nodiscard]] evm::Hash trie_root(const std::vector<TrieEntry>& entries);

/// The root of a list as headers have it, of transactions, receipts, withdrawals: keys are the indexes in RLP, of
/// which none begins another.
[[nodiscard]] evm::Hash list_root(const std::vector<std::vector<std::uint8_t>>& items);

/// A byte string, or a list of items that are RLP already, as RLP.
[[nodiscard]] std::vector<std::uint8_t> rlp_string(Bytes bytes);
[[nodiscard]] std::vector<std::uint8_t> rlp_list(
    const std::vector<std::vector<std::uint8_t>>& items);
[[nodiscard]] std::vector<std::uint8_t> rlp_integer(const evm::Word& value);
}  // namespace mote::evm_tool
