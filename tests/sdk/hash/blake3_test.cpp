#include "hash/blake3.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <numeric>

#include "blake3_model.hpp"
#include "tools/effort.hpp"

using namespace hash_test;
using mote::Bytes;
using mote::hash::Blake3;
using mote::hash::blake3;
using mote::hash::blake3_chunks;
using mote::hash::blake3_derive_key;
using mote::hash::blake3_parent;
using mote::hash::blake3_parents;
using mote::hash::blake3_root_parent;
using mote::hash::blake3_subtree;
using mote::hash::Blake3Subtree;
using mote::hash::ChainingValue;

namespace
{
constexpr std::size_t chunk_bytes = Blake3::chunk_bytes;

std::string finish(const Blake3& hash)
{
    std::array<std::uint8_t, Blake3::digest_bytes> digest;
    hash.finish(digest);
    return to_hex(digest);
}

ByteVector random_bytes(std::size_t bytes, std::mt19937& random)
{
    ByteVector out(bytes);
    for (std::uint8_t& b : out)
        b = static_cast<std::uint8_t>(random());
    return out;
}

ChainingValue random_value(std::mt19937& random)
{
    ChainingValue value;
    for (std::uint8_t& b : value)
        b = static_cast<std::uint8_t>(random());
    return value;
}
}  // namespace

TEST_CASE("BLAKE3 gives the worked case of its header")
{
    CHECK(to_hex(blake3({})) == "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    CHECK(finish(Blake3()) == to_hex(blake3({})));
}

TEST_CASE("BLAKE3 is what b3sum prints")
{
    // b3sum 1.2.0, input byte i = i mod 251.
    CHECK(to_hex(blake3(pattern(65537))) ==
          "7c99f9840a73dfcb6e5bfe4ff6d1558acab7e015640790c26411818bdbe17eca");
    CHECK(to_hex(blake3(pattern(102400))) ==
          "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085");
    CHECK(to_hex(blake3(pattern(1048577))) ==
          "2f053cd7472cf0cd2f9adaf45c1180255b91b9a865404a63671a0ee5f792ed33");
}

TEST_CASE("BLAKE3 of every length up to four chunks is the model's")
{
    const ByteVector message = pattern(4 * chunk_bytes + 2);
    mote::test::Thinned thinned;
    for (std::size_t n = 0; n <= message.size(); ++n)
    {
        // The lengths around the boundaries of blocks are never left out.
        if (!thinned.next() && (n + 1) % Blake3::block_bytes > 2)
            continue;
        const Bytes part = Bytes(message).first(n);
        const std::string expected = blake3_model::digest(part);
        if (to_hex(blake3(part)) != expected)
            FAIL("message of " << n << " bytes");
        Blake3Subtree subtree(0);
        subtree.update(part);
        if (to_hex(subtree.root()) != expected)
            FAIL("subtree of " << n << " bytes as the root");
        if (to_hex(subtree.chaining_value()) != blake3_model::chaining_value(part, 0))
            FAIL("subtree of " << n << " bytes");
    }
}

TEST_CASE("BLAKE3 of every number of chunks up to two batches and a bit is the model's")
{
    const ByteVector message = pattern(260 * chunk_bytes);
    mote::test::Thinned thinned;
    for (std::size_t chunks = 1; chunks < 260; ++chunks)
    {
        if (!thinned.next())
            continue;
        for (const std::size_t n :
             {chunks * chunk_bytes - 1, chunks * chunk_bytes, chunks * chunk_bytes + 1})
            if (to_hex(blake3(Bytes(message).first(n))) !=
                blake3_model::digest(Bytes(message).first(n)))
                FAIL("message of " << n << " bytes");
    }
}

TEST_CASE("BLAKE3 in two parts, split anywhere around a chunk, equals one shot")
{
    const ByteVector message = pattern(23 * chunk_bytes + 5);
    const std::string expected = to_hex(blake3(message));
    for (std::size_t chunk = 0; chunk <= 23; ++chunk)
        for (const std::size_t more : std::initializer_list<std::size_t>{0, 1, 63, 64, 65, 1023})
        {
            const std::size_t n = std::min(chunk * chunk_bytes + more, message.size());
            Blake3 hash;
            hash.update(Bytes(message).first(n));
            REQUIRE(finish(hash) == to_hex(blake3(Bytes(message).first(n))));
            hash.update(Bytes(message).subspan(n));
            REQUIRE(finish(hash) == expected);
        }
}

TEST_CASE("BLAKE3 in random pieces equals one shot")
{
    std::mt19937 random(3);
    const int rounds = mote::test::emulated ? 50 : 1000;
    for (int i = 0; i < rounds; ++i)
    {
        const ByteVector message = random_bytes(random() % 20000, random);
        const std::string expected = to_hex(blake3(message));
        Blake3 hash;
        Blake3Subtree subtree(0);
        if (i % 2 == 0)
        {
            update_at_random(hash, message, random);
            update_at_random(subtree, message, random);
        }
        else
        {
            // Pieces of several chunks, which the lanes take, between short ones.
            for (Bytes rest = message; !rest.empty();)
            {
                const std::size_t n = std::min<std::size_t>(
                    rest.size(),
                    random() % 3 == 0 ? random() % 100 : random() % 8 * chunk_bytes + random() % 2);
                hash.update(rest.first(n));
                subtree.update(rest.first(n));
                rest = rest.subspan(n);
            }
        }
        REQUIRE(finish(hash) == expected);
        REQUIRE(to_hex(subtree.root()) == expected);
    }
}

TEST_CASE("BLAKE3 does not mind where the message lies")
{
    const ByteVector message = pattern(17 * chunk_bytes + 3);
    const std::string expected = to_hex(blake3(message));
    for (std::size_t offset = 0; offset < 32; ++offset)
    {
        ByteVector place(offset + message.size());
        std::copy(message.begin(), message.end(),
                  place.begin() + static_cast<std::ptrdiff_t>(offset));
        REQUIRE(to_hex(blake3(Bytes(place).subspan(offset))) == expected);
    }
}

TEST_CASE("BLAKE3: a copy goes on by itself, and finish does not end the message")
{
    const ByteVector message = pattern(5000);
    for (std::size_t n = 0; n <= message.size(); n += 50)
    {
        Blake3 first;
        first.update(Bytes(message).first(n));
        Blake3 second = first;
        REQUIRE(finish(first) == to_hex(blake3(Bytes(message).first(n))));
        REQUIRE(finish(first) == to_hex(blake3(Bytes(message).first(n))));
        second.update(Bytes(message).subspan(n));
        REQUIRE(finish(second) == to_hex(blake3(message)));
        first.update(Bytes(message).subspan(n));
        REQUIRE(finish(first) == to_hex(blake3(message)));
    }
}

TEST_CASE("BLAKE3 output of any length and from any place is a window of one sequence")
{
    const ByteVector message = pattern(1500);
    Blake3 hash;
    hash.update(message);
    const ByteVector all = blake3_model::tree(message, 0).output(700);
    std::mt19937 random(4);
    for (int i = 0; i < 500; ++i)
    {
        const std::size_t seek = random() % all.size();
        ByteVector out(random() % (all.size() - seek + 1));
        hash.finish_xof(out, seek);
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(seek);
        REQUIRE(out == ByteVector(from, from + static_cast<std::ptrdiff_t>(out.size())));
    }

    // Block numbers above 2^32.
    const std::uint64_t block = (std::uint64_t{1} << 33) + 5;
    const auto node = blake3_model::tree(message, 0);
    const ByteVector far = blake3_model::bytes_of(blake3_model::compress(
        node.chaining_value, node.block, block, node.flags | blake3_model::root));
    ByteVector out(40);
    hash.finish_xof(out, 64 * block + 24);
    CHECK(out == ByteVector(far.begin() + 24, far.end()));
}

TEST_CASE("BLAKE3 derived keys: contexts and materials of several lengths are the model's")
{
    const ByteVector bytes = pattern(20000);
    for (const std::size_t context :
         std::initializer_list<std::size_t>{0, 1, 64, 65, 1024, 1025, 9000})
        for (const std::size_t material :
             std::initializer_list<std::size_t>{0, 1, 32, 1024, 1025, 4096, 20000})
            REQUIRE(to_hex(blake3_derive_key(Bytes(bytes).first(context),
                                             Bytes(bytes).first(material))) ==
                    to_hex(blake3_model::derived(Bytes(bytes).first(context),
                                                 Bytes(bytes).first(material), 32)));
    CHECK(blake3_derive_key("", bytes) == blake3_derive_key(Bytes{}, bytes));
    CHECK(blake3_derive_key("a context", bytes) ==
          blake3_derive_key(text_bytes("a context"), bytes));
}

TEST_CASE("BLAKE3 subtrees of every length are the model's, wherever they begin")
{
    std::mt19937 random(5);
    const ByteVector message = pattern(40 * chunk_bytes);
    const std::uint64_t starts[] = {0,
                                    64,
                                    (std::uint64_t{1} << 32) - 64,
                                    (std::uint64_t{1} << 32) - 3,
                                    std::uint64_t{1} << 32,
                                    (std::uint64_t{5} << 40) + 128,
                                    (std::uint64_t{1} << 54) - 64};
    for (const std::uint64_t first_chunk : starts)
        for (std::size_t chunks = 0; chunks < 40; ++chunks)
            for (const std::size_t more : {std::size_t{0}, random() % chunk_bytes})
            {
                if (mote::test::emulated && chunks % 7 != 3)
                    continue;
                const Bytes part = Bytes(message).first(chunks * chunk_bytes + more);
                const std::string expected = blake3_model::chaining_value(part, first_chunk);
                REQUIRE(to_hex(blake3_subtree(part, first_chunk)) == expected);
                Blake3Subtree subtree(first_chunk);
                update_at_random(subtree, part, random);
                REQUIRE(to_hex(subtree.chaining_value()) == expected);
            }
}

TEST_CASE("BLAKE3 rows of a message, hashed apart and joined, are its tree")
{
    std::mt19937 random(6);
    for (const std::size_t row_chunks : std::initializer_list<std::size_t>{1, 2, 8, 32})
        for (std::size_t last_bytes : {std::size_t{1}, row_chunks * 300, row_chunks * chunk_bytes})
        {
            const std::size_t row_bytes = row_chunks * chunk_bytes;
            const ByteVector message = random_bytes(7 * row_bytes + last_bytes, random);
            std::vector<ChainingValue> values;
            for (std::size_t at = 0; at < message.size(); at += row_bytes)
                values.push_back(blake3_subtree(
                    Bytes(message).subspan(at, std::min(row_bytes, message.size() - at)),
                    at / chunk_bytes));
            REQUIRE(values.size() == 8);
            blake3_parents(values.data(), 4, values.data());
            blake3_parents(values.data(), 2, values.data());
            REQUIRE(to_hex(blake3_root_parent(values[0], values[1])) == to_hex(blake3(message)));
        }
}

TEST_CASE("BLAKE3 parents are the model's, one or many, in place or not")
{
    std::mt19937 random(7);
    for (std::size_t count = 0; count <= 40; ++count)
    {
        std::vector<ChainingValue> in(2 * count);
        for (ChainingValue& value : in)
            value = random_value(random);
        std::vector<ChainingValue> out(count + 1, ChainingValue{1, 2, 3});
        blake3_parents(in.data(), count, out.data());
        for (std::size_t i = 0; i < count; ++i)
        {
            const auto node = blake3_model::parent_of(blake3_model::words_of(in[2 * i]),
                                                      blake3_model::words_of(in[2 * i + 1]),
                                                      blake3_model::initial_value, 0);
            REQUIRE(to_hex(out[i]) == to_hex(blake3_model::bytes_of(node.value())));
            REQUIRE(out[i] == blake3_parent(in[2 * i], in[2 * i + 1]));
            REQUIRE(to_hex(blake3_root_parent(in[2 * i], in[2 * i + 1])) ==
                    to_hex(node.output(32)));
        }
        REQUIRE(out[count] == ChainingValue{1, 2, 3});

        std::vector<ChainingValue> in_place = in;
        blake3_parents(in_place.data(), count, in_place.data());
        for (std::size_t i = 0; i < 2 * count; ++i)
            REQUIRE(in_place[i] == (i < count ? out[i] : in[i]));
    }
}

TEST_CASE("BLAKE3 chunks: every count, pointers and counters in any order")
{
    std::mt19937 random(8);
    const ByteVector memory = random_bytes(60 * chunk_bytes, random);
    for (std::size_t count = 0; count <= 40; ++count)
    {
        std::vector<const std::uint8_t*> chunks(count);
        std::vector<std::uint64_t> counters(count);
        for (std::size_t i = 0; i < count; ++i)
        {
            chunks[i] = memory.data() + random() % (memory.size() - chunk_bytes + 1);
            counters[i] = std::uint64_t{random()} << (random() % 33);
        }
        std::vector<ChainingValue> out(count + 1, ChainingValue{1, 2, 3});
        blake3_chunks(chunks.data(), counters.data(), count, out.data());
        for (std::size_t i = 0; i < count; ++i)
            REQUIRE(to_hex(out[i]) ==
                    blake3_model::chaining_value({chunks[i], chunk_bytes}, counters[i]));
        REQUIRE(out[count] == ChainingValue{1, 2, 3});
    }
}

TEST_CASE("BLAKE3 subtrees hold as many chunks as they say", "[large]")
{
    if (std::getenv("MOTE_TEST_LARGE") == nullptr)
    {
        WARN("skipped: hashes 2 GiB; set MOTE_TEST_LARGE to run it");
        return;
    }
    const ByteVector part = pattern(251 * 1024 * 16);
    Blake3 hash;
    Blake3Subtree subtree(0);
    for (std::size_t left = Blake3Subtree::chunks_max * chunk_bytes; left > 0;)
    {
        const Bytes next = Bytes(part).first(std::min(left, part.size()));
        hash.update(next);
        subtree.update(next);
        left -= next.size();
    }
    CHECK(to_hex(subtree.root()) == finish(hash));
}
