#include "signature/verify.hpp"
#include "signature_support.hpp"

using namespace signature_test;

TEST_CASE("Verification: a signature verifies, nothing that was changed does")
{
    SecretKey key, other;
    make_key(1, key);
    make_key(2, other);
    const PublicKey pk = key.public_key();
    ByteVector message(32, 9);
    const Signature signature = key.sign(message);
    CHECK(verify(pk, message, signature));
    CHECK_FALSE(verify(other.public_key(), message, signature));
    CHECK_FALSE(verify(-pk, message, signature));
    CHECK(verify(-pk, message, -signature));
    CHECK_FALSE(verify(pk, message, -signature));
    CHECK_FALSE(verify(pk, message, Signature{}));
    CHECK_FALSE(verify(PublicKey{}, message, signature));
    CHECK_FALSE(verify(PublicKey{}, message, Signature{}));
    CHECK_FALSE(verify(pk, message, signature, possession_tag));
    message[31] ^= 1;
    CHECK_FALSE(verify(pk, message, signature));
    message.push_back(0);
    CHECK_FALSE(verify(pk, message, signature));
    CHECK(verify(pk, {}, key.sign({})));
}

TEST_CASE("Verification: possession is shown for one's own key only")
{
    SecretKey key, other;
    make_key(1, key);
    make_key(2, other);
    CHECK(verify_possession(key.public_key(), key.prove_possession()));
    CHECK_FALSE(verify_possession(other.public_key(), key.prove_possession()));
    // A signature of the key's bytes as a message is no proof, and the other way round.
    const auto bytes = encoded(key.public_key());
    CHECK_FALSE(verify_possession(key.public_key(), key.sign(bytes)));
    CHECK_FALSE(verify(key.public_key(), bytes, key.prove_possession()));
}

TEST_CASE("Decoding keys: infinity is none")
{
    PublicKey pk = mote::curve::bls12_381::g1_generator;
    ByteVector infinity(48, 0);
    infinity[0] = 0xc0;
    CHECK(decode_public_key(fixed<48>(infinity), pk) == Reason::point_at_infinity);
    CHECK(pk == mote::curve::bls12_381::g1_generator);
    ByteVector infinity2(96, 0);
    infinity2[0] = 0xc0;
    Signature signature = mote::curve::bls12_381::g2_generator;
    CHECK(decode_signature(fixed<96>(infinity2), signature) == Reason::none);
    CHECK(signature.infinity);
}

TEST_CASE("Aggregate verification: of many messages, across the size of a Miller product")
{
    constexpr std::size_t most = 17;
    std::vector<PublicKey> keys;
    std::vector<ByteVector> texts;
    std::vector<Bytes> messages;
    std::vector<Signature> signatures;
    for (std::size_t i = 0; i < most; ++i)
    {
        SecretKey key;
        make_key(static_cast<std::uint8_t>(i + 1), key);
        keys.push_back(key.public_key());
        texts.emplace_back(i, static_cast<std::uint8_t>(i));
        signatures.push_back(key.sign(texts.back()));
    }
    for (const ByteVector& text : texts)
        messages.emplace_back(text);
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{6}, std::size_t{7},
                                std::size_t{8}, std::size_t{15}, std::size_t{16}, most})
    {
        const auto k = std::span{keys}.first(n);
        const auto m = std::span{messages}.first(n);
        Signature all;
        REQUIRE(aggregate(std::span{signatures}.first(n), all) == Status::ok);
        CHECK(aggregate_verify(k, m, all));
        CHECK_FALSE(aggregate_verify(k, std::span{messages}.first(n - 1), all));
        if (n > 1)
        {
            CHECK_FALSE(aggregate_verify(k.first(n - 1), m.first(n - 1), all));
            std::vector<Bytes> swapped(m.begin(), m.end());
            std::swap(swapped[0], swapped[n - 1]);
            CHECK_FALSE(aggregate_verify(k, swapped, all));
        }
        std::vector<PublicKey> with_infinity(k.begin(), k.end());
        with_infinity[n - 1] = {};
        CHECK_FALSE(aggregate_verify(with_infinity, m, all));
    }
    CHECK_FALSE(aggregate_verify({}, {}, Signature{}));
    CHECK_FALSE(aggregate_verify({}, {}, signatures[0]));
}
