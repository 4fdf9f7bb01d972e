// MODEXP, the precompiled contract at address 5, apart from the others because its gas depends on its
// operands.
#pragma once

#include "evm/precompiles.hpp"

namespace mote::evm
{
/// Charges and runs it.
///
/// Cost    bounded by the gas: about 3 gas for a product of 64-bit limbs (Berlin).
/// Source  [EIPS] 198, 2565, 7823, 7883.
[[nodiscard]] PrecompileResult run_modexp(Fork fork, Bytes input, std::int64_t gas,
                                          MutableBytes output) noexcept;
}  // namespace mote::evm
