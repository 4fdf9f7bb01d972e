// Index: from key hashes to positions in the log, in order, for one shard.
//
// An element is 8 bytes: 24 bits of the key hash and a position in units of 16 bytes. Elements live
// in partitions chosen by the leading bits; each is a sorted array. 36 bits of a hash (after the
// shard's four) are kept in all, so an element is a hint: whoever asks reads the entry to decide.
// Positions of one hash prefix are legal in any number.
//
// The number of partitions follows the number of keys: mean occupancy stays between 24 and 96. Keys
// can be ground into one partition; from 512 elements on it is a balanced tree.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "state/hashing.hpp"

namespace mote::qmdb
{
/// The 36 bits of a key hash that the index keeps.
using Prefix = std::uint64_t;

[[nodiscard]] inline Prefix prefix_of(const state::Digest& hash)
{
    return load_be<std::uint64_t>(hash.data()) << 4 >> 28;
}

class Index
{
  public:
    Index();
    ~Index();
    Index(Index&&) noexcept;
    Index& operator=(Index&&) noexcept;
    Index(const Index&) = delete;

    void insert(Prefix prefix, std::uint64_t at);
    /// Returns false if it is not there; else `alone` is whether it was the only one of its prefix.
    bool erase(Prefix prefix, std::uint64_t at, bool* alone = nullptr);
    /// Puts another position in the place of one that is there.
    bool replace(Prefix prefix, std::uint64_t from, std::uint64_t to, bool* alone = nullptr);
    /// The same with the only element of a prefix; false if there is none, or another one.
    bool erase_only(Prefix prefix);
    bool replace_only(Prefix prefix, std::uint64_t to);

    /// Appends the positions with exactly this prefix.
    void find(Prefix prefix, std::vector<std::uint64_t>& out) const;
    /// Finds the greatest prefix below `prefix` and appends its positions; false if there is none.
    bool find_before(Prefix prefix, Prefix& found, std::vector<std::uint64_t>& out) const;
    /// Calls take(prefix, position) for the elements with prefixes from `from` to `to`, both included,
    /// in order, as long as it returns true.
    template <class Take>
    void scan(Prefix from, Prefix to, const Take& take) const;
    /// Asks for the memory that a find of this prefix reads: first far ahead, then nearer.
    void prefetch(Prefix prefix) const { __builtin_prefetch(&partitions_[partition_of(prefix)]); }
    void prefetch_elements(Prefix prefix) const
    {
        const Partition& p = partitions_[partition_of(prefix)];
        if (is_tree(p))
            return;
        __builtin_prefetch(p.elements + guess(prefix, p.count));
    }

    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// Bytes of memory, of tree nodes as an estimate.
    [[nodiscard]] std::uint64_t memory_bytes() const;

    /// Calls take(prefix, position) for all elements in order.
    template <class Take>
    void for_each(const Take& take) const
    {
        for (std::size_t i = 0; i < partitions_.size(); ++i)
            visit(partitions_[i],
                  [&](std::uint64_t element) { take(prefix_at(i, element), position(element)); });
    }
    /// Takes `count` elements in place of all that are there, in the order of for_each(). Each partition
    /// is allocated once.
    ///
    /// Shape   next() gives a pair of prefix and position.
    template <class Next>
    void fill(std::uint64_t count, const Next& next)
    {
        reset(count);
        std::uint64_t elements[spill_at];
        std::size_t partition = 0;
        std::uint32_t used = 0;
        for (std::uint64_t i = 0; i < count; ++i)
        {
            const auto [prefix, at] = next();
            if (const std::size_t p = partition_of(prefix); p != partition || used == spill_at)
            {
                put_all(partition, elements, used);
                partition = p;
                used = 0;
            }
            elements[used++] = make(prefix, at);
        }
        put_all(partition, elements, used);
    }

  private:
    static constexpr unsigned prefix_bits = 36;
    static constexpr unsigned position_bits = 40;
    static constexpr unsigned bits_min = 12;  // the element has the other 24
    static constexpr unsigned bits_max = 24;
    static constexpr std::uint32_t spill_at = 512;
    using Tree = std::set<std::uint64_t>;

    struct Partition
    {
        std::uint64_t* elements = nullptr;  // or the tree
        std::uint32_t count = 0;
        std::uint32_t capacity = 0;  // ~0: a tree
    };

    static bool is_tree(const Partition& p) { return p.capacity == ~std::uint32_t{0}; }
    static Tree& tree(const Partition& p) { return *reinterpret_cast<Tree*>(p.elements); }
    static std::uint64_t position(std::uint64_t element)
    {
        return element & ((std::uint64_t{1} << position_bits) - 1);
    }
    static std::uint64_t make(Prefix prefix, std::uint64_t at)
    {
        return (prefix << position_bits) | at;  // the upper 12 bits fall off
    }
    [[nodiscard]] std::size_t partition_of(Prefix prefix) const
    {
        return static_cast<std::size_t>(prefix >> (prefix_bits - bits_));
    }
    [[nodiscard]] Prefix prefix_at(std::size_t partition, std::uint64_t element) const
    {
        const Prefix high = static_cast<Prefix>(partition) >> (bits_ - bits_min);
        return high << 24 | element >> position_bits;
    }

    template <class Take>
    static void visit(const Partition& p, const Take& take)
    {
        if (is_tree(p))
            for (const std::uint64_t element : tree(p))
                take(element);
        else
            for (std::uint32_t i = 0; i < p.count; ++i)
                take(p.elements[i]);
    }

    // Hashes are uniform: an element is near the place that the bits of its prefix say.
    [[nodiscard]] std::uint32_t guess(Prefix prefix, std::uint32_t count) const
    {
        const std::uint64_t share = prefix << (bits_ - bits_min) & 0xffffff;
        return static_cast<std::uint32_t>(share * count >> 24);
    }
    [[nodiscard]] std::uint64_t* lower_bound(const Partition& p, std::uint64_t element) const;
    // False if a prefix has no element, or several.
    [[nodiscard]] bool find_only(const Partition& p, Prefix prefix, std::uint64_t& element) const;
    static void add(Partition& p, std::uint64_t element);
    static bool remove(Partition& p, std::uint64_t element);
    static void release(Partition& p);
    void reset(std::uint64_t count);
    void put_all(std::size_t partition, const std::uint64_t* elements, std::uint32_t count);
    void resize(unsigned bits);
    void grow_or_shrink();
    void mark(std::size_t partition);
    // The first partition from this one on that is not empty, or the number of partitions.
    [[nodiscard]] std::size_t occupied_from(std::size_t partition) const;

    std::vector<Partition> partitions_;
    std::vector<std::uint64_t> occupied_;  // a bit for each partition that is not empty
    unsigned bits_ = bits_min;
    std::uint64_t size_ = 0;
};

template <class Take>
void Index::scan(Prefix from, Prefix to, const Take& take) const
{
    const std::size_t first = partition_of(from), last = partition_of(to);
    for (std::size_t p = occupied_from(first); p <= last && p < partitions_.size();
         p = occupied_from(p + 1))
    {
        const Partition& partition = partitions_[p];
        const std::uint64_t low = p == first ? make(from, 0) : 0;
        const auto goes_on = [&](std::uint64_t element)
        {
            const Prefix prefix = prefix_at(p, element);
            return prefix <= to && take(prefix, position(element));
        };
        if (is_tree(partition))
        {
            for (auto at = tree(partition).lower_bound(low); at != tree(partition).end(); ++at)
                if (!goes_on(*at))
                    return;
            continue;
        }
        const std::uint64_t* const end = partition.elements + partition.count;
        for (const std::uint64_t* at = p == first ? lower_bound(partition, low)
                                                  : partition.elements;
             at != end; ++at)
            if (!goes_on(*at))
                return;
    }
}
}  // namespace mote::qmdb
