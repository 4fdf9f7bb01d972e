#include "report/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "report/page.hpp"

namespace mote::report
{
namespace
{
std::string label(double value, int decimals)
{
    char text[40];
    static_cast<void>(std::snprintf(text, sizeof text, "%.*f", decimals, value));
    return text;
}
constexpr std::array anchors = {"start", "middle", "middle", "middle", "end"};
}  // namespace

double highest(const std::vector<Point>& points)
{
    double most = 1;
    for (const Point& point : points)
        most = std::max(most, point.y);
    return most;
}

std::vector<Point> thinned(const std::vector<Point>& points, double x_max, int columns)
{
    std::vector<Point> out;
    double column = -1;
    for (const Point& point : points)
    {
        const double at = std::floor(point.x / x_max * columns);
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

Chart::Chart(std::ostream& out, const std::string& title, Axes axes)
    : out_(out), axes_(std::move(axes))
{
    out_ << "<h2>" << escape(title) << "</h2>\n<svg viewBox='0 0 " << width << ' ' << height
         << "' role='img' aria-label='" << escape(title) << "'>\n";
    for (int i = 0; i <= 4 && axes_.y_labels; ++i)
    {
        const double value = axes_.y_max * i / 4;
        out_ << "<line class='g' x1='" << left << "' x2='" << width << "' y1='" << y(value)
             << "' y2='" << y(value) << "'/><text x='" << left - 6 << "' y='" << y(value) + 4
             << "' text-anchor='end'>"
             << label(std::floor(value * std::pow(10, axes_.y_decimals)) /
                          std::pow(10, axes_.y_decimals),
                      axes_.y_decimals)
             << "</text>\n";
    }
    for (int i = 0; i <= 4; ++i)
    {
        const double value = axes_.x_max * i / 4;
        const char* const anchor = anchors.at(static_cast<std::size_t>(i));
        out_ << "<text x='" << x(value) << "' y='" << height - 6 << "' text-anchor='" << anchor
             << "'>" << label(std::floor(value), 0) << ' ' << escape(axes_.x_unit) << "</text>\n";
    }
}
Chart::~Chart() { out_ << "</svg>\n"; }

void Chart::line(const std::vector<Point>& points, const char* kind)
{
    out_ << "<polyline class='" << kind << "' points='";
    for (const Point& point : thinned(points, axes_.x_max, width - left))
        out_ << x(point.x) << ',' << y(point.y) << ' ';
    out_ << "'/>\n";
}
void Chart::mark(double at, bool bad)
{
    out_ << "<rect class='" << (bad ? "b" : "a") << "' x='" << x(at) << "' y='" << y(axes_.y_max)
         << "' width='1.5' height='" << y(0) - y(axes_.y_max) << "'/>\n";
}
void Chart::band(double from, double to)
{
    out_ << "<rect class='s' x='" << x(from) << "' y='" << y(axes_.y_max) << "' width='"
         << std::max(0.0, x(to) - x(from)) << "' height='" << y(0) - y(axes_.y_max) << "'/>\n";
}

double Chart::x(double value) const
{
    return left + std::min(value, axes_.x_max) / axes_.x_max * (width - left);
}
double Chart::y(double value) const
{
    return height - bottom - value / axes_.y_max * (height - bottom - top);
}
}  // namespace mote::report
