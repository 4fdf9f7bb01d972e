#include "evm/journal.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

#include "map_state.hpp"

using namespace mote;
using namespace mote::evm;
using mote::evm_tool::MapState;

namespace
{
Address address_of(std::uint8_t n)
{
    Address a;
    a.bytes[19] = n;
    return a;
}

struct Fixture
{
    std::vector<Word> memory;
    MapState state;
    Journal journal;

    explicit Fixture(std::size_t bytes = 1 << 20)
        : memory(bytes / sizeof(Word)),
          journal({reinterpret_cast<std::uint8_t*>(memory.data()), bytes}, 5)
    {
        state.accounts[address_of(1)].balance = 100;
        state.accounts[address_of(1)].slots[Word(7)] = 8;
        journal.clear(state);
        journal.begin_transaction();
    }
};
}  // namespace

TEST_CASE("restore undoes everything after the savepoint and nothing before")
{
    Fixture f;
    Journal& j = f.journal;
    Account& a = j.account(address_of(1));
    Account& b = j.account(address_of(9));
    j.set_slot(j.slot(a, 7), 1);
    j.add_refund(10);
    const Savepoint s = j.save();
    REQUIRE(j.warm_account(a));
    REQUIRE_FALSE(j.warm_account(a));
    j.set_balance(a, 50);
    j.set_balance(b, 50);
    j.set_nonce(b, 3);
    const std::uint8_t code[] = {1, 2, 3};
    j.set_code(b, Hash{1}, code);
    j.set_created(b);
    REQUIRE(j.destroy(b));
    j.set_slot(j.slot(a, 7), 2);
    REQUIRE(j.warm_slot(j.slot(a, 7)));
    j.set_transient(a, 1, 2);
    j.add_log({});
    j.add_refund(5);
    j.restore(s);
    REQUIRE(a.balance == Word(100));
    REQUIRE(b.is_empty());
    REQUIRE_FALSE(b.exists);
    REQUIRE_FALSE(j.created_now(b));
    REQUIRE(j.slot(a, 7).value == Word(1));
    REQUIRE(j.slot(a, 7).original == Word(8));
    REQUIRE(j.warm_slot(j.slot(a, 7)));
    REQUIRE(j.warm_account(a));
    REQUIRE(j.destroy(b));
    REQUIRE(j.transient(a, 1).is_zero());
    REQUIRE(j.logs().size() == 0);
    REQUIRE(j.refund() == 10);
    REQUIRE(j.fault() == Fault::none);
}

TEST_CASE("a transaction's end deletes what was destroyed and what is touched and empty")
{
    Fixture f;
    Journal& j = f.journal;
    Account& a = j.account(address_of(1));
    Account& b = j.account(address_of(2));
    j.destroy(a);
    j.touch(b);
    REQUIRE(b.exists);
    SECTION("from Spurious Dragon")
    {
        j.end_transaction(true);
        REQUIRE_FALSE(b.exists);
    }
    SECTION("before")
    {
        j.end_transaction(false);
        REQUIRE(b.exists);
    }
    REQUIRE_FALSE(a.exists);
    REQUIRE(a.balance.is_zero());
    j.begin_transaction();
    REQUIRE(j.slot(a, 7).value.is_zero());
    f.state.apply(j);
    REQUIRE(f.state.accounts.count(address_of(1)) == 0);
}

TEST_CASE("original values, warmth and transient storage last for one transaction")
{
    Fixture f;
    Journal& j = f.journal;
    Account& a = j.account(address_of(1));
    j.set_slot(j.slot(a, 7), 9);
    j.set_transient(a, 7, 9);
    j.warm_account(a);
    j.end_transaction(true);
    j.begin_transaction();
    REQUIRE(j.slot(a, 7).original == Word(9));
    REQUIRE(j.transient(a, 7).is_zero());
    REQUIRE(j.warm_account(a));
}

TEST_CASE("only the touch of address 3 outlives a restore")
{
    Fixture f;
    f.state.accounts[address_of(3)] = {};
    f.state.accounts[address_of(4)] = {};
    Journal& j = f.journal;
    const Savepoint s = j.save();
    j.touch(j.account(address_of(3)));
    j.touch(j.account(address_of(4)));
    j.restore(s);
    j.end_transaction(true);
    REQUIRE_FALSE(j.account(address_of(3)).exists);
    REQUIRE(j.account(address_of(4)).exists);
}

TEST_CASE("random changes and restores leave what a map with copies leaves")
{
    Fixture f(8 << 20);
    Journal& j = f.journal;
    using Model = std::map<std::pair<int, int>, std::uint64_t>;
    Model model;
    model[{1, 7}] = 8;
    std::vector<std::pair<Savepoint, Model>> saved;
    std::mt19937_64 random(3);
    for (int step = 0; step < 20000; ++step)
    {
        const int account = static_cast<int>(random() % 40), key = static_cast<int>(random() % 50);
        switch (random() % 8)
        {
            case 0:
                saved.emplace_back(j.save(), model);
                break;
            case 1:
                if (!saved.empty())
                {
                    // A call that succeeded leaves its changes to its caller.
                    if (random() % 2 == 0)
                    {
                        j.restore(saved.back().first);
                        model = saved.back().second;
                    }
                    saved.pop_back();
                }
                break;
            default:
            {
                const std::uint64_t value = random() % 4;
                Account& a = j.account(address_of(static_cast<std::uint8_t>(account)));
                j.set_slot(j.slot(a, Word(static_cast<std::uint64_t>(key))), Word(value));
                model[{account, key}] = value;
            }
        }
        const auto probe = std::pair{account, key};
        const auto found = model.find(probe);
        Account& a = j.account(address_of(static_cast<std::uint8_t>(account)));
        REQUIRE(j.slot(a, Word(static_cast<std::uint64_t>(key))).value ==
                Word(found == model.end() ? 0 : found->second));
    }
    REQUIRE(j.fault() == Fault::none);
}

TEST_CASE("when memory ends there is a fault, and calls go on harmlessly")
{
    for (std::size_t bytes = 0; bytes < 60000; bytes += 997)
    {
        Fixture f(bytes / 32 * 32);
        Journal& j = f.journal;
        for (std::uint64_t i = 0; i < 500; ++i)
        {
            const Savepoint s = j.save();
            Account& a = j.account(address_of(static_cast<std::uint8_t>(i)));
            j.warm_account(a);
            j.set_balance(a, a.balance + Word(1));
            j.set_slot(j.slot(a, Word(i)), Word(1));
            j.warm_slot(j.slot(a, Word(i)));
            j.set_transient(a, Word(i), 1);
            j.add_log({});
            if (i % 3 == 0)
                j.restore(s);
        }
        j.end_transaction(true);
        REQUIRE(j.fault() == Fault::memory);
        j.clear(f.state);
        REQUIRE(j.fault() == Fault::none);
    }
}

TEST_CASE("a view that cannot answer is a fault")
{
    struct Blind final : StateView
    {
        Found account(const Address&, AccountFields&) noexcept override
        {
            return Found::unavailable;
        }
        bool slot(const Address&, const Word&, Word&) noexcept override { return false; }
        bool has_slots(const Address&, bool&) noexcept override { return false; }
        bool code(const Address&, const Hash&, Bytes&) noexcept override { return false; }
        bool block_hash(std::uint64_t, Hash&) noexcept override { return false; }
    } blind;
    Fixture f;
    f.journal.clear(blind);
    f.journal.begin_transaction();
    static_cast<void>(f.journal.account(address_of(1)));
    REQUIRE(f.journal.fault() == Fault::unavailable);
}

namespace
{
// A view with balances apart, that counts who reads what.
class ApartView final : public StateView
{
  public:
    explicit ApartView(MapState& state) : state_(state) {}
    Found account(const Address& address, AccountFields& out) noexcept override
    {
        ++accounts;
        if (state_.account(address, out) != Found::present)
            return Found::absent;
        out.balance = {};
        return out.nonce != 0 || out.code_hash != empty_code_hash ? Found::present : Found::absent;
    }
    bool balances_apart() const noexcept override { return true; }
    bool balance(const Address& address, Word& out) noexcept override
    {
        ++balances;
        AccountFields fields;
        static_cast<void>(state_.account(address, fields));
        out = fields.balance;
        return !fails;
    }
    bool slot(const Address& address, const Word& key, Word& out) noexcept override
    {
        return state_.slot(address, key, out);
    }
    bool has_slots(const Address& address, bool& out) noexcept override
    {
        return state_.has_slots(address, out);
    }
    bool code(const Address& address, const Hash& hash, Bytes& out) noexcept override
    {
        return state_.code(address, hash, out);
    }
    bool block_hash(std::uint64_t number, Hash& out) noexcept override
    {
        return state_.block_hash(number, out);
    }

    int accounts = 0, balances = 0;
    bool fails = false;

  private:
    MapState& state_;
};
}  // namespace

TEST_CASE("where balances are apart, a payment reads neither the balance nor the account")
{
    Fixture f;
    ApartView view(f.state);
    Journal& j = f.journal;
    j.clear(view);
    j.begin_transaction();
    Account& a = j.account_unread(address_of(1));
    j.touch(a);
    j.add_balance(a, 5);
    const Savepoint s = j.save();
    j.add_balance(a, 7);
    REQUIRE_FALSE(a.balance_known);
    REQUIRE(a.balance == Word(12));
    REQUIRE(view.accounts == 0);

    SECTION("until somebody asks; what is undone then goes back to the sum")
    {
        REQUIRE(j.balance(a) == Word(112));
        REQUIRE(j.balance(a) == Word(112));
        REQUIRE(view.balances == 1);
        j.restore(s);
        REQUIRE(j.balance(a) == Word(105));
        j.restore({});
        REQUIRE(j.balance(a) == Word(100));
        REQUIRE(j.exists(a));
    }
    SECTION("and undoing it needs no balance")
    {
        j.restore({});
        REQUIRE(a.balance.is_zero());
        REQUIRE_FALSE(a.exists);
        REQUIRE(view.balances == 0);
        REQUIRE(j.exists(a));
        REQUIRE(view.balances == 1);
    }
    SECTION("and a touch of what is empty or not deletes nothing")
    {
        Account& b = j.account(address_of(9));
        j.touch(b);
        j.end_transaction(true);
        REQUIRE_FALSE(b.exists);
        REQUIRE(b.storage_number == 0);
        REQUIRE(a.exists);
        REQUIRE(view.balances == 0);
    }
    SECTION("a balance that cannot be read is a fault")
    {
        view.fails = true;
        static_cast<void>(j.balance(a));
        REQUIRE(j.fault() == Fault::unavailable);
    }
}
