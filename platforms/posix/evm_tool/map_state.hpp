// A state in memory, for state tests and single runs.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "evm/journal.hpp"

namespace mote::evm_tool
{
struct MapAccount
{
    std::uint64_t nonce = 0;
    evm::Word balance;
    std::vector<std::uint8_t> code;
    evm::Hash code_hash = evm::empty_code_hash;
    std::map<evm::Word, evm::Word> slots;  ///< none of them zero
};

class MapState final : public evm::StateView
{
  public:
    std::map<evm::Address, MapAccount> accounts;

    [[nodiscard]] evm::Found account(const evm::Address& address,
                                     evm::AccountFields& out) noexcept override;
    [[nodiscard]] bool slot(const evm::Address& address, const evm::Word& key,
                            evm::Word& out) noexcept override;
    [[nodiscard]] bool has_slots(const evm::Address& address, bool& out) noexcept override;
    [[nodiscard]] bool code(const evm::Address& address, const evm::Hash& code_hash,
                            Bytes& out) noexcept override;
    /// keccak256 of the number in decimal: what state tests agree on.
    [[nodiscard]] bool block_hash(std::uint64_t number, evm::Hash& out) noexcept override;

    void set_code(MapAccount& account, std::vector<std::uint8_t> code);
    /// Takes over what the journal's transactions changed.
    void apply(const evm::Journal& journal);
    /// The root of the state trie.
    [[nodiscard]] evm::Hash root() const;
};
}  // namespace mote::evm_tool
