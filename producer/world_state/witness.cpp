#include "world_state/witness.hpp"

#include <set>

#include "hash/keccak.hpp"
#include "qmdb/prover.hpp"
#include "state/answer.hpp"

namespace mote::world_state
{
std::vector<std::uint8_t> block_witness(qmdb::Store& store, const block::AccessLists& access,
                                        const block::StateChanges& changes, CodeStore& codes)
{
    std::set<std::vector<std::uint8_t>> keys;
    for (const fafo::StateKey& key : access.keys)
    {
        const evm::Address address = block::address_of(key);
        switch (block::kind_of(key))
        {
            case block::KeyKind::identity:
            case block::KeyKind::balance:
                keys.emplace(address.bytes.begin(), address.bytes.end());
                break;
            case block::KeyKind::slot:
            {
                const StateKeyBytes bytes = key_of(address, block::slot_of(key));
                keys.emplace(bytes.begin(), bytes.end());
                break;
            }
            case block::KeyKind::gas:
                break;
        }
    }
    const std::vector<qmdb::ByteView> reads(keys.begin(), keys.end());
    const Operations operations(changes, codes);
    return qmdb::build_witness(store, operations.get(), reads);
}

WitnessState::WitnessState(const state::Opened& opened, std::span<const Bytes> codes,
                           std::span<const BlockHash> hashes)
    : opened_(opened)
{
    for (const Bytes code : codes)
        codes_.emplace(hash::keccak_256(code), code);
    for (const BlockHash& one : hashes)
        hashes_.emplace(one.number, one.hash);
}

evm::Found WitnessState::read(const evm::Address& address, evm::AccountFields& out) noexcept
{
    Bytes value;
    switch (state::answer(opened_, key_of(address), value))
    {
        case state::Answer::present:
            return fields_of(value, out) ? evm::Found::present : evm::Found::unavailable;
        case state::Answer::absent:
            return evm::Found::absent;
        case state::Answer::unproven:
            break;
    }
    return evm::Found::unavailable;
}

evm::Found WitnessState::account(const evm::Address& address, evm::AccountFields& out) noexcept
{
    evm::AccountFields fields;
    const evm::Found found = read(address, fields);
    if (found != evm::Found::present)
        return found;
    if (fields.nonce == 0 && fields.code_hash == evm::empty_code_hash)
        return evm::Found::absent;
    out = {{}, fields.nonce, fields.code_hash};
    return found;
}

bool WitnessState::balance(const evm::Address& address, evm::Word& out) noexcept
{
    evm::AccountFields fields;
    if (read(address, fields) == evm::Found::unavailable)
        return false;
    out = fields.balance;
    return true;
}

bool WitnessState::slot(const evm::Address& address, const evm::Word& key, evm::Word& out) noexcept
{
    out = {};
    Bytes value;
    const StateKeyBytes bytes = key_of(address, key);
    switch (state::answer(opened_, bytes, value))
    {
        case state::Answer::present:
        {
            state::BigEndianWord word;
            if (!state::decode_slot(value, word))
                return false;
            out = evm::to_word(word);
            return true;
        }
        case state::Answer::absent:
            return true;
        case state::Answer::unproven:
            break;
    }
    return false;
}

// As in QmdbState: nobody without code and nonce has slots.
bool WitnessState::has_slots(const evm::Address&, bool& out) noexcept
{
    out = false;
    return true;
}

bool WitnessState::code(const evm::Address&, const evm::Hash& code_hash, Bytes& out) noexcept
{
    const auto found = codes_.find(code_hash);
    if (found == codes_.end())
        return false;
    out = found->second;
    return true;
}

bool WitnessState::block_hash(std::uint64_t number, evm::Hash& out) noexcept
{
    const auto found = hashes_.find(number);
    if (found == hashes_.end())
        return false;
    out = found->second;
    return true;
}
}  // namespace mote::world_state
