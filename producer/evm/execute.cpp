#include "evm/execute.hpp"

#include <algorithm>

#include "evm/delegation.hpp"
#include "evm/gas.hpp"
#include "hash/keccak.hpp"

namespace mote::evm
{
namespace
{
constexpr std::uint64_t authorization_gas = 25000, authorization_refund = 12500;  // EIP-7702

/// a * b + c, with all carries.
[[nodiscard]] Word multiply_add(const Word& a, const Word& b, const Word& c,
                                bool& overflow) noexcept
{
    bool product = false, sum = false;
    const Word r = add_overflow(multiply_overflow(a, b, product), c, sum);
    overflow = overflow || product || sum;
    return r;
}

/// The checks that need no account.
[[nodiscard]] Refusal check_form(const Machine& machine, Fork fork, const Transaction& t,
                                 const IntrinsicGas& intrinsic) noexcept
{
    constexpr std::array<Fork, 5> since = {Fork::frontier, Fork::berlin, Fork::london, Fork::cancun,
                                           Fork::prague};
    const BlockContext& block = machine.block;
    if (fork < since[static_cast<std::size_t>(t.type)])
        return Refusal::type_unsupported;
    if (t.has_chain_id && !(t.chain_id == block.chain_id))
        return Refusal::chain_id_mismatch;
    if (fork >= Fork::osaka && t.gas_limit > transaction_gas_max)
        return Refusal::gas_limit_above_cap;
    if (t.gas_limit > block.gas_limit || t.gas_limit > INT64_MAX)
        return Refusal::gas_limit_above_block;
    if (fork >= Fork::london)
    {
        if (t.max_fee < t.max_priority_fee)
            return Refusal::priority_fee_above_fee;
        if (t.max_fee < block.base_fee)
            return Refusal::fee_below_base_fee;
    }
    if (fork >= Fork::shanghai && t.creates && t.data.size() > init_code_bytes_max)
        return Refusal::init_code_too_large;
    if (t.type == TransactionType::blob)
    {
        if (t.creates)
            return Refusal::blob_creates;
        if (t.blob_hashes.empty())
            return Refusal::blobs_missing;
        if (t.blob_hashes.size() > block.blobs_max ||
            (fork >= Fork::osaka && t.blob_hashes.size() > transaction_blobs_max))
            return Refusal::blobs_too_many;
        for (const Hash& hash : t.blob_hashes)
            if (hash[0] != 0x01)
                return Refusal::blob_version_unknown;
        if (t.max_blob_fee < block.blob_base_fee)
            return Refusal::blob_fee_too_low;
    }
    if (t.type == TransactionType::set_code)
    {
        if (t.creates)
            return Refusal::authorization_creates;
        if (t.authorizations.empty())
            return Refusal::authorizations_missing;
    }
    if (t.gas_limit < intrinsic.gas)
        return Refusal::intrinsic_gas_too_low;
    if (t.gas_limit < intrinsic.floor)
        return Refusal::floor_gas_too_low;
    return Refusal::none;
}

/// The checks against the sender's account.
[[nodiscard]] Refusal check_sender(Journal& journal, Account& sender, const Transaction& t) noexcept
{
    if (sender.has_code() && delegation_target(journal.code(sender)) == nullptr)
        return Refusal::sender_has_code;  // EIP-3607
    if (t.nonce < sender.nonce)
        return Refusal::nonce_too_low;
    if (t.nonce > sender.nonce)
        return Refusal::nonce_too_high;
    if (t.nonce == UINT64_MAX)
        return Refusal::nonce_exhausted;  // EIP-2681
    bool overflow = false;
    const Word blobs = t.blob_hashes.size() * blob_gas;
    Word most = multiply_add(t.max_fee, t.gas_limit, t.value, overflow);
    most = multiply_add(t.max_blob_fee, blobs, most, overflow);
    return overflow || journal.balance(sender) < most ? Refusal::funds_insufficient : Refusal::none;
}

void apply_authorizations(Machine& machine, const Transaction& t) noexcept
{
    Journal& journal = machine.journal();
    for (const Authorization& a : t.authorizations)
    {
        Address address;
        if ((!a.chain_id.is_zero() && !(a.chain_id == machine.block.chain_id)) ||
            a.nonce == UINT64_MAX || !recover_authority(a, address))
            continue;
        Account& authority = journal.account(address);
        journal.warm_account(authority);
        if (authority.has_code() && delegation_target(journal.code(authority)) == nullptr)
            continue;
        if (authority.nonce != a.nonce)
            continue;
        if (journal.exists(authority))
            journal.add_refund(authorization_gas - authorization_refund);
        if (a.address == Address{})
            journal.set_code(authority, empty_code_hash, {});
        else
        {
            std::array<std::uint8_t, delegation_bytes> code = {0xef, 0x01, 0x00};
            std::copy_n(a.address.bytes.begin(), 20, code.begin() + 3);
            journal.set_code(authority, hash::keccak_256(code), journal.keep(code));
        }
        journal.set_nonce(authority, authority.nonce + 1);
    }
}

void warm_up(Machine& machine, const Transaction& t, Account& sender) noexcept
{
    Journal& journal = machine.journal();
    journal.warm_account(sender);
    if (!t.creates)
        journal.warm_account(journal.account(t.to));
    if (machine.fork() >= Fork::shanghai)
        journal.warm_account(journal.account_unread(machine.block.coinbase));  // EIP-3651
    for (const AccessEntry& entry : t.access_list)
    {
        Account& account = journal.account_unread(entry.address);
        journal.warm_account(account);
        for (const Word& key : entry.keys)
            journal.warm_slot(journal.slot(account, key));
    }
}
}  // namespace

IntrinsicGas intrinsic_gas(const Transaction& t, Fork fork) noexcept
{
    std::uint64_t zeros = 0;
    for (const std::uint8_t byte : t.data)
        zeros += byte == 0 ? 1 : 0;
    const std::uint64_t others = t.data.size() - zeros;
    IntrinsicGas out;
    out.gas = 21000 + 4 * zeros + (fork >= Fork::istanbul ? 16 : 68) * others;
    if (t.creates && fork >= Fork::homestead)
        out.gas += 32000;
    if (t.creates && fork >= Fork::shanghai)
        out.gas += 2 * ((t.data.size() + 31) / 32);
    for (const AccessEntry& entry : t.access_list)
        out.gas += 2400 + 1900 * entry.keys.size();
    out.gas += authorization_gas * t.authorizations.size();
    if (fork >= Fork::prague)
        out.floor = 21000 + 10 * (zeros + 4 * others);
    return out;
}

Refusal execute(Machine& machine, const Transaction& t, const Address& from,
                Receipt& receipt) noexcept
{
    const Fork fork = machine.fork();
    Journal& journal = machine.journal();
    const IntrinsicGas intrinsic = intrinsic_gas(t, fork);
    if (const Refusal refusal = check_form(machine, fork, t, intrinsic); refusal != Refusal::none)
        return refusal;
    journal.begin_transaction();
    Account& sender = journal.account(from);
    if (const Refusal refusal = check_sender(journal, sender, t); refusal != Refusal::none)
        return refusal;
    // Init code, call data and what they call find room; analysed codes are kept if there is enough.
    machine.codes().make_room(std::size_t{4} << 20);

    const Word base_fee = fork >= Fork::london ? machine.block.base_fee : Word{};
    const Word price = std::min(t.max_fee - base_fee, t.max_priority_fee) + base_fee;
    const Word blob_cost = Word(t.blob_hashes.size() * blob_gas) * machine.block.blob_base_fee;
    journal.touch(sender);
    journal.set_balance(sender, journal.balance(sender) - price * Word(t.gas_limit) - blob_cost);
    journal.set_nonce(sender, sender.nonce + 1);
    if (fork >= Fork::berlin)
        warm_up(machine, t, sender);
    apply_authorizations(machine, t);

    machine.transaction = {from, price, t.blob_hashes};
    Message message;
    message.kind = t.creates ? CallKind::create : CallKind::call;
    message.gas = static_cast<std::int64_t>(t.gas_limit - intrinsic.gas);
    message.sender = from;
    message.recipient = message.code_address = t.to;
    message.value = t.value;
    message.input = t.data;
    if (fork >= Fork::prague && !t.creates)
    {
        Account& to = journal.account(t.to);
        if (const std::uint8_t* const target =
                to.has_code() ? delegation_target(journal.code(to)) : nullptr;
            target != nullptr)
        {
            std::copy_n(target, 20, message.code_address.bytes.begin());
            message.precompiles = false;
            journal.warm_account(journal.account(message.code_address));
        }
    }
    const Outcome outcome = machine.run(message);
    if (journal.fault() != Fault::none)
        return Refusal::none;

    std::uint64_t used = t.gas_limit - static_cast<std::uint64_t>(outcome.gas_left);
    const auto refund = static_cast<std::uint64_t>(std::max<std::int64_t>(journal.refund(), 0));
    const std::uint64_t refunded = std::min(refund, used / (fork >= Fork::london ? 5 : 2));
    used = std::max(used - refunded, intrinsic.floor);
    journal.add_balance(sender, price * Word(t.gas_limit - used));
    Account& coinbase = journal.account_unread(machine.block.coinbase);
    journal.touch(coinbase);
    journal.add_balance(coinbase, (price - base_fee) * Word(used));
    journal.end_transaction(fork >= Fork::spurious_dragon);

    receipt = {outcome.halt, used, refunded, outcome.output, outcome.created};
    return Refusal::none;
}
}  // namespace mote::evm
