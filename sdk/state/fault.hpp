// Fault: what is wrong with bytes that claim to be about the state, and where.
//
// A proof that does not parse, a proof that is not under the root and a proof that does not answer
// are three different things: Status::malformed, Status::rejected, and Answer::unproven.
#pragma once

#include <cstdint>

namespace mote::state
{
enum class Fault : std::uint8_t
{
    none = 0,
    // does not parse
    truncated = 1,       ///< bytes are missing
    trailing = 2,        ///< bytes are left over
    magic = 3,           ///< neither a proof nor a witness, or not the one asked for
    shard_mask = 4,      ///< no shard, or the zero bytes beside the mask are not zero
    next_sn = 5,         ///< not in 1 .. 2^56 - 1
    entry_count = 6,     ///< no entry
    chunk_count = 7,     ///< extra chunks in a proof
    entry = 8,           ///< an entry's own bytes
    entry_order = 9,     ///< serial numbers not ascending or not below next SN
    entry_padding = 10,  ///< padding that is not zero
    chunk_order = 11,    ///< chunk numbers not ascending, beyond the end, or of a row already there
    batch_key = 12,      ///< an operation's key is empty, too long, or hashes to a bound
    batch_value = 13,    ///< an operation's value is too long
    batch_collision = 14,  ///< two keys with one hash
    // parses, and the answer is no
    root = 32,      ///< leads to another root
    missing = 33,   ///< a witness without an entry or chunk that the block needs
    sn_space = 34,  ///< serial numbers would leave 56 bits
};

/// A fault and the byte where the item begins; 0 where no byte is to blame.
struct Defect
{
    Fault fault = Fault::none;
    std::uint64_t offset = 0;
};
}  // namespace mote::state
