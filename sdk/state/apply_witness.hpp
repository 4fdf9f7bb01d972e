// apply_witness: the state root after a block, computed from a witness instead of the state.
//
// This is what a guest program proves: from this root, with this block, to that root. The witness
// opens the entries that the block touches; from them the touched stretches of each shard's list are
// rebuilt, the block's rules applied, and the trees folded again with the same siblings.
//
// A witness may open more than is needed. What it leaves out makes the answer `missing`, never
// another root.
//
// Source  [QMDB-FORMAT] sections 3 and 6.
#pragma once

#include <span>

#include "base/arena.hpp"
#include "state/block_rules.hpp"
#include "state/open.hpp"

namespace mote::state
{
/// Bytes that apply_witness takes from its arena at most.
[[nodiscard]] std::size_t apply_memory_bytes(std::size_t witness_bytes,
                                             std::size_t operation_count) noexcept;

/// Applies a block; answers to reads must be taken before.
///
/// Shape   operations: in any order, the last mention of a key counts; fewer than 2^32 (asserted).
/// Errors  malformed (batch_key, batch_value, batch_collision): the block is void, offset counts
///         operations. rejected (missing, sn_space). memory_too_small.
/// Memory  from `arena`, given back at the end of each shard but for 100 bytes an operation.
/// Cost    for each appended entry its blocks and one node; the nodes above the chunks of the
///         witness once more.
Status apply_witness(const Opened& opened, std::uint64_t height,
                     std::span<const Operation> operations, Arena& arena, Digest& new_root,
                     Defect& defect) noexcept;
}  // namespace mote::state
