#include "dispersal/table.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

namespace mote::tool
{
namespace
{
/// Bytes of a share that are neither rows nor paths nor Z: header and framing.
constexpr std::uint64_t framing_bytes = 224;

/// Values in the path of the rows [first, end) of a tree over [s, e).
// NOLINTNEXTLINE(misc-no-recursion): as deep as the tree.
std::uint32_t path_values(std::uint32_t s, std::uint32_t e, std::uint32_t first, std::uint32_t end)
{
    if (e <= first || s >= end)
        return 1;
    if (first <= s && e <= end)
        return 0;
    const auto middle = s + static_cast<std::uint32_t>(next_power_of_two(e - s) / 2);
    return path_values(s, middle, first, end) + path_values(middle, e, first, end);
}

/// Values in both paths of a range of rows, wrapping included.
std::uint32_t path_values(const svid::Params& params, std::uint32_t first, std::uint32_t count)
{
    const std::uint32_t k = params.data_rows, n = params.rows;
    std::uint32_t values = 0;
    const auto part = [&](std::uint32_t from, std::uint32_t to)
    {
        if (from < std::min(to, k))
            values += path_values(0, k, from, std::min(to, k));
        if (std::max(from, k) < to)
            values += path_values(0, n - k, std::max(from, k) - k, to - k);
    };
    part(first, std::min(first + count, n));
    if (first + count > n)
        part(0, first + count - n);
    return values;
}
}  // namespace

ShareSize share_size(std::uint64_t block_bytes, std::uint32_t validators)
{
    ShareSize size;
    const std::vector<std::uint64_t> stakes(validators, 1);
    if (svid::derive(block_bytes, stakes, size.params) != Status::ok)
        return size;
    size.rows_each = svid::rows_of_stake(size.params.data_rows, 1, validators);
    size.row_bytes = std::uint64_t{size.rows_each} << size.params.row_log2;
    std::uint32_t values = 0;
    for (std::uint32_t first = 0; first < size.params.rows; ++first)
        values = std::max(values, path_values(size.params, first, size.rows_each));
    size.path_bytes = std::uint64_t{values} * 32;
    size.z_bytes = size.params.z_bytes();
    size.total = size.row_bytes + size.path_bytes + size.z_bytes + framing_bytes;
    return size;
}

int print_size_table(bool json)
{
    if (!json)
        std::printf("%8s %6s %5s %6s %9s %6s %7s %9s %7s\n", "block", "n", "each", "N", "rows",
                    "path", "Z", "total", "of B");
    for (const std::uint64_t mebibytes : {1U, 4U, 32U, 128U})
        for (const std::uint32_t n : {100U, 500U, 1000U, 5000U, 10000U})
        {
            const std::uint64_t block = mebibytes << 20;
            const ShareSize size = share_size(block, n);
            const double percent =
                100 * static_cast<double>(size.total) / static_cast<double>(block);
            if (json)
            {
                const nlohmann::ordered_json j = {
                    {"block_bytes", block},        {"validators", n},
                    {"rows_each", size.rows_each}, {"rows", size.params.rows},
                    {"row_bytes", size.row_bytes}, {"path_bytes", size.path_bytes},
                    {"z_bytes", size.z_bytes},     {"total_bytes", size.total},
                    {"percent_of_block", percent}};
                std::printf("%s\n", j.dump().c_str());
            }
            else
                std::printf("%4llu MiB %6u %5u %6u %9llu %6llu %7llu %9llu %5.2f %%\n",
                            static_cast<unsigned long long>(mebibytes), n, size.rows_each,
                            size.params.rows, static_cast<unsigned long long>(size.row_bytes),
                            static_cast<unsigned long long>(size.path_bytes),
                            static_cast<unsigned long long>(size.z_bytes),
                            static_cast<unsigned long long>(size.total), percent);
        }
    return 0;
}
}  // namespace mote::tool
