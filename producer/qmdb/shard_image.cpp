// What of a shard goes into an image or a run of changes, and comes back from them.
#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.hpp"
#include "qmdb/shard.hpp"
#include "qmdb/varint.hpp"

namespace mote::qmdb
{
void Shard::start_changes()
{
    changes_ = {};
    changes_.first_sn = numbers_.next_sn;
    has_changes_ = true;
}

void Shard::forget_changes()
{
    changes_ = {};
    has_changes_ = false;
}

ShardRun Shard::cut(const ShardNumbers& to)
{
    MOTE_ASSERT(has_changes_);
    ShardRun run;
    run.changes = std::exchange(changes_, {});
    run.next_sn = changes_.first_sn = to.next_sn;
    run.tail = to.tail;
    std::uint64_t chunk = run.changes.first_sn >> state::chunk_shift;
    for (std::uint64_t n = Twigs::extend_chunks(run.changes.first_sn, to.next_sn); n > 0; --n)
    {
        run.chunks.emplace_back(twigs_.chunk_s(chunk), twigs_.chunk_position(chunk));
        ++chunk;
    }
    const auto pending =
        std::find_if(undo_.begin(), undo_.end(), [](const Undo& undo) { return undo.changed; });
    run.open_leaves = pending == undo_.end() ? twigs_.open_leaves() : pending->open_leaves;
    return run;
}

const Digest& Shard::kept_root() const
{
    const auto pending =
        std::find_if(undo_.begin(), undo_.end(), [](const Undo& undo) { return undo.changed; });
    return pending == undo_.end() ? root_ : pending->root;
}

bool Shard::apply_bits(RunReader& run, const ShardNumbers& to)
{
    if (!run.good() || !twigs_.extend(to.next_sn, run.chunks(), run.open_leaves()))
        return false;
    std::array<std::uint64_t, 64> sns;
    while (const std::size_t count = run.cleared(sns))
    {
        for (std::size_t i = 0; i < count; ++i)
            twigs_.prefetch(sns[i]);
        for (std::size_t i = 0; i < count; ++i)
            if (!twigs_.take(sns[i]))
                return false;
    }
    return run.good();
}

bool Shard::apply_index(RunReader& run, Prefix end)
{
    std::array<RunReader::Net, 16> changes;
    while (const std::size_t count = run.index_changes(changes, end))
    {
        for (std::size_t i = 0; i < count; ++i)
            index_.prefetch_elements(changes[i].prefix);
        for (std::size_t i = 0; i < count; ++i)
        {
            const auto& [kind, prefix, position] = changes[i];
            bool good = true;
            switch (kind)
            {
                case RunReader::Kind::replaces_only:
                    good = index_.replace_only(prefix, position);
                    break;
                case RunReader::Kind::erases_only:
                    good = index_.erase_only(prefix);
                    break;
                case RunReader::Kind::inserts:
                    index_.insert(prefix, position);
                    break;
                case RunReader::Kind::erases:
                    good = index_.erase(prefix, position);
                    break;
            }
            if (!good)
                return false;
        }
    }
    return run.good();
}

// The index stretch by stretch, each as large as the second cache holds, and in it run by run: from
// memory it comes once for all runs.
bool Shard::apply_runs(std::span<const NextRun> runs)
{
    constexpr std::uint64_t stretch_elements = 16384;
    std::vector<RunReader> readers;
    for (const auto& [bytes, to] : runs)
    {
        readers.emplace_back(bytes, numbers_.next_sn, to.next_sn, to.tail);
        if (!apply_bits(readers.back(), to))
            return false;
        numbers_ = to;
    }
    const std::uint64_t stretches = index_.size() / stretch_elements + 1;
    for (std::uint64_t i = 1; i <= stretches; ++i)
    {
        const Prefix end = i == stretches ? Prefix{1} << 36 : (Prefix{1} << 36) / stretches * i;
        for (RunReader& run : readers)
            if (!apply_index(run, end))
                return false;
    }
    start_changes();
    return std::all_of(readers.begin(), readers.end(),
                       [](const RunReader& run) { return run.at_end(); });
}

void Shard::finish_load()
{
    log_.extend(numbers_.tail);
    rehash();
}

void Shard::save(std::vector<std::uint8_t>& out) const
{
    const std::size_t at = out.size();
    out.resize(at + 8);
    twigs_.save(out);
    store_le(out.data() + at, std::uint64_t{out.size() - at - 8});
    const std::size_t head = out.size();
    out.reserve(head + 8 + index_.size() * 15 / 2);
    out.resize(head + 8);
    store_le(out.data() + head, index_.size());
    // Gathered in the first cache.
    std::array<std::uint8_t, 4096> piece;
    std::uint8_t* p = piece.data();
    Prefix before = 0;
    index_.for_each(
        [&](Prefix prefix, std::uint64_t position)
        {
            p = put_varint(p, prefix - before);
            p = put_varint(p, numbers_.tail - position);
            before = prefix;
            if (p + 2 * varint_bytes_max > piece.data() + piece.size())
            {
                out.insert(out.end(), piece.data(), p);
                p = piece.data();
            }
        });
    out.insert(out.end(), piece.data(), p);
}

bool Shard::load(std::span<const std::uint8_t> bytes, const ShardNumbers& numbers)
{
    if (bytes.size() < 8)
        return false;
    const std::uint64_t twig_bytes = load_le64(bytes.data());
    bytes = bytes.subspan(8);
    if (twig_bytes > bytes.size() ||
        !twigs_.load(bytes.first(static_cast<std::size_t>(twig_bytes)), numbers.next_sn))
        return false;
    bytes = bytes.subspan(static_cast<std::size_t>(twig_bytes));
    if (bytes.size() < 8)
        return false;
    const std::uint64_t count = load_le64(bytes.data());
    bytes = bytes.subspan(8);
    if (count > bytes.size() / 2)
        return false;
    bool good = true;
    Prefix prefix = 0;
    index_.fill(count,
                [&]
                {
                    std::uint64_t gap = 0, distance = 0;
                    good = good && take_varint(bytes, gap) && take_varint(bytes, distance) &&
                           gap < (Prefix{1} << 36) - prefix && distance <= numbers.tail;
                    if (good)
                        prefix += gap;
                    return std::pair(prefix, good ? numbers.tail - distance : 0);
                });
    if (!good || !bytes.empty() || index_.size() != count)
        return false;
    numbers_ = numbers;
    start_changes();
    return true;
}
}  // namespace mote::qmdb
