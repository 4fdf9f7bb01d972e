// Chart: points over an axis as inline SVG, in the colours of a Page.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace mote::report
{
struct Point
{
    double x = 0, y = 0;
};

/// The highest y, and at least 1.
[[nodiscard]] double highest(const std::vector<Point>& points);

struct Axes
{
    std::string x_unit;
    double x_max = 1, y_max = 1;  ///< above 0
    bool y_labels = true;
    int y_decimals = 0;
};

/// Starts an SVG, which the destructor ends.
class Chart
{
  public:
    static constexpr int width = 860, height = 180, left = 50, bottom = 24, top = 10;

    Chart(std::ostream& out, const std::string& title, Axes axes);
    ~Chart();
    Chart(const Chart&) = delete;
    Chart& operator=(const Chart&) = delete;

    /// Shape   points: ascending x. In each column of pixels only the highest is drawn.
    /// kind: a class of the page's style: l (blue), m (red), n (green).
    void line(const std::vector<Point>& points, const char* kind = "l");
    void mark(double at, bool bad);
    void band(double from, double to);

  private:
    [[nodiscard]] double x(double value) const;
    [[nodiscard]] double y(double value) const;

    std::ostream& out_;
    Axes axes_;
};

/// At most one point for each of `columns` parts of [0, x_max]: the highest.
[[nodiscard]] std::vector<Point> thinned(const std::vector<Point>& points, double x_max,
                                         int columns);
}  // namespace mote::report
