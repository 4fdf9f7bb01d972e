// Rebuild: the block from any k rows.
#pragma once

#include <span>
#include <vector>

#include "disperse/memory.hpp"
#include "disperse/threads.hpp"
#include "svid/header.hpp"

namespace mote::disperse
{
enum class RebuildResult
{
    rebuilt,
    insufficient,  ///< fewer than k rows
    mismatch,      ///< the rows do not lead to data_root, nor do they without any one of them
};

/// Rebuilds the block of `header` from rows that passed the validator's checks.
///
/// Shape   rows: N spans, empty where a row is missing, each as long as it is sent.
/// Errors  std::bad_alloc. `block` has B bytes on `rebuilt` and none otherwise: nothing that does not
///         hash to data_root is ever handed out. With more than k rows and a mismatch every row is
///         left out in turn.
/// Memory  the block, and 2 bytes for each point of the domain and 520 for each of K, for each thread.
/// Source  [SVID] section 11.
RebuildResult rebuild(const svid::Header& header, const svid::Params& params,
                      std::span<const std::span<const std::uint8_t>> rows, const Effort& effort,
                      Buffer& block);
}  // namespace mote::disperse
