#include "qmdb/changes.hpp"

#include <algorithm>
#include <cstring>

#include "qmdb/twigs.hpp"
#include "qmdb/varint.hpp"

namespace mote::qmdb
{
namespace
{
constexpr Prefix prefix_end = Prefix{1} << 36;

void put_number(std::vector<std::uint8_t>& out, std::uint64_t value)
{
    out.resize(out.size() + 8);
    store_le(out.data() + out.size() - 8, value);
}

void put_varint(std::vector<std::uint8_t>& out, std::uint64_t value)
{
    std::uint8_t bytes[varint_bytes_max];
    out.insert(out.end(), bytes, qmdb::put_varint(bytes, value));
}

void put_cleared(std::vector<std::uint8_t>& out, const ShardChanges& changes)
{
    std::vector<std::uint64_t> sns;
    for (const auto& of_block : changes.cleared)
        sns.insert(sns.end(), of_block.begin(), of_block.end());
    std::sort(sns.begin(), sns.end());
    put_number(out, sns.size());
    const std::size_t length_at = out.size();
    put_number(out, 0);
    std::uint64_t before = 0;
    for (const std::uint64_t sn : sns)
    {
        put_varint(out, sn - before);
        before = sn;
    }
    store_le(out.data() + length_at, std::uint64_t{out.size() - length_at - 8});
}

// What the changes of one prefix come to: which elements went that were there before, and which came
// and stayed. Both are short.
struct Net
{
    std::vector<std::uint64_t> gone, come;
    bool alone = true;  // each element that went was the only one

    void clear()
    {
        gone.clear();
        come.clear();
        alone = true;
    }
    void take(const IndexChange& change)
    {
        if (change.from != no_position)
        {
            const auto at = std::find(come.begin(), come.end(), change.from);
            if (at != come.end())
                come.erase(at);
            else
                gone.push_back(change.from);
            alone = alone && change.alone();
        }
        if (change.to != no_position)
            come.push_back(change.to);
    }
};

// An element of before that was alone when it went, and no other one went: it was the only one of before,
// too. For another one would have been there still, or would be among those that went.
class IndexWriter
{
  public:
    IndexWriter(std::vector<std::uint8_t>& out, std::uint64_t tail) : out_(out), tail_(tail) {}

    void put(Prefix prefix, const Net& net)
    {
        using Kind = RunReader::Kind;
        if (net.alone && net.gone.size() == 1 && net.come.size() <= 1)
        {
            if (net.come.empty())
                put(prefix, Kind::erases_only, tail_);
            else
                put(prefix, Kind::replaces_only, net.come[0]);
            return;
        }
        for (const std::uint64_t position : net.gone)
            put(prefix, Kind::erases, position);
        for (const std::uint64_t position : net.come)
            put(prefix, Kind::inserts, position);
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }

  private:
    void put(Prefix prefix, RunReader::Kind kind, std::uint64_t position)
    {
        put_varint(out_, prefix - before_);
        put_varint(out_, (tail_ - position) << 2 | static_cast<std::uint64_t>(kind));
        before_ = prefix;
        ++count_;
    }

    std::vector<std::uint8_t>& out_;
    std::uint64_t tail_;
    Prefix before_ = 0;
    std::uint64_t count_ = 0;
};

void put_index(std::vector<std::uint8_t>& out, const ShardChanges& changes, std::uint64_t tail)
{
    struct Numbered
    {
        IndexChange change;
        std::uint64_t number;
    };
    std::vector<Numbered> all;
    for (const auto& of_block : changes.index)
        for (const IndexChange& change : of_block)
            all.push_back({change, all.size()});
    std::sort(all.begin(), all.end(),
              [](const Numbered& a, const Numbered& b)
              {
                  return a.change.prefix() != b.change.prefix()
                             ? a.change.prefix() < b.change.prefix()
                             : a.number < b.number;
              });
    const std::size_t count_at = out.size();
    put_number(out, 0);
    IndexWriter writer(out, tail);
    Net net;
    for (std::size_t i = 0; i < all.size(); ++i)
    {
        net.take(all[i].change);
        if (i + 1 < all.size() && all[i + 1].change.prefix() == all[i].change.prefix())
            continue;
        writer.put(all[i].change.prefix(), net);
        net.clear();
    }
    store_le(out.data() + count_at, writer.count());
}
}  // namespace

void ShardChanges::add(std::vector<IndexChange>&& index_changes,
                       std::vector<std::uint64_t>&& cleared_sns)
{
    count += index_changes.size() + cleared_sns.size();
    index.push_back(std::move(index_changes));
    cleared.push_back(std::move(cleared_sns));
}

std::vector<std::uint8_t> encode_run(const ShardRun& run)
{
    std::vector<std::uint8_t> out;
    out.reserve(8 * run.changes.count + 40 * run.chunks.size() + 32 * run.open_leaves.size() + 64);
    put_number(out, run.changes.first_sn);
    for (const auto& [s, position] : run.chunks)
    {
        out.insert(out.end(), s.begin(), s.end());
        put_number(out, position);
    }
    for (const state::Digest& leaf : run.open_leaves)
        out.insert(out.end(), leaf.begin(), leaf.end());
    put_cleared(out, run.changes);
    put_index(out, run.changes, run.tail);
    return out;
}

RunReader::RunReader(std::span<const std::uint8_t> bytes, std::uint64_t first_sn,
                     std::uint64_t next_sn, std::uint64_t tail)
    : rest_(bytes), next_sn_(next_sn), tail_(tail)
{
    std::uint64_t first = 0, cleared_bytes = 0;
    good_ = number(first) && first == first_sn && first_sn <= next_sn &&
            next_sn < std::uint64_t{1} << 56 &&
            take(Twigs::extend_chunk_bytes * Twigs::extend_chunks(first_sn, next_sn), chunks_) &&
            take(32 * (next_sn & (state::chunk_entries - 1)), leaves_) && number(cleared_left_) &&
            number(cleared_bytes) && take(cleared_bytes, cleared_) && number(index_left_);
}

bool RunReader::take(std::uint64_t count, std::span<const std::uint8_t>& out)
{
    if (count > rest_.size())
        return false;
    out = rest_.first(static_cast<std::size_t>(count));
    rest_ = rest_.subspan(static_cast<std::size_t>(count));
    return true;
}

bool RunReader::number(std::uint64_t& out)
{
    std::span<const std::uint8_t> bytes;
    if (!take(8, bytes))
        return false;
    out = load_le64(bytes.data());
    return true;
}

std::vector<state::Digest> RunReader::open_leaves() const
{
    std::vector<state::Digest> out(leaves_.size() / 32);
    for (std::size_t i = 0; i < out.size(); ++i)
        std::memcpy(out[i].data(), leaves_.data() + 32 * i, 32);
    return out;
}

std::size_t RunReader::cleared(std::span<std::uint64_t> out)
{
    std::size_t count = 0;
    while (good_ && count < out.size() && cleared_left_ != 0)
    {
        std::uint64_t gap = 0;
        good_ = take_varint(cleared_, gap) && gap < next_sn_ - sn_ && (gap != 0 || first_cleared_);
        if (!good_)
            return 0;
        first_cleared_ = false;
        out[count++] = sn_ += gap;
        --cleared_left_;
    }
    return count;
}

std::size_t RunReader::index_changes(std::span<Net> out, Prefix end)
{
    std::size_t count = 0;
    while (good_ && count < out.size())
    {
        if (!has_next_)
        {
            if (index_left_ == 0)
                break;
            std::uint64_t gap = 0, word = 0;
            good_ = take_varint(rest_, gap) && take_varint(rest_, word) &&
                    gap < prefix_end - prefix_ && word >> 2 <= tail_;
            const auto kind = static_cast<Kind>(word & 3);
            good_ = good_ && (word >> 2 == 0) == (kind == Kind::erases_only);
            if (!good_)
                return 0;
            prefix_ += gap;
            next_ = {kind, prefix_, tail_ - (word >> 2)};
            has_next_ = true;
            --index_left_;
        }
        if (next_.prefix >= end)
            break;
        out[count++] = next_;
        has_next_ = false;
    }
    return count;
}

bool RunReader::at_end() const
{
    return cleared_left_ == 0 && cleared_.empty() && index_left_ == 0 && !has_next_ &&
           rest_.empty();
}
}  // namespace mote::qmdb
