#include "svid/params.hpp"

#include <algorithm>

namespace mote::svid
{
namespace
{
/// a * b for b < 2^32, as words of 32 bits above the low one, so that products compare in order.
struct Product
{
    std::uint64_t high;
    std::uint32_t low;

    Product(std::uint64_t a, std::uint32_t b) noexcept
    {
        const std::uint64_t bottom = (a & 0xffffffff) * b;
        high = (a >> 32) * b + (bottom >> 32);
        low = static_cast<std::uint32_t>(bottom);
    }
    friend bool operator<(const Product& x, const Product& y) noexcept
    {
        return x.high != y.high ? x.high < y.high : x.low < y.low;
    }
};
}  // namespace

std::size_t Params::bytes_of_row(std::uint32_t row) const noexcept
{
    if (row + 1 != data_rows)
        return row_bytes();
    return static_cast<std::size_t>(block_bytes - (std::uint64_t{row} << row_log2));
}

std::uint64_t Params::first_chunk(std::uint32_t row) const noexcept
{
    return std::uint64_t{row < data_rows ? row : row - data_rows} << (row_log2 - 10);
}

Status derive(std::uint64_t block_bytes, Params& out) noexcept
{
    out = {};
    if (block_bytes > block_bytes_max)
        return Status::limit_exceeded;
    const std::uint32_t bits = ceil_log2(block_bytes);
    out.block_bytes = block_bytes;
    out.row_log2 = static_cast<std::uint8_t>(std::max(std::uint32_t{10}, bits / 2 + 2));
    out.data_rows = static_cast<std::uint32_t>((block_bytes + out.row_bytes() - 1) >> out.row_log2);
    if (out.data_rows > 0)
        out.code_rows = static_cast<std::uint32_t>(next_power_of_two(out.data_rows));
    return Status::ok;
}

std::uint32_t rows_of_stake(std::uint32_t data_rows, std::uint64_t stake,
                            std::uint64_t total) noexcept
{
    // The smallest r <= k with r total >= 3 k stake.
    const Product wanted(stake, 3 * data_rows);
    std::uint32_t low = 0, high = data_rows;
    while (low < high)
    {
        const std::uint32_t middle = (low + high) / 2;
        if (Product(total, middle) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Status total_stake(std::span<const std::uint64_t> stakes, std::uint64_t& total) noexcept
{
    total = 0;
    if (stakes.size() < validators_min || stakes.size() > validators_max)
        return Status::invalid_argument;
    for (const std::uint64_t stake : stakes)
    {
        total += stake;
        if (stake == 0 || total < stake)
            return Status::invalid_argument;
    }
    return Status::ok;
}

Status derive(std::uint64_t block_bytes, std::span<const std::uint64_t> stakes,
              Params& out) noexcept
{
    MOTE_TRY(derive(block_bytes, out));
    std::uint64_t total = 0;
    MOTE_TRY(total_stake(stakes, total));
    // At most 40960 * 8192 rows: no overflow.
    for (const std::uint64_t stake : stakes)
        out.rows += rows_of_stake(out.data_rows, stake, total);
    if (out.data_rows > 0 && out.code_rows + out.parity_rows() > code_points_max)
        return Status::limit_exceeded;
    return Status::ok;
}
}  // namespace mote::svid
