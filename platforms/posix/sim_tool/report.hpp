// Report: one HTML file that needs nothing else, with charts as inline SVG.
#pragma once

#include <string>

#include "sim/world.hpp"

namespace mote::sim_tool
{
/// How to run it again.
[[nodiscard]] std::string replay_line(const sim::Config& config);

/// Throws std::runtime_error if the file cannot be written.
void write_report(const std::string& file, sim::World& world);
}  // namespace mote::sim_tool
