// Blocks in files: the binary format of producer/block, and a form in JSON for people.
//
// Worked case: {"env": .., "pre": .., "transactions": ["0x02f8..", "0xc0"]} is a block of two byte strings on the
// state "pre"; "env" and "pre" are those of state tests.
#pragma once

#include <string>
#include <vector>

#include "block/block.hpp"
#include "block/state_changes.hpp"
#include "json_values.hpp"
#include "map_state.hpp"

namespace mote::evm_tool
{
/// A block and the bytes that it points into.
struct BlockFile
{
    std::vector<std::vector<std::uint8_t>> bytes;
    block::Block block;
    MapState before;
    bool has_access = false;  ///< it says what is accessed

    BlockFile() = default;
    BlockFile(const BlockFile&) = delete;
    BlockFile(BlockFile&&) = default;
};

/// Reads a block in either form; `pre`, if not empty, names a JSON file with the accounts before it.
///
/// Errors  throws std::runtime_error if a file cannot be read or is no block.
[[nodiscard]] BlockFile read_block(const std::string& name, const std::string& pre,
                                   const std::string& fork);

/// Takes over what a block changed.
void apply(const block::StateChanges& changes, MapState& state);
}  // namespace mote::evm_tool
