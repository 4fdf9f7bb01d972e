#include "dispersal/commands.hpp"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "bundle_file.hpp"
#include "dispersal/progress.hpp"
#include "dispersal/receive.hpp"
#include "dispersal/table.hpp"
#include "disperse/dispatch.hpp"
#include "disperse/rebuild.hpp"
#include "output.hpp"
#include "svid/sampling.hpp"

namespace mote::tool
{
namespace
{
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr int exit_good = 0, exit_no = 1, exit_malformed = 2;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void print_json(const Json& j)
{
    std::printf("%s\n", j.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

double percent(double part, double whole) { return whole == 0 ? 0 : 100 * part / whole; }

/// What all commands that make or read a dispersal understand.
struct Options
{
    std::string file, folder, stakes_file, out, chain_id, seed_hex, keep = "1";
    std::uint32_t validators = 0, validator = 0, rows = 16;
    std::uint32_t zone = 0;
    std::uint64_t height = 1, epoch = 0, seed = 0;
    std::int64_t wrong_row = -1;
    unsigned threads = 0;
    bool json = false, all = false, seeded = false;
};

svid::Digest digest_option(const std::string& hex)
{
    svid::Digest digest{};
    if (const auto bytes = from_hex(hex); !hex.empty() && bytes && bytes->size() == 32)
        std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

// ------------------------------------------------------------------ encode

int encode(const Options& o)
{
    const MappedFile file(o.file);
    Dispersed dispersed;
    const svid::Digest seed = digest_option(o.seed_hex);
    dispersed.validators = o.stakes_file.empty() ? equal_validators(o.validators, seed)
                                                 : read_validators(o.stakes_file, seed);
    dispersed.subject = {digest_option(o.chain_id), o.zone, o.height, o.epoch, {}};
    if (o.wrong_row >= 0)
        dispersed.subject.wrong_row = static_cast<std::uint32_t>(o.wrong_row);

    const auto start = Clock::now();
    std::optional<disperse::Dispersal> made;
    try
    {
        Progress bar("coding and hashing");
        made.emplace(file.bytes(), dispersed.subject, dispersed.validators.stakes,
                     disperse::Effort{o.threads, [&](std::uint64_t done, std::uint64_t all)
                                      { bar.show(done, all); }});
    }
    catch (const std::invalid_argument& error)
    {
        throw BadFile(error.what());
    }
    const disperse::Dispersal& dispersal = *made;
    const double encode_seconds = seconds_since(start);
    dispersed.svid_root = dispersal.svid_root();

    std::error_code error;
    fs::create_directories(o.out, error);
    if (error)
        throw BadFile(o.out + ": " + error.message());
    remove_dispersal(o.out);
    const auto ranges = assigned_ranges(dispersed, dispersal.header());
    std::uint64_t written = 0;
    {
        Progress bar("writing shares");
        for (std::uint32_t v = 0; v < ranges.size(); ++v)
        {
            const ByteVector frames = share_frames(dispersal, ranges[v]);
            write_file(share_path(o.out, v), frames);
            written += frames.size();
            bar.show(v + 1, ranges.size());
        }
    }
    write_dispersal(o.out, dispersed, dispersal.header_bytes());

    const svid::Params& params = dispersal.params();
    const auto bytes = static_cast<double>(params.block_bytes);
    const double average = static_cast<double>(written) / static_cast<double>(ranges.size());
    if (o.json)
    {
        Json j;
        j["file"] = o.file;
        j["block_bytes"] = params.block_bytes;
        j["row_bytes"] = params.row_bytes();
        j["data_rows"] = params.data_rows;
        j["rows"] = params.rows;
        j["validators"] = ranges.size();
        j["data_root"] = to_hex(dispersal.header().data_root.data(), 32);
        j["svid_root"] = to_hex(dispersed.svid_root.data(), 32);
        j["kernel"] = disperse::kernels().name;
        j["encode_us"] = encode_seconds * 1e6;
        j["share_bytes_average"] = average;
        print_json(j);
        return exit_good;
    }
    std::printf("block        %s bytes, data_root %s\n", std::to_string(params.block_bytes).c_str(),
                to_hex(dispersal.header().data_root.data(), 32).c_str());
    std::printf("rows         %u of %zu bytes: %u data, %u parity\n", params.rows,
                params.row_bytes(), params.data_rows, params.parity_rows());
    std::printf("svid_root    %s\n", to_hex(dispersed.svid_root.data(), 32).c_str());
    std::printf(
        "encoded in   %.3f s, %.2f GB/s (code and hashes %.3f s, fingerprints %.3f s; %s)\n",
        encode_seconds, encode_seconds > 0 ? bytes / encode_seconds / 1e9 : 0,
        dispersal.times().code, dispersal.times().fingerprint, disperse::kernels().name);
    std::printf("shares       %zu in %s, %.0f bytes each on average, %.2f %% of the block\n",
                ranges.size(), o.out.c_str(), average, percent(average, bytes));
    return exit_good;
}

// ------------------------------------------------------------------ check

int exit_code(const Received& received)
{
    if (received.malformed)
        return exit_malformed;
    return received.verdict.outcome == svid::Outcome::provisional ? exit_good : exit_no;
}

void print_received(const Options& o, std::uint32_t validator, const Received& received,
                    std::size_t requested, double seconds)
{
    const auto& verdict = received.verdict;
    const double share = percent(static_cast<double>(received.bytes),
                                 static_cast<double>(received.params.block_bytes));
    if (o.json)
    {
        Json j;
        j["validator"] = validator;
        j["verdict"] = verdict_text(received);
        j["error"] =
            verdict.fault == svid::Fault::none ? Json(nullptr) : Json(fault_text(verdict.fault));
        j["step"] = received.malformed ? Json(nullptr) : Json(verdict.step);
        j["row"] = verdict.fault == svid::Fault::fingerprint ? Json(verdict.row) : Json(nullptr);
        j["reason"] = received.malformed ? Json(*received.malformed) : Json(nullptr);
        j["rows"] = received.rows;
        j["rows_assigned"] = requested;
        j["bytes"] = received.bytes;
        j["percent_of_block"] = share;
        j["elapsed_us"] = seconds * 1e6;
        print_json(j);
        return;
    }
    std::printf("validator %u: %s", validator, verdict_text(received));
    if (received.malformed)
        std::printf(": %s", received.malformed->c_str());
    else if (verdict.outcome == svid::Outcome::rejected)
        std::printf(": %s at step %u", fault_text(verdict.fault), verdict.step);
    else
        std::printf(" after step %u", verdict.step);
    if (verdict.fault == svid::Fault::fingerprint)
        std::printf(", row %u is not the code's", verdict.row);
    std::printf("; %u of %zu rows, %llu bytes, %.2f %% of the block, %.3f ms\n", received.rows,
                requested, static_cast<unsigned long long>(received.bytes), share, seconds * 1e3);
}

int check(const Options& o)
{
    const Dispersed dispersed = read_dispersal(o.folder);
    const auto count = static_cast<std::uint32_t>(dispersed.validators.stakes.size());
    if (!o.all && o.validator >= count)
        throw BadFile("there are validators 0 to " + std::to_string(count - 1));
    const CheckedHeader header = check_folder_header(o.folder, dispersed);
    std::vector<svid::AssignedRange> ranges(count);
    if (header.fault == svid::Fault::none)
        ranges = assigned_ranges(dispersed, header.header);

    int worst = exit_good;
    std::uint32_t good = 0;
    double seconds = 0, slowest = 0;
    std::uint64_t most = 0;
    Progress bar("checking shares");
    const std::uint32_t first = o.all ? 0 : o.validator, end = o.all ? count : o.validator + 1;
    for (std::uint32_t v = first; v < end; ++v)
    {
        const auto requested = rows_of(ranges[v], header.header.rows);
        const MappedFile file(share_path(o.folder, v));
        const auto start = Clock::now();
        const Received received = receive(header, dispersed.svid_root, requested, file.bytes());
        const double took = seconds_since(start);
        const int code = exit_code(received);
        worst = std::max(worst, code);
        good += code == exit_good ? 1 : 0;
        seconds += took;
        slowest = std::max(slowest, took);
        most = std::max(most, received.bytes);
        if (!o.all || (code != exit_good && !o.json) || o.json)
            print_received(o, v, received, requested.size(), took);
        if (o.all)
            bar.show(v + 1, count);
    }
    if (o.all && !o.json)
        std::printf(
            "%u of %u shares are provisional: %.3f ms each on average, %.3f ms the slowest; "
            "%llu bytes the largest, %.2f %% of the block\n",
            good, count, 1e3 * seconds / count, 1e3 * slowest,
            static_cast<unsigned long long>(most),
            percent(static_cast<double>(most), static_cast<double>(header.header.block_bytes)));
    if (!o.json && good > 0)
        std::puts(
            "provisional: the rows are the code's for this Z; only the execution proof binds Z");
    return worst;
}

// ------------------------------------------------------------------ rebuild

/// "0.34" or "1/3".
bool parse_fraction(const std::string& text, double& out)
{
    try
    {
        std::size_t used = 0;
        const auto slash = text.find('/');
        out = std::stod(text.substr(0, slash), &used);
        if (used != std::min(slash, text.size()))
            return false;
        if (slash != std::string::npos)
        {
            const std::string below = text.substr(slash + 1);
            const double divisor = std::stod(below, &used);
            if (used != below.size() || divisor <= 0)
                return false;
            out /= divisor;
        }
    }
    catch (const std::exception&)
    {
        return false;
    }
    return out >= 0 && out <= 1;
}

const char* result_text(disperse::RebuildResult result)
{
    switch (result)
    {
        case disperse::RebuildResult::rebuilt:
            return "rebuilt";
        case disperse::RebuildResult::insufficient:
            return "insufficient";
        default:
            return "mismatch";
    }
}

int rebuild_block(const Options& o)
{
    double keep = 0;
    parse_fraction(o.keep, keep);
    const Dispersed dispersed = read_dispersal(o.folder);
    const CheckedHeader header = check_folder_header(o.folder, dispersed);
    if (header.fault != svid::Fault::none)
    {
        print_error((std::string("the header is rejected: ") + fault_text(header.fault)).c_str());
        return exit_no;
    }
    const auto ranges = assigned_ranges(dispersed, header.header);
    std::vector<std::uint32_t> order(ranges.size());
    for (std::uint32_t v = 0; v < order.size(); ++v)
        order[v] = v;
    // A generator and a shuffle that are the same on every machine.
    std::mt19937_64 random(o.seed);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random() % i]);
    const auto kept =
        static_cast<std::size_t>(std::ceil(keep * static_cast<double>(order.size()) - 1e-9));
    order.resize(std::min(order.size(), kept));

    std::vector<std::unique_ptr<MappedFile>> files;
    std::vector<std::span<const std::uint8_t>> rows(header.params.rows);
    std::uint32_t lost = 0, dropped = 0;
    {
        Progress bar("checking kept shares");
        for (const std::uint32_t v : order)
        {
            std::error_code error;
            if (!fs::exists(share_path(o.folder, v), error))
            {
                ++lost;
                continue;
            }
            files.push_back(std::make_unique<MappedFile>(share_path(o.folder, v)));
            const Received received =
                receive(header, dispersed.svid_root, rows_of(ranges[v], header.params.rows),
                        files.back()->bytes(), &rows);
            dropped += exit_code(received) == exit_good ? 0 : 1;
            bar.show(files.size(), order.size());
        }
    }
    const auto usable = static_cast<std::uint32_t>(
        std::count_if(rows.begin(), rows.end(), [](const auto& row) { return !row.empty(); }));
    const auto data_there = static_cast<std::uint32_t>(
        std::count_if(rows.begin(), rows.begin() + header.params.data_rows,
                      [](const auto& row) { return !row.empty(); }));

    const auto start = Clock::now();
    disperse::Buffer block;
    disperse::RebuildResult result;
    {
        Progress bar("rebuilding");
        result = disperse::rebuild(
            header.header, header.params, rows,
            {o.threads, [&](std::uint64_t done, std::uint64_t all) { bar.show(done, all); }},
            block);
    }
    const double seconds = seconds_since(start);
    const bool good = result == disperse::RebuildResult::rebuilt;
    if (good)
    {
        // Under another name first: whoever finds the file finds all of it.
        const std::string part = o.out + ".part";
        write_file(part, block.bytes());
        std::error_code error;
        fs::rename(part, o.out, error);
        if (error)
            throw BadFile(o.out + ": " + error.message());
    }
    const char* const text = result_text(result);
    const auto bytes = static_cast<double>(header.params.block_bytes);
    if (o.json)
    {
        Json j;
        j["result"] = text;
        j["validators_kept"] = order.size();
        j["validators"] = ranges.size();
        j["shares_dropped"] = dropped + lost;
        j["rows"] = usable;
        j["rows_needed"] = header.params.data_rows;
        j["elapsed_us"] = seconds * 1e6;
        j["data_root"] = to_hex(header.header.data_root.data(), 32);
        print_json(j);
        return good ? exit_good : exit_no;
    }
    std::printf("kept         %zu of %zu shares (%u missing, %u not good), %u rows, %u needed\n",
                order.size(), ranges.size(), lost, dropped, usable, header.params.data_rows);
    std::printf("data rows    %u of %u were there\n", data_there, header.params.data_rows);
    if (good)
        std::printf("rebuilt      %s in %.3f s, %.2f GB/s; its hash is data_root %s\n",
                    o.out.c_str(), seconds, seconds > 0 ? bytes / seconds / 1e9 : 0,
                    to_hex(header.header.data_root.data(), 32).c_str());
    else
        std::printf("%s: nothing was written\n", text);
    return good ? exit_good : exit_no;
}

// ------------------------------------------------------------------ sample

int sample(const Options& o)
{
    const Dispersed dispersed = read_dispersal(o.folder);
    const CheckedHeader header = check_folder_header(o.folder, dispersed);
    if (header.fault != svid::Fault::none)
    {
        std::printf("rejected: %s at step %u\n", fault_text(header.fault),
                    static_cast<unsigned>(header.fault));
        return exit_no;
    }
    const std::uint32_t all = header.params.rows;
    const std::uint32_t wanted = std::min(o.rows, all);
    std::array<std::uint8_t, 32> entropy{};
    if (o.seeded)
        store_le(entropy.data(), o.seed);
    else if (getentropy(entropy.data(), entropy.size()) != 0)
        throw std::system_error(errno, std::generic_category(), "no entropy");
    std::vector<std::uint32_t> numbers(wanted);
    if (svid::sample_rows(all, entropy, numbers) != Status::ok)
        throw std::logic_error("a sample larger than all rows");

    // Who holds what; a share's file stands for its holder.
    const auto ranges = assigned_ranges(dispersed, header.header);
    std::vector<std::uint32_t> holder(all);
    for (std::uint32_t v = 0; v < ranges.size(); ++v)
        for (std::uint32_t t = 0; t < ranges[v].count; ++t)
            holder[(ranges[v].first + t) % all] = v;
    std::uint32_t missed = 0;
    for (const std::uint32_t r : numbers)
    {
        std::error_code error;
        bool got = false;
        if (fs::exists(share_path(o.folder, holder[r]), error))
        {
            const MappedFile file(share_path(o.folder, holder[r]));
            std::vector<std::span<const std::uint8_t>> rows(all);
            const Received received = receive(header, dispersed.svid_root,
                                              rows_of(ranges[holder[r]], all), file.bytes(), &rows);
            got = !received.malformed && !rows[r].empty();
        }
        missed += got ? 0 : 1;
    }
    const double bound = svid::failure_bound(header.params.data_rows, all, wanted);
    const double exact = svid::failure_probability(header.params.data_rows, all, wanted);
    const bool accepted = missed == 0;
    if (o.json)
    {
        Json j;
        j["accepted"] = accepted;
        j["rows_sampled"] = wanted;
        j["rows_missed"] = missed;
        j["rows"] = all;
        j["data_rows"] = header.params.data_rows;
        j["failure_bound"] = bound;
        j["failure_probability"] = exact;
        print_json(j);
        return accepted ? exit_good : exit_no;
    }
    std::printf("%s: %u rows sampled of %u, %u missed\n", accepted ? "accepted" : "not accepted",
                wanted, all, missed);
    if (accepted && all > 0)
        std::printf(
            "if the block could not be rebuilt, this would happen with probability at most "
            "%.3g (2^%.1f)\n",
            bound, bound > 0 ? std::log2(bound) : -1074.0);
    return accepted ? exit_good : exit_no;
}
}  // namespace

void add_svid_commands(CLI::App& app, int& exit_code)
{
    CLI::App* const svid =
        app.add_subcommand("svid", "Disperse a block, check shares, rebuild, sample.");
    svid->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    Options& o = *options;
    const auto run = [&exit_code, options](int (*command)(const Options&))
    {
        return [&exit_code, options, command]
        {
            try
            {
                exit_code = command(*options);
            }
            catch (const BadFile& error)
            {
                print_error(error.what());
                exit_code = exit_malformed;
            }
            catch (const std::bad_alloc&)
            {
                print_error("not enough memory");
                exit_code = exit_malformed;
            }
            catch (const std::system_error& error)  // of files, or no more threads
            {
                print_error(error.what());
                exit_code = exit_malformed;
            }
        };
    };
    const CLI::Validator digest(
        [](const std::string& text) -> std::string
        {
            const auto bytes = from_hex(text);
            return bytes && bytes->size() == 32 ? "" : "must be 64 hexadecimal digits";
        },
        "HEX");
    const auto add_json = [&](CLI::App* c)
    { c->add_flag("--json", o.json, "one JSON object a line"); };
    const auto add_threads = [&](CLI::App* c)
    { c->add_option("--threads", o.threads, "threads; 0 is one for each processor"); };

    CLI::App* const encode_command = svid->add_subcommand(
        "encode", "Code a file into rows and write one share for each validator.");
    encode_command->add_option("FILE", o.file, "the block, at most 1 GiB")->required();
    auto* const set = encode_command->add_option_group("set", "the validators: one of");
    set->add_option("--validators", o.validators, "N validators with equal stake")
        ->check(CLI::Range(4U, svid::validators_max));
    set->add_option("--stakes", o.stakes_file,
                    "file with a validator a line: STAKE, or PUBLIC_KEY STAKE");
    set->require_option(1);
    encode_command->add_option("--out", o.out, "folder for the shares")->required();
    encode_command->add_option("--chain-id", o.chain_id, "32 bytes; zeros if not given")
        ->check(digest);
    encode_command->add_option("--zone", o.zone, "zone number");
    encode_command->add_option("--height", o.height, "height of the block in its zone");
    encode_command->add_option("--epoch", o.epoch, "epoch of the validator set");
    encode_command->add_option("--epoch-seed", o.seed_hex, "32 bytes; zeros if not given")
        ->check(digest);
    encode_command
        ->add_option("--wrong-row", o.wrong_row,
                     "falsify this parity row, as a dishonest producer would")
        ->check(CLI::NonNegativeNumber);
    add_threads(encode_command);
    add_json(encode_command);
    encode_command->callback(run(encode));

    CLI::App* const check_command =
        svid->add_subcommand("check", "Decide whether a validator's share is good.");
    check_command->add_option("DIR", o.folder, "what encode wrote")->required();
    auto* const who = check_command->add_option_group("who", "one of");
    who->add_option("--validator", o.validator, "number of the validator, from 0");
    who->add_flag("--all", o.all, "every validator");
    who->require_option(1);
    add_json(check_command);
    check_command->callback(run(check));

    CLI::App* const rebuild_command =
        svid->add_subcommand("rebuild", "Rebuild the block from some of the shares.");
    rebuild_command->add_option("DIR", o.folder, "what encode wrote")->required();
    rebuild_command
        ->add_option("--keep", o.keep, "fraction of the validators whose shares are used: 0.4, 1/3")
        ->check(CLI::Validator(
            [](const std::string& text) -> std::string
            {
                double value = 0;
                return parse_fraction(text, value) ? "" : "must be a fraction from 0 to 1";
            },
            "FRACTION"));
    rebuild_command->add_option("--seed", o.seed, "which validators: the same seed, the same ones");
    rebuild_command->add_option("--out", o.out, "file for the block")->required();
    add_threads(rebuild_command);
    add_json(rebuild_command);
    rebuild_command->callback(run(rebuild_block));

    CLI::App* const sample_command =
        svid->add_subcommand("sample", "Look at random rows, as a wallet without stake does.");
    sample_command->add_option("DIR", o.folder, "what encode wrote")->required();
    sample_command->add_option("--rows", o.rows, "how many rows")->check(CLI::PositiveNumber);
    sample_command->add_option("--seed", o.seed, "draw from a seed instead of the system's entropy")
        ->each([&o](const std::string&) { o.seeded = true; });
    add_json(sample_command);
    sample_command->callback(run(sample));

    CLI::App* const table_command = svid->add_subcommand(
        "table", "Bytes a validator downloads, by block size and number of validators.");
    add_json(table_command);
    table_command->callback(run([](const Options& opts) { return print_size_table(opts.json); }));
}
}  // namespace mote::tool
