// The precompiled contracts: functions of bytes at fixed addresses.
//
// Hashes, BN254 and BLS12-381 come from the core. Four functions are the host's (crypto.hpp), because a
// guest of a zkVM has its own for them.
//
// Worked case: address 4 (identity) returns its input for 15 gas and 3 for each word.
#pragma once

#include "evm/types.hpp"

namespace mote::evm
{
/// What an input costs, and what came of it.
struct PrecompileResult
{
    bool good = false;          ///< false: all gas of the call is lost
    bool memory_ended = false;  ///< the output is too small for what the gas paid for: a fault
    std::int64_t gas = 0;       ///< charged when good
    std::size_t output_bytes = 0;
};

/// The number of the precompiled contract at an address, 0 if there is none under these rules.
[[nodiscard]] std::uint32_t precompile_at(const Address& address, Fork fork) noexcept;

/// Runs a precompiled contract.
///
/// Shape   output: as large as identity of this input needs, and at least 1 KiB more; may not overlap the
///         input.
/// Errors  good is false when the gas does not suffice or the input is refused.
/// Cost    bounded by the gas, by the schedules of [YP] appendix E and [EIPS] 152, 196, 197, 1108, 2537,
///         2565, 4844, 7823, 7883, 7951.
[[nodiscard]] PrecompileResult run_precompile(std::uint32_t number, Fork fork, Bytes input,
                                              std::int64_t gas, MutableBytes output) noexcept;
}  // namespace mote::evm
