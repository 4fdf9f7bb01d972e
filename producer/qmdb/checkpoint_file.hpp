// The files from which a store is opened: checkpoints, and runs of changes behind them.
//
// checkpoint-0 and checkpoint-1 take turns, so that one is whole while the other is written. changes-0 has
// runs one after the other, from the block of checkpoint-0 on, and changes-1 those from checkpoint-1 on:
// each run goes from one block to a later one, where the next one begins. The last run in one file ends
// where the other checkpoint begins, so if that is not whole the runs lead on past it.
//
// Each file's every byte is under a digest. docs/formats/qmdb.md has them byte by byte.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qmdb/format.hpp"
#include "qmdb/io.hpp"

namespace mote::qmdb
{
[[nodiscard]] std::string checkpoint_name(unsigned slot);
[[nodiscard]] std::string changes_name(unsigned slot);

/// A block by what a run says of it.
struct BlockName
{
    std::uint64_t ordinal = 0;
    Digest root{};

    bool operator==(const BlockName&) const = default;
};

/// The parts of the shards, with the bytes that they lie in.
struct Parts
{
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t size = 0;
    std::array<ByteView, state::shard_count> shard{};
};

/// What the beginning of a checkpoint or run says; the rest may be damaged.
struct CheckpointHead
{
    BlockRecord block;
    std::uint64_t body_bytes = 0;
    /// Of a run: the block before, and where it is.
    BlockName from{};
    unsigned slot = 0;
    std::uint64_t offset = 0;

    [[nodiscard]] std::uint64_t file_bytes() const;
};

[[nodiscard]] std::optional<CheckpointHead> read_checkpoint_head(Disk& disk, unsigned slot,
                                                                 const StoreId& id);
/// The runs of a file, up to the first that does not look like one.
[[nodiscard]] std::vector<CheckpointHead> read_run_heads(Disk& disk, unsigned slot,
                                                         const StoreId& id);
/// Nothing if the bytes are not those that were written.
[[nodiscard]] std::optional<Parts> read_checkpoint(Disk& disk, const CheckpointHead& head);
[[nodiscard]] std::optional<Parts> read_run(Disk& disk, const CheckpointHead& head);

/// Writes a checkpoint and makes it safe; returns the bytes of its parts. Each part is freed as soon as it is
/// written.
std::uint64_t write_checkpoint(Disk& disk, unsigned slot, const StoreId& id,
                               const BlockRecord& block,
                               std::span<std::vector<std::uint8_t>> parts);
/// The same with a run at `offset`; what was behind it is cut off.
std::uint64_t write_run(Disk& disk, unsigned slot, std::uint64_t offset, const StoreId& id,
                        const BlockName& from, const BlockRecord& block,
                        std::span<std::vector<std::uint8_t>> parts);
/// Makes the file of the runs behind a new checkpoint empty.
void clear_runs(Disk& disk, unsigned slot);
}  // namespace mote::qmdb
