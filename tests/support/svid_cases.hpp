// The inputs of tests/vectors/svid, as its README defines them.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "hash/blake3.hpp"
#include "sdk/hash/hash_support.hpp"
#include "svid/assignment.hpp"
#include "svid/check_header.hpp"
#include "tools/aligned_memory.hpp"

namespace svid_cases
{
using Json = nlohmann::json;
using hash_test::ByteVector;

inline Json read(const std::string& file)
{
    std::ifstream stream(std::string(MOTE_TEST_VECTORS "/svid/") + file);
    if (!stream)
        throw std::runtime_error("no file " + file);
    return Json::parse(stream);
}

using hash_test::from_hex;
using hash_test::to_hex;

inline mote::svid::Digest digest(const Json& hex)
{
    const ByteVector bytes = from_hex(hex.get<std::string>());
    mote::svid::Digest out{};
    if (bytes.size() != out.size())
        throw std::runtime_error("not a digest");
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

/// Integers above 2^53 - 1 are decimal strings.
inline std::uint64_t integer(const Json& value)
{
    return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

inline ByteVector xof(const std::string& text, std::size_t bytes)
{
    mote::hash::Blake3 hash;
    hash.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    ByteVector out(bytes);
    hash.finish_xof(out);
    return out;
}

/// One `input`: the block, the header's fields and the validators with stake.
struct Input
{
    explicit Input(const Json& input)
    {
        label = input["label"];
        block = xof(label + " data", integer(input["B"]));
        seed = digest(input["seed"]);
        chain_id = digest(input["chain_id"]);
        zone = static_cast<std::uint32_t>(integer(input["zone"]));
        height = integer(input["height"]);
        epoch = integer(input["epoch"]);

        std::vector<std::uint64_t> all;
        const Json& rule = input["stakes"];
        if (rule.contains("list"))
            for (const Json& stake : rule["list"])
                all.push_back(integer(stake));
        else if (rule.contains("equal"))
            all.assign(integer(rule["equal"][0]), integer(rule["equal"][1]));
        else
        {
            const std::uint64_t n = integer(rule["xof"][0]), m = integer(rule["xof"][1]);
            const ByteVector bytes = xof(label + " stakes", 8 * n);
            for (std::uint64_t v = 0; v < n; ++v)
                all.push_back(1 + mote::load_le64(bytes.data() + 8 * v) % m);
        }
        std::map<std::size_t, std::size_t> key_of;
        if (input.contains("same_key"))
            for (const auto& [v, w] : input["same_key"].items())
                key_of[std::stoul(v)] = w;
        for (std::size_t v = 0; v < all.size(); ++v)
        {
            if (all[v] == 0)
                continue;
            stakes.push_back(all[v]);
            const std::size_t owner = key_of.count(v) != 0 ? key_of[v] : v;
            const ByteVector key = xof(label + " key " + std::to_string(owner), 48);
            keys.insert(keys.end(), key.begin(), key.end());
        }
    }

    [[nodiscard]] mote::svid::ValidatorSet set() const { return {seed, stakes, keys}; }

    [[nodiscard]] mote::svid::Expected expected(const mote::svid::Digest& root) const
    {
        mote::svid::Expected e;
        e.chain_id = chain_id;
        e.zone = zone;
        e.height = height;
        e.epoch = epoch;
        e.stakes = stakes;
        e.svid_root = root;
        return e;
    }

    std::string label;
    ByteVector block;
    mote::svid::Digest seed{}, chain_id{};
    std::uint32_t zone = 0;
    std::uint64_t height = 0, epoch = 0;
    std::vector<std::uint64_t> stakes;
    ByteVector keys;
};

/// The row numbers of a range, ascending.
inline std::vector<std::uint32_t> rows_of(const mote::svid::AssignedRange& range,
                                          std::uint32_t rows)
{
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t t = 0; t < range.count; ++t)
        numbers.push_back((range.first + t) % rows);
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

/// Memory for an arena, of exactly a size.
class Memory
{
  public:
    explicit Memory(std::size_t bytes) : memory_(mote::test::aligned_memory(bytes)), bytes_(bytes)
    {
    }
    [[nodiscard]] mote::Arena arena() { return {memory_.get(), bytes_}; }

  private:
    mote::test::AlignedMemory memory_;
    std::size_t bytes_;
};
}  // namespace svid_cases
