#include "workload/workload.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "evm/machine.hpp"

namespace mote::workload
{
namespace
{
constexpr std::array<std::string_view, all_kinds.size()> names = {
    "independent", "native",    "erc20", "hot",   "hot-erc20",
    "swap-one",    "swap-many", "mint",  "mixed", "all-to-one"};

// Above what each costs with every slot cold, and a legacy or access-list transaction no different.
constexpr std::uint64_t transfer_gas = 21'000, token_gas = 80'000, swap_gas = 180'000,
                        mint_gas = 120'000;
constexpr std::uint64_t deployer_number = ~std::uint64_t{0};
const evm::Word genesis_amount = evm::Word(coin) * evm::Word(genesis_coins);

/// Calls work(i) for every i below `count`, a range of them for each thread.
void for_each(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work)
{
    std::mutex lock;
    std::exception_ptr error;
    const auto range = [&](std::size_t from, std::size_t to)
    {
        try
        {
            for (std::size_t i = from; i < to; ++i)
                work(i);
        }
        catch (...)
        {
            const std::lock_guard guard(lock);
            error = std::current_exception();
        }
    };
    threads = std::max(threads, 1U);
    std::vector<std::thread> others;
    for (unsigned t = 1; t < threads; ++t)
        others.emplace_back(range, count * t / threads, count * (t + 1) / threads);
    range(0, count / threads);
    for (std::thread& other : others)
        other.join();
    if (error)
        std::rethrow_exception(error);
}

void check(const Options& options)
{
    const bool hot = options.kind == Kind::hot || options.kind == Kind::hot_erc20;
    if (options.accounts < 2)
        throw std::invalid_argument("at least two accounts");
    if (hot && (options.skew == 0 || options.skew >= options.accounts))
        throw std::invalid_argument(
            "hot accounts: at least one, and fewer than there are accounts");
    if (!std::isfinite(options.contention_degree) || options.contention_degree < 0 ||
        options.contention_degree > 1)
        throw std::invalid_argument("the contention degree is from 0 to 1");
    if (options.pools == 0 || options.pools > options.accounts)
        throw std::invalid_argument("pools: at least one, and no more than accounts");
    if (options.percent_legacy + std::uint64_t{options.percent_access_list} > 100)
        throw std::invalid_argument("more than 100 percent of transactions");
}
}  // namespace

std::string_view name_of(Kind kind) noexcept { return names[static_cast<std::size_t>(kind)]; }
std::optional<Kind> kind_of(std::string_view name) noexcept
{
    const auto* const found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return all_kinds[static_cast<std::size_t>(found - names.begin())];
}

bool Workload::uses_token() const noexcept
{
    return options_.kind == Kind::erc20 || options_.kind == Kind::hot_erc20 ||
           options_.kind == Kind::mixed;
}

Workload::Workload(const Options& options)
    : options_(options), random_(sim::Random::stream(options.seed, 1))
{
    check(options_);
    keys_.resize(count());
    nonces_.resize(count());
    for_each(count(), options_.threads,
             [&](std::size_t i) { keys_[i] = make_key(options_.seed, i); });
    deployer_ = make_key(options_.seed, deployer_number).address;
    const auto deploy = [&] { return evm::Machine::create_address(deployer_, deployed_++); };
    token_ = deploy();
    collection_ = deploy();
    const bool one = options_.kind == Kind::swap_one;
    if (one || options_.kind == Kind::swap_many || options_.kind == Kind::mixed)
        for (std::uint32_t i = 0; i < (one ? 1 : options_.pools); ++i)
            pools_.push_back({deploy(), deploy(), deploy()});
}

std::vector<GenesisAccount> Workload::genesis() const
{
    std::vector<GenesisAccount> out;
    out.reserve(keys_.size() + 3 + 3 * pools_.size());
    for (const KeyPair& key : keys_)
        out.push_back({key.address, genesis_amount, 0, {}, {}});
    out.push_back({deployer_, genesis_amount, deployed_, {}, {}});
    const auto add_token = [&](const evm::Address& address, std::size_t first, std::size_t step,
                               const evm::Address* pool)
    {
        GenesisAccount token{address, {}, 1, contract("Token").runtime, {}};
        evm::Word supply;
        const auto give = [&](const evm::Address& owner)
        {
            token.slots.push_back({token_balance_slot(owner), genesis_amount});
            supply = supply + genesis_amount;
        };
        for (std::size_t i = first; i < keys_.size(); i += step)
        {
            give(keys_[i].address);
            if (pool != nullptr)
                token.slots.push_back(
                    {token_allowance_slot(keys_[i].address, *pool), ~evm::Word{}});
        }
        if (pool != nullptr)
            give(*pool);
        token.slots.push_back({evm::Word(token_supply_slot), supply});
        out.push_back(std::move(token));
    };
    if (uses_token())
        add_token(token_, 0, 1, nullptr);
    if (options_.kind == Kind::mint || options_.kind == Kind::mixed)
        out.push_back({collection_, {}, 1, contract("Collection").runtime, {}});
    for (std::size_t i = 0; i < pools_.size(); ++i)
    {
        const PoolAddresses& p = pools_[i];
        add_token(p.token0, i, pools_.size(), &p.pool);
        add_token(p.token1, i, pools_.size(), &p.pool);
        out.push_back({p.pool,
                       {},
                       1,
                       contract("Pool").runtime,
                       {{evm::Word(pool_token0_slot), evm::to_word(p.token0)},
                        {evm::Word(pool_token1_slot), evm::to_word(p.token1)},
                        {evm::Word(pool_reserves_slot), pack({genesis_amount, genesis_amount})}}});
    }
    std::sort(out.begin(), out.end(), [](const GenesisAccount& a, const GenesisAccount& b)
              { return a.address < b.address; });
    return out;
}

std::uint32_t Workload::any_but(std::uint32_t other)
{
    const auto drawn = static_cast<std::uint32_t>(random_.below(count() - 1));
    return drawn < other ? drawn : drawn + 1;
}
std::uint32_t Workload::any_cold()
{
    return static_cast<std::uint32_t>(options_.skew + random_.below(count() - options_.skew));
}
std::uint32_t Workload::any_sender_of_hot()
{
    return random_.chance(static_cast<std::uint64_t>(options_.contention_degree * 1e6))
               ? static_cast<std::uint32_t>(random_.below(options_.skew))
               : any_cold();
}

Workload::Planned Workload::payment(std::uint32_t from, std::uint32_t to)
{
    Planned out{from, {}};
    out.transaction.to = keys_[to].address;
    out.transaction.gas_limit = transfer_gas;
    out.transaction.value = evm::Word(1 + random_.below(1'000'000));
    return out;
}

Workload::Planned Workload::token_transfer(std::uint32_t from, std::uint32_t to)
{
    Planned out{from, {}};
    out.transaction.to = token_;
    out.transaction.gas_limit = token_gas;
    out.transaction.data =
        call_data("transfer(address,uint256)",
                  {evm::to_word(keys_[to].address), evm::Word(1 + random_.below(1'000'000))});
    out.transaction.access_list = {
        {token_, {token_balance_slot(keys_[from].address), token_balance_slot(keys_[to].address)}}};
    return out;
}

Workload::Planned Workload::swap(std::uint32_t from)
{
    Planned out{from, {}};
    const PoolAddresses& p = pools_[from % pools_.size()];
    const std::uint64_t forward = random_.below(2);
    out.transaction.to = p.pool;
    out.transaction.gas_limit = swap_gas;
    // At most a millionth of the reserve, so that a million swaps one way do not empty a side.
    out.transaction.data =
        call_data("swap(bool,uint256,uint256)",
                  {evm::Word(forward), evm::Word(1000 + random_.below(coin)), evm::Word(1)});
    out.transaction.access_list = {
        {p.pool, {evm::Word(pool_reserves_slot)}}, {p.token0, {}}, {p.token1, {}}};
    return out;
}

Workload::Planned Workload::mint(std::uint32_t from) const
{
    Planned out{from, {}};
    out.transaction.to = collection_;
    out.transaction.gas_limit = mint_gas;
    out.transaction.data = call_data("mint()", {});
    out.transaction.access_list = {{collection_, {evm::Word(collection_next_slot)}}};
    return out;
}

Workload::Planned Workload::plan()
{
    const std::uint64_t turn = cursor_++;
    const auto in_turn = static_cast<std::uint32_t>(turn % count());
    switch (options_.kind)
    {
        case Kind::independent:
        {
            // The first half pays the second.
            const std::uint32_t half = count() / 2, from = static_cast<std::uint32_t>(turn % half);
            return payment(from, half + from);
        }
        case Kind::native:
        {
            const std::uint32_t from = any();
            return payment(from, any_but(from));
        }
        case Kind::erc20:
        {
            const std::uint32_t from = any();
            return token_transfer(from, any_but(from));
        }
        case Kind::hot:
        {
            const std::uint32_t from = any_sender_of_hot();
            return payment(from, any_cold());
        }
        case Kind::hot_erc20:
        {
            const std::uint32_t from = any_sender_of_hot();
            return token_transfer(from, any_cold());
        }
        case Kind::swap_one:
        case Kind::swap_many:
            return swap(in_turn);
        case Kind::mint:
            return mint(in_turn);
        case Kind::mixed:
        {
            const std::uint64_t what = random_.below(100);
            const std::uint32_t from = any();
            if (what < 40)
                return payment(from, any_but(from));
            if (what < 75)
                return token_transfer(from, any_but(from));
            return what < 90 ? swap(from) : mint(from);
        }
        case Kind::all_to_one:
            return payment(1 + static_cast<std::uint32_t>(turn % (count() - 1)), 0);
    }
    throw std::logic_error("a kind of workload that is none");
}

std::vector<SignedTransaction> Workload::next(std::size_t count)
{
    std::vector<Planned> planned(count);
    for (Planned& one : planned)
    {
        one = plan();
        Unsigned& t = one.transaction;
        t.nonce = nonces_[one.sender]++;
        t.chain_id = evm::Word(options_.chain_id);
        t.max_fee = options_.max_fee;
        t.max_priority_fee = options_.max_priority_fee;
        const std::uint64_t type = random_.below(100);
        if (type < options_.percent_legacy)
            t.type = evm::TransactionType::legacy;
        else if (type < options_.percent_legacy + options_.percent_access_list)
            t.type = evm::TransactionType::access_list;
        if (t.type != evm::TransactionType::access_list)
            t.access_list.clear();
    }
    std::vector<SignedTransaction> out(count);
    for_each(count, options_.threads,
             [&](std::size_t i)
             {
                 const KeyPair& key = keys_[planned[i].sender];
                 out[i] = {sign(planned[i].transaction, key), key.address};
             });
    return out;
}
}  // namespace mote::workload
