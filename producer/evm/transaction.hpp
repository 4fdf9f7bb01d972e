// Transactions: the five types, decoded, with the hash that was signed; and every reason to refuse one.
//
// Worked case: a legacy transaction is a list of nine fields; v = 37 says chain 1 and parity 0.
//
// Source  [YP] section 4.3; [EIPS] 155, 2718, 2930, 1559, 4844, 7702.
#pragma once

#include <span>

#include "base/arena.hpp"
#include "evm/types.hpp"

namespace mote::evm
{
/// Why a transaction is refused. `none` is not refused.
enum class Refusal : std::uint8_t
{
#define MOTE_REFUSAL(name, text) name,
#include "evm/refusal_table.inc"
#undef MOTE_REFUSAL
};

/// The name in refusal_table.inc, and what it means to a person.
[[nodiscard]] const char* name_of(Refusal refusal) noexcept;
[[nodiscard]] const char* text_of(Refusal refusal) noexcept;

enum class TransactionType : std::uint8_t
{
    legacy = 0,
    access_list = 1,  ///< EIP-2930, from Berlin
    fee_market = 2,   ///< EIP-1559, from London
    blob = 3,         ///< EIP-4844, from Cancun
    set_code = 4,     ///< EIP-7702, from Prague
};

struct AccessEntry
{
    Address address;
    std::span<const Word> keys;
};

/// A statement of an account that it wants the code at `address`.
struct Authorization
{
    Word chain_id;  ///< 0: any
    Address address;
    std::uint64_t nonce = 0;
    std::uint8_t parity = 0;
    Word r, s;
};

struct Transaction
{
    TransactionType type = TransactionType::legacy;
    bool has_chain_id = true;  ///< false: a legacy one for any chain
    bool creates = false;      ///< no recipient
    std::uint8_t parity = 0;   ///< of the signature
    std::uint64_t nonce = 0;
    std::uint64_t gas_limit = 0;
    Word chain_id;
    Word max_fee;           ///< wei a gas; the price of a legacy or access-list transaction
    Word max_priority_fee;  ///< likewise equal to the price there
    Word max_blob_fee;
    Word value;
    Address to;
    Bytes data;
    std::span<const AccessEntry> access_list;
    std::span<const Hash> blob_hashes;
    std::span<const Authorization> authorizations;
    Word r, s;
    Hash signing_hash{};
};

/// Decodes a transaction as it is in a block: a list, or a type byte and a list.
///
/// Errors  a Refusal; none of the rules that need a state or a block are checked.
/// Memory  lists from the arena, at most 40 bytes for each 21 of input; `data` is a view of `bytes`.
[[nodiscard]] Refusal decode(Bytes bytes, Arena& arena, Transaction& out) noexcept;

/// Finds out who signed.
///
/// Errors  signature_invalid: out of range, s above half the order (from Homestead, EIP-2), no key fits.
/// Cost    one recovery on secp256k1.
[[nodiscard]] Refusal recover_sender(const Transaction& transaction, Fork fork,
                                     Address& out) noexcept;

/// Finds out whose authorization it is; false if nobody's.
[[nodiscard]] bool recover_authority(const Authorization& authorization, Address& out) noexcept;
}  // namespace mote::evm
