#include "signature/secret_key.hpp"
#include "signature_support.hpp"

#include <cstring>
#include <new>

using namespace signature_test;

namespace
{
ByteVector order_minus(std::uint64_t below)
{
    auto r = mote::curve::bls12_381::Fr::modulus;
    mote::field::sub_from(r, mote::field::Limbs<4>{below});
    ByteVector out(32);
    for (std::size_t i = 0; i < 4; ++i)
        mote::store_be(&out[8 * i], r[3 - i]);
    return out;
}
}  // namespace

TEST_CASE("Secret keys: only 0 < k < r is one")
{
    SecretKey key;
    CHECK(key.empty());
    ByteVector one(32, 0);
    one[31] = 1;
    for (const ByteVector& good : {one, order_minus(1)})
    {
        REQUIRE(key.load(fixed<32>(good)) == Status::ok);
        CHECK_FALSE(key.empty());
        std::array<std::uint8_t, 32> back;
        key.store(back);
        CHECK(std::equal(back.begin(), back.end(), good.begin()));
    }
    CHECK(key.public_key() == -mote::curve::bls12_381::g1_generator);
    ByteVector above = order_minus(0);
    above[31] = 2;
    for (const ByteVector& bad : {ByteVector(32, 0), order_minus(0), above, ByteVector(32, 0xff)})
    {
        CHECK(key.load(fixed<32>(bad)) == Status::invalid_argument);
        CHECK(key.empty());
        REQUIRE(key.load(fixed<32>(one)) == Status::ok);
    }
    CHECK(key.public_key() == mote::curve::bls12_381::g1_generator);
    key.clear();
    CHECK(key.empty());
}

TEST_CASE("Secret keys: a short seed is refused")
{
    SecretKey key;
    make_key(1, key);
    CHECK(key.derive_master(ByteVector(31, 7)) == Status::invalid_argument);
    CHECK(key.empty());
    CHECK(key.derive_master(ByteVector(32, 7)) == Status::ok);
    CHECK(key.derive_master(ByteVector(64, 7)) == Status::ok);
}

TEST_CASE("Secret keys: the memory is overwritten at the end")
{
    alignas(SecretKey) std::uint8_t memory[sizeof(SecretKey)];
    auto* key = new (memory) SecretKey;
    make_key(9, *key);
    std::array<std::uint8_t, 32> bytes;
    key->store(bytes);
    key->~SecretKey();
    for (const std::uint8_t byte : memory)
        CHECK(byte == 0);
    CHECK(bytes != std::array<std::uint8_t, 32>{});
}

TEST_CASE("Signing: a signature is the hash times the key, and depends on all of them")
{
    SecretKey key, other;
    make_key(1, key);
    make_key(2, other);
    const ByteVector message(32, 5), changed(32, 6);
    const Signature signature = key.sign(message);
    std::array<std::uint8_t, 32> bytes;
    key.store(bytes);
    const auto k = bls_test::integer_be<4>(ByteVector(bytes.begin(), bytes.end()));
    CHECK(signature ==
          bls_test::multiply_vartime(bls_test::hash_to_g2(message, message_tag), k).to_affine());
    CHECK(key.public_key() ==
          bls_test::multiply_vartime(mote::curve::bls12_381::g1_generator, k).to_affine());
    CHECK(key.sign(message) == signature);
    CHECK_FALSE(key.sign(changed) == signature);
    CHECK_FALSE(other.sign(message) == signature);
    CHECK_FALSE(key.sign(message, possession_tag) == signature);
    CHECK(key.prove_possession() == key.sign(encoded(key.public_key()), possession_tag));
}

TEST_CASE("Tags are those of the ciphersuite")
{
    const auto text = [](Bytes tag)
    { return std::string(reinterpret_cast<const char*>(tag.data()), tag.size()); };
    CHECK(text(message_tag) == "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_");
    CHECK(text(possession_tag) == "BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_");
}
