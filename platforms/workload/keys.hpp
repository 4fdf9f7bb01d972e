// Keys that sign workloads. They come from a seed that anybody can read: nothing of value belongs to them.
#pragma once

#include "evm/types.hpp"

namespace mote::workload
{
struct KeyPair
{
    std::array<std::uint8_t, 32> secret{};
    evm::Address address;
};

/// The key with a number, of those that a seed gives.
///
/// Errors  throws std::bad_alloc, std::runtime_error (libsecp256k1 has no memory).
/// Cost    one product on secp256k1.
[[nodiscard]] KeyPair make_key(std::uint64_t seed, std::uint64_t number);

struct Signature
{
    std::array<std::uint8_t, 64> r_s{};  ///< r, then s at most half the order; big-endian
    std::uint8_t parity = 0;             ///< of the y of the point that r names
};

/// Signs a hash; equal inputs give equal bytes.
///
/// Source  [RFC6979], through libsecp256k1.
[[nodiscard]] Signature sign(const KeyPair& key, const evm::Hash& hash);
}  // namespace mote::workload
