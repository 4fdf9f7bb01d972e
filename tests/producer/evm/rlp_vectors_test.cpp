#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <vector>

#include "evm/rlp.hpp"
#include "hash/keccak.hpp"
#include "json_values.hpp"
#include "trie.hpp"

using namespace mote;
using namespace mote::evm;
using namespace mote::evm_tool;

namespace
{
Json read(const std::string& name)
{
    std::ifstream file(MOTE_EVM_VECTORS "/tests-rlp-trie-misc/" + name);
    REQUIRE(file);
    return Json::parse(file);
}

Bytes as_bytes(const std::string& text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::vector<std::uint8_t> encode(const Json& value)
{
    if (value.is_array())
    {
        std::vector<std::vector<std::uint8_t>> items;
        for (const Json& item : value)
            items.push_back(encode(item));
        return rlp_list(items);
    }
    if (value.is_number())
        return rlp_integer(Word(value.get<std::uint64_t>()));
    const auto text = value.get<std::string>();
    if (!text.empty() && text[0] == '#')
        return {};  // a number above 2^64 in decimal
    return rlp_string(as_bytes(text));
}

/// What decoding and encoding again makes of an item.
std::vector<std::uint8_t> again(const RlpItem& item)
{
    if (!item.is_list)
        return rlp_string(item.payload);
    std::vector<std::vector<std::uint8_t>> items;
    RlpReader reader(item.payload);
    while (!reader.at_end())
    {
        RlpItem inner;
        REQUIRE(reader.next(inner));
        items.push_back(again(inner));
    }
    return rlp_list(items);
}
}  // namespace

TEST_CASE("values are encoded as published, and decode to what was encoded")
{
    std::size_t count = 0;
    const Json file = read("RLPTests/rlptest.json");
    for (const auto& [name, c] : file.items())
    {
        INFO(name);
        const auto out = bytes_of(c["out"].get<std::string>());
        if (const auto mine = encode(c["in"]); !mine.empty())
            REQUIRE(mine == out);
        REQUIRE(is_rlp(out));
        RlpItem item;
        RlpReader reader(out);
        REQUIRE(reader.next(item));
        REQUIRE(reader.at_end());
        REQUIRE(again(item) == out);
        ++count;
    }
    REQUIRE(count == 28);
}

TEST_CASE("what is no canonical RLP is refused")
{
    std::size_t count = 0;
    const Json file = read("RLPTests/invalidRLPTest.json");
    for (const auto& [name, c] : file.items())
    {
        INFO(name);
        REQUIRE_FALSE(is_rlp(bytes_of(c["out"].get<std::string>())));
        ++count;
    }
    REQUIRE(count >= 25);
}

TEST_CASE("any bytes that are RLP are encoded to themselves")
{
    std::mt19937_64 random(23);
    std::size_t good = 0;
    for (int round = 0; round < 200000; ++round)
    {
        std::vector<std::uint8_t> bytes(random() % 8);
        for (std::uint8_t& byte : bytes)
        {
            const std::uint8_t few[] = {0x00, 0x80, 0x81, 0xc0, 0xc1, 0xc2, 0xb8, 0xf8, 0x7f};
            byte = random() % 4 == 0 ? static_cast<std::uint8_t>(random())
                                     : few[random() % sizeof few];
        }
        if (!is_rlp(bytes))
            continue;
        ++good;
        RlpItem item;
        REQUIRE(RlpReader(bytes).next(item));
        REQUIRE(again(item) == bytes);
    }
    REQUIRE(good > 1000);
}

TEST_CASE("lists nest as deep as they like")
{
    std::vector<std::vector<std::uint8_t>> nested = {rlp_list({})};
    for (int i = 0; i < 2000; ++i)
        nested = {rlp_list(nested)};
    REQUIRE(is_rlp(nested[0]));
    nested[0].back() = 0x81;
    REQUIRE_FALSE(is_rlp(nested[0]));
}

TEST_CASE("roots of tries with hashed keys are the published ones")
{
    std::size_t count = 0;
    const auto item = [](const std::string& text)
    {
        if (text.rfind("0x", 0) == 0)
            return bytes_of(text);
        return std::vector<std::uint8_t>(text.begin(), text.end());
    };
    for (const char* const file :
         {"trieanyorder_secureTrie", "trietest_secureTrie", "hex_encoded_securetrie_test"})
    {
        const Json tests = read(std::string("TrieTests/") + file + ".json");
        for (const auto& [name, c] : tests.items())
        {
            INFO(file << " " << name);
            std::map<std::vector<std::uint8_t>, std::vector<std::uint8_t>> values;
            const auto put = [&](const std::string& key, const Json& value)
            {
                if (value.is_null())
                    values.erase(item(key));
                else
                    values[item(key)] = item(value.get<std::string>());
            };
            if (c["in"].is_object())
                for (const auto& [key, value] : c["in"].items())
                    put(key, value);
            else
                for (const Json& pair : c["in"])
                    put(pair[0].get<std::string>(), pair[1]);
            std::vector<TrieEntry> entries;
            for (const auto& [key, value] : values)
                entries.push_back({hash::keccak_256(key), value});
            REQUIRE(trie_root(entries) == hash_of(c["root"]));
            ++count;
        }
    }
    REQUIRE(count >= 12);
}
