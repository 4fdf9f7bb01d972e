// mote-sim: a seeded network of producers, validators, relays and followers in one process.
//
// Exit status: 0 good, 1 an invariant broke, 2 the report could not be written, 3 usage.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "live_view.hpp"
#include "report.hpp"
#include "sim/world.hpp"

namespace
{
using namespace mote;
using Json = nlohmann::ordered_json;

constexpr int exit_broken = 1, exit_unwritten = 2, exit_usage = 3;

struct Options
{
    sim::Config config;
    std::string faults = "none", signatures = "auto", report;
    std::uint64_t seeds = 1;
    bool json = false, quiet = false, timing = false;
};

Json json_of(sim::World& world)
{
    const sim::Counts& c = world.counts();
    Json caught = Json::array();
    for (const sim::Caught& one : world.caught())
        caught.push_back(
            {{"node", world.node_name(one.node)}, {"what", one.what}, {"at_ms", one.at_ms}});
    char fingerprint[17];
    static_cast<void>(std::snprintf(fingerprint, sizeof fingerprint, "%016llx",
                                    static_cast<unsigned long long>(world.fingerprint())));
    return {{"seed", world.config().seed},
            {"faults", world.faults().name},
            {"signatures", world.signatures().name()},
            {"proofs", "simulated"},
            {"violation", world.violation().empty() ? Json() : Json(world.violation())},
            {"virtual_ms", world.now_ms()},
            {"views", c.views},
            {"nullified", c.nullified},
            {"finalized_height", c.finalized_height},
            {"epochs", c.epochs},
            {"carried", c.carried},
            {"votes", c.votes},
            {"certificates", c.certificates},
            {"checkpoints", c.checkpoints},
            {"reproposals", c.reproposals},
            {"zone_blocks", c.zone_blocks},
            {"included", c.included},
            {"proven", c.proven},
            {"void", c.voided},
            {"evidence", c.evidence},
            {"crashes", c.crashes},
            {"sleeps", c.sleeps},
            {"starts", c.restarts},
            {"refused", c.dropped},
            {"messages", world.network().sent()},
            {"lost", world.network().lost()},
            {"bytes", world.network().sent_bytes()},
            {"events", c.events},
            {"caught", caught},
            {"fingerprint", fingerprint}};
}

void print_summary(sim::World& world)
{
    const sim::Counts& c = world.counts();
    const auto u = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("height %llu final after %llu views (%llu nullified), %.1f s of virtual time\n",
                u(c.finalized_height), u(c.views), u(c.nullified),
                static_cast<double>(world.now_ms()) / 1000);
    for (const sim::Caught& caught : world.caught())
        std::printf("caught %s: %s\n", world.node_name(caught.node).c_str(), caught.what.c_str());
    std::printf("fingerprint %016llx\n", u(world.fingerprint()));
}

void print_timing(sim::World& world, std::chrono::duration<double> took)
{
    rusage usage{};
    static_cast<void>(getrusage(RUSAGE_SELF, &usage));
    std::fprintf(stderr, "%.2f s: %.0f views and %.0f events a second; peak memory %ld MiB\n",
                 took.count(), static_cast<double>(world.counts().views) / took.count(),
                 static_cast<double>(world.counts().events) / took.count(), usage.ru_maxrss / 1024);
}

/// Runs one seed; the exit status.
int run(Options& options, sim_tool::LiveView& view)
{
    const auto start = std::chrono::steady_clock::now();
    sim::World world(options.config);
    while (world.step())
        view.show(world, world.counts());
    view.finish(world, world.counts());
    if (options.timing)
        print_timing(world, std::chrono::steady_clock::now() - start);
    if (options.json)
        std::printf("%s\n", json_of(world).dump().c_str());
    else if (options.seeds == 1)
        print_summary(world);
    int status = 0;
    if (!options.report.empty())
    {
        try
        {
            sim_tool::write_report(options.report, world);
            if (!options.json)
                std::printf("report %s\n", options.report.c_str());
        }
        catch (const std::exception& error)
        {
            std::fprintf(stderr, "mote-sim: %s\n", error.what());
            status = exit_unwritten;
        }
    }
    if (!world.violation().empty())
    {
        std::fprintf(stderr, "broken: %s\nagain:  %s\n", world.violation().c_str(),
                     sim_tool::replay_line(options.config).c_str());
        status = exit_broken;
    }
    return status;
}

void list_profiles()
{
    for (const sim::Faults& faults : sim::fault_profiles())
        std::printf("%-12s %s\n", std::string(faults.name).c_str(),
                    std::string(faults.text).c_str());
}

int run_all(Options& options)
{
    if (!options.json)
        std::printf(
            "%u validators, %u producers, %u zones; faults: %s; signatures: %s; execution "
            "proofs: simulated\n",
            options.config.validators, options.config.producers, options.config.zones,
            options.faults.c_str(),
            options.config.real_signatures() ? "real (BLS12-381)" : "simulated");
    sim_tool::LiveView view(!options.json && !options.quiet && options.seeds == 1);
    const std::uint64_t first = options.config.seed;
    const auto profiles = sim::fault_profiles();
    for (std::uint64_t i = 0; i < options.seeds; ++i)
    {
        options.config.seed = first + i;
        if (options.faults == "all")
            options.config.faults =
                &profiles[static_cast<std::size_t>((first + i) % profiles.size())];
        if (const int status = run(options, view); status != 0)
            return status;
    }
    if (options.seeds > 1 && !options.json)
        std::printf("%llu seeds, no invariant broke\n",
                    static_cast<unsigned long long>(options.seeds));
    return 0;
}
}  // namespace

// What is thrown while the options are set up ends the program, as it should.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv)
{
    Options options;
    sim::Config& config = options.config;
    CLI::App app{
        "Run a network of producers, validators, relays and followers in one process, with "
        "faults, and watch seventeen invariants."};
    app.set_version_flag("--version", std::string("mote-sim ") + MOTE_VERSION_TEXT);
    app.footer(
        "Same options, same bytes. Exit status: 0 good, 1 an invariant broke (its name and a line "
        "that runs it again on standard error), 2 the report could not be written, 3 usage.");
    app.add_option("--validators", config.validators)->check(CLI::Range(4U, 100000U));
    app.add_option("--producers", config.producers, "leaders, zone producers and relays")
        ->check(CLI::Range(3U, 64U));
    app.add_option("--zones", config.zones)->check(CLI::Range(1U, 64U));
    app.add_option("--followers", config.followers, "wallets that only follow")
        ->check(CLI::Range(0U, 1000U));
    app.add_option("--views", config.views, "end after so many root views")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100000000}));
    app.add_option("--seed", config.seed);
    app.add_option("--seeds", options.seeds, "run so many seeds, one after the other")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100000000}));
    app.add_option("--faults", options.faults,
                   "a profile; list shows them, all takes another one for each seed");
    app.add_option("--signatures", options.signatures,
                   "real (BLS12-381) or simulated; auto: real for up to 16 validators")
        ->check(CLI::IsMember({"auto", "real", "simulated"}));
    app.add_option("--epoch-heights", config.calendar.epoch_heights,
                   "root heights in an epoch, a multiple of 8")
        ->check(CLI::Range(std::uint64_t{8}, std::uint64_t{1} << 32))
        ->check(CLI::Validator([](const std::string& text) -> std::string
                               { return std::stoull(text) % 8 == 0 ? "" : "a multiple of 8"; },
                               ""));
    app.add_option("--seats", config.seats,
                   "seats of a committee, drawn by stake; 0: one for everybody, up to 2048")
        ->check(CLI::Range(0U, 2048U));
    app.add_flag("--json", options.json, "one JSON object a seed");
    app.add_flag("--quiet", options.quiet, "no view of the run while it runs");
    app.add_flag("--timing", options.timing,
                 "also say on standard error how fast it went and how much memory it took");
    app.add_option("--report", options.report, "write an HTML file with charts");
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::ParseError& e)
    {
        return app.exit(e) == 0 ? 0 : exit_usage;
    }
    if (options.faults == "list")
    {
        list_profiles();
        return 0;
    }
    config.faults = sim::find_profile(options.faults);
    if (config.faults == nullptr && options.faults != "all")
    {
        std::fprintf(stderr, "mote-sim: no faults called %s; --faults list shows them\n",
                     options.faults.c_str());
        return exit_usage;
    }
    config.signatures = options.signatures == "real"        ? sim::SignatureMode::real
                        : options.signatures == "simulated" ? sim::SignatureMode::simulated
                                                            : sim::SignatureMode::by_size;
    const int status = run_all(options);
    // An answer that nobody gets to see is none.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    {
        std::perror("mote-sim: standard output");
        return exit_unwritten;
    }
    return status;
}
