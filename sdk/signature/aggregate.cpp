#include "curve/bls12_381_multiply.hpp"
#include "signature/verify.hpp"

namespace mote::signature
{
using namespace curve::bls12_381;

Status aggregate(std::span<const Signature> signatures, Signature& out) noexcept
{
    if (signatures.empty())
        return Status::invalid_argument;
    G2Jacobian sum;
    for (const Signature& signature : signatures)
        sum += signature;
    out = sum.to_affine_vartime();
    return Status::ok;
}

std::size_t sum_keys_scratch_bytes() noexcept { return sum_scratch_bytes(); }

Status sum_keys(std::span<const PublicKey> keys, std::span<const std::uint16_t> weights,
                Arena& arena, PublicKey& out) noexcept
{
    if (!weights.empty() && weights.size() != keys.size())
        return Status::invalid_argument;
    return sum(keys.data(), weights.empty() ? nullptr : weights.data(), keys.size(), arena, out);
}

PublicKey difference(const PublicKey& a, const PublicKey& b) noexcept
{
    return (G1Jacobian{a} + -b).to_affine_vartime();
}
}  // namespace mote::signature
