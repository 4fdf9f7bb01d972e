#include <catch2/catch.hpp>
#include <sstream>

#include "report/chart.hpp"
#include "report/lanes.hpp"
#include "report/live_lines.hpp"
#include "report/page.hpp"

using namespace mote::report;

namespace
{
std::size_t count(const std::string& text, const std::string& what)
{
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++n;
    return n;
}
}  // namespace

TEST_CASE("nothing that is shown becomes markup")
{
    CHECK(escape("a <b> & 'c' \"d\"") == "a &lt;b&gt; &amp; &#39;c&#39; &quot;d&quot;");
    Page page("<t>", "<h>");
    page.good("<g>");
    page.bad("<x>");
    page.row("<w>", "<v>");
    page.heading("<i>");
    page.paragraph("<q>");
    const std::string text = page.text();
    CHECK(text.find("&lt;v&gt;") != std::string::npos);
    for (const char* const tag : {"<t>", "<h>", "<g>", "<x>", "<w>", "<v>", "<i>", "<q>"})
        CHECK(text.find(tag) == std::string::npos);
    CHECK_THROWS_AS(page.write("/nowhere/at/all"), std::runtime_error);
}

TEST_CASE("a chart keeps the highest point of each column, within its picture")
{
    std::vector<Point> points;
    for (int i = 0; i < 1000; ++i)
        points.push_back({i / 10.0, i == 555 ? 7.0 : 1.0});
    CHECK(highest(points) == 7);
    CHECK(highest({}) == 1);
    const std::vector<Point> few = thinned(points, 100, 20);
    CHECK(few.size() == 20);
    CHECK(highest(few) == 7);

    std::ostringstream out;
    {
        Chart chart(out, "x < y", {"s", 100, 8});
        chart.line(points);
        chart.line(points, "m");
        chart.mark(50, true);
        chart.band(10, 20);
    }
    CHECK(count(out.str(), "<svg") == 1);
    CHECK(count(out.str(), "</svg>") == 1);
    CHECK(count(out.str(), "<polyline class='l'") == 1);
    CHECK(count(out.str(), "<polyline class='m'") == 1);
    CHECK(count(out.str(), "<rect") == 2);
    CHECK(out.str().find("x < y") == std::string::npos);
    CHECK(out.str().find("100 s") != std::string::npos);
}

TEST_CASE("a bar is as full as what it shows")
{
    CHECK(count(bar(0, 10), "#") == 0);
    CHECK(count(bar(5, 10), "#") == 20);
    CHECK(count(bar(10, 10), "#") == 40);
    CHECK(count(bar(11, 10), "#") == 40);
    CHECK(count(bar(0, 0), "#") == 40);
    CHECK(bar(3, 10).size() == 40);
}

TEST_CASE("lanes show each run once, and who waits for whom")
{
    std::ostringstream out;
    draw_lanes(out, "a < b",
               {{0, 0, 10, 20, false, 1, "pays <x>"},
                {1, 1, 12, 30, false, 2, "first"},
                {1, 1, 40, 50, true, 2, "second"},
                {2, 0, 21, 25, false, 0, ""}},
               {{0, 1}, {1, 2}, {7, 2}, {0, 9}});
    const std::string text = out.str();
    CHECK(count(text, "<rect") == 4);
    CHECK(count(text, "#dc2626") == 1);
    CHECK(count(text, "<path") == 2);
    CHECK(count(text, "worker ") == 2);
    CHECK(count(text, "</svg>") == 1);
    CHECK(text.find("pays &lt;x&gt;") != std::string::npos);
    CHECK(text.find("40 us") != std::string::npos);
    std::ostringstream none;
    draw_lanes(none, "nothing", {}, {});
    CHECK(count(none.str(), "<rect") == 0);
    CHECK(count(none.str(), "worker ") == 1);
}
