// mote vote-record show | export | import.
#include <cstdio>
#include <memory>

#include "keys/commands.hpp"
#include "keys/options.hpp"
#include "posix/store/record_exchange.hpp"

namespace mote::tool
{
namespace
{
using consensus::First;
using consensus::KeyName;
using consensus::RecordState;
using consensus::Second;
using consensus::VoteRecord;
using Json = nlohmann::ordered_json;

struct Options
{
    std::string record, chain, key, file;
    std::string out = "-";
    bool json = false;
};

const char* word_of(RecordState state)
{
    if (state == RecordState::exact)
        return "exact";
    return state == RecordState::reserve ? "reserve" : "retired";
}

std::string word_of(First first, const chain::Digest& hash)
{
    if (first == First::notarize)
        return hex_of(hash);
    return first == First::none ? "none" : "used";
}

std::string word_of(Second second, const chain::Digest& hash)
{
    switch (second)
    {
        case Second::none:
            return "none";
        case Second::nullify:
            return "nullify";
        case Second::finalize:
            return hex_of(hash);
        case Second::used:
            break;
    }
    return "used";
}

Json json_of(const VoteRecord& record, const KeyName& name)
{
    Json out;
    out["key_name"] = hex_of(name);
    out["state"] = word_of(record.state);
    out["seq"] = std::to_string(record.seq);
    out["epoch"] = std::to_string(record.epoch);
    out["view"] = std::to_string(record.view);
    out["reserved_view"] = std::to_string(record.reserved_view);
    out["lease_nonce"] = std::to_string(record.lease_nonce);
    out["notarized"] = word_of(record.first, record.notarized);
    out["second"] = word_of(record.second, record.finalized);
    return out;
}

int show_record(const Options& options, const VoteRecord& record, const KeyName& name)
{
    const Json fields = json_of(record, name);
    if (options.json)
        print_json(fields);
    else
        for (const auto& [field, value] : fields.items())
            std::printf("%-14s %s\n", field.c_str(), value.get<std::string>().c_str());
    return 0;
}

/// Without a key the slots' own names of theirs, which a look may trust and a voter may not.
bool load_any(const posix::RecordSlots& slots, KeyName& name, VoteRecord& out)
{
    constexpr std::size_t key_at = 48;
    VoteRecord newest;
    bool found = false;
    for (const consensus::RecordBytes& slot : slots.bytes)
    {
        KeyName own;
        std::copy_n(slot.begin() + key_at, own.size(), own.begin());
        VoteRecord record;
        if (slots.load(own, record) && (!found || record.seq > newest.seq))
        {
            newest = record;
            name = own;
            found = true;
        }
    }
    out = newest;
    return found;
}

int show(const Options& options)
{
    const posix::RecordSlots slots = posix::read_slots(options.record);
    KeyName name{};
    VoteRecord record;
    bool found;
    if (options.key.empty())
        found = load_any(slots, name, record);
    else
    {
        name = consensus::key_name(digest_of(options.chain), public_key_of(options.key));
        found = slots.load(name, record);
    }
    if (found)
        return show_record(options, record, name);
    const char* const text =
        slots.readable[0] && slots.readable[1] ? "no record counts" : "a slot cannot be read";
    if (options.json)
        print_json({{"error", text}});
    else
        std::printf("%s\n", text);
    return slots.readable[0] && slots.readable[1] ? 1 : 2;
}

int export_record(const Options& options)
{
    const chain::PublicKey key = public_key_of(options.key);
    posix::RecordExport exported;
    exported.chain_id = digest_of(options.chain);
    const KeyName name = consensus::key_name(exported.chain_id, key);
    posix::RecordFile file(options.record, name);
    // Flushed before anything leaves: from here on the key does not sign on this machine.
    exported.records.push_back(posix::retire_record(file, options.record, name, key));
    const std::string text = posix::to_text(exported);
    if (options.out == "-")
        std::fputs(text.c_str(), stdout);
    else
        posix::write_file(options.out,
                          {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()},
                          posix::IfExists::fail);
    return 0;
}

int import_command(const Options& options)
{
    const chain::Digest chain_id = digest_of(options.chain);
    const chain::PublicKey key = public_key_of(options.key);
    const VoteRecord record = import_record(options.file, options.record, chain_id, key);
    return show_record(options, record, consensus::key_name(chain_id, key));
}
}  // namespace

void add_record_commands(CLI::App& app, int& exit_code)
{
    CLI::App* const records =
        app.add_subcommand("vote-record", "Look at what a key has voted, and move it.");
    records->require_subcommand(1);
    records->footer(
        "Exit status: 0 done, 1 the answer is no, 2 malformed, unreadable or not possible, "
        "3 usage.");
    const auto options = std::make_shared<Options>();
    const auto add = [&](const char* name, const char* help, int (*run)(const Options&))
    {
        CLI::App* const command = records->add_subcommand(name, help);
        command->add_option("RECORD", options->record, "file of the vote record")->required();
        command->callback([options, run, &exit_code] { exit_code = run(*options); });
        return command;
    };
    const auto add_key = [&](CLI::App* command, bool required)
    {
        auto* const chain =
            command->add_option("--chain", options->chain, "hash of the genesis root header");
        auto* const key = command->add_option("--key", options->key, "public key");
        chain->check(is_hex(32))->required(required);
        key->check(is_hex(48))->required(required);
        chain->needs(key);
        key->needs(chain);
    };

    CLI::App* command = add("show", "Show the record that counts; a voter may be at work.", &show);
    add_key(command, false);
    command->add_flag("--json", options->json, "one JSON object");

    command = add("export", "End the key here, and write where it stood.", &export_record);
    add_key(command, true);
    command->add_option("--out", options->out, "a new file; - is standard output");
    command->footer("The record is retired: the key never signs a vote of this chain here again.");

    command = add("import", "Raise the record to an export, or make it; never lowers it.",
                  &import_command);
    command->add_option("FILE", options->file, "file of `mote vote-record export`")->required();
    add_key(command, true);
    command->add_flag("--json", options->json, "one JSON object");
}
}  // namespace mote::tool
