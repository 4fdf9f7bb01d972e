#include "result.hpp"

#include <algorithm>
#include <cstdio>

#include "report/chart.hpp"
#include "report/page.hpp"

namespace mote::execute_tool
{
namespace
{
using Json = nlohmann::ordered_json;
using report::Chart;
using report::Point;

constexpr std::array way_names = {"sequential", "parallel", "replay"};

constexpr std::size_t index(Way way) { return static_cast<std::size_t>(way); }

std::string text_of(const char* format, double value)
{
    char text[64];
    static_cast<void>(std::snprintf(text, sizeof text, format, value));
    return text;
}
double ratio(double a, double b) { return b > 0 ? a / b : 0; }

std::vector<Point> rates(const Result& result, Way way)
{
    std::vector<Point> out;
    out.reserve(result.blocks.size());
    for (std::size_t i = 0; i < result.blocks.size(); ++i)
        out.push_back(
            {static_cast<double>(i + 1), ratio(static_cast<double>(result.blocks[i].transactions),
                                               result.blocks[i].seconds.at(index(way)))});
    return out;
}

void chart(report::Page& page, const Result& result)
{
    const auto sequential = rates(result, Way::sequential), parallel = rates(result, Way::parallel),
               replay = rates(result, Way::replay);
    const double highest =
        std::max({report::highest(sequential), report::highest(parallel), report::highest(replay)});
    Chart chart(
        page.out(), "Transactions a second: one by one (red), producing (blue), replaying (green)",
        {"blocks", std::max(1.0, static_cast<double>(result.blocks.size())), highest * 1.05});
    chart.line(sequential, "m");
    chart.line(parallel, "l");
    chart.line(replay, "n");
}

void prices(report::Page& page, const Result& result)
{
    std::vector<Point> hot, other;
    std::string key;
    for (std::size_t i = 0; i < result.blocks.size(); ++i)
    {
        const BlockResult& block = result.blocks[i];
        hot.push_back({static_cast<double>(i + 1), block.hot_price});
        if (block.others != 0)
            other.push_back({static_cast<double>(i + 1), block.other_price});
        if (!block.hot_key.empty())
            key = block.hot_key;
    }
    {
        Chart chart(page.out(),
                    "Price of the dearest key (red), and what others pay on average (blue), in "
                    "base fees",
                    {"blocks", std::max(1.0, static_cast<double>(result.blocks.size())),
                     report::highest(hot) * 1.05, true, 2});
        chart.line(hot, "m");
        chart.line(other, "l");
    }
    page.paragraph(key.empty() ? "No key was dearer than the base fee."
                               : "The dearest key in the end: " + key + ".");
}

void table(report::Page& page, const Result& result)
{
    const Totals totals = totals_of(result);
    const auto rate = [&](Way way)
    {
        return text_of("%.0f transactions a second", totals.per_second(way)) +
               text_of(", %.2f times", totals.speed_up(way)) + ", " +
               std::to_string(totals.executed_again.at(index(way))) + " executed again";
    };
    page.out() << "<table>\n";
    page.row("workload, seed", result.workload + ", " + std::to_string(result.seed));
    page.row("accounts", std::to_string(result.accounts));
    page.row("state", result.state_kind);
    page.row("threads", std::to_string(result.threads));
    page.row("blocks", std::to_string(result.blocks.size()) +
                           (result.interrupted ? ", then interrupted" : ""));
    page.row("transactions, of them refused",
             std::to_string(totals.transactions) + ", " + std::to_string(totals.refused));
    page.row("one by one",
             text_of("%.0f transactions a second", totals.per_second(Way::sequential)));
    page.row("in parallel, producing", rate(Way::parallel));
    page.row("in parallel, replaying", rate(Way::replay));
    page.row("senders recovered", text_of("%.0f a second", totals.recovered_per_second()));
    page.row("waiting in the end", std::to_string(result.blocks.back().waiting));
    page.row("looked at and ordered",
             text_of("%.0f us a block",
                     1e6 * ratio(totals.build_seconds, static_cast<double>(result.blocks.size()))));
    page.out() << "</table>\n";
}

void schedule(report::Page& page, const Result& result, const Schedule& from,
              const std::string& how)
{
    page.heading("Schedule of block " + std::to_string(from.block) +
                 ": its first runs, and who reads what whom wrote; " + how);
    report::draw_lanes(page.out(), how, from.runs, from.dependencies);
    report::draw_legend(page.out(), result.kinds);
}
}  // namespace

bool Result::equal() const
{
    return std::all_of(blocks.begin(), blocks.end(), [](const BlockResult& b) { return b.equal; });
}

double Totals::per_second(Way way) const
{
    return ratio(static_cast<double>(transactions), seconds.at(index(way)));
}
double Totals::speed_up(Way way) const
{
    return ratio(seconds.at(index(Way::sequential)), seconds.at(index(way)));
}
double Totals::recovered_per_second() const
{
    return ratio(static_cast<double>(recovered), recover_seconds);
}

Totals totals_of(const Result& result)
{
    Totals out;
    for (const BlockResult& block : result.blocks)
    {
        out.transactions += block.transactions;
        out.refused += block.refused;
        out.gas += block.gas;
        out.recovered += block.recovered;
        out.recover_seconds += block.recover_seconds;
        out.build_seconds += block.build_seconds;
        for (std::size_t way = 0; way < way_count; ++way)
        {
            out.seconds.at(way) += block.seconds.at(way);
            out.executed_again.at(way) += block.executed_again.at(way);
        }
    }
    return out;
}

Json json_of(const BlockResult& block)
{
    Json out = {{"block", block.number},
                {"transactions", block.transactions},
                {"refused", block.refused},
                {"reverted", block.reverted},
                {"gas", block.gas},
                {"bytes", block.block_bytes},
                {"accesses", block.accesses},
                {"receipts_root", block.receipts_root},
                {"state", block.state},
                {"equal", block.equal},
                {"waiting", block.waiting},
                {"hot_price", block.hot_price},
                {"hot_key", block.hot_key.empty() ? Json() : Json(block.hot_key)},
                {"other_price", block.others == 0 ? Json() : Json(block.other_price)},
                {"priced_keys", block.priced_keys},
                {"recover_seconds", block.recover_seconds},
                {"build_seconds", block.build_seconds}};
    for (std::size_t way = 0; way < way_count; ++way)
        out[way_names.at(way)] = {{"seconds", block.seconds.at(way)},
                                  {"executed_again", block.executed_again.at(way)}};
    return out;
}

Json json_of(const Result& result)
{
    const Totals totals = totals_of(result);
    Json out = {{"workload", result.workload},
                {"state", result.state_kind},
                {"seed", result.seed},
                {"accounts", result.accounts},
                {"threads", result.threads},
                {"blocks", result.blocks.size()},
                {"interrupted", result.interrupted},
                {"equal", result.equal()},
                {"transactions", totals.transactions},
                {"refused", totals.refused},
                {"gas", totals.gas},
                {"recovered_per_second", totals.recovered_per_second()}};
    for (std::size_t i = 0; i < way_count; ++i)
    {
        const Way way = static_cast<Way>(i);
        out[way_names.at(i)] = {{"per_second", totals.per_second(way)},
                                {"speed_up", totals.speed_up(way)},
                                {"executed_again", totals.executed_again.at(i)}};
    }
    return out;
}

void write_report(const std::string& file, const Result& result)
{
    report::Page page("mote-execute report", "Blocks, one by one and in parallel");
    if (result.equal())
        page.good("Outcomes, receipts and changes were the same in every block and every way.");
    else
        page.bad("The executions differ.");
    table(page, result);
    chart(page, result);
    prices(page, result);
    schedule(page, result, result.parallel, "producing, as seen on the last state");
    schedule(page, result, result.replay, "replaying, as the block says");
    page.heading("Blocks");
    page.out() << "<table>\n<tr><th>block</th><th>transactions</th><th>bytes</th><th>producing</th>"
                  "<th>replaying</th><th>again</th><th>receipts</th><th>state</th></tr>\n";
    for (const BlockResult& block : result.blocks)
        page.out() << "<tr><td>" << block.number << "</td><td>" << block.transactions << "</td><td>"
                   << block.block_bytes << "</td><td>"
                   << text_of("%.2f", ratio(block.seconds[0], block.seconds[1])) << "</td><td>"
                   << text_of("%.2f", ratio(block.seconds[0], block.seconds[2])) << "</td><td>"
                   << block.executed_again[1] << "</td><td><code>"
                   << block.receipts_root.substr(0, 12) << "</code></td><td><code>"
                   << block.state.substr(0, 12) << "</code>" << (block.equal ? "" : " DIFFERS")
                   << "</td></tr>\n";
    page.out() << "</table>\n";
    page.write(file);
}
}  // namespace mote::execute_tool
