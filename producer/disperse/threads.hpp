// Threads that take numbered pieces of work, and say how far they are.
#pragma once

#include <cstdint>
#include <functional>

namespace mote::disperse
{
/// How many threads and who wants to know; 0 threads: one for each processor.
struct Effort
{
    unsigned threads = 0;
    /// Called from the calling thread only, with pieces done and pieces in all.
    std::function<void(std::uint64_t done, std::uint64_t all)> on_progress;
};

/// Calls work(piece) for every piece below `pieces`, in any order. `make` gives each thread its own.
///
/// Errors  the first exception of a thread, after all have stopped.
void for_each_piece(const Effort& effort, std::uint32_t pieces,
                    const std::function<std::function<void(std::uint32_t)>()>& make);
}  // namespace mote::disperse
