#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "hash/blake2b.hpp"
#include "hash_support.hpp"

using namespace hash_test;
using mote::Bytes;
using mote::hash::Blake2b;
using mote::hash::blake2b_256;
using mote::hash::Blake2bParameters;
using nlohmann::json;

namespace
{
// One shot, and byte by byte.
void check(const Blake2bParameters& parameters, Bytes message, const std::string& expected)
{
    REQUIRE(expected.size() == 2 * parameters.digest_bytes);
    for (const std::size_t piece : {message.size() + 1, std::size_t{1}})
    {
        Blake2b hash(parameters);
        update_in_pieces(hash, message, piece);
        ByteVector digest(parameters.digest_bytes);
        hash.finish(digest);
        REQUIRE(to_hex(digest) == expected);
    }
}

ByteVector hex_field(const json& object, const char* name)
{
    return object.contains(name) ? from_hex(object.at(name).get<std::string>()) : ByteVector{};
}
}  // namespace

TEST_CASE("Blake2b vectors: the designers' known answers, keyed and unkeyed")
{
    const json cases = json::parse(read_vectors("blake2b-kat.json")).at("cases");
    REQUIRE(cases.size() == 385);
    ByteVector bytes(256);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(i);
    for (const json& c : cases)
    {
        INFO(c.dump());
        check({.digest_bytes = 64, .key = Bytes(bytes).first(c.at("key_bytes").get<std::size_t>())},
              Bytes(bytes).first(c.at("input_bytes").get<std::size_t>()),
              c.at("out").get<std::string>());
    }
}

TEST_CASE("Blake2b vectors: digest length, key, salt and personal string")
{
    const json file = json::parse(read_vectors("blake2b_params.json"));
    const std::string message = file.at("input_ascii").get<std::string>();
    REQUIRE(file.at("cases").size() == 135);
    for (const json& c : file.at("cases"))
    {
        INFO(c.dump());
        const ByteVector key = hex_field(c, "key");
        const ByteVector salt = hex_field(c, "salt");
        const ByteVector personal = hex_field(c, "person");
        check({.digest_bytes = c.at("dkLen").get<std::size_t>(),
               .key = key,
               .salt = salt,
               .personal = personal},
              text_bytes(message), c.at("digest").get<std::string>());
    }
}

TEST_CASE("Blake2b vectors: parameters of every length")
{
    const json cases = json::parse(read_vectors("blake2b_lengths.json")).at("cases");
    REQUIRE(cases.size() == 256);
    const ByteVector bytes = pattern(1024);
    for (const json& c : cases)
    {
        INFO(c.dump());
        const auto field = [&](const char* name, std::size_t start)
        { return Bytes(bytes).subspan(start, c.at(name).get<std::size_t>()); };
        check({.digest_bytes = c.at("digest_bytes").get<std::size_t>(),
               .key = field("key_bytes", 1),
               .salt = field("salt_bytes", 2),
               .personal = field("personal_bytes", 3)},
              field("input_bytes", 0), c.at("digest").get<std::string>());
    }
}

TEST_CASE("Blake2b vectors: Blake2b-256 around block boundaries")
{
    const json cases = json::parse(read_vectors("blake2b_256_sweep.json")).at("cases");
    REQUIRE(cases.size() == 149);
    for (const json& c : cases)
    {
        INFO(c.dump());
        const ByteVector message = pattern(c.at("input_len").get<std::size_t>());
        const std::string expected = c.at("hash").get<std::string>();
        REQUIRE(to_hex(blake2b_256(message)) == expected);
        check({.digest_bytes = 32}, message, expected);
    }
}
