#include "hash/keccak.hpp"

#include <catch2/catch.hpp>

#include "hash_support.hpp"

using namespace hash_test;
using mote::Bytes;
using mote::hash::Keccak256;
using mote::hash::keccak_256;
using mote::hash::Sha3_256;
using mote::hash::sha3_256;

namespace
{
template <typename Hash>
std::string finish(Hash& hash)
{
    std::array<std::uint8_t, Hash::digest_bytes> digest;
    hash.finish(digest);
    return to_hex(digest);
}
}  // namespace

TEST_CASE("Keccak-256 and SHA3-256 give the worked cases of their header")
{
    CHECK(to_hex(keccak_256({})) ==
          "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    CHECK(to_hex(sha3_256({})) ==
          "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
}

TEST_CASE("SHA3-256 of every length up to three blocks is that of CPython")
{
    // sha3_256 of the digests of p[:n] for n in range(411), p = bytes(i % 251 for i in range(411)).
    const ByteVector message = pattern(410);
    Sha3_256 all;
    for (std::size_t n = 0; n <= message.size(); ++n)
        all.update(sha3_256(Bytes(message).first(n)));
    CHECK(finish(all) == "4ad7852d6521356f696fa1521daa2fd3751da1a1e58b28d9026ff2e40ff39527");
}

TEMPLATE_TEST_CASE("Keccak in pieces of every size equals one shot", "", Keccak256, Sha3_256)
{
    const ByteVector message = pattern(2 * TestType::rate_bytes + 9);
    for (std::size_t n = 0; n <= message.size(); ++n)
    {
        const Bytes part = Bytes(message).first(n);
        TestType whole;
        whole.update(part);
        const std::string expected = finish(whole);
        for (std::size_t piece = 1; piece <= n; ++piece)
        {
            TestType hash;
            update_in_pieces(hash, part, piece);
            if (finish(hash) != expected)
                FAIL("message of " << n << " bytes in pieces of " << piece);
        }
    }
}

TEMPLATE_TEST_CASE("Keccak in random pieces equals one shot", "", Keccak256, Sha3_256)
{
    std::mt19937 random(3);
    for (int i = 0; i < 1000; ++i)
    {
        const ByteVector message = pattern(random() % 1500);
        TestType whole;
        whole.update(message);
        TestType hash;
        update_at_random(hash, message, random);
        REQUIRE(finish(hash) == finish(whole));
    }
}

TEST_CASE("Keccak-256 does not mind where the message lies")
{
    const ByteVector message = pattern(300);
    const std::string expected = to_hex(keccak_256(message));
    for (std::size_t offset = 0; offset < 16; ++offset)
    {
        ByteVector place(offset + message.size());
        std::copy(message.begin(), message.end(),
                  place.begin() + static_cast<std::ptrdiff_t>(offset));
        REQUIRE(to_hex(keccak_256(Bytes(place).subspan(offset))) == expected);
    }
}

TEMPLATE_TEST_CASE("Keccak: a copy goes on by itself, an object can be assigned to after finish",
                   "", Keccak256, Sha3_256)
{
    const ByteVector message = pattern(300);
    TestType whole;
    whole.update(message);
    const std::string expected = finish(whole);
    for (std::size_t n = 0; n <= message.size(); n += 10)
    {
        TestType first;
        first.update(Bytes(message).first(n));
        TestType second = first;
        finish(first);
        second.update(Bytes(message).subspan(n));
        REQUIRE(finish(second) == expected);
        first = TestType();
        first.update(message);
        REQUIRE(finish(first) == expected);
    }
}
