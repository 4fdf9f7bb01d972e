// Ethereum's rules for a whole block: what happens before, between and after its transactions, and what its header
// must say of it.
//
// Source  [YP] section 4.3; [EIPS] 1559, 2935, 4788, 4844, 4895, 6110, 7002, 7251, 7685, 7934.
#pragma once

#include <map>
#include <memory>

#include "block/sequential.hpp"
#include "ethereum_block.hpp"
#include "map_state.hpp"

namespace mote::evm_tool
{
/// Rules of a block, which follow from its time.
struct BlockRules
{
    evm::Fork fork = evm::newest_fork;
    BlobRules blobs;
    evm::Word chain_id = 1;
};

class EthereumChain
{
  public:
    /// Shape   genesis: of the state.
    EthereumChain(MapState genesis, const EthereumHeader& header);

    /// Takes the next block, if it is valid.
    ///
    /// Errors  why it is not, called as execution-spec-tests do, or a Refusal: then nothing has changed.
    struct Verdict
    {
        std::string fault;  ///< empty: the block is valid, or `refusal` says more
        evm::Refusal refusal = evm::Refusal::none;
        [[nodiscard]] bool valid() const { return fault.empty(); }
    };
    [[nodiscard]] Verdict take(Bytes rlp, const BlockRules& rules);

    [[nodiscard]] const EthereumHeader& head() const { return head_; }
    [[nodiscard]] const MapState& state() const { return state_; }

  private:
    /// The state while a block executes, with the hashes of those before it.
    class State final : public evm::StateView
    {
      public:
        MapState accounts;
        std::map<std::uint64_t, evm::Hash> hashes;

        [[nodiscard]] evm::Found account(const evm::Address& address,
                                         evm::AccountFields& out) noexcept override
        {
            return accounts.account(address, out);
        }
        [[nodiscard]] bool slot(const evm::Address& address, const evm::Word& key,
                                evm::Word& out) noexcept override
        {
            return accounts.slot(address, key, out);
        }
        [[nodiscard]] bool has_slots(const evm::Address& address, bool& out) noexcept override
        {
            return accounts.has_slots(address, out);
        }
        [[nodiscard]] bool code(const evm::Address& address, const evm::Hash& code_hash,
                                Bytes& out) noexcept override
        {
            return accounts.code(address, code_hash, out);
        }
        [[nodiscard]] bool block_hash(std::uint64_t number, evm::Hash& out) noexcept override;
    };
    struct Requests
    {
        std::vector<std::uint8_t> deposits, withdrawals, consolidations;
    };

    [[nodiscard]] std::string call_system(const evm::Address& contract, Bytes input,
                                          std::vector<std::uint8_t>* output);
    [[nodiscard]] Verdict execute(const EthereumBlock& block, const BlockRules& rules);
    [[nodiscard]] Verdict execute_transactions(const EthereumBlock& block, const BlockRules& rules,
                                               std::vector<block::Outcome>& outcomes);
    [[nodiscard]] std::string check_receipts(const EthereumBlock& block,
                                             const std::vector<block::Outcome>& outcomes);
    void pay(const EthereumBlock& block, const BlockRules& rules);
    [[nodiscard]] std::string take_requests(const EthereumBlock& block,
                                            const std::vector<block::Outcome>& outcomes);
    /// Lets the state have what the journal did, and begins again.
    void settle();

    MapState state_;
    State view_;
    EthereumHeader head_;
    evm::HostedMemory memory_;
    std::unique_ptr<evm::Machine> machine_;
};
}  // namespace mote::evm_tool
