#include "report/live_lines.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace mote::report
{
namespace
{
constexpr double redraw_seconds = 0.1;
}  // namespace

LiveLines::LiveLines() : terminal_(isatty(STDOUT_FILENO) != 0) {}

bool LiveLines::begin(bool anyway)
{
    const double now =
        std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    if (!anyway && now < drawn_at_ + redraw_seconds)
        return false;
    drawn_at_ = now;
    for (; lines_ > 0; --lines_)
        static_cast<void>(std::fputs("\x1b[1A\x1b[2K", stdout));
    return true;
}

void LiveLines::end() { static_cast<void>(std::fflush(stdout)); }

std::string bar(std::uint64_t done, std::uint64_t all)
{
    constexpr std::size_t width = 40;
    const auto filled =
        static_cast<std::size_t>(all == 0 ? width : std::min(done, all) * width / all);
    return std::string(filled, '#') + std::string(width - filled, '.');
}
}  // namespace mote::report
