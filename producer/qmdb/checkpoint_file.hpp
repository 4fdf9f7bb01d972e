// The files from which a store is opened: checkpoints, and runs of changes behind them.
//
// checkpoint-0 and checkpoint-1 take turns, so that one is whole while the other is written. changes-0 has
// runs one after the other, from the block of checkpoint-0 on, and changes-1 those from checkpoint-1 on:
// each run goes from one block to a later one, where the next one begins. The last run in one file ends
// where the other checkpoint begins, so if that is not whole the runs lead on past it.
//
// Both have a head that says where each shard's part is and what its digest is, and is under a digest
// itself: who owns a shard reads and checks its part alone. docs/formats/qmdb.md has them byte by byte.
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

/// The head of a checkpoint or run, whose own digest is right; a part may be damaged.
struct CheckpointHead
{
    struct Part
    {
        std::uint64_t offset = 0, bytes = 0;
        Digest digest{};
    };
    BlockRecord block;
    BlockName from{};  ///< the block before; of a run
    std::array<Part, state::shard_count> parts;
    unsigned slot = 0;
    std::uint64_t offset = 0, end = 0;  ///< in the file
};

/// Memory for parts, which is used again.
class PartBuffer
{
  public:
    [[nodiscard]] std::span<std::uint8_t> room(std::size_t bytes);

  private:
    std::unique_ptr<std::uint8_t[]> bytes_;
    std::size_t size_ = 0;
};

/// Nothing if the file is not one, or is longer or shorter than its head says.
[[nodiscard]] std::optional<CheckpointHead> read_checkpoint_head(Disk& disk, unsigned slot,
                                                                 const StoreId& id);
/// The runs of a file, up to the first that does not look like one.
[[nodiscard]] std::vector<CheckpointHead> read_run_heads(Disk& disk, unsigned slot,
                                                         const StoreId& id);
/// Reads a shard's part; nothing if it is not what was written.
[[nodiscard]] std::optional<ByteView> read_part(File& file, const CheckpointHead& head, unsigned s,
                                                PartBuffer& buffer);
/// All parts of a run.
struct Run
{
    PartBuffer buffer;
    std::array<ByteView, state::shard_count> part{};
};
[[nodiscard]] std::optional<Run> read_run(Disk& disk, const CheckpointHead& head);

/// Writes a checkpoint and makes it safe; returns its bytes. Each part is freed as soon as it is written.
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
