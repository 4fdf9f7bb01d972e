// Twigs: the tree over one shard's log, as much of it as stays in memory.
//
// A twig is 2,048 entries: 8 chunks of 256. Of a chunk its active bits and S stay, side by side, as
// they are hashed; of a twig the position of each chunk in the log; above, the nodes from level 11
// on. Levels 8 to 10 are hashed again when they are asked for, leaves are read from the log. That is
// 0.295 byte for each entry, and a log has two entries for each key.
//
// Twigs below the pruned point are gone, with the nodes above them that no path needs.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "state/tree.hpp"

namespace mote::qmdb
{
using state::Digest;

inline constexpr std::uint32_t twig_shift = 11;
inline constexpr std::uint64_t twig_entries = std::uint64_t{1} << twig_shift;
inline constexpr std::uint32_t twig_chunks = 8;

/// Packed: there is one for every thousand keys.
class Twig
{
  public:
    std::uint8_t chunk[twig_chunks][64];  ///< bits, then S

    /// Where a chunk's first entry is in the log.
    [[nodiscard]] std::uint64_t position(std::uint32_t number) const;
    /// Shape   number 0 comes first; the others are at most 2^24 - 1 units behind it, as 2,048 of the
    ///         largest entries are half of that.
    void set_position(std::uint32_t number, std::uint64_t position);

  private:
    std::uint8_t base_[5];                       // of the log's 2^40 units
    std::uint8_t distance_[twig_chunks - 1][3];  // from the base
};
static_assert(sizeof(Twig) == twig_chunks * 64 + 26);

/// Twigs in order; they are added and taken at the end, and dropped at the front.
class TwigRow
{
  public:
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] const Twig& operator[](std::size_t i) const
    {
        return groups_[(skipped_ + i) / group_size][(skipped_ + i) % group_size];
    }
    [[nodiscard]] Twig& operator[](std::size_t i)
    {
        return groups_[(skipped_ + i) / group_size][(skipped_ + i) % group_size];
    }
    void push_back(const Twig& twig);
    void pop_back();
    void pop_front();
    [[nodiscard]] std::uint64_t memory_bytes() const;

  private:
    // Twigs are asked for at random and groups of a few keep the allocator's share small.
    static constexpr std::size_t group_size = 8;

    std::deque<std::unique_ptr<Twig[]>> groups_;
    std::size_t skipped_ = 0;  // of the first group
    std::size_t size_ = 0;
};

class Twigs
{
  public:
    Twigs();

    /// Appends a leaf, active, whose entry is at `position`.
    void append(const Digest& leaf, std::uint64_t position);
    void set(std::uint64_t sn) { change(sn, true); }
    void clear(std::uint64_t sn) { change(sn, false); }
    [[nodiscard]] bool active(std::uint64_t sn) const;
    /// The same as clear(), and whether it was active.
    bool take(std::uint64_t sn);
    /// Asks for the memory that active() and clear() touch.
    void prefetch(std::uint64_t sn) const
    {
        if (sn < next_sn_ && sn >> twig_shift >= first_twig_)
            __builtin_prefetch(
                &twig(sn >> twig_shift).chunk[sn >> state::chunk_shift & (twig_chunks - 1)][0], 1);
    }

    /// Asks for the memory that chunk_extent() reads.
    void prefetch_extent(std::uint64_t sn) const
    {
        if (sn < next_sn_ && sn >> twig_shift >= first_twig_)
            __builtin_prefetch(twig(sn >> twig_shift).chunk + twig_chunks);
    }

    /// Hashes the chunks that are full, and forgets their leaves; for who appends much before update().
    void hash_open_chunks();
    /// Hashes what changed since the last call; returns the log root.
    Digest update();

    /// Forgets the leaves from `next_sn` on.
    ///
    /// Shape   open_leaves: the leaf hashes of the chunk that is open then.
    void take_back(std::uint64_t next_sn, std::vector<Digest> open_leaves);

    /// Drops twigs and nodes that only serve positions below `sn`, whose bits are all zero.
    void drop_before(std::uint64_t sn);

    [[nodiscard]] std::uint64_t next_sn() const { return next_sn_; }
    /// Leaf hashes of the chunk that is open: position next SN & ~255 on.
    [[nodiscard]] std::vector<Digest> open_leaves() const;
    /// Where a chunk's first entry is in the log.
    [[nodiscard]] std::uint64_t chunk_position(std::uint64_t chunk) const;
    /// From where to where the entries of a serial number's chunk are in a log that ends at `tail`.
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> chunk_extent(std::uint64_t sn,
                                                                       std::uint64_t tail) const;
    [[nodiscard]] Digest chunk_bits(std::uint64_t chunk) const;
    [[nodiscard]] Digest chunk_s(std::uint64_t chunk) const;
    /// A node of level 8 or above; null where nothing is. After update().
    [[nodiscard]] Digest node(std::uint32_t level, std::uint64_t index) const;
    /// The first serial number whose twig is there.
    [[nodiscard]] std::uint64_t first_sn() const { return first_twig_ << twig_shift; }
    [[nodiscard]] std::uint64_t active_count() const;
    [[nodiscard]] std::uint64_t memory_bytes() const;

    /// Takes entries as appended, all active, of which no leaves are known but those of the open chunk.
    /// Returns false, and is of no use any more, if that cannot be.
    ///
    /// Shape   next_sn: after them. chunks: S and position u64, 40 bytes, for each chunk from that of
    ///         the next SN before; S of the open chunk does not count.
    [[nodiscard]] bool extend(std::uint64_t next_sn, std::span<const std::uint8_t> chunks,
                              std::vector<Digest> open_leaves);
    static constexpr std::size_t extend_chunk_bytes = 40;
    /// How many chunks extend() wants.
    [[nodiscard]] static std::uint64_t extend_chunks(std::uint64_t from_sn, std::uint64_t next_sn)
    {
        return from_sn == next_sn
                   ? 0
                   : ((next_sn - 1) >> state::chunk_shift) + 1 - (from_sn >> state::chunk_shift);
    }

    // For images: all of it, as bytes.
    static constexpr std::size_t twig_bytes = twig_chunks * 64 + 8 + twig_chunks * 4;
    void save(std::vector<std::uint8_t>& out) const;
    /// Returns false if the bytes are not what save() makes.
    [[nodiscard]] bool load(std::span<const std::uint8_t> bytes, std::uint64_t next_sn);

  private:
    static constexpr std::uint32_t base_level = twig_shift;

    struct Level
    {
        std::uint64_t first = 0;  // index of nodes[0]
        std::vector<Digest> nodes;
    };

    void change(std::uint64_t sn, bool value);
    void mark(std::uint64_t number);
    [[nodiscard]] const Twig& twig(std::uint64_t number) const
    {
        return twigs_[number - first_twig_];
    }
    [[nodiscard]] Twig& twig(std::uint64_t number) { return twigs_[number - first_twig_]; }
    void hash_twigs();
    void hash_upper();
    [[nodiscard]] Digest upper_node(std::uint32_t level, std::uint64_t index) const;

    std::uint64_t next_sn_ = 0, first_twig_ = 0;
    TwigRow twigs_;
    std::vector<Level> levels_;  // levels_[0] is level 11
    // Leaves from the start of the chunk that was open at the last update().
    std::vector<Digest> leaves_;
    std::uint64_t leaves_first_ = 0;
    std::vector<std::uint64_t> dirty_;
    std::vector<bool> is_dirty_;  // by twig - first_twig_
};
}  // namespace mote::qmdb
