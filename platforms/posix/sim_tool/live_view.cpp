#include "live_view.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace mote::sim_tool
{
namespace
{
constexpr double redraw_seconds = 0.1;
constexpr std::uint64_t plain_views = 100;

double seconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::string bar(std::uint64_t done, std::uint64_t all)
{
    constexpr std::size_t width = 40;
    const auto filled =
        static_cast<std::size_t>(all == 0 ? width : std::min(done, all) * width / all);
    return std::string(filled, '#') + std::string(width - filled, '.');
}

/// The last views: f finalized or notarized, x nullified.
std::string tail(const sim::World& world)
{
    const auto& views = world.views();
    std::string out;
    for (std::size_t i = views.size() > 60 ? views.size() - 60 : 0; i < views.size(); ++i)
        out += views[i].nullified ? 'x' : '.';
    return out;
}
}  // namespace

LiveView::LiveView(bool wanted) : wanted_(wanted), terminal_(isatty(STDOUT_FILENO) != 0) {}

LiveView::~LiveView() = default;

void LiveView::erase()
{
    for (; lines_ > 0; --lines_)
        static_cast<void>(std::fputs("\x1b[1A\x1b[2K", stdout));
}

void LiveView::draw(const sim::World& world, const sim::Counts& c)
{
    const auto line = [&](const char* format, auto... values)
    {
        static_cast<void>(std::printf(format, values...));
        static_cast<void>(std::putchar('\n'));
        ++lines_;
    };
    const auto u = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    line("  [%s] view %llu of %llu, %.1f s of virtual time%s",
         bar(c.views, world.config().views).c_str(), u(c.views), u(world.config().views),
         static_cast<double>(world.now_ms()) / 1000, world.calm() ? "" : ", stormy");
    line("  views     %s", tail(world).c_str());
    line("  final     height %llu; %llu epochs begun, %llu of them carried over",
         u(c.finalized_height), u(c.epochs), u(c.carried));
    line("  votes     %llu in %llu certificates; %llu views nullified", u(c.votes),
         u(c.certificates), u(c.nullified));
    line("  zones     %llu blocks made, %llu included, %llu proven, %llu void", u(c.zone_blocks),
         u(c.included), u(c.proven), u(c.voided));
    line("  devices   %llu crashes, %llu sleeps, %llu starts; %llu messages refused", u(c.crashes),
         u(c.sleeps), u(c.restarts), u(c.dropped));
    for (std::size_t i = world.caught().size() > 3 ? world.caught().size() - 3 : 0;
         i < world.caught().size(); ++i)
    {
        const sim::Caught& caught = world.caught()[i];
        line("  caught    %s: %s, at %.1f s", world.node_name(caught.node).c_str(),
             caught.what.c_str(), static_cast<double>(caught.at_ms) / 1000);
    }
    static_cast<void>(std::fflush(stdout));
}

void LiveView::show(const sim::World& world, const sim::Counts& counts)
{
    if (!wanted_ || (++events_ & 255) != 0)
        return;
    if (!terminal_)
    {
        if (counts.views < printed_views_ + plain_views)
            return;
        printed_views_ = counts.views - counts.views % plain_views;
        static_cast<void>(std::printf("view %llu, height %llu final, %llu votes, %.1f s\n",
                                      static_cast<unsigned long long>(counts.views),
                                      static_cast<unsigned long long>(counts.finalized_height),
                                      static_cast<unsigned long long>(counts.votes),
                                      static_cast<double>(world.now_ms()) / 1000));
        static_cast<void>(std::fflush(stdout));
        return;
    }
    const double now = seconds();
    if (now < drawn_at_ + redraw_seconds)
        return;
    drawn_at_ = now;
    erase();
    draw(world, counts);
}

void LiveView::finish(const sim::World& world, const sim::Counts& counts)
{
    if (!wanted_)
        return;
    erase();
    draw(world, counts);
    lines_ = 0;
}
}  // namespace mote::sim_tool
