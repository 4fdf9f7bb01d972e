#include "chain/zone_rules.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "chain/tree.hpp"

namespace mote::chain
{
namespace
{
/// Whether `since` is at most `window` heights before `height`.
[[nodiscard]] bool within(std::uint64_t height, std::uint64_t since, std::uint64_t window) noexcept
{
    return height >= since && height - since <= window;
}

// Not std::find: instantiated with types of the library alone, it would be one function for all variants.
[[nodiscard]] bool contains(std::span<const Digest> digests, const Digest& wanted) noexcept
{
    for (const Digest& digest : digests)
        if (digest == wanted)
            return true;
    return false;
}
}  // namespace

Status Zone::open(const ZoneLeaf& leaf, std::span<const PendingBlock> pending,
                  std::span<PendingBlock> memory) noexcept
{
    *this = Zone();
    if (leaf.tip_height < leaf.proven_height ||
        leaf.tip_height - leaf.proven_height != pending.size() ||
        root_of(pending) != leaf.pending_root ||
        leaf.tip_hash != (pending.empty() ? leaf.proven_hash : pending.back().header_hash))
        return Status::invalid_argument;
    if (pending.size() > memory.size())
        return Status::memory_too_small;
    for (const PendingBlock& block : pending)
        if (block.is_void > 1)
            return Status::invalid_argument;
    std::copy(pending.begin(), pending.end(), memory.begin());
    leaf_ = leaf;
    memory_ = memory;
    count_ = pending.size();
    return Status::ok;
}

void Zone::copy_from(const Zone& other) noexcept
{
    MOTE_ASSERT(other.count_ <= memory_.size());
    std::copy(other.memory_.begin(),
              other.memory_.begin() + static_cast<std::ptrdiff_t>(other.count_), memory_.begin());
    leaf_ = other.leaf_;
    count_ = other.count_;
}

void Zone::start(const ZoneLeaf& leaf) noexcept
{
    MOTE_ASSERT(leaf.tip_height == leaf.proven_height);
    leaf_ = leaf;
    count_ = 0;
}

bool Zone::windows_open() const noexcept
{
    return std::any_of(pending().begin(), pending().end(),
                       [](const PendingBlock& block) { return block.is_void != 0; });
}

ZoneFault Zone::check_headers(const NewHeaders& headers) const noexcept
{
    const std::size_t count = headers.hashes.size();
    if ((leaf_.flags & zone_paused) != 0)
        return ZoneFault::paused;
    if (count == 0 || headers.tip_height < count || headers.tip_height - count != leaf_.tip_height)
        return ZoneFault::tip_height;
    for (std::size_t i = 0; i < count; ++i)
        if (headers.parents[i] != (i == 0 ? leaf_.tip_hash : headers.hashes[i - 1]))
            return ZoneFault::parent;
    return ZoneFault::none;
}

ZoneFault Zone::check_statement(const Statement& statement,
                                const NewHeaders* headers) const noexcept
{
    const std::size_t fresh = headers == nullptr ? 0 : headers->hashes.size();
    if (!range_holds(statement))
        return statement.from > statement.to ? ZoneFault::from : ZoneFault::range;
    if (statement.from - 1 != leaf_.proven_height)
        return ZoneFault::from;
    const std::uint64_t blocks = statement.to - statement.from + 1;
    if (blocks > count_ + fresh)
        return ZoneFault::to;
    if (statement.program_id != leaf_.program_id)
        return ZoneFault::program;
    if (statement.pre_root != leaf_.proven_root)
        return ZoneFault::pre_root;
    const auto last = static_cast<std::size_t>(blocks - 1);
    const Digest& last_hash =
        last < count_ ? memory_[last].header_hash : headers->hashes[last - count_];
    if (statement.prev_header != leaf_.proven_hash || statement.last_header != last_hash)
        return ZoneFault::header;
    for (std::size_t i = 0; i <= last; ++i)
    {
        const std::uint64_t mark = i < count_ ? memory_[i].is_void : 0;
        if ((statement.void_mask >> i & 1) != mark)
            return ZoneFault::void_mask;
    }
    return ZoneFault::none;
}

bool Zone::mark(std::uint64_t height, std::span<const Digest> evidence,
                const ZoneLimits& limits) noexcept
{
    bool changed = false;
    for (PendingBlock& block : memory_.first(count_))
    {
        if (block.is_void != 0)
            continue;
        const bool late =
            height >= block.included_at && height - block.included_at >= limits.prove_timeout;
        const bool convicted = within(height, block.included_at, limits.evidence_window) &&
                               contains(evidence, block.header_hash);
        if (late || convicted)
        {
            block.is_void = 1;
            changed = true;
        }
    }
    return changed;
}

void Zone::update_root() noexcept { leaf_.pending_root = root_of(pending()); }

Status Zone::apply(std::uint64_t height, const NewHeaders* headers, const Statement* statement,
                   std::span<const Digest> evidence, const ZoneLimits& limits,
                   ZoneFault& fault) noexcept
{
    MOTE_ASSERT(headers == nullptr || headers->hashes.size() == headers->parents.size());
    fault = ZoneFault::none;
    if (headers != nullptr)
        fault = check_headers(*headers);
    if (fault == ZoneFault::none && statement != nullptr)
        fault = check_statement(*statement, headers);
    if (fault != ZoneFault::none)
        return Status::ok;

    const std::size_t fresh = headers == nullptr ? 0 : headers->hashes.size();
    const std::size_t proven =
        statement == nullptr ? 0 : static_cast<std::size_t>(statement->to - statement->from + 1);
    const std::size_t after = count_ + fresh - proven;
    if (headers != nullptr && after > limits.unproven_max)
    {
        fault = ZoneFault::unproven;
        return Status::ok;
    }
    if (after > memory_.size())
        return Status::memory_too_small;

    // The statement takes from the front, perhaps more than was there before.
    const std::size_t old = std::min(proven, count_), skip = proven - old;
    std::copy(memory_.begin() + static_cast<std::ptrdiff_t>(old),
              memory_.begin() + static_cast<std::ptrdiff_t>(count_), memory_.begin());
    count_ -= old;
    for (std::size_t i = skip; i < fresh; ++i)
        memory_[count_++] = {headers->hashes[i], height, 0};
    if (headers != nullptr)
    {
        leaf_.tip_height = headers->tip_height;
        leaf_.tip_hash = headers->hashes.back();
    }
    if (statement != nullptr)
    {
        leaf_.proven_height = statement->to;
        leaf_.proven_hash = statement->last_header;
        leaf_.proven_root = statement->post_root;
        leaf_.msgs_root = statement->out_msgs_root;
    }
    if (mark(height, evidence, limits) || fresh != 0 || proven != 0)
        update_root();
    return Status::ok;
}

void Zone::adopt(const ZoneRecord& record) noexcept
{
    MOTE_ASSERT(record.zone == leaf_.zone);
    leaf_.flags = record.flags;
    leaf_.program_id = record.program_id;
    leaf_.producers_root = record.producers_root;
}
}  // namespace mote::chain
