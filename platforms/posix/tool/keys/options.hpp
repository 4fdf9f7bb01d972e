// What the commands about keys and vote records share.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "consensus/vote_record.hpp"
#include "json/strict_json.hpp"

namespace mote::tool
{
/// Accepts `bytes` bytes of hexadecimal, with or without 0x.
[[nodiscard]] CLI::Validator is_hex(std::size_t bytes);

/// Bytes of a text that is_hex() accepted.
///
/// Errors  throws json::Error if it is not what is_hex(size) accepts.
[[nodiscard]] std::vector<std::uint8_t> bytes_of_hex(const std::string& text, std::size_t size);
[[nodiscard]] chain::Digest digest_of(const std::string& text);
[[nodiscard]] chain::PublicKey public_key_of(const std::string& text);

/// "0x" and lower-case digits.
template <class Array>
[[nodiscard]] std::string hex_of(const Array& bytes)
{
    return "0x" + json::to_hex(bytes.data(), bytes.size());
}

void print_json(const nlohmann::ordered_json& value);

/// Raises a record to what the export of another store says, or makes it so if there is none.
/// Returns the record that stands then.
///
/// Errors  throws std::exception: unreadable, of another chain, without this key, or the record cannot
///         be opened or flushed.
consensus::VoteRecord import_record(const std::string& file, const std::string& record_path,
                                    const chain::Digest& chain_id, const chain::PublicKey& key);
}  // namespace mote::tool
