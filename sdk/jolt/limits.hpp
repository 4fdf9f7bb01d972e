// Limits: the largest of everything, from which every buffer size follows.
//
// A proof or key beyond a limit is answered, never truncated: limits are far above what a prover of
// today can make. Memory formulas are in docs/FOOTPRINT.md.
#pragma once

#include <cstdint>

namespace mote::jolt::limits
{
inline constexpr std::uint32_t log_trace_max = 40;     ///< log2 of the padded trace length
inline constexpr std::uint32_t log_ram_max = 40;       ///< log2 of the RAM domain in words
inline constexpr std::uint32_t log_bytecode_max = 32;  ///< log2 of the bytecode length
inline constexpr std::uint32_t log_k_chunk_max = 8;
inline constexpr std::uint32_t chunk_count_max = 256;  ///< committed bytecode chunks
inline constexpr std::uint32_t lookup_address_bits = 128;
inline constexpr std::uint32_t register_address_bits = 7;

/// One-hot families at the smallest accepted chunk (4 bits).
inline constexpr std::uint32_t instruction_ra_max = lookup_address_bits / 4;
inline constexpr std::uint32_t bytecode_ra_max = log_bytecode_max / 4;
inline constexpr std::uint32_t ram_ra_max = log_ram_max / 4;
inline constexpr std::uint32_t one_hot_max = instruction_ra_max + bytecode_ra_max + ram_ra_max;

/// ram_inc, rd_inc, one-hot families, two advice, chunks, image.
inline constexpr std::uint32_t entries_max = 2 + one_hot_max + 2 + chunk_count_max + 1;

/// Variables of the joint opening point: trace plus chunk, or a precommitted polynomial.
inline constexpr std::uint32_t point_max = 64;

/// Rounds of the longest batch (stage 5).
inline constexpr std::uint32_t rounds_max = lookup_address_bits + log_trace_max;
}  // namespace mote::jolt::limits
