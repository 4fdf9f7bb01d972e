#include <catch2/catch.hpp>
#include <fstream>
#include <vector>

#include "curve/msm.hpp"
#include "evm/precompiles.hpp"
#include "evm/ripemd160.hpp"
#include "json_values.hpp"

using namespace mote;
using namespace mote::evm;
using mote::evm_tool::bytes_of;
using mote::evm_tool::Json;

namespace
{
Json read(const std::string& name)
{
    std::ifstream file(name);
    REQUIRE(file);
    return Json::parse(file);
}

/// Runs a call; the output, or nothing when it fails.
std::optional<std::vector<std::uint8_t>> run(std::uint32_t number, Fork fork,
                                             const std::vector<std::uint8_t>& input,
                                             std::int64_t& gas)
{
    static std::vector<std::uint8_t> output(1 << 20);
    const PrecompileResult result = run_precompile(number, fork, input, INT64_MAX, output);
    REQUIRE_FALSE(result.memory_ended);
    gas = result.gas;
    if (!result.good)
        return std::nullopt;
    // One unit less does not do.
    if (gas > 0)
        REQUIRE_FALSE(run_precompile(number, fork, input, gas - 1, output).good);
    const PrecompileResult again = run_precompile(number, fork, input, gas, output);
    REQUIRE(again.good);
    return std::vector<std::uint8_t>(
        output.begin(), output.begin() + static_cast<std::ptrdiff_t>(again.output_bytes));
}

std::size_t check(const Json& cases, std::uint32_t number, Fork fork, bool with_gas = true)
{
    std::size_t count = 0;
    for (const Json& c : cases)
    {
        INFO(c.value("Name", std::string()));
        std::int64_t gas = 0;
        const auto output = run(number, fork, bytes_of(c["Input"].get<std::string>()), gas);
        if (c.contains("ExpectedError"))
            REQUIRE_FALSE(output.has_value());
        else
        {
            REQUIRE(output.has_value());
            REQUIRE(*output == bytes_of(c["Expected"].get<std::string>()));
            if (with_gas && c.contains("Gas"))
                REQUIRE(gas == c["Gas"].get<std::int64_t>());
        }
        ++count;
    }
    return count;
}
}  // namespace

TEST_CASE("hashes, MODEXP, P-256 and point evaluation are the published ones")
{
    const Json all = read(MOTE_EVM_VECTORS "/precompiles.json");
    REQUIRE(check(all["blake2F"], 9, Fork::istanbul) == 9);
    REQUIRE(check(all["fail-blake2f"], 9, newest_fork) == 4);
    REQUIRE(check(all["identity"], 4, newest_fork) == 1);
    REQUIRE(check(all["ripemd160"], 3, newest_fork) == 1);
    REQUIRE(check(all["sha256"], 2, newest_fork) == 1);
    REQUIRE(check(all["modexp"], 5, Fork::byzantium) == 17);
    REQUIRE(check(all["modexp_eip2565"], 5, Fork::berlin) == 17);
    REQUIRE(check(all["modexp_eip7883"], 5, Fork::osaka) == 17);
    REQUIRE(check(all["pointEvaluation"], 10, newest_fork) == 1);
    // The file has half of the price that EIP-7951 came to in the end; state tests have the final one.
    REQUIRE(check(all["p256Verify"], 0x100, Fork::osaka, false) == 566);
    std::size_t count = 0;
    for (const Json& c : all["modexp_evm_dump"])
    {
        std::int64_t gas = 0;
        const auto text = c["input"].get<std::string>();
        if (text.find("NOBLE") != std::string::npos)
            continue;  // two lines ran into one another when the file was made
        const auto output = run(5, Fork::berlin, bytes_of(text), gas);
        const auto expected = bytes_of(c["output"].get<std::string>());
        INFO(text.substr(0, 200));
        REQUIRE(output.value_or(std::vector<std::uint8_t>()) == expected);
        ++count;
    }
    REQUIRE(count == 136);
}

TEST_CASE("BLS12-381 calls are those of EIP-2537, with their gas")
{
    const Json all = read(MOTE_TEST_VECTORS "/bls/eip2537_precompiles.json");
    const std::pair<const char*, std::uint32_t> kinds[] = {
        {"add_G1", 0x0b},   {"mul_G1", 0x0c},       {"msm_G1", 0x0c},
        {"add_G2", 0x0d},   {"mul_G2", 0x0e},       {"msm_G2", 0x0e},
        {"pairing_", 0x0f}, {"map_fp_to_G1", 0x10}, {"map_fp2_to_G2", 0x11}};
    std::size_t count = 0;
    for (const auto& [name, cases] : all.items())
        for (const auto& [part, number] : kinds)
            if (name.find(part) != std::string::npos)
                count += check(cases, number, Fork::prague);
    REQUIRE(count == 153);
}

TEST_CASE("BN254 calls, good and bad, are the published ones")
{
    std::size_t count = 0;
    const auto check_call = [&](const std::string& kind, const Json& c)
    {
        const Json& input = c.contains("Input") ? c["Input"] : c["input"];
        const Json& expected = c.contains("Expected") ? c["Expected"] : c["output"];
        const std::uint32_t number = kind == "ecAdd" ? 6 : kind == "ecMul" ? 7 : 8;
        INFO(kind << " " << count << " " << c.value("name", std::string()));
        std::int64_t gas = 0;
        const auto output = run(number, newest_fork, bytes_of(input.get<std::string>()), gas);
        if (expected.is_null() || expected.get<std::string>() == "0x")
            REQUIRE_FALSE(output.has_value());
        else
            REQUIRE(output == bytes_of(expected.get<std::string>()));
        ++count;
    };
    for (const char* const name : {"eth_precompiles", "evm_dump"})
    {
        const Json file = read(std::string(MOTE_TEST_VECTORS "/bn254/") + name + ".json");
        for (const auto& [kind, cases] : file.items())
            for (const Json& c : cases)
                check_call(kind, c);
    }
    const Json edge_cases = read(MOTE_TEST_VECTORS "/bn254/edge_cases.json");
    for (const Json& c : edge_cases)
        check_call(c["op"].get<std::string>(), c);
    REQUIRE(count == 34 + 159 + 157);
    // bn254_multiply's scratch is on its stack.
    REQUIRE(curve::g1_msm_scratch_bytes(1) <= 8192);
}

TEST_CASE("ecrecover finds the published addresses, or nothing")
{
    std::size_t count = 0;
    for (const char* const name : {"ecrecover_evm_dump", "ecrecover_nimbus"})
    {
        Json cases = read(std::string(MOTE_TEST_VECTORS "/evm/") + name + ".json");
        if (cases.is_object())
            cases = cases["data"];
        for (const Json& c : cases)
        {
            const Json& input = c.contains("Input") ? c["Input"] : c["input"];
            const Json& expected = c.contains("Expected") ? c["Expected"] : c["output"];
            std::int64_t gas = 0;
            REQUIRE(run(1, newest_fork, bytes_of(input.get<std::string>()), gas) ==
                    bytes_of(expected.get<std::string>()));
            REQUIRE(gas == 3000);
            ++count;
        }
    }
    REQUIRE(count == 58);
}

TEST_CASE("RIPEMD-160 has the digests of its paper")
{
    const std::pair<std::string, const char*> cases[] = {
        {"", "9c1185a5c5e9fc54612808977ee8f548b2258d31"},
        {"abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         "b0e20b6e3116640286ed3a87a5713079b21f5189"},
        {std::string(1000000, 'a'), "52783243c1697bdbe16d37f97f68f08325dc1528"}};
    for (const auto& [text, digest] : cases)
    {
        const auto hash =
            ripemd160({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        REQUIRE(evm_tool::hex_of(hash) == std::string("0x") + digest);
    }
}

TEST_CASE("precompiled contracts come with their forks")
{
    Address address;
    const std::pair<std::uint32_t, Fork> since[] = {
        {1, Fork::frontier},  {4, Fork::frontier}, {5, Fork::byzantium},
        {8, Fork::byzantium}, {9, Fork::istanbul}, {10, Fork::cancun},
        {11, Fork::prague},   {17, Fork::prague},  {256, Fork::osaka}};
    for (const auto& [number, fork] : since)
        for (std::uint32_t f = 0; f < fork_count; ++f)
        {
            address.bytes[18] = static_cast<std::uint8_t>(number / 256);
            address.bytes[19] = static_cast<std::uint8_t>(number);
            REQUIRE((precompile_at(address, static_cast<Fork>(f)) == number) ==
                    (static_cast<Fork>(f) >= fork));
            address.bytes[0] = 1;
            REQUIRE(precompile_at(address, static_cast<Fork>(f)) == 0);
            address.bytes[0] = 0;
        }
    for (const std::uint32_t none : {0U, 18U, 255U, 257U})
    {
        address.bytes[18] = static_cast<std::uint8_t>(none / 256);
        address.bytes[19] = static_cast<std::uint8_t>(none);
        REQUIRE(precompile_at(address, newest_fork) == 0);
    }
}
