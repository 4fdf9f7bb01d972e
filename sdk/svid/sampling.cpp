#include "svid/sampling.hpp"

#include <algorithm>
#include <limits>

#include "hash/blake3.hpp"

namespace mote::svid
{
namespace
{
constexpr double smallest = std::numeric_limits<double>::min();

/// Equally likely numbers from the extendable output of BLAKE3.
class Draw
{
  public:
    explicit Draw(Entropy entropy) noexcept : hash_(hash::Blake3::derive_key(context()))
    {
        hash_.update(entropy);
    }

    /// A number below `end`; end >= 1.
    std::uint32_t below(std::uint64_t end) noexcept
    {
        // The last, incomplete run of `end` numbers would favour the small ones.
        const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % end;
        for (;;)
            if (const std::uint64_t word = next(); word < limit)
                return static_cast<std::uint32_t>(word % end);
    }

  private:
    static Bytes context() noexcept
    {
        static constexpr char text[] = "mote svid sample v1";
        return {reinterpret_cast<const std::uint8_t*>(text), sizeof text - 1};
    }

    std::uint64_t next() noexcept
    {
        if (used_ == block_.size())
        {
            hash_.finish_xof(block_, seek_);
            seek_ += block_.size();
            used_ = 0;
        }
        used_ += 8;
        return load_le64(block_.data() + used_ - 8);
    }

    hash::Blake3 hash_;
    std::array<std::uint8_t, 64> block_{};
    std::size_t used_ = 64;
    std::uint64_t seek_ = 0;
};
}  // namespace

Status sample_rows(std::uint32_t rows, Entropy entropy, std::span<std::uint32_t> out) noexcept
{
    if (out.size() > rows)
        return Status::invalid_argument;
    Draw draw(entropy);
    const auto count = static_cast<std::uint32_t>(out.size());
    // Floyd: of the first j + 1 numbers, take a random one, or j itself if that one is taken.
    for (std::uint32_t i = 0; i < count; ++i)
    {
        const std::uint32_t j = rows - count + i;
        std::uint32_t row = draw.below(std::uint64_t{j} + 1);
        const auto taken = out.first(i);
        auto* place = std::lower_bound(taken.data(), taken.data() + i, row);
        if (place != taken.data() + i && *place == row)
        {
            row = j;
            place = taken.data() + i;  // all others are below j
        }
        std::copy_backward(place, taken.data() + i, taken.data() + i + 1);
        *place = row;
    }
    return Status::ok;
}

double failure_bound(std::uint32_t data_rows, std::uint32_t rows, std::uint32_t samples) noexcept
{
    if (data_rows <= 1)
        return samples == 0 && data_rows > 0 ? 1 : 0;
    double power = static_cast<double>(data_rows - 1) / rows;
    double bound = 1;
    for (std::uint32_t rest = samples; rest != 0; rest /= 2)
    {
        if (rest % 2 != 0)
            bound *= power;
        // Squares of what is already negligible would become denormal, then 0.
        power = std::max(power * power, smallest);
    }
    return std::max(bound, smallest);
}

double failure_probability(std::uint32_t data_rows, std::uint32_t rows,
                           std::uint32_t samples) noexcept
{
    if (data_rows == 0 || samples >= data_rows)
        return 0;
    double probability = 1;
    for (std::uint32_t i = 0; i < samples; ++i)
        probability *= static_cast<double>(data_rows - 1 - i) / (rows - i);
    return std::max(probability, smallest);
}
}  // namespace mote::svid
