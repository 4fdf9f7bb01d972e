// Event queue: virtual time. Events come out by time, those of one time in the order they went in.
//
// Nothing else moves the clock, so a run is a function of its seed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace mote::sim
{
/// Virtual microseconds since the start of a run.
using Time = std::uint64_t;

inline constexpr Time never = UINT64_MAX;

[[nodiscard]] constexpr Time milliseconds(std::uint64_t ms) noexcept { return ms * 1000; }

template <class Event>
class EventQueue
{
  public:
    /// Adds an event; one for the past comes now.
    void push(Time at, Event event)
    {
        heap_.push_back({std::max(at, now_), order_++, std::move(event)});
        std::push_heap(heap_.begin(), heap_.end(), Later());
    }

    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
    [[nodiscard]] Time now() const noexcept { return now_; }
    /// When the next event is due; the queue is not empty.
    [[nodiscard]] Time due() const noexcept { return heap_.front().at; }

    /// Takes the next event and moves the clock to it; the queue is not empty.
    Event pop()
    {
        std::pop_heap(heap_.begin(), heap_.end(), Later());
        Entry entry = std::move(heap_.back());
        heap_.pop_back();
        now_ = entry.at;
        return std::move(entry.event);
    }

  private:
    struct Entry
    {
        Time at = 0;
        std::uint64_t order = 0;
        Event event;
    };
    struct Later
    {
        bool operator()(const Entry& a, const Entry& b) const noexcept
        {
            return a.at != b.at ? a.at > b.at : a.order > b.order;
        }
    };

    std::vector<Entry> heap_;
    Time now_ = 0;
    std::uint64_t order_ = 0;
};
}  // namespace mote::sim
