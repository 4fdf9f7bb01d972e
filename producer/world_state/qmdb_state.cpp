#include "world_state/qmdb_state.hpp"

#include "qmdb/shard.hpp"

namespace mote::world_state
{
void QmdbState::set_failure(const char* what) noexcept
{
    try
    {
        const std::lock_guard guard(failure_lock_);
        failure_ = what;
    }
    catch (const std::exception&)  // no memory for the text
    {
        failure_.clear();
    }
}

std::string QmdbState::failure()
{
    const std::lock_guard guard(failure_lock_);
    return failure_;
}

template <class Take>
bool QmdbState::read(Bytes key, Take take) noexcept
{
    try
    {
        const state::Digest hash = state::key_hash(key);
        const std::uint32_t number = state::shard_of(hash);
        const std::lock_guard guard(locks_[number]);
        qmdb::BlockMemory memory;
        const qmdb::Shard::Found found = store_.shard(number).find(hash, key, memory);
        if (!found.own || !equal_vartime(found.entry.key, key))
            return take(Bytes{});
        if (!found.entry.value.empty() && take(found.entry.value))
            return true;
        set_failure("a value of the state is not one of the EVM's state");
    }
    catch (const std::exception& error)
    {
        set_failure(error.what());
    }
    return false;
}

evm::Found QmdbState::account(const evm::Address& address, evm::AccountFields& out) noexcept
{
    evm::Found result = evm::Found::absent;
    const bool answered = read(key_of(address),
                               [&](Bytes value)
                               {
                                   if (value.empty())
                                       return true;
                                   result = evm::Found::present;
                                   return fields_of(value, out);
                               });
    return answered ? result : evm::Found::unavailable;
}

bool QmdbState::slot(const evm::Address& address, const evm::Word& key, evm::Word& out) noexcept
{
    out = {};
    return read(key_of(address, key),
                [&](Bytes value)
                {
                    if (value.empty())
                        return true;
                    state::BigEndianWord word;
                    if (!state::decode_slot(value, word))
                        return false;
                    out = evm::to_word(word);
                    return true;
                });
}

// Only code writes slots, and from EIP-161 on who has code has a nonce; what destroys itself and leaves neither
// takes its slots along, as they are of the same transaction (EIP-6780).
bool QmdbState::has_slots(const evm::Address&, bool& out) noexcept
{
    out = false;
    return true;
}

bool QmdbState::code(const evm::Address&, const evm::Hash& code_hash, Bytes& out) noexcept
{
    try
    {
        if (const Code* const code = codes_.find(code_hash); code != nullptr)
        {
            out = code->bytes;
            return true;
        }
        set_failure("a code is not there");
    }
    catch (const std::exception& error)
    {
        set_failure(error.what());
    }
    return false;
}

bool QmdbState::block_hash(std::uint64_t number, evm::Hash& out) noexcept
{
    try
    {
        if (const auto hash = codes_.block_hash(number); hash)
        {
            out = *hash;
            return true;
        }
        set_failure("the hash of a block is not there");
    }
    catch (const std::exception& error)
    {
        set_failure(error.what());
    }
    return false;
}

state::Digest QmdbState::apply(std::uint64_t number, const block::StateChanges& changes,
                               const evm::Hash& hash)
{
    const Operations operations(changes, codes_);
    const state::Digest root = store_.apply(number, operations.get());
    codes_.set_block_hash(number, hash);
    codes_.trim();
    return root;
}

void QmdbState::finalize()
{
    codes_.save();
    store_.finalize();
}
}  // namespace mote::world_state
