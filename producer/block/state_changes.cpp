#include "block/state_changes.hpp"

#include <algorithm>
#include <tuple>

namespace mote::block
{
namespace
{
[[nodiscard]] bool take_account(evm::Journal& journal, evm::Account& account, StateChanges& out)
{
    evm::AccountFields before;
    const evm::Found found = journal.view().account(account.address, before);
    if (found == evm::Found::unavailable)
        return false;
    if (journal.view().balances_apart() && !journal.view().balance(account.address, before.balance))
        return false;
    // An account without anything is none.
    const AccountChange now = {account.address, !journal.is_empty(account), account.nonce,
                               journal.balance(account), account.code_hash};
    if (journal.fault() != evm::Fault::none)
        return false;
    if (before.nonce == now.nonce && before.balance == now.balance &&
        before.code_hash == now.code_hash)
        return true;
    out.accounts.push_back(now);
    if (before.code_hash != now.code_hash && account.has_code())
    {
        const Bytes code = journal.code(account);
        out.codes.push_back({now.code_hash, {code.begin(), code.end()}});
    }
    return true;
}
}  // namespace

bool take_changes(evm::Journal& journal, StateChanges& out)
{
    out = {};
    for (std::uint32_t i = 0; i < journal.accounts().size(); ++i)
        if (journal.accounts()[i].changed &&
            !take_account(journal, journal.account(journal.accounts()[i].address), out))
            return false;
    for (std::uint32_t i = 0; i < journal.slots().size(); ++i)
    {
        const evm::Slot& slot = journal.slots()[i];
        const evm::Account& owner = journal.accounts()[slot.account];
        // Storage of an account that was deleted is of the block's own making: nothing of it was there.
        if (!slot.changed || slot.storage_number != owner.storage_number)
            continue;
        if (!(slot.before == slot.value))
            out.slots.push_back({owner.address, slot.key, slot.value});
    }
    std::sort(out.accounts.begin(), out.accounts.end(),
              [](const AccountChange& a, const AccountChange& b) { return a.address < b.address; });
    std::sort(out.slots.begin(), out.slots.end(), [](const SlotChange& a, const SlotChange& b)
              { return std::tie(a.address, a.key) < std::tie(b.address, b.key); });
    sort_codes(out);
    return true;
}

void sort_codes(StateChanges& changes)
{
    std::sort(changes.codes.begin(), changes.codes.end(),
              [](const NewCode& a, const NewCode& b) { return a.hash < b.hash; });
    changes.codes.erase(
        std::unique(changes.codes.begin(), changes.codes.end(),
                    [](const NewCode& a, const NewCode& b) { return a.hash == b.hash; }),
        changes.codes.end());
}
}  // namespace mote::block
