// The precompiled contracts' functions, for precompiles.cpp only. Prices are in precompiles.cpp; all of
// these return whether the input is good and write `output`, which does not overlap the input.
#pragma once

#include "evm/types.hpp"

namespace mote::evm
{
// BN254 ([EIPS] 196, 197). Inputs of add and multiply are padded with zeros.
[[nodiscard]] bool bn254_add(Bytes input, std::uint8_t* output) noexcept;
[[nodiscard]] bool bn254_multiply(Bytes input, std::uint8_t* output) noexcept;
[[nodiscard]] bool bn254_pairing(Bytes input, std::uint8_t* output) noexcept;

// BLS12-381 ([EIPS] 2537).
[[nodiscard]] bool bls_g1_add(Bytes input, std::uint8_t* output) noexcept;
[[nodiscard]] bool bls_g1_sum(Bytes input, std::uint8_t* output) noexcept;
[[nodiscard]] bool bls_g2_add(Bytes input, std::uint8_t* output) noexcept;
[[nodiscard]] bool bls_g2_sum(Bytes input, std::uint8_t* output) noexcept;
[[nodiscard]] bool bls_pairing(Bytes input, std::uint8_t* output) noexcept;
[[nodiscard]] bool bls_map_g1(Bytes input, std::uint8_t* output) noexcept;
[[nodiscard]] bool bls_map_g2(Bytes input, std::uint8_t* output) noexcept;

/// The compression function of BLAKE2b ([EIPS] 152). Shape: 213 bytes, the last 0 or 1.
[[nodiscard]] bool blake2_compress(Bytes input, std::uint8_t* output) noexcept;

/// Whether a committed polynomial has a value at a point ([EIPS] 4844). Shape: 192 bytes.
[[nodiscard]] bool kzg_point_evaluation(Bytes input, std::uint8_t* output) noexcept;
}  // namespace mote::evm
