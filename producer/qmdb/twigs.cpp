#include "qmdb/twigs.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/assert.hpp"
#include "qmdb/kernels.hpp"
#include "state/hashing.hpp"

namespace mote::qmdb
{
namespace
{
using state::Domain;

Digest digest_at(const std::uint8_t* p)
{
    Digest out;
    std::memcpy(out.data(), p, out.size());
    return out;
}

// S of a chunk without entries.
const Digest& null_s()
{
    static const Digest value = state::kh(Domain::node, state::null_node(7), state::null_node(7));
    return value;
}

Twig empty_twig(std::uint64_t position)
{
    Twig twig = {};
    for (std::uint32_t c = 0; c < twig_chunks; ++c)
        twig.set_position(c, position);
    for (auto& chunk : twig.chunk)
        std::memcpy(chunk + 32, null_s().data(), 32);
    return twig;
}

// A level grows by one node at a time, and half of it empty would be memory for nothing.
void grow(std::vector<Digest>& nodes, std::size_t size)
{
    if (size > nodes.capacity())
        nodes.reserve(size + size / 32 + 4);
    nodes.resize(size);
}

std::uint64_t load_small(const std::uint8_t* p, std::size_t bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i-- > 0;)
        value = value << 8 | p[i];
    return value;
}

void store_small(std::uint8_t* p, std::size_t bytes, std::uint64_t value)
{
    for (std::size_t i = 0; i < bytes; ++i, value >>= 8)
        p[i] = static_cast<std::uint8_t>(value);
    MOTE_ASSERT(value == 0);
}
}  // namespace

std::uint64_t Twig::position(std::uint32_t number) const
{
    const std::uint64_t base = load_small(base_, sizeof base_);
    return number == 0 ? base : base + load_small(distance_[number - 1], sizeof distance_[0]);
}

void Twig::set_position(std::uint32_t number, std::uint64_t position)
{
    if (number == 0)
        store_small(base_, sizeof base_, position);
    else
        store_small(distance_[number - 1], sizeof distance_[0],
                    position - load_small(base_, sizeof base_));
}

void TwigRow::push_back(const Twig& twig)
{
    if (skipped_ + size_ == groups_.size() * group_size)
        groups_.push_back(std::make_unique_for_overwrite<Twig[]>(group_size));
    ++size_;
    (*this)[size_ - 1] = twig;
}

void TwigRow::pop_back()
{
    --size_;
    if (skipped_ + size_ <= (groups_.size() - 1) * group_size)
        groups_.pop_back();
    if (groups_.empty())
        skipped_ = 0;
}

void TwigRow::pop_front()
{
    --size_;
    if (++skipped_ < group_size)
        return;
    groups_.pop_front();
    skipped_ = 0;
}

std::uint64_t TwigRow::memory_bytes() const
{
    constexpr std::uint64_t allocation = 16;  // the C library's own
    return groups_.size() *
           (group_size * sizeof(Twig) + allocation + sizeof(std::unique_ptr<Twig[]>));
}

Twigs::Twigs() : levels_(1) {}

void Twigs::mark(std::uint64_t number)
{
    if (is_dirty_.size() < twigs_.size())
        is_dirty_.resize(twigs_.size());
    if (is_dirty_[number - first_twig_])
        return;
    is_dirty_[number - first_twig_] = true;
    dirty_.push_back(number);
}

void Twigs::append(const Digest& leaf, std::uint64_t position)
{
    const std::uint64_t number = next_sn_ >> twig_shift;
    if (number == first_twig_ + twigs_.size())
        twigs_.push_back(empty_twig(position));
    if ((next_sn_ & (state::chunk_entries - 1)) == 0)
        twig(number).set_position(
            static_cast<std::uint32_t>(next_sn_ >> state::chunk_shift & (twig_chunks - 1)),
            position);
    leaves_.push_back(leaf);
    ++next_sn_;
    change(next_sn_ - 1, true);
}

void Twigs::change(std::uint64_t sn, bool value)
{
    const std::uint64_t number = sn >> twig_shift;
    std::uint8_t& byte = twig(number).chunk[sn >> state::chunk_shift & 7][sn >> 3 & 31];
    const std::uint8_t mask = static_cast<std::uint8_t>(1U << (sn & 7));
    byte = static_cast<std::uint8_t>(value ? byte | mask : byte & ~mask);
    mark(number);
}

bool Twigs::active(std::uint64_t sn) const
{
    if (sn >= next_sn_ || sn >> twig_shift < first_twig_)
        return false;
    const std::uint8_t byte =
        twig(sn >> twig_shift).chunk[sn >> state::chunk_shift & 7][sn >> 3 & 31];
    return (byte >> (sn & 7) & 1) != 0;
}

bool Twigs::take(std::uint64_t sn)
{
    const std::uint64_t number = sn >> twig_shift;
    if (sn >= next_sn_ || number < first_twig_)
        return false;
    std::uint8_t& byte = twig(number).chunk[sn >> state::chunk_shift & 7][sn >> 3 & 31];
    const std::uint8_t mask = static_cast<std::uint8_t>(1U << (sn & 7));
    const bool was = (byte & mask) != 0;
    byte = static_cast<std::uint8_t>(byte & ~mask);
    mark(number);
    return was;
}

Digest Twigs::update()
{
    hash_open_chunks();
    std::sort(dirty_.begin(), dirty_.end());
    hash_twigs();
    hash_upper();
    dirty_.clear();
    is_dirty_.assign(is_dirty_.size(), false);
    return node(state::tree_height(next_sn_), 0);
}

void Twigs::hash_open_chunks()
{
    std::uint8_t nodes[state::chunk_entries * 32];
    std::size_t done = 0;
    while (done < leaves_.size())
    {
        const std::size_t used = std::min<std::size_t>(state::chunk_entries, leaves_.size() - done);
        std::memcpy(nodes, leaves_[done].data(), 32 * used);
        const std::uint64_t sn = leaves_first_ + done;
        kernels().chunk(nodes, used,
                        twig(sn >> twig_shift).chunk[sn >> state::chunk_shift & 7] + 32);
        done += used;
    }
    // What is left is the chunk that is still open.
    const std::size_t closed = leaves_.size() / state::chunk_entries * state::chunk_entries;
    leaves_.erase(leaves_.begin(), leaves_.begin() + static_cast<std::ptrdiff_t>(closed));
    leaves_first_ += closed;
}

void Twigs::hash_twigs()
{
    Level& level = levels_[0];
    grow(level.nodes, static_cast<std::size_t>(first_twig_ + twigs_.size() - level.first));
    std::vector<const std::uint8_t*> inputs;
    inputs.reserve(dirty_.size());
    for (const std::uint64_t number : dirty_)
        inputs.push_back(&twig(number).chunk[0][0]);
    std::vector<Digest> roots(dirty_.size());
    if (!dirty_.empty())
        kernels().twigs(inputs.data(), inputs.size(), roots[0].data());
    for (std::size_t i = 0; i < dirty_.size(); ++i)
        level.nodes[dirty_[i] - level.first] = roots[i];
}

void Twigs::hash_upper()
{
    const std::uint32_t height = state::tree_height(next_sn_);
    std::vector<std::uint64_t> row = dirty_;
    std::vector<const std::uint8_t*> inputs;
    std::vector<Digest> out;
    for (std::uint32_t l = base_level; l < height; ++l)
    {
        for (std::uint64_t& index : row)
            index >>= 1;
        row.erase(std::unique(row.begin(), row.end()), row.end());
        const std::size_t below_at = l - base_level;
        if (levels_.size() == below_at + 1)
            levels_.emplace_back();
        const Level& below = levels_[below_at];
        Level& above = levels_[below_at + 1];
        const std::uint64_t end = (below.first + below.nodes.size() + 1) / 2;
        grow(above.nodes, static_cast<std::size_t>(end - above.first));
        // Children lie side by side, except where the right one is null.
        std::uint8_t with_null[64];
        inputs.clear();
        for (const std::uint64_t index : row)
        {
            const std::uint64_t left = 2 * index - below.first;
            if (left + 1 < below.nodes.size())
                inputs.push_back(below.nodes[left].data());
            else
            {
                std::memcpy(with_null, below.nodes[left].data(), 32);
                std::memcpy(with_null + 32, state::null_node(l).data(), 32);
                inputs.push_back(with_null);
            }
        }
        out.resize(row.size());
        if (!row.empty())
            kernels().nodes(inputs.data(), inputs.size(), out[0].data());
        for (std::size_t i = 0; i < row.size(); ++i)
            above.nodes[row[i] - above.first] = out[i];
    }
}

void Twigs::take_back(std::uint64_t next_sn, std::vector<Digest> open_leaves)
{
    const std::uint64_t count = (next_sn + twig_entries - 1) >> twig_shift;
    while (first_twig_ + twigs_.size() > count)
        twigs_.pop_back();
    // Chunks without entries in the last twig are as new; the open one loses its last bits.
    for (std::uint64_t chunk = next_sn >> state::chunk_shift; chunk < count * twig_chunks; ++chunk)
    {
        std::uint8_t* const bytes = twig(chunk >> 3).chunk[chunk & 7];
        const std::uint64_t first = chunk << state::chunk_shift;
        for (std::uint64_t sn = std::max(first, next_sn); sn < first + state::chunk_entries; ++sn)
            bytes[sn >> 3 & 31] &= static_cast<std::uint8_t>(~(1U << (sn & 7)));
        if (first >= next_sn)
        {
            std::memcpy(bytes + 32, null_s().data(), 32);
            if ((chunk & 7) != 0)
                twig(chunk >> 3).set_position(chunk & 7, twig(chunk >> 3).position(0));
        }
    }
    next_sn_ = next_sn;
    leaves_ = std::move(open_leaves);
    leaves_first_ = next_sn >> state::chunk_shift << state::chunk_shift;
    dirty_.erase(std::remove_if(dirty_.begin(), dirty_.end(), [&](std::uint64_t number)
                                { return number >= first_twig_ + twigs_.size(); }),
                 dirty_.end());
    is_dirty_.resize(twigs_.size());
    if (!twigs_.empty())
        mark(first_twig_ + twigs_.size() - 1);
    std::uint64_t end = first_twig_ + twigs_.size();
    for (Level& level : levels_)
    {
        if (level.nodes.size() > end - level.first)
            level.nodes.resize(end - level.first);
        end = (end + 1) / 2;
    }
    // Levels above the root go; the tree may have been higher.
    const std::uint32_t height = state::tree_height(next_sn);
    levels_.resize(
        std::min<std::size_t>(levels_.size(), height >= base_level ? height - base_level + 1 : 1));
}

void Twigs::drop_before(std::uint64_t sn)
{
    const std::uint64_t keep = std::min(sn, next_sn_) >> twig_shift;
    MOTE_ASSERT(dirty_.empty());
    while (first_twig_ < keep && !twigs_.empty())
    {
        twigs_.pop_front();
        ++first_twig_;
    }
    is_dirty_.assign(twigs_.size(), false);
    std::uint64_t first = first_twig_;
    for (Level& level : levels_)
    {
        // A path of a kept twig asks for the left neighbour, too.
        const std::uint64_t from =
            std::min(first & ~std::uint64_t{1}, level.first + level.nodes.size());
        if (from > level.first)
        {
            level.nodes.erase(
                level.nodes.begin(),
                level.nodes.begin() + static_cast<std::ptrdiff_t>(from - level.first));
            level.nodes.shrink_to_fit();
            level.first = from;
        }
        first >>= 1;
    }
}

std::vector<Digest> Twigs::open_leaves() const
{
    const std::uint64_t first = next_sn_ >> state::chunk_shift << state::chunk_shift;
    return {leaves_.begin() + static_cast<std::ptrdiff_t>(first - leaves_first_), leaves_.end()};
}

std::uint64_t Twigs::chunk_position(std::uint64_t chunk) const
{
    return twig(chunk >> 3).position(chunk & (twig_chunks - 1));
}

std::pair<std::uint64_t, std::uint64_t> Twigs::chunk_extent(std::uint64_t sn,
                                                            std::uint64_t tail) const
{
    const std::uint64_t chunk = sn >> state::chunk_shift;
    const bool is_last = (chunk + 1) << state::chunk_shift >= next_sn_;
    return {chunk_position(chunk), is_last ? tail : chunk_position(chunk + 1)};
}

Digest Twigs::chunk_bits(std::uint64_t chunk) const
{
    return digest_at(twig(chunk >> 3).chunk[chunk & 7]);
}

Digest Twigs::chunk_s(std::uint64_t chunk) const
{
    return digest_at(twig(chunk >> 3).chunk[chunk & 7] + 32);
}

Digest Twigs::upper_node(std::uint32_t level, std::uint64_t index) const
{
    const Level& nodes = levels_.at(level - base_level);
    MOTE_ASSERT(index >= nodes.first);
    return nodes.nodes.at(index - nodes.first);
}

Digest Twigs::node(std::uint32_t level, std::uint64_t index) const
{
    if (index << level >= next_sn_)
        return state::null_node(level);
    if (level >= base_level)
        return upper_node(level, index);
    if (level == state::chunk_shift)
        return state::kh(Domain::bits, twig(index >> 3).chunk[index & 7]);
    return state::kh(Domain::node, node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
}

std::uint64_t Twigs::active_count() const
{
    std::uint64_t count = 0;
    for (std::size_t t = 0; t < twigs_.size(); ++t)
        for (const auto& chunk : twigs_[t].chunk)
            for (std::size_t i = 0; i < 32; ++i)
                count += static_cast<std::uint64_t>(std::popcount(chunk[i]));
    return count;
}

std::uint64_t Twigs::memory_bytes() const
{
    std::uint64_t bytes = twigs_.memory_bytes() + is_dirty_.size() / 8;
    for (const Level& level : levels_)
        bytes += level.nodes.capacity() * sizeof(Digest);
    return bytes;
}

bool Twigs::extend(std::uint64_t next_sn, std::span<const std::uint8_t> chunks,
                   std::vector<Digest> open_leaves)
{
    if (next_sn < next_sn_ ||
        chunks.size() != extend_chunk_bytes * extend_chunks(next_sn_, next_sn) ||
        open_leaves.size() != (next_sn & (state::chunk_entries - 1)))
        return false;
    if (next_sn == next_sn_)
        return open_leaves == this->open_leaves();
    std::uint64_t chunk = next_sn_ >> state::chunk_shift;
    for (; !chunks.empty(); chunks = chunks.subspan(extend_chunk_bytes), ++chunk)
    {
        const std::uint64_t position = load_le64(chunks.data() + 32);
        const std::uint64_t number = chunk >> 3;
        const auto in_twig = static_cast<std::uint32_t>(chunk & (twig_chunks - 1));
        const std::uint64_t first = chunk << state::chunk_shift;
        const std::uint64_t end = first + state::chunk_entries;
        if (number == first_twig_ + twigs_.size())
        {
            if (in_twig != 0 || position >> 40 != 0)
                return false;
            twigs_.push_back(empty_twig(position));
        }
        if (number < first_twig_)
            return false;
        Twig& t = twig(number);
        if (first >= next_sn_ && in_twig != 0)
        {
            if (position < t.position(0) || (position - t.position(0)) >> 24 != 0)
                return false;
            t.set_position(in_twig, position);
        }
        for (std::uint64_t sn = std::max(first, next_sn_); sn < std::min(end, next_sn); ++sn)
            t.chunk[in_twig][sn >> 3 & 31] |= static_cast<std::uint8_t>(1U << (sn & 7));
        if (end <= next_sn)
            std::memcpy(t.chunk[in_twig] + 32, chunks.data(), 32);
        mark(number);
    }
    next_sn_ = next_sn;
    leaves_ = std::move(open_leaves);
    leaves_first_ = next_sn >> state::chunk_shift << state::chunk_shift;
    return true;
}

void Twigs::save(std::vector<std::uint8_t>& out) const
{
    const auto number = [&](std::uint64_t value)
    {
        out.resize(out.size() + 8);
        store_le(out.data() + out.size() - 8, value);
    };
    number(first_twig_);
    number(twigs_.size());
    for (std::size_t i = 0; i < twigs_.size(); ++i)
    {
        const Twig& t = twigs_[i];
        out.insert(out.end(), &t.chunk[0][0], &t.chunk[0][0] + sizeof t.chunk);
        number(t.position(0));
        for (std::uint32_t c = 0; c < twig_chunks; ++c)
        {
            out.resize(out.size() + 4);
            store_le(out.data() + out.size() - 4,
                     static_cast<std::uint32_t>(t.position(c) - t.position(0)));
        }
    }
    // Nodes over what was pruned; the others are hashed again.
    number(levels_.size());
    std::uint64_t first = first_twig_;
    for (const Level& level : levels_)
    {
        number(level.first);
        number(std::max(first, level.first) - level.first);
        for (std::uint64_t i = level.first; i < first; ++i)
            out.insert(out.end(), level.nodes[i - level.first].begin(),
                       level.nodes[i - level.first].end());
        first >>= 1;
    }
    for (const Digest& leaf : open_leaves())
        out.insert(out.end(), leaf.begin(), leaf.end());
}

bool Twigs::load(std::span<const std::uint8_t> bytes, std::uint64_t next_sn)
{
    *this = Twigs();
    const auto number = [&](std::uint64_t& value)
    {
        if (bytes.size() < 8)
            return false;
        value = load_le64(bytes.data());
        bytes = bytes.subspan(8);
        return true;
    };
    std::uint64_t count = 0, levels = 0;
    if (!number(first_twig_) || !number(count) || count > bytes.size() / twig_bytes ||
        first_twig_ + count != (next_sn + twig_entries - 1) >> twig_shift)
        return false;
    next_sn_ = next_sn;
    for (std::uint64_t i = 0; i < count; ++i)
    {
        Twig t;
        std::memcpy(&t.chunk[0][0], bytes.data(), sizeof t.chunk);
        const std::uint64_t base = load_le64(bytes.data() + sizeof t.chunk);
        for (std::uint32_t c = 0; c < twig_chunks; ++c)
        {
            const std::uint32_t distance = load_le32(bytes.data() + sizeof t.chunk + 8 + 4 * c);
            if (base >> 40 != 0 || distance >> 24 != 0 || (c == 0 && distance != 0))
                return false;
            t.set_position(c, base + distance);
        }
        bytes = bytes.subspan(twig_bytes);
        twigs_.push_back(t);
        mark(first_twig_ + i);
    }
    if (!number(levels) || levels == 0 || levels > 64)
        return false;
    levels_.resize(levels);
    for (Level& level : levels_)
    {
        std::uint64_t nodes = 0;
        if (!number(level.first) || !number(nodes) || nodes > bytes.size() / 32)
            return false;
        for (std::uint64_t i = 0; i < nodes; ++i)
            level.nodes.push_back(digest_at(bytes.data() + 32 * i));
        bytes = bytes.subspan(32 * nodes);
    }
    leaves_first_ = next_sn >> state::chunk_shift << state::chunk_shift;
    if (bytes.size() != 32 * (next_sn - leaves_first_))
        return false;
    for (; !bytes.empty(); bytes = bytes.subspan(32))
        leaves_.push_back(digest_at(bytes.data()));
    return true;
}
}  // namespace mote::qmdb
