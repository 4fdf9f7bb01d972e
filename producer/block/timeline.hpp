// Timeline: which worker executed which transaction when, for those who look at a schedule.
//
// Worked case: a transaction that stands twice was executed again; the later run is the one that counts.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace mote::block
{
struct TimedRun
{
    std::uint32_t transaction = 0;
    unsigned worker = 0;
    std::int64_t start_ns = 0, end_ns = 0;  ///< since begin()
};

class Timeline
{
  public:
    void begin(unsigned workers)
    {
        by_worker_.assign(workers, {});
        began_ = Clock::now();
        scheduled_ns_ = 0;
    }
    void end_scheduling() { scheduled_ns_ = now_ns(); }
    [[nodiscard]] std::int64_t now_ns() const
    {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_).count();
    }
    /// Adds a run that ends now. Any number of workers at once.
    void add(unsigned worker, std::uint32_t transaction, std::int64_t start_ns)
    {
        by_worker_[worker].runs.push_back({transaction, worker, start_ns, now_ns()});
    }

    /// How long it took until the first transaction could start.
    [[nodiscard]] std::int64_t scheduled_ns() const { return scheduled_ns_; }
    /// All runs, by start.
    [[nodiscard]] std::vector<TimedRun> runs() const
    {
        std::vector<TimedRun> out;
        for (const Lane& lane : by_worker_)
            out.insert(out.end(), lane.runs.begin(), lane.runs.end());
        std::sort(out.begin(), out.end(),
                  [](const TimedRun& a, const TimedRun& b) { return a.start_ns < b.start_ns; });
        return out;
    }

  private:
    using Clock = std::chrono::steady_clock;
    struct alignas(64) Lane
    {
        std::vector<TimedRun> runs;
    };
    std::vector<Lane> by_worker_;
    Clock::time_point began_;
    std::int64_t scheduled_ns_ = 0;
};
}  // namespace mote::block
