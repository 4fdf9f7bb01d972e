#include "hash/blake2b.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "hash_support.hpp"

using namespace hash_test;
using mote::Bytes;
using mote::MutableBytes;
using mote::hash::Blake2b;
using mote::hash::blake2b_256;
using mote::hash::Blake2bParameters;

namespace
{
std::string digest_of(const Blake2bParameters& parameters, Bytes message)
{
    Blake2b hash(parameters);
    hash.update(message);
    ByteVector digest(parameters.digest_bytes);
    hash.finish(digest);
    return to_hex(digest);
}

std::string finish(Blake2b& hash, std::size_t digest_bytes = 32)
{
    ByteVector digest(digest_bytes);
    hash.finish(digest);
    return to_hex(digest);
}
}  // namespace

TEST_CASE("Blake2b gives the worked cases of its header and of RFC 7693")
{
    CHECK(to_hex(blake2b_256({})) ==
          "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    // [RFC7693] appendix A.
    CHECK(digest_of({}, text_bytes("abc")) ==
          "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
          "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

TEST_CASE("Blake2b passes the self-test of RFC 7693")
{
    // [RFC7693] appendix E: 48 digests, unkeyed and keyed, of pseudorandom messages, hashed together.
    // Its generator is a Fibonacci sequence whose top byte is the output.
    const auto sequence = [](std::size_t bytes, std::uint32_t seed)
    {
        std::uint32_t a = 0xDEAD4BAD * seed;
        std::uint32_t b = 1;
        ByteVector out(bytes);
        for (std::uint8_t& byte : out)
        {
            const std::uint32_t t = a + b;
            a = b;
            b = t;
            byte = static_cast<std::uint8_t>(t >> 24);
        }
        return out;
    };

    Blake2b all(32);
    for (const std::size_t digest_bytes : {20u, 32u, 48u, 64u})
        for (const std::size_t message_bytes : {0u, 3u, 128u, 129u, 255u, 1024u})
        {
            const ByteVector message =
                sequence(message_bytes, static_cast<std::uint32_t>(message_bytes));
            const ByteVector key = sequence(digest_bytes, static_cast<std::uint32_t>(digest_bytes));
            all.update(from_hex(digest_of({.digest_bytes = digest_bytes}, message)));
            all.update(from_hex(digest_of({.digest_bytes = digest_bytes, .key = key}, message)));
        }
    CHECK(finish(all) == "c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475");
}

TEST_CASE("Blake2b-256 of every length up to four blocks is that of CPython")
{
    // The digest of all digests: hashlib.blake2b(b''.join(hashlib.blake2b(p[:n], digest_size=32)
    // .digest() for n in range(515)), digest_size=32) with p = bytes(i % 251 for i in range(515)).
    const ByteVector message = pattern(514);
    Blake2b all(32);
    for (std::size_t n = 0; n <= message.size(); ++n)
        all.update(blake2b_256(Bytes(message).first(n)));
    CHECK(finish(all) == "24b7813951eb189b5a12b3aa8f57eebbcbb21e14627d95301dbd75990d6f4fe9");
}

TEST_CASE("Blake2b in pieces of every size equals one shot")
{
    const ByteVector message = pattern(3 * Blake2b::block_bytes + 2);
    for (std::size_t n = 0; n <= message.size(); ++n)
    {
        const Bytes part = Bytes(message).first(n);
        const std::string expected = to_hex(blake2b_256(part));
        for (std::size_t piece = 1; piece <= n; ++piece)
        {
            Blake2b hash(32);
            update_in_pieces(hash, part, piece);
            if (finish(hash) != expected)
                FAIL("message of " << n << " bytes in pieces of " << piece);
        }
    }
}

TEST_CASE("Blake2b in random pieces equals one shot, with and without a key")
{
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i)
    {
        const ByteVector message = pattern(random() % 1500);
        const ByteVector key(random() % 65, 0x5a);
        const Blake2bParameters parameters{.digest_bytes = 1 + random() % 64, .key = key};
        Blake2b hash(parameters);
        update_at_random(hash, message, random);
        REQUIRE(finish(hash, parameters.digest_bytes) == digest_of(parameters, message));
    }
}

TEST_CASE("Blake2b does not mind where message and digest lie")
{
    const ByteVector message = pattern(300);
    const std::string expected = to_hex(blake2b_256(message));
    for (std::size_t offset = 0; offset < 16; ++offset)
    {
        ByteVector place(offset + message.size());
        std::copy(message.begin(), message.end(),
                  place.begin() + static_cast<std::ptrdiff_t>(offset));
        REQUIRE(to_hex(blake2b_256(Bytes(place).subspan(offset))) == expected);

        // The digest may replace the message.
        Blake2b hash(32);
        hash.update(Bytes(place).subspan(offset));
        hash.finish(MutableBytes(place).subspan(offset, 32));
        REQUIRE(to_hex(Bytes(place).subspan(offset, 32)) == expected);
    }
}

TEST_CASE("Blake2b writes its digest and nothing else")
{
    for (std::size_t n = 1; n <= Blake2b::digest_bytes_max; ++n)
    {
        ByteVector place(n + 2, 0xee);
        Blake2b hash(n);
        hash.update(text_bytes("abc"));
        hash.finish(MutableBytes(place).subspan(1, n));
        REQUIRE(place.front() == 0xee);
        REQUIRE(place.back() == 0xee);
        REQUIRE(to_hex(Bytes(place).subspan(1, n)) ==
                digest_of({.digest_bytes = n}, text_bytes("abc")));
    }
}

TEST_CASE("Blake2b: every parameter makes another function")
{
    const ByteVector one = {1};
    const ByteVector one_padded = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    const ByteVector message = pattern(200);

    std::vector<std::string> starts;
    for (std::size_t n = 1; n <= 64; ++n)
        starts.push_back(
            digest_of({.digest_bytes = n}, message).substr(0, 2 * std::min<std::size_t>(n, 8)));
    std::vector<std::string> long_starts(starts.begin() + 7, starts.end());
    std::sort(long_starts.begin(), long_starts.end());
    CHECK(std::adjacent_find(long_starts.begin(), long_starts.end()) == long_starts.end());

    std::vector<std::string> digests = {
        digest_of({}, message),
        digest_of({.key = one}, message),
        digest_of({.key = one_padded}, message),  // the length of the key counts
        digest_of({.salt = one}, message),
        digest_of({.personal = one}, message),
    };
    std::sort(digests.begin(), digests.end());
    CHECK(std::adjacent_find(digests.begin(), digests.end()) == digests.end());

    // Salt and personal strings have no length of their own.
    CHECK(digest_of({.salt = one}, message) == digest_of({.salt = one_padded}, message));
    CHECK(digest_of({.personal = one}, message) == digest_of({.personal = one_padded}, message));
}

TEST_CASE("Blake2b: a copy goes on by itself, an object can be assigned to after finish")
{
    const ByteVector message = pattern(400);
    for (std::size_t n = 0; n <= message.size(); n += 25)
    {
        Blake2b first(32);
        first.update(Bytes(message).first(n));
        Blake2b second = first;
        REQUIRE(finish(first) == to_hex(blake2b_256(Bytes(message).first(n))));
        second.update(Bytes(message).subspan(n));
        REQUIRE(finish(second) == to_hex(blake2b_256(message)));
        first = Blake2b(32);
        first.update(message);
        REQUIRE(finish(first) == to_hex(blake2b_256(message)));
    }
}

TEST_CASE("Blake2b counts beyond 32 bits", "[large]")
{
    if (std::getenv("MOTE_TEST_LARGE") == nullptr)
    {
        WARN("skipped: hashes 4 GiB; set MOTE_TEST_LARGE to run it");
        return;
    }
    // hashlib.blake2b(bytes(2**32 + 3), digest_size=32)
    const ByteVector zeros(std::size_t{1} << 20);
    Blake2b hash(32);
    for (int i = 0; i < 4096; ++i)
        hash.update(zeros);
    hash.update(Bytes(zeros).first(3));
    CHECK(finish(hash) == "18f87e58013a6c26265ca13d43d9fa0289903a2745c1f2f885a25a5b4f06daf7");
}
