// Receipts: Ethereum's encoding of what executed transactions came to, and one root over a block's.
//
//   receipt = type byte (none for legacy) || rlp([status, cumulative gas, bloom, logs])
//   root    = the chain's tree (sdk/chain/tree.hpp) over them, in order; a refused transaction is the empty
//             string, so that the index in the tree is the index in the block
//
// Worked case: the receipt of a first payment, type 2, has 0x02 || f9 01 08 || 01 || 82 52 08 || b9 01 00 ||
// 256 zeros || c0.
//
// Source  [YP] section 4.4.1; [EIPS] 658, 2718.
#pragma once

#include <span>

#include "block/outcome.hpp"
#include "evm/types.hpp"

namespace mote::block
{
/// 2,048 bits, the first bit of the first byte being number 2,047.
using Bloom = std::array<std::uint8_t, 256>;

/// The bloom filter of a transaction's logs: three bits for each address and topic.
///
/// Cost    a Keccak for each address and topic.
/// Source  [YP] section 4.4.1, function M.
[[nodiscard]] Bloom bloom_of(const Outcome& outcome);

/// Encodes a receipt; empty if the transaction was refused.
[[nodiscard]] std::vector<std::uint8_t> encode_receipt(const Outcome& outcome);

/// The root over the receipts of a block.
///
/// Cost    that of encode_receipt for each.
[[nodiscard]] evm::Hash receipts_root(std::span<const Outcome> outcomes);
}  // namespace mote::block
