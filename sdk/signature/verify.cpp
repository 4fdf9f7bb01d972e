#include "signature/verify.hpp"

#include "curve/bls12_381_hash_to_curve.hpp"
#include "curve/bls12_381_pairing.hpp"

namespace mote::signature
{
using namespace curve::bls12_381;

bool verify(const PublicKey& key, Bytes message, const Signature& signature, Bytes tag) noexcept
{
    return aggregate_verify({&key, 1}, {&message, 1}, signature, tag);
}

bool verify_possession(const PublicKey& key, const Signature& proof) noexcept
{
    std::uint8_t bytes[public_key_bytes];
    encode(key, bytes);
    return verify(key, bytes, proof, possession_tag);
}

bool fast_aggregate_verify(std::span<const PublicKey> keys, Bytes message,
                           const Signature& signature) noexcept
{
    G1Jacobian sum;
    for (const PublicKey& key : keys)
    {
        if (key.infinity)
            return false;
        sum += key;
    }
    return verify(sum.to_affine_vartime(), message, signature);
}

bool aggregate_verify(std::span<const PublicKey> keys, std::span<const Bytes> messages,
                      const Signature& signature, Bytes tag) noexcept
{
    if (keys.empty() || keys.size() != messages.size())
        return false;
    // prod e(key_i, H(m_i)) * e(-g, signature) == 1
    MillerValue product;
    PairingTerm terms[pairing_terms_max];
    terms[0] = {-g1_generator, signature};
    std::size_t count = 1;
    for (std::size_t i = 0; i < keys.size(); ++i)
    {
        if (keys[i].infinity)
            return false;
        terms[count++] = {keys[i], hash_to_g2(messages[i], tag)};
        if (count == pairing_terms_max || i + 1 == keys.size())
        {
            product *= miller_product({terms, count});
            count = 0;
        }
    }
    return final_exponentiation(product) == Fq12::one();
}
}  // namespace mote::signature
