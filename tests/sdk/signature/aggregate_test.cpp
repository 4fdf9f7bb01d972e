#include "signature_support.hpp"

using namespace signature_test;

TEST_CASE("Certificates: keys weighted by seats verify the sum of the votes")
{
    constexpr std::size_t members = 40;
    std::vector<PublicKey> keys;
    std::vector<Signature> votes;
    const ByteVector digest(32, 3);
    for (std::size_t i = 0; i < members; ++i)
    {
        SecretKey key;
        make_key(static_cast<std::uint8_t>(i + 1), key);
        keys.push_back(key.public_key());
        votes.push_back(key.sign(digest));
    }
    Random random(5);
    std::vector<std::uint16_t> seats(members), all(members);
    std::vector<Signature> sum;
    for (std::size_t i = 0; i < members; ++i)
    {
        all[i] = static_cast<std::uint16_t>(1 + random() % 5);
        seats[i] = i % 4 == 1 ? std::uint16_t{0} : all[i];
        sum.insert(sum.end(), seats[i], votes[i]);
    }
    Signature signature;
    REQUIRE(aggregate(sum, signature) == Status::ok);
    SumArena memory(sum_keys_scratch_bytes());
    mote::Arena arena = memory.arena();
    PublicKey key, everybody, absent;
    REQUIRE(sum_keys(keys, seats, arena, key) == Status::ok);
    CHECK(verify(key, digest, signature));

    // The same from the other side: all seats, less those absent.
    std::vector<std::uint16_t> missing(members);
    for (std::size_t i = 0; i < members; ++i)
        missing[i] = static_cast<std::uint16_t>(all[i] - seats[i]);
    REQUIRE(sum_keys(keys, all, arena, everybody) == Status::ok);
    REQUIRE(sum_keys(keys, missing, arena, absent) == Status::ok);
    CHECK(difference(everybody, absent) == key);
    CHECK(difference(key, key).infinity);

    // One seat more or fewer is another key.
    for (const int change : {-1, 1})
    {
        std::vector<std::uint16_t> wrong = seats;
        wrong[0] = static_cast<std::uint16_t>(wrong[0] + change);
        REQUIRE(sum_keys(keys, wrong, arena, key) == Status::ok);
        CHECK_FALSE(verify(key, digest, signature));
    }
}

TEST_CASE("Certificates: contracts of the sums")
{
    std::vector<PublicKey> keys(3, mote::curve::bls12_381::g1_generator);
    SumArena memory(sum_keys_scratch_bytes());
    mote::Arena arena = memory.arena();
    PublicKey out;
    const std::vector<std::uint16_t> two(2, 1);
    CHECK(sum_keys(keys, two, arena, out) == Status::invalid_argument);
    REQUIRE(sum_keys(keys, {}, arena, out) == Status::ok);
    CHECK(out == bls_test::multiply_vartime(keys[0], mote::field::Limbs<1>{3}).to_affine());
    REQUIRE(sum_keys({}, {}, arena, out) == Status::ok);
    CHECK(out.infinity);
    SumArena less(sum_keys_scratch_bytes() - 16);
    mote::Arena small = less.arena();
    CHECK(sum_keys(keys, {}, small, out) == Status::memory_too_small);
    Signature signature = mote::curve::bls12_381::g2_generator;
    CHECK(aggregate({}, signature) == Status::invalid_argument);
    CHECK(signature == mote::curve::bls12_381::g2_generator);
}
