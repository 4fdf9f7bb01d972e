#include "qmdb/index.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace mote::qmdb
{
Index::Index() { reset(0); }

Index::~Index()
{
    for (Partition& p : partitions_)
        release(p);
}

Index::Index(Index&& other) noexcept
    : partitions_(std::exchange(other.partitions_, {})),
      occupied_(std::exchange(other.occupied_, {})),
      bits_(other.bits_),
      size_(std::exchange(other.size_, 0))
{
}

Index& Index::operator=(Index&& other) noexcept
{
    std::swap(partitions_, other.partitions_);
    std::swap(occupied_, other.occupied_);
    std::swap(bits_, other.bits_);
    std::swap(size_, other.size_);
    return *this;
}

void Index::release(Partition& p)
{
    if (is_tree(p))
        delete &tree(p);
    else
        std::free(p.elements);
    p = {};
}

void Index::add(Partition& p, std::uint64_t element)
{
    if (!is_tree(p) && p.count == spill_at)
    {
        auto grown = std::make_unique<Tree>(p.elements, p.elements + p.count);
        std::free(p.elements);
        p.elements = reinterpret_cast<std::uint64_t*>(grown.release());
        p.capacity = ~std::uint32_t{0};
    }
    if (is_tree(p))
    {
        if (tree(p).insert(element).second)
            ++p.count;
        return;
    }
    if (p.count == p.capacity)
    {
        // In steps of 64 bytes: the slack of a partition stays below one line.
        const std::uint32_t capacity = p.capacity + 8;
        void* const memory = std::realloc(p.elements, capacity * sizeof(std::uint64_t));
        if (memory == nullptr)
            throw std::bad_alloc();
        p.elements = static_cast<std::uint64_t*>(memory);
        p.capacity = capacity;
    }
    std::uint64_t* const at = std::lower_bound(p.elements, p.elements + p.count, element);
    std::memmove(at + 1, at,
                 static_cast<std::size_t>(p.elements + p.count - at) * sizeof(std::uint64_t));
    *at = element;
    ++p.count;
}

bool Index::remove(Partition& p, std::uint64_t element)
{
    if (is_tree(p))
    {
        if (tree(p).erase(element) == 0)
            return false;
        --p.count;
        if (p.count < spill_at / 2)
        {
            Partition small;
            for (const std::uint64_t kept : tree(p))
                add(small, kept);
            release(p);
            p = small;
        }
        return true;
    }
    std::uint64_t* const end = p.elements + p.count;
    std::uint64_t* const at = std::lower_bound(p.elements, end, element);
    if (at == end || *at != element)
        return false;
    std::memmove(at, at + 1, static_cast<std::size_t>(end - at - 1) * sizeof(std::uint64_t));
    --p.count;
    if (p.capacity - p.count >= 24)
    {
        const std::uint32_t capacity = (p.count + 8) / 8 * 8;
        if (void* const memory = std::realloc(p.elements, capacity * sizeof(std::uint64_t)))
        {
            p.elements = static_cast<std::uint64_t*>(memory);
            p.capacity = capacity;
        }
    }
    return true;
}

// From the guess by steps: a few elements either way, and always the same lines that were prefetched.
// A partition that was ground to be lopsided is short enough for steps that grow.
std::uint64_t* Index::lower_bound(const Partition& p, std::uint64_t element) const
{
    std::uint64_t* const begin = p.elements;
    std::uint64_t* const end = begin + p.count;
    std::uint64_t* at = begin + guess(element >> position_bits, p.count);
    constexpr int steps = 16;
    int left = steps;
    if (at != end && *at < element)
    {
        do
            ++at;
        while (at != end && *at < element && --left != 0);
        return left == 0 ? std::lower_bound(at, end, element) : at;
    }
    while (at != begin && at[-1] >= element && --left != 0)
        --at;
    return left == 0 ? std::lower_bound(begin, at, element) : at;
}

void Index::mark(std::size_t partition)
{
    const std::uint64_t bit = std::uint64_t{1} << (partition % 64);
    if (partitions_[partition].count != 0)
        occupied_[partition / 64] |= bit;
    else
        occupied_[partition / 64] &= ~bit;
}

std::size_t Index::occupied_from(std::size_t partition) const
{
    std::size_t word = partition / 64;
    if (word >= occupied_.size())
        return partitions_.size();
    std::uint64_t bits = occupied_[word] & ~std::uint64_t{0} << (partition % 64);
    while (bits == 0)
    {
        if (++word == occupied_.size())
            return partitions_.size();
        bits = occupied_[word];
    }
    return 64 * word + static_cast<std::size_t>(std::countr_zero(bits));
}

void Index::insert(Prefix prefix, std::uint64_t at)
{
    const std::size_t p = partition_of(prefix);
    const std::uint32_t before = partitions_[p].count;
    add(partitions_[p], make(prefix, at));
    size_ += partitions_[p].count - before;
    if (before == 0)
        mark(p);
    grow_or_shrink();
}

bool Index::find_only(const Partition& p, Prefix prefix, std::uint64_t& element) const
{
    const std::uint64_t low = make(prefix, 0), high = low | position(~std::uint64_t{0});
    if (is_tree(p))
    {
        auto at = tree(p).lower_bound(low);
        if (at == tree(p).end() || *at > high)
            return false;
        element = *at++;
        return at == tree(p).end() || *at > high;
    }
    const std::uint64_t* const end = p.elements + p.count;
    const std::uint64_t* const at = lower_bound(p, low);
    if (at == end || *at > high)
        return false;
    element = *at;
    return at + 1 == end || at[1] > high;
}

bool Index::erase_only(Prefix prefix)
{
    std::uint64_t element = 0;
    return find_only(partitions_[partition_of(prefix)], prefix, element) &&
           erase(prefix, position(element));
}

bool Index::replace_only(Prefix prefix, std::uint64_t to)
{
    Partition& p = partitions_[partition_of(prefix)];
    const std::uint64_t low = make(prefix, 0), high = low | position(~std::uint64_t{0});
    if (is_tree(p))
    {
        std::uint64_t element = 0;
        return find_only(p, prefix, element) && replace(prefix, position(element), to);
    }
    const std::uint64_t* const end = p.elements + p.count;
    std::uint64_t* const at = lower_bound(p, low);
    if (at == end || *at > high || (at + 1 != end && at[1] <= high))
        return false;
    *at = low | position(to);
    return true;
}

bool Index::erase(Prefix prefix, std::uint64_t at, bool* alone)
{
    const std::size_t p = partition_of(prefix);
    if (std::uint64_t only = 0; alone != nullptr)
        *alone = find_only(partitions_[p], prefix, only);
    if (!remove(partitions_[p], make(prefix, at)))
        return false;
    --size_;
    if (partitions_[p].count == 0)
        mark(p);
    grow_or_shrink();
    return true;
}

bool Index::replace(Prefix prefix, std::uint64_t from, std::uint64_t to, bool* alone)
{
    Partition& p = partitions_[partition_of(prefix)];
    const std::uint64_t old = make(prefix, from), now = make(prefix, to);
    if (std::uint64_t only = 0; alone != nullptr && is_tree(p))
        *alone = find_only(p, prefix, only);
    if (!is_tree(p))
    {
        std::uint64_t* const end = p.elements + p.count;
        std::uint64_t* const at = lower_bound(p, old);
        if (at == end || *at != old)
            return false;
        const auto is_other = [&](std::uint64_t neighbour)
        { return neighbour >> position_bits != old >> position_bits; };
        if (alone != nullptr)
            *alone = (at == p.elements || is_other(at[-1])) && (at + 1 == end || is_other(at[1]));
        // Nearly always it stays where it is: neighbours of the same prefix are rare.
        if ((at == p.elements || at[-1] < now) && (at + 1 == end || now < at[1]))
        {
            *at = now;
            return true;
        }
    }
    if (!remove(p, old))
        return false;
    add(p, now);
    return true;
}

void Index::find(Prefix prefix, std::vector<std::uint64_t>& out) const
{
    const Partition& p = partitions_[partition_of(prefix)];
    const std::uint64_t low = make(prefix, 0), high = low | position(~std::uint64_t{0});
    if (is_tree(p))
    {
        for (auto at = tree(p).lower_bound(low); at != tree(p).end() && *at <= high; ++at)
            out.push_back(position(*at));
        return;
    }
    const std::uint64_t* const end = p.elements + p.count;
    for (const std::uint64_t* at = lower_bound(p, low); at != end && *at <= high; ++at)
        out.push_back(position(*at));
}

bool Index::find_before(Prefix prefix, Prefix& found, std::vector<std::uint64_t>& out) const
{
    std::size_t partition = partition_of(prefix);
    std::uint64_t last = 0;
    const auto last_below = [&](const Partition& p, std::uint64_t bound)
    {
        if (is_tree(p))
        {
            const auto at = tree(p).lower_bound(bound);
            if (at == tree(p).begin())
                return false;
            last = *std::prev(at);
            return true;
        }
        const std::uint64_t* const at = lower_bound(p, bound);
        if (at == p.elements)
            return false;
        last = at[-1];
        return true;
    };
    if (!last_below(partitions_[partition], make(prefix, 0)))
    {
        // The last partition before this one that is not empty.
        std::size_t word = partition / 64;
        std::uint64_t bits = occupied_[word] & ((std::uint64_t{1} << (partition % 64)) - 1);
        while (bits == 0)
        {
            if (word == 0)
                return false;
            bits = occupied_[--word];
        }
        partition = 64 * word + 63 - static_cast<std::size_t>(std::countl_zero(bits));
        const Partition& p = partitions_[partition];
        last = is_tree(p) ? *tree(p).rbegin() : p.elements[p.count - 1];
    }
    found = prefix_at(partition, last);
    find(found, out);
    return true;
}

std::uint64_t Index::memory_bytes() const
{
    std::uint64_t bytes = partitions_.size() * sizeof(Partition) + occupied_.size() * 8;
    for (const Partition& p : partitions_)
        bytes += is_tree(p) ? std::uint64_t{p.count} * 48 : std::uint64_t{p.capacity} * 8 + 16;
    return bytes;
}

// An empty partition gets what comes in order at once; what a full one or a disorder leaves goes in one
// by one.
void Index::put_all(std::size_t partition, const std::uint64_t* elements, std::uint32_t count)
{
    if (count == 0)
        return;
    Partition& p = partitions_[partition];
    const std::uint32_t before = p.count;
    if (before == 0 && !is_tree(p) && std::is_sorted(elements, elements + count))
    {
        const std::uint32_t capacity = (count + 7) / 8 * 8;
        void* const memory = std::malloc(capacity * sizeof(std::uint64_t));
        if (memory == nullptr)
            throw std::bad_alloc();
        p.elements = static_cast<std::uint64_t*>(memory);
        p.capacity = capacity;
        p.count = count;
        std::copy_n(elements, count, p.elements);
    }
    else
        for (std::uint32_t i = 0; i < count; ++i)
            add(p, elements[i]);
    size_ += p.count - before;
    mark(partition);
}

void Index::reset(std::uint64_t count)
{
    for (Partition& p : partitions_)
        release(p);
    bits_ = bits_min;
    while (bits_ < bits_max && count >> bits_ > 64)
        ++bits_;
    partitions_.assign(std::size_t{1} << bits_, {});
    occupied_.assign(partitions_.size() / 64, 0);
    size_ = 0;
}

void Index::resize(unsigned bits)
{
    std::vector<Partition> old = std::exchange(partitions_, {});
    const unsigned old_bits = bits_;
    bits_ = bits;
    partitions_.resize(std::size_t{1} << bits);
    occupied_.assign(partitions_.size() / 64, 0);
    for (std::size_t i = 0; i < old.size(); ++i)
    {
        const Prefix high = static_cast<Prefix>(i) >> (old_bits - bits_min) << 24;
        visit(old[i],
              [&](std::uint64_t element)
              {
                  const std::size_t p = partition_of(high | element >> position_bits);
                  add(partitions_[p], element);
              });
        release(old[i]);
    }
    for (std::size_t p = 0; p < partitions_.size(); ++p)
        mark(p);
}

void Index::grow_or_shrink()
{
    if (bits_ < bits_max && size_ >> bits_ >= 96)
        resize(bits_ + 1);
    else if (bits_ > bits_min && size_ < std::uint64_t{24} << bits_)
        resize(bits_ - 1);
}
}  // namespace mote::qmdb
