// Order: which transactions a block has, and in which order.
//
// Admission goes by tip: of the next transactions of all senders the one that pays most, until nothing fits. A
// transaction fits if the block's gas and the serial gas of every key that it writes do; if not, it and
// those after it of the same sender wait for another block, and everybody else goes on. So a crowded key
// takes a fixed part of a block and no more. A transaction whose gas alone is more than that has its keys for
// itself.
//
// The block's order is by height: gas of the heaviest chain of transactions that must come later, its own
// included. Of two that touch a key, not both reading or both crediting it, the one admitted first comes
// first, and so it is within a sender; whoever must come before has more height, so sorting by height is enough.
// Long chains begin first, and independent transactions move behind them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fafo/predicted.hpp"

namespace mote::fafo
{
struct Candidate
{
    Predicted predicted;
    std::uint64_t tip = 0;     ///< wei a gas
    std::uint32_t sender = 0;  ///< a number for each
};

struct OrderLimits
{
    std::uint64_t block_gas;
    std::uint64_t key_gas;  ///< of those who write one key; block_gas / C for C cores
};

struct Order
{
    std::vector<std::uint32_t> transactions;  ///< places in the list of candidates
    std::uint64_t gas = 0;
    std::uint64_t critical_gas = 0;  ///< of the heaviest chain
    std::uint32_t over_block = 0;    ///< senders that wait as the block is full for them
    std::uint32_t over_key = 0;      ///< senders that wait as one of their keys is
};

/// Makes a block of candidates.
///
/// Shape   candidates: those of one sender in the order of their nonces; fewer than 2^32. Each names a key
///         once, and has gas.
/// Units   seed: secret, see hash_of; the outcome does not depend on it.
/// Cost    a sort of those admitted, and two lookups for each access.
[[nodiscard]] Order make_order(std::span<const Candidate> candidates, const OrderLimits& limits,
                               std::uint64_t seed);
}  // namespace mote::fafo
