#include "signature/secret_key.hpp"

#include "base/assert.hpp"
#include "base/secret.hpp"
#include "curve/bls12_381_hash_to_curve.hpp"
#include "curve/bls12_381_multiply.hpp"

namespace mote::signature
{
Status SecretKey::load(std::span<const std::uint8_t, secret_key_bytes> bytes) noexcept
{
    for (std::size_t i = 0; i < 4; ++i)
        value_[3 - i] = load_be<std::uint64_t>(bytes.data() + 8 * i);
    const bool zero = field::is_zero(value_);
    const bool below = field::less(value_, curve::bls12_381::Fr::modulus);
    MOTE_DECLASSIFY(zero);
    MOTE_DECLASSIFY(below);
    if (!zero && below)
        return Status::ok;
    clear();
    return Status::invalid_argument;
}

bool SecretKey::empty() const noexcept { return field::is_zero(value_); }

void SecretKey::clear() noexcept { wipe(value_); }

void SecretKey::store(std::span<std::uint8_t, secret_key_bytes> out) const noexcept
{
    for (std::size_t i = 0; i < 4; ++i)
        store_be(out.data() + 8 * i, value_[3 - i]);
}

PublicKey SecretKey::public_key() const noexcept
{
    MOTE_ASSERT(!empty());
    return curve::bls12_381::multiply_generator_secret(value_);
}

Signature SecretKey::sign(Bytes message, Bytes tag) const noexcept
{
    MOTE_ASSERT(!empty());
    return curve::bls12_381::multiply_secret(curve::bls12_381::hash_to_g2(message, tag), value_);
}

Signature SecretKey::prove_possession() const noexcept
{
    std::uint8_t bytes[public_key_bytes];
    encode(public_key(), bytes);
    return sign(bytes, possession_tag);
}
}  // namespace mote::signature
