// Changes: what happened to one shard between two moments, as memory and as the bytes of a run.
//
// An image has a shard's whole index and all of its twigs. Random updates touch every partition of
// an index long before an image is due, but only a few elements of each: a run has just these, and
// which bits went out, some 8 bytes for an update. A shard is opened from an image and the runs
// behind it (run_file.hpp); what is left of the log is short.
//
// A run says what is different between both moments, not how it came about: of a key that was
// updated twice it has the last position. Mostly the element is the only one with its 36 bits of a hash, so
// it is named by them. Where the index had several, positions say which one is meant.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qmdb/index.hpp"
#include "state/hashing.hpp"

namespace mote::qmdb
{
inline constexpr std::uint64_t no_position = ~std::uint64_t{0};

/// An element of an index that moved, came or went.
struct IndexChange
{
    IndexChange(Prefix of, bool was_alone, std::uint64_t old_position, std::uint64_t new_position)
        : packed(of << 1 | (was_alone ? 1 : 0)), from(old_position), to(new_position)
    {
    }
    [[nodiscard]] Prefix prefix() const { return packed >> 1; }
    /// `from` was the only element of its prefix.
    [[nodiscard]] bool alone() const { return (packed & 1) != 0; }
    void set_alone(bool was_alone) { packed = prefix() << 1 | (was_alone ? 1 : 0); }

    std::uint64_t packed;
    std::uint64_t from, to;  // no_position: none
};

/// Changes of a shard in the order in which they were made, block by block.
struct ShardChanges
{
    /// So many are kept: 40 MiB. A run is due long before, unless runs are not wanted.
    static constexpr std::uint64_t count_max = std::uint64_t{5} << 19;

    std::uint64_t first_sn = 0;  ///< next SN when they began
    std::vector<std::vector<IndexChange>> index{};
    std::vector<std::vector<std::uint64_t>> cleared{};  ///< serial numbers of entries
    std::uint64_t count = 0;

    void add(std::vector<IndexChange>&& index_changes, std::vector<std::uint64_t>&& cleared_sns);
};

/// What a run has of one shard.
struct ShardRun
{
    ShardChanges changes;
    std::uint64_t next_sn = 0, tail = 0;  ///< after them
    /// S and position of each chunk in which an entry was appended; S counts where it is full.
    std::vector<std::pair<state::Digest, std::uint64_t>> chunks{};
    std::vector<state::Digest> open_leaves{};
};

/// Writes a run of one shard as bytes.
///
/// Cost  n log n in the number of changes, and their memory once more.
[[nodiscard]] std::vector<std::uint8_t> encode_run(const ShardRun& run);

/// Reads what encode_run() wrote, piece by piece and in its order: bits, then the index. What the bytes
/// say is in range, whatever they are.
class RunReader
{
  public:
    /// Shape   first_sn, next_sn, tail: of the shard before and after.
    RunReader(std::span<const std::uint8_t> bytes, std::uint64_t first_sn, std::uint64_t next_sn,
              std::uint64_t tail);

    enum class Kind : std::uint8_t
    {
        replaces_only,  ///< the position of the only element of the prefix
        erases_only,    ///< the only element; without a position
        inserts,
        erases,
    };
    struct Net
    {
        Kind kind;
        Prefix prefix;
        std::uint64_t position;
    };

    /// False as soon as something was not as it must be.
    [[nodiscard]] bool good() const { return good_; }
    /// For Twigs::extend().
    [[nodiscard]] std::span<const std::uint8_t> chunks() const { return chunks_; }
    [[nodiscard]] std::vector<state::Digest> open_leaves() const;
    /// Gives the next serial numbers, ascending, as many as there are and there is room for.
    std::size_t cleared(std::span<std::uint64_t> out);
    /// Gives the next changes of the index, ascending by prefix, of those with a prefix below `end`.
    std::size_t index_changes(std::span<Net> out, Prefix end = ~Prefix{0});
    /// Whether nothing is left.
    [[nodiscard]] bool at_end() const;

  private:
    [[nodiscard]] bool take(std::uint64_t count, std::span<const std::uint8_t>& out);
    [[nodiscard]] bool number(std::uint64_t& out);

    std::span<const std::uint8_t> rest_, chunks_, leaves_, cleared_;
    std::uint64_t next_sn_, tail_;
    std::uint64_t cleared_left_ = 0, index_left_ = 0;
    std::uint64_t sn_ = 0;
    Prefix prefix_ = 0;
    Net next_{};  // read, but not below the end that was asked for
    bool has_next_ = false;
    bool first_cleared_ = true, good_ = true;
};
}  // namespace mote::qmdb
