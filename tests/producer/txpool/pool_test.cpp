// The pool against a slow one that keeps lists and looks at all of them; each rule by its name; floods.
#include "txpool/pool.hpp"

#include <catch2/catch.hpp>
#include <algorithm>
#include <map>
#include <set>

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
    pool.on_block(std::vector<Pool::SenderUpdate>{{address(1), {7, Word(rich)}}});
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
    limits.transaction_bytes = 100;
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
    large.bytes.resize(101);
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
    pool.on_block(std::vector<Pool::SenderUpdate>{{address(1), {1, Word(420'000)}}});
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

namespace
{
/// The same rules, by looking at everything each time.
struct SlowPool
{
    struct Item
    {
        std::uint64_t sender, nonce, fee, tip, value, arrival;
        [[nodiscard]] std::uint64_t cost() const { return 21'000 * fee + value; }
    };
    std::vector<Item> items;
    std::map<std::uint64_t, SenderState> states;
    std::size_t limit, of_sender;
    std::uint64_t arrivals = 0;

    [[nodiscard]] bool is_ready(std::uint64_t sender, std::uint64_t nonce) const
    {
        for (std::uint64_t n = states.at(sender).nonce; n <= nonce; ++n)
            if (std::none_of(items.begin(), items.end(),
                             [&](const Item& i) { return i.sender == sender && i.nonce == n; }))
                return false;
        return nonce >= states.at(sender).nonce;
    }
    [[nodiscard]] std::uint64_t cost_of(std::uint64_t sender) const
    {
        std::uint64_t sum = 0;
        for (const Item& i : items)
            sum += i.sender == sender ? i.cost() : 0;
        return sum;
    }
    void erase(std::uint64_t sender, std::uint64_t nonce)
    {
        items.erase(std::find_if(items.begin(), items.end(), [&](const Item& i)
                                 { return i.sender == sender && i.nonce == nonce; }));
    }
    [[nodiscard]] const Item* last(std::uint64_t sender) const
    {
        const Item* out = nullptr;
        for (const Item& i : items)
            if (i.sender == sender && (out == nullptr || i.nonce > out->nonce))
                out = &i;
        return out;
    }
    static bool bumped(std::uint64_t from, std::uint64_t to)
    {
        return to * 100 >= from * 110 && to > from;
    }

    Verdict add(Item item, const SenderState& state)
    {
        if (item.nonce < state.nonce)
            return Verdict::nonce_too_low;
        if (item.nonce > state.nonce + 1024)
            return Verdict::nonce_too_far;
        Item* old = nullptr;
        std::size_t count = 0;
        for (Item& i : items)
        {
            count += i.sender == item.sender ? 1 : 0;
            if (i.sender == item.sender && i.nonce == item.nonce)
                old = &i;
        }
        if (old != nullptr && old->fee == item.fee && old->tip == item.tip &&
            old->value == item.value)
            return Verdict::known;
        if (state.balance < Word(item.cost()))
            return Verdict::funds_insufficient;
        if (old != nullptr && (!bumped(old->fee, item.fee) || !bumped(old->tip, item.tip)))
            return Verdict::replacement_too_cheap;
        if (old == nullptr && count >= of_sender)
            return Verdict::sender_full;
        if (count != 0 && state.balance < Word(cost_of(item.sender) + item.cost() -
                                               (old != nullptr ? old->cost() : 0)))
            return Verdict::funds_insufficient;
        if (old == nullptr && items.size() >= limit)
        {
            // The worst of the senders' last ones.
            const Item* worst = nullptr;
            const auto rank = [&](const Item& i)
            { return std::tuple(is_ready(i.sender, i.nonce), i.tip, ~i.arrival); };
            for (const auto& [sender, ignored] : states)
                if (const Item* const l = last(sender);
                    l != nullptr && (worst == nullptr || rank(*l) < rank(*worst)))
                    worst = l;
            if (worst == nullptr ||
                (is_ready(worst->sender, worst->nonce) && worst->tip >= item.tip) ||
                worst->sender == item.sender)
                return Verdict::pool_full;
            erase(worst->sender, worst->nonce);
        }
        if (old != nullptr)
            erase(item.sender, item.nonce);
        states[item.sender] = state;
        item.arrival = arrivals++;
        items.push_back(item);
        trim(item.sender);
        return old != nullptr                      ? Verdict::replaced
               : is_ready(item.sender, item.nonce) ? Verdict::ready
                                                   : Verdict::waiting;
    }
    void trim(std::uint64_t sender)
    {
        items.erase(
            std::remove_if(items.begin(), items.end(), [&](const Item& i)
                           { return i.sender == sender && i.nonce < states[sender].nonce; }),
            items.end());
    }
    void on_block(std::uint64_t sender, const SenderState& state)
    {
        if (last(sender) == nullptr)
            return;
        states[sender] = state;
        trim(sender);
        while (last(sender) != nullptr && state.balance < Word(cost_of(sender)))
            erase(sender, last(sender)->nonce);
    }
};
}  // namespace

TEST_CASE("Random histories go as in a pool that looks at everything")
{
    const int rounds = test::sanitized ? 4 : 25;
    for (int round = 0; round < rounds; ++round)
    {
        test::SplitMix random(static_cast<std::uint64_t>(round) + 100);
        Limits limits;
        limits.transactions = 12 + random.below(20);
        limits.of_sender = 6;
        std::set<evm::Hash> gone;
        Pool pool(limits, [&](const evm::Hash& hash) { gone.insert(hash); });
        SlowPool slow{{}, {}, limits.transactions, limits.of_sender, 0};
        std::map<std::uint64_t, SenderState> chain;
        std::set<evm::Hash> taken;
        for (int step = 0; step < 600; ++step)
        {
            const std::uint64_t sender = random.below(8);
            SenderState& state =
                chain.try_emplace(sender, SenderState{3, Word(3'000'000)}).first->second;
            if (random.below(12) == 0)
            {
                state.nonce += random.below(3);
                state.balance = Word(random.below(4'000'000));
                pool.on_block(std::vector<Pool::SenderUpdate>{{address(sender), state}});
                slow.on_block(sender, state);
            }
            else
            {
                const std::uint64_t nonce = state.nonce + random.below(6) - random.below(2),
                                    fee = 5 + random.below(30), tip = 1 + random.below(5),
                                    value = random.below(3) * 1000;
                const Offer o = offer(sender, nonce, fee, tip, value);
                const Verdict verdict = add(pool, o, state);
                INFO("round " << round << " step " << step);
                REQUIRE(name_of(verdict) ==
                        std::string(name_of(slow.add({sender, nonce, fee, tip, value, 0}, state))));
                if (is_taken(verdict))
                    taken.insert(hash::keccak_256(o.bytes));
            }
            REQUIRE(pool.size() == slow.items.size());
            std::size_t ready = 0;
            for (const SlowPool::Item& item : slow.items)
            {
                const Entry* const entry = pool.find(hash::keccak_256(
                    offer(item.sender, item.nonce, item.fee, item.tip, item.value).bytes));
                REQUIRE(entry != nullptr);
                ready += slow.is_ready(item.sender, item.nonce) ? 1 : 0;
            }
            REQUIRE(pool.counters().ready == ready);
            // Who was taken is here or was said to be gone.
            std::size_t here = 0;
            for (const evm::Hash& hash : taken)
            {
                here += pool.find(hash) != nullptr ? 1 : 0;
                REQUIRE((pool.find(hash) != nullptr || gone.contains(hash)));
            }
            REQUIRE(here == pool.size());
        }
        // In the order for builders tips fall, but for those who come after one of their sender.
        for (const std::uint64_t base_fee : {0U, 10U, 20U, 40U})
        {
            std::map<Address, std::uint64_t> next;
            Pool::Best best = pool.best(Word(base_fee));
            while (const Entry* const entry = best.next())
            {
                REQUIRE(entry->tip(Word(base_fee)));
                const auto [at, is_first] = next.try_emplace(entry->sender, entry->nonce);
                REQUIRE(at->second == entry->nonce);
                ++at->second;
            }
        }
    }
}

TEST_CASE("A flood of transactions, gaps and replacements stays within the limits")
{
    Limits limits;
    limits.transactions = 2000;
    limits.bytes = 1 << 20;
    Pool pool(limits);
    const std::uint64_t count = test::sanitized ? 20'000 : 200'000;
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
