// Workloads: accounts, contracts and signed transactions that use them, all from one seed.
//
//   independent  each account pays one that nobody else pays: nothing in conflict
//   native       payments between random accounts [FAFO]
//   erc20        one token between random accounts [FAFO]
//   hot          payments; a share of them by one of a few hot accounts [FAFO]
//   hot_erc20    the same with a token
//   swap_one     everybody swaps in one pool: everything in conflict
//   swap_many    each account in one of many pools with tokens of their own
//   mint         everybody takes the next number of one counter
//   mixed        40 % payments, 35 % token transfers, 15 % swaps in many pools, 10 % mints
//   all_to_one   everybody pays the same account: one hot key, but payments commute
//
// Worked case: Workload w({Kind::erc20, .seed = 7}); the state starts as w.genesis(); w.next(1000) are the
// transactions of the first block, in order, and valid in that order.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "evm/types.hpp"
#include "sim/random.hpp"
#include "workload/contracts.hpp"
#include "workload/signing.hpp"

namespace mote::workload
{
enum class Kind : std::uint8_t
{
    independent,
    native,
    erc20,
    hot,
    hot_erc20,
    swap_one,
    swap_many,
    mint,
    mixed,
    all_to_one,
};
inline constexpr std::array all_kinds = {
    Kind::independent, Kind::native,    Kind::erc20, Kind::hot,   Kind::hot_erc20,
    Kind::swap_one,    Kind::swap_many, Kind::mint,  Kind::mixed, Kind::all_to_one};
[[nodiscard]] std::string_view name_of(Kind kind) noexcept;
[[nodiscard]] std::optional<Kind> kind_of(std::string_view name) noexcept;

struct Options
{
    Kind kind = Kind::mixed;
    std::uint64_t seed = 1;
    std::uint32_t accounts = 1000;   ///< at least 2, and more than there are hot ones
    std::uint32_t pools = 16;        ///< of swap_many and mixed
    double contention_degree = 0.1;  ///< of hot: the share of transactions that a hot account sends
    std::uint32_t skew = 100;        ///< of hot: how many hot accounts
    std::uint64_t chain_id = 1;
    evm::Word max_fee = 1'000'000'000'000;       ///< wei a gas
    evm::Word max_priority_fee = 1'000'000'000;  ///< likewise
    /// Of 100 transactions; the rest is EIP-1559.
    std::uint32_t percent_legacy = 15, percent_access_list = 10;
    unsigned threads = 1;  ///< that derive keys and sign; the result is the same
};

struct SlotValue
{
    evm::Word key, value;
};

struct GenesisAccount
{
    evm::Address address;
    evm::Word balance;
    std::uint64_t nonce = 0;
    std::vector<std::uint8_t> code;
    std::vector<SlotValue> slots;  ///< distinct, none of them zero
};

struct SignedTransaction
{
    std::vector<std::uint8_t> bytes;
    evm::Address sender;  ///< so that it need not be recovered
};

/// What each account has in the beginning, of wei and of each token it uses; and each reserve of a pool.
inline constexpr std::uint64_t coin = 1'000'000'000'000'000'000;
inline constexpr std::uint64_t genesis_coins = 1'000'000;

class Workload
{
  public:
    /// Errors  throws std::invalid_argument for options out of range.
    /// Cost    a key for each account.
    explicit Workload(const Options& options);

    [[nodiscard]] const Options& options() const noexcept { return options_; }
    /// The state before the first transaction, sorted by address.
    [[nodiscard]] std::vector<GenesisAccount> genesis() const;
    /// The next transactions, in an order in which each is valid.
    ///
    /// Cost    a signature each, over `threads`.
    [[nodiscard]] std::vector<SignedTransaction> next(std::size_t count);

    [[nodiscard]] const evm::Address& account(std::uint32_t i) const { return keys_[i].address; }
    /// The token of erc20, hot_erc20 and mixed.
    [[nodiscard]] const evm::Address& token() const { return token_; }
    [[nodiscard]] const evm::Address& collection() const { return collection_; }
    struct PoolAddresses
    {
        evm::Address pool, token0, token1;
    };
    /// Of swap_one one, of swap_many and mixed as in the options, else none.
    [[nodiscard]] const std::vector<PoolAddresses>& pools() const { return pools_; }

  private:
    struct Planned
    {
        std::uint32_t sender = 0;
        Unsigned transaction;
    };

    [[nodiscard]] bool uses_token() const noexcept;
    [[nodiscard]] Planned plan();
    [[nodiscard]] Planned payment(std::uint32_t from, std::uint32_t to);
    [[nodiscard]] Planned token_transfer(std::uint32_t from, std::uint32_t to);
    [[nodiscard]] Planned swap(std::uint32_t from);
    [[nodiscard]] Planned mint(std::uint32_t from) const;
    [[nodiscard]] std::uint32_t any() { return static_cast<std::uint32_t>(random_.below(count())); }
    [[nodiscard]] std::uint32_t any_but(std::uint32_t other);
    [[nodiscard]] std::uint32_t any_sender_of_hot();
    [[nodiscard]] std::uint32_t any_cold();
    [[nodiscard]] std::uint32_t count() const { return options_.accounts; }

    Options options_;
    sim::Random random_;
    std::vector<KeyPair> keys_;
    std::vector<std::uint64_t> nonces_;
    std::uint64_t cursor_ = 0;
    evm::Address deployer_;
    std::uint64_t deployed_ = 0;
    evm::Address token_, collection_;
    std::vector<PoolAddresses> pools_;
};
}  // namespace mote::workload
