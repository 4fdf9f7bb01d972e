#include "signature/batch.hpp"
#include "signature_support.hpp"

using namespace signature_test;

namespace
{
struct Claim
{
    PublicKey key;
    ByteVector message;
    Signature signature;
};

std::vector<Claim> claims(std::size_t count)
{
    std::vector<Claim> out;
    for (std::size_t i = 0; i < count; ++i)
    {
        SecretKey key;
        make_key(static_cast<std::uint8_t>(1 + i % 3), key);
        const ByteVector message(32, static_cast<std::uint8_t>(i % 5));
        out.push_back({key.public_key(), message, key.sign(message)});
    }
    return out;
}

bool verify_all(const std::vector<Claim>& all, std::uint64_t seed)
{
    Random random(seed);
    Batch batch;
    for (const Claim& c : all)
        REQUIRE(batch.add(c.key, c.message, c.signature, random() | 1) == Status::ok);
    return batch.finish();
}
}  // namespace

TEST_CASE("Batches: of every size, good and with one wrong part in each place")
{
    for (const std::size_t n : {1u, 2u, 7u, 8u, 9u, 16u})
    {
        INFO(n << " signatures");
        const std::vector<Claim> good = claims(n);
        CHECK(verify_all(good, n));
        for (const std::size_t at : {std::size_t{0}, n / 2, n - 1})
        {
            std::vector<Claim> bad = good;
            bad[at].message[0] ^= 0x80;
            CHECK_FALSE(verify_all(bad, n));
            bad = good;
            bad[at].signature = -bad[at].signature;
            CHECK_FALSE(verify_all(bad, n));
            bad = good;
            bad[at].key = -bad[at].key;
            CHECK_FALSE(verify_all(bad, n));
        }
    }
}

TEST_CASE("Batches: errors that cancel in a plain sum are found")
{
    std::vector<Claim> bad = claims(4);
    using mote::curve::bls12_381::G2Jacobian;
    const Signature error = mote::curve::bls12_381::g2_generator;
    bad[0].signature = (G2Jacobian{bad[0].signature} + error).to_affine();
    bad[2].signature = (G2Jacobian{bad[2].signature} + -error).to_affine();
    CHECK_FALSE(verify_all(bad, 1));
    std::swap(bad[1].signature, bad[3].signature);
    CHECK_FALSE(verify_all(bad, 2));
    // With equal factors they do cancel, which is why the factors must be random.
    bad = claims(4);
    bad[0].signature = (G2Jacobian{bad[0].signature} + error).to_affine();
    bad[2].signature = (G2Jacobian{bad[2].signature} + -error).to_affine();
    Batch batch;
    for (const Claim& c : bad)
        REQUIRE(batch.add(c.key, c.message, c.signature, 1) == Status::ok);
    CHECK(batch.finish());
}

TEST_CASE("Batches: infinity, zero factors, nothing, and use after finish")
{
    const std::vector<Claim> good = claims(2);
    Batch batch;
    CHECK(batch.finish());
    CHECK(batch.add(good[0].key, good[0].message, good[0].signature, 0) ==
          Status::invalid_argument);
    CHECK(batch.finish());
    REQUIRE(batch.add(PublicKey{}, good[0].message, Signature{}, 5) == Status::ok);
    CHECK_FALSE(batch.finish());
    REQUIRE(batch.add(good[0].key, good[0].message, Signature{}, 5) == Status::ok);
    CHECK_FALSE(batch.finish());
    for (const Claim& c : good)
        REQUIRE(batch.add(c.key, c.message, c.signature, ~std::uint64_t{0}) == Status::ok);
    CHECK(batch.finish());
    REQUIRE(batch.add(good[0].key, good[0].message, good[0].signature, 3, possession_tag) ==
            Status::ok);
    CHECK_FALSE(batch.finish());
}

TEST_CASE("Batches of one message: all good or not")
{
    const ByteVector digest(32, 4), other(32, 5);
    std::vector<PublicKey> keys;
    std::vector<Signature> votes;
    for (std::uint8_t i = 1; i <= 6; ++i)
    {
        SecretKey key;
        make_key(i, key);
        keys.push_back(key.public_key());
        votes.push_back(key.sign(digest));
    }
    const auto answer = [&](const std::vector<Signature>& signatures, const ByteVector& message)
    {
        SameMessageBatch batch;
        for (std::size_t i = 0; i < keys.size(); ++i)
            REQUIRE(batch.add(keys[i], signatures[i], 0x9e3779b97f4a7c15 * (i + 1)) == Status::ok);
        return batch.finish(message);
    };
    CHECK(answer(votes, digest));
    CHECK_FALSE(answer(votes, other));
    for (std::size_t i = 0; i < keys.size(); ++i)
    {
        std::vector<Signature> wrong = votes;
        wrong[i] = votes[(i + 1) % votes.size()];
        CHECK_FALSE(answer(wrong, digest));
        wrong[i] = {};
        CHECK_FALSE(answer(wrong, digest));
    }
    // Two votes exchanged have the same sum.
    std::vector<Signature> exchanged = votes;
    std::swap(exchanged[0], exchanged[1]);
    CHECK_FALSE(answer(exchanged, digest));

    SameMessageBatch batch;
    CHECK_FALSE(batch.finish(digest));
    CHECK(batch.add(keys[0], votes[0], 0) == Status::invalid_argument);
    CHECK_FALSE(batch.finish(digest));
    REQUIRE(batch.add(keys[0], votes[0], 1) == Status::ok);
    CHECK(batch.finish(digest));
    // It is empty again, and a key at infinity spoils it.
    REQUIRE(batch.add(keys[1], votes[1], 1) == Status::ok);
    REQUIRE(batch.add(PublicKey{}, Signature{}, 1) == Status::ok);
    CHECK_FALSE(batch.finish(digest));
}
