// `mote svid ...`: disperse a block, check a share, rebuild, sample.
#pragma once

#include <CLI/CLI.hpp>

namespace mote::tool
{
/// Adds the commands. `exit_code` is set by the one that was run:
///   0 good, 1 the answer is no, 2 malformed or unreadable.
void add_svid_commands(CLI::App& app, int& exit_code);
}  // namespace mote::tool
