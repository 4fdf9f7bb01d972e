#include "workload/workload.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "workload_support.hpp"

using namespace mote;
using namespace mote::workload;
using evm::Halt;
using evm::Word;

namespace
{
constexpr std::size_t transactions = 150;

Options small(Kind kind, std::uint64_t seed = 5)
{
    Options options;
    options.kind = kind;
    options.seed = seed;
    options.accounts = 40;
    options.pools = 4;
    options.skew = 3;
    return options;
}

struct Fields
{
    evm::Address from, to;
    evm::TransactionType type;
    std::vector<std::uint8_t> data;
};

std::vector<Fields> fields_of(const std::vector<SignedTransaction>& signed_ones)
{
    std::vector<Fields> out;
    for (const SignedTransaction& one : signed_ones)
    {
        std::vector<std::uint8_t> room(4096);
        Arena arena(room.data(), room.size());
        evm::Transaction t;
        REQUIRE(evm::decode(one.bytes, arena, t) == evm::Refusal::none);
        out.push_back({one.sender, t.to, t.type, {t.data.begin(), t.data.end()}});
    }
    return out;
}

/// Tokens: no unit comes or goes. Pools: what they think they have is what they have.
void check_tokens(test::Chain& chain, const Workload& workload)
{
    const auto sum = [&](const evm::Address& token)
    {
        Word total;
        std::set<evm::Address> owners;
        for (std::uint32_t i = 0; i < workload.options().accounts; ++i)
            owners.insert(workload.account(i));
        for (const Workload::PoolAddresses& p : workload.pools())
            owners.insert(p.pool);
        for (const evm::Address& owner : owners)
            total = total + chain.slot(token, token_balance_slot(owner));
        return total;
    };
    const auto check = [&](const evm::Address& token)
    {
        if (chain.state.accounts.count(token) != 0)
            CHECK(sum(token) == chain.slot(token, Word(token_supply_slot)));
    };
    check(workload.token());
    for (const Workload::PoolAddresses& p : workload.pools())
    {
        check(p.token0);
        check(p.token1);
        const Reserves reserves = unpack_reserves(chain.slot(p.pool, Word(pool_reserves_slot)));
        CHECK(reserves.token0 == chain.slot(p.token0, token_balance_slot(p.pool)));
        CHECK(reserves.token1 == chain.slot(p.token1, token_balance_slot(p.pool)));
    }
}

/// Reserves' product; both are below 2^112.
Word product(test::Chain& chain, const evm::Address& pool)
{
    const Reserves r = unpack_reserves(chain.slot(pool, Word(pool_reserves_slot)));
    return r.token0 * r.token1;
}
}  // namespace

TEST_CASE("names and kinds belong together")
{
    for (const Kind kind : all_kinds)
        CHECK(kind_of(name_of(kind)) == kind);
    CHECK(!kind_of("nothing"));
    CHECK(!kind_of(""));
}

TEST_CASE(
    "every workload runs through the machine: nothing is refused, nothing reverts, and the sums "
    "hold")
{
    for (const Kind kind : all_kinds)
    {
        INFO(name_of(kind));
        Workload workload(small(kind));
        test::Chain chain;
        chain.start_with(workload.genesis());
        const Word before = chain.balances();
        std::map<evm::Address, Word> products;
        for (const Workload::PoolAddresses& p : workload.pools())
            products[p.pool] = product(chain, p.pool);
        std::map<std::string, std::vector<std::uint64_t>> gas;
        std::uint64_t minted = 0;
        // Two calls, as for two blocks.
        std::vector<SignedTransaction> all = workload.next(transactions / 2);
        for (SignedTransaction& one : workload.next(transactions - all.size()))
            all.push_back(std::move(one));
        const std::vector<Fields> fields = fields_of(all);
        for (std::size_t i = 0; i < all.size(); ++i)
        {
            evm::Address sender;
            const evm::Receipt receipt = chain.execute(all[i].bytes, &sender);
            CHECK(receipt.halt == Halt::success);
            CHECK(sender == all[i].sender);
            const auto& selector = fields[i].data;
            std::string what = "pay";
            if (!selector.empty())
                what = selector[0] == 0xa9 ? "token" : selector.size() == 4 ? "mint" : "swap";
            gas[what].push_back(receipt.gas_used);
            CHECK(chain.logs == (what == "pay" ? 0U : what == "swap" ? 3U : 1U));
            minted += what == "mint" ? 1 : 0;
            for (auto& [pool, last] : products)
            {
                const Word now = product(chain, pool);
                CHECK(now >= last);
                if (what == "swap" && pool == fields[i].to)
                    CHECK(now > last);
                last = now;
            }
        }
        CHECK(chain.balances() + chain.burnt == before);
        check_tokens(chain, workload);
        CHECK(chain.slot(workload.collection(), Word(collection_next_slot)) == Word(minted));
        // 21,000, call data, cold slots that are written, logs; the least token transfer is to oneself.
        const std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> plausible = {
            {"pay", {21'000, 21'000}},
            {"token", {26'000, 37'000}},
            {"swap", {65'000, 72'000}},
            {"mint", {55'000, 90'000}}};
        for (const auto& [what, used] : gas)
        {
            INFO(what);
            CHECK(*std::min_element(used.begin(), used.end()) >= plausible.at(what).first);
            CHECK(*std::max_element(used.begin(), used.end()) <= plausible.at(what).second);
        }
    }
}

TEST_CASE("a workload is its seed: same bytes, with any number of threads and any cuts")
{
    for (const Kind kind : {Kind::mixed, Kind::hot})
    {
        const auto bytes = [&](std::uint64_t seed, unsigned threads, std::size_t cut)
        {
            Options options = small(kind, seed);
            options.threads = threads;
            Workload workload(options);
            std::vector<std::vector<std::uint8_t>> out;
            for (const std::size_t count : {cut, std::size_t{60} - cut})
                for (SignedTransaction& one : workload.next(count))
                    out.push_back(std::move(one.bytes));
            return out;
        };
        const auto expected = bytes(1, 1, 60);
        CHECK(bytes(1, 3, 60) == expected);
        CHECK(bytes(1, 2, 7) == expected);
        CHECK(bytes(2, 1, 60) != expected);
    }
}

TEST_CASE("genesis is sorted, without zeros, and has what the transactions need only")
{
    for (const Kind kind : all_kinds)
    {
        const std::vector<GenesisAccount> genesis = Workload(small(kind)).genesis();
        CHECK(std::is_sorted(genesis.begin(), genesis.end(),
                             [](const auto& a, const auto& b) { return a.address < b.address; }));
        std::size_t contracts = 0;
        for (const GenesisAccount& account : genesis)
        {
            contracts += account.code.empty() ? 0 : 1;
            std::set<Word> keys;
            for (const SlotValue& slot : account.slots)
            {
                CHECK(!slot.value.is_zero());
                CHECK(keys.insert(slot.key).second);
            }
        }
        const std::size_t expected = kind == Kind::erc20 || kind == Kind::hot_erc20 ? 1
                                     : kind == Kind::mint                           ? 1
                                     : kind == Kind::swap_one                       ? 3
                                     : kind == Kind::swap_many                      ? 12
                                     : kind == Kind::mixed                          ? 14
                                                                                    : 0;
        CHECK(contracts == expected);
    }
}

TEST_CASE("workloads are in conflict as they say")
{
    const auto made = [](Kind kind, std::size_t count)
    {
        Workload workload(small(kind));
        return std::pair(fields_of(workload.next(count)), workload);
    };
    {
        const auto [all, workload] = made(Kind::independent, 20);
        std::set<evm::Address> touched;
        for (const Fields& one : all)
        {
            CHECK(touched.insert(one.from).second);
            CHECK(touched.insert(one.to).second);
        }
    }
    for (const auto& one : made(Kind::all_to_one, 60).first)
    {
        CHECK(one.to == Workload(small(Kind::all_to_one)).account(0));
        CHECK(!(one.from == one.to));
    }
    {
        const auto [all, workload] = made(Kind::swap_one, 20);
        REQUIRE(workload.pools().size() == 1);
        for (const Fields& one : all)
            CHECK(one.to == workload.pools()[0].pool);
    }
    {
        const auto [all, workload] = made(Kind::swap_many, 40);
        std::map<evm::Address, std::size_t> used;
        for (const Fields& one : all)
            ++used[one.to];
        CHECK(used.size() == 4);
        for (const auto& [pool, count] : used)
            CHECK(count == 10);
    }
    for (const Kind kind : {Kind::hot, Kind::hot_erc20})
    {
        Options options = small(kind);
        options.contention_degree = 0.25;
        Workload workload(options);
        std::set<evm::Address> hot;
        for (std::uint32_t i = 0; i < options.skew; ++i)
            hot.insert(workload.account(i));
        std::size_t by_hot = 0;
        for (const Fields& one : fields_of(workload.next(800)))
        {
            by_hot += hot.count(one.from);
            CHECK(hot.count(one.to) == 0);
        }
        // 200 expected, deviation 12.
        CHECK(by_hot > 140);
        CHECK(by_hot < 260);
    }
}

TEST_CASE("types are mixed as asked")
{
    Options options = small(Kind::erc20);
    options.percent_legacy = 50;
    options.percent_access_list = 30;
    std::array<std::size_t, 3> types{};
    for (const Fields& one : fields_of(Workload(options).next(300)))
        ++types.at(static_cast<std::size_t>(one.type));
    CHECK(types[0] > 110);
    CHECK(types[1] > 55);
    CHECK(types[2] > 30);
    options.percent_legacy = 0;
    options.percent_access_list = 0;
    for (const Fields& one : fields_of(Workload(options).next(30)))
        CHECK(one.type == evm::TransactionType::fee_market);
}

TEST_CASE("options out of range are refused")
{
    const auto bad = [](auto change)
    {
        Options options = small(Kind::hot);
        change(options);
        CHECK_THROWS_AS(Workload(options), std::invalid_argument);
    };
    bad([](Options& o) { o.accounts = 1; });
    bad([](Options& o) { o.skew = 0; });
    bad([](Options& o) { o.skew = o.accounts; });
    bad([](Options& o) { o.contention_degree = 1.1; });
    bad([](Options& o) { o.contention_degree = -0.1; });
    bad([](Options& o) { o.pools = 0; });
    bad([](Options& o) { o.pools = o.accounts + 1; });
    bad([](Options& o) { o.percent_legacy = 91; });
}
