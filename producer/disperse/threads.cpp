#include "disperse/threads.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace mote::disperse
{
void for_each_piece(const Effort& effort, std::uint32_t pieces,
                    const std::function<std::function<void(std::uint32_t)>()>& make)
{
    const unsigned wanted =
        effort.threads != 0 ? effort.threads : std::max(1U, std::thread::hardware_concurrency());
    const unsigned threads = std::max(1U, std::min(wanted, pieces));
    std::atomic<std::uint32_t> next{0}, done{0};
    std::exception_ptr error;
    std::mutex error_mutex;

    const auto run = [&](bool reports)
    {
        try
        {
            const auto work = make();
            for (std::uint32_t piece = next++; piece < pieces; piece = next++)
            {
                work(piece);
                const std::uint32_t finished = ++done;
                if (reports && effort.on_progress)
                    effort.on_progress(finished, pieces);
            }
        }
        catch (...)
        {
            next = pieces;
            const std::lock_guard lock(error_mutex);
            if (!error)
                error = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        for (unsigned i = 1; i < threads; ++i)
            others.emplace_back(run, false);
        run(true);
    }
    if (error)
        std::rethrow_exception(error);
    if (effort.on_progress && pieces > 0)
        effort.on_progress(pieces, pieces);
}
}  // namespace mote::disperse
