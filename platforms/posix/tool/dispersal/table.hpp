// What a validator downloads, for typical blocks and numbers of validators.
#pragma once

#include <cstdint>

#include "svid/params.hpp"

namespace mote::tool
{
struct ShareSize
{
    svid::Params params;
    std::uint32_t rows_each = 0;
    std::uint64_t row_bytes = 0, path_bytes = 0, z_bytes = 0, total = 0;
};

/// Equal stakes; the path is the longest over all places of the range, wrapping included.
ShareSize share_size(std::uint64_t block_bytes, std::uint32_t validators);

/// Prints the table; 0.
int print_size_table(bool json);
}  // namespace mote::tool
