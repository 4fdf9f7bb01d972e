// Reconstruct: the block from any k rows, and nothing that is not the block.
//
// Rows that passed steps 5 to 7 are the code's, so k of them determine the block; its hash is compared
// all the same, with the data_root of the header. When the hash disagrees and there are more than k
// rows, each of them is left out in turn: that finds one wrong row.
//
// Worked case: k = 5 and the rows 0 to 4 are all there is to copy; with row 2 missing and row 9 in its
// place, the columns are decoded one tile after another.
#pragma once

#include <span>

#include "base/arena.hpp"
#include "svid/header.hpp"

namespace mote::svid
{
/// A row as it was sent.
struct HeldRow
{
    std::uint32_t number = 0;
    Bytes bytes;
};

enum class Rebuilt : std::uint8_t
{
    block = 0,
    insufficient = 1,  ///< fewer than k rows
    mismatch = 2,      ///< the rows do not lead to data_root, nor do they without any one of them
};

/// The parameters of a header, if some list of stakes could lead to them.
///
/// Errors  malformed if none could: L or k are not those of B, N < k, or N - k + K > 65536.
Status params_of(const Header& header, Params& out) noexcept;

/// Bytes that reconstruct takes from its arena. A few for each row and 260 for each point of the
/// domain and each of K: 6 MiB at 128 MiB and 1,000 validators.
[[nodiscard]] std::size_t reconstruct_memory_bytes(const Params& params) noexcept;

/// Rebuilds the block of a header that passed steps 1 to 3.
///
/// Shape   rows: any order; block: at least params.block_bytes.
/// Errors  invalid_argument for a row number out of range or given twice, a row of another length or
///         a block that is too small; memory_too_small. Unless `result` is Rebuilt::block, the first
///         params.block_bytes of `block` are zeros afterwards.
/// Cost    a copy if all data rows are there; otherwise a transform of the domain and two of K points
///         for each column, and the hash; times the number of rows on a mismatch.
/// Source  [SVID] section 11.
Status reconstruct(const Header& header, const Params& params, std::span<const HeldRow> rows,
                   Arena& arena, MutableBytes block, Rebuilt& result) noexcept;
}  // namespace mote::svid
