#include "report/page.hpp"

#include <fstream>
#include <stdexcept>

namespace mote::report
{
namespace
{
constexpr const char* style = R"(<style>
:root { color-scheme: light dark; --line: #2563eb; --bad: #dc2626; --grid: #8884; --storm: #f59e0b33;
--other: #16a34a; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; opacity: .7; }
.g { stroke: var(--grid); } .l { fill: none; stroke: var(--line); stroke-width: 1.5; }
.m { fill: none; stroke: var(--bad); stroke-width: 1.5; } .n { stroke: var(--other); fill: none; }
.b { fill: var(--bad); } .a { fill: var(--line); opacity: .35; } .s { fill: var(--storm); }
.e { stroke: currentColor; opacity: .25; fill: none; stroke-width: .7; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem 1.2rem .15rem 0; }
th { font-weight: 500; opacity: .75; } code { font-size: .85rem; }
.good { color: #16a34a; } .bad { color: var(--bad); font-weight: 600; }
</style>
)";
}  // namespace

std::string escape(const std::string& text)
{
    std::string out;
    for (const char c : text)
        switch (c)
        {
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '&':
                out += "&amp;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    return out;
}

Page::Page(const std::string& title, const std::string& heading)
{
    out_ << "<!doctype html>\n<html lang='en'><meta charset='utf-8'>\n"
            "<meta name='viewport' content='width=device-width'>\n"
            "<title>"
         << escape(title) << "</title>\n"
         << style << "<h1>" << escape(heading) << "</h1>\n";
}

void Page::row(const std::string& what, const std::string& value)
{
    out_ << "<tr><th>" << escape(what) << "</th><td>" << escape(value) << "</td></tr>\n";
}

void Page::write(const std::string& file) const
{
    std::ofstream stream(file, std::ios::binary);
    stream << out_.str();
    stream.close();
    if (!stream)
        throw std::runtime_error("cannot write " + file);
}
}  // namespace mote::report
