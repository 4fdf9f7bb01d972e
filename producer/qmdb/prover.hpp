// Prover: proofs and witnesses from a store, in the format that sdk/state verifies.
//
// Siblings within a chunk are hashed again from the log: one chunk is 256 entries, some 30 KB. Above,
// the nodes are in memory. Roots are those of the newest block, pending or not.
#pragma once

#include <map>
#include <set>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
/// What a proof opens, by shard: serial numbers; and chunks that a witness shows besides.
struct Selection
{
    std::map<unsigned, std::set<std::uint64_t>> sns, chunks;
};

/// Builds a proof or witness of any entries.
///
/// Shape   selection: at least one shard, at least one entry in each.
/// Errors  Damage if the log is not what the tree was made of; NotHere if it is pruned.
[[nodiscard]] std::vector<std::uint8_t> build_proof(Store& store, const Selection& selection,
                                                    bool witness = false);

/// Adds what answers for a key now: its entry or the one that covers it.
void select_key(Store& store, ByteView key, Selection& selection);

/// Adds what answers for a key after block `height`: the entry then and, if it is not the current
/// one, the entry that names it.
///
/// Errors  NotHere: the height is pruned.
/// Cost    reads the shard's log once, unless the current entry is as old.
void select_past(Store& store, ByteView key, std::uint64_t height, Selection& selection);

/// Builds the minimal witness of a block on top of the newest one.
[[nodiscard]] std::vector<std::uint8_t> build_witness(Store& store,
                                                      std::span<const state::Operation> operations,
                                                      std::span<const ByteView> reads);
}  // namespace mote::qmdb
