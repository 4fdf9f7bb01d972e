// Prices that depend on operands, and the rules of SSTORE.
//
// Source  [YP] appendix G and [EIPS] by number.
#pragma once

#include "evm/fork.hpp"
#include "evm/word.hpp"

namespace mote::evm
{
inline constexpr std::size_t code_bytes_max = 24576;                    // EIP-170
inline constexpr std::size_t init_code_bytes_max = 2 * code_bytes_max;  // EIP-3860

namespace gas_cost
{
inline constexpr std::int64_t warm_access = 100, cold_account = 2600, cold_slot = 2100;  // EIP-2929
inline constexpr std::int64_t call_value = 9000, stipend = 2300, new_account = 25000;
inline constexpr std::int64_t code_byte = 200, init_code_word = 2, keccak_word = 6;
inline constexpr std::int64_t destroy_refund = 24000;
}  // namespace gas_cost

struct StoreCost
{
    std::int64_t gas = 0, refund = 0;
};

/// What it costs to write a slot, without the price of a cold one, and what the refund counter gains.
///
/// Units   original: before the transaction; current: before the write.
/// Source  [YP] appendix G; [EIPS] 1283 (Constantinople only), 2200, 2929, 3529.
[[nodiscard]] constexpr StoreCost store_cost(Fork fork, const Word& original, const Word& current,
                                             const Word& value) noexcept
{
    constexpr std::int64_t set = 20000;
    if (fork < Fork::istanbul && fork != Fork::constantinople)
    {
        if (current.is_zero() && !value.is_zero())
            return {set, 0};
        return {5000, !current.is_zero() && value.is_zero() ? 15000 : 0};
    }
    const bool berlin = fork >= Fork::berlin;
    const std::int64_t touch = berlin ? 100 : fork >= Fork::istanbul ? 800 : 200;
    const std::int64_t reset = berlin ? 5000 - gas_cost::cold_slot : 5000;
    const std::int64_t clear = fork >= Fork::london ? reset + 1900 : 15000;
    if (current == value)
        return {touch, 0};
    if (original == current)
    {
        if (original.is_zero())
            return {set, 0};
        return {reset, value.is_zero() ? clear : 0};
    }
    StoreCost cost{touch, 0};
    if (!original.is_zero())
    {
        if (current.is_zero())
            cost.refund -= clear;
        else if (value.is_zero())
            cost.refund += clear;
    }
    if (original == value)
        cost.refund += (original.is_zero() ? set : reset) - touch;
    return cost;
}
}  // namespace mote::evm
