// Schedule: who waits for whom, from predicted access sets.
//
// A transaction waits for the last one before it that writes what it reads, and for those that credited
// since. Nobody waits to write: a write is a version, and readers look at versions before them. A wrong
// prediction costs a second execution and nothing else.
//
//   0  writes a          1 <- 0 (reads a)
//   1  reads a, writes b
//   2  writes a          waits for nobody
//   3  reads a, b        3 <- 2 (a), 1 (b)
//
// Each transaction has a height: its own gas and that of the heaviest chain that waits for it. Who has more
// height goes first, as the block takes at least as long as the heaviest chain.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "fafo/versions.hpp"

namespace mote::fafo
{
enum class Mode : std::uint8_t
{
    read,
    write,         ///< reads and writes
    write_unread,  ///< writes without having read
    credit,
};

struct PredictedAccess
{
    StateKey key;
    Mode mode;
};

/// What a transaction is expected to touch, and its gas.
struct Predicted
{
    std::span<const PredictedAccess> accesses;
    std::uint64_t gas = 0;
};

template <class Policy>
struct Schedule
{
    /// Who waits for transaction i: waiters[first_waiter[i]] to waiters[first_waiter[i + 1]].
    std::vector<std::uint32_t> waiters;
    std::vector<std::uint32_t> first_waiter;
    std::vector<std::uint32_t> waits_for;  ///< how many
    std::vector<std::uint64_t> height;     ///< gas
    /// The keys that transaction i is expected to touch: keys[first_key[i]] to keys[first_key[i + 1]].
    std::vector<KeyState<Policy>*> keys;
    std::vector<std::uint32_t> first_key;

    [[nodiscard]] std::size_t size() const { return waits_for.size(); }
    [[nodiscard]] std::span<const std::uint32_t> waiters_of(std::uint32_t transaction) const
    {
        return std::span(waiters).subspan(
            first_waiter[transaction], first_waiter[transaction + 1] - first_waiter[transaction]);
    }
    [[nodiscard]] std::span<KeyState<Policy>* const> keys_of(std::uint32_t transaction) const
    {
        return std::span(keys).subspan(first_key[transaction],
                                       first_key[transaction + 1] - first_key[transaction]);
    }
    /// Gas of the heaviest chain: what no number of threads gets below.
    [[nodiscard]] std::uint64_t critical_gas() const
    {
        return height.empty() ? 0 : *std::max_element(height.begin(), height.end());
    }
};

/// Finds who waits for whom.
///
/// Shape   transactions: in block order, fewer than 2^32 - 1. Keys are made in `versions`, which must be
///         new or cleared.
/// Cost    a lookup for each access, and one edge for each dependency; who reads after more than 16
///         credits stands for them, so edges stay in proportion to accesses.
template <class Policy>
Schedule<Policy> make_schedule(std::span<const Predicted> transactions, Versions<Policy>& versions)
{
    constexpr std::uint32_t creditors_max = 16;
    constexpr std::size_t ahead = 8;
    const auto count = static_cast<std::uint32_t>(transactions.size());
    Schedule<Policy> schedule;
    schedule.first_key.resize(count + std::size_t{1});
    schedule.waits_for.resize(count);
    schedule.first_waiter.assign(count + std::size_t{1}, 0);
    schedule.height.resize(count);
    std::vector<std::uint32_t> edges, first_edge(count + std::size_t{1});
    // Lists of creditors: a transaction and the next place.
    std::vector<std::array<std::uint32_t, 2>> creditors;
    // Hashes of the next few transactions' keys, which are on their way to the cache.
    std::array<std::vector<std::uint64_t>, ahead> hashes;
    const auto look_ahead = [&](std::uint32_t i)
    {
        hashes[i % ahead].clear();
        for (const PredictedAccess& access : transactions[i].accesses)
            hashes[i % ahead].push_back(versions.prefetch(access.key));
    };
    for (std::uint32_t i = 0; i < std::min<std::size_t>(count, ahead); ++i)
        look_ahead(i);
    for (std::uint32_t i = 0; i < count; ++i)
    {
        const std::size_t first = edges.size();
        first_edge[i] = static_cast<std::uint32_t>(first);
        const auto wait = [&](std::uint32_t other)
        {
            if (other != no_transaction && other != i)
                edges.push_back(other);
        };
        for (std::size_t a = 0; a < transactions[i].accesses.size(); ++a)
        {
            const PredictedAccess& access = transactions[i].accesses[a];
            auto& key = versions.key(access.key, hashes[i % ahead][a]);
            schedule.keys.push_back(&key);
            const auto add_creditor = [&]
            {
                creditors.push_back({i, key.creditors});
                key.creditors = static_cast<std::uint32_t>(creditors.size() - 1);
                ++key.creditor_count;
            };
            const auto forget_creditors = [&]
            {
                key.creditors = no_transaction;
                key.creditor_count = 0;
            };
            if (access.mode == Mode::read || access.mode == Mode::write)
            {
                for (std::uint32_t at = key.creditors; at != no_transaction; at = creditors[at][1])
                    wait(creditors[at][0]);
                wait(key.last_writer);
                // From now on this one vouches for all of them: when it is done, so are they.
                if (key.creditor_count > creditors_max)
                {
                    forget_creditors();
                    add_creditor();
                }
            }
            if (access.mode == Mode::write || access.mode == Mode::write_unread)
            {
                key.last_writer = i;
                forget_creditors();
            }
            if (access.mode == Mode::credit)
                add_creditor();
        }
        schedule.first_key[i + 1] = static_cast<std::uint32_t>(schedule.keys.size());
        if (i + ahead < count)
            look_ahead(static_cast<std::uint32_t>(i + ahead));
        const auto begin = edges.begin() + static_cast<std::ptrdiff_t>(first);
        std::sort(begin, edges.end());
        edges.erase(std::unique(begin, edges.end()), edges.end());
        schedule.waits_for[i] = static_cast<std::uint32_t>(edges.size() - first);
        for (std::size_t e = first; e < edges.size(); ++e)
            ++schedule.first_waiter[edges[e] + 1];
    }
    first_edge[count] = static_cast<std::uint32_t>(edges.size());
    for (std::uint32_t i = 0; i < count; ++i)
        schedule.first_waiter[i + 1] += schedule.first_waiter[i];
    schedule.waiters.resize(edges.size());
    std::vector<std::uint32_t> filled(schedule.first_waiter.begin(),
                                      schedule.first_waiter.end() - 1);
    for (std::uint32_t i = 0; i < count; ++i)
        for (std::uint32_t e = first_edge[i]; e < first_edge[i + 1]; ++e)
            schedule.waiters[filled[edges[e]]++] = i;
    for (std::uint32_t i = count; i-- > 0;)
    {
        std::uint64_t above = 0;
        for (const std::uint32_t waiter : schedule.waiters_of(i))
            above = std::max(above, schedule.height[waiter]);
        schedule.height[i] = above + transactions[i].gas;
    }
    return schedule;
}
}  // namespace mote::fafo
