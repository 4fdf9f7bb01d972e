#include "dispersal/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace mote::tool
{
Progress::Progress(std::string what) : what_(std::move(what)), visible_(isatty(STDERR_FILENO) != 0)
{
}

Progress::~Progress()
{
    if (visible_ && last_permille_ >= 0)
        static_cast<void>(std::fputs("\r\x1b[K", stderr));
}

void Progress::show(std::uint64_t done, std::uint64_t all)
{
    const int permille = all == 0 ? 1000 : static_cast<int>(done * 1000 / all);
    if (!visible_ || permille == last_permille_)
        return;
    last_permille_ = permille;
    constexpr int width = 40;
    std::string bar(static_cast<std::size_t>(permille * width / 1000), '#');
    bar.resize(width, '.');
    // Standard error has no buffer. A bar that cannot be shown is no reason to stop.
    static_cast<void>(
        std::fprintf(stderr, "\r%-24s [%s] %3d %%", what_.c_str(), bar.c_str(), permille / 10));
}
}  // namespace mote::tool
