#include "live_view.hpp"

#include <cstdio>
#include <string>

namespace mote::sim_tool
{
namespace
{
constexpr std::uint64_t plain_views = 100;

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

void LiveView::draw(const sim::World& world, const sim::Counts& c)
{
    const auto u = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    lines_.line("  [%s] view %llu of %llu, %.1f s of virtual time%s",
                report::bar(c.views, world.config().views).c_str(), u(c.views),
                u(world.config().views), static_cast<double>(world.now_ms()) / 1000,
                world.calm() ? "" : ", stormy");
    lines_.line("  views     %s", tail(world).c_str());
    lines_.line("  final     height %llu; %llu epochs begun, %llu of them carried over",
                u(c.finalized_height), u(c.epochs), u(c.carried));
    lines_.line("  votes     %llu in %llu certificates; %llu views nullified", u(c.votes),
                u(c.certificates), u(c.nullified));
    lines_.line("  zones     %llu blocks made, %llu included, %llu proven, %llu void",
                u(c.zone_blocks), u(c.included), u(c.proven), u(c.voided));
    lines_.line("  devices   %llu crashes, %llu sleeps, %llu starts; %llu messages refused",
                u(c.crashes), u(c.sleeps), u(c.restarts), u(c.dropped));
    for (std::size_t i = world.caught().size() > 3 ? world.caught().size() - 3 : 0;
         i < world.caught().size(); ++i)
    {
        const sim::Caught& caught = world.caught()[i];
        lines_.line("  caught    %s: %s, at %.1f s", world.node_name(caught.node).c_str(),
                    caught.what.c_str(), static_cast<double>(caught.at_ms) / 1000);
    }
    report::LiveLines::end();
}

void LiveView::show(const sim::World& world, const sim::Counts& counts)
{
    if (!wanted_ || (++events_ & 255) != 0)
        return;
    if (!lines_.on_terminal())
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
    if (lines_.begin())
        draw(world, counts);
}

void LiveView::finish(const sim::World& world, const sim::Counts& counts)
{
    if (!wanted_)
        return;
    static_cast<void>(lines_.begin(true));
    draw(world, counts);
    lines_.keep();
}
}  // namespace mote::sim_tool
