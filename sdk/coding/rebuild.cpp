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
    weights_ = arena.take<field::Gf65536>(std::size_t{1} << log_domain_);
    coset_ = arena.take<std::uint8_t>(array_bytes(log_code_));
    sum_ = arena.take<std::uint8_t>(array_bytes(log_code_));
    const unsigned high = log_code_ - low_levels(log_code_);
    buffer_ = arena.take<std::uint8_t>(strip_bytes << std::max(high, low_levels_max));
    if (!ok())
        return;
    for (std::uint32_t coset = 0; coset < 1U << (log_domain_ - log_code_); ++coset)
    {
        const field::Gf65536 weight =
            coset == 0 ? field::Gf65536{1} : field::gf65536_invert_vartime(field::omega(coset));
        for (std::uint32_t i = coset << log_code_; i < (coset + 1) << log_code_; ++i)
            weights_[i] = field::gf65536_multiply(factors_[i], weight);
    }
}

void Rebuilder::rebuild(const RebuildIo& io, std::size_t column) const noexcept
{
    for (std::size_t strip = 0; strip < tile_bytes; strip += strip_bytes)
    {
        const bool data = load(io, 0, column + strip);
        if (data)
            differentiate();
        else
            std::memset(sum_, 0, array_bytes(log_code_));
        for (std::uint32_t first = 1U << log_code_; first < 1U << log_domain_;
             first += 1U << log_code_)
            if (load(io, first, column + strip))
                add_coset(first);
        store(io, column + strip);
    }
}

/// Takes the rows of the coset at `first` through the low levels, and through the high ones if it is
/// that of the data points; false if none is known.
bool Rebuilder::load(const RebuildIo& io, std::uint32_t first, std::size_t column) const noexcept
{
    const unsigned low = low_levels(log_code_), high = log_code_ - low;
    const Output buffer = {buffer_, strip_bytes};
    bool all_missing = true;
    for (std::uint32_t block = 0; block < 1U << log_code_; block += 1U << low)
    {
        bool any = false;
        for (std::uint32_t i = 0; i < 1U << low; ++i)
        {
            const std::uint32_t point = first + block + i;
            const std::uint8_t* const row = io.row(io.context, point, column);
            any = any || row != nullptr;
            if (row != nullptr)
                scale_row<Plane>(row, buffer[i], weights_[point], strip_bytes);
            else
                std::memset(buffer[i], 0, strip_bytes);
        }
        const Output rows = {at(coset_, block), strip_bytes};
        if (any)
            inverse_transform<Plane>({low, strip_bytes, first + block}, as_input(buffer), buffer,
                                     rows);
        else
            std::memset(rows[0], 0, strip_bytes << low);
        all_missing = all_missing && !any;
    }
    if (all_missing || first > 0)
        return !all_missing;
    for (std::uint32_t j = 0; high > 0 && j < 1U << low; ++j)
    {
        const Output rows = {at(coset_, j), block_size};
        inverse_transform<Plane>({high, strip_bytes, 0}, as_input(rows), buffer, rows);
    }
    return true;
}

/// Adds the coefficients of a coset that went through the low levels.
void Rebuilder::add_coset(std::uint32_t first) const noexcept
{
    const unsigned low = low_levels(log_code_), high = log_code_ - low;
    const Output buffer = {buffer_, strip_bytes};
    for (std::uint32_t j = 0; j < 1U << low; ++j)
    {
        inverse_transform<Plane>({high, strip_bytes, first >> low}, {at(coset_, j), block_size},
                                 buffer, buffer);
        for (std::uint32_t i = 0; i < 1U << high; ++i)
        {
            std::uint8_t* const sum = at(sum_, j) + i * block_size;
            for (std::size_t byte = 0; byte < strip_bytes; byte += Plane::bytes)
                Plane::store(sum + byte,
                             Plane::add(Plane::load(sum + byte), Plane::load(buffer[i] + byte)));
        }
    }
}

void Rebuilder::differentiate() const noexcept
{
    for (std::uint32_t i = 0; i < shape_.code_rows; ++i)
    {
        const std::uint8_t* sources[16];
        unsigned count = 0;
        for (unsigned j = 0; j < log_code_; ++j)
            if (((i >> j) & 1U) == 0)
                sources[count++] = at(coset_, i | (1U << j));
        std::uint8_t* const out = at(sum_, i);
        if (count == 0)
        {
            std::memset(out, 0, strip_bytes);
            continue;
        }
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
        const Output rows = {at(sum_, j), block_size};
        forward_transform<Plane>({high, strip_bytes, 0}, as_input(rows), buffer, rows,
                                 std::size_t{1} << high);
    }
    for (std::uint32_t first = 0; first < shape_.data_rows; first += 1U << low)
    {
        const std::uint32_t count = std::min(std::uint32_t{1} << low, shape_.data_rows - first);
        if (std::none_of(missing_ + first, missing_ + first + count,
                         [](std::uint8_t m) { return m != 0; }))
            continue;
        forward_transform<Plane>({low, strip_bytes, first}, {at(sum_, first), strip_bytes}, buffer,
                                 buffer, count);
        for (std::uint32_t i = 0; i < count; ++i)
            if (missing_[first + i] != 0)
            {
                scale_row<Plane>(buffer[i], buffer[i], factors_[first + i], strip_bytes);
                io.store(io.context, first + i, column, buffer[i]);
            }
    }
}
}  // namespace mote::coding
