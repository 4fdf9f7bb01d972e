#include "disperse/kernels.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "coding/encode.hpp"
#include "coding/locator.hpp"
#include "coding/rebuild.hpp"
#include "coding/strips.hpp"
#include "hash/blake3.hpp"
#include "svid/fingerprint.hpp"

#define MOTE_JOIN_(a, b) a##b
#define MOTE_JOIN(a, b) MOTE_JOIN_(a, b)

namespace mote::disperse
{
namespace
{
using coding::block_rows;
using coding::tile_bytes;
using hash::ChainingValue;
static_assert(sizeof(ChainingValue) == 32);

coding::CodeShape shape_of(const mote_disperse_job& job)
{
    return {job.data_rows, job.code_rows, job.parity_rows};
}

/// What the encoder's callbacks need of one tile.
struct TileContext
{
    const mote_disperse_job* job;
    std::uint32_t tile;

    [[nodiscard]] std::size_t row_bytes() const { return std::size_t{1} << job->row_log2; }
    [[nodiscard]] std::size_t chunks() const { return row_bytes() / tile_bytes; }
};

/// Hashes the chunk `tile` of the rows [first, first + count).
void hash_rows(const TileContext& context, std::uint32_t first, std::uint32_t count,
               coding::TileRows rows, std::uint8_t* values)
{
    if (values == nullptr)
        return;
    const std::uint8_t* chunks[block_rows] = {};
    std::uint64_t counters[block_rows] = {};
    ChainingValue out[block_rows];
    for (std::uint32_t i = 0; i < count; ++i)
    {
        chunks[i] = rows.bytes + i * rows.distance;
        counters[i] = (first + i) * context.chunks() + context.tile;
    }
    hash::blake3_chunks(chunks, counters, count, out);
    for (std::uint32_t i = 0; i < count; ++i)
        std::memcpy(values + 32 * counters[i], out[i].data(), 32);
}

coding::TileRows load(void* opaque, std::uint32_t first, std::uint32_t count, std::uint8_t* space)
{
    const auto& context = *static_cast<const TileContext*>(opaque);
    const mote_disperse_job& job = *context.job;
    const std::size_t offset =
        (static_cast<std::size_t>(first) << job.row_log2) + context.tile * tile_bytes;
    coding::TileRows rows = {job.block + offset, context.row_bytes()};
    // The end of the block may fall into the last row: what follows counts as zeros.
    const std::size_t end =
        offset + (static_cast<std::size_t>(count - 1) << job.row_log2) + tile_bytes;
    if (end > job.block_bytes)
    {
        for (std::uint32_t i = 0; i < count; ++i)
        {
            const std::size_t at = offset + (static_cast<std::size_t>(i) << job.row_log2);
            const std::size_t there =
                at < job.block_bytes
                    ? std::min<std::size_t>(tile_bytes,
                                            static_cast<std::size_t>(job.block_bytes) - at)
                    : 0;
            std::uint8_t* const row = space + i * tile_bytes;
            if (there > 0)
                std::memcpy(row, job.block + at, there);
            std::memset(row + there, 0, tile_bytes - there);
        }
        rows = {space, tile_bytes};
    }
    hash_rows(context, first, count, rows, job.data_chunks);
    return rows;
}

void store(void* opaque, std::uint32_t first, std::uint32_t count, coding::TileRows rows)
{
    const auto& context = *static_cast<const TileContext*>(opaque);
    const mote_disperse_job& job = *context.job;
    hash_rows(context, first, count, rows, job.parity_chunks);
    for (std::uint32_t i = 0; i < count; ++i)
        coding::store_row(job.parity + (static_cast<std::size_t>(first + i) << job.row_log2) +
                              context.tile * tile_bytes,
                          rows.bytes + i * rows.distance, tile_bytes);
}

std::size_t encode_memory(const mote_disperse_job* job)
{
    Arena count(nullptr, 0);
    const coding::Encoder encoder(shape_of(*job), count);
    return count.used();
}

void encode_tile(const mote_disperse_job* job, std::uint32_t tile, void* memory,
                 std::size_t memory_bytes)
{
    Arena arena(memory, memory_bytes);
    const coding::Encoder encoder(shape_of(*job), arena);
    MOTE_ASSERT(encoder.ok());
    TileContext context{job, tile};
    encoder.encode({&context, load, store});
}

void join_chunks(std::uint8_t* chunks, std::uint32_t rows, std::uint32_t log, std::uint8_t* values)
{
    auto* const nodes = reinterpret_cast<ChainingValue*>(chunks);
    std::size_t count = static_cast<std::size_t>(rows) << log;
    for (; count > rows; count /= 2)
        hash::blake3_parents(nodes, count / 2, nodes);
    std::memcpy(values, chunks, 32 * static_cast<std::size_t>(rows));
}

void fingerprints(const mote_disperse_job* job, const std::uint8_t* rho, std::uint32_t first,
                  std::uint32_t count, std::uint8_t* out)
{
    const svid::Challenge challenge(field::Gf2_128::load(rho));
    const std::size_t row_bytes = std::size_t{1} << job->row_log2;
    for (std::uint32_t r = first; r < first + count; ++r)
    {
        const std::size_t at = static_cast<std::size_t>(r) << job->row_log2;
        const std::size_t there =
            std::min<std::size_t>(row_bytes, static_cast<std::size_t>(job->block_bytes) - at);
        svid::fingerprint(challenge, {job->block + at, there}, row_bytes)
            .store(out + std::size_t{16} * (r - first));
    }
}

/// The row at a point of the domain; nullptr where none is given.
const std::uint8_t* row_at(const mote_rebuild_job& job, std::uint32_t point)
{
    if (point < job.data_rows)
        return job.rows[point];
    if (point < job.code_rows || point - job.code_rows >= job.parity_rows)
        return nullptr;
    return job.rows[job.data_rows + point - job.code_rows];
}

/// What locate() leaves in its memory, at the start.
struct Located
{
    field::Gf65536* factors;
    std::uint8_t* missing;
};

void locate_in(const mote_rebuild_job& job, Arena& arena)
{
    const std::uint32_t points = coding::domain_points(job.code_rows, job.parity_rows);
    auto* const located = arena.take<Located>(1);
    auto* const factors = arena.take<field::Gf65536>(points);
    auto* const missing = arena.take<std::uint8_t>(points);
    if (missing != nullptr)
    {
        *located = {factors, missing};
        for (std::uint32_t i = 0; i < points; ++i)
        {
            const bool zero = i >= job.data_rows && i < job.code_rows;  // known without a row
            missing[i] = zero || row_at(job, i) != nullptr ? 0 : 1;
        }
    }
    const bool done = coding::locate(missing, ceil_log2(points), factors, arena);
    MOTE_ASSERT(done || missing == nullptr);
    static_cast<void>(done);
}

std::size_t locate_memory(const mote_rebuild_job* job)
{
    Arena count(nullptr, 0);
    locate_in(*job, count);
    return count.used();
}

void locate(const mote_rebuild_job* job, void* memory, std::size_t memory_bytes)
{
    Arena arena(memory, memory_bytes);
    locate_in(*job, arena);
}

const std::uint8_t* known_row(void* opaque, std::uint32_t point, std::size_t column)
{
    const std::uint8_t* const row = row_at(*static_cast<const mote_rebuild_job*>(opaque), point);
    return row == nullptr ? nullptr : row + column;
}

void store_data(void* opaque, std::uint32_t row, std::size_t column, const std::uint8_t* strip)
{
    const auto& job = *static_cast<const mote_rebuild_job*>(opaque);
    const std::size_t at = (static_cast<std::size_t>(row) << job.row_log2) + column;
    if (at < job.block_bytes)
        std::memcpy(job.block + at, strip,
                    std::min<std::size_t>(coding::strip_bytes,
                                          static_cast<std::size_t>(job.block_bytes) - at));
}

coding::CodeShape shape_of(const mote_rebuild_job& job)
{
    return {job.data_rows, job.code_rows, job.parity_rows};
}

std::size_t rebuild_memory(const mote_rebuild_job* job)
{
    Arena count(nullptr, 0);
    const coding::Rebuilder rebuilder(shape_of(*job), nullptr, nullptr, count);
    return count.used();
}

void rebuild_tile(const mote_rebuild_job* job, const void* located, std::uint32_t tile,
                  void* memory, std::size_t memory_bytes)
{
    Arena arena(memory, memory_bytes);
    const auto* const found = static_cast<const Located*>(located);
    const coding::Rebuilder rebuilder(shape_of(*job), found->factors, found->missing, arena);
    MOTE_ASSERT(rebuilder.ok());
    rebuilder.rebuild({const_cast<mote_rebuild_job*>(job), known_row, store_data},
                      tile * tile_bytes);
}

constexpr mote_disperse_kernels kernels = {
    coding::Plane::name, encode_memory, encode_tile,    join_chunks, fingerprints,
    locate_memory,       locate,        rebuild_memory, rebuild_tile};
}  // namespace
}  // namespace mote::disperse

extern "C" const mote_disperse_kernels* MOTE_JOIN(mote_disperse_, MOTE_VARIANT)(void)
{
    return &mote::disperse::kernels;
}
