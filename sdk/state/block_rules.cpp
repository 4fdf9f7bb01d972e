#include "state/block_rules.hpp"

#include <algorithm>
#include <cstring>

namespace mote::state
{
namespace
{
int compare(const Digest& a, const Digest& b) noexcept
{
    // Nearly always the first bytes decide.
    const auto x = load_be<std::uint64_t>(a.data()), y = load_be<std::uint64_t>(b.data());
    if (x != y)
        return x < y ? -1 : 1;
    return std::memcmp(a.data(), b.data(), a.size());
}

// The walk's state: the entry that is held back, and what was found.
struct Walk
{
    std::span<const Held> held;
    std::span<const Change> changes;
    std::span<Append> appends;
    std::span<std::uint32_t> deleted;
    std::size_t append_count = 0, deleted_count = 0;
    Append holder = {};
    bool holding = false;

    void hold(std::uint32_t held_index, std::uint32_t change_index) noexcept
    {
        holder = {held_index, change_index, {}, static_cast<std::uint32_t>(deleted_count), 0};
        holding = true;
    }

    // The holder's next key hash is known now.
    bool release(const Digest& next) noexcept
    {
        if (!holding)
            return true;
        holding = false;
        holder.next = next;
        if (holder.held != no_index && holder.change == no_index &&
            compare(next, held[holder.held].next) == 0)
            return true;
        if (append_count == appends.size())
            return false;
        appends[append_count++] = holder;
        return true;
    }

    bool erase(std::uint32_t index) noexcept
    {
        if (!holding || deleted_count == deleted.size())
            return false;
        deleted[deleted_count++] = index;
        ++holder.deleted_count;
        return true;
    }
};
}  // namespace

Status prepare_change(const Operation& operation, std::uint32_t order, Change& out,
                      Fault& fault) noexcept
{
    const bool may_be = !operation.key.empty() && operation.key.size() <= key_bytes_max;
    return prepare_change(operation, may_be ? key_hash(operation.key) : Digest{}, order, out,
                          fault);
}

Status prepare_change(const Operation& operation, const Digest& hash, std::uint32_t order,
                      Change& out, Fault& fault) noexcept
{
    fault = Fault::batch_key;
    if (operation.key.empty() || operation.key.size() > key_bytes_max)
        return Status::malformed;
    fault = Fault::batch_value;
    if (operation.value.size() > value_bytes_max)
        return Status::malformed;
    const std::uint32_t shard = shard_of(hash);
    fault = Fault::batch_key;
    if (hash == lower_bound_of_shard(shard) || hash == upper_bound_of_shard(shard))
        return Status::malformed;
    out = {hash, operation.key, operation.value, operation.erase, order};
    fault = Fault::none;
    return Status::ok;
}

Status settle_changes(std::span<Change> changes, std::size_t& count, Fault& fault) noexcept
{
    std::sort(changes.begin(), changes.end(),
              [](const Change& a, const Change& b)
              {
                  const int order = compare(a.hash, b.hash);
                  return order != 0 ? order < 0 : a.order < b.order;
              });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < changes.size(); ++i)
    {
        if (kept != 0 && changes[kept - 1].hash == changes[i].hash)
        {
            if (!equal_vartime(changes[kept - 1].key, changes[i].key))
            {
                fault = Fault::batch_collision;
                return Status::malformed;
            }
            --kept;
        }
        if (kept != i)
            changes[kept] = changes[i];
        ++kept;
    }
    count = kept;
    return Status::ok;
}

Status plan_block(std::span<const Held> held, std::span<const Change> changes,
                  std::span<Append> appends, std::span<std::uint32_t> deleted, Plan& plan,
                  Fault& fault) noexcept
{
    Walk walk = {held, changes, appends, deleted};
    fault = Fault::missing;
    std::size_t c = 0;
    for (std::uint32_t h = 0; h < held.size(); ++h)
    {
        const Held& entry = held[h];
        if (c < changes.size() && compare(changes[c].hash, entry.hash) < 0)
            return Status::rejected;
        std::uint32_t change = no_index;
        if (c < changes.size() && changes[c].hash == entry.hash)
        {
            if (!equal_vartime(changes[c].key, entry.key))
            {
                fault = Fault::batch_collision;
                return Status::malformed;
            }
            change = static_cast<std::uint32_t>(c++);
        }
        if (change != no_index && changes[change].erase)
        {
            if (!walk.erase(h))
                return Status::rejected;
        }
        else
        {
            const bool differs =
                change != no_index && !equal_vartime(changes[change].value, entry.value);
            MOTE_ASSERT(!walk.holding);
            walk.hold(h, differs ? change : no_index);
        }
        // Operations on keys that are absent, before the next entry of the list.
        for (; c < changes.size() && compare(changes[c].hash, entry.next) < 0; ++c)
        {
            if (changes[c].erase)
                continue;
            if (!walk.release(changes[c].hash))
                return Status::rejected;
            walk.hold(no_index, static_cast<std::uint32_t>(c));
        }
        const bool next_is_erased = c < changes.size() && changes[c].erase &&
                                    changes[c].hash == entry.next && h + 1 < held.size() &&
                                    held[h + 1].hash == entry.next;
        if (!next_is_erased && !walk.release(entry.next))
            return Status::rejected;
    }
    if (c < changes.size())
        return Status::rejected;
    fault = Fault::none;
    plan = {walk.appends.first(walk.append_count), walk.deleted.first(walk.deleted_count)};
    return Status::ok;
}
}  // namespace mote::state
