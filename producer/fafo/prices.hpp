// Prices: what a gas costs for those who write a key that too many want to write.
//
// Transactions that write one key run one after the other, so a block has room for `budget` gas of them,
// whatever its own gas. Each key's serial gas is a resource of its own with a multiplier of its own, which
// moves as a block's base fee does [EIPS, 1559]:
//
//   used > target    m += m * (used - target) / (8 * (budget - target)), at least 1
//   used < target    m -= m * (target - used) / (8 * target), at least 1
//
// in integers, rounded down, m in units of 2^-20, never below 1 and never above 2^20 times that, target
// three quarters of the budget. A key whose multiplier is 1 is not remembered: quiet keys have the base fee
// exactly, and need no memory.
//
// A transaction pays for every key that it wrote, beyond 1: m = 1 + sum of (m_k - 1). With the greatest one
// alone, who bundles calls to several crowded keys would pay for one of them.
//
// Keys are the true ones, known after execution; predictions decide nothing that is charged. So the limit that a
// transaction sets is compared twice:
//
//   before   with the base fee, and the balance with all gas at that limit, as without prices for keys
//   after    with the base fee times m; if that is more than the limit, what it did is undone, and it pays the
//            limit for the gas it used. It wrote nothing then, and counts for no key.
//
// So a transaction that cannot pay is never free, each node finds the same, and a producer that predicts well
// does not take it into the block.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fafo/state_key.hpp"

namespace mote::fafo
{
/// Units   2^-20.
using Multiplier = std::uint64_t;
inline constexpr Multiplier multiplier_one = Multiplier{1} << 20;
inline constexpr Multiplier multiplier_max = multiplier_one << 20;

/// Gas of the transactions of one block that wrote a key. Credits count for nobody: they wait for nobody.
struct SerialGas
{
    StateKey key;
    std::uint64_t gas = 0;
};

class Prices
{
  public:
    /// Keys that are remembered at most; beyond that the cheapest are forgotten, of equal ones the last in
    /// the order of bytes_less().
    static constexpr std::size_t keys_max = std::size_t{1} << 16;

    /// Units   budget: gas a block, at least 4.
    explicit Prices(std::uint64_t budget);

    /// What a key's writers pay.
    [[nodiscard]] Multiplier of(const StateKey& key) const;
    /// What a transaction pays that wrote these keys, each named once; at most multiplier_max.
    [[nodiscard]] Multiplier of(std::span<const StateKey> written) const;

    /// Moves every multiplier after a block.
    ///
    /// Shape   used: in any order; a key may come several times, and its gas is added up.
    /// Cost    n log n in used, n in keys that are remembered.
    void end_block(std::vector<SerialGas> used);

    /// Keys that are not at 1, in the order of bytes_less().
    struct Entry
    {
        StateKey key;
        Multiplier multiplier;
    };
    [[nodiscard]] std::span<const Entry> entries() const { return entries_; }
    [[nodiscard]] std::uint64_t budget() const { return budget_; }
    [[nodiscard]] std::uint64_t target() const { return budget_ - budget_ / 4; }

  private:
    [[nodiscard]] Multiplier next(Multiplier multiplier, std::uint64_t used) const;

    std::uint64_t budget_;
    std::vector<Entry> entries_;
};

/// The base fee of who pays a multiplier: base_fee * multiplier / 2^20, rounded up, at most 2^64 - 1.
///
/// Units   wei a gas.
[[nodiscard]] std::uint64_t price_of(std::uint64_t base_fee, Multiplier multiplier) noexcept;

struct Charge
{
    bool stands;          ///< false: what the transaction did is undone
    std::uint64_t price;  ///< wei a gas that the sender pays, the tip included
    std::uint64_t tip;    ///< of that, the producer's
};
/// What a transaction pays when it was executed. Its limit is not below the base fee: that was checked before.
[[nodiscard]] Charge charge(std::uint64_t base_fee, Multiplier multiplier, std::uint64_t fee_max,
                            std::uint64_t tip_max) noexcept;
}  // namespace mote::fafo
