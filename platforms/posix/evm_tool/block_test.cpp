#include "block_test.hpp"

#include "ethereum_chain.hpp"
#include "state_test.hpp"

namespace mote::evm_tool
{
namespace
{
using evm::Fork;

/// Blobs as mainnet has them. Source: [EIPS] 4844, 7691.
[[nodiscard]] BlobRules mainnet_blobs(Fork fork)
{
    return fork >= Fork::prague ? BlobRules{6, 9, 5007716} : BlobRules{3, 6, 3338477};
}

/// One part of a network's name: forks, and those that change the number of blobs only (EIP-7892).
[[nodiscard]] std::optional<Fork> rules_of(const std::string& name)
{
    return name.starts_with("BPO") ? Fork::osaka : fork_of(name);
}

/// The name of what counts at a time, of "Cancun" or "CancunToPragueAtTime15k".
[[nodiscard]] std::string name_at(const std::string& network, std::uint64_t timestamp)
{
    const std::size_t to = network.find("To"), at = network.find("AtTime15k");
    if (to == std::string::npos || at == std::string::npos)
        return network;
    return timestamp < 15'000 ? network.substr(0, to) : network.substr(to + 2, at - to - 2);
}

[[nodiscard]] std::optional<BlockRules> rules_at(const Json& test, std::uint64_t timestamp)
{
    const std::string name = name_at(test.at("network").get<std::string>(), timestamp);
    const auto fork = rules_of(name);
    if (!fork)
        return std::nullopt;
    BlockRules rules = {*fork, mainnet_blobs(*fork), 1};
    const Json config = test.value("config", Json::object());
    if (config.contains("chainid"))
        rules.chain_id = word_of(config.at("chainid"));
    if (const Json schedule = config.value("blobSchedule", Json::object()); schedule.contains(name))
        rules.blobs = {u64_of(schedule[name].at("target")), u64_of(schedule[name].at("max")),
                       u64_of(schedule[name].at("baseFeeUpdateFraction"))};
    return rules;
}

/// Whether the test says why a block is invalid, and names other reasons.
[[nodiscard]] bool is_other_fault(const std::string& expected,
                                  const EthereumChain::Verdict& verdict)
{
    // More than a block has: of one transaction or of all, with one reason here.
    if (verdict.refusal == evm::Refusal::blobs_too_many &&
        expected.find("TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED") != std::string::npos)
        return false;
    if (verdict.refusal != evm::Refusal::none)
        return is_other_reason(expected, verdict.refusal);
    return expected.find(verdict.fault) == std::string::npos;
}

/// Takes one block; says what is wrong with what came of it.
[[nodiscard]] std::string run_block(EthereumChain& chain, const Json& test, const Json& block,
                                    BlockCaseResult& result)
{
    const std::vector<std::uint8_t> rlp = bytes_of(block.at("rlp").get<std::string>());
    EthereumBlock read;
    const bool readable = decode_block(rlp, read);
    const auto rules =
        rules_at(test, readable ? read.header.timestamp : chain.head().timestamp + 1);
    if (!rules)
        return "an unknown network";
    const EthereumChain::Verdict verdict = chain.take(rlp, *rules);
    const bool should_refuse = block.contains("expectException");
    if (verdict.valid())
    {
        if (should_refuse)
            return "taken, but should be refused: " + block.at("expectException").dump();
        if (chain.head().hash != hash_of(block.at("blockHeader").at("hash")))
            return "another hash";
        ++result.blocks;
        return {};
    }
    if (!should_refuse)
        return "refused: " + verdict.fault;
    const auto expected = block.at("expectException").get<std::string>();
    if (is_other_fault(expected, verdict))
        return "refused as " + verdict.fault + " instead of " + expected;
    ++result.refused;
    return {};
}

[[nodiscard]] std::string run_case(const Json& test, BlockCaseResult& result)
{
    EthereumBlock genesis;
    if (!decode_block(bytes_of(test.at("genesisRLP").get<std::string>()), genesis))
        return "the genesis is no block";
    EthereumChain chain(state_of(test.at("pre")), genesis.header);
    if (chain.state().root() != genesis.header.state_root)
        return "another state root before the first block";
    for (std::size_t i = 0; i < test.at("blocks").size(); ++i)
        if (const std::string why = run_block(chain, test, test.at("blocks")[i], result);
            !why.empty())
            return "block " + std::to_string(i + 1) + ": " + why;
    if (chain.head().hash != hash_of(test.at("lastblockhash")))
        return "another last block";
    if (test.contains("postState") && chain.state().root() != state_of(test.at("postState")).root())
        return "another state in the end";
    return {};
}
}  // namespace

std::vector<BlockCaseResult> run_block_tests(const Json& file, const std::string& only)
{
    std::vector<BlockCaseResult> results;
    for (const auto& [name, test] : file.items())
    {
        if (!only.empty() && name.find(only) == std::string::npos)
            continue;
        BlockCaseResult result;
        result.test = name;
        result.network = test.at("network").get<std::string>();
        result.why = run_case(test, result);
        result.passed = result.why.empty();
        results.push_back(std::move(result));
    }
    return results;
}
}  // namespace mote::evm_tool
