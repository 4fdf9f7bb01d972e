// The files from which a store is opened: runs of changes, and images of shards between them.
//
// A run goes from one final block to a later one, where the next run begins, and has for each shard what is
// different between both. Some runs also have images: all of a shard's twigs and index at the block where
// the run ends. Shards take turns, so that there is never much to write at once, and never more than a turn
// to go through when a store is opened: a shard comes back from its newest image and the changes behind it.
// If an image rotted, the one before leads past it.
//
// Runs stand one behind the other in files that are counted up; a run with images begins a new file. A file
// goes when each shard has two images in later ones.
//
// Each run has a head that says where the parts are and what their digests are, and is under a digest
// itself: who owns a shard reads and checks its parts alone. docs/formats/qmdb.md has it byte by byte.
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
/// changes-00000012
[[nodiscard]] std::string changes_name(std::uint64_t number);
/// The numbers of the files that are there, ascending.
[[nodiscard]] std::vector<std::uint64_t> changes_numbers(Disk& disk);

/// A block by what a run says of it.
struct BlockName
{
    std::uint64_t ordinal = 0;
    Digest root{};

    bool operator==(const BlockName&) const = default;
};

/// The head of a run whose own digest is right; a part may be damaged.
struct RunHead
{
    struct Part
    {
        std::uint64_t offset = 0, bytes = 0;  ///< 0 bytes: there is none
        Digest digest{};
    };
    BlockRecord block;
    std::array<Digest, state::shard_count> roots;  ///< of the shards, after the block
    BlockName from{};                              ///< the block itself: there are no changes
    std::array<Part, state::shard_count> changes, images;
    std::uint64_t file = 0, offset = 0, end = 0;

    [[nodiscard]] BlockName name() const { return {block.ordinal, block.root}; }
    [[nodiscard]] bool has_changes() const { return from != name(); }
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

/// The runs of a file, up to the first that does not look like one.
[[nodiscard]] std::vector<RunHead> read_run_heads(Disk& disk, std::uint64_t number,
                                                  const StoreId& id);
/// Reads a part; nothing if it is not what was written, or there is none.
[[nodiscard]] std::optional<ByteView> read_part(File& file, const RunHead::Part& part,
                                                PartBuffer& buffer);

/// The bytes of a run.
struct RunParts
{
    std::vector<std::vector<std::uint8_t>> changes;  ///< of all shards, or of none
    std::array<std::vector<std::uint8_t>, state::shard_count> images;  ///< empty: none
};

/// Writes a run and makes it safe; returns its bytes. Each part is freed as soon as it is written.
///
/// Shape   head: block, roots, from, file and offset; what was in the file from there on is cut off.
std::uint64_t write_run(Disk& disk, const StoreId& id, const RunHead& head, RunParts& parts);
}  // namespace mote::qmdb
