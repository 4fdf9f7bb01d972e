// Worker: a machine that executes one transaction at a time on versions of the state, whichever comes next.
//
// Its journal starts empty for each transaction and reads through the scheduler's Access, which remembers what
// was read. When the transaction has ended, what is different becomes writes, and what was only added to a
// balance that nobody read becomes a credit.
#pragma once

#include <exception>
#include <memory>
#include <vector>

#include "block/code_book.hpp"
#include "block/sequential.hpp"
#include "block/values.hpp"
#include "evm/hosted_memory.hpp"
#include "fafo/execution.hpp"

namespace mote::block
{
using StateAccess = fafo::Access<StatePolicy>;

/// How the block's gas limit is watched. Where all limits together fit, nobody needs to know what the others
/// used; from the first transaction on for which they do not, each one reads the sum.
struct GasRule
{
    bool counted = false;
    bool read = false;
};

class Worker final : public evm::StateView
{
  public:
    /// Memory  `codes` must outlive it.
    Worker(const evm::MemoryLimits& limits, evm::Fork fork, std::uint64_t seed, CodeBook& codes);

    /// Starts a block. The view must answer several threads at once.
    void begin(const evm::BlockContext& block, evm::StateView& base);

    /// Executes a transaction; its cumulative gas is left to whoever knows it.
    ///
    /// Shape   accessed: what it read and wrote, each key once, in any order; without gas.
    /// Errors  a fault; then nothing means anything. Throws std::bad_alloc.
    [[nodiscard]] evm::Fault execute(const Prepared& transaction, GasRule gas, StateAccess& access,
                                     Outcome& out, std::vector<fafo::PredictedAccess>& accessed);

    [[nodiscard]] evm::Found account(const evm::Address& address,
                                     evm::AccountFields& out) noexcept override;
    [[nodiscard]] bool balances_apart() const noexcept override { return true; }
    [[nodiscard]] bool balance(const evm::Address& address, evm::Word& out) noexcept override;
    [[nodiscard]] bool slot(const evm::Address& address, const evm::Word& key,
                            evm::Word& out) noexcept override;
    [[nodiscard]] bool has_slots(const evm::Address& address, bool& out) noexcept override;
    [[nodiscard]] bool code(const evm::Address& address, const evm::Hash& code_hash,
                            Bytes& out) noexcept override;
    [[nodiscard]] bool block_hash(std::uint64_t number, evm::Hash& out) noexcept override;

  private:
    struct Seen
    {
        evm::Address address;
        evm::Word slot;
        StatePolicy::Value value;
        std::size_t accessed = 0;  ///< place in the list
    };
    [[nodiscard]] evm::Fault run(const Prepared& transaction, GasRule gas);
    [[nodiscard]] bool read(const fafo::StateKey& key, std::vector<Seen>& list, Seen seen) noexcept;
    void rewrite(const Seen& seen, const StatePolicy::Value& value);
    void leave_accounts();
    void leave_slots();

    evm::HostedMemory memory_;
    std::unique_ptr<evm::Machine> machine_;
    CodeBook& codes_;
    evm::StateView* base_ = nullptr;
    // Of the transaction in execution.
    StateAccess* access_ = nullptr;
    Outcome outcome_;
    std::vector<fafo::PredictedAccess> accessed_;
    std::vector<Seen> identities_, balances_, slots_;
    std::exception_ptr error_;  // what read() threw: the machine in between passes nothing on
};
}  // namespace mote::block
