// mote: verify and inspect Jolt proof bundles, check shares, keep keys, from the command line.
//
// Exit status: 0 accepted, 1 rejected, 2 malformed or unreadable, 3 usage. With several files the
// worst one counts.
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "output.hpp"
#if defined(MOTE_TOOL_SVID)
#include "dispersal/commands.hpp"
#endif
#if defined(MOTE_TOOL_KEYS)
#include "keys/commands.hpp"
#endif

namespace
{
using mote::tool::Expectations;
using mote::tool::FileReport;
using mote::tool::Verdict;

constexpr int exit_usage = 3;

int exit_code(Verdict verdict)
{
    switch (verdict)
    {
        case Verdict::accepted:
            return 0;
        case Verdict::rejected:
            return 1;
        default:
            return 2;
    }
}

std::string check_digest(const std::string& text)
{
    const auto bytes = mote::tool::from_hex(text);
    return bytes && bytes->size() == 32 ? "" : "must be 64 hexadecimal digits";
}

/// Verifies each file and shows the report; the worst exit code.
int run(const std::vector<std::string>& files, const Expectations& expect,
        void (*show)(const FileReport&))
{
    int worst = 0;
    for (const std::string& file : files)
    {
        std::string error;
        const auto data = mote::tool::read_file(file, error);
        FileReport report;
        if (data)
            report = mote::tool::verify_bundle(file, *data, expect);
        else
        {
            report.file = file;
            report.stage = "read";
            report.reason = error;
        }
        show(report);
        worst = std::max(worst, exit_code(report.verdict));
        // A verdict that nobody gets to see is none.
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        {
            std::perror("mote: standard output");
            return exit_code(Verdict::unreadable);
        }
    }
    return worst;
}

void show_report(const FileReport& report)
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment.
    const bool plain = std::getenv("NO_COLOR") != nullptr;
    mote::tool::print_report(report, {isatty(STDOUT_FILENO) != 0 && !plain});
}

int run_command(int argc, char** argv)
{
    CLI::App app{
        "Verify Jolt proofs and shares of blocks with the Mote core; keep keys and votes."};
    app.require_subcommand(1);
    app.set_version_flag("--version",
                         std::string("mote ") + MOTE_VERSION_TEXT + " (" + mote_arch_name() + ")");
    app.footer(
        "Exit status: 0 accepted, 1 rejected, 2 malformed or unreadable, 3 usage.\n"
        "A bundle brings its own program key and setup: pin both unless you trust who made it.");

    std::vector<std::string> files;
    std::string program, setup;
    bool json = false;
    const auto add_files = [&](CLI::App* command)
    {
        command->add_option("BUNDLE", files, "proof bundle files; - is standard input")->required();
        command->add_flag("--json", json, "one JSON object a line");
    };
    CLI::App* const verify =
        app.add_subcommand("verify", "Decide whether bundles hold valid proofs.");
    add_files(verify);
    verify->add_option("--expect-program", program, "digest that the program key must have")
        ->check(CLI::Validator(check_digest, "HEX"));
    verify->add_option("--expect-setup", setup, "SHA-256 that the Dory setup must have")
        ->check(CLI::Validator(check_digest, "HEX"));
    CLI::App* const inspect = app.add_subcommand("inspect", "Show what bundles contain.");
    add_files(inspect);

    int command_exit_code = -1;
#if defined(MOTE_TOOL_SVID)
    mote::tool::add_svid_commands(app, command_exit_code);
#endif
#if defined(MOTE_TOOL_KEYS)
    mote::tool::add_key_commands(app, command_exit_code);
    mote::tool::add_record_commands(app, command_exit_code);
#endif

    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::ParseError& e)
    {
        const int code = app.exit(e);
        return code == 0 ? 0 : exit_usage;
    }

    if (command_exit_code >= 0)
    {
        // An answer that nobody gets to see is none.
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        {
            std::perror("mote: standard output");
            return exit_code(Verdict::unreadable);
        }
        return command_exit_code;
    }
    Expectations expect;
    if (!program.empty())
        expect.program = mote::tool::from_hex(program);
    if (!setup.empty())
        expect.setup = mote::tool::from_hex(setup);
    if (inspect->parsed())
    {
        // Inspecting succeeds when there is something to show, whatever the verdict.
        const int code =
            run(files, expect,
                json ? &mote::tool::print_inspection_json : &mote::tool::print_inspection);
        return code == 1 ? 0 : code;
    }
    return run(files, expect, json ? &mote::tool::print_report_json : &show_report);
}
}  // namespace

int main(int argc, char** argv)
{
    try
    {
        return run_command(argc, argv);
    }
    catch (const std::exception& error)  // not enough memory
    {
        mote::tool::print_error(error.what());
        return exit_code(Verdict::unreadable);
    }
}
