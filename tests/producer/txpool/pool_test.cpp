// The pool against a slow one that keeps lists and looks at all of them; each rule by its name; floods.
#include "txpool/pool.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <tuple>

#include "hash/keccak.hpp"
#include "tools/effort.hpp"
#include "tools/state_history.hpp"
#include "txpool/metrics.hpp"

using namespace mote;
using namespace mote::txpool;
using evm::Address;
using evm::Word;

namespace
{
Address address(std::uint64_t n)
{
    Address a;
    store_be(a.bytes.data() + 12, n);
    return a;
}

struct Offer
{
    std::vector<std::uint8_t> bytes;
    evm::Transaction transaction;
    Address sender;
};

Offer offer(std::uint64_t sender, std::uint64_t nonce, std::uint64_t fee, std::uint64_t tip,
            std::uint64_t value = 0)
{
    Offer out;
    out.sender = address(sender);
    out.transaction.nonce = nonce;
    out.transaction.gas_limit = 21'000;
    out.transaction.max_fee = Word(fee);
    out.transaction.max_priority_fee = Word(tip);
    out.transaction.value = Word(value);
    for (const std::uint64_t part : {sender, nonce, fee, tip, value})
        test::model::put(out.bytes, part, 8);
    out.bytes.resize(out.bytes.size() + value % 1009);  // of many lengths
    return out;
}

constexpr std::uint64_t rich = 1'000'000'000'000'000'000;

Verdict add(Pool& pool, const Offer& o, SenderState state)
{
    return pool.add(o.bytes, o.transaction, o.sender, state);
}

std::vector<std::uint64_t> order_of(const Pool& pool, std::uint64_t base_fee)
{
    std::vector<std::uint64_t> out;
    Pool::Best best = pool.best(Word(base_fee));
    while (const Entry* const entry = best.next())
        out.push_back(evm::to_word(entry->sender).limb[0] * 1000 + entry->nonce);
    return out;
}
}  // namespace

TEST_CASE("Nonces up to the first gap are ready, what is behind it waits")
{
    Pool pool;
    const SenderState state = {5, Word(rich)};
    CHECK(add(pool, offer(1, 5, 10, 2), state) == Verdict::ready);
    CHECK(add(pool, offer(1, 6, 10, 2), state) == Verdict::ready);
    CHECK(add(pool, offer(1, 8, 10, 2), state) == Verdict::waiting);
    CHECK(pool.counters().ready == 2);
    CHECK(order_of(pool, 1) == std::vector<std::uint64_t>{1005, 1006});
    CHECK(add(pool, offer(1, 7, 10, 2), state) == Verdict::ready);
    CHECK(pool.counters().ready == 4);
    // A block used 5 and 6.
    pool.on_block(Word(0), std::vector<Pool::SenderUpdate>{{address(1), {7, Word(rich)}}});
    CHECK(order_of(pool, 1) == std::vector<std::uint64_t>{1007, 1008});
    CHECK(pool.counters().included == 2);
    // One in the middle goes: the next waits.
    const Entry* const seven = pool.find(hash::keccak_256(offer(1, 7, 10, 2).bytes));
    REQUIRE(seven != nullptr);
    CHECK(pool.remove(seven->hash));
    CHECK(order_of(pool, 1).empty());
    CHECK(pool.size() == 1);
}

TEST_CASE("Each rule has its name")
{
    Limits limits;
    limits.transactions = 3;
    limits.of_sender = 2;
    limits.nonce_gap = 10;
    limits.transaction_bytes = 1100;
    limits.least_tip = Word(1);
    limits.gas = 30'000;
    Pool pool(limits);
    const SenderState state = {5, Word(1'000'000)};
    std::set<Verdict> seen;
    const auto says = [&](const Offer& o, const SenderState& s, Verdict expected)
    {
        INFO(name_of(expected));
        CHECK(add(pool, o, s) == expected);
        seen.insert(expected);
    };
    Offer large = offer(1, 5, 10, 2);
    large.bytes.resize(1101);
    says(large, state, Verdict::too_large);
    Offer hungry = offer(1, 5, 10, 2);
    hungry.transaction.gas_limit = 30'001;
    says(hungry, state, Verdict::gas_above_block);
    says(offer(1, 5, 10, 11), state, Verdict::refused);
    says(offer(1, 5, 10, 0), state, Verdict::tip_too_low);
    says(offer(1, 4, 10, 2), state, Verdict::nonce_too_low);
    says(offer(1, 16, 10, 2), state, Verdict::nonce_too_far);
    says(offer(1, 5, 48, 2), state, Verdict::funds_insufficient);
    says(offer(1, 5, 10, 2, 790'001), state, Verdict::funds_insufficient);
    Offer huge = offer(1, 5, 10, 2);
    huge.transaction.max_fee = ~Word{};
    says(huge, {5, ~Word{}}, Verdict::funds_insufficient);
    says(offer(1, 5, 10, 2), state, Verdict::ready);
    says(offer(1, 5, 10, 2), state, Verdict::known);
    says(offer(1, 5, 11, 2), state, Verdict::replacement_too_cheap);  // the tip, too
    says(offer(1, 5, 10, 3), state, Verdict::replacement_too_cheap);
    says(offer(1, 5, 11, 3), state, Verdict::replaced);
    CHECK(pool.size() == 1);
    says(offer(1, 7, 11, 3), state, Verdict::waiting);
    says(offer(1, 6, 11, 3), state, Verdict::sender_full);
    // What costs 231,000 at most, with 462,000 taken: together above a million.
    says(offer(2, 0, 11, 3), {0, Word(1'000'000)}, Verdict::ready);
    says(offer(2, 1, 11, 3, 600'000), {0, Word(1'000'000)}, Verdict::funds_insufficient);
    // Full: the one that waits goes first, then none that is as good.
    says(offer(3, 0, 11, 3), {0, Word(rich)}, Verdict::ready);
    CHECK(pool.counters().evicted == 1);
    says(offer(4, 0, 11, 3), {0, Word(rich)}, Verdict::pool_full);
    says(offer(4, 0, 11, 4), {0, Word(rich)}, Verdict::ready);
    CHECK(pool.counters().evicted == 2);
    CHECK(seen.size() == verdict_count);
    // And the metrics say so.
    const std::string text = to_prometheus(pool.counters());
    for (std::size_t i = 0; i < verdict_count; ++i)
    {
        const auto verdict = static_cast<Verdict>(i);
        CHECK(text.find(std::string("verdict=\"") + name_of(verdict) + "\"} 0\n") ==
              std::string::npos);
        CHECK(std::string(text_of(verdict)) != "?");
    }
}

TEST_CASE("What a sender can no longer pay goes, from its end")
{
    Pool pool;
    const SenderState state = {0, Word(rich)};
    for (std::uint64_t nonce = 0; nonce < 5; ++nonce)
        add(pool, offer(1, nonce, 10, 2), state);
    pool.on_block(Word(0), std::vector<Pool::SenderUpdate>{{address(1), {1, Word(420'000)}}});
    CHECK(order_of(pool, 1) == std::vector<std::uint64_t>{1001, 1002});
    CHECK(pool.counters().unpayable == 2);
    CHECK(pool.counters().included == 1);
}

TEST_CASE("Builders get the best tip first, and each sender in order")
{
    Pool pool;
    const SenderState state = {0, Word(rich)};
    add(pool, offer(1, 0, 100, 5), state);
    add(pool, offer(1, 1, 100, 50), state);
    add(pool, offer(2, 0, 100, 20), state);
    add(pool, offer(3, 0, 30, 30), state);
    add(pool, offer(4, 0, 9, 9), state);
    add(pool, offer(4, 1, 100, 90), state);
    CHECK(order_of(pool, 10) == std::vector<std::uint64_t>{2000, 3000, 1000, 1001});
    CHECK(order_of(pool, 25) == std::vector<std::uint64_t>{2000, 1000, 1001, 3000});
    Pool::Best best = pool.best(Word(10));
    std::vector<std::uint64_t> taken;
    while (const Entry* const entry = best.next())
    {
        taken.push_back(evm::to_word(entry->sender).limb[0]);
        best.skip_sender();
    }
    CHECK(taken == std::vector<std::uint64_t>{2, 3, 1});
}

TEST_CASE("A high tip behind a low one keeps no place, nor does one that does not pay the base fee")
{
    Limits limits;
    limits.transactions = 4;
    Pool pool(limits);
    const SenderState state = {0, Word(rich)};
    pool.on_block(Word(50), {});
    add(pool, offer(1, 0, 200, 1), state);
    add(pool, offer(1, 1, 200, 90), state);  // worth 1
    add(pool, offer(2, 0, 49, 49), state);   // pays no base fee
    add(pool, offer(3, 0, 52, 40), state);   // worth 2
    REQUIRE(pool.size() == 4);
    CHECK(add(pool, offer(4, 0, 49, 48), state) == Verdict::pool_full);
    CHECK(add(pool, offer(4, 0, 60, 5), state) == Verdict::ready);  // for 2
    CHECK(order_of(pool, 50) == std::vector<std::uint64_t>{4000, 3000, 1000, 1001});
    CHECK(add(pool, offer(5, 0, 60, 1), state) == Verdict::pool_full);
    CHECK(add(pool, offer(5, 0, 60, 2), state) == Verdict::ready);  // for the second one of 1
    CHECK(order_of(pool, 50) == std::vector<std::uint64_t>{4000, 3000, 5000, 1000});
    // With a higher base fee nobody but 1 pays, and 3 is the one with the lowest cap.
    pool.on_block(Word(61), {});
    CHECK(add(pool, offer(6, 0, 62, 1), state) == Verdict::ready);
    CHECK(order_of(pool, 61) == std::vector<std::uint64_t>{1000, 6000});
    CHECK(order_of(pool, 50) == std::vector<std::uint64_t>{4000, 5000, 1000, 6000});
}

TEST_CASE("Longer replacements stay within the bytes, and who makes no room evicts nobody")
{
    Limits limits;
    limits.bytes = 20 * (Pool::overhead_bytes() + 50);
    Pool pool(limits);
    const SenderState state = {0, Word(rich)};
    for (std::uint64_t sender = 0; sender < 20; ++sender)
        REQUIRE(add(pool, offer(sender, 0, 100, 10 + sender), state) == Verdict::ready);
    // The nine worst go for it, and it is full to the last byte.
    Offer longer = offer(9, 0, 200, 21);
    longer.bytes.resize(40 + 9 * (Pool::overhead_bytes() + 40) + 200);
    CHECK(add(pool, longer, state) == Verdict::replaced);
    CHECK(pool.counters().evicted == 9);
    CHECK(pool.counters().bytes == limits.bytes);
    // One is worse than this one, and three would have to go.
    Offer poor = offer(30, 0, 100, 21);
    poor.bytes.resize(40 + 2 * (Pool::overhead_bytes() + 40));
    const std::size_t before = pool.size();
    CHECK(add(pool, poor, state) == Verdict::pool_full);
    CHECK(pool.size() == before);
    CHECK(pool.counters().evicted == 9);
}

TEST_CASE("A newer state of a sender, with a transaction, is that of his others, too")
{
    Pool pool;
    for (std::uint64_t nonce = 0; nonce < 4; ++nonce)
        add(pool, offer(1, nonce, 10, 2), {0, Word(rich)});
    // What nonces 0 and 1 cost is paid: the rest is enough for three.
    CHECK(add(pool, offer(1, 4, 10, 2), {2, Word(630'000)}) == Verdict::ready);
    CHECK(pool.counters().included == 2);
    CHECK(order_of(pool, 0) == std::vector<std::uint64_t>{1002, 1003, 1004});
    // A block was taken back.
    pool.on_block(Word(0), std::vector<Pool::SenderUpdate>{{address(1), {0, Word(rich)}}});
    CHECK(pool.counters().ready == 0);
    CHECK(order_of(pool, 0).empty());
    // Blobs cost, too.
    Offer blob = offer(2, 0, 10, 2);
    const std::vector<evm::Hash> hashes(2);
    blob.transaction.blob_hashes = hashes;
    blob.transaction.max_blob_fee = Word(3);
    CHECK(add(pool, blob, {0, Word(210'000 + 6 * 131'072 - 1)}) == Verdict::funds_insufficient);
    CHECK(add(pool, blob, {0, Word(210'000 + 6 * 131'072)}) == Verdict::ready);
}

TEST_CASE("Ten thousand nonces wait for one, and get ready with it")
{
    Limits limits;
    limits.of_sender = limits.nonce_gap = 20'000;
    Pool pool(limits);
    const SenderState state = {0, Word(rich)};
    for (std::uint64_t nonce = 10'000; nonce > 0; --nonce)
        REQUIRE(add(pool, offer(1, nonce, 10, 2), state) == Verdict::waiting);
    CHECK(pool.counters().ready == 0);
    CHECK(add(pool, offer(1, 0, 10, 2), state) == Verdict::ready);
    CHECK(pool.counters().ready == 10'001);
    CHECK(pool.remove(hash::keccak_256(offer(1, 5'000, 10, 2).bytes)));
    CHECK(pool.counters().ready == 5'000);
}

namespace
{
/// The same rules, by looking at everything each time.
struct SlowPool
{
    struct Item
    {
        std::uint64_t sender, nonce, fee, tip, value, arrival;
        [[nodiscard]] std::uint64_t cost() const { return 21'000 * fee + value; }
        [[nodiscard]] std::size_t bytes() const
        {
            return 40 + value % 1009 + Pool::overhead_bytes();
        }
    };
    using Items = std::vector<Item>;
    using Rank = std::tuple<int, std::uint64_t, std::uint64_t>;
    Items items;
    std::map<std::uint64_t, SenderState> states;
    std::size_t limit, bytes_limit, of_sender;
    std::uint64_t base_fee = 0, arrivals = 0;

    [[nodiscard]] static const Item* find(const Items& all, std::uint64_t sender,
                                          std::uint64_t nonce)
    {
        for (const Item& i : all)
            if (i.sender == sender && i.nonce == nonce)
                return &i;
        return nullptr;
    }
    [[nodiscard]] bool is_ready(const Items& all, std::uint64_t sender, std::uint64_t nonce) const
    {
        for (std::uint64_t n = states.at(sender).nonce; n <= nonce; ++n)
            if (find(all, sender, n) == nullptr)
                return false;
        return nonce >= states.at(sender).nonce;
    }
    /// The greater the better.
    [[nodiscard]] Rank rank(const Items& all, const Item& item) const
    {
        if (!is_ready(all, item.sender, item.nonce))
            return {0, item.tip, ~item.arrival};
        std::uint64_t cap = item.fee, tip = ~std::uint64_t{0};
        for (const Item& i : all)
            if (i.sender == item.sender && i.nonce <= item.nonce)
                cap = std::min(cap, i.fee);
        if (cap < base_fee)
            return {1, cap, ~item.arrival};
        for (const Item& i : all)
            if (i.sender == item.sender && i.nonce <= item.nonce)
                tip = std::min({tip, i.tip, i.fee - base_fee});
        return {2, tip, ~item.arrival};
    }
    [[nodiscard]] std::uint64_t cost_of(std::uint64_t sender) const
    {
        std::uint64_t sum = 0;
        for (const Item& i : items)
            sum += i.sender == sender ? i.cost() : 0;
        return sum;
    }
    static void erase(Items& all, const Item& which)
    {
        std::erase_if(all, [id = which.arrival](const Item& i) { return i.arrival == id; });
    }
    [[nodiscard]] static const Item* last(const Items& all, std::uint64_t sender)
    {
        const Item* out = nullptr;
        for (const Item& i : all)
            if (i.sender == sender && (out == nullptr || i.nonce > out->nonce))
                out = &i;
        return out;
    }
    static bool bumped(std::uint64_t from, std::uint64_t to)
    {
        return to * 100 >= from * 110 && to > from;
    }
    [[nodiscard]] bool is_full(const Items& all, const Item& with) const
    {
        std::size_t bytes = with.bytes();
        for (const Item& i : all)
            bytes += i.bytes();
        return all.size() >= limit || bytes > bytes_limit;
    }
    [[nodiscard]] bool make_room(Items& all, const Item& item) const
    {
        Items with = all;
        with.push_back(item);
        const Rank mine = rank(with, item);
        while (is_full(all, item))
        {
            const Item* worst = nullptr;
            for (const auto& [sender, ignored] : states)
                if (const Item* const l = last(all, sender);
                    l != nullptr && sender != item.sender &&
                    (worst == nullptr || rank(all, *l) < rank(all, *worst)))
                    worst = l;
            if (worst == nullptr || rank(all, *worst) >= mine)
                return false;
            erase(all, Item(*worst));
        }
        return true;
    }

    Verdict add(Item item, const SenderState& state)
    {
        item.arrival = arrivals;
        if (item.nonce < state.nonce)
            return Verdict::nonce_too_low;
        if (item.nonce > state.nonce + 1024)
            return Verdict::nonce_too_far;
        const Item* old = find(items, item.sender, item.nonce);
        if (old != nullptr && old->fee == item.fee && old->tip == item.tip &&
            old->value == item.value)
            return Verdict::known;
        if (state.balance < Word(item.cost()))
            return Verdict::funds_insufficient;
        on_block(item.sender, state);
        old = find(items, item.sender, item.nonce);
        if (old != nullptr && (!bumped(old->fee, item.fee) || !bumped(old->tip, item.tip)))
            return Verdict::replacement_too_cheap;
        if (old == nullptr && std::count_if(items.begin(), items.end(), [&](const Item& i)
                                            { return i.sender == item.sender; }) >=
                                  static_cast<std::ptrdiff_t>(of_sender))
            return Verdict::sender_full;
        if (state.balance <
            Word(cost_of(item.sender) + item.cost() - (old != nullptr ? old->cost() : 0)))
            return Verdict::funds_insufficient;
        const SenderState before = states[item.sender];
        states[item.sender] = state;
        Items after = items;
        if (old != nullptr)
            erase(after, *old);
        if (!make_room(after, item))
        {
            states[item.sender] = before;
            return Verdict::pool_full;
        }
        const bool replaces = old != nullptr;
        items = after;
        items.push_back(item);
        ++arrivals;
        if (replaces)
            return Verdict::replaced;
        return is_ready(items, item.sender, item.nonce) ? Verdict::ready : Verdict::waiting;
    }
    void on_block(std::uint64_t sender, const SenderState& state)
    {
        if (last(items, sender) == nullptr)
            return;
        states[sender] = state;
        std::erase_if(items,
                      [&](const Item& i) { return i.sender == sender && i.nonce < state.nonce; });
        while (last(items, sender) != nullptr && state.balance < Word(cost_of(sender)))
            erase(items, Item(*last(items, sender)));
    }
    /// What a builder gets.
    [[nodiscard]] std::vector<std::uint64_t> order(std::uint64_t fee) const
    {
        std::vector<std::uint64_t> out;
        std::map<std::uint64_t, std::uint64_t> next;
        for (const auto& [sender, state] : states)
            next[sender] = state.nonce;
        while (true)
        {
            const Item* best = nullptr;
            const auto tip = [&](const Item& i)
            { return std::tuple(std::min(i.tip, i.fee - fee), ~i.arrival); };
            for (const auto& [sender, nonce] : next)
                if (const Item* const i = find(items, sender, nonce);
                    i != nullptr && i->fee >= fee && (best == nullptr || tip(*i) > tip(*best)))
                    best = i;
            if (best == nullptr)
                return out;
            out.push_back(best->sender * 1000 + best->nonce);
            ++next[best->sender];
        }
    }
};
}  // namespace

TEST_CASE("Random histories go as in a pool that looks at everything")
{
    const int rounds = test::sanitized ? 4 : 25;
    std::array<std::uint64_t, verdict_count> verdicts{};
    for (int round = 0; round < rounds; ++round)
    {
        test::SplitMix random(static_cast<std::uint64_t>(round) + 100);
        Limits limits;
        limits.transactions = 12 + random.below(20);
        limits.bytes = limits.transactions * (Pool::overhead_bytes() + 500);
        limits.of_sender = 6;
        std::set<evm::Hash> gone;
        Pool pool(limits, [&](const evm::Hash& hash) { gone.insert(hash); });
        SlowPool slow{{}, {}, limits.transactions, limits.bytes, limits.of_sender};
        std::map<std::uint64_t, SenderState> chain;
        std::set<evm::Hash> taken;
        for (int step = 0; step < 600; ++step)
        {
            INFO("round " << round << " step " << step);
            const std::uint64_t sender = random.below(8);
            SenderState& state =
                chain.try_emplace(sender, SenderState{3, Word(3'000'000)}).first->second;
            if (random.below(12) == 0)
            {
                state.nonce += random.below(3);
                state.balance = Word(random.below(4'000'000));
                // Or the pool learns it with the sender's next one.
                if (random.below(3) != 0)
                {
                    slow.base_fee = random.below(25);
                    pool.on_block(Word(slow.base_fee),
                                  std::vector<Pool::SenderUpdate>{{address(sender), state}});
                    slow.on_block(sender, state);
                }
            }
            else
            {
                const std::uint64_t nonce = state.nonce + random.below(6) - random.below(2),
                                    fee = 5 + random.below(30), tip = 1 + random.below(5),
                                    value = random.below(3) * 1000;
                const Offer o = offer(sender, nonce, fee, tip, value);
                const Verdict verdict = add(pool, o, state);
                ++verdicts[static_cast<std::size_t>(verdict)];
                REQUIRE(name_of(verdict) ==
                        std::string(name_of(slow.add({sender, nonce, fee, tip, value, 0}, state))));
                if (is_taken(verdict))
                {
                    taken.insert(hash::keccak_256(o.bytes));
                    gone.erase(hash::keccak_256(o.bytes));
                }
            }
            REQUIRE(pool.size() == slow.items.size());
            REQUIRE(pool.counters().bytes <= limits.bytes);
            std::size_t ready = 0;
            for (const SlowPool::Item& item : slow.items)
            {
                const Entry* const entry = pool.find(hash::keccak_256(
                    offer(item.sender, item.nonce, item.fee, item.tip, item.value).bytes));
                REQUIRE(entry != nullptr);
                ready += slow.is_ready(slow.items, item.sender, item.nonce) ? 1 : 0;
            }
            REQUIRE(pool.counters().ready == ready);
            // Who was taken is either here or was said to be gone.
            for (const evm::Hash& hash : taken)
                REQUIRE((pool.find(hash) != nullptr) != gone.contains(hash));
            if (step % 10 == 0)
                for (const std::uint64_t base_fee : {0U, 10U, 20U, 40U})
                    REQUIRE(order_of(pool, base_fee) == slow.order(base_fee));
        }
    }
    // All of them happened that can happen here.
    for (const Verdict verdict :
         {Verdict::ready, Verdict::waiting, Verdict::replaced, Verdict::known,
          Verdict::nonce_too_low, Verdict::funds_insufficient, Verdict::replacement_too_cheap,
          Verdict::pool_full})
        CHECK(verdicts[static_cast<std::size_t>(verdict)] != 0);
}

TEST_CASE("A flood of transactions, gaps and replacements stays within the limits")
{
    Limits limits;
    limits.transactions = 2000;
    limits.bytes = 1 << 20;
    Pool pool(limits);
    const std::uint64_t count = test::sanitized ? 20'000 : 1'000'000;
    test::SplitMix random(9);
    for (std::uint64_t i = 0; i < count; ++i)
    {
        const std::uint64_t sender = random.below(5000);
        add(pool, offer(sender, random.below(3), 100 + random.below(100), random.below(100)),
            {0, Word(rich)});
        REQUIRE(pool.size() <= limits.transactions);
        REQUIRE(pool.counters().bytes <= limits.bytes);
    }
    // Gaps without end from one sender: refused by name, and the pool is no fuller.
    const std::size_t before = pool.size();
    for (std::uint64_t nonce = 2000; nonce < 12'000; ++nonce)
        REQUIRE(add(pool, offer(7, nonce, 200, 150), {0, Word(rich)}) == Verdict::nonce_too_far);
    CHECK(pool.size() == before);
}
