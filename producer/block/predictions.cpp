#include "block/predictions.hpp"

#include "base/assert.hpp"
#include "evm/machine.hpp"

namespace mote::block
{
void Predictions::next(std::uint64_t gas)
{
    first_.push_back(accesses_.size());
    out_.push_back({{}, gas});
}

std::span<const fafo::Predicted> Predictions::get()
{
    for (std::size_t i = 0; i < out_.size(); ++i)
        out_[i].accesses = std::span(accesses_).subspan(first_[i], first_[i + 1] - first_[i]);
    return out_;
}

namespace
{
void predict_one(const Header& header, const Prepared& prepared, Predictions& out)
{
    using fafo::Mode;
    const evm::Transaction& t = prepared.transaction;
    const evm::Address to =
        t.creates ? evm::Machine::create_address(prepared.sender, t.nonce) : t.to;
    out.add(identity_key(prepared.sender), Mode::write);
    out.add(balance_key(prepared.sender), Mode::write);
    if (!(to == prepared.sender))
    {
        out.add(identity_key(to), t.creates ? Mode::write : Mode::read);
        if (!t.value.is_zero())
            out.add(balance_key(to), Mode::credit);
    }
    const bool pays_fee = header.base_fee < t.max_fee && !t.max_priority_fee.is_zero();
    const bool is_other =
        !(header.coinbase == prepared.sender) && (!(header.coinbase == to) || t.value.is_zero());
    if (pays_fee && is_other)
        out.add(balance_key(header.coinbase), Mode::credit);
    for (const evm::AccessEntry& entry : t.access_list)
        for (const evm::Word& key : entry.keys)
            out.add(slot_key(entry.address, key), Mode::write);
}
}  // namespace

Predictions predict(const Header& header, std::span<const Prepared> transactions)
{
    Predictions out;
    for (const Prepared& prepared : transactions)
    {
        const bool may_execute = prepared.refusal == evm::Refusal::none;
        if (may_execute)
            predict_one(header, prepared, out);
        out.next(may_execute ? std::min(prepared.transaction.gas_limit, header.gas_limit) : 0);
    }
    return out;
}

Predictions predictions_of(const AccessLists& access, std::span<const Prepared> transactions)
{
    MOTE_ASSERT(access.first.size() == transactions.size() + 1);
    Predictions out;
    for (std::size_t i = 0; i < transactions.size(); ++i)
    {
        for (const AccessEntry& entry : access.of(i))
            out.add(access.keys[entry.key], entry.mode);
        const bool may_execute = transactions[i].refusal == evm::Refusal::none;
        out.next(may_execute ? transactions[i].transaction.gas_limit : 0);
    }
    return out;
}
}  // namespace mote::block
