// Who owns a secret key. State tests name their senders that way.
#pragma once

#include "evm/types.hpp"

namespace mote::evm_tool
{
/// False if it is no secret key of secp256k1.
[[nodiscard]] bool address_of_secret(const evm::Hash& secret, evm::Address& out);
}  // namespace mote::evm_tool
