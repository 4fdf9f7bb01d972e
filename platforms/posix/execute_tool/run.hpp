// Makes a workload, and executes its blocks one by one and in parallel.
#pragma once

#include <csignal>
#include <functional>
#include <string>

#include "result.hpp"
#include "workload/workload.hpp"

namespace mote::execute_tool
{
struct Options
{
    workload::Options workload;
    std::uint64_t blocks = 20;
    std::uint64_t transactions = 2000;  ///< that wait at most, and so in a block
    std::uint32_t lanes = 32;           ///< who write one key get a block's gas divided by this
    unsigned threads = 1;
    std::string folder;  ///< of a store that holds the state; empty: it is in memory
    bool draw = false;   ///< the schedule of the second block
};

/// Hears of the run: what it is at, and after each block with the result so far.
class Listener
{
  public:
    virtual void preparing(const char* what) = 0;
    virtual void executed(const Result& so_far) = 0;

  protected:
    ~Listener() = default;
};

/// Writes the first block and the state before it as JSON (platforms/workload/dump.hpp), which
/// `mote-evm block` and machines of others read.
///
/// Errors  throws std::runtime_error if the file cannot be written.
void dump(const Options& options, const std::string& file);

/// Runs until all blocks are executed, or `stop` is set, which is looked at between blocks.
///
/// Errors  throws std::invalid_argument for options out of range, std::bad_alloc, std::runtime_error
///         (the store failed, or there is one already).
[[nodiscard]] Result run(const Options& options, Listener& listener,
                         const volatile std::sig_atomic_t& stop);
}  // namespace mote::execute_tool
