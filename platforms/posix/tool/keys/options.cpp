#include "keys/options.hpp"

#include <algorithm>
#include <cstdio>

#include "posix/store/record_exchange.hpp"

namespace mote::tool
{
namespace
{
template <class Array>
Array array_of(const std::string& text)
{
    Array out;
    const auto bytes = bytes_of_hex(text, out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}
}  // namespace

std::vector<std::uint8_t> bytes_of_hex(const std::string& text, std::size_t size)
{
    const nlohmann::json value = text.starts_with("0x") ? text.substr(2) : text;
    return json::Value(value, "").hex(size, size);
}

CLI::Validator is_hex(std::size_t bytes)
{
    return {[bytes](const std::string& text) -> std::string
            {
                try
                {
                    static_cast<void>(bytes_of_hex(text, bytes));
                    return "";
                }
                catch (const json::Error&)
                {
                    return "must be " + std::to_string(2 * bytes) + " hexadecimal digits";
                }
            },
            "HEX"};
}

chain::Digest digest_of(const std::string& text) { return array_of<chain::Digest>(text); }

chain::PublicKey public_key_of(const std::string& text) { return array_of<chain::PublicKey>(text); }

void print_json(const nlohmann::ordered_json& value)
{
    // Names of files may be any bytes: what is not UTF-8 is replaced rather than thrown at.
    std::printf(
        "%s\n",
        value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

consensus::VoteRecord import_record(const std::string& file, const std::string& record_path,
                                    const chain::Digest& chain_id, const chain::PublicKey& key)
{
    const auto text = posix::read_file(file, posix::record_export_bytes_max);
    posix::RecordExport exported;
    try
    {
        exported =
            posix::parse_record_export({reinterpret_cast<const char*>(text.data()), text.size()});
    }
    catch (const json::Error& error)
    {
        throw std::runtime_error(file + ": " + error.what());
    }
    if (exported.chain_id != chain_id)
        throw std::runtime_error(file + ": of another chain");
    const auto position = posix::position_of(exported, key);
    if (!position)
        throw std::runtime_error(file + ": has no record of this key");

    const consensus::KeyName name = consensus::key_name(chain_id, key);
    // A machine without a record begins where the key stands.
    const consensus::VoteRecord raised =
        posix::imported(consensus::first_record(), *position).value_or(consensus::first_record());
    try
    {
        posix::RecordFile::create(record_path, name, raised);
        return raised;
    }
    catch (const posix::IoError& error)
    {
        if (error.code != EEXIST)
            throw;
    }
    posix::RecordFile record(record_path, name);
    if (const auto next = posix::imported(record.record(), *position))
        if (!record.write(consensus::slot_offset(next->seq), consensus::encode(*next, name)))
            throw posix::IoError(record_path, "write", record.error());
    return record.record();
}
}  // namespace mote::tool
