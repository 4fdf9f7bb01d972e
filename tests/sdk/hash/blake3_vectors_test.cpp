#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "blake3_model.hpp"

using namespace hash_test;
using mote::Bytes;
using mote::hash::Blake3;
using mote::hash::blake3;
using mote::hash::blake3_derive_key;
using nlohmann::json;

namespace
{
json vectors() { return json::parse(read_vectors("blake3_test_vectors.json")); }

// The whole output, every tail of it, and the digest; from one part and from many.
void check(const Blake3& start, Bytes message, const std::string& expected)
{
    REQUIRE(expected.size() == 2 * 131);
    for (const std::size_t piece : {message.size() + 1, std::size_t{1000}})
    {
        Blake3 hash = start;
        update_in_pieces(hash, message, piece);
        for (std::size_t seek = 0; seek <= 131; ++seek)
        {
            ByteVector out(131 - seek);
            hash.finish_xof(out, seek);
            REQUIRE(to_hex(out) == expected.substr(2 * seek));
        }
        std::array<std::uint8_t, 32> digest;
        hash.finish(digest);
        REQUIRE(to_hex(digest) == expected.substr(0, 64));
    }
}
}  // namespace

TEST_CASE("BLAKE3 vectors: hash")
{
    const json file = vectors();
    REQUIRE(file.at("cases").size() == 35);
    for (const json& c : file.at("cases"))
    {
        const ByteVector message = pattern(c.at("input_len").get<std::size_t>());
        INFO(message.size());
        const std::string expected = c.at("hash").get<std::string>();
        check(Blake3(), message, expected);
        REQUIRE(to_hex(blake3(message)) == expected.substr(0, 64));
        REQUIRE(to_hex(mote::hash::blake3_subtree(message, 0)) ==
                blake3_model::chaining_value(message, 0));
    }
}

TEST_CASE("BLAKE3 vectors: derived keys")
{
    const json file = vectors();
    const std::string context = file.at("context_string").get<std::string>();
    for (const json& c : file.at("cases"))
    {
        const ByteVector material = pattern(c.at("input_len").get<std::size_t>());
        INFO(material.size());
        const std::string expected = c.at("derive_key").get<std::string>();
        check(Blake3::derive_key(text_bytes(context)), material, expected);
        REQUIRE(to_hex(blake3_derive_key(text_bytes(context), material)) == expected.substr(0, 64));
        REQUIRE(to_hex(blake3_derive_key("BLAKE3 2019-12-27 16:29:52 test vectors context",
                                         material)) == expected.substr(0, 64));
    }
}

// The file's third output is the keyed mode, which the SDK does not have; the model has it, so that
// the model itself agrees with all of the file.
TEST_CASE("BLAKE3 vectors: the model of the tests, all modes")
{
    const json file = vectors();
    const std::string key = file.at("key").get<std::string>();
    const std::string context = file.at("context_string").get<std::string>();
    for (const json& c : file.at("cases"))
    {
        const ByteVector message = pattern(c.at("input_len").get<std::size_t>());
        INFO(message.size());
        REQUIRE(to_hex(blake3_model::tree(message, 0).output(131)) ==
                c.at("hash").get<std::string>());
        REQUIRE(to_hex(blake3_model::tree(message, 0, blake3_model::words_of(text_bytes(key)),
                                          blake3_model::keyed_hash)
                           .output(131)) == c.at("keyed_hash").get<std::string>());
        REQUIRE(to_hex(blake3_model::derived(text_bytes(context), message, 131)) ==
                c.at("derive_key").get<std::string>());
    }
}
