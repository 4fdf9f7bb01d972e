#include "coding/encode.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "coding/strips.hpp"

namespace mote::coding
{
namespace
{
constexpr std::size_t strips = tile_bytes / strip_bytes;
constexpr std::uint32_t high_rows_max = 128;
static_assert(block_rows == 1U << low_levels_max);

// The high levels read rows a whole block apart: at a power of two they would all fall into the same
// few sets of the caches.
constexpr std::size_t padding_bytes = strip_bytes;

inline void prefetch_tile(const std::uint8_t* p) noexcept
{
    for (std::size_t at = 0; at < tile_bytes; at += 64)
        __builtin_prefetch(p + at, 0, 2);
}
}  // namespace

Encoder::Encoder(const CodeShape& shape, Arena& arena) noexcept
    : shape_(shape),
      low_(low_levels(ceil_log2(shape.code_rows))),
      high_(ceil_log2(shape.code_rows) - low_),
      block_size_((strip_bytes << low_) + padding_bytes),
      strip_size_(block_size_ *
                  ((std::max(shape.code_rows, shape.parity_rows) + (1U << low_) - 1) >> low_))
{
    MOTE_ASSERT(is_power_of_two(shape.code_rows) && shape.data_rows <= shape.code_rows);
    MOTE_ASSERT((1U << high_) <= high_rows_max);
    rows_ = arena.take<std::uint8_t>(strips * strip_size_);
    staging_ = arena.take<std::uint8_t>(block_rows * tile_bytes);
    kept_ = arena.take<std::uint8_t>(high_rows_max * strip_bytes);
    buffer_ = arena.take<std::uint8_t>(high_rows_max * strip_bytes);
}

std::uint8_t* Encoder::at(std::size_t strip, std::uint32_t row) const noexcept
{
    return rows_ + strip * strip_size_ + (row >> low_) * block_size_ +
           (row & ((1U << low_) - 1)) * strip_bytes;
}

void Encoder::encode(const TileIo& io) const noexcept
{
    load_blocks(io);
    high_levels();
    store_blocks(io);
}

void Encoder::load_blocks(const TileIo& io) const noexcept
{
    const std::uint32_t rows = std::uint32_t{1} << low_;
    for (std::uint32_t first = 0; first < shape_.code_rows; first += rows)
    {
        const std::uint32_t real =
            first < shape_.data_rows ? std::min(rows, shape_.data_rows - first) : 0;
        TileRows tile = {staging_, tile_bytes};
        if (real > 0)
            tile = io.load(io.context, first, real, staging_);
        if (real < rows)
        {
            for (std::uint32_t i = 0; i < real && tile.bytes != staging_; ++i)
                std::memcpy(staging_ + i * tile_bytes, tile.bytes + i * tile.distance, tile_bytes);
            std::memset(staging_ + real * tile_bytes, 0, (rows - real) * tile_bytes);
            tile = {staging_, tile_bytes};
        }
        const bool more = tile.bytes != staging_ && first + 2 * rows <= shape_.data_rows;
        for (std::size_t strip = 0; strip < strips; ++strip)
        {
            // The rows of the next block, most likely: too far apart for the processor to guess.
            for (std::uint32_t i = 0; more && i < rows / strips; ++i)
                prefetch_tile(tile.bytes + (rows + strip * rows / strips + i) * tile.distance);
            const Output block = {at(strip, first), strip_bytes};
            inverse_transform<Plane>({low_, strip_bytes, first},
                                     {tile.bytes + strip * strip_bytes, tile.distance}, block,
                                     block);
        }
    }
}

void Encoder::high_levels() const noexcept
{
    const Output kept = {kept_, strip_bytes};
    const Output buffer = {buffer_, strip_bytes};
    for (std::size_t strip = 0; strip < strips; ++strip)
        for (std::uint32_t j = 0; j < 1U << low_; ++j)
        {
            inverse_transform<Plane>({high_, strip_bytes, 0}, {at(strip, j), block_size_}, kept,
                                     kept);
            // The values of the first coset take the place of what was just read.
            for (std::uint32_t done = 0, coset = 1; done < shape_.parity_rows; ++coset)
            {
                const std::uint32_t needed = std::min(shape_.code_rows, shape_.parity_rows - done);
                forward_transform<Plane>({high_, strip_bytes, coset << high_}, as_input(kept),
                                         buffer, {at(strip, done + j), block_size_},
                                         (needed + (1U << low_) - 1) >> low_);
                done += needed;
            }
        }
}

void Encoder::store_blocks(const TileIo& io) const noexcept
{
    const std::uint32_t rows = std::uint32_t{1} << low_;
    const Output buffer = {buffer_, strip_bytes};
    for (std::uint32_t first = 0; first < shape_.parity_rows; first += rows)
    {
        const std::uint32_t count = std::min(rows, shape_.parity_rows - first);
        for (std::size_t strip = 0; strip < strips; ++strip)
            forward_transform<Plane>({low_, strip_bytes, shape_.code_rows + first},
                                     {at(strip, first), strip_bytes}, buffer,
                                     {staging_ + strip * strip_bytes, tile_bytes}, count);
        io.store(io.context, first, count, {staging_, tile_bytes});
    }
}
}  // namespace mote::coding
