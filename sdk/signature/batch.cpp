#include "signature/batch.hpp"

#include "curve/bls12_381_hash_to_curve.hpp"
#include "signature/verify.hpp"

namespace mote::signature
{
using namespace curve::bls12_381;

Status Batch::add(const PublicKey& key, Bytes message, const Signature& signature,
                  std::uint64_t factor, Bytes tag) noexcept
{
    if (factor == 0)
        return Status::invalid_argument;
    const field::Limbs<1> e{factor};
    key_at_infinity_ = key_at_infinity_ || key.infinity;
    // prod e(factor_i key_i, H(m_i)) * e(-g, sum factor_i signature_i) == 1
    terms_[count_++] = {curve::multiply_vartime(key, e).to_affine_vartime(),
                        hash_to_g2(message, tag)};
    sum_ += curve::multiply_vartime(signature, e);
    if (count_ == pairing_terms_max)
        run();
    return Status::ok;
}

void Batch::run() noexcept
{
    product_ *= miller_product({terms_, count_});
    count_ = 0;
}

bool Batch::finish() noexcept
{
    terms_[count_++] = {-g1_generator, sum_.to_affine_vartime()};
    run();
    const bool good = !key_at_infinity_ && final_exponentiation(product_) == Fq12::one();
    *this = Batch{};
    return good;
}

namespace
{
/// sum_i factor_i * point_i(claim), by digits: points with one digit are added up before it multiplies them.
template <class Jacobian, class PointOf>
[[nodiscard]] Jacobian combine(std::span<const SignedBy> claims, const PointOf& point_of) noexcept
{
    // A few points are faster bit by bit, as the sums over digits cost 30 additions a window.
    constexpr std::size_t few = 24;
    const unsigned width = claims.size() < few ? 1 : 4;
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    Jacobian total;
    for (unsigned shift = 64; shift != 0;)
    {
        shift -= width;
        for (unsigned i = 0; i < width; ++i)
            total = total.twice();
        Jacobian with_digit[15];
        for (const SignedBy& claim : claims)
            if (const std::uint64_t digit = claim.factor >> shift & mask; digit != 0)
                with_digit[digit - 1] += point_of(claim);
        Jacobian from_here;
        for (std::uint64_t digit = mask; digit != 0; --digit)
        {
            from_here += with_digit[digit - 1];
            total += from_here;
        }
    }
    return total;
}
}  // namespace

bool verify_same_message(std::span<const SignedBy> claims, Bytes message, Bytes tag) noexcept
{
    bool whole = !claims.empty();
    for (const SignedBy& claim : claims)
        whole = whole && claim.factor != 0 && !claim.key->infinity;
    if (!whole)
        return false;
    if (claims.size() == 1)
        return verify(*claims[0].key, message, *claims[0].signature, tag);
    const auto key =
        combine<G1Jacobian>(claims, [](const SignedBy& claim) -> const G1& { return *claim.key; });
    const auto signature = combine<G2Jacobian>(
        claims, [](const SignedBy& claim) -> const G2& { return *claim.signature; });
    return verify(key.to_affine_vartime(), message, signature.to_affine_vartime(), tag);
}
}  // namespace mote::signature
