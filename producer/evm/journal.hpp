// Journal: the state as transactions see it, with savepoints that calls return to.
//
// Accounts and slots are read from the view once and stay here until clear(). Every change puts what was
// before on a list; going back to a savepoint undoes the list from its end. What lives for a transaction
// only (warm, created, original values, transient storage) carries the transaction's number and needs no
// clearing.
//
// Worked case: after s = save(); set_slot(..); restore(s) the slot, the refund counter and the logs are
// what they were.
//
// Where the view has balances apart, an account that is only paid has no other balance than what it was paid:
// balance_known is false, and whoever asks balance() has the rest read and added.
//
// Nothing fails in the middle: when memory ends or the view cannot answer, fault() says so, values read
// as zero, and whoever runs the machine throws the result away.
#pragma once

#include "evm/pool.hpp"
#include "evm/state_view.hpp"

namespace mote::evm
{
struct Code;

enum class Fault : std::uint8_t
{
    none,
    memory,       ///< the memory given was too small for what the gas paid for
    unavailable,  ///< the view could not answer
};

struct Account
{
    Address address;
    Word balance;  ///< what was added to it, unless balance_known
    std::uint64_t nonce = 0;
    std::uint32_t index = 0;  ///< in Journal::accounts()
    Hash code_hash = empty_code_hash;
    Bytes code{};                    ///< valid when code_loaded
    const Code* analysed = nullptr;  ///< valid while the cache has this generation
    std::uint64_t analysed_generation = 0;
    std::uint32_t warm_in = 0;         ///< transaction that touched it by the rules of EIP-2929
    std::uint32_t created_in = 0;      ///< transaction that created its code
    std::uint32_t destroyed_in = 0;    ///< transaction that will delete it
    std::uint32_t touched_in = 0;      ///< transaction that deletes it if it is empty
    std::uint32_t storage_number = 0;  ///< raised when its storage is dropped
    bool exists = false;
    bool existed = false;       ///< in the view, as far as it was read; false once it was deleted
    bool fields_known = true;   ///< false: only paid or made warm, nonce and code were never read
    bool balance_known = true;  ///< false: never read
    bool changed = false;       ///< at least once, if only by what was taken back
    bool code_loaded = false;
    bool code_changed = false;  ///< the view does not have this code

    [[nodiscard]] bool has_code() const noexcept { return code_hash != empty_code_hash; }
    /// Shape   fields and balance are known (asserted).
    [[nodiscard]] bool is_empty() const noexcept
    {
        MOTE_ASSERT(fields_known && balance_known);
        return nonce == 0 && balance.is_zero() && !has_code();
    }
};

struct Slot
{
    Word key, value;
    Word original;              ///< at the start of the transaction `original_in`
    Word before;                ///< when it was first looked at
    std::uint32_t index = 0;    ///< in Journal::slots()
    std::uint32_t account = 0;  ///< in Journal::accounts()
    std::uint32_t storage_number = 0;
    std::uint32_t original_in = 0;
    std::uint32_t warm_in = 0;
    bool changed = false;  ///< written at least once
};

struct Log
{
    Address address;
    std::uint32_t topic_count = 0;
    std::array<Word, 4> topics;
    Bytes data;
};

/// What restore() goes back to.
struct Savepoint
{
    std::uint32_t changes = 0, logs = 0;
    std::int64_t refund = 0;
};

class Journal
{
  public:
    /// Memory  the caller's: about 200 bytes for each account and slot, 64 for each change.
    /// Units   seed: secret of this process, against chosen collisions; 0 is fine for one's own input.
    Journal(MutableBytes memory, std::uint64_t seed) noexcept;

    /// Starts over on another state.
    void clear(StateView& view) noexcept;

    /// Starts a transaction: nothing is warm, original values are the present ones, no logs.
    void begin_transaction() noexcept;
    /// Ends it: deletes what was destroyed and, from Spurious Dragon, what was touched and is empty.
    void end_transaction(bool delete_empty) noexcept;

    [[nodiscard]] Fault fault() const noexcept { return fault_; }
    void set_fault(Fault fault) noexcept
    {
        if (fault_ == Fault::none)
            fault_ = fault;
    }
    [[nodiscard]] StateView& view() noexcept { return *view_; }

    [[nodiscard]] Savepoint save() const noexcept;
    void restore(const Savepoint& savepoint) noexcept;

    /// The account, read from the view if need be. The reference stays until clear().
    [[nodiscard]] Account& account(const Address& address) noexcept;
    /// The same, but nonce, code and existence mean nothing before account() was asked.
    [[nodiscard]] Account& account_unread(const Address& address) noexcept;
    /// Its balance, read from the view if need be.
    [[nodiscard]] const Word& balance(Account& account) noexcept;
    [[nodiscard]] bool is_empty(Account& account) noexcept;
    [[nodiscard]] bool exists(Account& account) noexcept;
    [[nodiscard]] Bytes code(Account& account) noexcept;
    [[nodiscard]] bool has_slots(Account& account) noexcept;

    /// Makes it warm; returns whether it was cold.
    bool warm_account(Account& account) noexcept;
    void set_balance(Account& account, const Word& balance) noexcept;
    /// Pays an account, whose balance is not read for that.
    void add_balance(Account& account, const Word& amount) noexcept;
    void set_nonce(Account& account, std::uint64_t nonce) noexcept;
    /// Gives it code. `code` must stay; its bytes are not copied.
    void set_code(Account& account, const Hash& hash, Bytes code) noexcept;
    /// Marks it touched, which before Spurious Dragon brings it into being.
    void touch(Account& account) noexcept;
    /// Marks it created by this transaction.
    void set_created(Account& account) noexcept;
    /// Marks it to be deleted when the transaction ends; returns whether it was not yet.
    bool destroy(Account& account) noexcept;
    [[nodiscard]] bool created_now(const Account& account) const noexcept
    {
        return account.created_in == transaction_;
    }

    [[nodiscard]] Slot& slot(Account& account, const Word& key) noexcept;
    bool warm_slot(Slot& slot) noexcept;
    void set_slot(Slot& slot, const Word& value) noexcept;

    [[nodiscard]] Word transient(Account& account, const Word& key) noexcept;
    void set_transient(Account& account, const Word& key, const Word& value) noexcept;

    void add_log(const Log& log) noexcept;
    void add_refund(std::int64_t gas) noexcept { refund_ += gas; }
    [[nodiscard]] std::int64_t refund() const noexcept { return refund_; }
    /// Copies bytes to memory that lives until clear(); empty on a fault.
    [[nodiscard]] Bytes keep(Bytes bytes) noexcept;

    [[nodiscard]] const Pool<Log>& logs() const noexcept { return logs_; }
    [[nodiscard]] const Pool<Account>& accounts() const noexcept { return accounts_; }
    [[nodiscard]] const Pool<Slot>& slots() const noexcept { return slots_; }

  private:
    enum class Kind : std::uint32_t
    {
        warm_account,
        balance,
        nonce,
        code,
        touched,
        exists,
        created,
        destroyed,
        warm_slot,
        slot,
        transient,
    };
    struct Change
    {
        Kind kind;
        std::uint32_t index;
        Word before;
    };
    struct Transient
    {
        Word key, value;
        std::uint32_t account = 0;
        std::uint32_t in = 0;  ///< transaction the value belongs to
    };

    void record(Kind kind, std::uint32_t index, const Word& before = {}) noexcept;
    void undo(const Change& change) noexcept;
    void come_into_being(Account& account) noexcept;
    void read_fields(Account& account) noexcept;
    void read_balance(Account& account) noexcept;
    [[nodiscard]] Transient* find_transient(std::uint32_t account, const Word& key) noexcept;

    Arena arena_;
    std::uint64_t seed_;
    StateView* view_ = nullptr;
    bool balances_apart_ = false;
    Fault fault_ = Fault::none;
    std::uint32_t transaction_ = 0;
    std::int64_t refund_ = 0;
    bool ripemd_touched_ = false;

    Pool<Account> accounts_;
    Pool<Slot> slots_;
    Pool<Transient> transients_;
    Pool<Change> changes_;
    Pool<Log> logs_;
    IndexTable account_index_, slot_index_, transient_index_;
    // What references point at after a fault.
    Account no_account_;
    Slot no_slot_;
};
}  // namespace mote::evm
