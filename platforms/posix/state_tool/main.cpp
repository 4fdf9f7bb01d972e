// mote-state: a state store in a folder, its proofs and its health, from the command line.
//
// Exit status: 0 done or proven, 1 the answer is no, 2 malformed, damaged or unreadable, 3 usage.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "commands.hpp"
#include "output.hpp"
#include "qmdb/store.hpp"
#include "qmdb/text_batch.hpp"

namespace
{
using namespace mote::state_tool;

constexpr int exit_malformed = 2, exit_usage = 3;

CLI::Validator hex_validator(std::size_t bytes_min, std::size_t bytes_max, const char* what)
{
    return {[=](const std::string& text) -> std::string
            {
                const auto bytes = from_hex(text);
                return bytes && bytes->size() >= bytes_min && bytes->size() <= bytes_max ? ""
                                                                                         : what;
            },
            "HEX"};
}

int fail(const Common& common, const char* what)
{
    if (common.json)
        print_json({{"error", what}});
    else
        std::fprintf(stderr, "mote-state: %s\n", what);
    return exit_malformed;
}
}  // namespace

// What is thrown while the options are set up ends the program, as it should.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv)
{
    CLI::App app{"Keep a chain's state in a folder: one root for each block, proofs of any key."};
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("mote-state ") + MOTE_VERSION_TEXT);
    app.footer(
        "Exit status: 0 done or proven, 1 the answer is no, 2 malformed, damaged or "
        "unreadable, 3 usage.\nKeys, values and roots are hexadecimal.");

    Common common;
    std::string file, key, root_text, out;
    std::optional<std::uint64_t> height;
    std::uint64_t segment_bytes = std::uint64_t{64} << 20;
    std::vector<std::string> reads;
    bool prometheus = false, repair = false;
    Exercise what;
    std::function<int()> run;

    const CLI::Validator is_key = hex_validator(1, 255, "must be 1 to 255 bytes of hexadecimal");
    const auto add =
        [&](const char* name, const char* help, bool with_store, std::function<int()> command)
    {
        CLI::App* const sub = app.add_subcommand(name, help);
        if (with_store)
        {
            sub->add_option("STORE", common.store, "folder of the store")->required();
            sub->add_option("--log", common.log,
                            "append what happens to the store as JSON lines; - is standard error");
        }
        sub->add_flag("--json", common.json, "one JSON object a line");
        sub->callback([&run, command = std::move(command)] { run = command; });
        return sub;
    };
    const auto with_height = [&](CLI::App* sub, const char* help)
    { sub->add_option("--height", height, help)->check(CLI::NonNegativeNumber); };
    const auto with_workers = [&](CLI::App* sub)
    {
        sub->add_option("--workers", common.workers, "threads that shards are shared out to")
            ->check(CLI::Range(1, 16));
    };

    add("create", "Make an empty store.", true, [&] { return create(common, segment_bytes); })
        ->add_option("--segment-bytes", segment_bytes, "size of a file of the logs")
        ->check(CLI::Range(std::uint64_t{4096}, std::uint64_t{1} << 40))
        ->check(CLI::Validator(
            [](const std::string& text) -> std::string
            { return std::stoull(text) % 4096 == 0 ? "" : "a multiple of 4096"; }, ""));
    CLI::App* sub = add("apply", "Apply the blocks of a text file; print height and root of each.",
                        true, [&] { return mote::state_tool::apply(common, file); });
    sub->add_option("FILE", file, "batches as text; - is standard input")->required();
    with_workers(sub);
    with_height(add("root", "Show the state root.", true, [&] { return root(common, height); }),
                "after this block instead of the newest");
    add("get", "Show the value of a key.", true, [&] { return get(common, key); })
        ->add_option("KEY", key)
        ->required()
        ->check(is_key);
    sub = add("prove", "Prove that a key is present or absent.", true,
              [&] { return prove(common, key, height, out); });
    sub->add_option("KEY", key)->required()->check(is_key);
    sub->add_option("--out", out, "write the proof there, as raw bytes");
    with_height(sub, "after this block, against the newest root");
    sub = add("verify", "Decide what a proof says about a key.", false,
              [&] { return verify(common, file, root_text, key, height); });
    sub->add_option("PROOF", file, "file, raw or hexadecimal; - is standard input")->required();
    sub->add_option("--root", root_text)
        ->required()
        ->check(hex_validator(32, 32, "must be 64 hexadecimal digits"));
    sub->add_option("--key", key)->required()->check(is_key);
    with_height(sub, "after this block, at most that of the root");
    sub = add("witness", "Make the witness of a block on top of the newest one.", true,
              [&] { return witness(common, file, reads, out); });
    sub->add_option("FILE", file, "one block as text")->required();
    sub->add_option("--read", reads, "also a key that the block reads")->check(is_key);
    sub->add_option("--out", out, "write the witness there, as raw bytes");
    add("stats", "Show sizes and counts.", true, [&] { return stats(common, prometheus); })
        ->add_flag("--prometheus", prometheus, "as Prometheus reads it");
    add("fsck", "Read everything and say what is damaged.", true,
        [&] { return fsck(common, repair); })
        ->add_flag("--repair", repair, "make again what can be made again");
    sub = add("exercise", "Load accounts and update them, to see how it goes.", true,
              [&] { return exercise(common, what); });
    sub->add_option("--accounts", what.accounts)->check(CLI::PositiveNumber);
    sub->add_option("--updates", what.updates);
    sub->add_option("--block-ops", what.block_ops)->check(CLI::PositiveNumber);
    sub->add_option("--kill-in-block", what.kill_in_block,
                    "die by SIGKILL in the middle of this block of updates");
    sub->add_option("--memory", what.memory_mebibytes, "MiB of the log that stay in memory")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 24));
    sub->add_flag("--direct", what.direct, "read and write past the page cache");
    with_workers(sub);

    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::ParseError& e)
    {
        return app.exit(e) == 0 ? 0 : exit_usage;
    }
    int code;
    try
    {
        code = run();
    }
    catch (const std::exception& error)
    {
        code = fail(common, error.what());
    }
    // An answer that nobody gets to see is none.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    {
        std::perror("mote-state: standard output");
        return exit_malformed;
    }
    return code;
}
