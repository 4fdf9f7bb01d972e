// Account: what a certified header says about a key of a zone's state.
//
//   certificate -> root header -> zone_table_root -> zone leaf -> proven_root -> QMDB proof -> value
//
// The header comes from a follower, everything below it from anybody. The answer is about the zone as of
// proven_height, the newest block with a verified proof; it is final if the header is.
//
// Source  [CONSENSUS] sections 3.2 and 3.4; [QMDB-FORMAT] sections 4 and 5.
#pragma once

#include "chain/headers.hpp"
#include "chain/zone_table.hpp"
#include "state/answer.hpp"

namespace mote::client
{
/// What a server gives.
struct AccountProof
{
    Bytes leaf;               ///< of the zone table, 248 bytes
    std::uint32_t index = 0;  ///< of the leaf
    std::uint32_t zones = 0;  ///< leaves of the table
    Bytes path;               ///< 32 bytes for each value, see chain::multiproof_holds
    Bytes state;              ///< a QMDB proof
};

enum class AccountFault : std::uint8_t
{
    none = 0,
    leaf,       ///< not a leaf, or of another zone
    path,       ///< the leaf is not in the header's table
    malformed,  ///< the state's proof does not parse
    root,       ///< the state's proof is of another root
    unproven,   ///< the proof does not say anything about the key
};

struct AccountAnswer
{
    state::Answer answer = state::Answer::unproven;
    Bytes value;  ///< in the proof; empty unless present
    chain::ZoneLeaf zone;
};

/// Gives the bytes that check_account takes from its arena at most.
[[nodiscard]] std::size_t account_memory_bytes(std::size_t state_proof_bytes) noexcept;

/// Answers for a key of a zone.
///
/// Errors  rejected, with the fault; malformed: the state's proof; memory_too_small.
/// Memory  from `arena`; the value points into the proof.
/// Cost    a path of at most 32 hashes, and opening the proof.
Status check_account(const chain::RootHeader& header, std::uint32_t zone, Bytes key,
                     const AccountProof& proof, Arena& arena, AccountAnswer& out,
                     AccountFault& fault) noexcept;
}  // namespace mote::client
