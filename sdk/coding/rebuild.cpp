#include "coding/rebuild.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "coding/locator.hpp"
#include "coding/strips.hpp"

namespace mote::coding
{
namespace
{
constexpr std::size_t padding_bytes = strip_bytes;
constexpr std::size_t block_size = (strip_bytes << low_levels_max) + padding_bytes;

std::size_t array_bytes(unsigned log_rows) noexcept
{
    return ((std::size_t{1} << log_rows >> low_levels_max) + 1) * block_size;
}

/// The strip of a row.
std::uint8_t* at(std::uint8_t* array, std::uint32_t row) noexcept
{
    return array + (row >> low_levels_max) * block_size +
           (row & ((1U << low_levels_max) - 1)) * strip_bytes;
}
}  // namespace

Rebuilder::Rebuilder(const CodeShape& shape, const field::Gf65536* factors,
                     const std::uint8_t* missing, Arena& arena) noexcept
    : shape_(shape),
      factors_(factors),
      missing_(missing),
      log_domain_(ceil_log2(domain_points(shape.code_rows, shape.parity_rows))),
      log_code_(ceil_log2(shape.code_rows))
{
    domain_ = arena.take<std::uint8_t>(array_bytes(log_domain_));
    derivative_ = arena.take<std::uint8_t>(array_bytes(log_code_));
    const unsigned high = log_domain_ - low_levels(log_domain_);
    buffer_ = arena.take<std::uint8_t>(strip_bytes << std::max(high, low_levels_max));
}

void Rebuilder::rebuild(const RebuildIo& io, std::size_t column) const noexcept
{
    for (std::size_t strip = 0; strip < tile_bytes; strip += strip_bytes)
    {
        load(io, column + strip);
        differentiate();
        store(io, column + strip);
    }
}

void Rebuilder::load(const RebuildIo& io, std::size_t column) const noexcept
{
    const unsigned low = low_levels(log_domain_), high = log_domain_ - low;
    const Output buffer = {buffer_, strip_bytes};
    for (std::uint32_t first = 0; first < 1U << log_domain_; first += 1U << low)
    {
        bool any = false;
        for (std::uint32_t i = 0; i < 1U << low; ++i)
        {
            const std::uint8_t* const row = io.row(io.context, first + i, column);
            any = any || row != nullptr;
            if (row != nullptr)
                scale_row<Plane>(row, buffer[i], factors_[first + i], strip_bytes);
            else
                std::memset(buffer[i], 0, strip_bytes);
        }
        const Output block = {at(domain_, first), strip_bytes};
        if (any)
            inverse_transform<Plane>({low, strip_bytes, first}, as_input(buffer), buffer, block);
        else
            std::memset(block[0], 0, strip_bytes << low);
    }
    if (high == 0)
        return;
    for (std::uint32_t j = 0; j < 1U << low; ++j)
    {
        const Output rows = {at(domain_, j), block_size};
        inverse_transform<Plane>({high, strip_bytes, 0}, as_input(rows), buffer, rows);
    }
}

void Rebuilder::differentiate() const noexcept
{
    for (std::uint32_t i = 0; i < shape_.code_rows; ++i)
    {
        const std::uint8_t* sources[16];
        unsigned count = 0;
        for (unsigned j = 0; j < log_domain_; ++j)
            if (((i >> j) & 1U) == 0)
                sources[count++] = at(domain_, i | (1U << j));
        std::uint8_t* const out = at(derivative_, i);
        for (std::size_t byte = 0; byte < strip_bytes; byte += Plane::bytes)
        {
            auto sum = Plane::load(sources[0] + byte);
            for (unsigned source = 1; source < count; ++source)
                sum = Plane::add(sum, Plane::load(sources[source] + byte));
            Plane::store(out + byte, sum);
        }
    }
}

void Rebuilder::store(const RebuildIo& io, std::size_t column) const noexcept
{
    const unsigned low = low_levels(log_code_), high = log_code_ - low;
    const Output buffer = {buffer_, strip_bytes};
    for (std::uint32_t j = 0; high > 0 && j < 1U << low; ++j)
    {
        const Output rows = {at(derivative_, j), block_size};
        forward_transform<Plane>({high, strip_bytes, 0}, as_input(rows), buffer, rows,
                                 std::size_t{1} << high);
    }
    for (std::uint32_t first = 0; first < shape_.data_rows; first += 1U << low)
    {
        const std::uint32_t count = std::min(std::uint32_t{1} << low, shape_.data_rows - first);
        if (std::none_of(missing_ + first, missing_ + first + count,
                         [](std::uint8_t m) { return m != 0; }))
            continue;
        forward_transform<Plane>({low, strip_bytes, first}, {at(derivative_, first), strip_bytes},
                                 buffer, buffer, count);
        for (std::uint32_t i = 0; i < count; ++i)
            if (missing_[first + i] != 0)
            {
                scale_row<Plane>(buffer[i], buffer[i], factors_[first + i], strip_bytes);
                io.store(io.context, first + i, column, buffer[i]);
            }
    }
}
}  // namespace mote::coding
