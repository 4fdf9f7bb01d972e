// mote-execute: blocks of signed transactions, executed one by one and in parallel, and compared.
//
// Exit status: 0 good, 1 the executions differ, 2 a file could not be written, the store failed,
// 3 usage, 130 interrupted.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <thread>

#include "report/live_lines.hpp"
#include "run.hpp"

namespace
{
using namespace mote;
using namespace mote::execute_tool;

constexpr int exit_differs = 1, exit_failed = 2, exit_usage = 3, exit_interrupted = 130;
constexpr std::uint64_t plain_blocks = 10;

volatile std::sig_atomic_t stop = 0;
extern "C" void on_interrupt(int /*signal*/) { stop = 1; }

/// The last blocks' speed-ups as a line of digits: 9 is twice as fast or faster.
std::string strip(const Result& result)
{
    std::string out;
    const std::size_t count = result.blocks.size();
    for (std::size_t i = count > 60 ? count - 60 : 0; i < count; ++i)
    {
        const BlockResult& block = result.blocks[i];
        const double ratio = block.seconds[0] / std::max(block.seconds[1], 1e-9);
        out +=
            block.equal ? static_cast<char>('0' + std::min(9, static_cast<int>(ratio * 4.5))) : 'X';
    }
    return out;
}

class View final : public Listener
{
  public:
    View(bool wanted, bool json, std::uint64_t blocks)
        : wanted_(wanted), json_(json), blocks_(blocks)
    {
    }

    void preparing(const char* what) override
    {
        if (!wanted_ || !lines_.on_terminal())
            return;
        static_cast<void>(lines_.begin(true));
        lines_.line("  %s", what);
        report::LiveLines::end();
    }
    void executed(const Result& so_far) override
    {
        if (json_)
        {
            std::printf("%s\n", json_of(so_far.blocks.back()).dump().c_str());
            return;
        }
        if (!wanted_)
            return;
        if (lines_.on_terminal())
        {
            if (lines_.begin(so_far.blocks.size() == blocks_))
                draw(so_far);
        }
        else if (so_far.blocks.size() % plain_blocks == 0)
        {
            const Totals totals = totals_of(so_far);
            std::printf("block %zu of %llu: producing %.2f times, replaying %.2f times as fast\n",
                        so_far.blocks.size(), u(blocks_), totals.speed_up(Way::parallel),
                        totals.speed_up(Way::replay));
            static_cast<void>(std::fflush(stdout));
        }
    }
    void finish(const Result& result)
    {
        if (wanted_ && lines_.on_terminal() && !result.blocks.empty())
        {
            static_cast<void>(lines_.begin(true));
            draw(result);
            lines_.keep();
        }
    }

  private:
    static unsigned long long u(std::uint64_t value) { return value; }

    void draw(const Result& result)
    {
        const Totals totals = totals_of(result);
        const BlockResult& last = result.blocks.back();
        lines_.line("  [%s] block %zu of %llu", report::bar(result.blocks.size(), blocks_).c_str(),
                    result.blocks.size(), u(blocks_));
        lines_.line("  one by one  %9.0f transactions a second",
                    totals.per_second(Way::sequential));
        lines_.line("  producing   %9.0f with %u threads: %.2f times; %llu executed again",
                    totals.per_second(Way::parallel), result.threads,
                    totals.speed_up(Way::parallel), u(totals.executed_again[1]));
        lines_.line("  replaying   %9.0f with %u threads: %.2f times; %llu executed again",
                    totals.per_second(Way::replay), result.threads, totals.speed_up(Way::replay),
                    u(totals.executed_again[2]));
        lines_.line("  by block    %s", strip(result).c_str());
        lines_.line("  senders     %9.0f recovered a second", totals.recovered_per_second());
        lines_.line("  last block  %llu transactions, %llu bytes, %llu accesses",
                    u(last.transactions), u(last.block_bytes), u(last.accesses));
        lines_.line("  waiting     %llu; %llu keys above the base fee", u(last.waiting),
                    u(last.priced_keys));
        lines_.line("  prices      %.3f base fees for the dearest key; others pay %.3f on average",
                    last.hot_price, last.other_price);
        lines_.line("  receipts    %.16s.. %s", last.receipts_root.c_str(),
                    result.equal() ? "equal in every block and way" : "DIFFER");
        lines_.line("  state       %.16s..", last.state.c_str());
        report::LiveLines::end();
    }

    bool wanted_, json_;
    std::uint64_t blocks_;
    report::LiveLines lines_;
};

void print_summary(const Result& result)
{
    const Totals totals = totals_of(result);
    std::printf("%zu blocks, %llu transactions (%llu refused) of %s, state in %s\n",
                result.blocks.size(), static_cast<unsigned long long>(totals.transactions),
                static_cast<unsigned long long>(totals.refused), result.workload.c_str(),
                result.state_kind.c_str());
    if (result.blocks.empty())
        return;
    std::printf(
        "one by one %.0f a second; %u threads: producing %.0f (%.2f times), "
        "replaying %.0f (%.2f times)\n",
        totals.per_second(Way::sequential), result.threads, totals.per_second(Way::parallel),
        totals.speed_up(Way::parallel), totals.per_second(Way::replay),
        totals.speed_up(Way::replay));
    std::printf("outcomes, receipts and changes %s\n",
                result.equal() ? "equal in every block and way" : "DIFFER");
}

int run_all(const Options& options, const std::string& report, bool json, bool quiet)
{
    View view(!json && !quiet, json, options.blocks);
    const Result result = run(options, view, stop);
    view.finish(result);
    if (json)
        std::printf("%s\n", json_of(result).dump().c_str());
    else
        print_summary(result);
    if (!report.empty() && !result.blocks.empty())
    {
        write_report(report, result);
        if (!json)
            std::printf("report %s\n", report.c_str());
    }
    if (!result.equal())
        return exit_differs;
    return result.interrupted ? exit_interrupted : 0;
}
int start(int argc, char** argv)
{
    Options options;
    workload::Options& work = options.workload;
    work.accounts = 2000;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    std::string kind = "mixed", state = "memory", report, dump_file, names;
    bool json = false, quiet = false;
    for (const workload::Kind one : workload::all_kinds)
        names += (names.empty() ? "" : ", ") + std::string(workload::name_of(one));
    CLI::App app{
        "Make accounts and contracts, sign transactions, build blocks, execute each one by one and "
        "in parallel, and compare receipts and state."};
    app.set_version_flag("--version", std::string("mote-execute ") + MOTE_VERSION_TEXT);
    app.footer(
        "Same options, same blocks. Exit status: 0 good, 1 the executions differ, 2 a file could "
        "not "
        "be written or the store failed, 3 usage, 130 interrupted.");
    app.add_option("--accounts", work.accounts)->check(CLI::Range(200U, 10'000'000U));
    app.add_option("--blocks", options.blocks)
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}));
    app.add_option("--transactions", options.transactions, "that wait at most, and so in a block")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}));
    app.add_option("--seed", work.seed);
    app.add_option("--threads", options.threads)->check(CLI::Range(1U, 256U));
    app.add_option("--workload", kind, names);
    app.add_option("--contention-degree", work.contention_degree,
                   "of hot: the share of transactions that a hot account sends")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--skew", work.skew, "of hot: how many hot accounts")
        ->check(CLI::Range(1U, 199U));
    app.add_option("--pools", work.pools, "of swap-many and mixed")->check(CLI::Range(1U, 200U));
    app.add_option("--lanes", options.lanes,
                   "those who write one key get a block's gas divided by this")
        ->check(CLI::Range(1U, 64U));
    app.add_option("--state", state, "memory, or qmdb: a store on disk")
        ->check(CLI::IsMember({"memory", "qmdb"}));
    app.add_option("--folder", options.folder, "of the store, which is made there");
    app.add_flag("--json", json, "one JSON object a block, and one for all");
    app.add_flag("--quiet", quiet, "no view of the run while it runs");
    app.add_option(
        "--dump", dump_file,
        "only write the first block and the state before it as JSON; mote-evm block reads it");
    app.add_option("--report", report, "write an HTML file with charts and a schedule");
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::ParseError& e)
    {
        return app.exit(e) == 0 ? 0 : exit_usage;
    }
    const auto found = workload::kind_of(kind);
    if (!found)
    {
        static_cast<void>(std::fprintf(stderr,
                                       "mote-execute: no workload called %s; there are %s\n",
                                       kind.c_str(), names.c_str()));
        return exit_usage;
    }
    if ((state == "qmdb") == options.folder.empty())
    {
        static_cast<void>(
            std::fputs("mote-execute: --state qmdb and --folder belong together\n", stderr));
        return exit_usage;
    }
    options.draw = !report.empty();
    work.kind = *found;
    work.threads = options.threads;
    if (!dump_file.empty())
    {
        dump(options, dump_file);
        return 0;
    }
    // The first Ctrl-C ends the run after the block it is at, the second one the process.
    struct sigaction action = {};
    action.sa_handler = on_interrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    static_cast<void>(sigaction(SIGINT, &action, nullptr));
    const int status = run_all(options, report, json, quiet);
    // An answer that nobody gets to see is none.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    {
        std::perror("mote-execute: standard output");
        return exit_failed;
    }
    return status;
}
}  // namespace

int main(int argc, char** argv)
{
    try
    {
        return start(argc, argv);
    }
    catch (const std::exception& error)
    {
        static_cast<void>(std::fprintf(stderr, "mote-execute: %s\n", error.what()));
        return exit_failed;
    }
}
