#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "state_test.hpp"
#include "tools/effort.hpp"

using namespace mote::evm_tool;

// The `dev` preset runs all archives by mote-evm as well; this part runs in every preset.
namespace
{
struct Sum
{
    std::size_t passed = 0, refused = 0;
};

Sum run(const std::string& archive)
{
    Sum sum;
    StateTestRunner runner;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(MOTE_EVM_VECTORS "/" + archive))
    {
        if (entry.path().extension() != ".json")
            continue;
        std::ifstream file(entry.path());
        for (const CaseResult& result : runner.run(Json::parse(file)))
        {
            INFO(entry.path().string() << " " << result.test << " " << result.fork << "["
                                       << result.index << "]: " << result.why);
            REQUIRE(result.passed);
            ++sum.passed;
            sum.refused += result.refusal != mote::evm::Refusal::none ? 1 : 0;
        }
    }
    REQUIRE(runner.skipped() == 0);
    return sum;
}
}  // namespace

TEST_CASE("every case of the rules up to Shanghai gives the published root")
{
    const Sum sum = run("eest-state-frontier-to-shanghai");
    REQUIRE(sum.passed == 3326);
    REQUIRE(sum.refused > 0);
}

TEST_CASE("every case of the rules of Prague gives the published root")
{
    REQUIRE(run("eest-state-prague").passed == 1676);
}

TEST_CASE("every case of the rules of Osaka gives the published root")
{
    REQUIRE(run("eest-state-osaka").passed == 1594);
}

TEST_CASE("a case with another root, other logs or no refusal fails")
{
    std::ifstream file(MOTE_EVM_VECTORS "/tests-general-state/stExample/add11.json");
    const Json good = Json::parse(file);
    StateTestRunner runner;
    const auto passes = [&](const Json& j) { return runner.run(j).at(0).passed; };
    REQUIRE(passes(good));
    const char* const name = "add11";
    for (const char* const field : {"hash", "logs"})
    {
        Json bad = good;
        auto text = bad[name]["post"]["Cancun"][0][field].get<std::string>();
        text.back() = text.back() == '0' ? '1' : '0';
        bad[name]["post"]["Cancun"][0][field] = text;
        REQUIRE_FALSE(passes(bad));
    }
    Json bad = good;
    bad[name]["post"]["Cancun"][0]["expectException"] =
        "TransactionException.NONCE_MISMATCH_TOO_LOW";
    REQUIRE_FALSE(passes(bad));
}

TEST_CASE("a refusal for another reason than the test's fails")
{
    std::ifstream file(MOTE_EVM_VECTORS "/tests-general-state/stEIP1559/intrinsic.json");
    Json j = Json::parse(file);
    StateTestRunner runner;
    bool changed = false;
    for (auto& [name, test] : j.items())
        for (auto& [fork, cases] : test["post"].items())
            for (Json& c : cases)
                if (c.contains("expectException"))
                {
                    c["expectException"] = "TransactionException.NONCE_IS_MAX";
                    changed = true;
                }
    REQUIRE(changed);
    std::size_t failed = 0;
    for (const CaseResult& result : runner.run(j))
        failed += result.passed ? 0 : 1;
    REQUIRE(failed > 0);
}

TEST_CASE("the price of blob gas is the rule's exponential")
{
    REQUIRE(blob_base_fee(0, 3338477) == mote::evm::Word(1));
    REQUIRE(blob_base_fee(2314057, 3338477) == mote::evm::Word(1));
    REQUIRE(blob_base_fee(2314058, 3338477) == mote::evm::Word(2));
    REQUIRE(blob_base_fee(10 * 1024 * 1024, 3338477) == mote::evm::Word(23));
}
