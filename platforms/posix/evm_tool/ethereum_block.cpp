#include "ethereum_block.hpp"

#include <algorithm>

#include "evm/rlp.hpp"
#include "hash/keccak.hpp"
#include "state_test.hpp"

namespace mote::evm_tool
{
namespace
{
using evm::Fork;
using evm::RlpItem;
using evm::RlpReader;
using evm::Word;

constexpr std::uint64_t gas_limit_min = 5000, limit_divisor = 1024;
constexpr std::size_t extra_bytes_max = 32, bloom_bytes = 256;

[[nodiscard]] std::vector<std::uint8_t> copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

template <class T, class Take>
[[nodiscard]] bool take_optional(RlpReader& reader, std::optional<T>& out, const Take& take)
{
    return reader.at_end() || take(reader, out.emplace());
}

[[nodiscard]] bool take_transactions(Bytes list, EthereumBlock& out)
{
    for (RlpReader reader(list); !reader.at_end();)
    {
        RlpItem item;
        if (!reader.next(item))
            return false;
        // A legacy transaction is a list, any other a string.
        out.transactions.push_back(copy(item.is_list ? item.whole : item.payload));
    }
    return true;
}

[[nodiscard]] bool take_withdrawals(Bytes list, EthereumBlock& out)
{
    for (RlpReader reader(list); !reader.at_end();)
    {
        RlpItem item;
        if (!reader.next(item) || !item.is_list)
            return false;
        Withdrawal withdrawal;
        withdrawal.encoded = copy(item.whole);
        RlpReader fields(item.payload);
        if (!fields.next_integer(withdrawal.index) || !fields.next_integer(withdrawal.validator) ||
            !fields.next_fixed(withdrawal.address.bytes) || !fields.next_integer(withdrawal.gwei) ||
            !fields.at_end())
            return false;
        out.withdrawals.push_back(std::move(withdrawal));
    }
    return true;
}

/// Source  [EIPS] 1559.
[[nodiscard]] Word next_base_fee(const EthereumHeader& parent, Fork parent_has)
{
    constexpr std::uint64_t first = 1'000'000'000, elasticity = 2, denominator = 8;
    if (parent_has < Fork::london)
        return first;
    const Word fee = *parent.base_fee;
    const std::uint64_t target = parent.gas_limit / elasticity;
    if (parent.gas_used == target)
        return fee;
    const bool above = parent.gas_used > target;
    const std::uint64_t distance = above ? parent.gas_used - target : target - parent.gas_used;
    const Word step =
        evm::divide(evm::divide(fee * Word(distance), Word(target)).quotient, denominator).quotient;
    return above ? fee + std::max(step, Word(1)) : fee - step;
}

/// Source  [EIPS] 4844, 7918.
[[nodiscard]] std::uint64_t next_excess_blob_gas(const EthereumHeader& parent, Fork fork,
                                                 const BlobRules& blobs)
{
    constexpr std::uint64_t gas_per_blob = 1 << 17, execution_cost = 1 << 13;
    if (!parent.excess_blob_gas)
        return 0;
    const std::uint64_t excess = *parent.excess_blob_gas, used = *parent.blob_gas_used;
    const std::uint64_t target = blobs.target * gas_per_blob;
    if (excess + used < target)
        return 0;
    if (fork >= Fork::osaka && Word(gas_per_blob) * blob_base_fee(excess, blobs.fraction) <
                                   Word(execution_cost) * *parent.base_fee)
        return excess + used * (blobs.max - blobs.target) / blobs.max;
    return excess + used - target;
}
}  // namespace

bool decode_header(Bytes rlp, EthereumHeader& out)
{
    RlpReader outer(rlp);
    Bytes list, bloom, extra, nonce;
    if (!outer.next_list(list) || !outer.at_end())
        return false;
    out.hash = hash::keccak_256(rlp);
    RlpReader r(list);
    if (!r.next_fixed(out.parent) || !r.next_fixed(out.uncles) ||
        !r.next_fixed(out.coinbase.bytes) || !r.next_fixed(out.state_root) ||
        !r.next_fixed(out.transactions_root) || !r.next_fixed(out.receipts_root) ||
        !r.next_bytes(bloom) || !r.next_integer(out.difficulty) || !r.next_integer(out.number) ||
        !r.next_integer(out.gas_limit) || !r.next_integer(out.gas_used) ||
        !r.next_integer(out.timestamp) || !r.next_bytes(extra) || !r.next_fixed(out.mix) ||
        !r.next_bytes(nonce) || bloom.size() != bloom_bytes || nonce.size() != 8)
        return false;
    out.bloom = copy(bloom);
    out.extra = copy(extra);
    out.nonce = copy(nonce);
    const auto integer = [](RlpReader& reader, auto& to) { return reader.next_integer(to); };
    const auto fixed = [](RlpReader& reader, evm::Hash& to) { return reader.next_fixed(to); };
    return take_optional(r, out.base_fee, integer) &&
           take_optional(r, out.withdrawals_root, fixed) &&
           take_optional(r, out.blob_gas_used, integer) &&
           take_optional(r, out.excess_blob_gas, integer) &&
           take_optional(r, out.beacon_root, fixed) && take_optional(r, out.requests_hash, fixed) &&
           r.at_end();
}

bool decode_block(Bytes rlp, EthereumBlock& out)
{
    RlpReader outer(rlp);
    Bytes list, transactions, withdrawals;
    RlpItem header, uncles;
    if (!outer.next_list(list) || !outer.at_end())
        return false;
    RlpReader r(list);
    if (!r.next(header) || !decode_header(header.whole, out.header) || !r.next_list(transactions) ||
        !r.next(uncles) || !uncles.is_list)
        return false;
    out.has_uncles = !uncles.payload.empty();
    out.uncles_hash = hash::keccak_256(uncles.whole);
    out.has_withdrawals = !r.at_end();
    if (out.has_withdrawals && (!r.next_list(withdrawals) || !take_withdrawals(withdrawals, out)))
        return false;
    return r.at_end() && take_transactions(transactions, out);
}

std::string check_header(const EthereumHeader& h, const EthereumHeader& parent, Fork fork,
                         const BlobRules& blobs)
{
    const auto from = [&](Fork first, bool has) { return has == (fork >= first); };
    if (!from(Fork::london, h.base_fee.has_value()) ||
        !from(Fork::shanghai, h.withdrawals_root.has_value()) ||
        !from(Fork::cancun, h.blob_gas_used.has_value()) ||
        !from(Fork::cancun, h.excess_blob_gas.has_value()) ||
        !from(Fork::cancun, h.beacon_root.has_value()) ||
        !from(Fork::prague, h.requests_hash.has_value()))
        return "BlockException.INCORRECT_BLOCK_FORMAT";
    if (h.number != parent.number + 1)
        return "BlockException.INVALID_BLOCK_NUMBER";
    if (h.timestamp <= parent.timestamp)
        return "BlockException.INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT";
    if (h.extra.size() > extra_bytes_max)
        return "BlockException.EXTRA_DATA_TOO_BIG";
    if (h.gas_used > h.gas_limit)
        return "BlockException.GAS_USED_OVERFLOW";
    // The limit may double once, where London begins.
    const bool first_london = fork >= Fork::london && !parent.base_fee;
    const std::uint64_t parent_limit = parent.gas_limit * (first_london ? 2 : 1);
    const std::uint64_t distance =
        std::max(h.gas_limit, parent_limit) - std::min(h.gas_limit, parent_limit);
    if (distance >= parent_limit / limit_divisor || h.gas_limit < gas_limit_min)
        return "BlockException.INVALID_GASLIMIT";
    const Fork parent_has = parent.base_fee ? Fork::london : Fork::berlin;
    if (fork >= Fork::london && !(*h.base_fee == next_base_fee(parent, parent_has)))
        return "BlockException.INVALID_BASEFEE_PER_GAS";
    const bool has_work =
        !h.difficulty.is_zero() ||
        std::any_of(h.nonce.begin(), h.nonce.end(), [](std::uint8_t byte) { return byte != 0; });
    if (fork >= Fork::paris && has_work)
        return "BlockException.IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS";
    if (fork >= Fork::cancun && *h.excess_blob_gas != next_excess_blob_gas(parent, fork, blobs))
        return "BlockException.INCORRECT_EXCESS_BLOB_GAS";
    return {};
}
}  // namespace mote::evm_tool
