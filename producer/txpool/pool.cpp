#include "txpool/pool.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "evm/execute.hpp"
#include "hash/keccak.hpp"

namespace mote::txpool
{
namespace
{
/// What it may cost; nothing if that is more than a word holds.
std::optional<evm::Word> cost_of(const evm::Transaction& t)
{
    bool gas_overflow = false, blob_overflow = false, carry = false, blob_carry = false;
    const evm::Word gas = evm::multiply_overflow(evm::Word(t.gas_limit), t.max_fee, gas_overflow);
    const evm::Word blobs = evm::multiply_overflow(evm::Word(t.blob_hashes.size() * evm::blob_gas),
                                                   t.max_blob_fee, blob_overflow);
    const evm::Word all =
        evm::add_overflow(evm::add_overflow(gas, t.value, carry), blobs, blob_carry);
    if (gas_overflow || blob_overflow || carry || blob_carry)
        return std::nullopt;
    return all;
}
}  // namespace

const char* name_of(Verdict verdict) noexcept
{
    switch (verdict)
    {
#define MOTE_VERDICT(name, text) \
    case Verdict::name:          \
        return #name;
#include "txpool/verdict_table.inc"
#undef MOTE_VERDICT
    }
    return "?";
}

const char* text_of(Verdict verdict) noexcept
{
    switch (verdict)
    {
#define MOTE_VERDICT(name, text) \
    case Verdict::name:          \
        return text;
#include "txpool/verdict_table.inc"
#undef MOTE_VERDICT
    }
    return "?";
}

std::optional<evm::Word> Entry::tip(const evm::Word& base_fee) const noexcept
{
    if (max_fee < base_fee)
        return std::nullopt;
    const evm::Word left = max_fee - base_fee;
    return left < max_priority_fee ? left : max_priority_fee;
}

Pool::Pool(const Limits& limits, Gone gone) : limits_(limits), gone_(std::move(gone)) {}

void Pool::unrank(const Senders::value_type& sender)
{
    if (sender.second.entries.empty())
        return;
    ranks_.erase(rank_of_last(sender));
    ready_ -= sender.second.ready;
}

void Pool::rank(const Senders::value_type& sender)
{
    ranks_.insert(rank_of_last(sender));
    ready_ += sender.second.ready;
}

/// Counts again what is ready; before the nonce `from` nothing has changed.
void Pool::count_ready(Sender& sender, std::uint64_t from)
{
    if (from - sender.state.nonce > sender.ready)
        return;
    sender.ready = static_cast<std::size_t>(from - sender.state.nonce);
    auto at = sender.entries.lower_bound(from);
    const Entry* before = at == sender.entries.begin() ? nullptr : std::prev(at)->second.get();
    for (; at != sender.entries.end() && at->first - sender.state.nonce == sender.ready; ++at)
    {
        Entry& entry = *at->second;
        entry.least_max_fee = entry.max_fee;
        entry.least_priority_fee = entry.max_priority_fee;
        if (before != nullptr)
        {
            entry.least_max_fee = std::min(entry.least_max_fee, before->least_max_fee);
            entry.least_priority_fee =
                std::min(entry.least_priority_fee, before->least_priority_fee);
        }
        before = &entry;
        ++sender.ready;
    }
}

/// Takes out one entry of a sender that is not ranked.
void Pool::drop(Senders::value_type& sender, std::uint64_t nonce)
{
    const auto at = sender.second.entries.find(nonce);
    MOTE_ASSERT(at != sender.second.entries.end());
    const Entry& entry = *at->second;
    bytes_ -= entry.bytes.size() + overhead_bytes();
    sender.second.cost -= entry.cost;
    by_hash_.erase(entry.hash);
    if (gone_)
        gone_(entry.hash);
    sender.second.entries.erase(at);
}

/// Counts again from a nonce and ranks a sender that is not ranked; forgets one without entries.
void Pool::settle(Senders::iterator at, std::uint64_t from)
{
    if (at->second.entries.empty())
    {
        senders_.erase(at);
        return;
    }
    count_ready(at->second, from);
    rank(*at);
}

/// Makes a sender what a block left of him; he may be forgotten then.
void Pool::take_over(Senders::iterator at, const SenderState& state)
{
    Sender& sender = at->second;
    if (sender.state.nonce == state.nonce && sender.state.balance == state.balance)
        return;
    unrank(*at);
    const bool same_nonce = sender.state.nonce == state.nonce;
    sender.state = state;
    while (!sender.entries.empty() && sender.entries.begin()->first < state.nonce)
    {
        drop(*at, sender.entries.begin()->first);
        ++counters_.included;
    }
    std::uint64_t from = UINT64_MAX;
    while (!sender.entries.empty() && state.balance < sender.cost)
    {
        from = sender.entries.rbegin()->first;
        drop(*at, from);
        ++counters_.unpayable;
    }
    if (!same_nonce)
    {
        sender.ready = 0;
        from = state.nonce;
    }
    settle(at, from);
}

bool Pool::is_bumped(const evm::Word& from, const evm::Word& to) const
{
    // to >= from * (100 + percent) / 100, rounded up; fees near 2^256 cannot be raised.
    bool overflow = false;
    const evm::Word raised =
        evm::multiply_overflow(from, evm::Word(100 + limits_.bump_percent), overflow);
    if (overflow)
        return false;
    const evm::Quotient least = evm::divide(raised, evm::Word(100));
    const evm::Word wanted =
        least.remainder.is_zero() ? least.quotient : least.quotient + evm::Word(1);
    return !(to < wanted) && from < to;
}

/// What speaks against it among the others of its sender; `ready` if nothing does.
Verdict Pool::check_beside(const Sender& sender, const Entry* old, const Entry& entry) const
{
    if (old != nullptr && (!is_bumped(old->max_fee, entry.max_fee) ||
                           !is_bumped(old->max_priority_fee, entry.max_priority_fee)))
        return Verdict::replacement_too_cheap;
    if (old == nullptr && sender.entries.size() >= limits_.of_sender)
        return Verdict::sender_full;
    // Together they must not cost more than there is: who sends many must have for all.
    bool carry = false;
    const evm::Word others = old == nullptr ? sender.cost : sender.cost - old->cost;
    const evm::Word all = evm::add_overflow(others, entry.cost, carry);
    if (carry || sender.state.balance < all)
        return Verdict::funds_insufficient;
    return Verdict::ready;
}

/// What speaks against it whatever is here; `ready` if nothing does.
Verdict Pool::check_alone(Bytes bytes, const evm::Transaction& t, const SenderState& state) const
{
    if (bytes.size() > limits_.transaction_bytes)
        return Verdict::too_large;
    if (t.gas_limit > limits_.gas)
        return Verdict::gas_above_block;
    // The last nonce cannot be used: EIP-2681.
    if (t.max_fee < t.max_priority_fee || t.nonce == UINT64_MAX)
        return Verdict::refused;
    if (t.max_priority_fee < limits_.least_tip)
        return Verdict::tip_too_low;
    if (t.nonce < state.nonce)
        return Verdict::nonce_too_low;
    if (t.nonce - state.nonce > limits_.nonce_gap)
        return Verdict::nonce_too_far;
    return Verdict::ready;
}

Verdict Pool::add(Bytes bytes, const evm::Transaction& transaction, const evm::Address& sender,
                  const SenderState& state)
{
    const Verdict verdict = take(bytes, transaction, sender, state);
    ++counters_.verdicts[static_cast<std::size_t>(verdict)];
    return verdict;
}

Verdict Pool::take(Bytes bytes, const evm::Transaction& t, const evm::Address& address,
                   const SenderState& state)
{
    if (const Verdict verdict = check_alone(bytes, t, state); !is_taken(verdict))
        return verdict;
    auto entry = std::make_unique<Entry>();
    entry->hash = hash::keccak_256(bytes);
    if (by_hash_.contains(entry->hash))
        return Verdict::known;
    const std::optional<evm::Word> cost = cost_of(t);
    if (!cost || state.balance < *cost)
        return Verdict::funds_insufficient;
    entry->bytes.assign(bytes.begin(), bytes.end());
    entry->sender = address;
    entry->nonce = t.nonce;
    entry->gas_limit = t.gas_limit;
    entry->max_fee = t.max_fee;
    entry->max_priority_fee = t.max_priority_fee;
    entry->cost = *cost;
    entry->arrival = arrivals_;

    auto sender = senders_.find(address);
    if (sender != senders_.end())
    {
        take_over(sender, state);
        sender = senders_.find(address);
    }
    const Entry* old = nullptr;
    if (sender != senders_.end())
    {
        const auto at = sender->second.entries.find(t.nonce);
        if (at != sender->second.entries.end())
            old = at->second.get();
        const Verdict verdict = check_beside(sender->second, old, *entry);
        if (!is_taken(verdict))
            return verdict;
    }
    const Rank rank =
        rank_of_new(sender == senders_.end() ? nullptr : &sender->second, *entry, state);
    if (!make_room(*entry, rank, old))
        return Verdict::pool_full;

    ++arrivals_;
    const bool replaces = old != nullptr;
    sender = senders_.try_emplace(address).first;
    unrank(*sender);
    if (replaces)
        drop(*sender, t.nonce);
    Sender& s = sender->second;
    s.state = state;
    s.cost += entry->cost;
    bytes_ += entry->bytes.size() + overhead_bytes();
    by_hash_.emplace(entry->hash, entry.get());
    s.entries.emplace(t.nonce, std::move(entry));
    settle(sender, t.nonce);
    if (replaces)
        return Verdict::replaced;
    return t.nonce - state.nonce < s.ready ? Verdict::ready : Verdict::waiting;
}

void Pool::on_block(const evm::Word& base_fee, std::span<const SenderUpdate> updates)
{
    for (const SenderUpdate& update : updates)
        if (const auto at = senders_.find(update.sender); at != senders_.end())
            take_over(at, update.state);
    if (base_fee == base_fee_)
        return;
    base_fee_ = base_fee;
    ranks_.clear();
    for (const auto& sender : senders_)
        ranks_.insert(rank_of_last(sender));
}

const Entry* Pool::find(const evm::Hash& hash) const
{
    const auto at = by_hash_.find(hash);
    return at == by_hash_.end() ? nullptr : at->second;
}

bool Pool::remove(const evm::Hash& hash)
{
    const Entry* const entry = find(hash);
    if (entry == nullptr)
        return false;
    const auto sender = senders_.find(entry->sender);
    const std::uint64_t nonce = entry->nonce;
    unrank(*sender);
    drop(*sender, nonce);
    settle(sender, nonce);
    return true;
}

Counters Pool::counters() const
{
    Counters out = counters_;
    out.transactions = by_hash_.size();
    out.bytes = bytes_;
    out.ready = ready_;
    out.senders = senders_.size();
    return out;
}

}  // namespace mote::txpool
