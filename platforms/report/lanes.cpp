#include "report/lanes.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "report/page.hpp"

namespace mote::report
{
namespace
{
constexpr double width = 860, left = 66, lane_height = 46, bar_height = 22, top = 8, bottom = 22;
constexpr std::array colours = {"#2563eb", "#16a34a", "#9333ea", "#d97706",
                                "#0891b2", "#be185d", "#4d7c0f", "#64748b"};
constexpr const char* again_colour = "#dc2626";
constexpr std::array anchors = {"start", "middle", "middle", "middle", "end"};
}  // namespace

void draw_lanes(std::ostream& out, const std::string& title, const std::vector<Run>& runs,
                const std::vector<Dependency>& dependencies)
{
    double from = 0, to = 1;
    unsigned workers = 1;
    if (!runs.empty())
    {
        from = runs.front().start_us;
        for (const Run& run : runs)
        {
            from = std::min(from, run.start_us);
            to = std::max(to, run.end_us);
            workers = std::max(workers, run.worker + 1);
        }
    }
    to = std::max(to, from + 1);
    const auto x = [&](double us) { return left + (us - from) / (to - from) * (width - left); };
    const auto y = [&](unsigned worker) { return top + worker * lane_height; };
    const double height = top + workers * lane_height + bottom;
    out << "<svg viewBox='0 0 " << width << ' ' << height << "' role='img' aria-label='"
        << escape(title) << "'>\n";
    for (unsigned worker = 0; worker < workers; ++worker)
        out << "<text x='0' y='" << y(worker) + bar_height - 7 << "'>worker " << worker
            << "</text><line class='g' x1='" << left << "' x2='" << width << "' y1='"
            << y(worker) + bar_height << "' y2='" << y(worker) + bar_height << "'/>\n";
    // The last run of an item is the one that counts, for those that wait as well.
    std::map<std::uint32_t, const Run*> last;
    for (const Run& run : runs)
        if (const Run*& at = last[run.item]; at == nullptr || at->end_us < run.end_us)
            at = &run;
    for (const Dependency& one : dependencies)
    {
        const auto a = last.find(one.first), b = last.find(one.second);
        if (a == last.end() || b == last.end())
            continue;
        const Run &before = *a->second, &after = *b->second;
        // In one lane the line bows below it.
        const double y0 = y(before.worker) + bar_height, y1 = y(after.worker) + bar_height;
        out << "<path class='e' d='M" << x(before.end_us) << ' ' << y0 << " Q"
            << (x(before.end_us) + x(after.start_us)) / 2 << ' ' << std::max(y0, y1) + 18 << ' '
            << x(after.start_us) << ' ' << y1 << "'/>\n";
    }
    for (const Run& run : runs)
        out << "<rect x='" << x(run.start_us) << "' y='" << y(run.worker) << "' width='"
            << std::max(0.6, x(run.end_us) - x(run.start_us)) << "' height='" << bar_height
            << "' fill='" << (run.again ? again_colour : colours[run.kind % colours.size()])
            << "'><title>" << escape(run.text) << "</title></rect>\n";
    for (int i = 0; i <= 4; ++i)
    {
        const char* const anchor = anchors.at(static_cast<std::size_t>(i));
        out << "<text x='" << x(from + (to - from) * i / 4) << "' y='" << height - 6
            << "' text-anchor='" << anchor << "'>" << static_cast<long long>((to - from) * i / 4)
            << " us</text>\n";
    }
    out << "</svg>\n";
}

void draw_legend(std::ostream& out, const std::vector<std::string>& kinds)
{
    out << "<p>";
    for (std::size_t i = 0; i < kinds.size(); ++i)
        out << "<span style='color:" << colours[i % colours.size()] << "'>&#9632;</span> "
            << escape(kinds[i]) << " &nbsp; ";
    out << "<span style='color:" << again_colour << "'>&#9632;</span> executed again</p>\n";
}
}  // namespace mote::report
