#include "dispersal/folder.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "bundle_file.hpp"
#include "hash/blake3.hpp"
#include "wire/svid_messages.hpp"

namespace mote::tool
{
namespace
{
using Json = nlohmann::ordered_json;

std::string system_error(const std::filesystem::path& path)
{
    return path.string() + ": " + std::generic_category().message(errno);
}

svid::Digest digest_of(const Json& json, const char* field)
{
    const auto bytes = from_hex(json.at(field).get<std::string>());
    if (!bytes || bytes->size() != 32)
        throw BadFile(std::string("dispersal.json: ") + field + " must be 64 hexadecimal digits");
    svid::Digest digest;
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

ByteVector default_key(std::uint32_t validator)
{
    const std::string text = "mote svid validator " + std::to_string(validator);
    hash::Blake3 hash;
    hash.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    ByteVector key(svid::public_key_bytes);
    hash.finish_xof(key);
    return key;
}

template <class Message>
void append(ByteVector& frames, const Message& message)
{
    const std::size_t bytes = wire::encoded_bytes(message);
    const std::size_t at = frames.size();
    frames.resize(at + bytes);
    std::size_t written = 0;
    if (wire::encode(message, MutableBytes(frames).subspan(at), written) != Status::ok ||
        written != bytes)
        throw std::logic_error("a message of ours breaks a limit");
}
}  // namespace

Validators equal_validators(std::uint32_t n, const svid::Digest& seed)
{
    Validators validators{seed, std::vector<std::uint64_t>(n, 1), {}};
    for (std::uint32_t v = 0; v < n; ++v)
    {
        const ByteVector key = default_key(v);
        validators.keys.insert(validators.keys.end(), key.begin(), key.end());
    }
    return validators;
}

Validators read_validators(const std::filesystem::path& file, const svid::Digest& seed)
{
    std::ifstream stream(file);
    if (!stream)
        throw BadFile(system_error(file));
    Validators validators{seed, {}, {}};
    std::string line;
    std::uint32_t number = 0, listed = 0;
    while (std::getline(stream, line))
    {
        ++number;
        std::istringstream words(line.substr(0, line.find('#')));
        std::vector<std::string> word;
        for (std::string w; words >> w;)
            word.push_back(w);
        if (word.empty())
            continue;
        const auto wrong = [&](const char* what)
        { return BadFile(file.string() + ":" + std::to_string(number) + ": " + what); };
        if (word.size() > 2)
            throw wrong("one validator a line: STAKE, or PUBLIC_KEY STAKE");
        const std::string& stake_text = word.back();
        std::size_t used = 0;
        std::uint64_t stake = 0;
        try
        {
            if (stake_text.find_first_not_of("0123456789") == std::string::npos)
                stake = std::stoull(stake_text, &used);
        }
        catch (const std::out_of_range&)
        {
            used = 0;
        }
        if (used == 0 || used != stake_text.size())
            throw wrong("a stake is a number below 2^64");
        ByteVector key = default_key(listed++);
        if (word.size() == 2)
        {
            const auto bytes = from_hex(word[0]);
            if (!bytes || bytes->size() != svid::public_key_bytes)
                throw wrong("a public key has 96 hexadecimal digits");
            key = *bytes;
        }
        if (stake == 0)
            continue;
        validators.stakes.push_back(stake);
        validators.keys.insert(validators.keys.end(), key.begin(), key.end());
    }
    return validators;
}

MappedFile::MappedFile(const std::filesystem::path& path)
{
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        throw BadFile(system_error(path));
    struct stat info{};
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode))
    {
        close(file);
        throw BadFile(path.string() + ": not a regular file");
    }
    size_ = static_cast<std::size_t>(info.st_size);
    void* const memory =
        size_ == 0 ? nullptr : mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (memory == MAP_FAILED)
        throw BadFile(system_error(path));
    data_ = static_cast<const std::uint8_t*>(memory);
}

MappedFile::~MappedFile()
{
    if (data_ != nullptr)
        munmap(const_cast<std::uint8_t*>(data_), size_);
}

std::filesystem::path share_path(const std::filesystem::path& folder, std::uint32_t validator)
{
    std::string number = std::to_string(validator);
    number.insert(0, number.size() < 5 ? 5 - number.size() : 0, '0');
    return folder / ("validator-" + number + ".svid");
}

void write_file(const std::filesystem::path& path, Bytes bytes)
{
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream)
        throw BadFile("cannot write " + system_error(path));
}

void remove_dispersal(const std::filesystem::path& folder)
{
    std::filesystem::remove(folder / "dispersal.json");
    for (const auto& entry : std::filesystem::directory_iterator(folder))
    {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("validator-") && name.ends_with(".svid"))
            std::filesystem::remove(entry.path());
    }
}

void write_dispersal(const std::filesystem::path& folder, const Dispersed& dispersed,
                     const svid::HeaderBytes& header)
{
    Json j;
    j["format"] = "mote svid dispersal 1";
    j["chain_id"] = to_hex(dispersed.subject.chain_id.data(), 32);
    j["zone"] = dispersed.subject.zone;
    j["height"] = dispersed.subject.height;
    j["epoch"] = dispersed.subject.epoch;
    j["seed"] = to_hex(dispersed.validators.seed.data(), 32);
    j["svid_root"] = to_hex(dispersed.svid_root.data(), 32);
    j["validators"] = Json::array();
    for (std::size_t v = 0; v < dispersed.validators.stakes.size(); ++v)
        j["validators"].push_back(
            {{"public_key", to_hex(dispersed.validators.keys.data() + v * svid::public_key_bytes,
                                   svid::public_key_bytes)},
             {"stake", dispersed.validators.stakes[v]}});
    const std::string text = j.dump(1) + "\n";
    write_file(folder / "header.bin", header);
    // In one step: whoever finds the file finds all of it, and everything it speaks of.
    write_file(folder / "dispersal.json.part",
               {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    std::filesystem::rename(folder / "dispersal.json.part", folder / "dispersal.json");
}

Dispersed read_dispersal(const std::filesystem::path& folder)
{
    const auto path = folder / "dispersal.json";
    std::ifstream stream(path);
    if (!stream)
        throw BadFile(system_error(path));
    try
    {
        const Json j = Json::parse(stream);
        Dispersed dispersed;
        dispersed.subject.chain_id = digest_of(j, "chain_id");
        dispersed.subject.zone = j.at("zone").get<std::uint32_t>();
        dispersed.subject.height = j.at("height").get<std::uint64_t>();
        dispersed.subject.epoch = j.at("epoch").get<std::uint64_t>();
        dispersed.validators.seed = digest_of(j, "seed");
        dispersed.svid_root = digest_of(j, "svid_root");
        for (const Json& validator : j.at("validators"))
        {
            const auto key = from_hex(validator.at("public_key").get<std::string>());
            if (!key || key->size() != svid::public_key_bytes)
                throw BadFile("dispersal.json: a public key has 96 hexadecimal digits");
            dispersed.validators.stakes.push_back(validator.at("stake").get<std::uint64_t>());
            dispersed.validators.keys.insert(dispersed.validators.keys.end(), key->begin(),
                                             key->end());
        }
        std::uint64_t total = 0;
        if (svid::total_stake(dispersed.validators.stakes, total) != Status::ok)
            throw BadFile("dispersal.json: 4 to 40960 validators with stake, below 2^64 in all");
        return dispersed;
    }
    catch (const Json::exception& error)
    {
        throw BadFile(path.string() + ": " + error.what());
    }
}

ByteVector read_header(const std::filesystem::path& folder)
{
    const auto path = folder / "header.bin";
    const MappedFile file(path);
    if (file.bytes().size() != svid::header_bytes)
        throw BadFile(path.string() + ": a header has 176 bytes, this has " +
                      std::to_string(file.bytes().size()));
    return {file.bytes().begin(), file.bytes().end()};
}

ByteVector share_frames(const disperse::Dispersal& dispersal, const svid::AssignedRange& range)
{
    ByteVector frames;
    const svid::Digest root = dispersal.svid_root();
    const Bytes z = dispersal.z();
    for (std::size_t at = 0; at < z.size(); at += wire::z_part_bytes_max)
        append(frames, wire::ZPart{root, static_cast<std::uint32_t>(at),
                                   z.subspan(at, std::min(wire::z_part_bytes_max, z.size() - at))});
    for (const disperse::RowRun& run : dispersal.runs(range, wire::rows_bytes_max))
    {
        ByteVector rows;
        for (std::uint32_t i = 0; i < run.count; ++i)
        {
            const auto row = dispersal.row(run.first + i);
            rows.insert(rows.end(), row.begin(), row.end());
        }
        append(frames,
               wire::Rows{root, run.first, run.count, rows, run.data_path, run.parity_path});
    }
    return frames;
}
}  // namespace mote::tool
