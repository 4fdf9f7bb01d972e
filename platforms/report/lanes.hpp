// Lanes: who worked on what and when, a lane for each worker, as inline SVG in the colours of a Page.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace mote::report
{
/// One piece of work from start to end.
struct Run
{
    std::uint32_t item = 0;
    unsigned worker = 0;
    double start_us = 0, end_us = 0;
    bool again = false;      ///< the item had run before, and that was for nothing
    std::uint32_t kind = 0;  ///< colour, of eight
    std::string text;        ///< shown when it is pointed at
};

/// The second waits for the first.
struct Dependency
{
    std::uint32_t first = 0, second = 0;
};

/// Draws the runs; a dependency is a line from the end of one run to the start of the other.
///
/// Shape   runs: at most a few hundred can be told apart; workers are numbered from 0.
/// Errors  dependencies of items that are not among the runs are left out.
void draw_lanes(std::ostream& out, const std::string& title, const std::vector<Run>& runs,
                const std::vector<Dependency>& dependencies);

/// The colours' names, one for each kind: "<kinds[0]> ..", below the picture.
void draw_legend(std::ostream& out, const std::vector<std::string>& kinds);
}  // namespace mote::report
