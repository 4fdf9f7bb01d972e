#include "hash/sha256.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "hash_support.hpp"

using namespace hash_test;
using mote::Bytes;
using mote::hash::sha256;
using mote::hash::Sha256;

namespace
{
std::string finish(Sha256& hash)
{
    std::array<std::uint8_t, Sha256::digest_bytes> digest;
    hash.finish(digest);
    return to_hex(digest);
}
}  // namespace

TEST_CASE("SHA-256 gives the worked case of its header")
{
    CHECK(to_hex(sha256(text_bytes("abc"))) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("SHA-256 of every length up to four blocks is that of CPython")
{
    // sha256 of the digests of p[:n] for n in range(259), p = bytes(i % 251 for i in range(259)).
    const ByteVector message = pattern(258);
    Sha256 all;
    for (std::size_t n = 0; n <= message.size(); ++n)
        all.update(sha256(Bytes(message).first(n)));
    CHECK(finish(all) == "52a6118669f3930dd5687b310c690ddb4017e879c9c22236cc148ebff56bbead");
}

TEST_CASE("SHA-256 in pieces of every size equals one shot")
{
    const ByteVector message = pattern(4 * Sha256::block_bytes + 2);
    for (std::size_t n = 0; n <= message.size(); ++n)
    {
        const Bytes part = Bytes(message).first(n);
        const std::string expected = to_hex(sha256(part));
        for (std::size_t piece = 1; piece <= n; ++piece)
        {
            Sha256 hash;
            update_in_pieces(hash, part, piece);
            if (finish(hash) != expected)
                FAIL("message of " << n << " bytes in pieces of " << piece);
        }
    }
}

TEST_CASE("SHA-256 in random pieces equals one shot")
{
    std::mt19937 random(2);
    for (int i = 0; i < 2000; ++i)
    {
        const ByteVector message = pattern(random() % 1500);
        Sha256 hash;
        update_at_random(hash, message, random);
        REQUIRE(finish(hash) == to_hex(sha256(message)));
    }
}

TEST_CASE("SHA-256 does not mind where the message lies")
{
    const ByteVector message = pattern(300);
    const std::string expected = to_hex(sha256(message));
    for (std::size_t offset = 0; offset < 16; ++offset)
    {
        ByteVector place(offset + message.size());
        std::copy(message.begin(), message.end(),
                  place.begin() + static_cast<std::ptrdiff_t>(offset));
        REQUIRE(to_hex(sha256(Bytes(place).subspan(offset))) == expected);
    }
}

TEST_CASE("SHA-256: a copy goes on by itself, an object can be assigned to after finish")
{
    const ByteVector message = pattern(200);
    for (std::size_t n = 0; n <= message.size(); ++n)
    {
        Sha256 first;
        first.update(Bytes(message).first(n));
        Sha256 second = first;
        REQUIRE(finish(first) == to_hex(sha256(Bytes(message).first(n))));
        second.update(Bytes(message).subspan(n));
        REQUIRE(finish(second) == to_hex(sha256(message)));
        first = Sha256();
        first.update(message);
        REQUIRE(finish(first) == to_hex(sha256(message)));
    }
}

TEST_CASE("SHA-256 counts beyond 32 bits", "[large]")
{
    if (std::getenv("MOTE_TEST_LARGE") == nullptr)
    {
        WARN("skipped: hashes 512 MiB; set MOTE_TEST_LARGE to run it");
        return;
    }
    // The length in bits needs 33 bits: hashlib.sha256(bytes(2**29 + 3))
    const ByteVector zeros(std::size_t{1} << 20);
    Sha256 hash;
    for (int i = 0; i < 512; ++i)
        hash.update(zeros);
    hash.update(Bytes(zeros).first(3));
    CHECK(finish(hash) == "403a955183d83bd37bd31dde74eb3b713fcf99b6ba1a87fa91aa5befe4f51280");
}
