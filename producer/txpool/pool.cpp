#include "txpool/pool.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "hash/keccak.hpp"

namespace mote::txpool
{
namespace
{
/// What a map's nodes and an entry take beside the bytes, with room to spare.
constexpr std::size_t overhead_bytes = 512;
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

bool Pool::Rank::operator<(const Rank& other) const
{
    if (ready != other.ready)
        return !ready;
    if (!(max_priority_fee == other.max_priority_fee))
        return max_priority_fee < other.max_priority_fee;
    return arrival > other.arrival;  // the newest goes first
}

Pool::Pool(const Limits& limits, Gone gone) : limits_(limits), gone_(std::move(gone)) {}

std::size_t Pool::bytes_of(const Entry& entry) { return entry.bytes.size() + overhead_bytes; }

Pool::Rank Pool::rank_of(const Senders::value_type& sender) const
{
    const Sender& s = sender.second;
    const Entry& last = *s.entries.rbegin()->second;
    return {s.ready == s.entries.size(), last.max_priority_fee, last.arrival, &sender.first};
}

void Pool::unrank(const Senders::value_type& sender)
{
    if (sender.second.entries.empty())
        return;
    ranks_.erase(rank_of(sender));
    ready_ -= sender.second.ready;
}

void Pool::rank(const Senders::value_type& sender)
{
    if (sender.second.entries.empty())
        return;
    ranks_.insert(rank_of(sender));
    ready_ += sender.second.ready;
}

void Pool::count_ready(Sender& sender)
{
    sender.ready = 0;
    for (const auto& [nonce, entry] : sender.entries)
    {
        if (nonce != sender.state.nonce + sender.ready)
            break;
        ++sender.ready;
    }
}

/// Takes out one entry; the sender is not ranked meanwhile.
void Pool::drop(Senders::value_type& sender, std::uint64_t nonce)
{
    const auto at = sender.second.entries.find(nonce);
    MOTE_ASSERT(at != sender.second.entries.end());
    const Entry& entry = *at->second;
    bytes_ -= bytes_of(entry);
    sender.second.cost -= entry.cost;
    by_hash_.erase(entry.hash);
    if (gone_)
        gone_(entry.hash);
    sender.second.entries.erase(at);
}

/// Counts again what is ready of a sender that is not ranked, and ranks it; forgets one without entries.
void Pool::settle(Senders::iterator at)
{
    if (at->second.entries.empty())
    {
        senders_.erase(at);
        return;
    }
    count_ready(at->second);
    rank(*at);
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

/// Evicts what is worse until there is room; false if that is not enough.
bool Pool::make_room(const Entry& for_this)
{
    const auto is_full = [&]
    {
        return by_hash_.size() >= limits_.transactions ||
               bytes_ + bytes_of(for_this) > limits_.bytes;
    };
    // One is enough for the count; for the bytes it may take several, each worse than this one.
    while (is_full())
    {
        if (ranks_.empty())
            return false;
        const Rank worst = *ranks_.begin();
        const auto sender = senders_.find(*worst.sender);
        const bool is_worse = !worst.ready || worst.max_priority_fee < for_this.max_priority_fee;
        if (!is_worse || sender->first == for_this.sender)
            return false;
        unrank(*sender);
        drop(*sender, sender->second.entries.rbegin()->first);
        ++counters_.evicted;
        settle(sender);
    }
    return true;
}

Verdict Pool::add(Bytes bytes, const evm::Transaction& t, const evm::Address& address,
                  const SenderState& state)
{
    const auto say = [&](Verdict verdict)
    {
        ++counters_.verdicts[static_cast<std::size_t>(verdict)];
        return verdict;
    };
    if (bytes.size() > limits_.transaction_bytes)
        return say(Verdict::too_large);
    if (t.gas_limit > limits_.gas)
        return say(Verdict::gas_above_block);
    if (t.max_fee < t.max_priority_fee || t.nonce == UINT64_MAX)
        return say(Verdict::refused);
    if (t.max_priority_fee < limits_.least_tip)
        return say(Verdict::tip_too_low);
    if (t.nonce < state.nonce)
        return say(Verdict::nonce_too_low);
    if (t.nonce - state.nonce > limits_.nonce_gap)
        return say(Verdict::nonce_too_far);
    auto entry = std::make_unique<Entry>();
    entry->hash = hash::keccak_256(bytes);
    if (by_hash_.contains(entry->hash))
        return say(Verdict::known);
    bool overflow = false, carry = false;
    entry->cost = evm::multiply_overflow(evm::Word(t.gas_limit), t.max_fee, overflow);
    entry->cost = evm::add_overflow(entry->cost, t.value, carry);
    if (overflow || carry || state.balance < entry->cost)
        return say(Verdict::funds_insufficient);
    entry->sender = address;
    entry->nonce = t.nonce;
    entry->gas_limit = t.gas_limit;
    entry->max_fee = t.max_fee;
    entry->max_priority_fee = t.max_priority_fee;

    auto sender = senders_.find(address);
    const Entry* old = nullptr;
    if (sender != senders_.end())
    {
        Sender& s = sender->second;
        if (const auto at = s.entries.find(t.nonce); at != s.entries.end())
            old = at->second.get();
        if (old != nullptr && (!is_bumped(old->max_fee, t.max_fee) ||
                               !is_bumped(old->max_priority_fee, t.max_priority_fee)))
            return say(Verdict::replacement_too_cheap);
        if (old == nullptr && s.entries.size() >= limits_.of_sender)
            return say(Verdict::sender_full);
        // Together they must not cost more than there is: who sends many must have for all.
        const evm::Word others = old == nullptr ? s.cost : s.cost - old->cost;
        const evm::Word all = evm::add_overflow(others, entry->cost, carry);
        if (carry || state.balance < all)
            return say(Verdict::funds_insufficient);
    }
    if (old == nullptr && !make_room(*entry))
        return say(Verdict::pool_full);

    entry->bytes.assign(bytes.begin(), bytes.end());
    entry->arrival = arrivals_++;
    sender = senders_.try_emplace(address).first;
    unrank(*sender);
    if (old != nullptr)
        drop(*sender, t.nonce);
    Sender& s = sender->second;
    s.state = state;
    s.cost += entry->cost;
    bytes_ += bytes_of(*entry);
    by_hash_.emplace(entry->hash, entry.get());
    s.entries.emplace(t.nonce, std::move(entry));
    // The state may be newer than what the sender's others were added with.
    while (!s.entries.empty() && s.entries.begin()->first < state.nonce)
    {
        drop(*sender, s.entries.begin()->first);
        ++counters_.included;
    }
    settle(sender);
    const bool is_ready = t.nonce < state.nonce + s.ready;
    return say(old != nullptr ? Verdict::replaced : is_ready ? Verdict::ready : Verdict::waiting);
}

void Pool::on_block(std::span<const SenderUpdate> updates)
{
    for (const SenderUpdate& update : updates)
    {
        const auto at = senders_.find(update.sender);
        if (at == senders_.end())
            continue;
        Sender& sender = at->second;
        unrank(*at);
        sender.state = update.state;
        while (!sender.entries.empty() && sender.entries.begin()->first < update.state.nonce)
        {
            drop(*at, sender.entries.begin()->first);
            ++counters_.included;
        }
        // From the last nonce down, until the rest can be paid.
        while (!sender.entries.empty() && update.state.balance < sender.cost)
        {
            drop(*at, sender.entries.rbegin()->first);
            ++counters_.unpayable;
        }
        settle(at);
    }
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
    unrank(*sender);
    drop(*sender, entry->nonce);
    settle(sender);
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

bool Pool::Best::Head::operator<(const Head& other) const
{
    if (!(tip == other.tip))
        return tip < other.tip;
    return entry->arrival > other.entry->arrival;  // the queue gives the greatest first
}

void Pool::Best::push(const Sender& sender, std::uint64_t nonce)
{
    if (nonce >= sender.state.nonce + sender.ready)
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
