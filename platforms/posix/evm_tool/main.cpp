// mote-evm: blocks, state tests, transactions and single programs, with traces, from the command line.
//
// Exit status: 0 good, 1 the answer is no, 2 malformed or unreadable, 3 usage.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "commands.hpp"
#include "json_values.hpp"

namespace
{
using namespace mote::evm_tool;
constexpr int exit_malformed = 2, exit_usage = 3;
}  // namespace

// What is thrown while the options are set up ends the program, as it should.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv)
{
    CLI::App app{"Run EVM programs, transactions, blocks and state tests."};
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("mote-evm ") + MOTE_VERSION_TEXT);
    app.footer(
        "Exit status: 0 good, 1 the answer is no (a case failed, a program reverted or halted, a "
        "transaction was refused, a block's access lists are wrong), 2 malformed or unreadable, 3 "
        "usage.\n"
        "Forks are called as tests call them: Frontier, Homestead, EIP150, EIP158, Byzantium, "
        "Constantinople, ConstantinopleFix, Istanbul, Berlin, London, Paris, Shanghai, Cancun, "
        "Prague, Osaka.");

    Common common;
    std::string file;
    StateTests tests;
    Program program;
    BlockOptions block;
    program.input = "0x";
    program.value = "0x0";
    std::function<int()> run;
    const CLI::Validator is_fork([](const std::string& name) -> std::string
                                 { return fork_of(name) ? "" : "no such fork"; }, "FORK");
    const auto add = [&](const char* name, const char* help, std::function<int()> command)
    {
        CLI::App* const sub = app.add_subcommand(name, help);
        sub->add_flag("--json", common.json, "one JSON object a line");
        sub->add_flag("--trace", common.trace, "a line for each instruction (EIP-3155)");
        sub->add_flag("--trace-memory", common.memory, "with the memory in each line");
        sub->add_option("--fork", common.fork, "rules to run under")->check(is_fork);
        sub->callback([&run, command = std::move(command)] { run = command; });
        return sub;
    };
    CLI::App* sub = add("statetest", "Run state tests; say which cases fail.",
                        [&] { return run_state_tests(common, tests); });
    sub->add_option("FILE", tests.names, "JSON files, or folders of them")->required();
    sub->add_option("--test", tests.only, "only tests with this in their name");
    sub->add_option("--skip", tests.skip, "leave out files with this in their path")
        ->allow_extra_args(false);
    sub->add_flag("--quiet", tests.quiet, "only failures and the sum");
    sub = add("blocktest", "Run Ethereum's block tests; say which cases fail.",
              [&] { return run_block_test_files(common, tests); });
    sub->add_option("FILE", tests.names, "JSON files, or folders of them")->required();
    sub->add_option("--test", tests.only, "only tests with this in their name");
    sub->add_option("--skip", tests.skip, "leave out files with this in their path")
        ->allow_extra_args(false);
    sub->add_flag("--quiet", tests.quiet, "only failures and the sum");
    sub = add("run", "Run code in an empty state.", [&] { return run_program(common, program); });
    sub->add_option("--code", program.code, "hexadecimal")->required();
    sub->add_option("--input", program.input, "call data, hexadecimal");
    sub->add_option("--value", program.value, "wei, hexadecimal");
    sub->add_option("--gas", program.gas)
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 62));
    sub = add("tx", "Decode a transaction, and execute it if the file has a state for it.",
              [&] { return run_transaction(common, file); });
    sub->add_option(
           "FILE", file,
           R"(JSON: "tx", its bytes; optional "env", "pre", "config" as in state tests, "fork")")
        ->required();
    sub = add("block", "Execute a block; print what each transaction came to.",
              [&] { return run_block(common, block); });
    sub->add_option(
           "FILE", block.name,
           R"(a block in binary, or JSON: "env", "transactions", optional "pre", "config", "fork")")
        ->required();
    sub->add_option("--pre", block.pre, "JSON file of the accounts before the block");
    sub->add_option("--threads", block.threads, "execute in parallel on so many threads")
        ->check(CLI::Range(1U, 64U));
    sub->add_option("--write", block.write, "write the block in binary, with its access lists");

    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::ParseError& e)
    {
        return app.exit(e) == 0 ? 0 : exit_usage;
    }
    int code = exit_malformed;
    try
    {
        code = run();
    }
    catch (const std::exception& error)
    {
        if (common.json)
            std::printf("%s\n", Json({{"error", error.what()}}).dump().c_str());
        else
            std::fprintf(stderr, "mote-evm: %s\n", error.what());
    }
    // An answer that nobody gets to see is none.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    {
        std::perror("mote-evm: standard output");
        return exit_malformed;
    }
    return code;
}
