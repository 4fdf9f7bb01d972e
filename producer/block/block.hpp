// A block: what its transactions are told, the transactions as byte strings, and what each of them accessed.
//
// Any byte string may stand where a transaction does; what does not decode or is refused is skipped with a
// reason (outcome.hpp). The access lists are those of the execution, so whoever executes the block again
// knows who waits for whom. A block whose lists are empty can be executed as well, only not as fast.
//
// Worked case: a block of one payment of 1 wei from A to B lists for transaction 0: nonce and code of A,
// written; balance of A, written; nonce and code of B, read; balance of B and that of the coinbase, credited.
//
// The bytes are those of docs/formats/block.md. Every block has exactly one encoding.
#pragma once

#include <span>
#include <vector>

#include "block/state_keys.hpp"
#include "evm/types.hpp"
#include "fafo/schedule.hpp"

namespace mote::block
{
inline constexpr std::size_t block_bytes_max = std::size_t{1} << 30;  // [SVID], B
inline constexpr std::size_t transactions_max = std::size_t{1} << 22;
/// 2^24 gas (EIP-7825) pay for 1.6 MiB of zeros, at 10 gas each (EIP-7623).
inline constexpr std::size_t transaction_bytes_max = std::size_t{1} << 21;

/// What transactions are told. The chain's headers say the same; who holds one compares.
struct Header
{
    evm::Fork fork = evm::newest_fork;  ///< rules; Cancun or later
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;  ///< seconds
    std::uint64_t gas_limit = 0;
    std::uint64_t chain_id = 1;
    evm::Word base_fee;  ///< wei a gas
    evm::Hash prev_randao{};
    evm::Hash parent{};  ///< hash of the block before
    evm::Address coinbase;

    [[nodiscard]] friend bool operator==(const Header&, const Header&) = default;
};

/// The same for the machine. There are no blobs.
[[nodiscard]] evm::BlockContext context_of(const Header& header) noexcept;

struct AccessEntry
{
    std::uint32_t key = 0;  ///< in AccessLists::keys
    fafo::Mode mode = fafo::Mode::read;

    [[nodiscard]] friend bool operator==(const AccessEntry&, const AccessEntry&) = default;
};

/// What each transaction accessed: entries[first[i]] to entries[first[i + 1]], keys ascending.
struct AccessLists
{
    std::vector<fafo::StateKey>
        keys;  ///< ascending by address, kind, slot; each of them in some entry
    std::vector<AccessEntry> entries;
    std::vector<std::uint32_t> first = {0};

    [[nodiscard]] std::span<const AccessEntry> of(std::size_t transaction) const
    {
        return std::span(entries).subspan(first[transaction],
                                          first[transaction + 1] - first[transaction]);
    }
    [[nodiscard]] friend bool operator==(const AccessLists&, const AccessLists&) = default;
};

/// Puts the accesses of transactions together.
///
/// Shape   accesses[i]: of transaction i, in any order, each key once.
/// Units   seed: secret, see fafo::hash_of; 0 is fine for one's own input.
/// Cost    a place in a table for each access, and sorting the distinct keys.
[[nodiscard]] AccessLists make_access_lists(
    std::span<const std::vector<fafo::PredictedAccess>> accesses, std::uint64_t seed = 0);

struct Block
{
    Header header;
    std::vector<Bytes> transactions;
    AccessLists access;  ///< `first` has one more than there are transactions
};

/// Why bytes are no block.
enum class BlockError : std::uint8_t
{
#define MOTE_BLOCK_ERROR(name, text) name,
#include "block/block_error_table.inc"
#undef MOTE_BLOCK_ERROR
};
[[nodiscard]] const char* name_of(BlockError error) noexcept;
[[nodiscard]] const char* text_of(BlockError error) noexcept;

/// Decodes a block.
///
/// Errors  why the bytes are none; `out` has no meaning then.
/// Memory  transactions are views of `bytes`; the rest at most 16 times the bytes.
[[nodiscard]] BlockError decode(Bytes bytes, Block& out);

/// Encodes a block.
///
/// Shape   what decode() would accept (asserted).
[[nodiscard]] std::vector<std::uint8_t> encode(const Block& block);
}  // namespace mote::block
