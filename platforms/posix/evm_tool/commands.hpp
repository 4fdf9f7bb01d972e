// The commands of mote-evm. Each returns an exit status: 0 good, 1 the answer is no, 2 malformed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evm/fork.hpp"

namespace mote::evm_tool
{
struct Common
{
    bool json = false;
    bool trace = false;
    bool memory = false;  ///< in traces
    std::string fork;     ///< empty: all, or the newest
};

/// Runs the cases of files and of all .json files below folders.
int run_state_tests(const Common& common, const std::vector<std::string>& names,
                    const std::string& only_test, bool quiet);

struct Program
{
    std::string code, input, value;
    std::uint64_t gas = 30'000'000;
};

/// Runs code in an otherwise empty state.
int run_program(const Common& common, const Program& program);

/// Decodes a transaction; with "pre" and "env" in the file, executes it as well.
int run_transaction(const Common& common, const std::string& name);
}  // namespace mote::evm_tool
