#include "evm/journal.hpp"

namespace mote::evm
{
namespace
{
/// The precompiled contract whose touch is never undone: on the main net a call to it ran out of gas, and
/// the clients of the day deleted the empty account all the same (EIP-161, block 2,675,119).
[[nodiscard]] bool is_ripemd(const Address& address) noexcept
{
    static constexpr Address ripemd = {
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}};
    return address == ripemd;
}
}  // namespace

Journal::Journal(MutableBytes memory, std::uint64_t seed) noexcept
    : arena_(memory.data(), memory.size()), seed_(seed)
{
}

void Journal::clear(StateView& view) noexcept
{
    accounts_.forget();
    slots_.forget();
    transients_.forget();
    changes_.forget();
    logs_.forget();
    account_index_.forget();
    slot_index_.forget();
    transient_index_.forget();
    arena_.release_to(0);
    view_ = &view;
    balances_apart_ = view.balances_apart();
    fault_ = Fault::none;
    transaction_ = 0;
    refund_ = 0;
}

void Journal::begin_transaction() noexcept
{
    ++transaction_;
    changes_.truncate(0);
    logs_.truncate(0);
    refund_ = 0;
    ripemd_touched_ = false;
}

void Journal::end_transaction(bool delete_empty) noexcept
{
    const auto remove = [](Account& account)
    {
        account.exists = account.existed = false;
        account.changed = true;
        account.fields_known = account.balance_known = true;
        account.nonce = 0;
        account.balance = {};
        account.code_hash = empty_code_hash;
        account.code = {};
        account.code_loaded = true;
        account.code_changed = false;
        account.analysed = nullptr;
        ++account.storage_number;
    };
    const auto settle = [&](Account& account)
    {
        const bool may_be_empty = delete_empty && account.touched_in == transaction_ &&
                                  account.exists && account.nonce == 0 && !account.has_code() &&
                                  account.balance.is_zero();
        if (account.destroyed_in == transaction_ || (may_be_empty && account.balance_known))
            remove(account);
        else if (may_be_empty)
            account.exists = account.existed;  // touching it left it as it is
        account.destroyed_in = 0;
    };
    for (std::uint32_t i = 0; i < changes_.size(); ++i)
        if (changes_[i].kind == Kind::touched || changes_[i].kind == Kind::destroyed)
            settle(accounts_[changes_[i].index]);
    if (ripemd_touched_)
    {
        Address ripemd;
        ripemd.bytes[19] = 3;
        settle(account(ripemd));
    }
    changes_.truncate(0);
}

Savepoint Journal::save() const noexcept { return {changes_.size(), logs_.size(), refund_}; }

void Journal::restore(const Savepoint& savepoint) noexcept
{
    while (changes_.size() > savepoint.changes)
    {
        undo(changes_[changes_.size() - 1]);
        changes_.truncate(changes_.size() - 1);
    }
    logs_.truncate(savepoint.logs);
    refund_ = savepoint.refund;
}

void Journal::record(Kind kind, std::uint32_t index, const Word& before) noexcept
{
    // After a fault changes may be to accounts and slots that are not there; nobody needs them undone.
    if (fault_ == Fault::none && changes_.push({kind, index, before}, arena_) == nullptr)
        set_fault(Fault::memory);
}

void Journal::undo(const Change& change) noexcept
{
    switch (change.kind)
    {
        case Kind::warm_account:
            accounts_[change.index].warm_in = 0;
            break;
        case Kind::balance:
            accounts_[change.index].balance = change.before;
            break;
        case Kind::nonce:
            accounts_[change.index].nonce = change.before.limb[0];
            break;
        case Kind::code:
        {
            Account& account = accounts_[change.index];
            account.code_hash = empty_code_hash;
            account.code = {};
            account.code_changed = false;
            account.analysed = nullptr;
            break;
        }
        case Kind::touched:
            if (is_ripemd(accounts_[change.index].address))
                ripemd_touched_ = true;
            else
                accounts_[change.index].touched_in = 0;
            break;
        case Kind::exists:
            accounts_[change.index].exists = accounts_[change.index].existed;
            break;
        case Kind::created:
            accounts_[change.index].created_in = 0;
            break;
        case Kind::destroyed:
            accounts_[change.index].destroyed_in = 0;
            break;
        case Kind::warm_slot:
            slots_[change.index].warm_in = 0;
            break;
        case Kind::slot:
            slots_[change.index].value = change.before;
            break;
        case Kind::transient:
            transients_[change.index].value = change.before;
            break;
    }
}

void Journal::read_fields(Account& account) noexcept
{
    account.fields_known = true;
    AccountFields fields;
    switch (view_->account(account.address, fields))
    {
        case Found::absent:
            break;
        case Found::present:
            account.exists = account.existed = true;
            if (!balances_apart_)
                account.balance = fields.balance;
            account.nonce = fields.nonce;
            account.code_hash = fields.code_hash;
            break;
        case Found::unavailable:
            set_fault(Fault::unavailable);
            break;
    }
}

void Journal::read_balance(Account& account) noexcept
{
    account.balance_known = true;
    Word balance;
    if (!view_->balance(account.address, balance))
        set_fault(Fault::unavailable);
    if (balance.is_zero())
        return;
    account.exists = account.existed = true;
    // What was added so far, and what it was before each addition, started from zero.
    if (!account.balance.is_zero())
        for (std::uint32_t i = 0; i < changes_.size(); ++i)
            if (changes_[i].kind == Kind::balance && changes_[i].index == account.index)
                changes_[i].before += balance;
    account.balance += balance;
}

const Word& Journal::balance(Account& account) noexcept
{
    if (!account.balance_known)
        read_balance(account);
    return account.balance;
}

bool Journal::is_empty(Account& account) noexcept
{
    return account.nonce == 0 && !account.has_code() && balance(account).is_zero();
}

bool Journal::exists(Account& account) noexcept
{
    if (!account.exists && !account.balance_known)
        read_balance(account);
    return account.exists;
}

Account& Journal::account(const Address& address) noexcept
{
    Account& account = account_unread(address);
    if (!account.fields_known)
        read_fields(account);
    return account;
}

Account& Journal::account_unread(const Address& address) noexcept
{
    const std::uint64_t hash = hash_of(address, seed_);
    const std::uint32_t found =
        account_index_.find(hash, [&](std::uint32_t i) { return accounts_[i].address == address; });
    if (found != IndexTable::none)
        return accounts_[found];

    Account account;
    account.address = address;
    account.index = accounts_.size();
    account.fields_known = account.balance_known = !balances_apart_;
    if (!balances_apart_)
        read_fields(account);
    Account* const added = accounts_.push(account, arena_);
    if (added == nullptr ||
        !account_index_.insert(hash, account.index, arena_, [&](std::uint32_t i)
                               { return hash_of(accounts_[i].address, seed_); }))
    {
        set_fault(Fault::memory);
        no_account_ = {};
        no_account_.address = address;
        if (added != nullptr)
            accounts_.truncate(account.index);
        return no_account_;
    }
    return *added;
}

Bytes Journal::code(Account& account) noexcept
{
    if (!account.code_loaded)
    {
        account.code_loaded = true;
        if (account.has_code() && !view_->code(account.address, account.code_hash, account.code))
        {
            account.code = {};
            set_fault(Fault::unavailable);
        }
    }
    return account.code;
}

bool Journal::has_slots(Account& account) noexcept
{
    if (account.storage_number != 0 || (!account.exists && account.balance_known))
        return false;
    bool has = false;
    if (!view_->has_slots(account.address, has))
        set_fault(Fault::unavailable);
    return has;
}

bool Journal::warm_account(Account& account) noexcept
{
    if (account.warm_in == transaction_)
        return false;
    account.warm_in = transaction_;
    record(Kind::warm_account, account.index);
    return true;
}

void Journal::come_into_being(Account& account) noexcept
{
    if (account.exists)
        return;
    account.exists = true;
    record(Kind::exists, account.index);
}

void Journal::set_balance(Account& account, const Word& balance) noexcept
{
    if (this->balance(account) == balance)
        return;
    come_into_being(account);
    account.changed = true;
    record(Kind::balance, account.index, account.balance);
    account.balance = balance;
}

void Journal::add_balance(Account& account, const Word& amount) noexcept
{
    if (amount.is_zero())
        return;
    come_into_being(account);
    account.changed = true;
    record(Kind::balance, account.index, account.balance);
    account.balance += amount;
}

void Journal::set_nonce(Account& account, std::uint64_t nonce) noexcept
{
    come_into_being(account);
    account.changed = true;
    record(Kind::nonce, account.index, account.nonce);
    account.nonce = nonce;
}

void Journal::set_code(Account& account, const Hash& hash, Bytes code) noexcept
{
    come_into_being(account);
    account.changed = true;
    record(Kind::code, account.index);
    account.code_hash = hash;
    account.code = code;
    account.code_loaded = true;
    account.code_changed = true;
    account.analysed = nullptr;
}

void Journal::touch(Account& account) noexcept
{
    come_into_being(account);
    if (account.touched_in == transaction_)
        return;
    account.touched_in = transaction_;
    record(Kind::touched, account.index);
}

void Journal::set_created(Account& account) noexcept
{
    come_into_being(account);
    account.created_in = transaction_;
    record(Kind::created, account.index);
}

bool Journal::destroy(Account& account) noexcept
{
    if (account.destroyed_in == transaction_)
        return false;
    account.destroyed_in = transaction_;
    record(Kind::destroyed, account.index);
    return true;
}

Slot& Journal::slot(Account& account, const Word& key) noexcept
{
    const std::uint64_t owner = account.index | std::uint64_t{account.storage_number} << 32;
    const std::uint64_t hash = hash_of(owner, key, seed_);
    const std::uint32_t found =
        slot_index_.find(hash,
                         [&](std::uint32_t i)
                         {
                             const Slot& slot = slots_[i];
                             return slot.key == key && slot.account == account.index &&
                                    slot.storage_number == account.storage_number;
                         });
    if (found != IndexTable::none)
    {
        Slot& slot = slots_[found];
        if (slot.original_in != transaction_)
        {
            slot.original = slot.value;
            slot.original_in = transaction_;
        }
        return slot;
    }

    Slot slot;
    slot.key = key;
    slot.index = slots_.size();
    slot.account = account.index;
    slot.storage_number = account.storage_number;
    slot.original_in = transaction_;
    // Storage that was dropped, or of an account that was made just now, is known to be empty.
    if (account.storage_number == 0 && account.created_in == 0 &&
        !view_->slot(account.address, key, slot.value))
        set_fault(Fault::unavailable);
    slot.original = slot.before = slot.value;
    Slot* const added = slots_.push(slot, arena_);
    const auto rehash = [&](std::uint32_t i)
    {
        return hash_of(slots_[i].account | std::uint64_t{slots_[i].storage_number} << 32,
                       slots_[i].key, seed_);
    };
    if (added == nullptr || !slot_index_.insert(hash, slot.index, arena_, rehash))
    {
        set_fault(Fault::memory);
        no_slot_ = slot;
        if (added != nullptr)
            slots_.truncate(slot.index);
        return no_slot_;
    }
    return *added;
}

bool Journal::warm_slot(Slot& slot) noexcept
{
    if (slot.warm_in == transaction_)
        return false;
    slot.warm_in = transaction_;
    record(Kind::warm_slot, slot.index);
    return true;
}

void Journal::set_slot(Slot& slot, const Word& value) noexcept
{
    if (slot.value == value)
        return;
    record(Kind::slot, slot.index, slot.value);
    slot.value = value;
    slot.changed = true;
}

Journal::Transient* Journal::find_transient(std::uint32_t account, const Word& key) noexcept
{
    const std::uint32_t found = transient_index_.find(
        hash_of(account, key, seed_), [&](std::uint32_t i)
        { return transients_[i].key == key && transients_[i].account == account; });
    return found == IndexTable::none ? nullptr : &transients_[found];
}

Word Journal::transient(Account& account, const Word& key) noexcept
{
    const Transient* const found = find_transient(account.index, key);
    return found != nullptr && found->in == transaction_ ? found->value : Word{};
}

void Journal::set_transient(Account& account, const Word& key, const Word& value) noexcept
{
    Transient* found = find_transient(account.index, key);
    if (found == nullptr)
    {
        const std::uint32_t position = transients_.size();
        found = transients_.push({key, Word{}, account.index, transaction_}, arena_);
        const auto rehash = [&](std::uint32_t i)
        { return hash_of(transients_[i].account, transients_[i].key, seed_); };
        if (found == nullptr ||
            !transient_index_.insert(hash_of(account.index, key, seed_), position, arena_, rehash))
            return set_fault(Fault::memory);
    }
    if (found->in != transaction_)
    {
        found->in = transaction_;
        found->value = {};
    }
    const std::uint32_t position =
        transient_index_.find(hash_of(account.index, key, seed_),
                              [&](std::uint32_t i) { return &transients_[i] == found; });
    record(Kind::transient, position, found->value);
    found->value = value;
}

void Journal::add_log(const Log& log) noexcept
{
    Log kept = log;
    kept.data = keep(log.data);
    if (logs_.push(kept, arena_) == nullptr)
        set_fault(Fault::memory);
}

Bytes Journal::keep(Bytes bytes) noexcept
{
    std::uint8_t* const copy = arena_.take<std::uint8_t>(bytes.size());
    if (copy == nullptr)
    {
        set_fault(Fault::memory);
        return {};
    }
    std::copy(bytes.begin(), bytes.end(), copy);
    return {copy, bytes.size()};
}
}  // namespace mote::evm
