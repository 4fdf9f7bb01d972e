#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace mote::sim_tool
{
namespace
{
constexpr int width = 860, height = 180, left = 50, bottom = 24, top = 10;

std::string escape(const std::string& text)
{
    std::string out;
    for (const char c : text)
        out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return out;
}

struct Point
{
    double x = 0, y = 0;
};

double highest(const std::vector<Point>& points, double Point::* member)
{
    double most = 1;
    for (const Point& point : points)
        most = std::max(most, point.*member);
    return most;
}

/// At most one point a pixel column: the highest.
std::vector<Point> thinned(const std::vector<Point>& points, double x_max)
{
    std::vector<Point> out;
    double column = -1;
    for (const Point& point : points)
    {
        const double at = std::floor(point.x / x_max * (width - left));
        if (at != column || out.empty())
        {
            out.push_back(point);
            column = at;
        }
        else if (point.y > out.back().y)
            out.back() = point;
    }
    return out;
}

class Chart
{
  public:
    Chart(std::ostream& out, const std::string& title, const std::string& x_unit, double x_max,
          double y_max, bool y_labels = true)
        : out_(out), x_max_(x_max), y_max_(y_max)
    {
        out_ << "<h2>" << escape(title) << "</h2>\n<svg viewBox='0 0 " << width << ' ' << height
             << "' role='img' aria-label='" << escape(title) << "'>\n";
        for (int i = 0; i <= 4 && y_labels; ++i)
        {
            const double value = y_max_ * i / 4;
            out_ << "<line class='g' x1='" << left << "' x2='" << width << "' y1='" << y(value)
                 << "' y2='" << y(value) << "'/><text x='" << left - 6 << "' y='" << y(value) + 4
                 << "' text-anchor='end'>" << static_cast<long long>(value) << "</text>\n";
        }
        for (int i = 0; i <= 4; ++i)
        {
            const double value = x_max_ * i / 4;
            out_ << "<text x='" << x(value) << "' y='" << height - 6 << "' text-anchor='"
                 << (i == 0   ? "start"
                     : i == 4 ? "end"
                              : "middle")
                 << "'>" << static_cast<long long>(value) << ' ' << x_unit << "</text>\n";
        }
    }
    ~Chart() { out_ << "</svg>\n"; }
    Chart(const Chart&) = delete;
    Chart& operator=(const Chart&) = delete;

    void line(const std::vector<Point>& points)
    {
        out_ << "<polyline class='l' points='";
        for (const Point& point : points)
            out_ << x(point.x) << ',' << y(point.y) << ' ';
        out_ << "'/>\n";
    }
    void mark(double at, bool bad)
    {
        out_ << "<rect class='" << (bad ? "b" : "a") << "' x='" << x(at) << "' y='" << y(y_max_)
             << "' width='1.5' height='" << y(0) - y(y_max_) << "'/>\n";
    }
    void band(double from, double to)
    {
        out_ << "<rect class='s' x='" << x(from) << "' y='" << y(y_max_) << "' width='"
             << std::max(0.0, x(to) - x(from)) << "' height='" << y(0) - y(y_max_) << "'/>\n";
    }

  private:
    [[nodiscard]] double x(double value) const
    {
        return left + std::min(value, x_max_) / x_max_ * (width - left);
    }
    [[nodiscard]] double y(double value) const
    {
        return height - bottom - value / y_max_ * (height - bottom - top);
    }

    std::ostream& out_;
    double x_max_, y_max_;
};

void row(std::ostream& out, const std::string& what, const std::string& value)
{
    out << "<tr><th>" << escape(what) << "</th><td>" << escape(value) << "</td></tr>\n";
}

constexpr const char* style = R"(<style>
:root { color-scheme: light dark; --line: #2563eb; --bad: #dc2626; --grid: #8884; --storm: #f59e0b33; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; opacity: .7; }
.g { stroke: var(--grid); } .l { fill: none; stroke: var(--line); stroke-width: 1.5; }
.b { fill: var(--bad); } .a { fill: var(--line); opacity: .35; } .s { fill: var(--storm); }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem 1.2rem .15rem 0; }
th { font-weight: 500; opacity: .75; } code { font-size: .85rem; }
.good { color: #16a34a; } .bad { color: var(--bad); font-weight: 600; }
</style>
)";

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
        Chart chart(out, "Finalized height", "s", x_max, highest(heights, &Point::y));
        chart.band(0, storm);
        chart.line(thinned(heights, x_max));
    }
    {
        Chart chart(out, "From proposal to finality, milliseconds", "s", x_max,
                    highest(delays, &Point::y));
        chart.band(0, storm);
        chart.line(thinned(delays, x_max));
    }
    {
        Chart chart(out, "Views: notarized (pale) and nullified (red)", "s", x_max, 1, false);
        chart.band(0, storm);
        // A mark for each pixel column is enough for the eye.
        double column = -1;
        for (const sim::ViewPoint& view : world.views())
        {
            const double at = static_cast<double>(view.ended_ms) / 1000;
            const double now = std::floor(at / x_max * (width - left));
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
    std::ostringstream out;
    const sim::Counts& c = world.counts();
    out << "<!doctype html>\n<html lang='en'><meta charset='utf-8'>\n"
           "<meta name='viewport' content='width=device-width'>\n"
           "<title>mote-sim report</title>\n"
        << style << "<h1>Simulated network</h1>\n";
    if (world.violation().empty())
        out << "<p class='good'>No invariant broke.</p>\n";
    else
        out << "<p class='bad'>" << escape(world.violation()) << "</p>\n";
    out << "<p>Run it again: <code>" << escape(replay_line(world.config())) << "</code></p>\n";
    if (world.calm_from() != 0)
        out << "<p>Shaded: while the network is stormy and devices fail.</p>\n";
    charts(out, world);
    out << "<h2>Numbers</h2>\n<table>\n";
    row(out, "faults", std::string(world.faults().name) + ": " + std::string(world.faults().text));
    row(out, "signatures", std::string(world.signatures().name()));
    row(out, "execution proofs", "simulated");
    row(out, "views, nullified", number(c.views) + ", " + number(c.nullified));
    row(out, "finalized height", number(c.finalized_height));
    row(out, "epochs begun, carried over", number(c.epochs) + ", " + number(c.carried));
    row(out, "votes, certificates", number(c.votes) + ", " + number(c.certificates));
    row(out, "zone blocks made, included, proven, void",
        number(c.zone_blocks) + ", " + number(c.included) + ", " + number(c.proven) + ", " +
            number(c.voided));
    row(out, "checkpoint certificates", number(c.checkpoints));
    row(out, "crashes, sleeps, starts",
        number(c.crashes) + ", " + number(c.sleeps) + ", " + number(c.restarts));
    row(out, "messages sent, lost",
        number(world.network().sent()) + ", " + number(world.network().lost()));
    row(out, "bytes sent", number(world.network().sent_bytes()));
    row(out, "messages refused", number(c.dropped));
    row(out, "events", number(c.events));
    out << "</table>\n<h2>Caught</h2>\n";
    if (world.caught().empty())
        out << "<p>Nobody.</p>\n";
    else
        out << "<table>\n";
    for (const sim::Caught& caught : world.caught())
        row(out, world.node_name(caught.node),
            caught.what + ", at " + number(caught.at_ms) + " ms");
    if (!world.caught().empty())
        out << "</table>\n";
    std::ofstream stream(file, std::ios::binary);
    stream << out.str();
    stream.close();
    if (!stream)
        throw std::runtime_error("cannot write " + file);
}
}  // namespace mote::sim_tool
