// Network: when, and whether, a message arrives.
//
// Every message gets a delay of its own, so messages overtake each other. Before the network calms down
// (GST) it also loses and doubles them, and partitions cut it; a partition may let one direction through.
// A link carries a limited number of bytes a second, one message after the other.
#pragma once

#include <unordered_map>
#include <vector>

#include "sim/event_queue.hpp"
#include "sim/random.hpp"

namespace mote::sim
{
/// How messages fare on every link.
struct LinkModel
{
    Time delay_us_min = 4000;
    Time delay_us_spread = 30000;
    std::uint32_t late_per_million = 0;  ///< so many take `late_us` longer
    Time late_us = 0;
    std::uint32_t lost_per_million = 0;
    std::uint32_t doubled_per_million = 0;
    std::uint64_t bytes_per_second = 0;  ///< of one direction of one link; 0: no limit

    /// The longest that an undisturbed message takes.
    [[nodiscard]] Time delay_us_max() const noexcept
    {
        return delay_us_min + delay_us_spread + (late_per_million == 0 ? 0 : late_us);
    }
};

/// From `begins` to `ends` nothing passes from the first side to the second; nor back, unless one-way.
struct Partition
{
    Time begins = 0, ends = 0;
    std::vector<bool> second_side;  ///< one entry a node
    bool one_way = false;
};

class Network
{
  public:
    struct Arrivals
    {
        Time at[2] = {0, 0};
        unsigned count = 0;
    };

    Network(const Random& random, const LinkModel& storm, const LinkModel& calm, Time calm_from)
        : random_(random), storm_(storm), calm_(calm), calm_from_(calm_from)
    {
    }

    void add(Partition partition) { partitions_.push_back(std::move(partition)); }

    /// Decides about one message. Time goes forward from call to call.
    Arrivals send(std::uint32_t from, std::uint32_t to, std::size_t bytes, Time now);

    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }
    [[nodiscard]] std::uint64_t sent_bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool is_cut(std::uint32_t from, std::uint32_t to, Time now) const noexcept;

  private:
    Random random_;
    LinkModel storm_, calm_;
    Time calm_from_;
    std::vector<Partition> partitions_;
    std::unordered_map<std::uint64_t, Time> busy_until_;
    std::uint64_t sent_ = 0, lost_ = 0, bytes_ = 0;
};
}  // namespace mote::sim
