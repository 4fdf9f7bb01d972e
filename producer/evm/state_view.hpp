// StateView: the only way the machine sees the state it runs on.
//
// The state is read here and never written: what transactions change is in the Journal until its owner
// takes it out. So one view may serve a database, a map in a test, the versions of a parallel schedule or
// a block's witness.
#pragma once

#include "evm/types.hpp"

namespace mote::evm
{
/// What the state says of an account that exists.
struct AccountFields
{
    Word balance;
    std::uint64_t nonce = 0;
    Hash code_hash = empty_code_hash;
};

enum class Found : std::uint8_t
{
    absent,  ///< no account there
    present,
    unavailable,  ///< cannot be said: a witness lacks it, a disk failed. Execution stops
};

class StateView
{
  public:
    /// Reads an account; `out` is untouched unless it is present.
    [[nodiscard]] virtual Found account(const Address& address, AccountFields& out) noexcept = 0;
    /// Whether balances are read apart, so that nobody reads what he only adds to. If so account() leaves the
    /// balance zero, says `absent` of what has neither nonce nor code, and no empty account exists.
    [[nodiscard]] virtual bool balances_apart() const noexcept { return false; }
    /// Reads a balance, where they are apart. False if it is unavailable.
    [[nodiscard]] virtual bool balance(const Address&, Word&) noexcept { return false; }
    /// Reads a slot of an account; an absent slot is a zero. False if it is unavailable.
    [[nodiscard]] virtual bool slot(const Address& address, const Word& key,
                                    Word& out) noexcept = 0;
    /// Whether an account without code or nonce has slots that are not zero (EIP-7610).
    [[nodiscard]] virtual bool has_slots(const Address& address, bool& out) noexcept = 0;
    /// The bytes behind a code hash, valid as long as the view. False if they are unavailable.
    [[nodiscard]] virtual bool code(const Address& address, const Hash& code_hash,
                                    Bytes& out) noexcept = 0;
    /// The hash of one of the 256 blocks before this one. False if it is unavailable.
    [[nodiscard]] virtual bool block_hash(std::uint64_t number, Hash& out) noexcept = 0;

  protected:
    ~StateView() = default;
};
}  // namespace mote::evm
