// Which of two transactions is better: for the pool when it is full, and for builders.
#include <algorithm>

#include "txpool/pool.hpp"

namespace mote::txpool
{
bool Pool::Rank::operator<(const Rank& other) const
{
    if (kind != other.kind)
        return kind < other.kind;
    if (!(worth == other.worth))
        return worth < other.worth;
    return arrival > other.arrival;  // the newest goes first
}

Pool::Rank Pool::rank_of(const Sender& sender, const Entry& entry) const
{
    Rank out{Class::waiting, entry.max_priority_fee, entry.arrival, &entry.sender};
    if (entry.nonce - sender.state.nonce >= sender.ready)
        return out;
    if (entry.least_max_fee < base_fee_)
    {
        out.kind = Class::priced_out;
        out.worth = entry.least_max_fee;
        return out;
    }
    // The lowest of min(priority fee, cap - base fee) is the lower one of both lowest.
    out.kind = Class::payable;
    out.worth = std::min(entry.least_priority_fee, entry.least_max_fee - base_fee_);
    return out;
}

Pool::Rank Pool::rank_of_last(const Senders::value_type& sender) const
{
    return rank_of(sender.second, *sender.second.entries.rbegin()->second);
}

/// Where a transaction will stand that is not here yet.
Pool::Rank Pool::rank_of_new(const Sender* sender, const Entry& entry,
                             const SenderState& state) const
{
    Sender alone;
    alone.state = state;
    Entry probe;
    probe.nonce = entry.nonce;
    probe.arrival = entry.arrival;
    probe.max_priority_fee = entry.max_priority_fee;
    probe.least_max_fee = entry.max_fee;
    probe.least_priority_fee = entry.max_priority_fee;
    const std::uint64_t ahead = entry.nonce - state.nonce;
    if (ahead == 0 || (sender != nullptr && ahead <= sender->ready))
        alone.ready = static_cast<std::size_t>(ahead) + 1;
    if (ahead != 0 && alone.ready != 0)
    {
        const Entry& before = *sender->entries.at(entry.nonce - 1);
        probe.least_max_fee = std::min(probe.least_max_fee, before.least_max_fee);
        probe.least_priority_fee = std::min(probe.least_priority_fee, before.least_priority_fee);
    }
    return rank_of(alone, probe);
}

/// Evicts what is worse until there is room; false, and nothing was evicted, if that is not enough. Others of
/// its sender stay: it may need them.
bool Pool::make_room(const Entry& for_this, const Rank& rank, const Entry* old)
{
    std::size_t count = by_hash_.size(), bytes = bytes_;
    if (old != nullptr)
    {
        --count;
        bytes -= old->bytes.size() + overhead_bytes();
    }
    const std::size_t needed = for_this.bytes.size() + overhead_bytes();
    const auto is_full = [&]
    { return count >= limits_.transactions || bytes + needed > limits_.bytes; };

    std::vector<std::pair<evm::Address, std::uint64_t>> victims;
    // Those that are last once the victims are gone.
    std::set<Rank> uncovered;
    auto next = ranks_.begin();
    while (is_full())
    {
        const bool is_uncovered =
            !uncovered.empty() && (next == ranks_.end() || *uncovered.begin() < *next);
        if (!is_uncovered && next == ranks_.end())
            return false;
        const Rank worst = is_uncovered ? *uncovered.begin() : *next;
        if (!(worst < rank))
            return false;
        if (is_uncovered)
            uncovered.erase(uncovered.begin());
        else
            ++next;
        if (*worst.sender == for_this.sender)
            continue;
        const Sender& sender = senders_.at(*worst.sender);
        auto at = sender.entries.rbegin();
        while (at->second->arrival != worst.arrival)
            ++at;
        victims.emplace_back(*worst.sender, at->first);
        --count;
        bytes -= at->second->bytes.size() + overhead_bytes();
        if (++at != sender.entries.rend())
            uncovered.insert(rank_of(sender, *at->second));
    }
    for (const auto& [address, nonce] : victims)
    {
        const auto sender = senders_.find(address);
        unrank(*sender);
        drop(*sender, nonce);
        ++counters_.evicted;
        settle(sender, nonce);
    }
    return true;
}

bool Pool::Best::Head::operator<(const Head& other) const
{
    if (!(tip == other.tip))
        return tip < other.tip;
    return entry->arrival > other.entry->arrival;  // the queue gives the greatest first
}

void Pool::Best::push(const Sender& sender, std::uint64_t nonce)
{
    if (nonce - sender.state.nonce >= sender.ready)
        return;
    const Entry* const entry = sender.entries.at(nonce).get();
    if (const auto tip = entry->tip(base_fee_); tip)
        heads_.push({*tip, entry, &sender});
}

const Entry* Pool::Best::next()
{
    if (last_ != nullptr)
        push(*last_sender_, last_->nonce + 1);
    last_ = nullptr;
    if (heads_.empty())
        return nullptr;
    last_ = heads_.top().entry;
    last_sender_ = heads_.top().sender;
    heads_.pop();
    return last_;
}

Pool::Best Pool::best(const evm::Word& base_fee) const
{
    Best out;
    out.base_fee_ = base_fee;
    for (const auto& [address, sender] : senders_)
        out.push(sender, sender.state.nonce);
    return out;
}
}  // namespace mote::txpool
