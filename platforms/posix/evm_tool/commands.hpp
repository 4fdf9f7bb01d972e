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

struct StateTests
{
    std::vector<std::string> names;  ///< files, and folders of .json files
    std::vector<std::string> skip;   ///< leave out files with this in their path
    std::string only;                ///< only tests with this in their name
    bool quiet = false;              ///< only failures and the sum
};

/// Runs state tests, file by file.
int run_state_tests(const Common& common, const StateTests& tests);

/// Runs Ethereum's block tests, file by file. Neither traces nor chooses a fork.
int run_block_test_files(const Common& common, const StateTests& tests);

struct Program
{
    std::string code, input, value;
    std::uint64_t gas = 30'000'000;
};

/// Runs code in an otherwise empty state.
int run_program(const Common& common, const Program& program);

/// Decodes a transaction; with "pre" and "env" in the file, executes it as well.
int run_transaction(const Common& common, const std::string& name);

struct BlockOptions
{
    std::string name;
    std::string pre;       ///< file of the accounts before; empty: those in the block's file
    std::string write;     ///< file for the block with its access lists; empty: none
    unsigned threads = 0;  ///< 0: one transaction after the other
};

/// Executes a block.
int run_block(const Common& common, const BlockOptions& options);
}  // namespace mote::evm_tool
