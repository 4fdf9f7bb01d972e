// Numbers, bytes and addresses as Ethereum's JSON files have them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "evm/fork.hpp"
#include "evm/types.hpp"

namespace mote::evm_tool
{
using Json = nlohmann::json;

/// Hexadecimal with or without 0x, odd lengths with a zero in front. Throws std::runtime_error.
[[nodiscard]] std::vector<std::uint8_t> bytes_of(const std::string& text);
[[nodiscard]] evm::Word word_of(const Json& value);
[[nodiscard]] std::uint64_t u64_of(const Json& value);
[[nodiscard]] evm::Address address_of(const Json& value);
[[nodiscard]] evm::Hash hash_of(const Json& value);
[[nodiscard]] std::string hex_of(Bytes bytes);
/// 0x and no leading zeros.
[[nodiscard]] std::string hex_of(const evm::Word& value);

/// A fork by the name that tests use for it ("EIP158"), or that this project uses ("spurious_dragon").
[[nodiscard]] std::optional<evm::Fork> fork_of(const std::string& name);
[[nodiscard]] const char* name_of(evm::Fork fork);
}  // namespace mote::evm_tool
