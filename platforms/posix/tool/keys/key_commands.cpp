// mote keys new | import | export.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "json/strict_json.hpp"
#include "keys/commands.hpp"
#include "keys/options.hpp"
#include "keys/secret_input.hpp"
#include "keystore/key_path.hpp"
#include "keystore/keystore.hpp"
#include "keystore/password.hpp"
#include "posix/store/record_file.hpp"

namespace mote::tool
{
namespace
{
using keystore::Keystore;
using keystore::OpenResult;
using keystore::SecretBytes;
using signature::SecretKey;
using Json = nlohmann::ordered_json;

constexpr std::size_t characters_min = 8;
constexpr std::size_t seed_bytes_max = 256;

struct Options
{
    std::string folder, chain, file, out;
    std::string password_file, new_password_file, seed_file, record_export;
    std::string path = "m/12381/60/0/0";
    std::string kdf = "scrypt";
    std::string description;
    int cost = 18;
    bool never_voted = false;
    bool json = false;
};

void check_new_password(const SecretBytes& password)
{
    const auto normalized = keystore::normalize_password(password.span());
    if (!normalized)
        throw std::runtime_error(keystore::to_text(OpenResult::bad_password));
    if (normalized->characters < characters_min)
        throw std::runtime_error("a password has at least 8 characters");
}

keystore::SealOptions seal_options(const Options& options, const std::string& path)
{
    keystore::SealOptions out;
    out.kdf.function =
        options.kdf == "scrypt" ? keystore::KdfFunction::scrypt : keystore::KdfFunction::pbkdf2;
    out.kdf.n = out.kdf.rounds = std::uint64_t{1} << options.cost;
    out.path = path;
    out.description = options.description;
    return out;
}

Keystore seal(const SecretKey& key, const SecretBytes& password, const Options& options,
              const std::string& path)
{
    Keystore out;
    if (const OpenResult result =
            keystore::seal(key, password.span(), seal_options(options, path), {}, out);
        result != OpenResult::opened)
        throw std::runtime_error(keystore::to_text(result));
    return out;
}

/// Opens a keystore; the answer no (exit code 1) is a wrong password or a file that was changed.
OpenResult open_file(const std::string& file, const SecretBytes& password, Keystore& keystore,
                     SecretKey& key)
{
    const auto text = posix::read_file(file, keystore::keystore_text_bytes_max);
    try
    {
        keystore = keystore::parse({reinterpret_cast<const char*>(text.data()), text.size()});
    }
    catch (const json::Error& error)
    {
        throw std::runtime_error(file + ": " + error.what());
    }
    return keystore::open(keystore, password.span(), {}, key);
}

bool is_no(OpenResult result)
{
    return result == OpenResult::wrong_password || result == OpenResult::not_a_key ||
           result == OpenResult::other_public_key;
}

int refuse(const Options& options, const std::string& file, OpenResult result)
{
    if (options.json)
        print_json({{"file", file}, {"error", keystore::to_text(result)}});
    else
        std::fprintf(stderr, "mote: %s: %s\n", file.c_str(), keystore::to_text(result));
    return is_no(result) ? 1 : 2;
}

/// What is shown of a key: public things.
struct Announcement
{
    explicit Announcement(const SecretKey& key)
    {
        signature::encode(key.public_key(), public_key);
        signature::encode(key.prove_possession(), possession);
    }
    chain::PublicKey public_key;
    chain::Signature possession;
};

/// Makes the record of a key that has never voted, or takes the one that an interrupted run left.
void make_first_record(const std::string& path, const consensus::KeyName& name)
{
    try
    {
        posix::RecordFile::create(path, name);
    }
    catch (const posix::IoError& error)
    {
        if (error.code != EEXIST)
            throw;
        const posix::RecordFile file(path, name);
        if (file.record() != consensus::first_record())
            throw std::runtime_error(path + ": this key has a record with votes already");
    }
}

void write_keystore(const std::string& path, const Keystore& keystore, posix::IfExists if_exists)
{
    const std::string text = keystore::to_text(keystore);
    posix::write_file(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()},
                      if_exists);
}

int announce(const Options& options, const Announcement& key, const Keystore& keystore,
             const std::string& keystore_path, const std::string& record_path)
{
    const std::string public_key = hex_of(key.public_key), possession = hex_of(key.possession);
    if (options.json)
    {
        Json out;
        out["public_key"] = public_key;
        out["possession"] = possession;
        out["path"] = keystore.path;
        out["uuid"] = keystore.uuid;
        out["keystore"] = keystore_path;
        if (!record_path.empty())
            out["vote_record"] = record_path;
        print_json(out);
        return 0;
    }
    std::printf("public key   %s\npossession   %s\nkeystore     %s\n", public_key.c_str(),
                possession.c_str(), keystore_path.c_str());
    if (!record_path.empty())
        std::printf("vote record  %s\n", record_path.c_str());
    return 0;
}

/// The record is safe before the keystore is there, and both before anybody hears of the key.
int store_key(const Options& options, const SecretKey& key, const SecretBytes& password,
              const std::string& path)
{
    const Announcement announcement(key);
    const Keystore sealed = seal(key, password, options, path);
    posix::make_folder(options.folder);
    const consensus::KeyName name =
        consensus::key_name(digest_of(options.chain), announcement.public_key);
    const std::string record_path = options.folder + "/" + hex_of(name) + ".record";
    const std::string keystore_path =
        options.folder + "/" +
        json::to_hex(announcement.public_key.data(), announcement.public_key.size()) + ".json";
    if (options.record_export.empty())
        make_first_record(record_path, name);
    else
        import_record(options.record_export, record_path, digest_of(options.chain),
                      announcement.public_key);
    write_keystore(keystore_path, sealed, posix::IfExists::fail);
    return announce(options, announcement, sealed, keystore_path, record_path);
}

SecretBytes read_seed(const std::string& file)
{
    const SecretBytes digits = read_secret_line(file, 2 * seed_bytes_max);
    SecretBytes seed(digits.size() / 2);
    if (digits.size() % 2 != 0 || seed.size() < 32)
        throw std::runtime_error(file + ": a seed is 32 to 256 bytes of hexadecimal");
    for (std::size_t i = 0; i < digits.size(); ++i)
    {
        const std::uint8_t c = digits.data()[i];
        const int value = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (value < 0)
            throw std::runtime_error(file + ": not hexadecimal");
        seed.data()[i / 2] = static_cast<std::uint8_t>(seed.data()[i / 2] << 4 | value);
    }
    return seed;
}

int new_key(const Options& options)
{
    SecretKey key;
    std::string path;
    if (options.seed_file.empty())
    {
        SecretBytes seed(32);
        keystore::fill_random(seed.span());
        if (key.derive_master(seed.span()) != Status::ok)
            throw std::logic_error("a seed of 32 bytes makes a key");
    }
    else
    {
        path = options.path;
        const SecretBytes seed = read_seed(options.seed_file);
        if (!keystore::derive_along(seed.span(), path, key))
            throw std::runtime_error("the path is not m/N/N/...");
    }
    const SecretBytes password = read_password(options.password_file, "New password: ", true);
    check_new_password(password);
    return store_key(options, key, password, path);
}

int import_key(const Options& options)
{
    if (options.never_voted == !options.record_export.empty())
        throw std::runtime_error(
            "say what the key has voted: --vote-record FILE, or --never-voted if it never did");
    const SecretBytes password = read_password(options.password_file, "Password: ", false);
    Keystore keystore;
    SecretKey key;
    if (const OpenResult result = open_file(options.file, password, keystore, key);
        result != OpenResult::opened)
        return refuse(options, options.file, result);
    Options with_texts = options;
    if (with_texts.description.empty())
        with_texts.description = keystore.description;
    if (options.new_password_file.empty())
        return store_key(with_texts, key, password, keystore.path);
    const SecretBytes fresh = read_password(options.new_password_file, "New password: ", true);
    check_new_password(fresh);
    return store_key(with_texts, key, fresh, keystore.path);
}

int export_key(const Options& options)
{
    const SecretBytes password = read_password(options.password_file, "Password: ", false);
    Keystore keystore;
    SecretKey key;
    if (const OpenResult result = open_file(options.file, password, keystore, key);
        result != OpenResult::opened)
        return refuse(options, options.file, result);
    const SecretBytes fresh = read_password(options.new_password_file, "New password: ", true);
    check_new_password(fresh);
    Options with_texts = options;
    if (with_texts.description.empty())
        with_texts.description = keystore.description;
    const Keystore sealed = seal(key, fresh, with_texts, keystore.path);
    write_keystore(options.out, sealed, posix::IfExists::fail);
    return announce(options, Announcement(key), sealed, options.out, "");
}

void add_seal_options(CLI::App* command, Options& options)
{
    command->add_option("--kdf", options.kdf, "scrypt (the default) or pbkdf2")
        ->check(CLI::IsMember({"scrypt", "pbkdf2"}));
    command
        ->add_option("--kdf-cost", options.cost,
                     "the logarithm of scrypt's n or of pbkdf2's rounds, 18")
        ->check(CLI::Range(14, 21));
    command->add_option("--description", options.description, "a text that goes into the file");
}
}  // namespace

void add_key_commands(CLI::App& app, int& exit_code)
{
    CLI::App* const keys =
        app.add_subcommand("keys", "Make and move secret keys (EIP-2335 keystores).");
    keys->require_subcommand(1);
    keys->footer(
        "Exit status: 0 done, 1 the answer is no, 2 malformed, unreadable or not possible, "
        "3 usage.");
    const auto options = std::make_shared<Options>();
    const auto add = [&](const char* name, const char* help, int (*run)(const Options&))
    {
        CLI::App* const command = keys->add_subcommand(name, help);
        command->add_flag("--json", options->json, "one JSON object");
        command->callback([options, run, &exit_code] { exit_code = run(*options); });
        return command;
    };
    const auto add_place = [&](CLI::App* command)
    {
        command->add_option("--dir", options->folder, "folder of keystores and vote records")
            ->required();
        command->add_option("--chain", options->chain, "hash of the genesis root header")
            ->required()
            ->check(is_hex(32));
    };
    const auto add_password = [&](CLI::App* command, const char* help)
    { command->add_option("--password-file", options->password_file, help); };
    constexpr const char* from_where =
        "file with the password in one line; - is standard input; "
        "asked for on the terminal without it";

    CLI::App* command = add("new", "Make a key, its first vote record and its keystore.", &new_key);
    add_place(command);
    add_password(command, from_where);
    command->add_option("--seed-file", options->seed_file,
                        "derive the key from this seed, 32 to 256 bytes of hexadecimal; random "
                        "without it");
    command->add_option("--path", options->path, "where below the seed (EIP-2334)");
    add_seal_options(command, *options);

    command = add("import", "Take over a key from a keystore.", &import_key);
    command->add_option("KEYSTORE", options->file)->required();
    add_place(command);
    add_password(command, from_where);
    command->add_option("--new-password-file", options->new_password_file,
                        "the password here, if it should be another one");
    command->add_option("--vote-record", options->record_export,
                        "what the key has voted: a file of `mote vote-record export`");
    command->add_flag("--never-voted", options->never_voted,
                      "the key has never voted on this chain, anywhere");
    add_seal_options(command, *options);

    command = add("export", "Write a keystore with another password.", &export_key);
    command->add_option("KEYSTORE", options->file)->required();
    command->add_option("--out", options->out, "the new file")->required();
    add_password(command, from_where);
    command->add_option("--new-password-file", options->new_password_file,
                        "file with the new password; asked for without it");
    add_seal_options(command, *options);
    command->footer(
        "The vote record stays. Before the key votes elsewhere, `mote vote-record export` must end "
        "it "
        "here: two voters with one key vote twice.");
}
}  // namespace mote::tool
