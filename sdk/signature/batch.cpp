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

Status SameMessageBatch::add(const PublicKey& key, const Signature& signature,
                             std::uint64_t factor) noexcept
{
    if (factor == 0)
        return Status::invalid_argument;
    empty_ = false;
    key_at_infinity_ = key_at_infinity_ || key.infinity;
    if (factor == 1)  // a batch of one
    {
        key_ += key;
        sum_ += signature;
        return Status::ok;
    }
    const field::Limbs<1> e{factor};
    key_ += curve::multiply_vartime(key, e);
    sum_ += curve::multiply_vartime(signature, e);
    return Status::ok;
}

bool SameMessageBatch::finish(Bytes message, Bytes tag) noexcept
{
    const bool good = !empty_ && !key_at_infinity_ &&
                      verify(key_.to_affine_vartime(), message, sum_.to_affine_vartime(), tag);
    *this = SameMessageBatch{};
    return good;
}
}  // namespace mote::signature
