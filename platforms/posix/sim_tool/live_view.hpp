// Live view: a few lines on a terminal that are drawn again and again; elsewhere a line now and then.
#pragma once

#include "report/live_lines.hpp"
#include "sim/world.hpp"

namespace mote::sim_tool
{
class LiveView
{
  public:
    explicit LiveView(bool wanted) : wanted_(wanted) {}

    /// Draws, but not more often than an eye can follow. Called after events.
    void show(const sim::World& world, const sim::Counts& counts);
    /// Draws once more and leaves the lines.
    void finish(const sim::World& world, const sim::Counts& counts);

  private:
    void draw(const sim::World& world, const sim::Counts& counts);

    bool wanted_;
    report::LiveLines lines_;
    std::uint64_t events_ = 0;
    std::uint64_t printed_views_ = 0;
};
}  // namespace mote::sim_tool
