// `mote keys ...` and `mote vote-record ...`: keys in keystores, and what they have voted.
#pragma once

#include <CLI/CLI.hpp>

namespace mote::tool
{
/// Adds the commands. `exit_code` is set by the one that was run:
///   0 done, 1 the answer is no, 2 malformed, unreadable or not possible.
void add_key_commands(CLI::App& app, int& exit_code);
void add_record_commands(CLI::App& app, int& exit_code);
}  // namespace mote::tool
