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

#include "fafo/predicted.hpp"
#include "fafo/versions.hpp"

namespace mote::fafo
{
template <class Policy>
struct Schedule
{
    /// Who waits for transaction i: waiters[first_waiter[i]] to waiters[first_waiter[i + 1]].
    std::vector<std::uint32_t> waiters;
    std::vector<std::uint32_t> first_waiter;
    /// For whom each waits, one transaction after the other.
    std::vector<std::uint32_t> waits_on;
    std::vector<std::uint32_t> waits_for;  ///< how many
    std::vector<std::uint64_t> height;     ///< gas
    std::uint64_t gas = 0;                 ///< of all
    /// The keys that transaction i is expected to touch: keys[first_key[i]] to keys[first_key[i + 1]].
    std::vector<KeyState<Policy>*> keys;
    std::vector<std::uint32_t> first_key;

    /// While it is made: lists of who credited a key.
    struct Creditor
    {
        std::uint32_t transaction, next, length;  ///< the next place, and how many from here on
    };
    std::vector<Creditor> creditors;

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
///         new or cleared. `schedule` is written over, and its memory used again.
/// Cost    a lookup for each access, and one edge for each dependency; who reads after more than 16
///         credits stands for them, so edges stay in proportion to accesses.
template <class Policy>
void make_schedule(std::span<const Predicted> transactions, Versions<Policy>& versions,
                   Schedule<Policy>& schedule)
{
    constexpr std::uint32_t creditors_max = 16;
    // Accesses whose place in the table is on its way to the cache.
    constexpr std::size_t ahead = 16;
    const auto count = static_cast<std::uint32_t>(transactions.size());
    std::size_t access_count = 0;
    for (const Predicted& transaction : transactions)
        access_count += transaction.accesses.size();
    schedule.keys.resize(access_count);
    schedule.first_key.resize(count + std::size_t{1});
    schedule.waits_for.resize(count);
    schedule.first_waiter.assign(count + std::size_t{1}, 0);
    schedule.height.resize(count);
    schedule.gas = 0;
    std::vector<std::uint32_t>& edges = schedule.waits_on;
    edges.clear();
    auto& creditors = schedule.creditors;
    creditors.clear();
    std::array<std::uint64_t, ahead> hashes;
    std::size_t next_access = 0, asked = 0;
    std::uint32_t asked_transaction = 0, asked_access = 0;
    const auto ask = [&]
    {
        while (asked_access == transactions[asked_transaction].accesses.size())
        {
            ++asked_transaction;
            asked_access = 0;
        }
        hashes[asked++ % ahead] =
            versions.prefetch(transactions[asked_transaction].accesses[asked_access++].key);
    };
    while (asked < std::min(ahead, access_count))
        ask();
    for (std::uint32_t i = 0; i < count; ++i)
    {
        const std::size_t first = edges.size();
        schedule.first_key[i] = static_cast<std::uint32_t>(next_access);
        const auto wait = [&](std::uint32_t other)
        {
            if (other != no_transaction && other != i)
                edges.push_back(other);
        };
        for (const PredictedAccess& access : transactions[i].accesses)
        {
            auto& key = versions.key_alone(access.key, hashes[next_access % ahead]);
            schedule.keys[next_access++] = &key;
            if (asked < access_count)
                ask();
            const auto add_creditor = [&]
            {
                const std::uint32_t length =
                    key.creditors != no_transaction ? creditors[key.creditors].length : 0;
                creditors.push_back({i, key.creditors, length + 1});
                key.creditors = static_cast<std::uint32_t>(creditors.size() - 1);
            };
            if ((access.mode == Mode::read || access.mode == Mode::write) &&
                key.creditors != no_transaction)
            {
                for (std::uint32_t at = key.creditors; at != no_transaction;
                     at = creditors[at].next)
                    wait(creditors[at].transaction);
                // From now on this one vouches for all of them: when it is done, so are they.
                if (creditors[key.creditors].length > creditors_max)
                {
                    key.creditors = no_transaction;
                    add_creditor();
                }
            }
            if (access.mode == Mode::read || access.mode == Mode::write)
                wait(key.last_writer);
            if (access.mode == Mode::write || access.mode == Mode::write_unread)
            {
                key.last_writer = i;
                key.creditors = no_transaction;
            }
            if (access.mode == Mode::credit)
                add_creditor();
        }
        if (edges.size() - first > 1)
        {
            const auto begin = edges.begin() + static_cast<std::ptrdiff_t>(first);
            std::sort(begin, edges.end());
            edges.erase(std::unique(begin, edges.end()), edges.end());
        }
        schedule.waits_for[i] = static_cast<std::uint32_t>(edges.size() - first);
        for (std::size_t e = first; e < edges.size(); ++e)
            ++schedule.first_waiter[edges[e]];
    }
    schedule.first_key[count] = static_cast<std::uint32_t>(next_access);
    // Backwards: a place behind a list moves to its first one while the list is filled from its end, and
    // heights of waiters are known before those of whom they wait for.
    std::uint32_t behind = 0;
    for (std::uint32_t i = 0; i <= count; ++i)
        schedule.first_waiter[i] = behind += schedule.first_waiter[i];
    schedule.waiters.resize(edges.size());
    std::fill(schedule.height.begin(), schedule.height.end(), 0);
    std::size_t end = edges.size();
    for (std::uint32_t i = count; i-- > 0;)
    {
        const std::uint64_t height = schedule.height[i] += transactions[i].gas;
        schedule.gas += transactions[i].gas;
        for (const std::size_t first = end - schedule.waits_for[i]; end > first;)
        {
            const std::uint32_t other = edges[--end];
            schedule.waiters[--schedule.first_waiter[other]] = i;
            schedule.height[other] = std::max(schedule.height[other], height);
        }
    }
}

template <class Policy>
Schedule<Policy> make_schedule(std::span<const Predicted> transactions, Versions<Policy>& versions)
{
    Schedule<Policy> schedule;
    make_schedule(transactions, versions, schedule);
    return schedule;
}
}  // namespace mote::fafo
