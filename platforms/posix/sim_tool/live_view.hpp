// Live view: a few lines on a terminal that are drawn again and again; elsewhere a line now and then.
#pragma once

#include "sim/world.hpp"

namespace mote::sim_tool
{
class LiveView
{
  public:
    explicit LiveView(bool wanted);
    ~LiveView();
    LiveView(const LiveView&) = delete;
    LiveView& operator=(const LiveView&) = delete;

    /// Draws, but not more often than an eye can follow. Called after events.
    void show(const sim::World& world, const sim::Counts& counts);
    /// Draws once more and leaves the lines.
    void finish(const sim::World& world, const sim::Counts& counts);

  private:
    void draw(const sim::World& world, const sim::Counts& counts);
    void erase();

    bool wanted_, terminal_;
    unsigned lines_ = 0;
    std::uint64_t events_ = 0;
    double drawn_at_ = 0;
    std::uint64_t printed_views_ = 0;
};
}  // namespace mote::sim_tool
