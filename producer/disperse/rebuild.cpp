#include "disperse/rebuild.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "disperse/dispatch.hpp"
#include "hash/blake3.hpp"

namespace mote::disperse
{
namespace
{
constexpr std::size_t tile_bytes = 1024;

/// One attempt with the rows that are not null.
void decode(const svid::Params& params, const std::vector<const std::uint8_t*>& rows,
            const Effort& effort, Buffer& block)
{
    const auto& fast = kernels();
    mote_rebuild_job job{};
    job.row_log2 = params.row_log2;
    job.data_rows = params.data_rows;
    job.code_rows = params.code_rows;
    job.parity_rows = params.parity_rows();
    job.rows = rows.data();
    job.block_bytes = params.block_bytes;
    job.block = block.data();

    for (std::uint32_t r = 0; r < params.data_rows; ++r)
        if (rows[r] != nullptr)
            std::memcpy(block.data() + (std::size_t{r} << params.row_log2), rows[r],
                        params.bytes_of_row(r));
    if (std::find(rows.begin(), rows.begin() + params.data_rows, nullptr) ==
        rows.begin() + params.data_rows)
        return;

    const Buffer located(fast.locate_memory(&job));
    fast.locate(&job, located.data(), located.size());
    for_each_piece(
        effort, static_cast<std::uint32_t>(params.row_bytes() / tile_bytes),
        [&]
        {
            auto memory = std::make_shared<Buffer>(fast.rebuild_memory(&job));
            return [&, memory](std::uint32_t tile)
            { fast.rebuild_tile(&job, located.data(), tile, memory->data(), memory->size()); };
        });
}
}  // namespace

RebuildResult rebuild(const svid::Header& header, const svid::Params& params,
                      std::span<const std::span<const std::uint8_t>> rows, const Effort& effort,
                      Buffer& block)
{
    block = Buffer();
    Buffer result(static_cast<std::size_t>(params.block_bytes));
    // The last data row is extended with zeros for coding.
    std::vector<std::uint8_t> padded(params.row_bytes());
    std::vector<const std::uint8_t*> known(params.rows, nullptr);
    std::vector<std::uint32_t> present;
    for (std::uint32_t r = 0; r < params.rows; ++r)
    {
        if (rows[r].empty())
            continue;
        present.push_back(r);
        known[r] = rows[r].data();
        if (rows[r].size() < params.row_bytes())
        {
            std::copy(rows[r].begin(), rows[r].end(), padded.begin());
            known[r] = padded.data();
        }
    }
    if (present.size() < params.data_rows)
        return RebuildResult::insufficient;

    const auto matches = [&]
    { return hash::blake3({result.data(), result.size()}) == header.data_root; };
    decode(params, known, effort, result);
    bool good = matches();
    // All rows are used, so a wrong one spoils the first attempt: leave each out in turn.
    for (std::size_t i = 0; !good && present.size() > params.data_rows && i < present.size(); ++i)
    {
        const std::uint8_t* const left_out = std::exchange(known[present[i]], nullptr);
        decode(params, known, {effort.threads, {}}, result);
        good = matches();
        known[present[i]] = left_out;
    }
    if (!good)
        return RebuildResult::mismatch;
    block = std::move(result);
    return RebuildResult::rebuilt;
}
}  // namespace mote::disperse
