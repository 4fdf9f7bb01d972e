#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <vector>

#include "report/chart.hpp"
#include "report/page.hpp"

namespace mote::sim_tool
{
namespace
{
using report::Chart;
using report::Page;
using report::Point;

void charts(std::ostream& out, const sim::World& world)
{
    const double x_max = std::max(1.0, static_cast<double>(world.now_ms()) / 1000);
    const double storm = static_cast<double>(world.calm_from()) / 1e6;
    std::vector<Point> heights, delays;
    for (const sim::World::Latency& one : world.latencies())
    {
        const double at = static_cast<double>(one.final_ms) / 1000;
        heights.push_back({at, static_cast<double>(one.height)});
        delays.push_back({at, static_cast<double>(one.after_ms)});
    }
    {
        Chart chart(out, "Finalized height", {"s", x_max, report::highest(heights)});
        chart.band(0, storm);
        chart.line(heights);
    }
    {
        Chart chart(out, "From proposal to finality, milliseconds",
                    {"s", x_max, report::highest(delays)});
        chart.band(0, storm);
        chart.line(delays);
    }
    {
        Chart chart(out, "Views: notarized (pale) and nullified (red)", {"s", x_max, 1, false});
        chart.band(0, storm);
        // A mark for each pixel column is enough for the eye.
        double column = -1;
        for (const sim::ViewPoint& view : world.views())
        {
            const double at = static_cast<double>(view.ended_ms) / 1000;
            const double now = std::floor(at / x_max * (Chart::width - Chart::left));
            if (now == column && !view.nullified)
                continue;
            column = now;
            chart.mark(at, view.nullified);
        }
    }
}

std::string number(std::uint64_t value) { return std::to_string(value); }
}  // namespace

std::string replay_line(const sim::Config& config)
{
    std::ostringstream out;
    out << "mote-sim --validators " << config.validators << " --producers " << config.producers
        << " --zones " << config.zones << " --followers " << config.followers << " --views "
        << config.views << " --seed " << config.seed << " --faults "
        << (config.faults == nullptr ? "none" : config.faults->name) << " --signatures "
        << (config.real_signatures() ? "real" : "simulated") << " --epoch-heights "
        << config.calendar.epoch_heights << " --seats " << config.seats;
    return out.str();
}

void write_report(const std::string& file, sim::World& world)
{
    Page page("mote-sim report", "Simulated network");
    std::ostream& out = page.out();
    const sim::Counts& c = world.counts();
    if (world.violation().empty())
        page.good("No invariant broke.");
    else
        page.bad(world.violation());
    out << "<p>Run it again: <code>" << report::escape(replay_line(world.config()))
        << "</code></p>\n";
    if (world.calm_from() != 0)
        out << "<p>Shaded: while the network is stormy and devices fail.</p>\n";
    charts(out, world);
    out << "<h2>Numbers</h2>\n<table>\n";
    page.row("faults", std::string(world.faults().name) + ": " + std::string(world.faults().text));
    page.row("signatures", std::string(world.signatures().name()));
    page.row("execution proofs", "simulated");
    page.row("views, nullified", number(c.views) + ", " + number(c.nullified));
    page.row("finalized height", number(c.finalized_height));
    page.row("epochs begun, carried over", number(c.epochs) + ", " + number(c.carried));
    page.row("votes, certificates", number(c.votes) + ", " + number(c.certificates));
    page.row("zone blocks made, included, proven, void",
             number(c.zone_blocks) + ", " + number(c.included) + ", " + number(c.proven) + ", " +
                 number(c.voided));
    page.row("checkpoint certificates", number(c.checkpoints));
    page.row("crashes, sleeps, starts",
             number(c.crashes) + ", " + number(c.sleeps) + ", " + number(c.restarts));
    page.row("messages sent, lost",
             number(world.network().sent()) + ", " + number(world.network().lost()));
    page.row("bytes sent", number(world.network().sent_bytes()));
    page.row("messages refused", number(c.dropped));
    page.row("events", number(c.events));
    out << "</table>\n<h2>Caught</h2>\n";
    if (world.caught().empty())
        out << "<p>Nobody.</p>\n";
    else
        out << "<table>\n";
    for (const sim::Caught& caught : world.caught())
        page.row(world.node_name(caught.node),
                 caught.what + ", at " + number(caught.at_ms) + " ms");
    if (!world.caught().empty())
        out << "</table>\n";
    page.write(file);
}
}  // namespace mote::sim_tool
