#include "block/worker.hpp"

#include <utility>

#include "base/assert.hpp"

namespace mote::block
{
namespace
{
[[nodiscard]] StatePolicy::Value identity_of(const evm::Account& account)
{
    return {evm::to_word(account.code_hash), account.nonce};
}
}  // namespace

Worker::Worker(const evm::MemoryLimits& limits, evm::Fork fork, std::uint64_t seed, CodeBook& codes)
    : memory_(limits),
      machine_(std::make_unique<evm::Machine>(memory_.get(), fork, seed)),
      codes_(codes)
{
}

void Worker::begin(const evm::BlockContext& block, evm::StateView& base)
{
    machine_->block = block;
    base_ = &base;
}

evm::Fault Worker::execute(const Prepared& transaction, GasRule gas, StateAccess& access,
                           Outcome& out, std::vector<fafo::PredictedAccess>& accessed)
{
    access_ = &access;
    accessed_.clear();
    identities_.clear();
    balances_.clear();
    slots_.clear();
    const evm::Fault fault = run(transaction, gas);
    // Written once, as neighbours in these lists are another thread's.
    out = std::move(outcome_);
    accessed.assign(accessed_.begin(), accessed_.end());
    return fault;
}

evm::Fault Worker::run(const Prepared& transaction, GasRule gas)
{
    evm::Journal& journal = machine_->journal();
    journal.clear(*this);
    StatePolicy::Value used;
    if (gas.read && !access_->read(gas_key(), used))
        return evm::Fault::unavailable;
    execute_one(*machine_, transaction, used.word.limb[0], outcome_);
    if (error_)
        std::rethrow_exception(std::exchange(error_, nullptr));
    if (journal.fault() != evm::Fault::none)
        return journal.fault();
    if (!outcome_.executed())
        return evm::Fault::none;
    leave_accounts();
    leave_slots();
    if (gas.counted)
        access_->credit(gas_key(), evm::Word(outcome_.gas_used));
    return evm::Fault::none;
}

bool Worker::read(const fafo::StateKey& key, std::vector<Seen>& list, Seen seen) noexcept
{
    try
    {
        seen.accessed = accessed_.size();
        accessed_.push_back({key, fafo::Mode::read});
        if (!access_->read(key, seen.value))
            return false;
        list.push_back(seen);
        return true;
    }
    catch (...)
    {
        error_ = std::current_exception();
        return false;
    }
}

void Worker::rewrite(const Seen& seen, const StatePolicy::Value& value)
{
    fafo::PredictedAccess& accessed = accessed_[seen.accessed];
    accessed.mode = fafo::Mode::write;
    access_->write(accessed.key, value);
}

void Worker::leave_accounts()
{
    evm::Journal& journal = machine_->journal();
    for (const Seen& seen : identities_)
        if (const auto now = identity_of(journal.account_unread(seen.address));
            !(now == seen.value))
            rewrite(seen, now);
    for (const Seen& seen : balances_)
        if (const evm::Word& now = journal.account_unread(seen.address).balance;
            !(now == seen.value.word))
            rewrite(seen, {now, 0});
    for (std::uint32_t i = 0; i < journal.accounts().size(); ++i)
    {
        const evm::Account& account = journal.accounts()[i];
        if (!account.balance_known && !account.balance.is_zero())
        {
            const fafo::StateKey key = balance_key(account.address);
            accessed_.push_back({key, fafo::Mode::credit});
            access_->credit(key, account.balance);
        }
        if (account.code_changed && account.has_code())
            codes_.add(account.code_hash, account.code);
    }
}

void Worker::leave_slots()
{
    const evm::Journal& journal = machine_->journal();
    // Slots stand in the order in which they were read; some were not, being of a new account.
    std::size_t next = 0;
    for (std::uint32_t i = 0; i < journal.slots().size(); ++i)
    {
        const evm::Slot& slot = journal.slots()[i];
        const evm::Account& owner = journal.accounts()[slot.account];
        const bool was_read = next < slots_.size() && slots_[next].slot == slot.key &&
                              slots_[next].address == owner.address;
        if (was_read)
            ++next;
        if (slot.storage_number != owner.storage_number || slot.value == slot.original)
            continue;
        if (was_read)
            rewrite(slots_[next - 1], {slot.value, 0});
        else
        {
            const fafo::StateKey key = slot_key(owner.address, slot.key);
            accessed_.push_back({key, fafo::Mode::write_unread});
            access_->write(key, {slot.value, 0});
        }
    }
    MOTE_ASSERT(next == slots_.size());
}

evm::Found Worker::account(const evm::Address& address, evm::AccountFields& out) noexcept
{
    if (!read(identity_key(address), identities_, {address, {}, {}, 0}))
        return evm::Found::unavailable;
    const StatePolicy::Value& value = identities_.back().value;
    const evm::Hash hash = evm::to_hash(value.word);
    if (value.nonce == 0 && hash == evm::empty_code_hash)
        return evm::Found::absent;
    out = {{}, value.nonce, hash};
    return evm::Found::present;
}

bool Worker::balance(const evm::Address& address, evm::Word& out) noexcept
{
    if (!read(balance_key(address), balances_, {address, {}, {}, 0}))
        return false;
    out = balances_.back().value.word;
    return true;
}

bool Worker::slot(const evm::Address& address, const evm::Word& key, evm::Word& out) noexcept
{
    if (!read(slot_key(address, key), slots_, {address, key, {}, 0}))
        return false;
    out = slots_.back().value.word;
    return true;
}

// Slots of an account without nonce and code are older than the block: whoever writes some has a nonce.
bool Worker::has_slots(const evm::Address& address, bool& out) noexcept
{
    return base_->has_slots(address, out);
}

bool Worker::code(const evm::Address& address, const evm::Hash& code_hash, Bytes& out) noexcept
{
    return codes_.find(code_hash, out) || base_->code(address, code_hash, out);
}

bool Worker::block_hash(std::uint64_t number, evm::Hash& out) noexcept
{
    return base_->block_hash(number, out);
}
}  // namespace mote::block
