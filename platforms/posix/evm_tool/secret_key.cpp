#include "secret_key.hpp"

#include <secp256k1.h>

#include <algorithm>
#include <memory>

#include "hash/keccak.hpp"

namespace mote::evm_tool
{
bool address_of_secret(const evm::Hash& secret, evm::Address& out)
{
    const std::unique_ptr<secp256k1_context, void (*)(secp256k1_context*)> context(
        secp256k1_context_create(SECP256K1_CONTEXT_NONE), secp256k1_context_destroy);
    secp256k1_pubkey public_key;
    if (secp256k1_ec_pubkey_create(context.get(), &public_key, secret.data()) == 0)
        return false;
    std::array<std::uint8_t, 65> bytes;
    std::size_t length = bytes.size();
    secp256k1_ec_pubkey_serialize(context.get(), bytes.data(), &length, &public_key,
                                  SECP256K1_EC_UNCOMPRESSED);
    const evm::Hash digest = hash::keccak_256(Bytes(bytes).subspan(1));
    std::copy_n(digest.begin() + 12, 20, out.bytes.begin());
    return true;
}
}  // namespace mote::evm_tool
