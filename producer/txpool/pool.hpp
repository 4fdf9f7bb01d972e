// Pool: transactions that wait for a block, by sender and nonce.
//
//   Pool pool(limits);
//   pool.add(bytes, transaction, sender, {nonce, balance});
//   for (Pool::Best best = pool.best(base_fee); const Entry* e = best.next(); )
//       ...                                         // a builder takes what it can use
//   pool.on_block(base_fee, changed_senders);       // what the block used up or made unpayable goes
//
// A sender's transactions are ready from the nonce that the state has up to the first gap; what is behind
// the gap waits. When the pool is full the worst goes, always the last nonce of its sender, so that nothing
// ready loses what it needs: first those that wait, then those that do not pay the base fee, then those with
// the lowest tip. A transaction is worth no more than the cheapest one that must come before it, as nobody
// gets it without that one: a high tip behind a low one keeps no place. What happens depends on the calls and
// their order alone. One thread at a time.
//
// Worked case: nonces 5, 6 and 8 of a sender whose state says 5: 5 and 6 are ready, 8 waits; when 7 comes all
// four are ready.
//
// Source  A replacement raises both fee caps by at least a tenth, a transaction has at most 128 KiB, and a sender
//         can pay for all of his together: what Ethereum's clients agree on [GETH].
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <vector>

#include "evm/transaction.hpp"

namespace mote::txpool
{
struct Limits
{
    std::size_t transactions = 100'000;
    std::size_t bytes = std::size_t{256} << 20;  ///< of all, with what the pool needs for each
    std::size_t transaction_bytes = std::size_t{128} << 10;
    std::size_t of_sender = 1'024;
    std::uint64_t nonce_gap = 1'024;             ///< a nonce may be this far above the state's
    std::uint64_t gas = std::uint64_t{1} << 24;  ///< of a transaction
    evm::Word least_tip = 0;                     ///< wei a gas
    unsigned bump_percent = 10;
};

enum class Verdict : std::uint8_t
{
#define MOTE_VERDICT(name, text) name,
#include "txpool/verdict_table.inc"
#undef MOTE_VERDICT
};
inline constexpr std::size_t verdict_count = static_cast<std::size_t>(Verdict::pool_full) + 1;
[[nodiscard]] const char* name_of(Verdict verdict) noexcept;
[[nodiscard]] const char* text_of(Verdict verdict) noexcept;
[[nodiscard]] constexpr bool is_taken(Verdict verdict) noexcept
{
    return verdict <= Verdict::replaced;
}

/// What the newest block says of a sender.
struct SenderState
{
    std::uint64_t nonce = 0;
    evm::Word balance;
};

struct Entry
{
    std::vector<std::uint8_t> bytes;
    evm::Hash hash{};  ///< Keccak-256 of the bytes
    evm::Address sender;
    std::uint64_t nonce = 0, gas_limit = 0;
    evm::Word max_fee, max_priority_fee;
    evm::Word cost;             ///< value, gas and blobs at the highest fees
    std::uint64_t arrival = 0;  ///< counts up
    /// Lowest of it and of what must come before it; if it is ready.
    evm::Word least_max_fee, least_priority_fee;

    /// What the producer gets for a gas; nothing when the base fee is above the highest fee.
    [[nodiscard]] std::optional<evm::Word> tip(const evm::Word& base_fee) const noexcept;
};

struct Counters
{
    std::array<std::uint64_t, verdict_count> verdicts{};
    std::uint64_t included = 0;   ///< went because a block used their nonce
    std::uint64_t unpayable = 0;  ///< went because their sender can no longer pay
    std::uint64_t evicted = 0;    ///< went for better ones
    std::size_t transactions = 0, bytes = 0, ready = 0, senders = 0;
};

class Pool
{
  public:
    /// Is told the hash of everything that goes, in any way; for the journal.
    using Gone = std::function<void(const evm::Hash&)>;

    /// Shape   gone: must not throw, nor call the pool; may be empty.
    explicit Pool(const Limits& limits = {}, Gone gone = {});

    /// What one takes beside its bytes, at most: entry, sender, and the nodes of four trees.
    [[nodiscard]] static constexpr std::size_t overhead_bytes();

    /// Takes a transaction or says why not.
    ///
    /// Shape   transaction: of `bytes`, decoded; sender: who signed it; state: his, after the newest block.
    /// Errors  a Verdict that is not taken: nothing was changed but what a newer `state` makes old.
    /// Memory  its bytes and what overhead_bytes() says; at most Limits::bytes in all.
    /// Cost    O(log n), for each one evicted, and for each one of its sender that gets ready by it.
    Verdict add(Bytes bytes, const evm::Transaction& transaction, const evm::Address& sender,
                const SenderState& state);

    struct SenderUpdate
    {
        evm::Address sender;
        SenderState state;
    };
    /// Takes over what a block left: of senders lower nonces go, and the highest ones as long as the balance
    /// does not pay for all; what is worth what is judged by the base fee of the next block. A block that was
    /// taken back is one more update, with the older nonces.
    ///
    /// Cost    O(senders log senders) if the base fee is another one.
    void on_block(const evm::Word& base_fee, std::span<const SenderUpdate> updates);

    [[nodiscard]] const Entry* find(const evm::Hash& hash) const;
    /// Removes one, whatever the reason; those that follow it wait.
    bool remove(const evm::Hash& hash);

    class Best;
    /// The ready ones, the highest tip first, each sender's in the order of nonces; not those whose fee cap
    /// is below the base fee, nor what follows them. The pool must not change meanwhile.
    [[nodiscard]] Best best(const evm::Word& base_fee) const;

    [[nodiscard]] Counters counters() const;
    [[nodiscard]] std::size_t size() const { return by_hash_.size(); }
    /// Everything, by sender and nonce.
    template <class Visit>
    void for_each(Visit visit) const
    {
        for (const auto& [address, sender] : senders_)
            for (const auto& [nonce, entry] : sender.entries)
                visit(*entry);
    }

  private:
    struct Sender
    {
        SenderState state;
        std::map<std::uint64_t, std::unique_ptr<Entry>> entries;
        evm::Word cost;         // of all, at most
        std::size_t ready = 0;  // of the first ones
    };
    using Senders = std::map<evm::Address, Sender>;
    enum class Class : std::uint8_t
    {
        waiting,     ///< by its priority fee
        priced_out,  ///< it or one before it does not pay the base fee; by the lowest fee cap
        payable,     ///< by the lowest tip
    };
    /// Of each sender's last transaction: what goes first is least.
    struct Rank
    {
        Class kind = Class::waiting;
        evm::Word worth;
        std::uint64_t arrival = 0;
        const evm::Address* sender = nullptr;

        [[nodiscard]] bool operator<(const Rank& other) const;
    };
    [[nodiscard]] Rank rank_of(const Sender& sender, const Entry& entry) const;
    [[nodiscard]] Rank rank_of_last(const Senders::value_type& sender) const;
    void unrank(const Senders::value_type& sender);
    void rank(const Senders::value_type& sender);
    static void count_ready(Sender& sender, std::uint64_t from);
    void drop(Senders::value_type& sender, std::uint64_t nonce);
    void settle(Senders::iterator at, std::uint64_t from);
    void take_over(Senders::iterator at, const SenderState& state);
    [[nodiscard]] Verdict check_alone(Bytes bytes, const evm::Transaction& t,
                                      const SenderState& state) const;
    [[nodiscard]] Verdict check_beside(const Sender& sender, const Entry* old,
                                       const Entry& entry) const;
    Verdict take(Bytes bytes, const evm::Transaction& t, const evm::Address& address,
                 const SenderState& state);
    [[nodiscard]] Rank rank_of_new(const Sender* sender, const Entry& entry,
                                   const SenderState& state) const;
    bool make_room(const Entry& for_this, const Rank& rank, const Entry* old);
    [[nodiscard]] bool is_bumped(const evm::Word& from, const evm::Word& to) const;

    Limits limits_;
    Gone gone_;
    Senders senders_;
    std::map<evm::Hash, const Entry*> by_hash_;
    std::set<Rank> ranks_;
    evm::Word base_fee_;
    std::size_t bytes_ = 0, ready_ = 0;
    std::uint64_t arrivals_ = 0;
    Counters counters_;
};

constexpr std::size_t Pool::overhead_bytes()
{
    // A tree's node has three pointers, a colour and its key; an allocation 16 bytes of its own.
    constexpr std::size_t node = 32 + 16;
    return sizeof(Entry) + 16 + 16 + (sizeof(std::uint64_t) * 2 + node) +
           (sizeof(evm::Hash) + sizeof(void*) + node) + (sizeof(Senders::value_type) + node) +
           (sizeof(Rank) + node);
}

/// See Pool::best.
class Pool::Best
{
  public:
    /// The next one, or null. What follows it of its sender comes later.
    [[nodiscard]] const Entry* next();
    /// Gives nothing more of the sender of the last one: it did not fit, so what follows it cannot either.
    void skip_sender() { last_ = nullptr; }

  private:
    friend class Pool;
    struct Head
    {
        evm::Word tip;
        const Entry* entry;
        const Sender* sender;

        [[nodiscard]] bool operator<(const Head& other) const;
    };
    void push(const Sender& sender, std::uint64_t nonce);

    evm::Word base_fee_;
    std::priority_queue<Head> heads_;
    const Entry* last_ = nullptr;
    const Sender* last_sender_ = nullptr;
};
}  // namespace mote::txpool
