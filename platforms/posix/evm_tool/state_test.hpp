// State tests as ethereum/tests and execution-spec-tests publish them: a state, a block, a transaction in
// variants, and for each fork the root of the state after it and the hash of its logs.
#pragma once

#include <string>
#include <vector>

#include "evm/execute.hpp"
#include "evm/hosted_memory.hpp"
#include "json_values.hpp"
#include "map_state.hpp"

namespace mote::evm_tool
{
struct CaseResult
{
    std::string test;  ///< name in the file
    std::string fork;
    std::size_t index = 0;  ///< in the list of that fork
    bool passed = false;
    std::string why;  ///< of a failure
    evm::Refusal refusal = evm::Refusal::none;
    evm::Receipt receipt;  ///< without output
    evm::Hash root{};
};

struct StateTestOptions
{
    std::string only_test, only_fork;  ///< empty: all
    evm::Tracer* tracer = nullptr;
};

/// Runs one machine for each fork over any number of files.
class StateTestRunner
{
  public:
    explicit StateTestRunner(const StateTestOptions& options = {});

    /// Runs the cases of a file, in its order; forks that are not known are not run.
    ///
    /// Errors  throws std::exception when the file is no state test.
    [[nodiscard]] std::vector<CaseResult> run(const Json& file);

    /// Cases of forks that are not known, so far.
    [[nodiscard]] std::size_t skipped() const { return skipped_; }

  private:
    [[nodiscard]] CaseResult run_case(const Json& test, const Json& post, evm::Fork fork,
                                      const MapState& before);
    [[nodiscard]] evm::Machine& machine_of(evm::Fork fork);

    StateTestOptions options_;
    std::size_t skipped_ = 0;
    evm::HostedMemory memory_;
    std::unique_ptr<evm::Machine> machine_;
};

/// Whether a test that names its reason in the newer way expects another than this one.
[[nodiscard]] bool is_other_reason(const std::string& expected, evm::Refusal refusal);
/// Reads accounts in the form of "pre" and "alloc".
[[nodiscard]] MapState state_of(const Json& accounts);
/// Reads the block, as these rules see it.
[[nodiscard]] evm::BlockContext block_of(const Json& env, const Json& config, evm::Fork fork);
/// keccak256 of the RLP of the logs.
[[nodiscard]] evm::Hash logs_hash(const evm::Journal& journal);
/// The price of blob gas. Source: [EIPS] 4844, fake_exponential.
[[nodiscard]] evm::Word blob_base_fee(std::uint64_t excess_blob_gas, std::uint64_t fraction);
}  // namespace mote::evm_tool
