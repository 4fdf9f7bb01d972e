// Block tests as execution-spec-tests publish them: a state, a chain of blocks in RLP, some of them invalid, and
// the state after it.
#pragma once

#include <string>
#include <vector>

#include "json_values.hpp"

namespace mote::evm_tool
{
struct BlockCaseResult
{
    std::string test;  ///< name in the file
    std::string network;
    bool passed = false;
    std::string why;          ///< of a failure
    std::size_t blocks = 0;   ///< that were valid
    std::size_t refused = 0;  ///< that were not, as they should
};

/// Runs the cases of a file; those of networks that are not known count as failed.
///
/// Shape   only: part of a name; empty for all.
/// Errors  throws std::exception when the file is no block test.
[[nodiscard]] std::vector<BlockCaseResult> run_block_tests(const Json& file,
                                                           const std::string& only);
}  // namespace mote::evm_tool
