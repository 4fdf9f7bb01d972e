// Statement check: steps 1 to 3 before a VALID vote, and the proof's public values.
//
//   statement -> chain of parent hashes -> zone headers -> SVID headers -> data_root, z_digest, rho
//
// Input and output of the guest program are computed from these, never taken from a proof. Step 4,
// that the proof verifies with exactly these bytes, is the zkVM verifier's.
//
// Source  [CONSENSUS] section 3.4.
#pragma once

#include <span>

#include "chain/calendar.hpp"
#include "chain/headers.hpp"
#include "chain/statement.hpp"

namespace mote::chain
{
inline constexpr std::size_t statement_input_head_bytes = 128, statement_input_block_bytes = 96;
inline constexpr std::size_t statement_output_head_bytes = 104, statement_output_block_bytes = 64;

inline constexpr std::size_t statement_input_bytes_max =
    statement_input_head_bytes + statement_input_block_bytes * statement_blocks_max;
inline constexpr std::size_t statement_output_bytes_max =
    statement_output_head_bytes + statement_output_block_bytes * statement_blocks_max;

/// The failing step; the steps are those of the section.
enum class StatementStep : std::uint8_t
{
    none = 0,
    range = 1,         ///< from, to, mask, or another number of headers
    headers = 2,       ///< zone, heights, parents or the two hashes at the ends
    svid_headers = 3,  ///< a block that is not void has no SVID header, or another one
};

/// Checks a statement against the blocks that it is about.
///
/// Shape   headers, svid_headers: one for each block from..to, oldest first; the SVID header of a void
///         block is not looked at. Other counts fail step 1.
/// Cost    a hash of each header and of each SVID header.
[[nodiscard]] StatementStep check_statement(const Statement& statement,
                                            std::span<const ZoneHeader> headers,
                                            std::span<const Bytes> svid_headers,
                                            const Digest& chain_id,
                                            const Calendar& calendar) noexcept;

/// Writes the public input of a statement that check_statement accepts; gives its length.
///
/// Shape   out: at least 128 + 96 n bytes (asserted).
std::size_t write_input(const Statement& statement, std::span<const ZoneHeader> headers,
                        std::span<const Bytes> svid_headers, const Digest& chain_id,
                        MutableBytes out) noexcept;

/// Writes its public output; gives its length.
///
/// Shape   out: at least 104 + 64 n bytes (asserted).
std::size_t write_output(const Statement& statement, std::span<const Bytes> svid_headers,
                         MutableBytes out) noexcept;
}  // namespace mote::chain
