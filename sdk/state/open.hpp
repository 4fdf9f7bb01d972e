// open: from the bytes of a proof to entries that are under a state root.
//
// A proof and a witness are one format: authenticated log entries of one or more shards. A proof
// says nothing by itself; once it is open, questions are answered from its entries (answer.hpp) and,
// of a witness, a block is applied (apply_witness.hpp).
//
//   Opened opened;
//   if (open_proof(bytes, root, arena, opened, defect) == Status::ok)
//       answer(opened, key, ...)
//
// Source  [QMDB-FORMAT] section 4.
#pragma once

#include <span>

#include "base/arena.hpp"
#include "state/entry.hpp"
#include "state/fault.hpp"
#include "state/tree.hpp"

namespace mote::state
{
/// An entry under the root, and whether it is the current one.
struct OpenedEntry
{
    Entry entry;
    bool active;
};

/// What is known of a chunk that holds an opened entry, the append point or examined positions.
struct OpenedChunk
{
    std::uint64_t number;
    Digest s;
    ChunkBits bits;
};

struct Section
{
    std::uint32_t shard = 0;
    std::uint64_t next_sn = 0, floor = 0, active_count = 0;
    std::span<OpenedEntry> entries;  ///< by serial number
    std::span<OpenedChunk> chunks;   ///< by number; in a witness the last one is the append point's
    Frontier* frontier = nullptr;    ///< of a witness: at next SN
    Bytes upper_items;               ///< for the levels from 8 on
    Digest root;

    [[nodiscard]] const OpenedChunk* chunk(std::uint64_t number) const noexcept;
    [[nodiscard]] OpenedChunk* chunk(std::uint64_t number) noexcept;
    [[nodiscard]] const OpenedEntry* entry(std::uint64_t sn) const noexcept;
};

enum class Kind : std::uint8_t
{
    proof,
    witness,
};

/// A proof or witness whose root was found to be the given one.
struct Opened
{
    Kind kind = Kind::proof;
    Section section[shard_count];  ///< the first section_count, by shard
    std::uint32_t section_count = 0;
    Bytes state_items;

    [[nodiscard]] const Section* of_shard(std::uint32_t shard) const noexcept;
};

/// Bytes that open_proof and open_witness take from their arena at most.
///
/// About four times the bytes of the proof; 12 KiB more for a witness.
[[nodiscard]] std::size_t open_memory_bytes(std::size_t proof_bytes) noexcept;

/// Opens a proof against a root.
///
/// Errors  malformed: see Fault, with the offset. rejected (root): parses, but is not under `root`.
///         memory_too_small.
/// Memory  from `arena`; `opened` points into it and into `bytes`.
/// Cost    one compression for each started 64 bytes of an entry and for each node above; a single
///         entry of two blocks takes 16 + t, t the bit length of (next SN >> 8).
Status open_proof(Bytes bytes, const Digest& root, Arena& arena, Opened& opened,
                  Defect& defect) noexcept;

/// Opens a witness against the root before the block.
Status open_witness(Bytes bytes, const Digest& root, Arena& arena, Opened& opened,
                    Defect& defect) noexcept;

namespace internal
{
/// Opens against whatever root the bytes lead to: for tools that show it, and for tests. What is
/// opened is not authenticated.
Status open_any(Bytes bytes, Kind kind, Arena& arena, Opened& opened, Digest& root,
                Defect& defect) noexcept;
}  // namespace internal

/// Folds the roots of the touched shards to the state root.
///
/// Errors  false if items are missing or left over.
[[nodiscard]] bool fold_state(const Opened& opened, const Digest* shard_roots, Bytes items,
                              Digest& root) noexcept;
}  // namespace mote::state
