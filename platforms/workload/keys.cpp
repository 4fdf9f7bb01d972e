#include "workload/keys.hpp"

#include <secp256k1_recovery.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "hash/keccak.hpp"

namespace mote::workload
{
namespace
{
// One for all threads: signing reads it only.
const secp256k1_context* context()
{
    static const std::unique_ptr<secp256k1_context, void (*)(secp256k1_context*)> made(
        secp256k1_context_create(SECP256K1_CONTEXT_NONE), secp256k1_context_destroy);
    if (made == nullptr)
        throw std::runtime_error("libsecp256k1 has no context");
    return made.get();
}
}  // namespace

KeyPair make_key(std::uint64_t seed, std::uint64_t number)
{
    constexpr std::string_view domain = "mote workload key";
    std::array<std::uint8_t, domain.size() + 24> bytes{};
    std::copy(domain.begin(), domain.end(), bytes.begin());
    store_le(bytes.data() + domain.size(), seed);
    store_le(bytes.data() + domain.size() + 8, number);
    KeyPair key;
    secp256k1_pubkey point;
    // The chance that a hash is no key is 2^-128; then the next one is taken.
    for (std::uint64_t attempt = 0;; ++attempt)
    {
        store_le(bytes.data() + domain.size() + 16, attempt);
        key.secret = hash::keccak_256(bytes);
        if (secp256k1_ec_pubkey_create(context(), &point, key.secret.data()) != 0)
            break;
    }
    std::array<std::uint8_t, 65> serialized{};
    std::size_t length = serialized.size();
    secp256k1_ec_pubkey_serialize(context(), serialized.data(), &length, &point,
                                  SECP256K1_EC_UNCOMPRESSED);
    const evm::Hash digest = hash::keccak_256(Bytes(serialized).subspan(1));
    std::copy_n(digest.begin() + 12, 20, key.address.bytes.begin());
    return key;
}

Signature sign(const KeyPair& key, const evm::Hash& hash)
{
    secp256k1_ecdsa_recoverable_signature signature;
    if (secp256k1_ecdsa_sign_recoverable(context(), &signature, hash.data(), key.secret.data(),
                                         nullptr, nullptr) == 0)
        throw std::runtime_error("libsecp256k1 does not sign");
    Signature out;
    int parity = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), out.r_s.data(), &parity,
                                                            &signature);
    out.parity = static_cast<std::uint8_t>(parity);
    return out;
}
}  // namespace mote::workload
