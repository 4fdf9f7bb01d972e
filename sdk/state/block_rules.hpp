// The rules of a block: which entries it appends, in which order, naming which serial numbers.
//
// Only the difference between the state before and the state after matters. The active entries of a
// shard form a list by key hash; an entry is changed if its key is new, its value differs or its next
// key hash differs. Changed entries are appended once each, ascending. An appended entry names the
// serial number its own key had, then those of the deleted keys between its hash and its next hash.
//
// One walk finds them: over the list entries that the operations touch, holding each back until the
// next operation shows its final next key hash. Producer and stateless checker share it.
//
//   list     a -> c -> d        put b, del c, put d (another value)
//   appends  a -> b             names a
//            b -> d             names c
//            d -> ...           names d
//
// Source  [QMDB-FORMAT] section 3.
#pragma once

#include <span>

#include "base/assert.hpp"
#include "base/status.hpp"
#include "state/entry.hpp"
#include "state/fault.hpp"

namespace mote::state
{
/// An operation of a batch: the last mention of a key counts.
struct Operation
{
    Bytes key;
    Bytes value;
    bool erase = false;
};

/// An operation with its key's hash.
struct Change
{
    Digest hash;
    Bytes key, value;
    bool erase;
    std::uint32_t order;  ///< position in the batch
};

/// An active entry of the list before the block.
struct Held
{
    Digest hash, next;
    Bytes key, value;
    std::uint64_t version, sn;
};

inline constexpr std::uint32_t no_index = ~std::uint32_t{0};

/// An entry that the block appends; its content is that of `held` with what `change` changes.
struct Append
{
    std::uint32_t held;    ///< the key's entry before; no_index: the key is new
    std::uint32_t change;  ///< the operation with the value; no_index: the value stays
    Digest next;
    std::uint32_t deleted_first, deleted_count;  ///< in the list of deleted entries
};

/// Checks an operation and gives it its hash.
///
/// Errors  malformed: batch_key, batch_value.
Status prepare_change(const Operation& operation, std::uint32_t order, Change& out,
                      Fault& fault) noexcept;

/// Sorts changes by hash and drops all but the last mention of a key; returns how many stay.
///
/// Errors  malformed: batch_collision.
Status settle_changes(std::span<Change> changes, std::size_t& count, Fault& fault) noexcept;

struct Plan
{
    std::span<Append> appends;         ///< in the order of their serial numbers
    std::span<std::uint32_t> deleted;  ///< indices of held entries
};

/// Finds what a block appends to one shard.
///
/// Shape   held: by hash, a superset of what is needed: for each change the active entry of its key
///         or else the one that covers its hash; before a deleted key also its predecessor.
///         changes: by hash, settled. appends: room for 2 * changes; deleted: for changes.
/// Errors  rejected (missing): a needed entry is not among `held`; malformed (batch_collision): a key
///         hashes to the hash of another one.
/// Cost    one pass.
Status plan_block(std::span<const Held> held, std::span<const Change> changes,
                  std::span<Append> appends, std::span<std::uint32_t> deleted, Plan& plan,
                  Fault& fault) noexcept;

/// Most entries that the appends of `changes` operations take, copies of full ones included.
[[nodiscard]] constexpr std::uint64_t appends_max(std::uint64_t changes) noexcept
{
    return 2 * changes + changes / (deactivated_max - 1) + 1;
}

/// Gives an append its serial numbers: emit(sn, names, count, last) once, or more often with an entry
/// that names more than 255. Only the last copy is active. Returns the next free serial number.
template <class Emit>
std::uint64_t emit_append(const Append& append, std::span<const Held> held,
                          std::span<const std::uint32_t> deleted, std::uint64_t next_sn,
                          const Emit& emit) noexcept(noexcept(emit(next_sn, &next_sn, 1, true)))
{
    std::uint64_t names[deactivated_max];
    std::size_t count = 0;
    std::uint32_t done = 0;
    if (append.held != no_index)
        names[count++] = held[append.held].sn;
    for (;;)
    {
        while (count < deactivated_max && done < append.deleted_count)
            names[count++] = held[deleted[append.deleted_first + done++]].sn;
        const bool last = done == append.deleted_count;
        emit(next_sn, static_cast<const std::uint64_t*>(names), count, last);
        ++next_sn;
        if (last)
            return next_sn;
        names[0] = next_sn - 1;
        count = 1;
    }
}

/// Whether compaction examines another position.
///
/// Shape   first: next SN before the block; examined: so far in this block; appended: entries that
///         the block's changes appended.
/// Source  [QMDB-FORMAT] section 3, step 4.
[[nodiscard]] constexpr bool compaction_goes_on(std::uint64_t examined, std::uint64_t appended,
                                                std::uint64_t floor, std::uint64_t first,
                                                std::uint64_t next_sn,
                                                std::uint64_t active_count) noexcept
{
    return examined < 4 * appended && floor < first && next_sn - floor > 2 * active_count + 4096;
}
}  // namespace mote::state
